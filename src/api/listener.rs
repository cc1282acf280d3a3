//! The connections: so many at once, none of which stays without asking or taking its answer.

use axum::Router;
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::{
        conn::auto,
        graceful::{GracefulShutdown, Watcher},
    },
    service::TowerToHyperService,
};
use std::future::Future;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio::time::Sleep;

/// Connections at once; further ones wait in the backlog.
const CONNECTIONS: usize = 1_024;
/// The longest that a connection may take for the header of a request, from when it could begin to ask.
const HEADER: Duration = Duration::from_secs(30);
/// The longest that a request may take, its body included; an event stream only until it begins.
const REQUEST: Duration = Duration::from_secs(30);
/// The longest that a client may take nothing of an answer that waits for it.
const STALL: Duration = Duration::from_secs(30);
/// Pause after a connection that could not be accepted.
const AGAIN: Duration = Duration::from_millis(100);

/// How long and how many clients may keep the service busy.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    pub connections: usize,
    pub header: Duration,
    pub request: Duration,
    pub stall: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self { connections: CONNECTIONS, header: HEADER, request: REQUEST, stall: STALL }
    }
}

/// Accepts until told to stop, then waits for the requests in progress.
pub async fn serve(
    listener: TcpListener,
    routes: Router,
    limits: Limits,
    mut stopping: watch::Receiver<bool>,
) {
    let (graceful, free) = (GracefulShutdown::new(), Arc::new(Semaphore::new(limits.connections)));
    loop {
        let next = async {
            let permit = free.clone().acquire_owned().await;
            (listener.accept().await, permit)
        };
        let (accepted, permit) = tokio::select! {
            next = next => next,
            _ = stopping.wait_for(|stop| *stop) => break,
        };
        match accepted {
            Ok((socket, _)) => {
                let served = connection(socket, routes.clone(), limits, graceful.watcher());
                tokio::spawn(async move {
                    served.await;
                    drop(permit);
                });
            }
            Err(error) => {
                // Out of descriptors, most likely: others end meanwhile.
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(AGAIN).await;
            }
        }
    }
    drop(listener);
    graceful.shutdown().await;
}

async fn connection(socket: TcpStream, routes: Router, limits: Limits, watcher: Watcher) {
    if let Err(error) = socket.set_nodelay(true) {
        tracing::debug!(%error, "answers may be late");
    }
    let mut builder = auto::Builder::new(TokioExecutor::new()).http1_only();
    builder.http1().timer(TokioTimer::new()).header_read_timeout(limits.header);
    let socket = TokioIo::new(WriteTimeout { socket, limit: limits.stall, stalled: None });
    let served = builder.serve_connection(socket, TowerToHyperService::new(routes));
    if let Err(error) = watcher.watch(served).await {
        tracing::debug!(%error, "a connection broke or was let go");
    }
}

/// A socket that fails where the other side takes nothing for too long.
struct WriteTimeout {
    socket: TcpStream,
    limit: Duration,
    /// Ends when a write that waits has waited too long.
    stalled: Option<Pin<Box<Sleep>>>,
}

impl WriteTimeout {
    fn bounded<T>(&mut self, cx: &mut Context<'_>, written: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if written.is_ready() {
            self.stalled = None;
            return written;
        }
        let limit = self.limit;
        let stalled = self.stalled.get_or_insert_with(|| Box::pin(tokio::time::sleep(limit)));
        stalled.as_mut().poll(cx).map(|()| Err(io::ErrorKind::TimedOut.into()))
    }
}

impl AsyncRead for WriteTimeout {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.socket).poll_read(cx, buf)
    }
}

impl AsyncWrite for WriteTimeout {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.socket).poll_write(cx, buf);
        self.bounded(cx, written)
    }
    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.socket).poll_flush(cx)
    }
    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.socket).poll_shutdown(cx)
    }
    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.socket).poll_write_vectored(cx, bufs);
        self.bounded(cx, written)
    }
    fn is_write_vectored(&self) -> bool {
        self.socket.is_write_vectored()
    }
}
