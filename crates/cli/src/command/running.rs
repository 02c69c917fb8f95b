//! A running node, as commands on the same machine speak with it: over its JSON interface, with the folder's own token.

use std::path::Path;

use anyhow::Context as _;
use node::config::{Config, Protection};

use crate::client::Client;

/// The file with the token commands on this machine speak with, readable by the node's owner alone.
pub(crate) const TOKEN: &str = "keys/command-line.token";

/// The interface of the node in this folder.
pub(crate) fn client(dir: &Path) -> anyhow::Result<Client> {
    let config = Config::load(dir)?;
    anyhow::ensure!(
        config.web.tls == Protection::Loopback,
        "this command speaks with nodes whose pages are served on loopback"
    );
    let path = dir.join(TOKEN);
    let token = std::fs::read_to_string(&path)
        .with_context(|| format!("cannot read {}; `sampan account token` makes it", path.display()))?;
    Ok(Client::new(format!("http://{}", config.web.listen), token.trim()))
}
