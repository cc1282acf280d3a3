//! What a stream list cannot show.

use crate::store::Unseen;

pub fn unseen(unseen: Unseen) -> &'static str {
    match unseen {
        Unseen::Scavenged => "Events that a scavenge removed are not in $all.",
        Unseen::Unlinked => {
            "This user may not read $all: the list is as late as the projection that makes the links, has no events that it could not read, and shows changed limits at the next start."
        }
        Unseen::LaterEvents => {
            "This user may not read $all: new streams appear, later events of a listed one do not."
        }
    }
}
