//! A history as a Markdown table, to be pasted into an issue or a chat.

use super::changes::{Change, changes_among};
use super::replay::{Mark, Replay};
use super::setters::Setters;
use crate::aggregate::Aggregate;
use crate::record::{RecordRef, StreamName, count, json, plural};
use std::sync::Arc;

/// Changes of one event that are written, and characters of a name or value.
const CHANGES: usize = 12;
const LONGEST: usize = 120;

/// Folds the events that it is given, one after the other, and writes a line for each.
#[derive(Debug)]
pub struct MarkdownTable {
    replay: Replay,
    setters: Setters,
    changed: Vec<Arc<str>>,
    lines: String,
    len: usize,
}

impl MarkdownTable {
    /// Most events of one table.
    pub const MOST: usize = 10_000;

    pub fn new(aggregate: Arc<dyn Aggregate>, stream: StreamName) -> Self {
        let replay = Replay::new(aggregate, stream);
        Self { replay, setters: Setters::default(), changed: Vec::new(), lines: String::new(), len: 0 }
    }

    /// Writes one more event; false where the table is full.
    pub fn push(&mut self, record: RecordRef<'_>) -> bool {
        if self.len == Self::MOST {
            return false;
        }
        let (before, last) = (self.replay.state().clone(), self.replay.last());
        self.changed.clear();
        let Some((mark, problem)) = self.replay.apply(record, &mut self.changed) else { return true };
        let folded_by = &**self.replay.aggregate();
        let fields = folded_by.fields(self.replay.state()).unwrap_or_default();
        let changes = changes_among(folded_by, &before, &fields, &self.changed);
        let problem = problem.map(|problem| self.setters.sentence(&problem, last));
        self.setters.set(self.changed.drain(..), record.revision);
        self.line(record, mark, &changes, problem.as_deref());
        self.len += 1;
        true
    }

    fn line(&mut self, record: RecordRef<'_>, mark: Mark, changes: &[Change], problem: Option<&str>) {
        let time = record.created.date_time(&jiff::tz::TimeZone::UTC);
        let what = match (mark, problem) {
            (_, Some(problem)) => format!("\u{25b2} problem: {}", escaped(problem)),
            (Mark::NotFolded, _) => "not folded".to_owned(),
            _ if changes.is_empty() => "nothing".to_owned(),
            _ => changes_text(changes),
        };
        let (revision, kind) = (count(record.revision.0), escaped(record.event_type));
        self.lines.extend(["| ", &revision, " | ", &time, " | ", &kind, " | ", &what, " |\n"]);
    }

    /// Events in it.
    pub fn len(&self) -> usize {
        self.len
    }

    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The text, which says how many of so many events are in it.
    pub fn finish(self, events: usize) -> String {
        let stream = escaped(self.replay.stream().as_str());
        let cut = if self.len < events {
            format!("the first {} of ", count(self.len as u64))
        } else {
            String::new()
        };
        let events = plural(events as u64, "event");
        format!(
            "**{stream}**: {cut}{events}, times in UTC\n\n| Revision | Time | Event type | What changed |\n| ---: | --- | --- | --- |\n{}",
            self.lines
        )
    }
}

fn changes_text(changes: &[Change]) -> String {
    let value = |token: &Option<Arc<str>>| token.as_deref().map(escaped);
    let one = |change: &Change| {
        let field = escaped(&change.field);
        match (value(&change.before), value(&change.after)) {
            (Some(before), Some(after)) => format!("{field}: {before} \u{2192} {after}"),
            (Some(before), None) => format!("{field}: {before} removed"),
            (None, after) => format!("{field}: {}", after.unwrap_or_default()),
        }
    };
    let mut texts: Vec<String> = changes.iter().take(CHANGES).map(one).collect();
    if changes.len() > CHANGES {
        texts.push(format!("and {} more", count((changes.len() - CHANGES) as u64)));
    }
    texts.join(", ")
}

/// One line of text in which no sign means anything to Markdown.
fn escaped(text: &str) -> String {
    let line = json::one_line(text.as_bytes(), LONGEST + 1);
    let mut out = String::with_capacity(line.len() + 8);
    for (at, c) in line.chars().enumerate() {
        if at == LONGEST {
            out.push('\u{2026}');
            break;
        }
        if matches!(
            c,
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '|' | '&' | '~' | '!' | ':' | '@' | '$' | '#'
        ) {
            out.push('\\');
        }
        out.push(c);
    }
    out
}
