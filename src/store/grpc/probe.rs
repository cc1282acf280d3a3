//! Whether a connection string leads to a database, tried before it is used.

use super::session::Session;
use crate::store::{ConnectionString, Denial, StoreError};
use std::time::{Duration, Instant};

/// What a connection test found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Probed {
    /// `$all` may be read.
    Reads { server: String, address: String, round_trip: Duration },
    /// The server knows the user, who may not read `$all`.
    MayNotRead { server: String, address: String, user: String },
}

/// The connection dialog's test: who answers where, and whether these credentials may read.
/// It runs on a runtime of its own, whose end closes the connection: the client crate leaves it open.
pub async fn probe(target: ConnectionString) -> Result<Probed, StoreError> {
    let probing = tokio::task::spawn_blocking(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|_| StoreError::Internal("testing a connection"))?;
        let answer = runtime.block_on(answers(&target));
        runtime.shutdown_background();
        answer
    });
    probing.await.unwrap_or(Err(StoreError::Internal("testing a connection")))
}

async fn answers(target: &ConnectionString) -> Result<Probed, StoreError> {
    let session = Session::connect(target).await?;
    let started = Instant::now();
    let answer = session.event_at(None).await;
    let round_trip = started.elapsed();
    let (server, address) = (session.server().to_string(), session.address());
    match answer {
        Ok(_) => Ok(Probed::Reads { server, address: address.to_string(), round_trip }),
        Err(StoreError::AccessDenied(Denial::Rights(user))) => {
            Ok(Probed::MayNotRead { server, address: address.to_string(), user })
        }
        Err(error) => Err(error),
    }
}
