//! Why a database is treated as production.

use super::store_error;
use crate::store::{Guarded, Undeclared};

pub fn guarded(guarded: &Guarded) -> String {
    match guarded {
        Guarded::Declared(name) => format!("{name} declares itself production."),
        Guarded::Unreadable(why) => format!(
            "this database does not say whether it is production, so it is treated as such ($server-info: {})",
            undeclared(why)
        ),
    }
}

pub fn undeclared(why: &Undeclared) -> String {
    match why {
        Undeclared::NotRead(error) => store_error(error),
        Undeclared::NotAmong(newest) => format!("none of its newest {newest} events is a $ServerInfo."),
        Undeclared::Malformed(revision, error) => {
            format!("its event {revision} is no $ServerInfo: {error}.")
        }
    }
}
