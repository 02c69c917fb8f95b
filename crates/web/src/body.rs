//! The body of a request: a form, a form with a file, or bytes as they are; never more than the address takes.

use axum::body::Body;
use axum::extract::{FromRequest, Multipart, Request};
use axum::http::{HeaderMap, header};

use crate::ask::{Problem, SentFile, Upload};
use crate::fields::Fields;

/// What was sent.
#[derive(Debug, Default)]
pub(crate) struct Sent {
    /// The fields of a form.
    pub form: Fields,
    /// The file or the bytes.
    pub upload: Option<Upload>,
    /// The files that came with the form, each with its field.
    pub files: Vec<SentFile>,
}

/// Reads a body of at most `limit` bytes.
///
/// # Errors
/// [`Problem::TooLarge`] past the limit, [`Problem::BadForm`] for a form that is not whole.
pub(crate) async fn read(headers: &HeaderMap, body: Body, limit: usize) -> Result<Sent, Problem> {
    let declared =
        headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let media = declared.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let bytes = axum::body::to_bytes(body, limit).await.map_err(|_| Problem::TooLarge)?;
    match media.as_str() {
        _ if bytes.is_empty() => Ok(Sent::default()),
        "application/x-www-form-urlencoded" => Ok(Sent { form: Fields::read(&bytes), ..Sent::default() }),
        "multipart/form-data" => parts(declared, bytes.into()).await,
        _ => Ok(Sent { upload: Some(Upload { media, bytes: bytes.into() }), ..Sent::default() }),
    }
}

/// Reads a form with files; the last file counts.
async fn parts(declared: &str, body: Body) -> Result<Sent, Problem> {
    let request = Request::builder().header(header::CONTENT_TYPE, declared).body(body);
    let request = request.map_err(|_| Problem::BadForm)?;
    let mut parts = Multipart::from_request(request, &()).await.map_err(|_| Problem::BadForm)?;
    let mut sent = Sent::default();
    while let Some(part) = parts.next_field().await.map_err(|_| Problem::BadForm)? {
        let name = part.name().unwrap_or_default().to_owned();
        let called = part.file_name().map(str::to_owned);
        let file = called.as_ref().map(|file| media_of(part.content_type().unwrap_or_default(), file));
        let bytes = part.bytes().await.map_err(|_| Problem::BadForm)?;
        match file {
            Some(_) if bytes.is_empty() => {}
            Some(media) => {
                let bytes: Vec<u8> = bytes.into();
                sent.files.push(SentFile {
                    field: name,
                    name: called.unwrap_or_default(),
                    bytes: bytes.clone(),
                });
                sent.upload = Some(Upload { media, bytes });
            }
            None => sent.form.push(name, String::from_utf8(bytes.into()).map_err(|_| Problem::BadForm)?),
        }
    }
    Ok(sent)
}

/// Browsers know little of media types of files; the ending of the name says more.
fn media_of(declared: &str, file: &str) -> String {
    let ending = file.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
    match ending.as_deref() {
        Some("xml") => "application/xml".to_owned(),
        Some("csv") => "text/csv".to_owned(),
        Some("json") => "application/json".to_owned(),
        _ => declared.split(';').next().unwrap_or_default().trim().to_ascii_lowercase(),
    }
}
