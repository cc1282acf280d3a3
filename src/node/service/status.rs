//! Statuses and trailers that clients look at.

use crate::node::{
    cluster::Refusal,
    log::{WriteError, expected::Expected},
};
use tonic::{Code, Status, metadata::MetadataValue};

/// A status with trailers; a value that is no ASCII is left out.
fn with(code: Code, message: String, trailers: &[(&'static str, &str)]) -> Status {
    let mut status = Status::new(code, message);
    for (key, value) in trailers {
        if value.is_ascii()
            && let Ok(value) = MetadataValue::try_from(*value)
        {
            status.metadata_mut().insert(*key, value);
        }
    }
    status
}

pub fn stream_deleted(stream: &str) -> Status {
    let text = format!("Event stream '{stream}' is deleted.");
    with(Code::FailedPrecondition, text, &[("exception", "stream-deleted"), ("stream-name", stream)])
}

pub fn wrong_version(stream: &str, expected: Expected, current: Option<u64>) -> Status {
    let expected = expected.number().to_string();
    let actual = current.map_or("-1".into(), |n| n.to_string());
    let text = format!(
        "Delete failed due to WrongExpectedVersion. Stream: {stream}, Expected version: {expected}, Actual version: {actual}"
    );
    let trailers = [
        ("exception", "wrong-expected-version"),
        ("stream-name", stream),
        ("expected-version", &expected),
        ("actual-version", &actual),
    ];
    with(Code::FailedPrecondition, text, &trailers)
}

pub fn append_too_large(limit: usize) -> Status {
    let limit = limit.to_string();
    let text = format!("Maximum Append Size of {limit} Exceeded.");
    let trailers = [("exception", "maximum-append-size-exceeded"), ("maximum-append-size", limit.as_str())];
    with(Code::InvalidArgument, text, &trailers)
}

pub fn missing_metadata(key: &str) -> Status {
    let trailers = [
        ("exception", "missing-required-metadata-property"),
        ("required-metadata-properties", "type,content-type"),
    ];
    with(Code::InvalidArgument, format!("Required Metadata Property '{key}' is missing"), &trailers)
}

pub fn access_denied() -> Status {
    with(Code::PermissionDenied, "Access Denied".into(), &[("exception", "access-denied")])
}

/// What a member says that does not take a call; `host` is where the client finds the members.
pub fn refused(refusal: Refusal, host: &str) -> Status {
    match refusal {
        Refusal::NotReady => not_ready(),
        Refusal::NotLeader { leader } => not_leader(host, leader.port()),
        Refusal::NoLeader => no_leader(),
    }
}

/// Where writes are taken instead.
fn not_leader(host: &str, port: u16) -> Status {
    let port = port.to_string();
    let trailers =
        [("exception", "not-leader"), ("leader-endpoint-host", host), ("leader-endpoint-port", &port)];
    with(Code::NotFound, "Leader info available".into(), &trailers)
}

/// The options of a request, which a client of the real kind never leaves out.
pub fn required<T>(options: Option<T>) -> Result<T, Status> {
    options.ok_or_else(|| handler_exception("options are missing"))
}

/// A write to a read-only replica that knows no leader.
pub fn no_leader() -> Status {
    Status::unknown("No leader info available in response")
}

pub fn user_not_found(name: &str) -> Status {
    let trailers = [("exception", "user-not-found"), ("login-name", name)];
    with(Code::NotFound, format!("User '{name}' is not found."), &trailers)
}

/// The name is taken by a user with another password.
pub fn user_conflict(name: &str) -> Status {
    let trailers = [("exception", "user-conflict"), ("login-name", name)];
    with(Code::FailedPrecondition, "Conflict.".into(), &trailers)
}

/// A persistent subscription that is not there; a list of a stream names no group.
pub fn no_group(stream: &str, group: &str) -> Status {
    let text = format!("Subscription group {group} on stream {stream} does not exist.");
    let trailers = [
        ("exception", "persistent-subscription-does-not-exist"),
        ("stream-name", stream),
        ("group-name", group),
    ];
    let named = if group.is_empty() { 2 } else { 3 };
    with(Code::NotFound, text, &trailers[..named])
}

pub fn no_projection(name: &str) -> Status {
    Status::not_found(format!("Projection '{name}' not found"))
}

/// A change of a projection that the real server's manager refuses.
pub fn projection_refused(received: &str) -> Status {
    Status::unknown(format!("Envelope callback expected Updated, received {received} instead"))
}

/// No scavenge, or another one, is running.
pub fn no_scavenge(running: Option<&str>) -> Status {
    let trailers = [("exception", "scavenge-not-found"), ("scavenge-id", running.unwrap_or_default())];
    let named = if running.is_some() { 2 } else { 1 };
    with(Code::NotFound, "Scavenge id was invalid.".into(), &trailers[..named])
}

/// A choice that a request does not make; `case` is the real server's name for it.
pub fn missing_case(case: &str) -> Status {
    invalid_case("None", case)
}

pub fn invalid_case(sent: &str, case: &str) -> Status {
    Status::invalid_argument(format!("'{sent}' is not a valid EventStore.Client.Streams.{case}"))
}

/// What the real server answers where it trips over a request.
pub fn handler_exception(why: &str) -> Status {
    Status::unknown(format!("Exception was thrown by handler. {why}"))
}

pub fn deadline() -> Status {
    Status::deadline_exceeded("Deadline Exceeded")
}

/// While the node stops, or has no leader.
pub fn not_ready() -> Status {
    Status::unavailable("Server Is Not Ready")
}

pub fn too_busy() -> Status {
    Status::unavailable("Server Is Too Busy")
}

pub fn reset() -> Status {
    Status::aborted("The sandbox was reset, start again from the beginning")
}

pub fn database(error: &rusqlite::Error) -> Status {
    tracing::error!(%error, "reading failed");
    Status::internal(format!("the sandbox file could not be read: {error}"))
}

pub fn write(error: &WriteError) -> Status {
    match error {
        WriteError::Stopped => not_ready(),
        WriteError::NoMajority(why) => Status::aborted(format!("Operation timed out: {why}")),
        WriteError::Database(e) => {
            Status::aborted(format!("Operation timed out: the sandbox file could not be written: {e}"))
        }
    }
}

/// tonic says `OUT_OF_RANGE` for a message above the limit, servers of the real kind `RESOURCE_EXHAUSTED`.
pub fn received(status: Status) -> Status {
    match status.code() {
        Code::OutOfRange => Status::resource_exhausted(status.message().to_owned()),
        _ => status,
    }
}
