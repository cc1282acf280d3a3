//! Servers that are no database.

use bytes::Bytes;
use http_body_util::Full;
use hyper_util::rt::{TokioExecutor, TokioIo};
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;

/// Serves each connection by a task of its own.
pub async fn serve<F>(each: impl Fn(TcpStream) -> F + Send + 'static) -> SocketAddr
where
    F: Future<Output = ()> + Send + 'static,
{
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((socket, _)) = listener.accept().await {
            tokio::spawn(each(socket));
        }
    });
    address
}

/// Takes connections and says nothing, as long as the second part is kept.
pub async fn silent() -> (SocketAddr, TcpListener) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    (listener.local_addr().unwrap(), listener)
}

/// Takes no connection more, as long as the second part is kept: the system answers none that it has no place for.
#[cfg(target_os = "linux")]
pub fn full() -> (SocketAddr, impl Sized) {
    use socket2::{Domain, Socket, Type};
    let listener = Socket::new(Domain::IPV4, Type::STREAM, None).unwrap();
    listener.bind(&SocketAddr::from(([127, 0, 0, 1], 0)).into()).unwrap();
    listener.listen(0).unwrap();
    let address = listener.local_addr().unwrap().as_socket().unwrap();
    let waiting = std::net::TcpStream::connect(address).unwrap();
    (address, (listener, waiting))
}

/// Hears a question, gives this answer and hangs up.
pub async fn answer(mut stream: impl AsyncRead + AsyncWrite + Unpin, said: &'static [u8]) {
    let mut heard = [0; 1024];
    if stream.read(&mut heard).await.is_ok_and(|count| count > 0) && stream.write_all(said).await.is_ok() {
        drop(stream.shutdown().await);
        // What is not read would make a reset of the end.
        while stream.read(&mut heard).await.is_ok_and(|count| count > 0) {}
    }
}

/// A proxy that speaks HTTP/2 and answers each call with a page.
pub async fn pages(stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static, status: u16) {
    let service = hyper::service::service_fn(move |_| async move {
        http::Response::builder().status(status).header("server", "envoy").body(Full::new(Bytes::from("no")))
    });
    let http2 = hyper::server::conn::http2::Builder::new(TokioExecutor::new());
    drop(http2.serve_connection(TokioIo::new(stream), service).await);
}

/// TLS before one of them.
pub fn secured(mut config: ServerConfig, protocols: &[&[u8]]) -> TlsAcceptor {
    config.alpn_protocols = protocols.iter().map(|protocol| protocol.to_vec()).collect();
    TlsAcceptor::from(Arc::new(config))
}
