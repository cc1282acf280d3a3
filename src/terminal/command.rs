//! `hindsight create` and `hindsight pay`: rehydrate, decide, append what was decided on.

use super::reading::{self, Database, Stream};
use super::{Failure, Output};
use crate::cli::{Create, Pay};
use crate::domain::{
    OrderCommand, OrderEvent, OrderFold, OrderId, Total, UserId, ValueError, decide, encode,
};
use crate::record::json::json_line;
use crate::record::{Provenance, Revision};
use crate::store::{Append, AppendError, Cause, Expected, Identity, Life, Origin, Permit, propose};
use serde::Serialize;
use uuid::Uuid;

/// The published shape of one line.
#[derive(Serialize)]
struct Line<'a> {
    stream: &'a str,
    revision: u64,
    event: &'static str,
    appended: bool,
}

/// How a command is to be carried out.
struct Manner {
    expect: Option<u64>,
    dry_run: bool,
    permit: Permit,
    json: bool,
}

impl From<ValueError> for Failure {
    fn from(error: ValueError) -> Self {
        Self::Usage(error.to_string())
    }
}

pub async fn create(create: &Create, database: &Database) -> Result<Output, Failure> {
    let order_id = match &create.id {
        Some(id) => OrderId::parse(id)?,
        None => OrderId::stored(&Uuid::new_v4().to_string()),
    };
    let command = OrderCommand::Create {
        order_id,
        user_id: UserId::parse(&create.user)?,
        total: Total::parse(&create.total)?,
    };
    let permit = permit(create.production);
    let manner = Manner { expect: None, dry_run: create.dry_run, permit, json: create.json };
    carry_out(&command, &manner, database).await
}

pub async fn pay(pay: &Pay, database: &Database) -> Result<Output, Failure> {
    let command = OrderCommand::Pay { order_id: OrderId::stored(&pay.order_id) };
    let permit = permit(pay.production);
    let manner = Manner { expect: pay.expect, dry_run: pay.dry_run, permit, json: pay.json };
    carry_out(&command, &manner, database).await
}

fn permit(production: bool) -> Permit {
    if production { Permit::Production } else { Permit::NotProduction }
}

async fn carry_out(command: &OrderCommand, manner: &Manner, database: &Database) -> Result<Output, Failure> {
    let stream = reading::read(database, &OrderFold::stream_of(command.order_id()), usize::MAX).await?;
    let (head, events) = decided(&stream, command, manner.expect)?;
    let cause = stream.records.last().map(Cause::from);
    let identity = Identity { event_id: Uuid::new_v4(), cause, origin: &Origin::here() };
    let append = propose(&stream.name, Expected::decided_at(head), &events, identity);
    let last = if manner.dry_run {
        let next = head.map_or(0, |head| head.0 + 1);
        Revision(next + events.len().saturating_sub(1) as u64)
    } else {
        reading::append(database, &append, manner.permit).await?.revision
    };
    let text = events.last().map(|event| told(&append, event, last, manner)).unwrap_or_default();
    Ok(Output { text, note: stream.note() })
}

/// The decision and the revision that it was made at.
fn decided(
    stream: &Stream,
    command: &OrderCommand,
    expect: Option<u64>,
) -> Result<(Option<Revision>, Vec<OrderEvent>), Failure> {
    if stream.life == Life::Tombstoned {
        return Err(AppendError::Tombstoned(stream.name.clone()).into());
    }
    let mut provenance = Provenance::default();
    stream.records.iter().for_each(|record| provenance.note(record));
    if provenance.is_derived() {
        let name = &stream.name;
        return Err(Failure::Refused(format!(
            "Refused: {name} is a stream of links, or a projection's own. Nothing is written to it; write to the streams it points to."
        )));
    }
    let timeline = stream.timeline();
    let head = timeline.last_revision();
    if let Some(expected) = expect.map(Revision).filter(|&expected| Some(expected) != head) {
        return Err(AppendError::Conflict { expected: Expected::Exact(expected), actual: head }.into());
    }
    let events = decide(timeline.head(), command).map_err(|refusal| {
        let incomplete = stream.note().map(|note| format!(" {note}")).unwrap_or_default();
        Failure::Refused(format!("Refused: {refusal}.{incomplete}"))
    })?;
    Ok((head, events))
}

fn told(append: &Append, event: &OrderEvent, revision: Revision, manner: &Manner) -> String {
    let (stream, name) = (append.stream.as_str(), event.event_type());
    if manner.json {
        let appended = !manner.dry_run;
        return json_line(&Line { stream, revision: revision.0, event: name, appended });
    }
    let stream = crate::record::json::safe(stream);
    if !manner.dry_run {
        return format!("Appended {name} to {stream} as revision {revision}.\n");
    }
    let data = encode(event);
    let data = crate::record::json::one_line(&data, usize::MAX / 8);
    format!(
        "Dry run: {name} {data} would be appended to {stream} as revision {revision}, expecting {}. Nothing was written.\n",
        append.expected
    )
}
