//! A cluster of what is shipped: ports over one log, each behind its proxy, by which gossip names it.

use super::proxy::{Link, Proxy};
use eventstore::{AppendToStreamOptions, Client, EventData, ReadAllOptions};
use hindsight::node::{Config, Node, Role};
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::time::Duration;
use uuid::Uuid;

/// Members that may lead.
pub const VOTERS: usize = 3;

/// One port.
pub struct Port {
    /// Of the node itself; nothing that is tested knows it.
    pub address: SocketAddr,
    pub proxy: Proxy,
    /// Past the proxy.
    pub straight: Client,
}

impl Port {
    /// Host and port as gossip has them.
    pub fn name(&self) -> String {
        self.proxy.address.to_string()
    }
}

/// Ports 0 to 2 may lead, and 0 does at first; 3 is a read-only replica, where there is one.
pub struct Nodes {
    pub node: Node,
    pub ports: Vec<Port>,
}

/// Streams of `$all` that are no system streams, each with its events' ids in order.
pub type Logged = BTreeMap<String, Vec<(Uuid, String)>>;

impl Nodes {
    pub async fn start() -> Self {
        let node = Node::start(Config::default()).await.unwrap();
        let addresses = [node.address(), node.follower().await.unwrap(), node.follower().await.unwrap()];
        let mut nodes = Self { node, ports: Vec::new() };
        for address in addresses {
            nodes.add(address);
        }
        nodes
    }

    pub async fn with_replica() -> Self {
        let mut nodes = Self::start().await;
        let replica = nodes.node.replica().await.unwrap();
        nodes.add(replica);
        nodes
    }

    fn add(&mut self, address: SocketAddr) {
        let proxy = Proxy::before(address);
        assert!(self.node.advertise(address, proxy.address));
        let text = format!("esdb://{address}?tls=false&nodePreference=follower&discoveryInterval=0");
        let straight = Client::new(text.parse().unwrap()).unwrap();
        self.ports.push(Port { address, proxy, straight });
    }

    pub fn name(&self, port: usize) -> String {
        self.ports[port].name()
    }

    fn address(&self, port: usize) -> SocketAddr {
        self.ports[port].address
    }

    /// All ports, with options that begin with `&`.
    pub fn url(&self, options: &str) -> String {
        let names: Vec<_> = self.ports.iter().map(Port::name).collect();
        format!("esdb://{}?tls=false{options}", names.join(","))
    }

    /// One port alone.
    pub fn url_of(&self, port: usize) -> String {
        format!("esdb://{}?tls=false", self.name(port))
    }

    // -- what befalls it

    pub fn lead(&self, port: usize) {
        assert!(self.node.lead(self.address(port)));
        self.node.elect(false);
    }

    /// The process dies; the others do not know it yet.
    pub fn kill(&self, port: usize) {
        self.ports[port].proxy.set(Link::Refuses);
        assert!(self.node.cut_off(self.address(port), true));
    }

    /// It stands still; the others do not know it yet.
    pub fn hang(&self, port: usize) {
        self.ports[port].proxy.set(Link::Hangs);
        assert!(self.node.cut_off(self.address(port), true));
    }

    /// It hears the others no more, clients hear it.
    pub fn cut_off(&self, port: usize) {
        assert!(self.node.cut_off(self.address(port), true));
    }

    /// The others notice that it is gone.
    pub fn miss(&self, port: usize) {
        assert!(self.node.set_alive(self.address(port), false));
    }

    /// Who is cut off notices it.
    pub fn give_up(&self, port: usize) {
        self.node.give_up(self.address(port));
    }

    /// It stays behind, or comes up.
    pub fn hold_back(&self, port: usize, held_back: bool) {
        assert!(self.node.hold_back(self.address(port), held_back));
    }

    pub fn enter(&self, port: usize, state: Option<Role>) {
        assert!(self.node.enter(self.address(port), state));
    }

    /// It is back with all that it missed, whatever befell it.
    pub fn restore(&self, port: usize) {
        let address = self.address(port);
        self.enter(port, None);
        assert!(self.node.set_alive(address, true) && self.node.cut_off(address, false));
        self.node.hold_back(address, false);
        self.ports[port].proxy.delay(Duration::ZERO);
        self.ports[port].proxy.set(Link::Passes);
    }

    // -- what is there

    /// Appends past the proxy, as somebody else.
    pub async fn write(&self, port: usize, id: Uuid, stream: &str, event_type: &str, data: &str) {
        let data: serde_json::Value = serde_json::from_str(data).unwrap();
        let event = EventData::json(event_type, &data).unwrap().id(id);
        let options = AppendToStreamOptions::default();
        self.ports[port].straight.append_to_stream(stream, &options, event).await.unwrap();
    }

    /// Everything that is there once all is healed.
    pub async fn logged(&self) -> Logged {
        let client = &self.ports[0].straight;
        let mut read = client.read_all(&ReadAllOptions::default()).await.unwrap();
        let mut found = Logged::new();
        while let Some(event) = read.next().await.unwrap() {
            let event = event.get_original_event();
            if !event.stream_id.starts_with('$') {
                let events = found.entry(event.stream_id.clone()).or_default();
                events.push((event.id, event.event_type.clone()));
            }
        }
        found
    }
}
