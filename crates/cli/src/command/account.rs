//! `sampan account`: who may sign in, and which programs may ask.

use std::io::{IsTerminal as _, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use clap::Subcommand;
use customs::roles;
use kernel::{Digest, Role};
use node::Account as Holder;
use serde_json::json;
use store::Store as _;
use store::sqlite::Sqlite;

use crate::command::running::TOKEN;
use crate::exit::Exit;
use crate::output;

/// Accounts of people and tokens of programs. The node must not be running.
///
/// Example: sampan account add nodes/vn minh --role gate-officer --role analyst --language vi
#[derive(clap::Args)]
pub(crate) struct Account {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Adds a person or gives them a new password, read from standard input.
    Add {
        /// The node's folder.
        dir: PathBuf,
        /// The name to sign in with.
        name: String,
        /// The name shown to people; the name to sign in with where none is given.
        #[arg(long)]
        display: Option<String>,
        /// The roles, the usual one first.
        #[arg(long = "role", required = true)]
        roles: Vec<String>,
        /// The language of the account's pages.
        #[arg(long, default_value = "en")]
        language: String,
    },
    /// Gives a program a token and prints it once; `command-line` is what `sampan act` and `import` use.
    Token {
        /// The node's folder.
        dir: PathBuf,
        /// The program's name in the record.
        name: String,
        /// The roles it may act in, the usual one first.
        #[arg(long = "role", required = true)]
        roles: Vec<String>,
    },
}

impl Account {
    pub(crate) fn run(self) -> anyhow::Result<Exit> {
        match self.what {
            What::Add { dir, name, display, roles, language } => {
                let display = display.unwrap_or_else(|| name.clone());
                let holder = Holder { name, display, roles: known(&roles)?, language };
                add(&mut open(&dir)?, &holder, &password()?)?;
                output::line(format_args!("{} may sign in", holder.name));
            }
            What::Token { dir, name, roles } => {
                let token = grant(&mut open(&dir)?, &name, &known(&roles)?)?;
                if name == "command-line" {
                    write_secret(&dir.join(TOKEN), &token)?;
                }
                output::line(token);
            }
        }
        Ok(Exit::Sound)
    }
}

/// The store of a node that does not run.
pub(crate) fn open(dir: &Path) -> anyhow::Result<Sqlite> {
    let path = dir.join(store::record::STORE);
    Sqlite::open(&path).with_context(|| format!("cannot open {}; is the node running?", path.display()))
}

/// Adds a person.
pub(crate) fn add(store: &mut Sqlite, holder: &Holder, password: &str) -> anyhow::Result<()> {
    let (key, kept) = node::to_keep(holder, password)?;
    Ok(store.change(&mut |change| change.keep(&key, Some(&kept)))?)
}

/// Gives a program a token, of which only the digest is kept.
pub(crate) fn grant(store: &mut Sqlite, name: &str, roles: &[Role]) -> anyhow::Result<String> {
    let token = random_text()?;
    let kept = json!({ "name": name, "roles": roles }).to_string();
    store.change(&mut |change| change.keep(&web::token_key(&token), Some(kept.as_bytes())))?;
    Ok(token)
}

/// 32 random bytes as text.
pub(crate) fn random_text() -> anyhow::Result<String> {
    let mut bytes = [0; 32];
    aws_lc_rs::rand::fill(&mut bytes).map_err(|_| anyhow::anyhow!("the machine has no randomness"))?;
    Ok(Digest::from_bytes(bytes).to_string())
}

/// Writes a file only its owner may read.
pub(crate) fn write_secret(path: &Path, text: &str) -> anyhow::Result<()> {
    let file = std::fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path);
    file.and_then(|mut file| file.write_all(text.as_bytes()))
        .with_context(|| format!("cannot write {}", path.display()))
}

fn known(names: &[String]) -> anyhow::Result<Vec<Role>> {
    let known = |name: &String| roles::ALL.into_iter().find(|role| role.as_str() == name);
    names
        .iter()
        .map(|name| match known(name) {
            Some(role) => Ok(role),
            None => {
                let all: Vec<_> = roles::ALL.iter().map(|role| role.as_str().to_owned()).collect();
                bail!("{name} is no role; there are {}", all.join(", "))
            }
        })
        .collect()
}

fn password() -> anyhow::Result<String> {
    if std::io::stdin().is_terminal() {
        output::say("password (it will be seen while you type; pipe it in where others look on):");
    }
    let mut text = String::new();
    std::io::stdin().read_line(&mut text).context("cannot read the password")?;
    Ok(text.trim_end_matches(['\r', '\n']).to_owned())
}
