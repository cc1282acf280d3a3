//! What each gRPC call needs of the member that it comes to.

use super::role::Need;
use http::HeaderMap;

const GOSSIP: &str = "event_store.client.gossip.Gossip";
const STREAMS: &str = "event_store.client.streams.Streams";
const USERS: &str = "event_store.client.users.Users";

/// Of the call at this path; a path of no call needs nothing.
pub fn of(path: &str, headers: &HeaderMap) -> Need {
    let Some((service, method)) = path.trim_start_matches('/').split_once('/') else { return Need::Nothing };
    let reads = match service {
        GOSSIP => return Need::Nothing,
        STREAMS => method == "Read",
        USERS => method == "Details",
        _ => return Need::Reader,
    };
    let asked = headers.get("requires-leader").and_then(|v| v.to_str().ok());
    match (reads, asked.is_some_and(|v| v.eq_ignore_ascii_case("true"))) {
        (false, _) => Need::Writer,
        (true, true) => Need::LeadingReader,
        (true, false) => Need::Reader,
    }
}

/// Whether the call writes.
pub fn writes(path: &str) -> bool {
    of(path, &HeaderMap::new()) == Need::Writer
}
