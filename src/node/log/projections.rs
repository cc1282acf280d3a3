//! The standard projections: how far each has run, and since when it works how.

use rusqlite::{Connection, params};

/// The derived streams of a file stand for the events; this is what it knows of the projections beside them.
pub const SCHEMA: &str = "
    -- From the record `first` on; `source` is the event linked at that record, behind it while the projection catches up.
    CREATE TABLE IF NOT EXISTS phases (id INTEGER PRIMARY KEY, projection TEXT NOT NULL, first INTEGER NOT NULL,
        source INTEGER NOT NULL, running INTEGER NOT NULL, separator TEXT NOT NULL, resets INTEGER NOT NULL) STRICT;";

/// A standard projection; the number tells where its link lies behind the record that it is made at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Projection {
    Streams = 1,
    ByCategory,
    ByType,
    StreamByCategory,
    ByCorrelation,
}

impl Projection {
    /// In the order in which statistics name them.
    pub const ALL: [Projection; 5] = [
        Projection::Streams,
        Projection::StreamByCategory,
        Projection::ByCategory,
        Projection::ByType,
        Projection::ByCorrelation,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Projection::Streams => "$streams",
            Projection::ByCategory => "$by_category",
            Projection::ByType => "$by_event_type",
            Projection::StreamByCategory => "$stream_by_category",
            Projection::ByCorrelation => "$by_correlation_id",
        }
    }

    pub fn named(name: &str) -> Option<Projection> {
        Self::ALL.into_iter().find(|p| p.name() == name)
    }

    /// What the names of its streams begin with; `$streams` is the whole name.
    pub fn prefix(self) -> &'static str {
        match self {
            Projection::Streams => "$streams",
            Projection::ByCategory => "$ce-",
            Projection::ByType => "$et-",
            Projection::StreamByCategory => "$category-",
            Projection::ByCorrelation => "$bc-",
        }
    }

    /// The type of the events it writes.
    pub fn link_type(self) -> &'static str {
        if self == Projection::StreamByCategory { "$@" } else { "$>" }
    }

    /// Whose stream has this name.
    pub fn of(stream: &str) -> Option<Projection> {
        Self::ALL.into_iter().find(|p| match p {
            Projection::Streams => stream == p.prefix(),
            _ => stream.strip_prefix(p.prefix()).is_some_and(|rest| !rest.is_empty()),
        })
    }

    /// Whether it has a separator of categories.
    pub fn separates(self) -> bool {
        matches!(self, Projection::ByCategory | Projection::StreamByCategory)
    }
}

/// Where a stream's name is cut to get its category.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Separator {
    last: bool,
    at: char,
}

impl Default for Separator {
    fn default() -> Separator {
        Separator { last: false, at: '-' }
    }
}

impl Separator {
    /// As the query of the projection says it: `first` or `last`, a line end, and the separator.
    pub fn parse(query: &str) -> Option<Separator> {
        let (which, separator) = query.split_once('\n')?;
        let mut chars = separator.trim_end_matches(['\r', '\n']).chars();
        let (at, None) = (chars.next()?, chars.next()) else { return None };
        match which.trim_end().to_ascii_lowercase().as_str() {
            "first" => Some(Separator { last: false, at }),
            "last" => Some(Separator { last: true, at }),
            _ => None,
        }
    }

    pub fn query(self) -> String {
        format!("{}\n{}", if self.last { "last" } else { "first" }, self.at)
    }

    /// What system streams and names without a separator do not have.
    pub fn category(self, name: &str) -> Option<&str> {
        if name.starts_with('$') {
            return None;
        }
        let cut = if self.last { name.rsplit_once(self.at) } else { name.split_once(self.at) };
        cut.map(|(category, _)| category).filter(|c| !c.is_empty())
    }
}

/// How a projection works from a record of the log on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Phase {
    pub first: u64,
    /// Position of the event that is linked at the record `first`; those after it follow one by one.
    pub source: u64,
    pub running: bool,
    /// Stopped without a checkpoint; forgotten with the next start.
    pub aborted: bool,
    pub separator: Separator,
    pub resets: u32,
}

impl Default for Phase {
    fn default() -> Phase {
        Phase {
            first: 1,
            source: 1,
            running: true,
            aborted: false,
            separator: Separator::default(),
            resets: 0,
        }
    }
}

impl Phase {
    /// The event that is due at this record.
    pub fn source_at(&self, record: u64) -> u64 {
        if self.running { self.source + record.saturating_sub(self.first) } else { self.source }
    }
}

/// What a client asks of a projection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    Enable,
    /// Whether without a checkpoint.
    Disable {
        abort: bool,
    },
    Reset,
    Separate(Separator),
}

