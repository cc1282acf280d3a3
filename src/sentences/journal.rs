//! Why the journal is not shown.

use crate::store::JournalUnreadable;

pub fn journal_unreadable(why: &JournalUnreadable) -> String {
    format!("The journal {} cannot be read: {}. Check who owns it.", why.file.display(), why.error)
}
