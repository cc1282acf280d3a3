//! The worker's end of the updates.

use super::Update;
use std::sync::Arc;
use tokio::sync::mpsc;

/// Wakes whoever draws.
pub type Wake = Arc<dyn Fn() + Send + Sync>;

/// The worker's end: bounded, and each update wakes the window.
#[derive(Clone)]
pub struct UpdateSender {
    updates: mpsc::Sender<(u64, Update)>,
    wake: Wake,
    /// The goal's connection that the updates are of.
    connection: u64,
}

impl UpdateSender {
    pub fn new(updates: mpsc::Sender<(u64, Update)>, wake: Wake) -> Self {
        Self { updates, wake, connection: 0 }
    }

    /// What is sent from now on is of this connection of the goal.
    pub fn begin_connection(&mut self, connection: u64) {
        self.connection = connection;
    }

    /// A closed window drops updates: nobody is there to miss them.
    pub async fn send(&self, update: Update) {
        self.send_with(|| update).await;
    }

    /// For the next frame, which is not asked for: it would show nothing that anybody waits for.
    pub async fn send_quietly(&self, update: Update) {
        self.put(|| Some(update)).await;
    }

    /// Asks for a frame that says how long an answer takes.
    pub fn wake(&self) {
        (self.wake)();
    }

    /// Makes the update only once there is room for it.
    pub async fn send_with(&self, update: impl FnOnce() -> Update) {
        self.send_some(|| Some(update())).await;
    }

    /// The same, where there still is one then.
    pub async fn send_some(&self, update: impl FnOnce() -> Option<Update>) {
        if self.put(update).await {
            self.wake();
        }
    }

    /// Whether there is one more for the window.
    async fn put(&self, update: impl FnOnce() -> Option<Update>) -> bool {
        let Ok(room) = self.updates.reserve().await else { return false };
        let Some(update) = update() else { return false };
        room.send((self.connection, update));
        true
    }
}
