//! `POST /sandbox/reset`: back to the beginning, between two tests of a program.

use super::{
    access::Caller,
    http::empty,
    log::{commands::Work, write},
    service::Shared,
    users::Unauthenticated,
};
use http::{HeaderMap, HeaderValue, Method, Response, StatusCode};
use tonic::body::BoxBody;

pub const PATH: &str = "/sandbox/reset";

/// 204 when everything is erased.
pub async fn answer(
    node: &Shared,
    caller: Result<Caller, Unauthenticated>,
    method: &Method,
    headers: &HeaderMap,
) -> Response<BoxBody> {
    let Some(beginning) = &node.reset else { return empty(StatusCode::NOT_FOUND) };
    if method != Method::POST {
        let mut refused = empty(StatusCode::METHOD_NOT_ALLOWED);
        refused.headers_mut().insert("allow", HeaderValue::from_static("POST"));
        return refused;
    }
    // Sent by the page of a browser, whichever it is.
    if headers.contains_key("origin") {
        return empty(StatusCode::FORBIDDEN);
    }
    match caller {
        Err(Unauthenticated) | Ok(Caller::Anonymous) => return empty(StatusCode::UNAUTHORIZED),
        Ok(caller) if !caller.is_admin() => return empty(StatusCode::FORBIDDEN),
        Ok(_) => {}
    }
    match write(&node.commands, Work::Reset(beginning.clone())).await {
        Ok(_) => empty(StatusCode::NO_CONTENT),
        Err(error) => {
            tracing::error!(%error, "the sandbox was not reset");
            empty(StatusCode::INTERNAL_SERVER_ERROR)
        }
    }
}
