//! What travels through the hub.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};

/// Where an envelope stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Tracking {
    /// The hub has it; the receiver has not acknowledged it.
    PendingDelivery,
    /// The receiver has it.
    Delivered,
    /// The receiver has it and found something wrong.
    DeliveredWithWarnings,
    /// The receiver has it and cannot read it.
    DeliveredNotReadable,
    /// The receiver did not take it.
    FailedDelivery,
    /// The hub knows nothing of it.
    EnvelopeNotExists,
}

impl Tracking {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::PendingDelivery,
        Self::Delivered,
        Self::DeliveredWithWarnings,
        Self::DeliveredNotReadable,
        Self::FailedDelivery,
        Self::EnvelopeNotExists,
    ];

    /// The word on the wire.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::PendingDelivery => "PendingDelivery",
            Self::Delivered => "Delivered",
            Self::DeliveredWithWarnings => "DeliveredWithWarnings",
            Self::DeliveredNotReadable => "DeliveredNotReadable",
            Self::FailedDelivery => "FailedDelivery",
            Self::EnvelopeNotExists => "EnvelopeNotExists",
        }
    }

    /// The state of this word; `None` for words the hub's description does not have.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.word() == word)
    }

    /// Whether it will not change any more.
    #[must_use]
    pub const fn is_final(self) -> bool {
        !matches!(self, Self::PendingDelivery)
    }

    /// Whether the receiver has the certificate.
    #[must_use]
    pub const fn is_delivered(self) -> bool {
        matches!(self, Self::Delivered | Self::DeliveredWithWarnings)
    }
}

/// The head of an envelope.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Header {
    /// The sender, by the hub's code: the two letters of the country, for tests with an instance after them.
    pub from: String,
    /// The receiver.
    pub to: String,
    /// 851 for a certificate, 657 for one for re-export.
    pub certificate_type: i32,
    /// 70 issued, 40 withdrawn, and what else the hub's directory lists.
    pub certificate_status: i32,
    /// The certificate's number.
    pub number: String,
    /// The number the hub gave this hand-over.
    #[serde(default)]
    pub delivery: Option<String>,
    /// Where it stands, in the hub's word.
    #[serde(default)]
    pub tracking: Option<String>,
    /// What went wrong.
    #[serde(default)]
    pub error: Option<String>,
    /// To whom the hub passed it on by the receiver's rules.
    #[serde(default)]
    pub forwardings: Vec<Forwarding>,
}

impl Header {
    /// What tells one certificate in one state from all others, however often it is handed over: sender, type, number,
    /// status.
    #[must_use]
    pub fn identity(&self) -> String {
        let Self { from, certificate_type, number, certificate_status, .. } = self;
        format!("{from}\n{certificate_type}\n{number}\n{certificate_status}")
    }

    /// Where it stands; `None` where the hub says nothing or a word of its own.
    #[must_use]
    pub fn state(&self) -> Option<Tracking> {
        self.tracking.as_deref().and_then(Tracking::from_word)
    }
}

/// One passing on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Forwarding {
    /// To whom.
    pub code: String,
    /// Its own delivery number.
    #[serde(default)]
    pub delivery: Option<String>,
}

/// A header with its document.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Envelope {
    /// The header.
    pub header: Header,
    /// The document as it came: XML as text, or in base64.
    pub content: String,
}

impl Envelope {
    /// The document's bytes: the text itself where it is XML, else what it holds in base64; `None` where it is neither.
    #[must_use]
    pub fn document(&self) -> Option<Vec<u8>> {
        let text = self.content.trim().trim_start_matches('\u{feff}');
        if text.starts_with('<') {
            return Some(text.as_bytes().to_vec());
        }
        let dense: String = text.split_ascii_whitespace().collect();
        let octets = STANDARD.decode(dense).ok()?;
        let start = octets.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&octets).trim_ascii_start();
        start.starts_with(b"<").then_some(octets)
    }
}

