//! `BatchAppend`: many appends on one call, each answered once under its correlation id.

use super::{
    call::{Limits, Reached, sleep_until},
    commit::written,
    convert::{self, Bad},
    shared::Shared,
    status,
    write::writable,
};
use crate::node::{
    access::{Action, Caller},
    log::{
        WriteError,
        commands::Work,
        expected::{Expected, Outcome},
        outside,
        proposed::Proposed,
    },
    proto::{client as c, rpc, streams as pb},
};
use futures::{FutureExt as _, Stream, StreamExt as _, future::BoxFuture, stream::FuturesOrdered};
use pb::{
    batch_append_req::{
        Options,
        options::{DeadlineOption, ExpectedStreamPosition as To},
    },
    batch_append_resp as r,
};
use prost::Message;
use std::{collections::HashMap, pin::Pin, time::Duration};
use tokio::{
    sync::{OwnedSemaphorePermit, mpsc},
    time::Instant,
};
use tonic::{Status, Streaming};

pub type Answers = Pin<Box<dyn Stream<Item = Result<pb::BatchAppendResp, Status>> + Send>>;
/// The longest that parts of one append may take.
const LONGEST: Duration = Duration::from_secs(2);
/// Appends of one call that wait for their commit.
const WAITING: usize = 256;
/// Appends of one call of which more parts are to come.
const PENDING: usize = 1024;

/// Parts of one append that came so far.
struct Pending {
    correlation: Option<c::Uuid>,
    stream: String,
    expected: Expected,
    events: Vec<Proposed>,
    /// The place they take until they are written.
    room: Option<OwnedSemaphorePermit>,
    bytes: usize,
    until: Instant,
}

type Key = Vec<u8>;
type Waiting = FuturesOrdered<BoxFuture<'static, pb::BatchAppendResp>>;

pub fn start(
    node: Shared,
    caller: Caller,
    reached: Reached,
    requests: Streaming<pb::BatchAppendReq>,
    limits: Limits,
) -> Answers {
    let (to, answers) = mpsc::channel(16);
    tokio::spawn(run(node, caller, reached, requests, limits, to));
    Box::pin(tokio_stream::wrappers::ReceiverStream::new(answers))
}

async fn run(
    node: Shared,
    caller: Caller,
    reached: Reached,
    mut requests: Streaming<pb::BatchAppendReq>,
    mut limits: Limits,
    to: mpsc::Sender<Result<pb::BatchAppendResp, Status>>,
) {
    let mut pending: HashMap<Key, Pending> = HashMap::new();
    let mut waiting = Waiting::new();
    let mut open = true;
    while open || !waiting.is_empty() {
        let expiry = pending.values().map(|p| p.until).min();
        let answer = tokio::select! {
            biased;
            Some(answer) = waiting.next(), if !waiting.is_empty() => Some(Ok(answer)),
            () = sleep_until(expiry) => expired(&mut pending).map(Ok),
            over = limits.over() => Some(Err(over)),
            request = requests.message(), if open && waiting.len() < WAITING => match request {
                // The leader may have changed since the call began.
                Ok(Some(_)) if let Some(refusal) = node.cluster.write_refusal(node.address) => {
                    Some(Err(status::refused(refusal, &reached.host)))
                }
                Ok(Some(request)) => take(&node, &caller, &mut pending, &mut waiting, request).map(Ok),
                Ok(None) => { open = false; None }
                Err(error) => Some(Err(status::received(error))),
            },
        };
        if let Some(Ok(answer)) = &answer {
            tell(&node, answer);
        }
        let last = matches!(answer, Some(Err(_)));
        if let Some(answer) = answer
            && (to.send(answer).await.is_err() || last)
        {
            return;
        }
    }
}

/// Tells of an append that is refused.
fn tell(node: &Shared, answer: &pb::BatchAppendResp) {
    let Some(r::Result::Error(error)) = &answer.result else { return };
    let stream = convert::name(answer.stream_identifier.as_ref());
    node.tell_refused("BatchAppend", error.code.into(), &error.message, stream.as_deref());
}

