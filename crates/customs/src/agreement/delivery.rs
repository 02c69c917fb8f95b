//! How documents of a lane travel: which way, how protected, in which order, and how often they are tried.

use kernel::Limit;
use serde::{Deserialize, Serialize};

/// How documents of a lane are delivered: tried again after each of these waits and then no more, in which order, which
/// way, and how they are protected.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Schedule {
    /// The waits between tries, in order; the last try follows the last wait.
    pub waits: Vec<Limit>,
    /// Whether a document waits for those before it.
    #[serde(default, skip_serializing_if = "is_usual")]
    pub sequence: Sequence,
    /// How documents are protected on the wire.
    #[serde(default, skip_serializing_if = "is_usual")]
    pub protection: Protection,
    /// Which way they take.
    #[serde(default, skip_serializing_if = "is_usual")]
    pub way: Way,
    /// With which algorithms they are signed and encrypted.
    #[serde(default, skip_serializing_if = "is_usual")]
    pub algorithms: Algorithms,
    /// How the giver's certificate travels with them.
    #[serde(default, skip_serializing_if = "is_usual")]
    pub token: Token,
    /// For whom beyond the two nodes they are, where the receiver wants it said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub corners: Option<Corners>,
}

/// Which way documents of a lane take.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Way {
    /// From node to node, as AS4 messages.
    #[default]
    Direct,
    /// Through the IPPC ePhyto hub, which keeps a certificate until the receiver fetches it. Who gave it is the hub's word.
    Hub,
}

/// Whether a document of a lane waits for those before it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Sequence {
    /// Each goes by itself; one that cannot be delivered holds up none.
    #[default]
    Unordered,
    /// The next goes when the one before has its receipt or was given up.
    Ordered,
}

/// How documents of a lane are protected on the wire, beyond the connection itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Protection {
    /// Signed by the giver and encrypted to the receiver.
    #[default]
    SignedAndEncrypted,
    /// Signed by the giver; the connection alone keeps others from reading.
    Signed,
}

/// With which algorithms documents of a lane are signed and encrypted. Nothing is negotiated: what comes otherwise is
/// refused.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Algorithms {
    /// The strongest both sides have.
    #[default]
    Strongest,
    /// eDelivery AS4 1.15: RSA.
    Edelivery115,
    /// eDelivery AS4 2.0: Ed25519 and X25519.
    Edelivery2,
    /// The alternative of eDelivery AS4 2.0: P-256.
    #[serde(rename = "edelivery2-p256")]
    Edelivery2P256,
}

/// How the giver's certificate travels with a document.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Token {
    /// Alone.
    #[default]
    Certificate,
    /// With the authorities above it, as the trader interface of EU ICS2 wants it.
    Path,
}

/// The outer two of four corners: for whom the giver sends, and for whom the receiver takes it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Corners {
    /// Who stands behind the giver, as the receiver's network names it.
    pub original_sender: String,
    /// Who stands behind the receiver.
    pub final_recipient: String,
}

impl Schedule {
    /// The wait before try number `attempts` (the first try is 0 and waits for nothing); `None` when no more are due.
    #[must_use]
    pub fn wait(&self, attempts: u32) -> Option<Limit> {
        let index = usize::try_from(attempts).ok()?.checked_sub(1)?;
        self.waits.get(index).copied()
    }

    /// All waits together: when a receipt is missing for good.
    #[must_use]
    pub fn total(&self) -> Limit {
        let seconds = self.waits.iter().fold(0_u32, |sum, wait| sum.saturating_add(wait.as_seconds()));
        Limit::seconds(seconds.max(1))
    }
}

/// Whether a value is the one that holds where nothing is said.
fn is_usual<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_usual_is_not_written() {
        let usual = Schedule { waits: vec![Limit::seconds(30)], ..Schedule::default() };
        assert_eq!(serde_json::to_string(&usual).expect("plain data"), r#"{"waits":["30s"]}"#);
    }

    #[test]
    fn a_term_may_ask_for_a_way_algorithms_a_path_and_corners() {
        let read: Schedule = serde_json::from_str(
            r#"{"waits":[],"protection":"signed","way":"hub","algorithms":"edelivery2-p256","token":"path",
                "corners":{"original-sender":"urn:a","final-recipient":"urn:b"}}"#,
        )
        .expect("a schedule");
        let corners = Corners { original_sender: "urn:a".into(), final_recipient: "urn:b".into() };
        let (way, algorithms, token) = (Way::Hub, Algorithms::Edelivery2P256, Token::Path);
        let protection = Protection::Signed;
        let wanted =
            Schedule { protection, way, algorithms, token, corners: Some(corners), ..Schedule::default() };
        assert_eq!(read, wanted);
        let written = serde_json::to_string(&wanted).expect("plain data");
        assert_eq!(serde_json::from_str::<Schedule>(&written).expect("a schedule"), wanted);
    }
}
