//! The head of a stream, and what its metadata leaves visible.

use super::rules::Rules;
use std::sync::Arc;

/// The head of a stream.
#[derive(Debug, Clone)]
pub struct Stream {
    pub name: Arc<str>,
    /// Number of the last event ever written, -1 before the first.
    pub last: i64,
    /// Position of event 0, where it was written.
    pub origin: Option<u64>,
    /// Position of the tombstone.
    pub tombstone: Option<u64>,
    pub rules: Rules,
    /// `$$s` of `s` and the other way round; what is metadata itself has none.
    pub twin: Option<u32>,
}

impl Stream {
    pub fn new(name: Arc<str>) -> Stream {
        Stream { name, last: -1, origin: None, tombstone: None, rules: Rules::default(), twin: None }
    }

    pub fn is_metadata(&self) -> bool {
        self.name.starts_with("$$")
    }

    /// Never shown in `$all`.
    pub fn internal(&self) -> bool {
        &*self.name == "$epoch-information"
            || (self.name.starts_with("$persistentsubscription-$all::")
                && (self.name.ends_with("-checkpoint") || self.name.ends_with("-parked")))
    }

    /// Number of the first event that count and `$tb` leave visible.
    pub fn first_visible(&self) -> i64 {
        let count = if self.is_metadata() { Some(1) } else { self.rules.max_count };
        let by_count = count.map_or(0, |n| self.last.saturating_sub(n).saturating_add(1));
        by_count.max(self.rules.truncate_before.unwrap_or(0)).max(0)
    }

    /// Whether `$maxAge` lets an event of that time be seen.
    pub fn not_expired(&self, created: i64, now: i64) -> bool {
        self.rules.max_age.is_none_or(|age| created >= now.saturating_sub(age.saturating_mul(10_000_000)))
    }
}

/// The name and what it is metadata of; not further than anybody means, for a name may be a megabyte of dollars.
pub fn lineage(name: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(name), |n| n.strip_prefix("$$")).take(3)
}

/// The stream that a metadata stream describes; metadata has no metadata.
pub fn described_by(name: &str) -> Option<&str> {
    name.strip_prefix("$$").filter(|base| !base.starts_with("$$"))
}
