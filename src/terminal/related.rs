//! `hindsight correlation` and `hindsight around`.

use super::database::Database;
use super::failure::Failure;
use super::output::{Output, Text, note};
use super::table::{Cell, Look, table};
use crate::cli::{Around, Correlation};
use crate::history::Lanes;
use crate::record::json::{json_line, one_line};
use crate::record::{Record, Revision, StreamName, moment, plural};
use crate::sentences::{related_rest, related_source};
use crate::store::{RelatedEnd, RelatedRead, RelatedStep, Session, Sought, StoreError};

/// Longest cause that names no event, in characters; `--json` has all of it.
const SHOWN: usize = 40;

/// The published shape of one line.
#[derive(serde::Serialize)]
struct Line<'a> {
    stream: &'a str,
    revision: u64,
    created: String,
    event: &'a str,
    id: String,
    /// The `$causationId` as it is stored.
    causation: Option<&'a str>,
    /// The event of that id, as `STREAM@REVISION`, where it is among these.
    cause: Option<String>,
    /// Whether this is the event around which was looked.
    #[serde(skip_serializing_if = "Option::is_none")]
    here: Option<bool>,
}

pub async fn correlation(correlation: &Correlation, database: &Database) -> Result<Output, Failure> {
    let id = correlation.id.as_str();
    if id.is_empty() {
        return Err(Failure::Usage("The correlation id is empty. Give the one of an event.".to_owned()));
    }
    let sought = Sought::Correlation { id: id.into(), stands: None, scans: true };
    let (lanes, end) = database.patiently(async |session| found(&session, &sought).await).await?;
    let source = related_source(&end.source, id, end.looked);
    if lanes.events().is_empty() {
        let id = one_line(id.as_bytes(), 80);
        note(&format!("No event has the correlation id {id}. {source}{}", rest(&end)));
        return Err(Failure::NotFound);
    }
    let said = format!("{}. {source}{}", counts(&lanes), rest(&end));
    Ok(output(&lanes, None, correlation.json, said))
}

pub async fn around(around: &Around, database: &Database) -> Result<Output, Failure> {
    let (stream, revision) = event(&around.event)?;
    let within = moment::length_in_ticks(&around.within).ok_or_else(|| {
        let text = one_line(around.within.as_bytes(), 60);
        Failure::Usage(format!("--within: “{text}” is no length of time. Give one like 5s, 200ms or 2 min."))
    })?;
    let read = async |session: Session| session_event(&session, &stream, revision).await;
    let Some(record) = database.patiently(read).await? else {
        note(&format!("There is no event {stream}@{revision}, or it is gone. See `hindsight show`."));
        return Err(Failure::NotFound);
    };
    let sought = Sought::Around {
        stream: record.stream.clone(),
        revision,
        position: record.position,
        created: record.created,
        within,
    };
    let (lanes, end) = database.patiently(async |session| found(&session, &sought).await).await?;
    let (counts, within, rest) = (counts(&lanes), around.within.trim(), rest(&end));
    let said = format!("{counts} within {within} of {stream}@{revision}, from $all.{rest}");
    Ok(output(&lanes, lanes.place(&stream, revision), around.json, said))
}

/// `STREAM@REVISION`; a name may hold the sign, too.
fn event(text: &str) -> Result<(StreamName, Revision), Failure> {
    let parts = text.rsplit_once('@').filter(|(stream, _)| !stream.is_empty());
    let named = parts.and_then(|(stream, revision)| Some((StreamName::new(stream), revision.parse().ok()?)));
    let (stream, revision) = named.ok_or_else(|| {
        let text = one_line(text.as_bytes(), 80);
        Failure::Usage(format!("“{text}” names no event. Give its stream and revision, like order-1@3."))
    })?;
    Ok((stream, Revision(revision)))
}

async fn session_event(
    session: &Session,
    stream: &StreamName,
    revision: Revision,
) -> Result<Option<Record>, StoreError> {
    let (after, mut found) = (revision.0.checked_sub(1).map(Revision), None);
    session.read_after(stream, after, 1, |records| found = records.into_iter().next()).await?;
    Ok(found.filter(|record| record.revision == revision))
}

async fn found(session: &Session, sought: &Sought) -> Result<(Lanes, RelatedEnd), StoreError> {
    let mut read = RelatedRead::new(session, sought.clone());
    let mut events = Vec::new();
    while let Some(step) = read.next().await? {
        if let RelatedStep::Found { found, .. } = step {
            events.extend(found);
        }
    }
    Ok((Lanes::new(events), read.end()))
}

/// What is not among them, behind what is said of them.
fn rest(end: &RelatedEnd) -> String {
    related_rest(end).map(|rest| format!(" {rest}")).unwrap_or_default()
}

/// `7 events in 3 streams`.
fn counts(lanes: &Lanes) -> String {
    let (events, streams) = (lanes.events().len() as u64, lanes.lanes().len() as u64);
    format!("{} in {}", plural(events, "event"), plural(streams, "stream"))
}

fn output(lanes: &Lanes, here: Option<usize>, as_json: bool, said: String) -> Output {
    let events = || lanes.events().iter().enumerate();
    let at = |place: usize| {
        let event = &lanes.events()[place];
        format!("{}@{}", event.stream, event.revision)
    };
    if as_json {
        let objects: Vec<String> = events()
            .map(|(place, event)| {
                json_line(&Line {
                    stream: event.stream.as_str(),
                    revision: event.revision.0,
                    created: event.created.rfc3339(),
                    event: &event.event_type,
                    id: event.id.to_string(),
                    causation: event.cause.as_deref(),
                    cause: lanes.cause_of(place).map(at),
                    here: here.map(|here| here == place),
                })
            })
            .collect();
        return Output { text: Text::of(objects.into_iter()), notes: vec![said] };
    }
    let zone = jiff::tz::TimeZone::system();
    let head = ["Time", "Event", "Type", "Cause"].map(Cell::from).to_vec();
    let rows = events().map(|(place, event)| {
        let cause = lanes.cause_of(place).map(at);
        let cause = cause.or_else(|| event.cause.as_deref().map(|id| one_line(id.as_bytes(), SHOWN)));
        let mark = if here == Some(place) { " ◆" } else { "" };
        vec![
            Cell::from(event.created.date_time(&zone)),
            Cell::from(format!("{}{mark}", at(place))),
            Cell::from(&*event.event_type),
            Cell::from(cause.unwrap_or_default()),
        ]
    });
    let rows: Vec<_> = std::iter::once(head).chain(rows).collect();
    Output { text: table(&rows, &[], Look::of_stdout()).into(), notes: vec![said] }
}
