//! `hindsight parked`.

use super::database::Database;
use super::failure::Failure;
use super::output::{Output, Text};
use super::tail::denied;
use crate::cli::Parked;
use crate::record::json::{Payload, json_line, one_line, safe};
use crate::sentences::{reason, retries};
use crate::store::ParkedMessage;

/// Longer data is cut in the text view; `--json` has all of it.
const DATA: usize = 1000;

/// The published shape of one line.
#[derive(serde::Serialize)]
struct Line<'a> {
    group: &'a str,
    stream: &'a str,
    revision: u64,
    added: &'a str,
    reason: Option<&'a str>,
    retries: Option<u64>,
    /// The stream and the revision that it names.
    names: Option<(&'a str, u64)>,
    /// `null` where it is gone.
    event: Option<Event<'a>>,
}

#[derive(serde::Serialize)]
struct Event<'a> {
    r#type: &'a str,
    id: uuid::Uuid,
    created: String,
    data: Payload<'a>,
}

pub async fn parked(options: &Parked, database: &Database) -> Result<Output, Failure> {
    let group = options.group.as_deref();
    if let Some(group) = group.filter(|group| !group.contains("::")) {
        let group = safe(group).into_owned();
        return Err(Failure::Usage(format!(
            "{group} names no group. Give STREAM::GROUP, like order-1::invoices."
        )));
    }
    let messages = database.patiently(async |session| session.parked(group).await).await.map_err(denied)?;
    let notes = match (messages.is_empty(), group) {
        (false, _) => Vec::new(),
        (true, None) => vec!["No message is parked.".to_owned()],
        (true, Some(group)) => vec![format!("No message of {group} is parked, or there is no such group.")],
    };
    let shown: fn(&ParkedMessage) -> String = if options.json { json } else { text };
    Ok(Output { text: Text::of(messages.into_iter().map(move |message| shown(&message))), notes })
}

fn text(message: &ParkedMessage) -> String {
    let event = match (&message.event, &message.names) {
        (Some(event), _) => {
            let (stream, event_type) = (safe(event.stream.as_str()), safe(&event.event_type));
            format!("{stream}@{}  {event_type}  {}", event.revision, one_line(&event.data, DATA))
        }
        (None, Some((stream, revision))) => {
            format!("{}@{revision}  gone: it cannot be read", safe(stream.as_str()))
        }
        (None, None) => "it names no event".to_owned(),
    };
    let (group, added) = (safe(&message.group), safe(&message.added));
    format!(
        "{group} #{}\n        added    {added}\n        reason   {}\n        retries  {}\n        event    {event}\n",
        message.parked,
        safe(&reason(message)),
        retries(message),
    )
}

fn json(message: &ParkedMessage) -> String {
    json_line(&Line {
        group: &message.group,
        stream: message.stream.as_str(),
        revision: message.parked.0,
        added: &message.added,
        reason: message.reason.as_deref(),
        retries: message.retries,
        names: message.names.as_ref().map(|(stream, revision)| (stream.as_str(), revision.0)),
        event: message.event.as_ref().map(|event| Event {
            r#type: &event.event_type,
            id: event.id,
            created: event.created.rfc3339(),
            data: (&*event.data).into(),
        }),
    })
}
