//! Who we are and who our partners are, as everybody above the node sees it.

use kernel::NodeId;
use serde::{Deserialize, Serialize};

/// The administration that runs this node.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// The short name its agreements use, such as `VN`.
    pub id: NodeId,
    /// The administration's name, as shown to people.
    pub name: String,
    /// Its country by the ISO 3166-1 letters.
    pub country: String,
    /// Its time zone by the IANA name, such as `Asia/Ho_Chi_Minh`; moments are shown in it, never stored in it.
    pub zone: String,
    /// Languages its people read, the preferred one first, such as `vi`, `en`.
    pub languages: Vec<String>,
}

/// Another administration we hold a descriptor of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Partner {
    /// The short name agreements use.
    pub id: NodeId,
    /// The administration's name.
    pub name: String,
    /// Where it takes messages, as an `https` address.
    pub endpoint: String,
    /// The SHA-256 of the certificate it signs messages with, 64 hexadecimal digits.
    pub signing_fingerprint: String,
    /// The key that checks its record's checkpoints, as `name+id+base64`.
    pub record_key: String,
}
