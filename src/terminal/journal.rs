//! `hindsight journal`: what this program wrote.

use super::failure::Failure;
use super::output::print;
use super::table::{Cell, Look, table};
use crate::cli;
use crate::record::json::json_line;
use crate::store::{Journal, JournalEntry};

pub fn journal(options: &cli::ListJournal, journal: &Journal) -> Result<(), Failure> {
    let entries = journal.entries()?;
    if options.json {
        return print(&entries.iter().map(json_line).collect::<String>());
    }
    if entries.is_empty() {
        return print("Nothing was written from this data folder yet.\n");
    }
    let heads = ["TIME", "ANSWER", "REVISION", "STREAM", "EVENT", "EXPECTED", "SERVER"];
    let mut rows = vec![heads.map(Cell::from).to_vec()];
    rows.extend(entries.iter().map(row));
    print(&table(&rows, &[2], Look::of_stdout()))
}

fn row(entry: &JournalEntry) -> Vec<Cell> {
    let revision = entry.revision.map_or_else(String::new, |revision| revision.to_string());
    let event = entry.events.first().map_or("", |event| &event.r#type);
    [&entry.time, entry.answer.word(), &revision, &entry.stream, event, &entry.expected, &entry.server]
        .map(|text: &str| Cell::from(text))
        .to_vec()
}
