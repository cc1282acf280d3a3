//! When an event was stored, to the 100 ns that the database keeps.

use jiff::{Timestamp, tz::TimeZone};

const TICKS_PER_MILLI: i64 = 10_000;

/// 100-ns ticks since 1970-01-01 UTC, read from the metadata: the client truncates its own field to seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Created(pub i64);

impl Created {
    pub fn now() -> Self {
        Self(i64::try_from(Timestamp::now().as_nanosecond() / 100).unwrap_or(i64::MAX))
    }

    /// Of RFC 3339, with any offset; what is finer than a tick is cut.
    pub fn parse(text: &str) -> Option<Self> {
        let stamp: Timestamp = text.parse().ok()?;
        i64::try_from(stamp.as_nanosecond() / 100).ok().map(Self)
    }

    pub fn millis(self) -> i64 {
        self.0 / TICKS_PER_MILLI
    }

    /// RFC 3339 in UTC with all seven digits.
    pub fn rfc3339(self) -> String {
        self.at(&TimeZone::UTC).strftime("%Y-%m-%dT%H:%M:%S%.7fZ").to_string()
    }

    /// `2026-03-01 14:05:02.910` in the zone.
    pub fn date_time(self, zone: &TimeZone) -> String {
        self.at(zone).strftime("%Y-%m-%d %H:%M:%S%.3f").to_string()
    }

    /// `2026-03-01 14:05:02.910 +01:00` in the zone.
    pub fn date_time_offset(self, zone: &TimeZone) -> String {
        self.at(zone).strftime("%Y-%m-%d %H:%M:%S%.3f %:z").to_string()
    }

    /// `14:05:02.910` in the zone.
    pub fn clock(self, zone: &TimeZone) -> String {
        self.at(zone).strftime("%H:%M:%S%.3f").to_string()
    }

    /// `Tuesday, 24 November 2026` in the zone.
    pub fn date(self, zone: &TimeZone) -> String {
        self.at(zone).strftime("%A, %-d %B %Y").to_string()
    }

    /// The number of its day in the zone; two events are of one date where their numbers are the same.
    pub fn local_day(self, zone: &TimeZone) -> i64 {
        let stamp = self.timestamp();
        let local = stamp.as_nanosecond() + i128::from(zone.to_offset(stamp).seconds()) * 1_000_000_000;
        i64::try_from(local.div_euclid(86_400_000_000_000)).unwrap_or(0)
    }

    fn timestamp(self) -> Timestamp {
        Timestamp::from_nanosecond(i128::from(self.0) * 100).unwrap_or(Timestamp::UNIX_EPOCH)
    }

    fn at(self, zone: &TimeZone) -> jiff::ZonedDateTime {
        self.timestamp().to_zoned_datetime(zone.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_as_rfc3339_is_read_again() {
        let at = Created(17_672_256_000_000_001);
        assert_eq!(Created::parse(&at.rfc3339()), Some(at));
        assert_eq!(Created::parse("2026-01-01T01:00:00+01:00"), Created::parse("2026-01-01T00:00:00Z"));
        assert_eq!(Created::parse("yesterday"), None);
    }
}
