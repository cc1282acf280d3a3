//! An event before it has its place.

use crate::node::json;
use bytes::Bytes;

/// An event that a client wants written.
#[derive(Debug, Clone)]
pub struct Proposed {
    pub id: [u8; 16],
    pub kind: String,
    pub content: Content,
    pub data: Bytes,
    pub meta: Bytes,
}

/// What the data claims to be; the numbers are a stored format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Content {
    Binary = 0,
    Json = 1,
    /// Marked as JSON, but refused by the projections: nothing links it.
    BrokenJson = 2,
}

impl Content {
    /// Parses what is marked as JSON.
    pub fn of(json: bool, data: &[u8]) -> Content {
        match json {
            false => Content::Binary,
            true if json::accepted(data) => Content::Json,
            true => Content::BrokenJson,
        }
    }
}

impl Proposed {
    pub fn system(kind: &str, content: Content, data: String) -> Proposed {
        let id = uuid::Uuid::new_v4().into_bytes();
        Proposed { id, kind: kind.into(), content, data: data.into(), meta: Bytes::new() }
    }

    pub fn metadata(body: String) -> Proposed {
        Proposed::system("$metadata", Content::Json, body)
    }
}
