//! Streams: those of the list by name and by their values, and one of any name.

use super::hit::{Hit, HitKind, Take};
use super::sought::{Rank, Ranked, Sought};
use crate::app::categories::ALL_STREAMS;
use crate::app::intent::{Intent, ListIntent};
use crate::app::list::Fit;
use crate::record::{StreamName, count, json, number};
use crate::store::{Presence, StreamRow};

/// Streams of each fit that are offered; a longer text tells them apart.
const MOST: usize = 20;
/// Streams above the commands while nothing is typed.
const FIRST: usize = 5;
/// Characters of a text or value that are shown.
const SHOWN: usize = 80;

/// The first of the list.
pub fn first(sought: &Sought<'_>) -> Vec<Ranked> {
    let rows = (0..FIRST).filter_map(|place| sought.app.list().row(place));
    rows.map(|row| (Rank::Fit(Fit::Exact), stream(sought, row, Fit::Exact))).collect()
}

/// The streams whose name or values hold the text.
pub fn named(sought: &Sought<'_>) -> Vec<Ranked> {
    let list = sought.app.list();
    let found = list.search(sought.app.category(), sought.text, MOST);
    let mut hits = Vec::new();
    if found.count > 0 {
        hits.push((Rank::Fit(Fit::Within), search(sought, found.count)));
    }
    hits.extend(found.rows.into_iter().map(|(fit, row)| (Rank::Fit(fit), stream(sought, row, fit))));
    hits
}

fn stream(sought: &Sought<'_>, row: &StreamRow, fit: Fit) -> Hit {
    let app = sought.app;
    let is_open = app.opened().is_some_and(|opened| *opened.stream() == row.stream && !opened.is_former());
    let mut effect = match row.presence {
        _ if is_open => "is open".to_owned(),
        Presence::Locked => "opens it; you may not read it".to_owned(),
        Presence::Deleted => "opens it; it is soft-deleted".to_owned(),
        Presence::Tombstoned => "opens it; it is tombstoned".to_owned(),
        Presence::Unknown => "opens it; its events of that time are gone".to_owned(),
        Presence::Live => match row.revision {
            Some(revision) => format!("opens it; newest revision {}", count(revision.0)),
            None => "opens it".to_owned(),
        },
    };
    let mut add = |text: &str| {
        effect.push_str(" · ");
        effect.push_str(text);
    };
    if let Some(status) = row.status.as_ref().filter(|_| row.presence == Presence::Live) {
        add(&json::safe(&status.label));
    }
    let held = row.cells.iter().find(|cell| cell.text.to_lowercase().contains(&sought.low));
    match (held.filter(|_| fit == Fit::Value), app.list().leading(true)) {
        (Some(cell), _) => {
            let (path, text) = (cell.path.as_bytes(), cell.text.as_bytes());
            add(&format!("{} {}", json::one_line(path, SHOWN), json::one_line(text, SHOWN)));
        }
        (None, Some(column)) => row.cell(&column.path).into_iter().for_each(|cell| add(&number(&cell.text))),
        (None, None) => {}
    }
    let select = Intent::List(ListIntent::Select(row.stream.clone()));
    Hit::one(HitKind::Stream, json::safe(row.stream.as_str()), effect, select)
}

/// All of them as the list.
fn search(sought: &Sought<'_>, found: usize) -> Hit {
    let app = sought.app;
    let whole = match app.category() {
        "" | ALL_STREAMS => "all streams".to_owned(),
        category => format!("{}-*", json::safe(category)),
    };
    let (found, all) = (count(found as u64), count(app.list().len() as u64));
    let title = format!("Streams whose text contains “{}”", shown(sought.text.trim()));
    let effect = format!("{found} of {all} in {whole}; filters the list");
    let filter = Intent::List(ListIntent::Filter(sought.text.trim().to_owned()));
    Hit::one(HitKind::Search, title, effect, filter)
}

/// The stream of this very name, and of this id in the category, where neither is in the list.
pub fn unlisted(sought: &Sought<'_>) -> Vec<Ranked> {
    let app = sought.app;
    let trimmed = sought.text.trim();
    let mut names = vec![trimmed.to_owned()];
    if trimmed != sought.text {
        names.push(sought.text.to_owned());
    }
    let is_id = !trimmed.contains(|c: char| c.is_whitespace() || matches!(c, '-' | '$' | '/'));
    if is_id && !matches!(app.category(), "" | ALL_STREAMS) {
        names.push(format!("{}-{trimmed}", app.category()));
    }
    let unlisted = names.into_iter().map(|name| StreamName::new(&name));
    let unlisted = unlisted.filter(|name| app.list().find(name).is_none());
    let hit = |name: StreamName| {
        let title = format!("Open the stream named “{}”", shown(name.as_str()));
        let is_open = app.opened().is_some_and(|opened| *opened.stream() == name);
        let effect = if is_open { "is open; not in the list" } else { "not in the list; it may not exist" };
        let select = Take::Intents(vec![Intent::List(ListIntent::Select(name))]);
        (Rank::Unlisted, Hit::new(HitKind::Unlisted, title, effect, select))
    };
    unlisted.map(hit).collect()
}

/// On one line, cut where it is long.
pub fn shown(text: &str) -> String {
    let is_long = text.chars().nth(SHOWN).is_some();
    format!("{}{}", json::one_line(text.as_bytes(), SHOWN), if is_long { "…" } else { "" })
}
