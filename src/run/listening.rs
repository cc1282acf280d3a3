//! Where a node listens, and the host that its connection string names.

use crate::cli::Listen;
use crate::node::{Node, NodeError};
use crate::terminal::Failure;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

/// The addresses of one host, IPv4 first, with the port that was asked for; port 0 is any free one.
#[derive(Debug, PartialEq, Eq)]
pub struct Listening {
    pub first: SocketAddr,
    others: Vec<SocketAddr>,
    /// As it was typed, without brackets.
    host: String,
}

impl Listening {
    pub async fn on(listen: &Listen) -> Result<Self, Failure> {
        let Listen { host, port } = listen;
        let wrong = |why: &str| {
            Failure::Usage(format!(
                "--listen {host}:{port}: {why}. Name this machine, like localhost:{port} or 127.0.0.1:{port}."
            ))
        };
        if host == "localhost" {
            // Clients know both without asking; where a family is off, nobody can dial it.
            let both = [Ipv4Addr::LOCALHOST.into(), Ipv6Addr::LOCALHOST.into()];
            let both = both.map(|ip: IpAddr| SocketAddr::new(ip, *port)).into();
            return Self::of(host, both).ok_or_else(|| wrong("no address"));
        }
        let found = tokio::net::lookup_host((host.as_str(), *port)).await;
        let found = found.map_err(|error| wrong(&format!("{host} has no address ({error})")))?;
        Self::of(host, found.collect()).ok_or_else(|| wrong(&format!("{host} has no address")))
    }

    /// A name that has a loopback address stays on this machine.
    fn of(host: &str, mut found: Vec<SocketAddr>) -> Option<Self> {
        if found.iter().any(|address| address.ip().is_loopback()) {
            found.retain(|address| address.ip().is_loopback());
        }
        found.sort_by_key(SocketAddr::is_ipv6);
        found.dedup();
        let (first, others) = found.split_first()?;
        Some(Self { first: *first, others: others.to_vec(), host: host.to_owned() })
    }

    /// What clients name: every address cannot be dialled, the loopback one can.
    pub fn host(&self) -> String {
        match self.host.parse() {
            Ok(IpAddr::V4(Ipv4Addr::UNSPECIFIED)) => Ipv4Addr::LOCALHOST.to_string(),
            Ok(IpAddr::V6(Ipv6Addr::UNSPECIFIED)) => Ipv6Addr::LOCALHOST.to_string(),
            _ => self.host.clone(),
        }
    }

    /// Opens the other addresses at the port of the first, and tells host and port for the connection string.
    pub async fn open(&self, node: &Node) -> Result<String, NodeError> {
        let port = node.address().port();
        for other in &self.others {
            let mut address = *other;
            address.set_port(port);
            match node.listen_on(address).await {
                Ok(()) => {}
                // The name would lead to the other program, too: the address leads here alone.
                Err(NodeError::PortInUse(_)) if self.first.port() == 0 => {
                    return Ok(node.address().to_string());
                }
                Err(error @ NodeError::PortInUse(_)) => return Err(error),
                Err(error) => tracing::info!(%error, "one address fewer"),
            }
        }
        let host = self.host();
        Ok(if host.contains(':') { format!("[{host}]:{port}") } else { format!("{host}:{port}") })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that cannot unwrap should fail")]
mod tests {
    use super::*;
    use crate::node::Config;
    use std::net::{TcpListener, TcpStream};

    fn of(host: &str, found: &[&str]) -> Listening {
        Listening::of(host, found.iter().map(|a| a.parse().unwrap()).collect()).unwrap()
    }

    #[test]
    fn a_name_stays_on_this_machine_where_it_can() {
        let listening = of("pc", &["[::1]:7", "192.0.2.1:7", "127.0.1.1:7"]);
        assert_eq!(listening.first, "127.0.1.1:7".parse().unwrap());
        assert_eq!(listening.others, ["[::1]:7".parse().unwrap()]);
        assert_eq!(of("pc", &["192.0.2.1:7"]).first, "192.0.2.1:7".parse().unwrap());
    }

    #[test]
    fn clients_are_told_a_host_that_they_can_dial() {
        for (typed, told) in [("0.0.0.0", "127.0.0.1"), ("::", "::1"), ("localhost", "localhost")] {
            assert_eq!(of(typed, &["127.0.0.1:0"]).host(), told);
        }
    }

    #[tokio::test]
    async fn each_address_of_a_name_is_listened_on_or_the_name_is_not_told() {
        if TcpListener::bind("[::1]:0").is_err() {
            return;
        }
        let localhost = of("localhost", &["[::1]:0", "127.0.0.1:0"]);
        let node = Node::start(Config { listen: localhost.first, ..Config::default() }).await.unwrap();
        let port = node.address().port();
        // Where another program has this port already, that is as good.
        let taken = TcpListener::bind(("::1", port));
        assert_eq!(localhost.open(&node).await.unwrap(), format!("127.0.0.1:{port}"));
        let fixed = Listening { first: node.address(), ..localhost };
        assert!(matches!(fixed.open(&node).await, Err(NodeError::PortInUse(_))));
        if taken.map(drop).is_ok() {
            assert_eq!(fixed.open(&node).await.unwrap(), format!("localhost:{port}"));
            TcpStream::connect(("::1", port)).unwrap();
        }
        node.shutdown().await;
    }
}
