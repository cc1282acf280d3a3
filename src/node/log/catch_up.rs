//! What the writer does for a projection that is enabled, disabled, reset or given another separator.

use super::{
    expected::Outcome,
    index::NOBODY,
    projections::{self, Change, Phase, Projection},
    proposed::{Content, Proposed},
    staged::Staged,
};

impl Staged<'_> {
    pub fn project(&mut self, projection: Projection, change: Change) -> rusqlite::Result<Outcome> {
        let staged = self.delta.phases.iter().rfind(|(p, _)| *p == projection).map(|(_, phase)| *phase);
        let now = staged.unwrap_or_else(|| self.index.phases.now(projection));
        match change.of(now, self.next()) {
            Some(phase) if phase.running => self.catch_up(projection, phase)?,
            Some(phase) => self.enter(projection, phase)?,
            None => {}
        }
        Ok(Outcome::Written { revision: None, position: None })
    }

    /// A record for each event that the projection has not seen, so that its link lies behind all that was read before.
    fn catch_up(&mut self, projection: Projection, phase: Phase) -> rusqlite::Result<()> {
        let own = self.intern(&format!("$projections-{}", projection.name()))?;
        let nothing = Proposed::system("", Content::Binary, String::new());
        let (mut source, end) = (phase.source, phase.first);
        while let Some(begin) = (source..end).find(|at| self.has_event(*at)) {
            source = (begin..end).find(|at| !self.has_event(*at)).unwrap_or(end);
            self.enter(projection, Phase { first: self.next(), source: begin, ..phase })?;
            for _ in begin..source {
                self.insert(own, None, &nothing)?;
            }
        }
        let next = self.next();
        self.enter(projection, Phase { first: next, source: next, ..phase })
    }

    fn has_event(&self, position: u64) -> bool {
        let staged = || {
            let at = usize::try_from(position.checked_sub(self.index.head() + 1)?).ok()?;
            self.delta.entries.get(at).copied()
        };
        self.index.entry(position).or_else(staged).is_some_and(|entry| entry.stream != NOBODY)
    }

    fn enter(&mut self, projection: Projection, phase: Phase) -> rusqlite::Result<()> {
        projections::save(self.db, projection, &phase)?;
        self.delta.phases.push((projection, phase));
        Ok(())
    }
}