fn expired(pending: &mut HashMap<Key, Pending>) -> Option<pb::BatchAppendResp> {
    let now = Instant::now();
    let key = pending.iter().find(|(_, p)| p.until <= now).map(|(key, _)| key.clone())?;
    let late = pending.remove(&key)?;
    // The real server's timer forgets the encoding and answers structured.
    let correlation = convert::id(late.correlation.as_ref()).map(|id| convert::Ids::Structured.write(id));
    Some(failed(correlation, Some(&late.stream), timeout()))
}

/// Takes one part; what can be answered at once is.
fn take(
    node: &Shared,
    caller: &Caller,
    pending: &mut HashMap<Key, Pending>,
    waiting: &mut Waiting,
    request: pb::BatchAppendReq,
) -> Option<pb::BatchAppendResp> {
    let correlation = request.correlation_id;
    let Some(id) = convert::id(correlation.as_ref()) else {
        return Some(failed(correlation, None, bad("the correlation id is invalid")));
    };
    let key = id.to_vec();
    if !pending.contains_key(&key) {
        let options = request.options?;
        if pending.len() >= PENDING {
            let named = convert::name(options.stream_identifier.as_ref());
            return Some(failed(correlation, named.as_deref(), busy()));
        }
        match begin(node, caller, correlation.clone(), &options) {
            Ok(begun) => pending.insert(key.clone(), begun),
            Err(answer) => return Some(*answer),
        };
    }
    let mut parts = pending.remove(&key)?;
    for m in request.proposed_messages {
        let event = match convert::proposed(m.id.as_ref(), m.metadata, m.custom_metadata, m.data) {
            Ok(event) => event,
            Err(Bad::MissingKey(key)) => {
                return Some(refuse(&parts, bad(&format!("the event needs '{key}'"))));
            }
            Err(Bad::Event(why)) => return Some(refuse(&parts, bad(why))),
        };
        if !node.reserve(&event, &mut parts.room) {
            return Some(refuse(&parts, busy()));
        }
        parts.bytes += convert::size(&event);
        parts.events.push(event);
        if parts.bytes > node.max_append {
            return Some(refuse(&parts, too_large(node.max_append)));
        }
    }
    if parts.until <= Instant::now() {
        return Some(refuse(&parts, timeout()));
    }
    if request.is_final {
        waiting.push_back(commit(node.clone(), parts).boxed());
    } else {
        pending.insert(key, parts);
    }
    None
}

fn begin(
    node: &Shared,
    caller: &Caller,
    correlation: Option<c::Uuid>,
    options: &Options,
) -> Result<Pending, Box<pb::BatchAppendResp>> {
    let named = convert::name(options.stream_identifier.as_ref());
    let fail = |error| Box::new(failed(correlation.clone(), named.as_deref(), error));
    let stream = writable(node, caller, Action::Write, options.stream_identifier.as_ref());
    let stream = stream.map_err(|s| match s.code() {
        tonic::Code::PermissionDenied => fail(denied()),
        _ => fail(bad("the stream has no name")),
    })?;
    let expected = match options.expected_stream_position {
        None => return Err(fail(bad("the expected stream position is missing"))),
        Some(To::StreamPosition(n)) => {
            Expected::exactly(n).ok_or_else(|| fail(bad("the expected stream position is too large")))?
        }
        Some(To::NoStream(())) => Expected::NoStream,
        Some(To::Any(())) => Expected::Any,
        Some(To::StreamExists(())) => Expected::Exists,
    };
    let Some(time) = allowed(options.deadline_option.as_ref()) else { return Err(fail(timeout())) };
    let until = Instant::now() + time;
    Ok(Pending { correlation, stream, expected, events: Vec::new(), room: None, bytes: 0, until })
}

/// Time that is left, at most two seconds; `None` when it is over.
fn allowed(deadline: Option<&DeadlineOption>) -> Option<Duration> {
    let left = match deadline {
        None => LONGEST,
        Some(DeadlineOption::Deadline(d)) => Duration::try_from(*d).unwrap_or_default(),
        Some(DeadlineOption::Deadline21100(at)) => {
            let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
            Duration::from_secs(u64::try_from(at.seconds).unwrap_or(0)).saturating_sub(now)
        }
    };
    (!left.is_zero()).then(|| left.min(LONGEST))
}

