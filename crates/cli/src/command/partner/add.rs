//! `sampan partner add`: a descriptor from a file or an address, compared, kept, pinged, its lanes named.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use kernel::Digest;
use node::descriptor::{self, Descriptor};

use super::{list, reach};
use crate::exit::Exit;
use crate::output;

/// Takes a partner's descriptor in, pings it both ways and says which lanes are open. The fingerprint must be the one its
/// people told by another way.
///
/// Example: sampan partner add nodes/vn th.descriptor --fingerprint 5f2c9d...
#[derive(clap::Args)]
pub(super) struct Add {
    /// The node's folder.
    dir: PathBuf,
    /// The partner's descriptor: a file, or the address its node gives it out at.
    source: String,
    /// The fingerprint its people told, 64 hexadecimal digits or the first 12 or more of them.
    #[arg(long)]
    fingerprint: String,
    /// Keeps the descriptor without pinging, such as where the partner's node is not up yet.
    #[arg(long)]
    quiet: bool,
}

/// The shortest beginning of a fingerprint that is compared.
const FINGERPRINT_MIN: usize = 12;

impl Add {
    pub(super) fn run(self) -> anyhow::Result<Exit> {
        let note = noted(&self.source)?;
        compare(&Descriptor::fingerprint(&note), &self.fingerprint)?;
        expect_not_older(&self.dir, &note)?;
        let partner = descriptor::keep(&self.dir, &note)?;
        output::line(format_args!("{} ({}) is a partner now", partner.id, partner.name));
        list::say_certificates(&partner);
        let reached = if self.quiet { Exit::Sound } else { reach::both_ways(&self.dir, &partner)? };
        list::say_lanes(&self.dir, &partner)?;
        Ok(reached)
    }
}

/// The descriptor's text from wherever it is.
fn noted(source: &str) -> anyhow::Result<String> {
    if source.starts_with("https://") {
        let fetched = reach::runtime()?.block_on(node::fetch(source));
        return fetched.with_context(|| format!("cannot fetch {source}"));
    }
    std::fs::read_to_string(source).with_context(|| format!("cannot read {source}"))
}

fn compare(seen: &Digest, told: &str) -> anyhow::Result<()> {
    let told = told.to_ascii_lowercase();
    if told.len() < FINGERPRINT_MIN || !seen.to_string().starts_with(&told) {
        bail!("the descriptor's fingerprint is {seen}, not the one that was told");
    }
    Ok(())
}

/// Refuses a descriptor that is older than the one known under the same record key: certificates that were given up must
/// not come back.
fn expect_not_older(dir: &Path, note: &str) -> anyhow::Result<()> {
    let offered = Descriptor::open(note)?;
    let Some(known) = descriptor::load(dir)?.remove(&offered.id) else { return Ok(()) };
    if known.record == offered.record && offered.issued < known.issued {
        bail!("the descriptor is of {}, older than the one known, of {}", offered.issued, known.issued);
    }
    Ok(())
}
