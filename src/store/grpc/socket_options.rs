//! Sets `TCP_NODELAY` on the client's sockets: eventstore 4.0 leaves Nagle's algorithm on and hands out no socket.
//!
//! A call leaves as two small segments; with Nagle the second waits for the server's delayed ACK, 40 ms a call. Options
//! belong to the socket and not to the descriptor, so setting one on a duplicate is enough. `pidfd_getfd` makes the
//! duplicate without `unsafe`; where it is refused (Linux before 5.6, seccomp) or missing (other systems) calls
//! stay slow, and nothing fails.

use std::net::SocketAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tokio::time::timeout;

/// Whether anything is set on this system; elsewhere nothing needs to be resolved.
pub(in crate::store) const SUPPORTED: bool = cfg!(target_os = "linux");
/// The client dials again without telling, so a call looks again where the last look is older than this.
const HOLDS: Duration = Duration::from_secs(1);
const RESOLVES: Duration = Duration::from_secs(2);
/// Addresses that are kept: more than a cluster has, so that names that change their address do not add up.
const MOST: usize = 64;

/// The addresses of one database, and when its sockets were looked for.
#[derive(Default)]
pub(in crate::store) struct SocketOptions {
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    servers: Vec<SocketAddr>,
    looked: Option<Instant>,
}

impl SocketOptions {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Resolves `host:port` texts and sets the options of the sockets that lead there.
    pub async fn add(&self, hosts: impl IntoIterator<Item = &str>) {
        for host in hosts {
            let Ok(Ok(found)) = timeout(RESOLVES, tokio::net::lookup_host(host)).await else { continue };
            let mut state = self.state();
            for server in found.filter(|server| server.port() != 0) {
                if !state.servers.contains(&server) {
                    state.servers.insert(0, server);
                }
            }
            state.servers.truncate(MOST);
        }
        self.set();
    }

    /// Looks for sockets that the client has opened since, at most once a second.
    pub fn set_when_due(&self) {
        let due = self.state().looked.is_none_or(|looked| looked.elapsed() >= HOLDS);
        if due {
            self.set();
        }
    }

    /// Looks now, as after a broken connection.
    pub fn set(&self) {
        let mut state = self.state();
        state.looked = Some(Instant::now());
        let servers = state.servers.clone();
        drop(state);
        #[cfg(target_os = "linux")]
        if let Err(error) = linux::set_nodelay(&servers) {
            tracing::debug!(%error, "TCP_NODELAY is not set, so calls may take 40 ms more");
        }
        #[cfg(not(target_os = "linux"))]
        drop(servers);
    }
}

#[cfg(target_os = "linux")]
mod linux {
    use rustix::process::{PidfdFlags, PidfdGetfdFlags, getpid, pidfd_getfd, pidfd_open};
    use socket2::SockRef;
    use std::net::SocketAddr;
    use std::os::fd::{AsFd, IntoRawFd, OwnedFd};
    use std::path::Path;
    use std::{fs, io};

    /// The cost is a `readlink` for each descriptor of this process and four calls for each socket.
    pub fn set_nodelay(servers: &[SocketAddr]) -> io::Result<()> {
        if servers.is_empty() {
            return Ok(());
        }
        let process = pidfd_open(getpid(), PidfdFlags::empty())?;
        for entry in fs::read_dir("/proc/self/fd")? {
            let entry = entry?;
            let Some(number) = entry.file_name().to_str().and_then(|name| name.parse().ok()) else {
                continue;
            };
            if !is_socket(&entry.path()) {
                continue;
            }
            match pidfd_getfd(process.as_fd(), number, PidfdGetfdFlags::empty()) {
                Ok(duplicate) => set_on(duplicate, servers)?,
                // Closed meanwhile.
                Err(rustix::io::Errno::BADF) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }

    fn is_socket(descriptor: &Path) -> bool {
        fs::read_link(descriptor).is_ok_and(|to| to.as_os_str().as_encoded_bytes().starts_with(b"socket:"))
    }

    fn set_on(duplicate: OwnedFd, servers: &[SocketAddr]) -> io::Result<()> {
        let socket = SockRef::from(&duplicate);
        if socket.r#type().is_err() {
            // The number names a file by now. Closing any descriptor of a file drops this process's POSIX locks on it,
            // which SQLite relies on, so this one stays open.
            tracing::debug!(descriptor = duplicate.into_raw_fd(), "a file was met where a socket was");
            return Ok(());
        }
        let peer = socket.peer_addr().ok().and_then(|peer| peer.as_socket());
        let leads_there = peer.is_some_and(|peer| servers.iter().any(|server| is_same(*server, peer)));
        if leads_there && !socket.tcp_nodelay()? {
            socket.set_tcp_nodelay(true)?;
            tracing::debug!(?peer, "TCP_NODELAY is set");
        }
        Ok(())
    }

    /// Whether host and port are equal; a scope or an IPv4 address written as IPv6 is no difference.
    fn is_same(one: SocketAddr, other: SocketAddr) -> bool {
        one.port() == other.port() && one.ip().to_canonical() == other.ip().to_canonical()
    }
}
