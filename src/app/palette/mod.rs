//! "Go to anything": what a text can mean, ranked, each with what it will do.

mod commands;
mod conditions;
mod correlations;
mod hit;
mod moments;
mod place;
mod record_scan;
mod sought;
mod streams;
mod views;

pub use hit::{Hit, HitKind, Take};
pub use place::named_revision;

use super::state::App;
use crate::history::Cursor;
use crate::record::Created;
use crate::store::Ticket;
use jiff::tz::TimeZone;
use record_scan::RecordScan;
use sought::{Ranked, Sought};

/// All that the hits depend on beside the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Key {
    list: u64,
    categories: u64,
    opened: Option<(Ticket, usize, Cursor)>,
    /// What the scan of the records found so far.
    scan: usize,
}

/// The hits of the text that was typed last; made anew where the text or what they are of changed.
#[derive(Debug, Default)]
pub struct PaletteHits {
    text: Option<String>,
    /// When the text was typed: `2 h ago` stays what it was while it is looked at.
    now: Option<Created>,
    key: Option<Key>,
    scan: RecordScan,
    hits: Vec<Hit>,
    generation: u64,
}

impl PaletteHits {
    /// The best first.
    pub fn hits(&self) -> &[Hit] {
        &self.hits
    }

    /// Another number where they may be other ones.
    pub fn generation(&self) -> u64 {
        self.generation
    }

    /// Whether more may be found without anything that a person does.
    pub fn waits(&self) -> bool {
        self.scan.waits()
    }

    /// Brings the hits up to date; true where the text is another one.
    pub fn update(&mut self, app: &App, text: &str, now: Created, zone: &TimeZone) -> bool {
        let is_other = self.text.as_deref() != Some(text);
        if is_other {
            self.text = Some(text.to_owned());
            self.now = Some(now);
            self.key = None;
        }
        let opened = app.opened();
        self.scan.advance(opened, text.trim());
        let key = Key {
            list: app.list().generation(),
            categories: app.categories().generation(),
            opened: opened.map(|opened| (opened.ticket(), opened.timeline().len(), opened.cursor())),
            scan: self.scan.found(),
        };
        if self.key.replace(key) != Some(key) {
            let low = text.trim().to_lowercase();
            let sought = Sought { app, text, low, now: self.now.unwrap_or(now), zone };
            self.hits = hits(&sought, &self.scan);
            self.generation += 1;
        }
        is_other
    }
}

fn hits(sought: &Sought<'_>, scan: &RecordScan) -> Vec<Hit> {
    let mut all: Vec<Ranked> = Vec::new();
    if sought.low.is_empty() {
        all.extend(streams::first(sought));
        all.extend(commands::all(sought));
    } else {
        all.extend(streams::named(sought));
        all.extend(place::revision(sought));
        all.extend(moments::moments(sought));
        all.extend(conditions::conditions(sought));
        all.extend(scan.hits(sought));
        all.extend(commands::forms(sought));
        all.extend(commands::actions(sought));
        all.extend(place::event_types(sought));
        all.extend(place::fields(sought));
        all.extend(views::facets(sought));
        all.extend(views::sorts(sought));
        all.extend(commands::connections(sought));
        all.extend(commands::categories(sought));
        all.extend(correlations::correlation(sought).filter(|_| !scan.has_correlation(sought.text.trim())));
        all.extend(streams::unlisted(sought));
    }
    all.sort_by_key(|(rank, _)| *rank);
    all.into_iter().map(|(_, hit)| hit).collect()
}