/// One participant of the hub: the directory says who takes and gives which certificates.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Nppo {
    /// The hub's code.
    pub country: String,
    /// How it receives, in the hub's word.
    pub receive: Option<String>,
    /// How it sends, in the hub's word.
    pub send: Option<String>,
    /// What it takes.
    pub allowed: Vec<AllowedDocument>,
    /// The certificate it signs documents with, in the hub's form.
    pub certificate: Option<String>,
    /// What the hub does with what goes to it or comes from it.
    pub rules: Vec<ChannelRule>,
}

impl Nppo {
    /// Whether it takes certificates of this type in this status.
    #[must_use]
    pub fn takes(&self, certificate_type: i32, certificate_status: i32) -> bool {
        let fits = |each: &AllowedDocument| {
            each.active
                && each.certificate_type == certificate_type
                && each.certificate_status == certificate_status
        };
        let receives =
            self.receive.as_deref().is_none_or(|word| !word.eq_ignore_ascii_case("false") && word != "0");
        receives && self.allowed.iter().any(fits)
    }
}

/// One type and status a participant takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct AllowedDocument {
    /// The type.
    pub certificate_type: i32,
    /// The status.
    pub certificate_status: i32,
    /// Whether it does so now.
    pub active: bool,
}

/// What the hub does with certificates of one channel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct ChannelRule {
    /// `FORWARD` or `DELEGATE`.
    pub rule: String,
    /// `OUT` or `INC`.
    pub direction: String,
    /// The certificate type.
    pub certificate_type: i32,
    /// The certificate status.
    pub certificate_status: i32,
    /// The other side.
    pub country: Option<String>,
    /// Whether it holds now.
    pub active: bool,
}

/// Somebody we may exchange with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Channel {
    /// The hub's code.
    pub code: String,
    /// The name.
    pub name: String,
    /// Whether we may receive from it.
    pub receive: bool,
    /// Whether we may send to it.
    pub send: bool,
}

/// How heavy something the hub found is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    /// Worth knowing.
    Info,
    /// Wrong, and still usable.
    Warning,
    /// Not to be delivered so.
    Severe,
}

/// Something the hub found in a certificate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// `MandatoryElements`, `Mapping` or `Schema`.
    pub area: String,
    /// Where.
    pub field: String,
    /// How heavy.
    pub level: Level,
    /// What.
    pub message: String,
}

/// One row of a code list, its columns by their names: lists differ in them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CodeRow(pub std::collections::BTreeMap<String, String>);

impl CodeRow {
    /// A column.
    #[must_use]
    pub fn column(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }
}

/// What the hub answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// A header: of what was handed over, or of what was asked about.
    Header(Header),
    /// Headers.
    Headers(Vec<Header>),
    /// An envelope; `None` where the hub has none of that number.
    Envelope(Option<Box<Envelope>>),
    /// Envelopes.
    Envelopes(Vec<Envelope>),
    /// Done, with a word of the hub where it gave one.
    Done(Option<String>),
    /// What the hub found in a certificate.
    Findings(Vec<Finding>),
    /// Participants: ourselves alone where the profile was asked for.
    Nppos(Vec<Nppo>),
    /// Whom we may exchange with.
    Channels(Vec<Channel>),
    /// Rows of a code list.
    Codes(Vec<CodeRow>),
}

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HubFault {
    /// The hub refused; asking again in the same words gives the same answer.
    #[error("the hub refused: {0}")]
    Refused(String),
    /// The hub failed; asking again may help.
    #[error("the hub failed: {0}")]
    Failed(String),
    /// What came back is no answer of a hub.
    #[error("not an answer of the hub: {0}")]
    Unreadable(String),
    /// Our own document cannot be put into a request.
    #[error("not a document that can be handed over: {0}")]
    Unwritable(String),
}

impl HubFault {
    /// Whether asking again may help.
    #[must_use]
    pub const fn may_pass(&self) -> bool {
        matches!(self, Self::Failed(_) | Self::Unreadable(_))
    }
}
