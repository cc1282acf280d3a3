//! The event at the playhead as text: made once for each place of a history, its payloads once they are looked at.

use super::payload_box::{Form, Part, PayloadBox};
use crate::app::Opened;
use crate::history::Frame;
use crate::record::{RecordRef, RelatedIds, Revision, StreamName, json};
use crate::store::Ticket;
use crate::ui::format;
use crate::ui::moment_text::local_and_utc;
use jiff::tz::TimeZone;

/// The fact that says when it was stored.
pub const CREATED: &str = "created";

/// The fact that says what it links to.
pub const TARGET: &str = "links to";

/// What an event says of others.
pub const CORRELATION: &str = "$correlationId";
pub const CAUSATION: &str = "$causationId";

/// Characters of one fact.
const FACT: usize = 2_000;

/// In larger metadata no ids are looked for, in bytes.
const LARGE: usize = 64 * 1024;

/// Of one place of the open stream; empty before its first event.
#[derive(Default)]
pub struct EventText {
    made_for: Option<(Ticket, Option<Revision>)>,
    /// Name and value.
    pub facts: Vec<(&'static str, String)>,
    /// When it was stored: local and in UTC, and in UTC alone.
    pub created: String,
    pub created_utc: Option<String>,
    /// The event that it links to.
    pub target: Option<(StreamName, Revision)>,
    /// Data and metadata.
    readable: Option<[PayloadBox; 2]>,
    bytes: Option<[PayloadBox; 2]>,
}

impl EventText {
    /// Makes it anew where the playhead stands elsewhere.
    pub fn update(&mut self, opened: &Opened) {
        let frame = opened.frame();
        let key = (opened.ticket(), frame.record().map(|record| record.revision));
        if self.made_for == Some(key) {
            return;
        }
        *self = Self {
            made_for: Some(key),
            facts: frame.record().map(facts).unwrap_or_default(),
            created: frame.record().map(created).unwrap_or_default(),
            created_utc: frame.record().map(|record| record.created.rfc3339()),
            target: frame.record().and_then(target),
            ..Self::default()
        };
    }

    /// The payloads of the frame's event in one form; `None` before the first event.
    pub fn boxes(&mut self, frame: &Frame, form: Form) -> Option<&mut [PayloadBox; 2]> {
        let boxes = match form {
            Form::Readable => &mut self.readable,
            Form::Bytes => &mut self.bytes,
        };
        if boxes.is_none() {
            let record = frame.kept.clone()?;
            *boxes =
                Some([Part::Data, Part::Metadata].map(|part| PayloadBox::new(record.clone(), part, form)));
        }
        boxes.as_mut()
    }

    /// Whether a row of a payload has the focus.
    pub fn has_focus(&self) -> bool {
        self.readable.iter().chain(&self.bytes).flatten().any(PayloadBox::has_focus)
    }

    /// Whether a payload will be drawn otherwise without anything that a person does.
    pub fn waits(&self) -> bool {
        self.readable.iter().chain(&self.bytes).flatten().any(PayloadBox::waits)
    }
}

/// What a link leads to: its data are `REVISION@STREAM`.
fn target(record: RecordRef<'_>) -> Option<(StreamName, Revision)> {
    let text = std::str::from_utf8(record.data).ok().filter(|_| record.is_link())?;
    let (revision, stream) = text.split_once('@')?;
    Some((StreamName::new(stream), Revision(revision.parse().ok()?)))
}

fn created(record: RecordRef<'_>) -> String {
    local_and_utc(record.created)
}

fn facts(record: RecordRef<'_>) -> Vec<(&'static str, String)> {
    let kind = if record.declared_json { "application/json" } else { "application/octet-stream" };
    let mut facts = vec![
        ("type", record.event_type.to_string()),
        ("id", record.id.to_string()),
        ("revision", format::rev(record.revision)),
        ("position", record.position.to_string()),
        (CREATED, record.created.date_time_offset(&TimeZone::system())),
        ("", record.created.rfc3339()),
        ("content", format!("{kind}, {}", format::plural(record.data.len() as u64, "byte"))),
        ("metadata", format::plural(record.metadata.len() as u64, "byte")),
    ];
    if let Some((stream, revision)) = target(record) {
        facts.push((TARGET, format!("revision {} of {stream}", format::rev(revision))));
    }
    let small = Some(record.metadata).filter(|metadata| metadata.len() <= LARGE);
    let ids = small.map(RelatedIds::of).unwrap_or_default();
    facts.extend(ids.correlation.map(|id| (CORRELATION, id)));
    facts.extend(ids.causation.map(|id| (CAUSATION, id)));
    facts.into_iter().map(|(name, value)| (name, json::one_line(value.as_bytes(), FACT))).collect()
}
