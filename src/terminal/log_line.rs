//! An event of `$all` as a line.

use super::table::{Look, elided};
use crate::record::json::{Payload, json_line, one_line, safe};
use crate::record::{Created, Record};
use jiff::tz::TimeZone;
use unicode_width::UnicodeWidthStr;

/// Data of a line that is no terminal's, in characters.
const DATA: usize = 400;
/// Least room for the data.
const LEAST: usize = 16;

/// The published shape of one line.
#[derive(serde::Serialize)]
struct Line<'a> {
    stream: &'a str,
    revision: u64,
    r#type: &'a str,
    id: uuid::Uuid,
    created: String,
    position: String,
    data: Payload<'a>,
    metadata: Option<Payload<'a>>,
}

/// Lines one after another; the day stands before the first event of each.
pub struct LogLines {
    json: bool,
    zone: TimeZone,
    day: Option<String>,
    width: Option<usize>,
}

impl LogLines {
    pub fn new(json: bool) -> Self {
        Self { json, zone: TimeZone::system(), day: None, width: Look::of_stdout().width }
    }

    pub fn line(&mut self, record: &Record) -> String {
        if self.json { json(record) } else { self.text(record) }
    }

    fn text(&mut self, record: &Record) -> String {
        let (day, time) = self.time(record.created);
        let (stream, event_type) = (safe(record.stream.as_str()), safe(&record.event_type));
        let start = format!("{time}  {stream}@{}  {event_type}  ", record.revision);
        let data = one_line(&record.data, DATA);
        let data = match self.width {
            Some(width) => elided(&data, width.saturating_sub(start.width()).max(LEAST)),
            None if record.data.len() > DATA => format!("{data}… ({} bytes)", record.data.len()),
            None => data,
        };
        let is_new = self.day.as_ref() != Some(&day);
        let head = if is_new { format!("— {day}\n") } else { String::new() };
        self.day = Some(day);
        format!("{head}{start}{data}\n")
    }

    fn time(&self, created: Created) -> (String, String) {
        let text = created.date_time(&self.zone);
        text.split_once(' ')
            .map_or_else(|| (String::new(), text.clone()), |(day, time)| (day.into(), time.into()))
    }
}

fn json(record: &Record) -> String {
    json_line(&Line {
        stream: record.stream.as_str(),
        revision: record.revision.0,
        r#type: &record.event_type,
        id: record.id,
        created: record.created.rfc3339(),
        position: record.position.typed(),
        data: (&*record.data).into(),
        metadata: (!record.metadata.is_empty()).then(|| (&*record.metadata).into()),
    })
}
