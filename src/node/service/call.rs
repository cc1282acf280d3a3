//! What the transport says of a call: who calls, by which address, and for how long.

use super::status;
use crate::node::{access::Caller, cluster::Member};
use std::net::SocketAddr;
use tokio::{sync::watch, time::Instant};
use tonic::{Request, Status};

/// When the client's own `grpc-timeout` runs out; set on the request by the transport.
#[derive(Debug, Clone, Copy)]
pub struct Deadline(pub Instant);

/// Address by which the client reached this node; set by the transport on a request whose answers name addresses.
#[derive(Debug, Clone)]
pub struct Reached {
    pub host: String,
    pub port: u16,
}

impl Reached {
    /// As the transport says it, or the port's own address.
    pub fn of<T>(request: &Request<T>, own: SocketAddr) -> Reached {
        let own = || Reached { host: own.ip().to_string(), port: own.port() };
        request.extensions().get().cloned().unwrap_or_else(own)
    }

    /// Whatever is between may change the port of the member that was asked; the others are known by their own.
    pub fn port_of(&self, member: &Member, asked: SocketAddr) -> u16 {
        let is_asked = member.address == asked && member.advertised == asked;
        if is_asked { self.port } else { member.advertised.port() }
    }
}

/// When a call has to end.
#[derive(Clone)]
pub struct Limits {
    deadline: Option<Instant>,
    stopping: watch::Receiver<bool>,
}

impl Limits {
    pub fn of<T>(request: &Request<T>, stopping: &watch::Receiver<bool>) -> Limits {
        let deadline = request.extensions().get::<Deadline>().map(|deadline| deadline.0);
        Limits { deadline, stopping: stopping.clone() }
    }

    /// Waits until the call has to end; why it does.
    pub async fn over(&mut self) -> Status {
        tokio::select! {
            biased;
            () = sleep_until(self.deadline) => status::deadline(),
            _ = self.stopping.wait_for(|stopping| *stopping) => status::not_ready(),
        }
    }
}

/// Forever where there is no such time.
pub async fn sleep_until(at: Option<Instant>) {
    match at {
        Some(at) => tokio::time::sleep_until(at).await,
        None => std::future::pending().await,
    }
}

/// Who sent the request; the transport has looked at its credentials.
pub fn caller<T>(request: &Request<T>) -> &Caller {
    request.extensions().get().unwrap_or(&Caller::Anonymous)
}

fn only(may: bool) -> Result<(), Status> {
    may.then_some(()).ok_or_else(status::access_denied)
}

/// Everybody who logged in, or anybody where there is no access control.
pub fn only_known<T>(request: &Request<T>) -> Result<(), Status> {
    only(*caller(request) != Caller::Anonymous)
}

pub fn only_operators<T>(request: &Request<T>) -> Result<(), Status> {
    only(caller(request).is_operator())
}

pub fn only_admins<T>(request: &Request<T>) -> Result<(), Status> {
    only(caller(request).is_admin())
}
