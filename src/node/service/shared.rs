//! What the services share.

use super::{convert, status};
use crate::node::{
    cluster::Cluster,
    faults::Dice,
    log::{Log, beginning::Beginning, commands::Command, proposed::Proposed},
    refused::{RefusedCall, Tell},
    scavenges::{Scavenges, Tools},
    users::Users,
};
use std::{net::SocketAddr, sync::Arc};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc, watch};
use tonic::{Code, Status};

/// Bytes of one append, where nothing else is asked for.
pub const MAX_APPEND: usize = 1_048_576;

/// Bytes of events that all calls together hold before they are written.
pub const HELD: usize = 256 << 20;

/// What the services share.
#[derive(Clone)]
pub struct Shared {
    pub log: Arc<Log>,
    pub commands: mpsc::Sender<Command>,
    pub stopping: watch::Receiver<bool>,
    /// Asked over gRPC to shut down; heard where the node is served alone.
    pub shutdown: watch::Sender<()>,
    /// The port that this is shared behind.
    pub address: SocketAddr,
    pub cluster: Arc<Cluster>,
    pub started: std::time::Instant,
    /// File of the log and whether TLS is on, as `/info/options` shows.
    pub shown: std::path::PathBuf,
    pub tls: bool,
    pub users: Arc<Users>,
    pub scavenges: Arc<Scavenges>,
    /// Bytes that one append may have.
    pub max_append: usize,
    pub dice: Arc<Dice>,
    pub refused: Option<Tell>,
    /// What a reset over HTTP begins with; none where it is not allowed.
    pub reset: Option<Arc<Beginning>>,
    pub room: Arc<Semaphore>,
    /// A history of elsewhere is served, which nobody writes to.
    pub is_history: bool,
}

impl Shared {
    /// Runs a read where blocking is allowed.
    pub async fn read_blocking<T: Send + 'static>(
        &self,
        read: impl FnOnce(&Shared) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, Status> {
        let node = self.clone();
        let reading = tokio::task::spawn_blocking(move || read(&node));
        reading.await.map_err(|_| status::not_ready())?.map_err(|error| status::database(&error))
    }

    /// Tells of what is refused inside of an answer, whose own status is OK.
    pub fn tell_refused(&self, method: &str, code: Code, message: &str, stream: Option<&str>) {
        let Some(tell) = self.refused else { return };
        let (method, message) = (format!("Streams/{method}"), message.to_owned());
        tell(&RefusedCall { method, status: code as u32, message, stream: stream.map(str::to_owned) });
    }

    /// What a scavenge needs of it.
    pub fn tools(&self) -> Tools {
        Tools {
            log: self.log.clone(),
            commands: self.commands.clone(),
            stopping: self.stopping.clone(),
            address: self.address,
        }
    }

    /// Adds the place that an event takes until it is written; false where others have taken all there is.
    pub fn reserve(&self, event: &Proposed, room: &mut Option<OwnedSemaphorePermit>) -> bool {
        let bytes = u32::try_from(convert::size(event) + size_of::<Proposed>()).unwrap_or(u32::MAX);
        let Ok(more) = self.room.clone().try_acquire_many_owned(bytes) else { return false };
        match room {
            Some(room) => room.merge(more),
            None => *room = Some(more),
        }
        true
    }
}
