//! Whether a connection string leads to a database, tried before it is used.

use super::session::Session;
use crate::store::{ConnectionString, Denial, StoreError};

/// The connection dialog's test: who answers where, and whether these credentials may read.
/// It runs on a runtime of its own, whose end closes the connection: the client crate leaves it open.
pub async fn probe(target: ConnectionString) -> Result<String, StoreError> {
    let probing = tokio::task::spawn_blocking(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|_| StoreError::Internal("testing a connection"))?;
        let answer = runtime.block_on(answers(&target));
        runtime.shutdown_background();
        answer
    });
    probing.await.unwrap_or(Err(StoreError::Internal("testing a connection")))
}

async fn answers(target: &ConnectionString) -> Result<String, StoreError> {
    let session = Session::connect(target).await?;
    let started = std::time::Instant::now();
    let answer = session.event_at(None).await;
    let millis = started.elapsed().as_secs_f64() * 1000.0;
    let (server, address) = (session.server(), session.address());
    match answer {
        Ok(_) => Ok(format!("Server {server} answers at {address}, round trip {millis:.1} ms.")),
        Err(StoreError::AccessDenied(Denial::Rights(user))) => Ok(format!(
            "Server {server} answers at {address} and knows the user {user:?}, who may not read $all."
        )),
        Err(error) => Err(error),
    }
}
