//! Lists and answers about partners' certificates, fetched now and then from where the certificates themselves say they are:
//! plain HTTP, bounded in length and time, believed only where the authority signed them.

use std::path::Path;
use std::time::Duration;

use axum::body::Bytes;
use axum::http::{Request, Uri, header};
use exchange::Certificate;
use exchange::certificate::{OcspResponse, RevocationList, ocsp_request};
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::client::conn::http1::handshake;
use hyper_util::rt::TokioIo;
use jiff::Timestamp;
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio::time::timeout;

use super::Rim;
use crate::standing::{FILE_MAX, folder_of};

/// Fetches until told to stop.
pub(crate) async fn keep_up(rim: Rim, mut stop: watch::Receiver<()>) {
    loop {
        round(&rim).await;
        tokio::select! {
            () = tokio::time::sleep(EVERY) => {}
            _ = stop.changed() => return,
        }
    }
}

/// Asks about every certificate of every partner that names its authorities.
async fn round(rim: &Rim) {
    let known = rim.partners.now();
    for (id, descriptor) in &known.descriptors {
        let party = crate::envelope::party_of(id);
        let Some(partner) = known.trust.partner(&party).filter(|partner| !partner.authorities.is_empty())
        else {
            continue;
        };
        let folder = folder_of(&rim.partners.folder(), id);
        for certificate in descriptor.signing_certificates() {
            let issuer = partner.authorities.iter().find(|authority| authority.issued(&certificate));
            if let Some(issuer) = issuer {
                ask(&certificate, issuer, &folder).await;
            }
        }
    }
}

async fn ask(certificate: &Certificate, issuer: &Certificate, folder: &Path) {
    let (addresses, name) = (certificate.revocation_addresses(), certificate.fingerprint_hex());
    for address in addresses.lists.iter().take(ADDRESSES_MAX) {
        match fetched(address, None).await {
            Ok(list) if RevocationList::from_der(&list, issuer).is_ok() => {
                keep(folder, &format!("fetched-{}.crl", &issuer.fingerprint_hex()[..16]), &list);
            }
            Ok(_) => tracing::warn!(address, "what came is no list of the authority"),
            Err(cause) => tracing::warn!(address, cause, "a list could not be fetched"),
        }
    }
    for address in addresses.online.iter().take(ADDRESSES_MAX) {
        match fetched(address, Some(ocsp_request(certificate, issuer))).await {
            Ok(answer) if OcspResponse::from_der(&answer, issuer, Timestamp::now()).is_ok() => {
                keep(folder, &format!("fetched-{}.ocsp", &name[..16]), &answer);
            }
            Ok(_) => tracing::warn!(address, "what came is no answer of the authority"),
            Err(cause) => tracing::warn!(address, cause, "an answer could not be fetched"),
        }
    }
}

/// What lies at an address, or is answered there to a question.
async fn fetched(address: &str, question: Option<Vec<u8>>) -> Result<Bytes, String> {
    let whole = timeout(PATIENCE, exchanged(address, question)).await;
    whole.unwrap_or_else(|_| Err("no answer in time".to_owned()))
}

async fn exchanged(address: &str, question: Option<Vec<u8>>) -> Result<Bytes, String> {
    let uri: Uri = address.parse().map_err(|_| "not an address")?;
    // What comes is signed by itself, so these addresses are plain HTTP everywhere.
    if uri.scheme_str() != Some("http") {
        return Err("only http is fetched".to_owned());
    }
    let host = uri.host().ok_or("no host")?;
    let stream = TcpStream::connect((host, uri.port_u16().unwrap_or(80))).await;
    let stream = stream.map_err(|error| error.to_string())?;
    let (mut line, connection) = handshake(TokioIo::new(stream)).await.map_err(|error| error.to_string())?;
    let driven = tokio::spawn(connection);
    let path = uri.path_and_query().map_or("/", |path| path.as_str());
    let request = Request::builder().uri(path).header(header::HOST, host);
    let request = match question {
        Some(question) => request
            .method("POST")
            .header(header::CONTENT_TYPE, "application/ocsp-request")
            .header(header::CONTENT_LENGTH, question.len())
            .body(Full::new(Bytes::from(question))),
        None => request.body(Full::default()),
    };
    let answer = line.send_request(request.map_err(|error| error.to_string())?).await;
    let answer = answer.map_err(|error| error.to_string())?;
    let status = answer.status();
    let limit = usize::try_from(FILE_MAX).unwrap_or(usize::MAX);
    let body = Limited::new(answer.into_body(), limit).collect().await.map_err(|error| error.to_string());
    driven.abort();
    if status.is_success() { Ok(body?.to_bytes()) } else { Err(format!("answered {status}")) }
}

fn keep(folder: &Path, name: &str, bytes: &[u8]) {
    let (path, next) = (folder.join(name), folder.join(format!("{name}.next")));
    let kept = std::fs::create_dir_all(folder)
        .and_then(|()| std::fs::write(&next, bytes))
        .and_then(|()| std::fs::rename(&next, &path));
    if let Err(error) = kept {
        tracing::warn!(path = %path.display(), %error, "what was fetched could not be kept");
    }
}

/// How often everything is asked.
const EVERY: Duration = Duration::from_secs(6 * 3_600);
/// How long one address may take.
const PATIENCE: Duration = Duration::from_secs(20);
/// How many addresses of one kind are asked for one certificate.
const ADDRESSES_MAX: usize = 2;
