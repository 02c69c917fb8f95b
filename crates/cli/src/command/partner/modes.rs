//! `sampan partner export` and `compare`: processing modes of foreign access points.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use clap::ValueEnum;
use exchange::pmode::{self, Form, PMode, Retries, Side};
use exchange::{Compression, Expected, Party, Service, Suite};
use node::config::Config;
use node::{Descriptor, descriptor, party_of};

use super::list;
use crate::exit::Exit;
use crate::output;

/// Which product.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Product {
    /// Holodeck B2B.
    Holodeck,
    /// Domibus.
    Domibus,
    /// phase4.
    Phase4,
}

impl Product {
    const fn form(self) -> Form {
        match self {
            Self::Holodeck => Form::Holodeck,
            Self::Domibus => Form::Domibus,
            Self::Phase4 => Form::Phase4,
        }
    }
}

/// Writes the processing modes of all lanes with a partner as its access point wants them.
///
/// Example: sampan partner export nodes/vn TH --to holodeck --folder pmodes/
#[derive(clap::Args)]
pub(super) struct Export {
    /// The node's folder.
    dir: PathBuf,
    /// The partner that runs the foreign access point.
    name: String,
    /// Which product it runs.
    #[arg(long, value_enum)]
    to: Product,
    /// Where the files go.
    #[arg(long)]
    folder: PathBuf,
}

/// Holds processing modes against what the agreements and the partner's descriptor say.
///
/// Example: sampan partner compare nodes/vn TH domibus-pmode.xml
#[derive(clap::Args)]
pub(super) struct Compare {
    /// The node's folder.
    dir: PathBuf,
    /// The partner that gave the files.
    name: String,
    /// The files.
    #[arg(required = true)]
    files: Vec<PathBuf>,
}

impl Export {
    pub(super) fn run(self) -> anyhow::Result<Exit> {
        let partner = super::known(&self.dir, &self.name)?;
        let (outwards, inwards) = modes(&self.dir, &partner)?;
        if outwards.is_empty() && inwards.is_empty() {
            bail!("no agreement in force has a term with {}: there is nothing to agree on", partner.id);
        }
        std::fs::create_dir_all(&self.folder)?;
        // At the partner's our outgoing lanes arrive and our incoming ones start.
        for (side, modes) in [(Side::Responder, outwards), (Side::Initiator, inwards)] {
            let names: Vec<String> = match self.to {
                Product::Domibus => {
                    vec![format!("domibus-{}", if side == Side::Initiator { "sends" } else { "receives" })]
                }
                Product::Holodeck | Product::Phase4 => modes.iter().map(|mode| mode.id.clone()).collect(),
            };
            for (name, text) in names.iter().zip(pmode::write(self.to.form(), side, &modes)) {
                let ending = if matches!(self.to, Product::Phase4) { "json" } else { "xml" };
                let path = self.folder.join(format!("{name}.{ending}"));
                if !text.is_empty() {
                    std::fs::write(&path, text)
                        .with_context(|| format!("cannot write {}", path.display()))?;
                    output::line(path.display());
                }
            }
        }
        Ok(Exit::Sound)
    }
}

impl Compare {
    pub(super) fn run(self) -> anyhow::Result<Exit> {
        let partner = super::known(&self.dir, &self.name)?;
        let (outwards, inwards) = modes(&self.dir, &partner)?;
        let ours: Vec<PMode> = outwards.into_iter().chain(inwards).collect();
        let mut same = true;
        for file in &self.files {
            let text =
                std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
            let (form, theirs) =
                pmode::read(&text).with_context(|| format!("cannot use {}", file.display()))?;
            output::line(format_args!("{}: {} processing modes of {form}", file.display(), theirs.len()));
            for mode in theirs {
                let differences = against(&mode, &ours);
                same &= differences.is_empty();
                let word =
                    if differences.is_empty() { "as agreed".to_owned() } else { differences.join("; ") };
                output::line(format_args!(
                    "  {} -> {} {}: {word}",
                    mode.initiator.id, mode.responder.id, mode.action
                ));
            }
        }
        Ok(Exit::sound_if(same))
    }
}

/// Where a mode of theirs differs from ours of the same lane.
fn against(theirs: &PMode, ours: &[PMode]) -> Vec<String> {
    let same = |one: &&PMode| {
        one.initiator.id == theirs.initiator.id
            && one.responder.id == theirs.responder.id
            && one.action == theirs.action
    };
    let Some(ours) = ours.iter().find(same) else { return vec!["no lane of ours".to_owned()] };
    let mut differences = Vec::new();
    let mut differ = |what: &str, theirs: String, ours: String| {
        if theirs != ours {
            differences.push(format!("{what} is {theirs}, agreed is {ours}"));
        }
    };
    differ("service", theirs.service.value.clone(), ours.service.value.clone());
    differ("address", theirs.address.clone(), ours.address.clone());
    differ("suite", format!("{:?}", theirs.suite), format!("{:?}", ours.suite));
    differ("encryption", format!("{:?}", theirs.sealing), format!("{:?}", ours.sealing));
    differ("initiator's role", theirs.initiator.role.clone(), ours.initiator.role.clone());
    differ("responder's role", theirs.responder.role.clone(), ours.responder.role.clone());
    let agreement = |mode: &PMode| mode.agreement.clone().unwrap_or_else(|| "none".to_owned());
    differ("agreement", agreement(theirs), agreement(ours));
    differences
}

/// The processing modes of the lanes to a partner and from it.
fn modes(dir: &Path, partner: &Descriptor) -> anyhow::Result<(Vec<PMode>, Vec<PMode>)> {
    let (config, own) = (Config::load(dir)?, descriptor::own(dir)?);
    let mode = |standing: customs::agreement::Standing| {
        let (term, receiver) = (&standing.term, if standing.term.to == config.id { &own } else { partner });
        let waits = &term.delivery.waits;
        let total = term.delivery.total();
        PMode {
            id: format!("{}-{}-{}", term.from, term.to, term.kind).to_lowercase(),
            agreement: Some(standing.agreement.clone()),
            initiator: Party::initiator(party_of(&term.from)),
            responder: Party::responder(party_of(&term.to)),
            service: Service { value: node::SERVICE.to_owned(), kind: None },
            action: term.kind.clone(),
            address: receiver.endpoint.clone(),
            suite: shared(&own, partner),
            sealing: if receiver.sealing.is_empty() { Expected::Clear } else { Expected::Sealed },
            compression: Compression::Gzip,
            retry: retries(waits.len(), total),
        }
    };
    let lanes = list::lanes(dir, partner)?.into_iter().map(mode);
    Ok(lanes.partition(|mode| mode.initiator.id == party_of(&config.id)))
}

/// The suite both speak, the strongest of them; the old one where there is none.
fn shared(own: &Descriptor, partner: &Descriptor) -> Suite {
    let both = |suite: &Suite| own.suites.contains(suite) && partner.suites.contains(suite);
    Suite::STRONGEST_FIRST.into_iter().find(both).unwrap_or_default()
}

/// As many tries as the term has waits, evenly spread over the same time.
fn retries(count: usize, total: kernel::Limit) -> Retries {
    let (start, count) = (jiff::Timestamp::UNIX_EPOCH, u32::try_from(count).unwrap_or(u32::MAX));
    let seconds = u32::try_from(total.after(start).as_second()).unwrap_or(u32::MAX);
    Retries { count, every_seconds: seconds.checked_div(count).unwrap_or_default() }
}
