//! `sampan init`: makes a node's folder.

use std::net::SocketAddr;
use std::path::PathBuf;

use kernel::NodeId;
use node::config::{As4Listener, Config, Protection, WebListener};
use node::descriptor::Descriptor;

use super::keys::SuiteName;
use crate::exit::Exit;
use crate::output;

/// Makes a node's folder: keys, certificates, configuration. Prints the fingerprint partners compare.
///
/// Example: sampan init nodes/vn --id VN --name "Viet Nam Customs" --zone Asia/Ho_Chi_Minh --language vi
#[derive(clap::Args)]
pub(crate) struct Init {
    /// The folder; it must not hold a node yet.
    dir: PathBuf,
    /// The short name agreements use, such as `VN`.
    #[arg(long)]
    id: String,
    /// The administration's name.
    #[arg(long)]
    name: String,
    /// Its country; the short name where none is given.
    #[arg(long)]
    country: Option<String>,
    /// Its time zone by the IANA name.
    #[arg(long, default_value = "UTC")]
    zone: String,
    /// Languages its people read, the preferred one first: `vi`, `en`.
    #[arg(long = "language", default_values_t = ["en".to_owned()])]
    languages: Vec<String>,
    /// Where partners' messages are taken.
    #[arg(long, default_value = "0.0.0.0:8443")]
    as4: SocketAddr,
    /// The address partners are told.
    #[arg(long, default_value = "https://localhost:8443/as4")]
    endpoint: String,
    /// The suites keys are made for; `edelivery115` for partners with other access points.
    #[arg(long = "suite", value_enum, default_values_t = [SuiteName::Edelivery2])]
    suites: Vec<SuiteName>,
    /// Where officers' pages are served; in the clear on loopback only.
    #[arg(long, default_value = "127.0.0.1:8080")]
    web: SocketAddr,
}

impl Init {
    pub(crate) fn run(self) -> anyhow::Result<Exit> {
        let note = {
            let suites: Vec<_> = self.suites.iter().map(|name| (*name).into()).collect();
            node::init::init_with(&self.dir, self.config(), &suites, jiff::Timestamp::now())?
        };
        output::line(format_args!("{} is a node now", self.dir.display()));
        output::line(format_args!("fingerprint of its descriptor: {}", Descriptor::fingerprint(&note)));
        Ok(Exit::Sound)
    }

    fn config(&self) -> Config {
        let tls = if self.web.ip().is_loopback() { Protection::Loopback } else { Protection::Tls };
        Config {
            id: NodeId::new(self.id.clone()),
            name: self.name.clone(),
            country: self.country.clone().unwrap_or_else(|| self.id.clone()),
            zone: self.zone.clone(),
            languages: self.languages.clone(),
            as4: As4Listener::new(self.as4, self.endpoint.clone()),
            web: WebListener { listen: self.web, tls, address: String::new() },
            hub: None,
        }
    }
}
