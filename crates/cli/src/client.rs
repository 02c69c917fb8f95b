//! Speaking to a running node over its JSON interface.

use std::time::Duration;

use anyhow::{Context as _, bail};
use kernel::CaseId;
use serde_json::{Value, json};

/// What came of an act.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Done {
    /// It was taken.
    Taken,
    /// It was refused, with this code.
    Refused(String),
}

/// A node's JSON interface and the token we speak with.
pub(crate) struct Client {
    agent: ureq::Agent,
    base: String,
    token: String,
}

/// What stands in a path as it is, beside letters and digits.
const IN_PATH: &percent_encoding::AsciiSet =
    &percent_encoding::NON_ALPHANUMERIC.remove(b'/').remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(30);

impl Client {
    /// The interface at this address, asked with this token.
    pub(crate) fn new(base: impl Into<String>, token: impl Into<String>) -> Self {
        let config = ureq::Agent::config_builder().timeout_global(Some(PATIENCE)).http_status_as_error(false);
        Self { agent: config.build().into(), base: base.into(), token: token.into() }
    }

    /// Takes an act on a case; the same id taken twice happens once.
    pub(crate) fn act(&self, id: &str, case: &CaseId, act: &Value) -> anyhow::Result<Done> {
        self.act_with(id, case, (act, &[]))
    }

    /// Takes an act on a case together with its files.
    pub(crate) fn act_with(
        &self,
        id: &str,
        case: &CaseId,
        (act, files): (&Value, &[SentFile]),
    ) -> anyhow::Result<Done> {
        let case_in_path = percent_encoding::utf8_percent_encode(case.as_str(), IN_PATH);
        let path = format!("/api/v1/acts/{case_in_path}");
        let (status, answer) = if files.is_empty() {
            let body = json!({ "id": id, "act": act }).to_string();
            self.post(&path, "application/json", body.as_bytes())?
        } else {
            let media = format!("multipart/form-data; boundary={BOUNDARY}");
            self.post(&path, &media, &form(id, act, files))?
        };
        match status {
            200 | 201 => Ok(Done::Taken),
            409 | 403 | 422 if answer["code"].is_string() => {
                Ok(Done::Refused(answer["code"].as_str().unwrap_or_default().to_owned()))
            }
            _ => bail!("the node answered {status} to {act} on {case}: {answer}"),
        }
    }

    /// Lodges a message of a principal; sent twice it is taken once.
    pub(crate) fn lodge(&self, bytes: &[u8]) -> anyhow::Result<Done> {
        let (status, answer) = self.post("/api/v1/transit/messages", "application/xml", bytes)?;
        match status {
            200 | 201 => Ok(Done::Taken),
            409 | 403 | 422 if answer["code"].is_string() => {
                Ok(Done::Refused(answer["code"].as_str().unwrap_or_default().to_owned()))
            }
            _ => bail!("the node answered {status} to a message: {answer}"),
        }
    }

    /// Takes own declarations in; the report says what was taken, known, refused and found.
    pub(crate) fn import(&self, bytes: &[u8], media: &str) -> anyhow::Result<Value> {
        let (status, answer) = self.post("/api/v1/declarations", media, bytes)?;
        if !(200..300).contains(&status) && status != 422 {
            bail!("the node answered {status} to an import: {answer}");
        }
        Ok(answer)
    }

    /// Whether the node says it is ready.
    pub(crate) fn is_ready(&self) -> bool {
        self.agent.get(format!("{}/health", self.base)).call().is_ok_and(|answer| answer.status() == 200)
    }

    fn post(&self, path: &str, media: &str, body: &[u8]) -> anyhow::Result<(u16, Value)> {
        let asked = || format!("cannot ask {}{path}", self.base);
        let request = self.agent.post(format!("{}{path}", self.base));
        let request = request.header("Authorization", format!("Bearer {}", self.token));
        let mut answer = request.content_type(media).send(body).with_context(asked)?;
        let text = answer.body_mut().read_to_string().with_context(asked)?;
        let said = serde_json::from_str(&text).unwrap_or(Value::String(text));
        Ok((answer.status().as_u16(), said))
    }
}

/// A file that belongs to an act.
pub(crate) struct SentFile {
    /// The act's field it stands in.
    pub(crate) field: String,
    /// What it is called.
    pub(crate) name: String,
    /// Its bytes.
    pub(crate) bytes: Vec<u8>,
}

/// An act with its files as a form (RFC 7578).
fn form(id: &str, act: &Value, files: &[SentFile]) -> Vec<u8> {
    let mut body = Vec::new();
    for (name, value) in [("id", id.to_owned()), ("act", act.to_string())] {
        let part =
            format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
        body.extend(part.into_bytes());
    }
    for SentFile { field, name, bytes } in files {
        let name = name.replace('"', "'");
        let head = format!(
            "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{field}\"; filename=\"{name}\"\r\n\r\n"
        );
        body.extend(head.into_bytes());
        body.extend(bytes);
        body.extend(b"\r\n");
    }
    body.extend(format!("--{BOUNDARY}--\r\n").into_bytes());
    body
}

/// What stands between the parts of a form; no line of a text begins like this by chance.
const BOUNDARY: &str = "sampan-7d1f3c0a9be24a6f8e55";
