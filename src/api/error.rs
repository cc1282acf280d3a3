//! Answers, good and bad: each failure says what and, where there is one, the fix.

use crate::decision::Expected;
use crate::record::Revision;
use crate::sentences::{append_error, guarded, store_error};
use crate::store::{AppendError, Denial, StoreError};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

/// Seconds after which a client may ask again.
const RETRY_AFTER: &str = "2";

/// The largest body in bytes; an order is far smaller.
pub const MAX_BODY: usize = 64 * 1024;

/// Why a request was not done.
#[derive(Debug)]
pub enum RequestError {
    Invalid(String),
    /// From another web page, under a foreign host, to a guarded database, or without the right.
    Forbidden(String),
    Refused(String),
    Conflict {
        expected: Option<Revision>,
        actual: Option<Revision>,
    },
    Unknown(String),
    Gone(String),
    TooLarge,
    Slow,
    Away(String),
    /// The database does not let this service in, or answers what cannot be understood: waiting does not help.
    BadDatabase(String),
    /// The answer to a write was lost.
    NotKnown(String),
    Panicked,
}

/// What went wrong.
#[derive(Debug, Serialize, ToSchema)]
pub struct Error {
    /// The kind of failure, for programs
    error: &'static str,
    /// One sentence and the fix, for people
    detail: String,
}

/// The order has changed since.
#[derive(Debug, Serialize, ToSchema)]
pub struct Conflict {
    error: &'static str,
    detail: String,
    /// The revision that the write expected; null where it expected no stream
    expected: Option<u64>,
    /// The revision that the stream is at; null where there is no stream
    actual: Option<u64>,
}

impl RequestError {
    fn status(&self) -> StatusCode {
        match self {
            Self::Invalid(_) => StatusCode::BAD_REQUEST,
            Self::Forbidden(_) => StatusCode::FORBIDDEN,
            Self::Refused(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Conflict { .. } => StatusCode::CONFLICT,
            Self::Unknown(_) => StatusCode::NOT_FOUND,
            Self::Gone(_) => StatusCode::GONE,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Slow | Self::Away(_) => StatusCode::SERVICE_UNAVAILABLE,
            Self::BadDatabase(_) => StatusCode::BAD_GATEWAY,
            Self::NotKnown(_) => StatusCode::GATEWAY_TIMEOUT,
            Self::Panicked => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    fn body(self) -> Error {
        let (error, detail) = match self {
            Self::Invalid(detail) => ("invalid request", detail),
            Self::Forbidden(detail) => ("forbidden", detail),
            Self::Refused(detail) => ("refused", detail),
            Self::Conflict { .. } => {
                ("conflict", "The order has changed since. Read it and decide again.".to_owned())
            }
            Self::Unknown(detail) => ("not found", detail),
            Self::Gone(detail) => ("gone", detail),
            Self::TooLarge => {
                ("too large", format!("The body is over {MAX_BODY} bytes. Send less."))
            }
            Self::Slow => (
                "unavailable",
                "The request took too long. Try again; with an Idempotency-Key that is safe.".to_owned(),
            ),
            Self::Away(detail) => ("unavailable", detail),
            Self::BadDatabase(detail) => ("bad database", detail),
            Self::NotKnown(detail) => ("not known", detail),
            Self::Panicked => (
                "internal error",
                "The service failed at this request; the log says where. It may or may not have been done: read the order.".to_owned(),
            ),
        };
        Error { error, detail }
    }
}

impl IntoResponse for RequestError {
    fn into_response(self) -> Response {
        let status = self.status();
        let revisions = match &self {
            Self::Conflict { expected, actual } => Some((expected.map(|r| r.0), actual.map(|r| r.0))),
            _ => None,
        };
        let body = self.body();
        let mut answer = match revisions {
            Some((expected, actual)) => {
                json(status, &Conflict { error: body.error, detail: body.detail, expected, actual })
            }
            None => json(status, &body),
        };
        if status == StatusCode::SERVICE_UNAVAILABLE {
            answer.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static(RETRY_AFTER));
        }
        answer
    }
}

impl From<StoreError> for RequestError {
    fn from(error: StoreError) -> Self {
        let text = store_error(&error);
        match error {
            StoreError::AccessDenied(Denial::Anonymous | Denial::Login(_)) => {
                Self::BadDatabase(format!("The database does not let this service in: {text}"))
            }
            StoreError::AccessDenied(_) => Self::Forbidden(text),
            error if error.passes() => Self::Away(text),
            _ => Self::BadDatabase(text),
        }
    }
}

impl From<AppendError> for RequestError {
    fn from(error: AppendError) -> Self {
        match error {
            AppendError::Conflict { expected, actual } => {
                let expected = match expected {
                    Expected::Exact(revision) => Some(revision),
                    Expected::NoStream | Expected::StreamExists | Expected::Any => None,
                };
                Self::Conflict { expected, actual }
            }
            AppendError::Tombstoned(_) => Self::Gone(append_error(&error)),
            AppendError::Production(why) => Self::Forbidden(format!(
                "Nothing was written: {} Start the service with --production.",
                guarded(&why)
            )),
            AppendError::Unknown(why) => Self::NotKnown(format!(
                "{} The order may or may not have been written: read it, or repeat the request with the same Idempotency-Key.",
                store_error(&why)
            )),
            AppendError::Failed(why) => why.into(),
            AppendError::Withdrawn => Self::Away(append_error(&error)),
        }
    }
}

pub fn json(status: StatusCode, body: &impl Serialize) -> Response {
    // Our own structs always serialize.
    let body = serde_json::to_string(body).unwrap_or_default();
    (status, [(header::CONTENT_TYPE, "application/json")], body).into_response()
}