async fn commit(node: Shared, parts: Pending) -> pb::BatchAppendResp {
    let Pending { correlation, stream, expected, events, room: _room, .. } = parts;
    let name = stream.as_str();
    match written(&node, Work::Append(stream.clone(), expected, events)).await {
        Ok(Outcome::Written { revision, position }) => {
            use r::success::{CurrentRevisionOption as C, PositionOption as P};
            let at = |p| {
                let p = outside(p);
                P::Position(c::AllStreamPosition { commit_position: p, prepare_position: p })
            };
            let success = r::Success {
                current_revision_option: Some(revision.map_or(C::NoStream(()), C::CurrentRevision)),
                position_option: Some(position.map_or(P::NoPosition(()), at)),
            };
            answer(correlation, Some(name), r::Result::Success(success))
        }
        Ok(Outcome::Wrong { current }) => failed(correlation, Some(name), conflict(expected, current)),
        Ok(Outcome::Deleted) => {
            let stream_identifier = Some(convert::identifier(name));
            let details = any("StreamDeleted", &c::StreamDeleted { stream_identifier });
            failed(correlation, Some(name), error(rpc::Code::NotFound, "StreamDeleted", details))
        }
        Err(WriteError::NoMajority(_)) => failed(correlation, Some(name), timeout()),
        Err(why) => failed(
            correlation,
            Some(name),
            error(rpc::Code::Internal, &why.to_string(), any("Empty", &c::Empty {})),
        ),
    }
}

// -- answers

fn answer(correlation: Option<c::Uuid>, stream: Option<&str>, result: r::Result) -> pb::BatchAppendResp {
    pb::BatchAppendResp {
        correlation_id: correlation,
        stream_identifier: stream.map(convert::identifier),
        expected_stream_position: None,
        result: Some(result),
    }
}

fn failed(correlation: Option<c::Uuid>, stream: Option<&str>, error: rpc::Status) -> pb::BatchAppendResp {
    answer(correlation, stream, r::Result::Error(error))
}

fn refuse(parts: &Pending, error: rpc::Status) -> pb::BatchAppendResp {
    failed(parts.correlation.clone(), Some(&parts.stream), error)
}

fn error(code: rpc::Code, message: &str, details: prost_types::Any) -> rpc::Status {
    rpc::Status { code: code.into(), message: message.into(), details: Some(details) }
}

/// Details of an error, packed under their name.
fn any(name: &str, message: &impl Message) -> prost_types::Any {
    let type_url = format!("type.googleapis.com/event_store.client.{name}");
    prost_types::Any { type_url, value: message.encode_to_vec() }
}

fn bad(why: &str) -> rpc::Status {
    error(rpc::Code::InvalidArgument, "BadRequest", any("BadRequest", &c::BadRequest { message: why.into() }))
}

fn timeout() -> rpc::Status {
    error(rpc::Code::DeadlineExceeded, "Timeout", any("Timeout", &c::Timeout {}))
}

fn busy() -> rpc::Status {
    error(rpc::Code::Ok, "Server Is Busy", any("Empty", &c::Empty {}))
}

fn denied() -> rpc::Status {
    error(rpc::Code::PermissionDenied, "AccessDenied", any("AccessDenied", &c::AccessDenied {}))
}

fn too_large(limit: usize) -> rpc::Status {
    let max_append_size = u32::try_from(limit).unwrap_or(u32::MAX);
    let details = any("MaximumAppendSizeExceeded", &c::MaximumAppendSizeExceeded { max_append_size });
    error(rpc::Code::InvalidArgument, "MaximumAppendSizeExceeded", details)
}

fn conflict(expected: Expected, current: Option<u64>) -> rpc::Status {
    use c::wrong_expected_version::{CurrentStreamRevisionOption as C, ExpectedStreamPositionOption as E};
    let expected = match expected {
        Expected::Any => E::ExpectedAny(()),
        Expected::Exists => E::ExpectedStreamExists(()),
        Expected::NoStream => E::ExpectedNoStream(()),
        Expected::Exact(n) => E::ExpectedStreamPosition(n),
    };
    let current = current.map_or(C::CurrentNoStream(()), C::CurrentStreamRevision);
    let details = c::WrongExpectedVersion {
        current_stream_revision_option: Some(current),
        expected_stream_position_option: Some(expected),
    };
    error(rpc::Code::AlreadyExists, "WrongExpectedVersion", any("WrongExpectedVersion", &details))
}
