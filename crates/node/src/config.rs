//! A node's configuration: `sampan.toml` in its folder.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use kernel::{Limit, NodeId};
use serde::{Deserialize, Serialize};

use crate::identity::Identity;

/// The configuration file inside a node's folder.
pub const FILE: &str = "sampan.toml";

/// What a node is and where it listens.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Config {
    /// The short name agreements use, such as `VN`: letters, digits and dashes.
    pub id: NodeId,
    /// The administration's name, as shown to people.
    pub name: String,
    /// Its country by the ISO 3166-1 letters.
    pub country: String,
    /// Its time zone by the IANA name.
    pub zone: String,
    /// Languages its people read, the preferred one first.
    pub languages: Vec<String>,
    /// Where partners reach us.
    pub as4: As4Listener,
    /// Where officers reach us.
    pub web: WebListener,
    /// How the IPPC ePhyto hub is reached, where the node exchanges certificates through it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hub: Option<HubAccess>,
}

/// How the IPPC ePhyto hub is reached. The node shows it its TLS certificate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct HubAccess {
    /// Its address, such as `https://hub.ephytoexchange.org/hub/DeliveryService`.
    pub endpoint: String,
    /// A file in the node's folder with the certificates of the authorities that vouch for it.
    pub authorities: PathBuf,
    /// How often it is asked what waits for us and where ours stand.
    #[serde(default = "hub_look")]
    pub look: Limit,
}

/// Where partners reach us: HTTPS, always.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct As4Listener {
    /// The address listened on; port 0 lets the machine choose one.
    pub listen: SocketAddr,
    /// The address partners are told, such as `https://customs.example/as4`.
    pub endpoint: String,
    /// The longest message taken, in bytes.
    #[serde(default = "body_max")]
    pub body_max: usize,
    /// How many messages to one partner are on their way at the same time.
    #[serde(default = "lanes")]
    pub lanes: usize,
    /// Who may open a connection at all; whose messages are taken is a matter of their signature, always.
    #[serde(default)]
    pub clients: Clients,
}

/// Who may open a connection to the partners' listener.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Clients {
    /// Anybody.
    #[default]
    Any,
    /// Whoever shows a TLS certificate that is in a partner's descriptor.
    Pinned,
}

impl As4Listener {
    /// A listener with the usual limits.
    #[must_use]
    pub const fn new(listen: SocketAddr, endpoint: String) -> Self {
        Self { listen, endpoint, body_max: body_max(), lanes: lanes(), clients: Clients::Any }
    }
}

/// Where officers reach us.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct WebListener {
    /// The address listened on; port 0 lets the machine choose one.
    pub listen: SocketAddr,
    /// How it is protected; without TLS only on a loopback address.
    #[serde(default)]
    pub tls: Protection,
    /// The address strangers reach the public pages at, such as `https://customs.example`; what is signed for them names it. Where
    /// it is empty, the address listened on stands for it, which is good for trying things out and nothing else.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub address: String,
}

impl WebListener {
    /// A listener on the machine itself, without TLS.
    #[must_use]
    pub const fn loopback(listen: SocketAddr) -> Self {
        Self { listen, tls: Protection::Loopback, address: String::new() }
    }

    /// The address strangers reach the public pages at, without a slash at its end.
    #[must_use]
    pub fn public(&self) -> String {
        if !self.address.is_empty() {
            return self.address.trim_end_matches('/').to_owned();
        }
        let scheme = if self.tls == Protection::Tls { "https" } else { "http" };
        format!("{scheme}://{}", self.listen)
    }
}

/// How a listener is protected.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Protection {
    /// TLS with the node's own certificate.
    Tls,
    /// Nothing: for a loopback address, or behind something that speaks TLS.
    #[default]
    Loopback,
}

/// Why a configuration cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigFault {
    /// The file cannot be read or written.
    #[error("{path}: {cause}")]
    File {
        /// Which file.
        path: PathBuf,
        /// What the machine said.
        cause: std::io::Error,
    },
    /// The file is not what a configuration looks like.
    #[error("{path}: {cause}")]
    Unreadable {
        /// Which file.
        path: PathBuf,
        /// Where and why.
        cause: String,
    },
    /// A value cannot be used.
    #[error("{field}: {why}")]
    Value {
        /// Which one.
        field: &'static str,
        /// Why not.
        why: String,
    },
}

