//! Real declarations in place of generated ones: every export found in a folder is lodged and must climb the ladder.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use customs::declaration::{Consent, Declaration, Flow, Function};
use customs::terms::{Country, Place};
use formats::{Message, Verdict};
use jiff::civil::Date;
use serde_json::{Value, json};

use super::stage::Stage;

/// Where the declarations are lodged and where their extracts go.
const FROM: &str = "TH";
const TO: &str = "VN";

/// Reads every file under a folder, lodges every export declaration that is readable and new, and waits until its
/// extract has arrived and was read. Says how many there were on each rung.
pub(crate) fn play(stage: &Stage<'_>, folder: &Path, day: Date) -> anyhow::Result<Value> {
    let exports = exports(folder, day)?;
    anyhow::ensure!(
        !exports.declarations.is_empty(),
        "no readable export declaration under {}",
        folder.display()
    );
    for declaration in &exports.declarations {
        stage.lodge(declaration)?;
    }
    let mut rungs: BTreeMap<u8, u64> = BTreeMap::new();
    for declaration in &exports.declarations {
        let export = format!("{FROM}:{}", declaration.number);
        let row = stage.arrives(TO, &export, &["readable", "linked", "seen", "acted", "told"])?;
        *rungs.entry(row.summary.rung).or_default() += 1;
    }
    Ok(json!({
        "files": exports.files, "unreadable": exports.unreadable, "exports": exports.declarations.len(),
        "rungs": rungs,
    }))
}

/// What a folder holds.
struct Exports {
    files: u64,
    unreadable: u64,
    declarations: Vec<Declaration>,
}

fn exports(folder: &Path, day: Date) -> anyhow::Result<Exports> {
    let mut found = Exports { files: 0, unreadable: 0, declarations: Vec::new() };
    let mut paths = Vec::new();
    files(folder, &mut paths)?;
    paths.sort();
    for path in paths {
        let bytes = std::fs::read(&path).with_context(|| path.display().to_string())?;
        let received = formats::read(&bytes);
        found.files += 1;
        found.unreadable +=
            u64::from(formats::Checked::from(received.clone()).verdict == Verdict::Unreadable);
        let declarations = received.messages.into_iter().filter_map(own_export);
        for declaration in declarations {
            let number = format!("{:04}-{}", found.declarations.len() + 1, name_of(&declaration));
            found.declarations.push(readdressed(declaration, number, day));
        }
    }
    Ok(found)
}

fn files(folder: &Path, paths: &mut Vec<PathBuf>) -> anyhow::Result<()> {
    for entry in std::fs::read_dir(folder).with_context(|| folder.display().to_string())? {
        let path = entry?.path();
        if path.is_dir() {
            files(&path, paths)?;
        } else {
            paths.push(path);
        }
    }
    Ok(())
}

/// An export declaration that stands for itself; cancellations and amendment requests are about another one.
fn own_export(message: Message) -> Option<Declaration> {
    match message {
        Message::Declaration(declaration) => (declaration.flow == Flow::Export
            && matches!(declaration.function, Function::Original | Function::Replace)
            && !declaration.lines.is_empty())
        .then_some(declaration),
        Message::Acdd(_) | Message::Response(_) | Message::Paper(..) | Message::Transit(_) => None,
    }
}

/// The declaration's number, or the sender's reference where it has none yet.
fn name_of(declaration: &Declaration) -> &str {
    if declaration.number.is_empty() { &declaration.reference } else { &declaration.number }
}

/// The same declaration, lodged here, bound for the partner, with its exporter's consent on record. What it says of
/// parties and goods stays as it is.
fn readdressed(declaration: Declaration, number: String, day: Date) -> Declaration {
    Declaration {
        function: Function::Original,
        country: Country::new(FROM),
        export_country: Some(Country::new(FROM)),
        destination: Some(Country::new(TO)),
        place: Some(Place::new("VNSGN")),
        departs: declaration.departs.or(Some(day)),
        consent: Some(Consent { reference: format!("C-{number}"), since: day }),
        number,
        ..declaration
    }
}
