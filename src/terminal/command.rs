//! `hindsight create` and `hindsight pay`: rehydrate, decide, append what was decided on.

use super::database::Database;
use super::failure::Failure;
use super::output::Output;
use super::reading;
use crate::aggregate::order::{self, OrderCommand, OrderId, Total, UserId, ValueError};
use crate::aggregate::{Command, Registry};
use crate::cli::{Create, Pay, Writing};
use crate::decision::{Append, Declined, Expected, Identity, Origin, Proposed};
use crate::record::Revision;
use crate::record::json::json_line;
use crate::store::{AppendError, Permit, Rehydrated};
use serde::Serialize;
use uuid::Uuid;

/// The published shape of one line.
#[derive(Serialize)]
struct Line<'a> {
    stream: &'a str,
    revision: u64,
    event: &'a str,
    appended: bool,
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
    carry_out(&order::command(command), None, &create.writing, &Registry::default(), database).await
}

pub async fn pay(pay: &Pay, database: &Database) -> Result<Output, Failure> {
    let command = OrderCommand::Pay { order_id: OrderId::stored(&pay.order_id) };
    carry_out(&order::command(command), pay.expect, &pay.writing, &Registry::default(), database).await
}

/// Decides the command by the aggregate that the registry has for its stream, and appends what that says.
pub async fn carry_out(
    command: &Command,
    expect: Option<u64>,
    writing: &Writing,
    registry: &Registry,
    database: &Database,
) -> Result<Output, Failure> {
    let stream = reading::rehydrate(database, &command.stream, registry).await?;
    let append = decided(&stream, command, expect, &database.origin)?;
    let mut through = None;
    let last = if writing.dry_run {
        let next = stream.head.map_or(0, |(head, _)| head.0 + 1);
        Revision(next + append.events.len().saturating_sub(1) as u64)
    } else {
        let permit = if writing.production { Permit::Production } else { Permit::NotProduction };
        let written = database.append(&append, permit).await?;
        through = written.leader;
        written.revision
    };
    // A server may tell any revision.
    let first = last.0.saturating_sub(append.events.len().saturating_sub(1) as u64);
    let told = |(event, at)| told(&append, event, Revision(at), writing);
    let text: String = append.events.iter().zip(first..).map(told).collect();
    let through = through.map(|leader| format!("Written by the leader {leader}; another node is read."));
    let notes = reading::gone(&stream).into_iter().chain(through).collect();
    Ok(Output { text: text.into(), notes })
}

/// The write that the command is, decided on all that can be read of its stream.
fn decided(
    stream: &Rehydrated,
    command: &Command,
    expect: Option<u64>,
    origin: &Origin,
) -> Result<Append, Failure> {
    let identity = Identity { event_id: Uuid::new_v4(), origin };
    let decided = stream.command_head().decide(command, expect.map(Revision), &identity);
    decided.map_err(|why| declined(stream, why))
}

fn declined(stream: &Rehydrated, why: Declined) -> Failure {
    let name = stream.replay.stream();
    match why {
        Declined::Tombstoned => AppendError::Tombstoned(name.clone()).into(),
        Declined::Derived => Failure::Refused(format!(
            "Refused: {name} is a stream of links, or a projection's own. Nothing is written to it; write to the streams it points to."
        )),
        Declined::Conflict { expected, actual } => {
            AppendError::Conflict { expected: Expected::Exact(expected), actual }.into()
        }
        Declined::Refused(refusal) => {
            let incomplete = reading::gone(stream).map(|note| format!(" {note}")).unwrap_or_default();
            Failure::Refused(format!("Refused: {refusal}.{incomplete}"))
        }
    }
}

fn told(append: &Append, event: &Proposed, revision: Revision, writing: &Writing) -> String {
    let (stream, name) = (append.stream.as_str(), &*event.event_type);
    if writing.json {
        let appended = !writing.dry_run;
        return json_line(&Line { stream, revision: revision.0, event: name, appended });
    }
    let stream = crate::record::json::safe(stream);
    if !writing.dry_run {
        return format!("Appended {name} to {stream} as revision {revision}.\n");
    }
    let data = crate::record::json::one_line(&event.data, usize::MAX / 8);
    format!(
        "Dry run: {name} {data} would be appended to {stream} as revision {revision}, expecting {}. Nothing was written.\n",
        append.expected
    )
}
