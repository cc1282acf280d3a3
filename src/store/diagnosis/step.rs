//! The lines of a connection test.

use super::change::Change;
use crate::store::{Denial, LeftOut, NodeState, ServerCertificate, StoreError, TlsCause};
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

/// One line of a connection test.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// Host and port; of what concerns all nodes, every host as it is given.
    pub node: Arc<str>,
    pub kind: StepKind,
    /// `None` of what was not tried.
    pub took: Option<Duration>,
    pub finding: Finding,
    /// That the server showed, be it good or bad.
    pub certificate: Option<Box<ServerCertificate>>,
    /// What is likely to help.
    pub changes: Vec<Change>,
}

/// What is looked at, in the order in which one rests on the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum StepKind {
    /// The string and the files that it names.
    ConnectionString,
    Name,
    Tcp,
    Tls,
    Http2,
    Gossip,
    Login,
    Rights,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Finding {
    Passed(Fact),
    /// It works, and this should be known.
    Warned(Warning),
    Failed(StoreError),
    /// Another step failed that this one rests on.
    NotReached,
}

/// What was found where all is well.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fact {
    /// Of the host.
    Addresses(Vec<IpAddr>),
    /// The port takes connections.
    Answers,
    /// TLS is not asked for.
    NoTls,
    /// The certificate is good.
    Trusted,
    /// The first call was answered, with the server's version where it tells.
    Http2 {
        version: Option<String>,
    },
    Members(Members),
    /// Nobody is named, and nobody needs to be.
    NoLogin,
    /// The server takes the user.
    Accepted {
        user: String,
    },
    /// How streams are listed: by what Connect will list them.
    Lists {
        from: String,
        reads_all: bool,
    },
}

/// The cluster as one node tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Members {
    /// What the node itself is.
    pub state: NodeState,
    /// Nodes of the cluster.
    pub count: usize,
    /// Host and port; `None` while none leads.
    pub leader: Option<String>,
}

/// What works and should be known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Warning {
    /// An option that the client is not given.
    LeftOut(LeftOut),
    /// `tlsVerifyCert=false`: whoever stands between can read along; with what is wrong with the certificate.
    NotVerified(Option<TlsCause>),
    /// The user's password goes over the wire as it is.
    PlainPassword { user: String },
    /// The node is not the leader, which was asked for.
    NotLeader(Members),
    /// No node leads at this moment.
    NoLeader(Members),
    /// The node tells nothing of its cluster.
    NoGossip,
    /// Streams can be opened by their names and not be listed.
    NoList(Denial),
}

impl Finding {
    /// Whether what rests on it can be tried.
    pub fn is_passed(&self) -> bool {
        matches!(self, Self::Passed(_) | Self::Warned(_))
    }
}
