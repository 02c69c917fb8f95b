//! A connection to a node or a foreign access point that stays open, for tools beside a node: measurements, kill tests.

use axum::body::Bytes;
use exchange::Wire;
use hyper::Uri;
use hyper::client::conn::http1::handshake;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

use super::call::CallFault;
use super::line::{self, Line};
use crate::descriptor::Descriptor;
use crate::tls;

/// An open connection; messages go over it one after the other.
pub struct OpenLine {
    uri: Uri,
    line: Line,
}

impl std::fmt::Debug for OpenLine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("OpenLine").field("uri", &self.uri).finish_non_exhaustive()
    }
}

impl OpenLine {
    /// Connects to a node by its descriptor, over TLS pinned to it.
    ///
    /// # Errors
    /// [`CallFault`].
    pub async fn to(partner: &Descriptor) -> Result<Self, CallFault> {
        let uri: Uri = partner.endpoint.parse().map_err(|error| CallFault::at("address", error))?;
        let tls =
            tls::client(&partner.tls_certificates(), None).map_err(|error| CallFault::at("tls", error))?;
        let line = line::connect(&uri, tls).await.map_err(|cause| CallFault::at("connection", cause))?;
        Ok(Self { uri, line })
    }

    /// Connects without TLS, as only an access point on the same machine is spoken with.
    ///
    /// # Errors
    /// [`CallFault`].
    pub async fn clear(address: &str) -> Result<Self, CallFault> {
        let uri: Uri = address.parse().map_err(|error| CallFault::at("address", error))?;
        let host = uri.host().ok_or_else(|| CallFault::at("address", "no host"))?;
        let stream = TcpStream::connect((host, uri.port_u16().unwrap_or(80))).await;
        let stream = stream.map_err(|error| CallFault::at("connection", error))?;
        stream.set_nodelay(true).map_err(|error| CallFault::at("connection", error))?;
        let answered = handshake(TokioIo::new(stream)).await;
        let (line, connection) = answered.map_err(|error| CallFault::at("connection", error))?;
        tokio::spawn(async move {
            // A line that broke is seen by whoever sends over it next.
            let _ = connection.await;
        });
        Ok(Self { uri, line })
    }

    /// Sends a message and gives what came back: its media type and its body.
    ///
    /// # Errors
    /// [`CallFault`]; the line is of no use then.
    pub async fn send(&mut self, wire: &Wire) -> Result<(String, Vec<u8>), CallFault> {
        self.line.ready().await.map_err(|error| CallFault::at("connection", error))?;
        let load = line::load(Bytes::copy_from_slice(&wire.body));
        let request = line::post(&self.uri, &wire.content_type, load);
        let request = request.map_err(|cause| CallFault::at("address", cause))?;
        let answered = line::ask(&mut self.line, request, usize::MAX).await;
        let answered = answered.map_err(|cause| CallFault::at("answer", cause))?;
        Ok((answered.content_type, answered.body.to_vec()))
    }
}
