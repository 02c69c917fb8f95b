//! `sampan partner`: whom a node speaks with.

mod add;
mod import;
mod list;
mod modes;
mod reach;

use std::path::PathBuf;

use anyhow::Context as _;
use clap::Subcommand;
use node::descriptor::{self, Descriptor};

pub(crate) use self::list::lanes;
pub(crate) use self::reach::{advice, runtime};
use crate::exit::Exit;
use crate::output::{self, Format};

/// Partners: whom a node speaks with.
///
/// Example: sampan partner add nodes/vn https://customs.example:8443/descriptor --fingerprint 5f2c9d...
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
    /// Takes a partner's descriptor in, pings it both ways and says which lanes are open.
    Add(add::Add),
    /// Lists the partners.
    List {
        /// The node's folder.
        dir: PathBuf,
        /// Form of the result.
        #[arg(long, value_enum, default_value_t)]
        format: Format,
    },
    /// Pings a partner and asks it to ping back; ends with 1 where one way fails.
    Ping {
        /// The node's folder.
        dir: PathBuf,
        /// The partner's short name.
        name: String,
    },
    /// Hands this node's descriptor to its partners, such as after a certificate was changed; ends with 1 where one does
    /// not take it.
    Announce {
        /// The node's folder.
        dir: PathBuf,
        /// One partner; all where none is named.
        name: Option<String>,
    },
    /// Makes a partner of an administration that runs Holodeck, Domibus or phase4, from its processing modes.
    Import(import::Import),
    /// Writes the processing modes of all lanes with a partner as its access point wants them.
    Export(modes::Export),
    /// Reads processing modes of Holodeck, Domibus or phase4 and holds them against what the agreements and the
    /// partner's descriptor say; ends with 1 where they differ.
    Compare(modes::Compare),
}

impl Partner {
    pub(crate) fn run(self) -> anyhow::Result<Exit> {
        match self.what {
            What::Descriptor { dir } => print(&dir),
            What::Add(add) => add.run(),
            What::List { dir, format } => list::list(&dir, format),
            What::Ping { dir, name } => reach::ping(&dir, &name),
            What::Announce { dir, name } => reach::announce(&dir, name.as_deref()),
            What::Import(import) => import.run(),
            What::Export(export) => export.run(),
            What::Compare(compare) => compare.run(),
        }
    }
}

fn print(dir: &std::path::Path) -> anyhow::Result<Exit> {
    let note = own_note(dir)?;
    output::line(note.trim_end());
    output::say(format_args!("fingerprint: {}", Descriptor::fingerprint(&note)));
    Ok(Exit::Sound)
}

/// This node's own signed descriptor.
fn own_note(dir: &std::path::Path) -> anyhow::Result<String> {
    let path = dir.join(descriptor::OWN);
    std::fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))
}

/// A partner's descriptor by its short name.
fn known(dir: &std::path::Path, name: &str) -> anyhow::Result<Descriptor> {
    let partner = descriptor::load(dir)?.remove(&kernel::NodeId::new(name));
    partner.with_context(|| format!("{name} is no partner of this node"))
}
