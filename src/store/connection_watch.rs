//! Whether the database answers, and what it says of itself and of the user while the connection holds.

use super::retry::ASK_AGAIN;
use super::update_sender::UpdateSender;
use super::writing::Writer;
use super::{Connection, StoreError, Update};
use std::time::{Duration, Instant};
use tokio::sync::watch;

/// How often the server is asked for a sign of life, and how long it may take.
const PING: Duration = Duration::from_secs(2);
const PING_DEADLINE: Duration = Duration::from_secs(5);

/// Asks the server for signs of life, and now and then what it says of itself and of the user.
pub async fn watch(
    writer: Writer,
    mut online: Connection,
    out: UpdateSender,
    mut retry: watch::Receiver<u64>,
) -> StoreError {
    let mut asked = Instant::now();
    loop {
        let started = Instant::now();
        if let Ok(Ok(head)) = tokio::time::timeout(PING_DEADLINE, writer.session().head()).await {
            out.send(Update::Pulse { at: Instant::now(), latency: started.elapsed(), head }).await;
        }
        let asks_now = tokio::select! {
            () = tokio::time::sleep(PING) => asked.elapsed() >= ASK_AGAIN,
            changed = retry.changed() => {
                if changed.is_err() {
                    return std::future::pending().await;
                }
                true
            }
        };
        if asks_now {
            asked = Instant::now();
            let now = online_as(&writer).await;
            if now != online {
                online = now;
                out.send(Update::Connection(online.clone())).await;
            }
        }
    }
}

/// The connection with what the database says now.
pub async fn online_as(writer: &Writer) -> Connection {
    let session = writer.session();
    Connection::Online {
        address: session.address().to_owned(),
        server: session.server().to_string(),
        declaration: writer.declaration().await,
        refused: session.refused_login().await,
    }
}
