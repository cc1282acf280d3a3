//! The document that describes the endpoints, made from their types.

use utoipa::OpenApi;

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
