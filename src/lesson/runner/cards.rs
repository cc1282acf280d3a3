//! The cards of all writers since the beginning, and how they look at a later step.

use super::words;
use crate::history::Timeline;
use crate::lesson::outcome::{Card, CardKind, CardTone};
use crate::record::Revision;
use std::collections::HashMap;
use std::sync::Arc;
use uuid::Uuid;

#[derive(Default)]
pub struct Cards(Vec<Kept>);

struct Kept {
    step: usize,
    writer: usize,
    stream: usize,
    is_read: bool,
    /// Of the newest event that was read.
    at: Option<Revision>,
    card: Card,
}

impl Cards {
    pub fn push(&mut self, step: usize, writer: usize, stream: usize, card: Card) {
        self.0.push(Kept { step, writer, stream, is_read: false, at: None, card });
    }

    pub fn push_read(&mut self, step: usize, writer: usize, stream: usize, at: Option<Revision>, card: Card) {
        self.0.push(Kept { step, writer, stream, is_read: true, at, card });
    }

    pub fn has_read(&self, writer: usize, stream: usize) -> bool {
        self.0.iter().any(|kept| kept.writer == writer && kept.stream == stream && kept.is_read)
    }

    /// A writer's about a stream, as they look at this step, when the stream stands so.
    pub fn column(
        &self,
        (writer, stream, step): (usize, usize, usize),
        name: &str,
        timeline: &Timeline,
        authors: &HashMap<Uuid, Arc<str>>,
    ) -> Vec<Card> {
        let of = self.0.iter().filter(|kept| kept.writer == writer && kept.stream == stream);
        of.map(|kept| {
            let mut card = Card { is_new: kept.step == step, ..kept.card.clone() };
            let from = kept.at.and_then(|at| timeline.index_at(at)).map_or(0, |index| index + 1);
            let mut later = timeline.records_from(from).map(|(_, record)| authors.get(&record.id));
            let since = later.find(|by| by.is_none_or(|by| **by != *name)).filter(|_| kept.is_read);
            if let (Some(by), Some(line)) = (since, card.lines.last_mut()) {
                card.tone = CardTone::Stale;
                line.0.push(words::stale(by.map(|by| &**by)));
            }
            card
        })
        .collect()
    }

    /// Whether the writer has read the stream before: what the next read is called.
    pub fn next_read(&self, writer: usize, stream: usize) -> CardKind {
        if self.has_read(writer, stream) { CardKind::ReadAgain } else { CardKind::Read }
    }
}
