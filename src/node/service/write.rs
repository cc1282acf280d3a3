//! Append, Delete and Tombstone.

use super::{
    commit::written,
    convert::{self, Bad},
    shared::Shared,
    status,
};
use crate::node::{
    access::{Action, Caller},
    log::{
        commands::Work,
        expected::{Expected, Outcome},
        outside,
        proposed::Proposed,
    },
    proto::{
        client::{Empty, StreamIdentifier},
        streams as pb,
    },
    read::system_streams,
};
use pb::append_resp::{
    Position, Result as Answer, Success, WrongExpectedVersion, success as s, wrong_expected_version as w,
};
use pb::{
    append_req::{Content, options::ExpectedStreamRevision as AppendTo},
    delete_req, delete_resp, tombstone_req, tombstone_resp,
};
use tokio::sync::OwnedSemaphorePermit;
use tonic::{Code, Status, Streaming};

/// A stream name that can be written; computed streams and `$all` cannot.
pub fn writable(
    node: &Shared,
    caller: &Caller,
    action: Action,
    sent: Option<&StreamIdentifier>,
) -> Result<String, Status> {
    let name = convert::name(sent).filter(|n| !n.is_empty() && n != "$$");
    let name = name.ok_or_else(|| status::handler_exception("the stream has no name"))?;
    if node.is_history || system_streams::computed(&name) || !caller.may(action, &name, &node.log.index()) {
        return Err(status::access_denied());
    }
    Ok(name)
}

fn missing_revision(request: &str) -> Status {
    status::missing_case(&format!("{request}+Types+Options+ExpectedStreamRevisionOneofCase"))
}

fn exactly(revision: u64) -> Result<Expected, Status> {
    Expected::exactly(revision).ok_or_else(|| status::handler_exception("the revision is too large"))
}

pub async fn append(
    node: &Shared,
    caller: &Caller,
    mut messages: Streaming<pb::AppendReq>,
) -> Result<pb::AppendResp, Status> {
    let Some(Content::Options(options)) = next(&mut messages).await? else {
        return Err(status::handler_exception("the first message must be the options"));
    };
    let expected = match options.expected_stream_revision {
        None => return Err(missing_revision("AppendReq")),
        Some(AppendTo::Revision(n)) => exactly(n)?,
        Some(AppendTo::NoStream(_)) => Expected::NoStream,
        Some(AppendTo::Any(_)) => Expected::Any,
        Some(AppendTo::StreamExists(_)) => Expected::Exists,
    };
    let stream = writable(node, caller, Action::Write, options.stream_identifier.as_ref())?;
    let (events, _room) = collect(node, &mut messages).await?;
    let outcome = written(node, Work::Append(stream.clone(), expected, events)).await;
    let result = match outcome.map_err(|e| status::write(&e))? {
        Outcome::Deleted => return Err(status::stream_deleted(&stream)),
        Outcome::Wrong { current } => {
            let at = current.map_or(-1, u64::cast_signed);
            let why = format!("WrongExpectedVersion, expected {}, actual {at}", expected.number());
            node.tell_refused("Append", Code::FailedPrecondition, &why, Some(&stream));
            Answer::WrongExpectedVersion(conflict(expected, current))
        }
        Outcome::Written { revision, position } => Answer::Success(success(revision, position)),
    };
    Ok(pb::AppendResp { result: Some(result) })
}

async fn next(messages: &mut Streaming<pb::AppendReq>) -> Result<Option<Content>, Status> {
    Ok(messages.message().await.map_err(status::received)?.and_then(|m| m.content))
}

/// The events, and the place they take until they are written.
async fn collect(
    node: &Shared,
    messages: &mut Streaming<pb::AppendReq>,
) -> Result<(Vec<Proposed>, Option<OwnedSemaphorePermit>), Status> {
    let (mut events, mut room, mut bytes) = (Vec::new(), None, 0);
    while let Some(message) = messages.message().await.map_err(status::received)? {
        let Some(Content::ProposedMessage(m)) = message.content else {
            return Err(status::handler_exception("only events may follow the options"));
        };
        let event = convert::proposed(m.id.as_ref(), m.metadata, m.custom_metadata, m.data).map_err(
            |bad| match bad {
                Bad::MissingKey(key) => status::missing_metadata(key),
                Bad::Event(why) => status::handler_exception(why),
            },
        )?;
        bytes += convert::size(&event);
        if bytes > node.max_append {
            return Err(status::append_too_large(node.max_append));
        }
        if !node.reserve(&event, &mut room) {
            return Err(status::too_busy());
        }
        events.push(event);
    }
    Ok((events, room))
}

