//! What went wrong between this program and the database.

use super::past::past_too_large;
use super::{connection_string_fault, denial, sandbox_fault, tls::tls_cause};
use crate::store::{ConnectionCause, NoHandshake, StoreError};

pub fn store_error(error: &StoreError) -> String {
    match error {
        StoreError::ConnectionString(fault) => connection_string_fault(fault),
        StoreError::Unreachable(cause) => connection_cause(cause),
        StoreError::NotReady => {
            "The server is not ready: it starts, or its cluster elects a leader. Wait a moment.".to_owned()
        }
        StoreError::NoLeader => {
            "The cluster has no leader at this moment: it elects one. Nothing is written until then."
                .to_owned()
        }
        StoreError::NodeLeft => "The node was left for another one before it answered. Try again.".to_owned(),
        StoreError::InvalidPosition => {
            "The server has no event at this place of $all. The database may be another one.".to_owned()
        }
        StoreError::NotLeader(leader) => {
            format!("This node is a follower. Connect to its leader {leader}, or use esdb+discover://.")
        }
        StoreError::AccessDenied(why) => denial(why),
        StoreError::Timeout(seconds) => {
            format!("The server did not answer within {seconds} s. Check that it is not stuck, then retry.")
        }
        StoreError::Server(text) => format!("The server said: {text}"),
        StoreError::NoJson(error) => format!("The server said: the event is no JSON: {error}"),
        StoreError::PastTooLarge { category, budget } => past_too_large(category, *budget),
        StoreError::Internal(what) => {
            format!("Hindsight failed inside while {what}. It goes on; please report this.")
        }
    }
}

pub fn connection_cause(cause: &ConnectionCause) -> String {
    match cause {
        ConnectionCause::UnknownHost { node } => {
            format!("The host in {node:?} is not known. Check its name.")
        }
        ConnectionCause::Refused { node } => {
            format!("Nothing listens at {node}. Start the server, or check the port.")
        }
        ConnectionCause::NoAnswer { node } => {
            format!("{node} does not answer. Check the address and the firewall.")
        }
        ConnectionCause::NoRoute { node, error } => {
            format!("{node} cannot be reached: {error}. Check the address and the network.")
        }
        ConnectionCause::TooManyFiles => {
            "This program has too many files and connections open. Close some windows, or raise the limit (ulimit -n).".to_owned()
        }
        ConnectionCause::SpeaksPlain { node } => {
            format!("{node} answers without TLS. Add tls=false to the connection string.")
        }
        ConnectionCause::OnlyTls { node } => {
            format!("{node} answers only with TLS. Remove tls=false from the connection string.")
        }
        ConnectionCause::NoTls { node, handshake } => {
            let why = match handshake {
                NoHandshake::Silent => "the handshake was not answered",
                NoHandshake::Broken(error) => error,
            };
            format!(
                "{node} answers, but neither with TLS nor as EventStoreDB without it: {why}. Check the port."
            )
        }
        ConnectionCause::NotEventStore { node } => format!(
            "{node} answers, but not as EventStoreDB without TLS, nor with it. Check the port."
        ),
        ConnectionCause::Tls { node, cause } => tls_cause(node, cause),
        ConnectionCause::Silent { node } => format!(
            "{node} takes connections and says nothing. Check the port, and that the server is not stuck."
        ),
        ConnectionCause::Http1 { node, status, server } => format!(
            "{node} answers as HTTP/1 ({}), and EventStoreDB is spoken to by HTTP/2: another server or a proxy listens there. Check the port, or let the proxy pass HTTP/2.",
            page(*status, server.as_deref())
        ),
        ConnectionCause::NoGrpc { node, status, server } => format!(
            "{node} answers by HTTP/2, but the first call with a page ({}): another server or a proxy listens there. Check the port, or let the proxy pass gRPC.",
            page(*status, server.as_deref())
        ),
        ConnectionCause::FirstCallFailed { node, said } => format!(
            "{node} answers, but the first call failed: {} Check that it is EventStoreDB, and that its cluster has a leader.",
            store_error(said)
        ),
        ConnectionCause::Lost => {
            "The connection to the server is lost. It is tried again; check that the server runs.".to_owned()
        }
        ConnectionCause::Gone => {
            "The server does not answer any more. It is tried again; check that it runs.".to_owned()
        }
        ConnectionCause::Broken => {
            "The connection to the server broke. It is tried again; check that the server runs.".to_owned()
        }
        ConnectionCause::NotConnected => {
            "Not connected: nothing was written. Retry when online.".to_owned()
        }
        ConnectionCause::Sandbox(fault) => sandbox_fault(fault),
    }
}

/// The status of a page, and who made it.
fn page(status: u16, server: Option<&str>) -> String {
    server.map_or_else(|| format!("status {status}"), |server| format!("status {status}, {server}"))
}
