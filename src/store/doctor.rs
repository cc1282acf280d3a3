//! The client says the same of every failed connection; this looks for the cause itself.

use super::StoreError;
use super::client::Session;
use super::connection::{Prepared, prepare};
use std::net::SocketAddr;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpStream, lookup_host};
use tokio::time::timeout;

const PATIENCE: Duration = Duration::from_secs(2);
/// How HTTP/2 begins, with empty settings; whoever speaks it answers with its own.
const GREETING: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0";
const SETTINGS: u8 = 4;

/// Why nobody answers at `host:port`, and what to change; `said` is what the client said.
pub async fn cause(address: &str, tls: bool, said: StoreError) -> StoreError {
    let first = address.split(',').next().unwrap_or(address);
    let has_port = first.rsplit_once(':').is_some_and(|(_, port)| port.parse::<u16>().is_ok());
    let node = if has_port { first.to_owned() } else { format!("{first}:2113") };
    let found: Vec<_> = match timeout(PATIENCE, lookup_host(&node)).await {
        Ok(Ok(found)) => found.collect(),
        _ => Vec::new(),
    };
    if found.is_empty() {
        return StoreError::Unreachable(format!("The host in {node:?} is not known. Check its name."));
    }
    let plain = match timeout(PATIENCE, speaks_plainly(&found)).await {
        Err(_) => {
            return StoreError::Unreachable(format!(
                "{node} does not answer. Check the address and the firewall."
            ));
        }
        Ok(Err(_)) => {
            return StoreError::Unreachable(format!(
                "Nothing listens at {node}. Start the server, or check the port."
            ));
        }
        Ok(Ok(plain)) => plain,
    };
    StoreError::Unreachable(match (tls, plain) {
        (true, true) => format!("{node} answers without TLS. Add tls=false to the connection string."),
        (true, false) => format!(
            "{node} answers, but not with TLS that this machine trusts. Name its authority with tlsCaFile=…, or check the port."
        ),
        (false, false) => {
            format!("{node} answers, but not as EventStoreDB without TLS. Remove tls=false if it uses TLS.")
        }
        (false, true) => return beyond(&node, said),
    })
}

/// The way there is well; what the server said counts.
fn beyond(node: &str, said: StoreError) -> StoreError {
    match said {
        StoreError::AccessDenied(_) => said,
        said => StoreError::Unreachable(format!(
            "{node} answers, but the first call failed: {said} Check that it is EventStoreDB, and that its cluster has a leader."
        )),
    }
}

/// Whether the greeting is answered as HTTP/2 without TLS does.
async fn speaks_plainly(found: &[SocketAddr]) -> std::io::Result<bool> {
    let mut socket = TcpStream::connect(found).await?;
    let mut header = [0; 9];
    let answered = async {
        socket.write_all(GREETING).await?;
        socket.read_exact(&mut header).await
    };
    Ok(matches!(timeout(PATIENCE / 2, answered).await, Ok(Ok(_))) && header[3] == SETTINGS)
}

/// The connection dialog's test: who answers where, and whether these credentials may read.
pub async fn probe(target: &str) -> Result<String, StoreError> {
    let Prepared { credentials, .. } = prepare(target)?;
    let session = Session::connect(target).await?;
    let started = std::time::Instant::now();
    session.event_at(None).await.map_err(|error| match (error, credentials.is_some()) {
        (StoreError::AccessDenied(_), false) => StoreError::AccessDenied(
            "The server answers but asks who you are. Write user:password@ before the host.".to_owned(),
        ),
        (StoreError::AccessDenied(_), true) => StoreError::AccessDenied(
            "The server answers but refuses this user or password, or the user may not read $all.".to_owned(),
        ),
        (error, _) => error,
    })?;
    let millis = started.elapsed().as_secs_f64() * 1000.0;
    Ok(format!("Server {} answers at {}, round trip {millis:.1} ms.", session.server(), session.address()))
}
