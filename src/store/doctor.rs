//! The client says the same of every failed connection; this looks for the cause itself.

use super::StoreError;
use std::time::Duration;
use tokio::net::{TcpStream, lookup_host};
use tokio::time::timeout;

const PATIENCE: Duration = Duration::from_secs(2);

/// Why nobody answers at `host:port`, and what to change.
pub async fn cause(address: &str, tls: bool) -> StoreError {
    let first = address.split(',').next().unwrap_or(address);
    let with_port = if first.contains(':') { first.to_owned() } else { format!("{first}:2113") };
    let found: Vec<_> = match timeout(PATIENCE, lookup_host(&with_port)).await {
        Ok(Ok(found)) => found.collect(),
        _ => Vec::new(),
    };
    if found.is_empty() {
        return StoreError::Unreachable(format!("The host in {with_port:?} is not known. Check its name."));
    }
    StoreError::Unreachable(match timeout(PATIENCE, TcpStream::connect(&found[..])).await {
        Err(_) => format!("{with_port} does not answer. Check the address and the firewall."),
        Ok(Err(_)) => format!("Nothing listens at {with_port}. Start the server, or check the port."),
        Ok(Ok(_)) if tls => format!(
            "{with_port} answers, but not with TLS that this machine trusts. Add tls=false for a server without TLS, or tlsCAFile=… for its authority."
        ),
        Ok(Ok(_)) => {
            format!(
                "{with_port} answers, but not as EventStoreDB without TLS. Remove tls=false if it uses TLS."
            )
        }
    })
}
