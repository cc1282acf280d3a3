//! The accounts that the log keeps, each as the newest event of its stream.

use super::account::{Account, STREAM, stream_of};
use crate::node::{
    log::Log,
    read::{
        events::view,
        page::{Ask, PAGE, View},
        stream::StoredStream,
    },
};
use std::sync::Arc;

/// Streams looked at while the index is held.
const LOOK: usize = 1 << 16;

/// A state of a user's stream: every change of the user has another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Version {
    generation: u64,
    last: i64,
}

pub struct Accounts {
    pub log: Arc<Log>,
}

impl Accounts {
    /// `None` where there is no such user, or no more.
    pub fn version(&self, name: &str) -> Option<Version> {
        let index = self.log.index();
        let View::Live { last, .. } = view(&index, &stream_of(name)) else { return None };
        // A reset changes the generation while it holds the index.
        Some(Version { generation: self.log.head().generation, last })
    }

    pub fn find(&self, name: &str) -> rusqlite::Result<Option<(Version, Account)>> {
        let Some(version) = self.version(name) else { return Ok(None) };
        let ask = Ask { from: version.last, backwards: true, limit: 1, resolve: false, hidden: false };
        let newest = self.page(name, ask)?.pop();
        Ok(newest.map(|account| (version, account)))
    }

    /// Every state that the user was ever in.
    pub fn history(&self, name: &str) -> rusqlite::Result<Vec<Account>> {
        let mut states = Vec::new();
        loop {
            let from = i64::try_from(states.len()).unwrap_or(i64::MAX);
            let page =
                self.page(name, Ask { from, backwards: false, limit: PAGE, resolve: false, hidden: true })?;
            if page.is_empty() {
                return Ok(states);
            }
            states.extend(page);
        }
    }

    fn page(&self, name: &str, ask: Ask) -> rusqlite::Result<Vec<Account>> {
        let items = StoredStream::new(stream_of(name)).page(&self.log, ask)?;
        let bodies = items.into_iter().filter_map(|item| Some(item.event?.body));
        Ok(bodies.filter_map(|body| Account::read(&body.data, body.created)).collect())
    }

    /// All users, by login name.
    pub fn all(&self) -> rusqlite::Result<Vec<Account>> {
        let (mut names, mut seen) = (Vec::new(), 0);
        loop {
            let index = self.log.index();
            let streams = index.streams.iter().skip(seen).take(LOOK);
            if streams.len() == 0 {
                break;
            }
            seen += streams.len();
            names.extend(streams.filter_map(|s| s.name.strip_prefix(STREAM)).map(str::to_owned));
        }
        names.sort_unstable();
        let accounts = names.iter().map(|name| Ok(self.find(name)?.map(|(_, account)| account)));
        accounts.filter_map(Result::transpose).collect()
    }
}
