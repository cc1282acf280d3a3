//! The event at the playhead as text: made once for each place of a history, and as much of it as is shown.

use crate::app::Opened;
use crate::record::{RecordRef, json};
use crate::store::Ticket;
use crate::ui::format;
use jiff::tz::TimeZone;

/// More than this of one event's text is cut on screen, in characters; Copy gives all of it.
const SHOWN: usize = 20_000;
/// Of larger data only the beginning is looked at, in bytes.
const LARGE: usize = 64 * 1024;

/// Text that is safe for the screen.
#[derive(Debug, Default)]
pub struct Text {
    pub shown: String,
    /// Whether more of it is there.
    pub is_cut: bool,
    pub is_json: bool,
}

/// Of one place of the open stream; empty before its first event.
#[derive(Debug, Default)]
pub struct EventText {
    made_for: Option<(Ticket, Option<usize>)>,
    /// Name and value.
    pub facts: Vec<(&'static str, String)>,
    pub data: Text,
    pub metadata: Text,
    /// The same as bytes.
    pub raw_data: Text,
    pub raw_metadata: Text,
}

impl EventText {
    /// Makes it anew where the playhead stands elsewhere.
    pub fn update(&mut self, opened: &Opened) {
        let frame = opened.frame();
        let key = (opened.ticket(), frame.index);
        if self.made_for == Some(key) {
            return;
        }
        *self = Self { made_for: Some(key), ..frame.record().map(Self::of).unwrap_or_default() };
    }

    fn of(record: RecordRef<'_>) -> Self {
        Self {
            made_for: None,
            facts: facts(record),
            data: text(record.data),
            metadata: text(record.metadata),
            raw_data: hex(record.data),
            raw_metadata: hex(record.metadata),
        }
    }
}

fn facts(record: RecordRef<'_>) -> Vec<(&'static str, String)> {
    let kind = if record.declared_json { "application/json" } else { "application/octet-stream" };
    let mut facts = vec![
        ("type", record.event_type.to_string()),
        ("id", record.id.to_string()),
        ("revision", record.revision.to_string()),
        ("position", record.position.to_string()),
        ("created", record.created.date_time_offset(&TimeZone::system())),
        ("", record.created.rfc3339()),
        ("content", format!("{kind}, {}", format::plural(record.data.len() as u64, "byte"))),
    ];
    let small = Some(record.metadata).filter(|metadata| metadata.len() <= LARGE);
    let metadata: Option<serde_json::Value> = small.and_then(|small| serde_json::from_slice(small).ok());
    for key in ["$correlationId", "$causationId"] {
        if let Some(value) = metadata.as_ref().and_then(|m| m.get(key)).and_then(|v| v.as_str()) {
            facts.push((key, value.to_owned()));
        }
    }
    facts.into_iter().map(|(name, value)| (name, json::safe(&value).into_owned())).collect()
}

fn text(data: &[u8]) -> Text {
    let is_large = data.len() > LARGE;
    let pretty = if is_large { json::pretty_start(data, SHOWN * 4) } else { json::pretty(data) };
    let is_json = pretty.is_some();
    let all =
        pretty.unwrap_or_else(|| String::from_utf8_lossy(&data[..data.len().min(SHOWN * 4)]).into_owned());
    let end = all.char_indices().nth(SHOWN).map_or(all.len(), |(at, _)| at);
    Text { shown: json::safe_lines(&all[..end]), is_cut: is_large || end < all.len(), is_json }
}

/// Offset, eight bytes, and the same as text.
fn hex(bytes: &[u8]) -> Text {
    let shown = &bytes[..bytes.len().min(SHOWN / 5)];
    let line = |(i, chunk): (usize, &[u8])| {
        let digits: Vec<String> = chunk.iter().map(|byte| format!("{byte:02x}")).collect();
        let text: String = chunk
            .iter()
            .map(|&b| if b.is_ascii_graphic() || b == b' ' { char::from(b) } else { '.' })
            .collect();
        format!("{:06x}  {:<23}  {text}", i * 8, digits.join(" "))
    };
    let text = shown.chunks(8).enumerate().map(line).collect::<Vec<_>>().join("\n");
    Text { shown: text, is_cut: shown.len() < bytes.len(), is_json: false }
}