impl Config {
    /// Reads the configuration in a node's folder.
    ///
    /// # Errors
    /// [`ConfigFault`].
    pub fn load(folder: &Path) -> Result<Self, ConfigFault> {
        let path = folder.join(FILE);
        let text = std::fs::read_to_string(&path)
            .map_err(|cause| ConfigFault::File { path: path.clone(), cause })?;
        let config: Self = toml::from_str(&text)
            .map_err(|error| ConfigFault::Unreadable { path, cause: error.to_string() })?;
        config.checked()
    }

    /// Writes the configuration into a node's folder.
    ///
    /// # Errors
    /// [`ConfigFault::File`].
    ///
    /// # Panics
    /// Never: a configuration can be written as TOML.
    pub fn save(&self, folder: &Path) -> Result<(), ConfigFault> {
        let path = folder.join(FILE);
        let text = toml::to_string_pretty(self).expect("a configuration is plain data");
        std::fs::write(&path, text).map_err(|cause| ConfigFault::File { path, cause })
    }

    /// The same configuration where all of it can be used.
    ///
    /// # Errors
    /// [`ConfigFault::Value`].
    pub fn checked(self) -> Result<Self, ConfigFault> {
        let value = |field, why: &str| Err(ConfigFault::Value { field, why: why.to_owned() });
        let id = self.id.as_str();
        let fits = |c: char| c.is_ascii_alphanumeric() || c == '-';
        if id.is_empty() || id.len() > 16 || !id.chars().all(fits) {
            return value("id", "1 to 16 letters, digits and dashes");
        }
        if !self.as4.endpoint.starts_with("https://") {
            return value("as4.endpoint", "partners are reached by https alone");
        }
        if self.hub.as_ref().is_some_and(|hub| !hub.endpoint.starts_with("https://")) {
            return value("hub.endpoint", "the hub is reached by https alone");
        }
        if self.web.tls == Protection::Loopback && !self.web.listen.ip().is_loopback() {
            return value("web.tls", "without TLS only a loopback address may be listened on");
        }
        Ok(self)
    }

    /// Who we are, as pages show it.
    #[must_use]
    pub fn identity(&self) -> Identity {
        Identity {
            id: self.id.clone(),
            name: self.name.clone(),
            country: self.country.clone(),
            zone: self.zone.clone(),
            languages: self.languages.clone(),
        }
    }
}

const fn body_max() -> usize {
    2 << 30
}

const fn hub_look() -> Limit {
    Limit::seconds(60)
}

const fn lanes() -> usize {
    4
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config() -> Config {
        Config {
            id: NodeId::new("VN"),
            name: "Cục Hải quan".into(),
            country: "VN".into(),
            zone: "Asia/Ho_Chi_Minh".into(),
            languages: vec!["vi".into(), "en".into()],
            as4: As4Listener {
                listen: "127.0.0.1:0".parse().expect("an address"),
                endpoint: "https://localhost:1/as4".into(),
                body_max: body_max(),
                lanes: lanes(),
                clients: Clients::Any,
            },
            web: WebListener::loopback("127.0.0.1:0".parse().expect("an address")),
            hub: None,
        }
    }

    #[test]
    fn a_configuration_survives_its_file() {
        let text = toml::to_string_pretty(&config()).expect("is written");
        assert_eq!(toml::from_str::<Config>(&text).expect("is read"), config());
    }

    #[test]
    fn officers_are_not_served_in_clear_beyond_the_machine() {
        let mut open = config();
        open.web.listen = "0.0.0.0:8080".parse().expect("an address");
        assert!(matches!(open.clone().checked(), Err(ConfigFault::Value { field: "web.tls", .. })));
        open.web.tls = Protection::Tls;
        assert!(open.checked().is_ok());
    }

    #[test]
    fn values_that_cannot_be_used_are_named() {
        for (id, endpoint, field) in
            [("", "https://x", "id"), ("V N", "https://x", "id"), ("VN", "http://x", "as4.endpoint")]
        {
            let mut config = config();
            config.id = NodeId::new(id);
            config.as4.endpoint = endpoint.into();
            let Err(ConfigFault::Value { field: seen, .. }) = config.checked() else {
                panic!("{id} {endpoint}")
            };
            assert_eq!(seen, field);
        }
    }
}
