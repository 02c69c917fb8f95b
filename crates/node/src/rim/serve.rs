//! One listener: connections taken within a bound, served until they end or the node stops.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::ConnectInfo;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::task::JoinSet;
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;

/// A listener with what it serves.
pub(crate) struct Listener {
    pub(crate) socket: TcpListener,
    pub(crate) tls: Option<Arc<ServerConfig>>,
    pub(crate) router: Router,
    /// How many connections are open at once.
    pub(crate) connections: usize,
    /// How long open connections may take to finish at shutdown.
    pub(crate) grace: Duration,
}

/// Serves until told to stop; then takes no more connections and gives those that are open a while to finish.
pub(crate) async fn serve(listener: Listener, mut stop: watch::Receiver<()>) {
    let room = Arc::new(Semaphore::new(listener.connections));
    let acceptor = listener.tls.map(TlsAcceptor::from);
    let mut open = JoinSet::new();
    loop {
        let taken = tokio::select! {
            taken = take(&listener.socket, &room) => taken,
            _ = stop.changed() => break,
            Some(_) = open.join_next() => continue,
        };
        let Some((stream, peer, permit)) = taken else { continue };
        let router = listener.router.clone();
        open.spawn(connection(stream, peer, permit, acceptor.clone(), router, stop.clone()));
    }
    drop(listener.socket);
    let finished = timeout(listener.grace, async { while open.join_next().await.is_some() {} }).await;
    if finished.is_err() {
        tracing::warn!(open = open.len(), "connections were cut at shutdown");
    }
}

async fn take(
    socket: &TcpListener,
    room: &Arc<Semaphore>,
) -> Option<(TcpStream, SocketAddr, OwnedSemaphorePermit)> {
    let permit = Arc::clone(room).acquire_owned().await.ok()?;
    match socket.accept().await {
        Ok((stream, peer)) => Some((stream, peer, permit)),
        Err(error) => {
            // Out of file handles, or a peer that has gone: neither is a reason to stop, both are a reason to pause.
            tracing::warn!(%error, "a connection could not be taken");
            tokio::time::sleep(PAUSE).await;
            None
        }
    }
}

async fn connection(
    stream: TcpStream,
    peer: SocketAddr,
    permit: OwnedSemaphorePermit,
    acceptor: Option<TlsAcceptor>,
    router: Router,
    stop: watch::Receiver<()>,
) {
    let _permit = permit;
    // Small answers should not wait for more; where the machine refuses, they wait.
    let _ = stream.set_nodelay(true);
    match acceptor {
        None => exchange(stream, peer, router, stop).await,
        Some(acceptor) => match timeout(HANDSHAKE, acceptor.accept(stream)).await {
            Ok(Ok(stream)) => exchange(stream, peer, router, stop).await,
            Ok(Err(error)) => tracing::debug!(%peer, %error, "no TLS came about"),
            Err(_) => tracing::debug!(%peer, "TLS took too long"),
        },
    }
}

async fn exchange<S>(stream: S, peer: SocketAddr, router: Router, mut stop: watch::Receiver<()>)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let router = router.layer(axum::Extension(ConnectInfo(peer)));
    let served = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEADERS)
        .max_headers(HEADERS_MAX)
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(router))
        .with_upgrades();
    let mut served = std::pin::pin!(served);
    let ended = tokio::select! {
        ended = served.as_mut() => ended,
        _ = stop.changed() => {
            served.as_mut().graceful_shutdown();
            served.await
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%peer, %error, "a connection broke");
    }
}

/// How long a peer may take for TLS.
const HANDSHAKE: Duration = Duration::from_secs(10);
/// How long a peer may take for the head of a request.
const HEADERS: Duration = Duration::from_secs(20);
/// How many header lines a request may have.
const HEADERS_MAX: usize = 64;
/// How long nothing is taken after taking failed.
const PAUSE: Duration = Duration::from_millis(100);
