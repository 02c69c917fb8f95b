//! One connection to another machine: TCP, TLS, HTTP/1.

use std::io::{Read as _, Seek as _, SeekFrom};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::Bytes;
use axum::http::{Uri, header};
use http_body_util::combinators::BoxBody;
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::body::{Frame, SizeHint};
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper::{Request, body::Body as _};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::sync::mpsc;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::ClientConfig;
use tokio_rustls::rustls::pki_types::ServerName;

/// What a request carries: bytes in memory, or a file as it is read.
pub(crate) type Load = BoxBody<Bytes, std::io::Error>;

/// A connection that can take a request.
pub(crate) type Line = SendRequest<Load>;

/// An answer.
#[derive(Clone, Debug)]
pub(crate) struct Answered {
    pub(crate) status: u16,
    pub(crate) content_type: String,
    pub(crate) body: Bytes,
}

/// Bytes in memory as what a request carries.
pub(crate) fn load(bytes: Bytes) -> Load {
    Full::new(bytes).map_err(|never| match never {}).boxed()
}

/// A file from one place to its end as what a request carries, read a piece at a time as the line takes it.
pub(crate) fn file_load(mut file: std::fs::File, start: u64, end: u64) -> Load {
    let (pieces, waiting) = mpsc::channel(PIECES_AHEAD);
    tokio::task::spawn_blocking(move || {
        if let Err(error) = file.seek(SeekFrom::Start(start)) {
            // Nobody waiting any more is no fault.
            let _ = pieces.blocking_send(Err(error));
            return;
        }
        let mut left = end.saturating_sub(start);
        while left > 0 {
            let mut piece = vec![0; usize::try_from(left).unwrap_or(PIECE).min(PIECE)];
            let read = file.read_exact(&mut piece).map(|()| Bytes::from(piece));
            left -= read.as_ref().map_or(left, |piece| piece.len() as u64);
            if pieces.blocking_send(read).is_err() {
                return;
            }
        }
    });
    FileLoad { waiting, left: end.saturating_sub(start) }.boxed()
}

/// Pieces of a file as they are read.
struct FileLoad {
    waiting: mpsc::Receiver<std::io::Result<Bytes>>,
    left: u64,
}

impl hyper::body::Body for FileLoad {
    type Data = Bytes;
    type Error = std::io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, std::io::Error>>> {
        if self.left == 0 {
            return Poll::Ready(None);
        }
        self.waiting.poll_recv(context).map(|piece| match piece {
            Some(Ok(piece)) => {
                self.left = self.left.saturating_sub(piece.len() as u64);
                Some(Ok(Frame::data(piece)))
            }
            Some(Err(error)) => Some(Err(error)),
            None => Some(Err(std::io::Error::other("the file ended early"))),
        })
    }

    fn is_end_stream(&self) -> bool {
        self.left == 0
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.left)
    }
}

/// A `POST` to an address.
pub(crate) fn post(uri: &Uri, content_type: &str, load: Load) -> Result<Request<Load>, String> {
    let path = uri.path_and_query().map_or("/", |path| path.as_str());
    let host = uri.authority().map_or("", |authority| authority.as_str());
    let length = load.size_hint().exact();
    let mut request = Request::post(path)
        .header(header::HOST, host)
        .header(header::CONTENT_TYPE, content_type)
        .header(header::USER_AGENT, concat!("sampan/", env!("CARGO_PKG_VERSION")));
    if let Some(length) = length {
        request = request.header(header::CONTENT_LENGTH, length);
    }
    request.body(load).map_err(|error| error.to_string())
}

/// Sends a request and reads the whole answer, up to so many bytes.
pub(crate) async fn ask(line: &mut Line, request: Request<Load>, limit: usize) -> Result<Answered, String> {
    let response = line.send_request(request).await.map_err(|error| error.to_string())?;
    let status = response.status().as_u16();
    let content_type = response.headers().get(header::CONTENT_TYPE);
    let content_type = content_type.and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
    let body = Limited::new(response.into_body(), limit).collect().await;
    let body = body.map_err(|error| error.to_string())?.to_bytes();
    Ok(Answered { status, content_type, body })
}

/// Opens a connection.
pub(crate) async fn connect(uri: &Uri, tls: ClientConfig) -> Result<Line, String> {
    let opened = timeout(CONNECT, open(uri, tls)).await;
    opened.unwrap_or_else(|_| Err("no connection in time".to_owned()))
}

async fn open(uri: &Uri, tls: ClientConfig) -> Result<Line, String> {
    let host = uri.host().ok_or("no host")?.trim_matches(['[', ']']).to_owned();
    let stream = TcpStream::connect((host.as_str(), uri.port_u16().unwrap_or(443))).await;
    let stream = stream.map_err(|error| error.to_string())?;
    stream.set_nodelay(true).map_err(|error| error.to_string())?;
    let name = ServerName::try_from(host).map_err(|error| error.to_string())?;
    let stream = TlsConnector::from(Arc::new(tls)).connect(name, stream).await;
    let stream = stream.map_err(|error| error.to_string())?;
    let (line, connection) = handshake(TokioIo::new(stream)).await.map_err(|error| error.to_string())?;
    tokio::spawn(async move {
        if let Err(error) = connection.await {
            tracing::debug!(%error, "a line to a partner broke");
        }
    });
    Ok(line)
}

/// How much of a file is read at once.
const PIECE: usize = 64 << 10;
/// How many pieces wait between the disk and the line.
const PIECES_AHEAD: usize = 4;
/// How long a connection may take.
const CONNECT: Duration = Duration::from_secs(10);
