//! What went wrong between this program and the database. One file, because a failed first call is a cause that holds an error.

use super::{ConnectionStringFault, Denial, NoHandshake, SandboxFault, TlsCause};

/// What went wrong between this program and the database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StoreError {
    ConnectionString(ConnectionStringFault),
    /// Nothing answers, or the connection is lost.
    Unreachable(ConnectionCause),
    /// It starts, or its cluster has no leader at this moment.
    NotReady,
    /// The nodes of the cluster answer, and none of them leads.
    NoLeader,
    /// Another node took this one's place before it answered.
    NodeLeft,
    /// No record begins at this place of `$all`.
    InvalidPosition,
    /// Host and port of the leader.
    NotLeader(String),
    AccessDenied(Denial),
    /// It did not answer within so many seconds.
    Timeout(u64),
    /// In the server's own words.
    Server(String),
    /// An event that was to be sent is no JSON; with what the serializer says of it.
    NoJson(String),
    /// The events of the category are more than may be held, in bytes.
    PastTooLarge {
        category: String,
        budget: u64,
    },
    /// A task of this program ended by a panic while it did this.
    Internal(&'static str),
}

impl StoreError {
    /// Whether the same may succeed a little later with nothing changed.
    pub fn passes(&self) -> bool {
        matches!(
            self,
            Self::Unreachable(_)
                | Self::NotReady
                | Self::NoLeader
                | Self::NodeLeft
                | Self::NotLeader(_)
                | Self::Timeout(_)
        )
    }
}

impl From<ConnectionCause> for StoreError {
    fn from(cause: ConnectionCause) -> Self {
        Self::Unreachable(cause)
    }
}

/// Why there is no connection; `node` is `host:port` as the client was given it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ConnectionCause {
    /// No address of the host is known.
    UnknownHost {
        node: String,
    },
    /// Nothing listens at the port.
    Refused {
        node: String,
    },
    NoAnswer {
        node: String,
    },
    /// No socket came about; with the system's text.
    NoRoute {
        node: String,
        error: String,
    },
    /// This program has no descriptor left.
    TooManyFiles,
    /// It answers without TLS, which was asked for.
    SpeaksPlain {
        node: String,
    },
    OnlyTls {
        node: String,
    },
    /// It speaks no TLS, and is not `EventStoreDB` without it.
    NoTls {
        node: String,
        handshake: NoHandshake,
    },
    /// Without TLS it is not `EventStoreDB`, and it speaks no TLS.
    NotEventStore {
        node: String,
    },
    Tls {
        node: String,
        cause: TlsCause,
    },
    /// It takes connections and says nothing.
    Silent {
        node: String,
    },
    /// A web server or a proxy; with its status and its name.
    Http1 {
        node: String,
        status: u16,
        server: Option<String>,
    },
    /// It speaks HTTP/2, and answers the first call with a page: a proxy; with its status and its name.
    NoGrpc {
        node: String,
        status: u16,
        server: Option<String>,
    },
    /// The way there is well, and this is what the client said.
    FirstCallFailed {
        node: String,
        said: Box<StoreError>,
    },
    /// The client's connection ended.
    Lost,
    /// The client cannot connect any more.
    Gone,
    /// The connection broke during a call.
    Broken,
    /// There is no connection at this moment; what was asked for was not sent.
    NotConnected,
    Sandbox(SandboxFault),
}
