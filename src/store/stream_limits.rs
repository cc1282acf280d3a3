//! What a stream's metadata says of which of its events can be read.

/// The `$tb` of a soft-deleted stream, and the revision of the event that tombstones one.
pub const DELETED: u64 = i64::MAX as u64;

/// What the newest metadata says of which events can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Deserialize)]
pub struct Limits {
    #[serde(rename = "$tb")]
    pub before: Option<u64>,
    #[serde(rename = "$maxCount")]
    pub max_count: Option<u64>,
    /// Seconds.
    #[serde(rename = "$maxAge")]
    pub max_age: Option<i64>,
}

impl Limits {
    /// Of a stream's metadata; what the server could not read limits nothing.
    pub fn of(metadata: &[u8]) -> Self {
        let limits: Self = serde_json::from_slice(metadata).unwrap_or_default();
        Self {
            before: limits.before.filter(|&before| before > 0),
            max_count: limits.max_count.filter(|&count| count > 0),
            max_age: limits.max_age.filter(|&age| age > 0),
        }
    }

    /// Whether they hide more as time goes by or events are written.
    pub fn move_on(self) -> bool {
        self.max_count.is_some() || self.max_age.is_some()
    }
}

/// The `$tb` of stream metadata.
pub fn truncate_before(metadata: &[u8]) -> Option<u64> {
    serde_json::from_slice::<Limits>(metadata).ok()?.before
}
