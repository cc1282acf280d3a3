//! The client of one purpose, and how it is replaced.

use super::node_client::{NodeClient, Wanted};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::{Notify, watch};

/// A call that takes longer makes the nodes be asked.
const LONG: Duration = Duration::from_millis(300);

/// The client of one purpose, and how it is replaced.
pub struct Slot {
    pub wanted: Wanted,
    /// A dropped client of the crate keeps its connection open: it is replaced only when that is dead or another node is better.
    current: Mutex<Current>,
    /// Held while a new client is made, so that many failed calls make one.
    pub renewing: tokio::sync::Mutex<()>,
    /// Woken by a call that takes long: the node may hang.
    doubted: Arc<Notify>,
    /// Of the current client.
    number: watch::Sender<u64>,
}

#[derive(Clone)]
pub struct Current {
    pub client: NodeClient,
    /// Counts the clients.
    pub number: u64,
}

impl Slot {
    pub fn new(client: NodeClient, wanted: Wanted, doubted: Arc<Notify>) -> Arc<Self> {
        Arc::new(Self {
            wanted,
            current: Mutex::new(Current { client, number: 0 }),
            renewing: tokio::sync::Mutex::default(),
            doubted,
            number: watch::Sender::new(0),
        })
    }

    pub fn current(&self) -> Current {
        self.current.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Ends when another client took the place of this one.
    pub async fn replaced(&self, number: u64) {
        if self.number.subscribe().wait_for(|now| *now != number).await.is_err() {
            std::future::pending::<()>().await;
        }
    }

    /// The answer of a call on this client, unless another one takes its place meanwhile.
    pub async fn answer<T>(&self, number: u64, call: impl Future<Output = T>) -> Option<T> {
        let doubt = async {
            tokio::time::sleep(LONG).await;
            self.doubted.notify_one();
            std::future::pending::<T>().await
        };
        tokio::select! {
            answer = call => Some(answer),
            answer = doubt => Some(answer),
            () = self.replaced(number) => None,
        }
    }

    /// Puts the next client in place of the current one.
    pub fn replace(&self, client: NodeClient) {
        let mut current = self.current.lock().unwrap_or_else(PoisonError::into_inner);
        current.number += 1;
        current.client = client;
        self.number.send_replace(current.number);
    }
}
