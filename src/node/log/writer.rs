//! The one thread that writes: what waits together is committed together, and answered after the sync.

use super::{
    Log,
    index::{Delta, Index},
    projections::{Change, Projection},
    recent_event_ids::Recent,
    scavenge,
    transaction::{Batch, Expected, Outcome, Proposed, metadata},
};
use crate::node::samples;
use rusqlite::Connection;
use std::sync::{Arc, PoisonError};
use tokio::sync::{mpsc, oneshot};

/// Writes that share one transaction, at most.
const TOGETHER: usize = 256;

/// Something to write.
#[derive(Debug)]
pub enum Work {
    Append(String, Expected, Vec<Proposed>),
    Delete(String, Expected),
    Tombstone(String, Expected),
    Project(Projection, Change),
    /// Erases everything.
    Reset(Arc<Beginning>),
    /// Takes a scavenge a step further.
    Sweep(scavenge::Shared),
}

impl Work {
    /// Whether it shares no transaction with others.
    fn alone(&self) -> bool {
        matches!(self, Work::Reset(_) | Work::Sweep(_))
    }
}

/// Metadata of the streams that tell of scavenges: the first event of every log.
pub const HISTORY_METADATA: &str =
    r#"{"$maxAge":2592000,"$acl":{"$r":"$ops","$w":[],"$d":[],"$mr":[],"$mw":[]}}"#;

/// What a new log begins with, beside that.
#[derive(Debug, Clone, Default)]
pub struct Beginning {
    /// Each with the stream it is for.
    pub events: Vec<(String, Proposed)>,
    pub samples: bool,
}

pub struct Command {
    pub work: Work,
    pub answer: oneshot::Sender<Result<Outcome, Arc<rusqlite::Error>>>,
}

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
        while let Some(first) = commands.blocking_recv() {
            if first.work.alone() {
                self.alone(first);
                continue;
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
            Work::Reset(beginning) => self.reset(beginning),
            Work::Sweep(sweep) => {
                let mut sweep = sweep.lock().unwrap_or_else(PoisonError::into_inner);
                sweep.step(&self.db, &self.log)
            }
            _ => Ok(()),
        };
        reply(command.answer, done.map(|()| nothing));
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
            batch.now = super::ticks().max(batch.now);
            outcomes.push(match &command.work {
                Work::Append(stream, expected, events) => batch.append(stream, *expected, events)?,
                Work::Delete(stream, expected) => batch.remove(stream, *expected, false)?,
                Work::Tombstone(stream, expected) => batch.remove(stream, *expected, true)?,
                Work::Project(projection, change) => batch.project(*projection, *change)?,
                Work::Reset(_) | Work::Sweep(_) => Outcome::Deleted,
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
        let saved = super::chunks::save(&self.db, &self.log.index(), &mut self.saved);
        if let Err(error) = saved {
            tracing::warn!(%error, "the index was not saved; the next start takes a little longer");
        }
    }

    fn reset(&mut self, beginning: &Beginning) -> rusqlite::Result<()> {
        // Overwriting all that is thrown away would take its time.
        self.db.pragma_update(None, "secure_delete", false)?;
        let done = self.begin_anew(beginning);
        self.db.pragma_update(None, "secure_delete", true)?;
        done
    }

    fn begin_anew(&mut self, beginning: &Beginning) -> rusqlite::Result<()> {
        let tx = self.db.unchecked_transaction()?;
        tx.execute_batch(
            "DELETE FROM events; DELETE FROM streams; DELETE FROM types; DELETE FROM chunks;
            DELETE FROM correlations; DELETE FROM broken; DELETE FROM phases; DELETE FROM gone;",
        )?;
        self.recent = Recent::default();
        let mut index = Index::default();
        index.apply(seed(&tx, &mut self.recent, beginning)?);
        tx.commit()?;
        self.log.replace(index);
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

fn seed(db: &Connection, recent: &mut Recent, beginning: &Beginning) -> rusqlite::Result<Delta> {
    let empty = Index::default();
    let mut batch = Batch::new(db, &empty, recent);
    let now = batch.now;
    if beginning.samples {
        // Before the samples, so that time never goes back in the log.
        batch.now = now - samples::SPAN;
    }
    batch.append("$$$scavenges", Expected::Any, &[metadata(HISTORY_METADATA.to_owned())])?;
    batch.now = now;
    if beginning.samples {
        samples::write(&mut batch)?;
        batch.now = now;
    }
    for (stream, event) in &beginning.events {
        batch.append(stream, Expected::Any, std::slice::from_ref(event))?;
    }
    Ok(batch.finish())
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
