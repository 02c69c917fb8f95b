//! `sampan partner`: whom a node speaks with.

use std::path::PathBuf;

use anyhow::{Context as _, bail};
use clap::Subcommand;
use kernel::Digest;
use node::descriptor::{self, Descriptor};
use serde_json::json;

use crate::exit::Exit;
use crate::output::{self, Format};

/// Partners: whom a node speaks with.
///
/// Example: sampan partner add nodes/vn th.descriptor --fingerprint 5f2c9d...
#[derive(clap::Args)]
pub(crate) struct Partner {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Prints this node's signed descriptor, to be given to a partner.
    Descriptor {
        /// The node's folder.
        dir: PathBuf,
    },
    /// Takes a partner's descriptor in; the fingerprint must be the one its people told by another way.
    Add {
        /// The node's folder.
        dir: PathBuf,
        /// The partner's descriptor.
        file: PathBuf,
        /// The fingerprint its people told, 64 hexadecimal digits or the first 12 or more of them.
        #[arg(long)]
        fingerprint: String,
    },
    /// Lists the partners.
    List {
        /// The node's folder.
        dir: PathBuf,
        /// Form of the result.
        #[arg(long, value_enum, default_value_t)]
        format: Format,
    },
}

/// The shortest beginning of a fingerprint that is compared.
const FINGERPRINT_MIN: usize = 12;

impl Partner {
    pub(crate) fn run(self) -> anyhow::Result<Exit> {
        match self.what {
            What::Descriptor { dir } => {
                let path = dir.join("descriptor");
                let note = std::fs::read_to_string(&path)
                    .with_context(|| format!("cannot read {}", path.display()))?;
                output::line(note.trim_end());
                output::say(format_args!("fingerprint: {}", Descriptor::fingerprint(&note)));
            }
            What::Add { dir, file, fingerprint } => {
                let note = std::fs::read_to_string(&file)
                    .with_context(|| format!("cannot read {}", file.display()))?;
                compare(&Descriptor::fingerprint(&note), &fingerprint)?;
                let partner = descriptor::keep(&dir, &note)?;
                output::line(format_args!(
                    "{} ({}) is a partner now; restart a running node",
                    partner.id, partner.name
                ));
            }
            What::List { dir, format } => list(&dir, format)?,
        }
        Ok(Exit::Sound)
    }
}

fn compare(seen: &Digest, told: &str) -> anyhow::Result<()> {
    let told = told.to_ascii_lowercase();
    if told.len() < FINGERPRINT_MIN || !seen.to_string().starts_with(&told) {
        bail!("the descriptor's fingerprint is {seen}, not the one that was told");
    }
    Ok(())
}

fn list(dir: &std::path::Path, format: Format) -> anyhow::Result<()> {
    for partner in descriptor::load(dir)?.values().map(Descriptor::partner) {
        match format {
            Format::Json => output::json(&json!({
                "id": partner.id, "name": partner.name, "endpoint": partner.endpoint,
                "signing_fingerprint": partner.signing_fingerprint, "record_key": partner.record_key,
            })),
            Format::Text => {
                output::line(format_args!("{:4} {:40} {}", partner.id, partner.name, partner.endpoint))
            }
        }
    }
    Ok(())
}
