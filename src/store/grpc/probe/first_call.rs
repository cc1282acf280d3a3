//! The first call over HTTP/2, by a connection of its own: what a proxy answers in the server's place is seen here.

use super::protocol::Node;
use super::reach::connect;
use super::tls::secure;
use crate::record::json::one_line;
use crate::store::{ConnectionCause, StoreError};
use bytes::Bytes;
use http::{HeaderMap, Request, Response};
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Incoming;
use hyper_util::rt::{TokioExecutor, TokioIo};
use prost::Message as _;
use std::io;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::time::timeout;

const CALL: &str = "/event_store.client.server_features.ServerFeatures/GetSupportedMethods";
/// A message without fields in its frame.
const NOTHING: &[u8] = &[0; 5];
const ANSWERS: Duration = Duration::from_secs(5);
const MOST: usize = 1 << 20;
const MOST_CHARS: usize = 200;

/// Of the answer, what is used.
#[derive(Clone, PartialEq, prost::Message)]
struct SupportedMethods {
    #[prost(string, tag = "2")]
    version: String,
}

impl Node<'_> {
    /// The server's version, where it tells.
    pub async fn first_call(self) -> Result<Option<String>, StoreError> {
        let socket = connect(self.name, self.addresses).await.map_err(StoreError::Unreachable)?;
        let answered = timeout(ANSWERS, async {
            if self.options.tls() {
                self.ask(secure(socket, self.host(), self.trust).await?).await
            } else {
                self.ask(socket).await
            }
        });
        match answered.await {
            Ok(Ok(answer)) => self.version(&answer),
            Ok(Err(error)) => {
                let said = StoreError::Server(one_line(error.to_string().as_bytes(), MOST_CHARS));
                Err(StoreError::Unreachable(ConnectionCause::FirstCallFailed {
                    node: self.name.to_owned(),
                    said: Box::new(said),
                }))
            }
            Err(_) => Err(StoreError::Timeout(ANSWERS.as_secs())),
        }
    }

    async fn ask(self, stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static) -> io::Result<Answer> {
        let handshake = hyper::client::conn::http2::handshake(TokioExecutor::new(), TokioIo::new(stream));
        let (mut sender, connection) = handshake.await.map_err(io::Error::other)?;
        let asking = async {
            let request = self.request().map_err(io::Error::other)?;
            Answer::read(sender.send_request(request).await.map_err(io::Error::other)?).await
        };
        // The connection ends with the answer.
        tokio::select! {
            answer = asking => answer,
            Err(error) = connection => Err(io::Error::other(error)),
        }
    }

    fn request(self) -> http::Result<Request<Full<Bytes>>> {
        let scheme = if self.options.tls() { "https" } else { "http" };
        Request::post(format!("{scheme}://{}{CALL}", self.name))
            .header("content-type", "application/grpc")
            .header("te", "trailers")
            .body(Full::from(NOTHING))
    }

    fn version(self, answer: &Answer) -> Result<Option<String>, StoreError> {
        let node = self.name.to_owned();
        let is_grpc = answer.header("content-type").is_some_and(|kind| kind.starts_with("application/grpc"));
        if answer.status != 200 || !is_grpc {
            let server = answer.header("server").map(|server| one_line(server.as_bytes(), MOST_CHARS));
            return Err(StoreError::Unreachable(ConnectionCause::NoGrpc {
                node,
                status: answer.status,
                server,
            }));
        }
        let message = answer.header("grpc-message").map(|message| one_line(message.as_bytes(), MOST_CHARS));
        match answer.header("grpc-status") {
            Some("0") => Ok(answer.version()),
            // Of servers that are older than this call.
            Some("12" | "5") => Ok(None),
            Some("14") => Err(StoreError::NotReady),
            _ => Err(StoreError::Server(message.unwrap_or_default())),
        }
    }
}

/// An answer to the call, be it the server's or a proxy's.
struct Answer {
    status: u16,
    /// Trailers too.
    headers: HeaderMap,
    body: Bytes,
}

impl Answer {
    async fn read(response: Response<Incoming>) -> io::Result<Self> {
        let (head, body) = response.into_parts();
        let body = Limited::new(body, MOST).collect().await.map_err(io::Error::other)?;
        let mut headers = head.headers;
        headers.extend(body.trailers().cloned().unwrap_or_default());
        Ok(Self { status: head.status.as_u16(), headers, body: body.to_bytes() })
    }

    fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    fn version(&self) -> Option<String> {
        let methods = SupportedMethods::decode(self.body.get(NOTHING.len()..)?).ok()?;
        Some(one_line(methods.version.as_bytes(), MOST_CHARS)).filter(|version| !version.is_empty())
    }
}
