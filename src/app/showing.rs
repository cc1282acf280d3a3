//! What is shown to others: a presentation, and texts and pictures to pass on.

use crate::aggregate::Aggregate;
use crate::history::{MarkdownTable, Segment};
use crate::record::StreamName;
use std::sync::Arc;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ShowIntent {
    /// Begins a presentation, or ends it.
    Present,
    /// Shows the list of streams in a presentation, or hides it.
    List(bool),
    ReduceMotion,
    /// As JSON, at the playhead.
    CopyState,
    /// As Markdown.
    CopyHistory,
    CopyPicture,
    SavePicture,
}

/// How much of the window a presentation shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Showing {
    /// No presentation: everything.
    #[default]
    All,
    /// The open stream alone.
    Stream,
    StreamAndList,
}

impl Showing {
    pub fn is_presentation(self) -> bool {
        self != Self::All
    }

    pub fn has_list(self) -> bool {
        self != Self::Stream
    }

    /// A presentation begins without the list, where a stream is open.
    pub(super) fn toggled(self, has_stream: bool) -> Self {
        match self {
            Self::All if has_stream => Self::Stream,
            Self::All => Self::StreamAndList,
            Self::Stream | Self::StreamAndList => Self::All,
        }
    }

    pub(super) fn with_list(self, list: bool) -> Self {
        match self {
            Self::All => Self::All,
            Self::Stream | Self::StreamAndList if list => Self::StreamAndList,
            Self::Stream | Self::StreamAndList => Self::Stream,
        }
    }
}

/// A history that is to be written as Markdown.
#[derive(Debug)]
pub struct HistoryText {
    pub(super) aggregate: Arc<dyn Aggregate>,
    pub(super) stream: StreamName,
    pub(super) segment: Segment,
    /// Events of the whole history; the segment may hold fewer.
    pub(super) events: usize,
}

/// The text, and how many of the events are in it.
#[derive(Debug)]
pub struct WrittenHistory {
    pub text: String,
    pub written: usize,
    pub events: usize,
}

impl HistoryText {
    pub fn written(self) -> WrittenHistory {
        let mut table = MarkdownTable::new(self.aggregate, self.stream);
        for record in self.segment.records() {
            if !table.push(record) {
                break;
            }
        }
        let (written, events) = (table.len(), self.events);
        WrittenHistory { text: table.finish(events), written, events }
    }
}
