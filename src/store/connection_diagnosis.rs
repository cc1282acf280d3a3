//! The client says the same of every failed connection; this looks for the cause itself.

use super::session::Session;
use super::{ConnectionString, Denial, StoreError};
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
        Ok(Err(error)) => return StoreError::Unreachable(unconnected(&node, &error)),
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

/// Why no socket came about.
fn unconnected(node: &str, error: &std::io::Error) -> String {
    // EMFILE and ENFILE: the fault is here, and the server may be well.
    if cfg!(unix) && matches!(error.raw_os_error(), Some(23 | 24)) {
        return "This program has too many files and connections open. Close some windows, or raise the limit (ulimit -n).".to_owned();
    }
    match error.kind() {
        std::io::ErrorKind::ConnectionRefused => {
            format!("Nothing listens at {node}. Start the server, or check the port.")
        }
        _ => format!("{node} cannot be reached: {error}. Check the address and the network."),
    }
}

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
    let took = session.reach().await?;
    if let Err(error) = session.event_at(None).await {
        return match error {
            StoreError::AccessDenied(Denial::Rights(user)) => Ok(format!(
                "Server {} answers at {} and knows the user {user:?}, who may not read $all.",
                session.server(),
                session.address()
            )),
            error => Err(error),
        };
    }
    let millis = took.as_secs_f64() * 1000.0;
    Ok(format!("Server {} answers at {}, round trip {millis:.1} ms.", session.server(), session.address()))
}
