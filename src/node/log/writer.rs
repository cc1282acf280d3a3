//! The one thread that writes: what waits together is committed together, and answered after the sync.

use super::{
    beginning::{Beginning, seed},
    chunks,
    commands::{Command, Work},
    event_log::Log,
    expected::Outcome,
    import::{self, History},
    index::Delta,
    recent_event_ids::Recent,
    time::ticks,
    transaction::Batch,
};
use rusqlite::Connection;
use std::{
    sync::{Arc, PoisonError},
    time::Duration,
};
use tokio::sync::{mpsc, oneshot};

/// Writes that share one transaction, at most.
const TOGETHER: usize = 256;
/// How long a commit waits where fewer writes came than the last one answered, whose callers most likely write again: a sync
/// takes longer than that.
const GATHERING: Duration = Duration::from_micros(150);

pub struct Writer {
    pub db: Connection,
    pub log: Arc<Log>,
    pub recent: Recent,
    /// Positions whose index is in the file.
    pub saved: usize,
}

impl Writer {
    /// Ends when the last sender is gone.
    pub fn run(mut self, mut commands: mpsc::Receiver<Command>) {
        self.save_index();
        // Writes of the last commit.
        let mut before = 0;
        while let Some(first) = commands.blocking_recv() {
            if first.work.alone() {
                self.alone(first);
                continue;
            }
            if commands.len() + 1 < before {
                std::thread::sleep(GATHERING);
            }
            let mut together = vec![first];
            let mut alone = None;
            while together.len() < TOGETHER && alone.is_none() {
                match commands.try_recv() {
                    Ok(c) if c.work.alone() => alone = Some(c),
                    Ok(c) => together.push(c),
                    Err(_) => break,
                }
            }
            before = together.len();
            self.commit(together);
            self.save_index();
            if let Some(command) = alone {
                self.alone(command);
            }
        }
        self.log.close_readers();
        // What the journal holds goes into the file, so that it is complete on its own.
        if let Err(error) = self.db.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)") {
            tracing::debug!(%error, "the journal stays beside the file");
        }
    }

    fn alone(&mut self, command: Command) {
        let nothing = Outcome::Written { revision: None, position: None };
        let done = match &command.work {
            Work::Reset(beginning) => self.reset(|tx, recent| seed(tx, recent, beginning)),
            Work::Import(history) => self.import(history),
            Work::Sweep(sweep) => {
                let mut sweep = sweep.lock().unwrap_or_else(PoisonError::into_inner);
                sweep.step(&self.db, &self.log)
            }
            Work::Follow(place) => {
                place.get_or_init(|| self.follower());
                Ok(())
            }
            _ => Ok(()),
        };
        reply(command.answer, done.map(|()| nothing));
    }

    /// A log of the same records that is told what comes. The first one takes the writer's own apart from its readers', which may
    /// be held back.
    fn follower(&mut self) -> Arc<Log> {
        if !self.log.has_followers() {
            let own = Arc::new(self.log.copy());
            own.add_follower(std::mem::replace(&mut self.log, own.clone()));
        }
        let log = Arc::new(self.log.copy());
        self.log.add_follower(log.clone());
        log
    }

    fn commit(&mut self, commands: Vec<Command>) {
        match self.transact(&commands) {
            Ok((outcomes, delta)) => {
                self.log.publish(delta);
                commands.into_iter().zip(outcomes).for_each(|(c, o)| reply(c.answer, Ok(o)));
            }
            Err(error) => {
                tracing::error!(%error, "a write failed");
                self.recent = Recent::load(&self.db).unwrap_or_default();
                let error = Arc::new(error);
                for command in commands {
                    send(command.answer, Err(error.clone()));
                }
            }
        }
    }

    fn transact(&mut self, commands: &[Command]) -> rusqlite::Result<(Vec<Outcome>, Delta)> {
        let tx = self.db.unchecked_transaction()?;
        let index = self.log.index();
        let mut batch = Batch::new(&tx, &index, &mut self.recent);
        let mut outcomes = Vec::with_capacity(commands.len());
        for command in commands {
            batch.staged.now = ticks().max(batch.staged.now);
            outcomes.push(match &command.work {
                Work::Append(stream, expected, events) => batch.append(stream, *expected, events)?,
                Work::Delete(stream, expected) => batch.remove(stream, *expected, false)?,
                Work::Tombstone(stream, expected) => batch.remove(stream, *expected, true)?,
                Work::Project(projection, change) => batch.staged.project(*projection, *change)?,
                Work::Reset(_) | Work::Import(_) | Work::Sweep(_) | Work::Follow(_) => Outcome::Deleted,
            });
        }
        let delta = batch.finish();
        drop(index);
        if delta.is_empty() {
            tx.rollback()?;
        } else {
            tx.commit()?;
        }
        Ok((outcomes, delta))
    }

    /// Nothing waits for it, and a start does without it.
    fn save_index(&mut self) {
        let saved = chunks::save(&self.db, &self.log.index(), &mut self.saved);
        if let Err(error) = saved {
            tracing::warn!(%error, "the index was not saved; the next start takes a little longer");
        }
    }

    fn import(&mut self, history: &History) -> rusqlite::Result<()> {
        self.begin_anew(|tx, _| import::write(tx, history))?;
        self.db.pragma_update(None, "query_only", true)
    }

    fn reset(
        &mut self,
        stage: impl FnOnce(&Connection, &mut Recent) -> rusqlite::Result<Delta>,
    ) -> rusqlite::Result<()> {
        // Overwriting all that is thrown away would take its time.
        self.db.pragma_update(None, "secure_delete", false)?;
        let done = self.begin_anew(stage);
        self.db.pragma_update(None, "secure_delete", true)?;
        done
    }

    fn begin_anew(
        &mut self,
        stage: impl FnOnce(&Connection, &mut Recent) -> rusqlite::Result<Delta>,
    ) -> rusqlite::Result<()> {
        let tx = self.db.unchecked_transaction()?;
        tx.execute_batch(
            "DELETE FROM events; DELETE FROM streams; DELETE FROM types; DELETE FROM chunks;
            DELETE FROM correlations; DELETE FROM broken; DELETE FROM phases; DELETE FROM gone;",
        )?;
        self.recent = Recent::default();
        let delta = stage(&tx, &mut self.recent)?;
        tx.commit()?;
        self.log.replace(delta);
        self.saved = 0;
        Ok(())
    }

    /// Fills a new log.
    pub fn seed(&mut self, beginning: &Beginning) -> rusqlite::Result<()> {
        let tx = self.db.unchecked_transaction()?;
        let delta = seed(&tx, &mut self.recent, beginning)?;
        tx.commit()?;
        self.log.publish(delta);
        Ok(())
    }
}

fn reply(to: oneshot::Sender<Result<Outcome, Arc<rusqlite::Error>>>, answer: rusqlite::Result<Outcome>) {
    send(to, answer.map_err(Arc::new));
}

fn send(
    to: oneshot::Sender<Result<Outcome, Arc<rusqlite::Error>>>,
    answer: Result<Outcome, Arc<rusqlite::Error>>,
) {
    if to.send(answer).is_err() {
        tracing::debug!("the caller went away before its write was answered");
    }
}