impl Change {
    /// How the projection works from the next record on; `None` where nothing changes.
    pub fn of(self, now: Phase, next: u64) -> Option<Phase> {
        let going = Phase { first: next, source: now.source_at(next), ..now };
        match self {
            Change::Enable => (!now.running).then_some(Phase { running: true, aborted: false, ..going }),
            Change::Disable { abort } => {
                now.running.then_some(Phase { running: false, aborted: abort, ..going })
            }
            Change::Reset => Some(Phase { source: 1, resets: now.resets + 1, ..going }),
            Change::Separate(separator) => Some(Phase { separator, ..going }),
        }
    }
}

/// The phases of each projection, in order of their records.
#[derive(Debug, Clone)]
pub struct Phases([Vec<Phase>; 5]);

impl Default for Phases {
    fn default() -> Phases {
        Phases(std::array::from_fn(|_| vec![Phase::default()]))
    }
}

impl Phases {
    fn of(&self, projection: Projection) -> &[Phase] {
        &self.0[projection as usize - 1]
    }

    pub fn now(&self, projection: Projection) -> Phase {
        self.of(projection).last().copied().unwrap_or_default()
    }

    pub fn at(&self, projection: Projection, record: u64) -> Phase {
        let phases = self.of(projection);
        let after = phases.partition_point(|phase| phase.first <= record);
        phases[..after].last().copied().unwrap_or_default()
    }

    /// Up to which record from this one on each projection is in one phase, and links events at their own records; `None` where
    /// one is stopped or behind.
    pub fn steady(&self, record: u64) -> Option<u64> {
        self.0.iter().try_fold(u64::MAX, |until, phases| {
            let after = phases.partition_point(|phase| phase.first <= record);
            phases[..after].last().filter(|phase| phase.running && phase.source == phase.first)?;
            Some(phases.get(after).map_or(until, |next| until.min(next.first - 1)))
        })
    }

    /// The first record since the projection was reset the last time.
    pub fn reset_at(&self, projection: Projection) -> u64 {
        let resets = self.now(projection).resets;
        self.of(projection).iter().find(|phase| phase.resets == resets).map_or(1, |phase| phase.first)
    }

    pub fn push(&mut self, projection: Projection, phase: Phase) {
        self.0[projection as usize - 1].push(phase);
    }

    pub fn load(db: &Connection) -> rusqlite::Result<Phases> {
        let mut phases = Phases::default();
        let sql = "SELECT projection, first, source, running, separator, resets FROM phases ORDER BY id";
        let mut all = db.prepare(sql)?;
        let mut rows = all.query([])?;
        while let Some(row) = rows.next()? {
            let Some(projection) = Projection::named(row.get_ref(0)?.as_str()?) else { continue };
            let phase = Phase {
                first: row.get::<_, i64>(1)?.cast_unsigned(),
                source: row.get::<_, i64>(2)?.cast_unsigned(),
                running: row.get(3)?,
                aborted: false,
                separator: Separator::parse(row.get_ref(4)?.as_str()?).unwrap_or_default(),
                resets: row.get(5)?,
            };
            phases.push(projection, phase);
        }
        Ok(phases)
    }
}

pub fn save(db: &Connection, projection: Projection, phase: &Phase) -> rusqlite::Result<()> {
    let sql = "INSERT INTO phases (projection, first, source, running, separator, resets) VALUES (?, ?, ?, ?, ?, ?)";
    let (first, source) = (phase.first.cast_signed(), phase.source.cast_signed());
    let values =
        params![projection.name(), first, source, phase.running, phase.separator.query(), phase.resets];
    db.prepare_cached(sql)?.execute(values).map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_separator_is_what_the_query_says() {
        let category = |query: &str, name| Separator::parse(query)?.category(name).map(str::to_owned);
        assert_eq!(category("first\n-", "order-eu-1").as_deref(), Some("order"));
        assert_eq!(category("LAST\r\n-\r\n", "order-eu-1").as_deref(), Some("order-eu"));
        assert_eq!(category("last\n_", "order_1").as_deref(), Some("order"));
        for name in ["order", "-1", "$order-1"] {
            assert_eq!(category("first\n-", name), None, "{name}");
        }
        for query in ["", "first", "first\n", "first\n--", "middle\n-", "fromAll()"] {
            assert_eq!(Separator::parse(query), None, "{query}");
        }
        let last = Separator::parse("last\n_");
        assert_eq!(last.and_then(|separator| Separator::parse(&separator.query())), last);
    }

    #[test]
    fn a_stopped_projection_stays_at_its_event() {
        let after = |change: Change, phase, next| change.of(phase, next).unwrap_or_default();
        let stopped = after(Change::Disable { abort: false }, Phase::default(), 5);
        assert_eq!((stopped.source_at(5), stopped.source_at(9)), (5, 5));
        assert_eq!(Change::Disable { abort: true }.of(stopped, 9), None);
        let reset = after(Change::Reset, stopped, 9);
        assert_eq!((reset.source_at(12), reset.running, reset.resets), (1, false, 1));
        let resumed = after(Change::Enable, stopped, 9);
        assert_eq!((resumed.source_at(9), resumed.source_at(10)), (5, 6));
    }
}
