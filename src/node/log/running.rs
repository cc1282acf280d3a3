//! A log with its running writer.

use super::{
    beginning::Beginning, commands::Command, database::Place, event_log::Log, linked::LinkedIndex, load,
    recent_event_ids::Recent, writer::Writer,
};
use crate::node::error::NodeError;
use std::{sync::Arc, thread::JoinHandle};
use tokio::sync::mpsc;

/// Commands that wait for the writer before callers have to.
const WAITING: usize = 1024;

pub struct Running {
    pub log: Arc<Log>,
    pub commands: mpsc::Sender<Command>,
    pub thread: JoinHandle<()>,
}

impl Running {
    /// Opens or makes the log and starts its writer.
    pub fn start(place: Place, beginning: &Beginning) -> Result<Running, NodeError> {
        let shown = place.shown.clone();
        let fail = |e| NodeError::of(&shown, e);
        let db = place.open()?;
        let (index, saved) = load::index(&db).map_err(fail)?;
        let recent = Recent::load(&db).map_err(fail)?;
        let empty = index.log.is_empty();
        let log = Arc::new(Log::new(place, LinkedIndex::unlinked(index)));
        let mut writer = Writer { db, log: log.clone(), recent, saved };
        if empty {
            writer.seed(beginning).map_err(fail)?;
        }
        let (commands, waiting) = mpsc::channel(WAITING);
        let thread = std::thread::Builder::new()
            .name("sandbox writer".into())
            .spawn(move || writer.run(waiting))
            .map_err(|e| NodeError::Io { file: shown.clone(), why: e })?;
        Ok(Running { log, commands, thread })
    }
}
