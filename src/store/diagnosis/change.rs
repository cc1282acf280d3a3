//! What a button beside a line does to the connection string.

use crate::store::ConnectionString;

/// One change; where a person has to add something, its text says so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// In place of another scheme, or of none.
    Scheme(String),
    UseTls(bool),
    /// The same node by a name that its certificate holds.
    ConnectAs {
        node: String,
        host: String,
    },
    Port {
        node: String,
        port: u16,
    },
    LeaveOutNode(String),
    /// The file is still to be chosen: [`Change::UseAuthority`].
    ChooseAuthority,
    /// The path of a CA file.
    UseAuthority(String),
    DropOption(String),
    RenameOption {
        from: String,
        to: String,
    },
    /// The user's password is to be typed: for the first time, or anew.
    AskPassword {
        user: String,
    },
    /// Lets the client find the leader by itself.
    Discover,
    /// Host and port.
    UseLeader(String),
}

impl Change {
    /// The string with the change; user and password stay, unless they are what is changed.
    #[must_use]
    pub fn apply(&self, given: &ConnectionString) -> ConnectionString {
        match self {
            Self::Scheme(scheme) => given.with_scheme(scheme),
            Self::UseTls(true) => given.with_option("tls", None),
            Self::UseTls(false) => given.with_option("tls", Some("false")),
            Self::ConnectAs { node, .. } | Self::Port { node, .. } => {
                self.new_node().map_or_else(|| given.clone(), |other| given.with_node(node, &other))
            }
            Self::LeaveOutNode(node) => given.with_node(node, ""),
            Self::ChooseAuthority => given.clone(),
            Self::UseAuthority(path) => given.with_option("tlsCaFile", Some(path)),
            Self::DropOption(name) => given.with_option(name, None),
            Self::RenameOption { from, to } => given.with_option_renamed(from, to),
            Self::AskPassword { user } => given.with_user(user),
            Self::Discover => given.with_discovery(true),
            Self::UseLeader(leader) => given.with_hosts(leader),
        }
    }

    /// Host and port that take the place of a node's.
    pub fn new_node(&self) -> Option<String> {
        match self {
            Self::ConnectAs { node, host } => Some(join(host, node.rsplit_once(':')?.1)),
            Self::Port { node, port } => Some(format!("{}:{port}", node.rsplit_once(':')?.0)),
            _ => None,
        }
    }
}

/// An IPv6 address stands in brackets.
fn join(host: &str, port: &str) -> String {
    if host.contains(':') { format!("[{host}]:{port}") } else { format!("{host}:{port}") }
}
