//! The document that describes the endpoints, made from their types.

use super::error::Error;
use utoipa::{IntoResponses, OpenApi};

/// What any endpoint may answer.
#[derive(IntoResponses)]
#[expect(dead_code, reason = "only documented: each is a RequestError")]
pub enum Common {
    /// The request comes from another web page, or under a host that is not the service's
    #[response(status = 403)]
    Forbidden(Error),
    /// The service failed at this request
    #[response(status = 500)]
    Panicked(Error),
    /// The database failed at this request
    #[response(status = 502)]
    Database(Error),
    /// The database is away
    #[response(status = 503, headers(("Retry-After" = u64)))]
    Away(Error),
    /// The database did not answer in time
    #[response(status = 504)]
    Slow(Error),
}

#[derive(OpenApi)]
#[openapi(
    info(title = "Hindsight orders", description = "Event-sourced orders: commands and their histories"),
    paths(
        super::orders::create,
        super::orders::pay,
        super::orders::list,
        super::orders::one,
        super::events::events,
        super::orders::health
    )
)]
struct Document;

pub fn document() -> String {
    Document::openapi().to_json().unwrap_or_default()
}