fn success(revision: Option<u64>, position: Option<u64>) -> Success {
    let current = revision
        .map_or(s::CurrentRevisionOption::NoStream(Empty {}), s::CurrentRevisionOption::CurrentRevision);
    let at = |p| s::PositionOption::Position(Position { commit_position: p, prepare_position: p });
    let position = position.map(outside);
    Success {
        current_revision_option: Some(current),
        position_option: Some(position.map_or(s::PositionOption::NoPosition(Empty {}), at)),
    }
}

/// Both generations of fields are filled; the old one says `NoStream` as a number.
fn conflict(expected: Expected, current: Option<u64>) -> WrongExpectedVersion {
    use w::{CurrentRevisionOption as C, CurrentRevisionOption2060 as C0};
    use w::{ExpectedRevisionOption as E, ExpectedRevisionOption2060 as E0};
    let (new, old) = match expected {
        Expected::Any => (E::ExpectedAny(Empty {}), E0::Any2060(Empty {})),
        Expected::Exists => (E::ExpectedStreamExists(Empty {}), E0::StreamExists2060(Empty {})),
        Expected::NoStream => (E::ExpectedNoStream(Empty {}), E0::ExpectedRevision2060(u64::MAX)),
        Expected::Exact(n) => (E::ExpectedRevision(n), E0::ExpectedRevision2060(n)),
    };
    WrongExpectedVersion {
        current_revision_option_20_6_0: Some(
            current.map_or(C0::NoStream2060(Empty {}), C0::CurrentRevision2060),
        ),
        expected_revision_option_20_6_0: Some(old),
        current_revision_option: Some(current.map_or(C::CurrentNoStream(Empty {}), C::CurrentRevision)),
        expected_revision_option: Some(new),
    }
}

pub async fn delete(
    node: &Shared,
    caller: &Caller,
    request: pb::DeleteReq,
) -> Result<pb::DeleteResp, Status> {
    use delete_req::options::ExpectedStreamRevision as To;
    use delete_resp::{Position, PositionOption as P};
    let options = request.options.ok_or_else(|| status::handler_exception("options are missing"))?;
    let expected = match options.expected_stream_revision {
        None => return Err(missing_revision("DeleteReq")),
        Some(To::Revision(n)) => exactly(n)?,
        Some(To::NoStream(_)) => Expected::NoStream,
        Some(To::Any(_)) => Expected::Any,
        Some(To::StreamExists(_)) => Expected::Exists,
    };
    let stream = writable(node, caller, Action::Delete, options.stream_identifier.as_ref())?;
    let position = remove(node, stream, expected, Work::Delete).await?;
    let at = |p| P::Position(Position { commit_position: p, prepare_position: p });
    Ok(pb::DeleteResp { position_option: Some(position.map_or(P::NoPosition(Empty {}), at)) })
}

pub async fn tombstone(
    node: &Shared,
    caller: &Caller,
    request: pb::TombstoneReq,
) -> Result<pb::TombstoneResp, Status> {
    use tombstone_req::options::ExpectedStreamRevision as To;
    use tombstone_resp::{Position, PositionOption as P};
    let options = request.options.ok_or_else(|| status::handler_exception("options are missing"))?;
    let expected = match options.expected_stream_revision {
        None => return Err(missing_revision("TombstoneReq")),
        Some(To::Revision(n)) => exactly(n)?,
        Some(To::NoStream(_)) => Expected::NoStream,
        Some(To::Any(_)) => Expected::Any,
        Some(To::StreamExists(_)) => Expected::Exists,
    };
    let stream = writable(node, caller, Action::Delete, options.stream_identifier.as_ref())?;
    let position = remove(node, stream, expected, Work::Tombstone).await?;
    let at = |p| P::Position(Position { commit_position: p, prepare_position: p });
    Ok(pb::TombstoneResp { position_option: Some(position.map_or(P::NoPosition(Empty {}), at)) })
}

async fn remove(
    node: &Shared,
    stream: String,
    expected: Expected,
    work: fn(String, Expected) -> Work,
) -> Result<Option<u64>, Status> {
    match written(node, work(stream.clone(), expected)).await.map_err(|e| status::write(&e))? {
        Outcome::Deleted => Err(status::stream_deleted(&stream)),
        Outcome::Wrong { current } => Err(status::wrong_version(&stream, expected, current)),
        Outcome::Written { position, .. } => Ok(position.map(outside)),
    }
}
