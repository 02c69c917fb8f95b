//! `sampan partner import`: a partner that runs a foreign access point, from its processing modes and certificates.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use exchange::pmode::{self, PMode};
use exchange::{Certificate, Suite};
use kernel::NodeId;
use node::config::Config;
use node::keys::Keys;
use node::{Descriptor, descriptor, party_of};

use super::list;
use crate::exit::Exit;
use crate::output;

/// Makes a partner of an administration that runs a foreign access point: where it is and what it speaks come from its
/// processing modes (Holodeck, Domibus or phase4), its certificates from files. It has no record of its own, so this node
/// vouches for the descriptor with its own record key.
///
/// Example: sampan partner import nodes/vn TH th-pmode.xml --administration "Thai Customs" --signing th.pem --tls th-tls.pem
#[derive(clap::Args)]
pub(super) struct Import {
    /// The node's folder.
    dir: PathBuf,
    /// The partner's short name, as agreements and its processing modes have it.
    name: String,
    /// Its processing modes.
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// What the administration is called.
    #[arg(long)]
    administration: String,
    /// Its country; the short name where none is given.
    #[arg(long)]
    country: Option<String>,
    /// The certificates it signs with, in PEM: the current one, and the next.
    #[arg(long, required = true)]
    signing: Vec<PathBuf>,
    /// The certificates payloads for it are encrypted to, in PEM.
    #[arg(long)]
    sealing: Vec<PathBuf>,
    /// The certificates it serves TLS with, in PEM.
    #[arg(long, required = true)]
    tls: Vec<PathBuf>,
}

impl Import {
    pub(super) fn run(self) -> anyhow::Result<Exit> {
        let (config, keys) = (Config::load(&self.dir)?, Keys::load(&self.dir)?);
        let id = NodeId::new(self.name.clone());
        let modes = self.modes(&config, &id)?;
        let descriptor = self.descriptor(&keys, id, &modes)?;
        let note = descriptor.sign(&keys.record)?;
        let kept = descriptor::keep(&self.dir, &note)?;
        output::line(format_args!("{} ({}) is a partner now, vouched for by this node", kept.id, kept.name));
        list::say_certificates(&kept);
        list::say_lanes(&self.dir, &kept)?;
        Ok(Exit::Sound)
    }

    /// The modes between us and the partner, in both directions.
    fn modes(&self, config: &Config, id: &NodeId) -> anyhow::Result<Vec<PMode>> {
        let (us, them) = (party_of(&config.id), party_of(id));
        let mut found = Vec::new();
        for file in &self.files {
            let text =
                std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
            let (_, modes) = pmode::read(&text).with_context(|| format!("cannot use {}", file.display()))?;
            found.extend(modes.into_iter().filter(|mode| {
                let (from, to) = (&mode.initiator.id, &mode.responder.id);
                (*from == us && *to == them) || (*from == them && *to == us)
            }));
        }
        if found.is_empty() {
            bail!(
                "none of them is between {} and {} with party ids of type {}",
                us,
                them,
                us.kind.as_deref().unwrap_or_default()
            );
        }
        if let Some(mode) = found.iter().find(|mode| mode.service.value != node::SERVICE) {
            bail!("{}: the service is {}, a node speaks {}", mode.id, mode.service.value, node::SERVICE);
        }
        Ok(found)
    }

    fn descriptor(&self, keys: &Keys, id: NodeId, modes: &[PMode]) -> anyhow::Result<Descriptor> {
        let them = party_of(&id);
        let address = modes.iter().find(|mode| mode.responder.id == them).map(|mode| mode.address.clone());
        let mut suites: Vec<Suite> = modes.iter().map(|mode| mode.suite).collect();
        suites.dedup();
        if suites.len() > 1 {
            bail!("the processing modes name more than one suite; a partner has one");
        }
        let kinds = modes.iter().map(|mode| mode.action.clone()).collect::<std::collections::BTreeSet<_>>();
        Ok(Descriptor {
            name: self.administration.clone(),
            country: self.country.clone().unwrap_or_else(|| id.to_string()),
            endpoint: address.context("no mode is addressed to the partner, so its address is not known")?,
            kinds: kinds.into_iter().collect(),
            suites,
            signing: pems(&self.signing)?,
            sealing: pems(&self.sealing)?,
            tls: pems(&self.tls)?,
            record: keys.record.verifier().to_string(),
            witness: keys.witness.verifier().to_string(),
            issued: jiff::Timestamp::now(),
            id,
        })
    }
}

fn pems(files: &[PathBuf]) -> anyhow::Result<Vec<String>> {
    files.iter().map(|file| pem(file)).collect()
}

fn pem(file: &Path) -> anyhow::Result<String> {
    let text = std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
    let certificate =
        Certificate::from_pem(&text).with_context(|| format!("{} is no certificate", file.display()))?;
    Ok(certificate.to_pem())
}
