//! Why a command appends nothing, as the dock says it.

use crate::decision::Declined;

pub fn declined(why: &Declined) -> String {
    match why {
        Declined::Tombstoned => "This stream is tombstoned: it never takes events again.".to_owned(),
        Declined::Derived => {
            "This stream belongs to a projection or holds links throughout. Nothing is written to it."
                .to_owned()
        }
        Declined::Conflict { expected, .. } => format!("The stream is no longer at revision {expected}."),
        Declined::Refused(refusal) => format!("Refused: {refusal}."),
    }
}
