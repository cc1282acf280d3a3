//! What a node speaks, held against what was asked for.

use super::opening::{Opening, ask_http1, greet};
use super::reach::connect;
use super::tls::{End, Handshake, handshake, handshake_without_http2};
use crate::store::grpc::certificates::Trust;
use crate::store::grpc::connection_options::Options;
use crate::store::{ConnectionCause, NoHandshake, ServerCertificate, TlsCause};
use std::net::SocketAddr;

/// One node, and how it is spoken to.
#[derive(Clone, Copy)]
pub struct Node<'a> {
    /// Host and port.
    pub name: &'a str,
    pub addresses: &'a [SocketAddr],
    pub trust: &'a Trust,
    pub options: &'a Options,
}

/// What a node speaks.
pub struct Protocol {
    /// That the server showed, be it good or bad.
    pub certificate: Option<ServerCertificate>,
    /// What would be wrong with the certificate, where it need not be right.
    pub doubt: Option<TlsCause>,
    /// Whether TLS is as it was asked for.
    pub tls: Result<(), ConnectionCause>,
    /// Whether HTTP/2 is spoken; means nothing where TLS failed.
    pub http2: Result<(), ConnectionCause>,
}

impl Protocol {
    fn plain(http2: Result<(), ConnectionCause>) -> Self {
        Self { certificate: None, doubt: None, tls: Ok(()), http2 }
    }

    fn no_tls(cause: ConnectionCause) -> Self {
        Self { certificate: None, doubt: None, tls: Err(cause), http2: Ok(()) }
    }

    pub fn verdict(self) -> Result<(), ConnectionCause> {
        self.tls.and(self.http2)
    }
}

impl Node<'_> {
    fn named(self) -> String {
        self.name.to_owned()
    }

    /// The name without the port.
    pub fn host(&self) -> &str {
        self.name.rsplit_once(':').map_or(self.name, |(host, _)| host)
    }

    /// Whether the node speaks as was asked, and if not, how.
    pub async fn protocol(self) -> Protocol {
        if self.options.tls() { self.over_tls().await } else { self.plainly().await }
    }

    async fn over_tls(self) -> Protocol {
        let shaken = match connect(self.name, self.addresses).await {
            Ok(socket) => handshake(socket, self.host(), self.trust, self.options).await,
            Err(cause) => return Protocol::no_tls(cause),
        };
        let handshake = match shaken.end {
            End::NoHttp2 => self.without_http2().await.unwrap_or(shaken),
            _ => shaken,
        };
        self.secured(handshake).await
    }

    async fn without_http2(self) -> Option<Handshake> {
        let socket = connect(self.name, self.addresses).await.ok()?;
        Some(handshake_without_http2(socket, self.host(), self.trust, self.options).await)
    }

    async fn secured(self, handshake: Handshake) -> Protocol {
        let Handshake { certificate, doubt, end } = handshake;
        let tls = |cause| Err(ConnectionCause::Tls { node: self.named(), cause });
        let (tls, http2) = match end {
            _ if doubt.is_some() && self.options.verifies() => (doubt.clone().map_or(Ok(()), tls), Ok(())),
            End::Refused(cause) => (tls(cause), Ok(())),
            End::Failed(why) => (Err(self.unsecured(why).await), Ok(())),
            End::Opened(Opening::Http2) => (Ok(()), Ok(())),
            End::Opened(opening) => (Ok(()), Err(self.other(opening))),
            End::NoHttp2 => (Ok(()), Err(self.other(Opening::Unknown))),
        };
        Protocol { certificate, doubt, tls, http2 }
    }

    /// Why there is no TLS, after this handshake.
    async fn unsecured(self, handshake: NoHandshake) -> ConnectionCause {
        match (self.opening().await, handshake) {
            (Opening::Http2, _) => ConnectionCause::SpeaksPlain { node: self.named() },
            (opening @ Opening::Http1 { .. }, _) => self.other(opening),
            (Opening::Silent, NoHandshake::Silent) => ConnectionCause::Silent { node: self.named() },
            (_, handshake) => ConnectionCause::NoTls { node: self.named(), handshake },
        }
    }

    async fn plainly(self) -> Protocol {
        let (opening, secured) = match self.greeted().await {
            Opening::Http2 => return Protocol::plain(Ok(())),
            greeted => tokio::join!(self.page(greeted), self.is_secured()),
        };
        if secured {
            return Protocol::no_tls(ConnectionCause::OnlyTls { node: self.named() });
        }
        Protocol::plain(Err(self.other(opening)))
    }

    /// How a greeting without TLS is answered, or else a question for a page.
    async fn opening(self) -> Opening {
        match self.greeted().await {
            opening @ (Opening::Http2 | Opening::Http1 { .. }) => opening,
            greeted => self.page(greeted).await,
        }
    }

    async fn greeted(self) -> Opening {
        let Ok(mut socket) = connect(self.name, self.addresses).await else { return Opening::Silent };
        greet(&mut socket).await.unwrap_or(Opening::Closed)
    }

    /// Asks a server that did not know the greeting for a page.
    async fn page(self, greeted: Opening) -> Opening {
        if matches!(greeted, Opening::Http1 { .. }) {
            return greeted;
        }
        let Ok(mut socket) = connect(self.name, self.addresses).await else { return greeted };
        match ask_http1(&mut socket, self.name).await {
            Ok(opening @ Opening::Http1 { .. }) => opening,
            _ => greeted,
        }
    }

    async fn is_secured(self) -> bool {
        let Ok(socket) = connect(self.name, self.addresses).await else { return false };
        let handshake = handshake(socket, self.host(), self.trust, self.options).await;
        !matches!(handshake.end, End::Failed(_))
    }

    /// What it is that answers so.
    fn other(self, opening: Opening) -> ConnectionCause {
        let node = self.named();
        match opening {
            Opening::Http1 { status, server } => ConnectionCause::Http1 { node, status, server },
            Opening::Silent => ConnectionCause::Silent { node },
            Opening::Http2 | Opening::Unknown | Opening::Closed => ConnectionCause::NotEventStore { node },
        }
    }
}
