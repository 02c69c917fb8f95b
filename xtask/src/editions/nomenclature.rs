//! The nomenclatures and their correlations.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{bail, ensure};

use super::Edition;
use super::blocks::Blocks;
use super::table::Table;

/// The ASEAN nomenclature of 2022: lines with their texts in three languages, and the parents that carry a code.
///
/// A block per chapter; `P code en id` for a parent, `L code dashes missing en id vi` for a line.
pub(super) fn ahtn(source: &Path) -> anyhow::Result<Edition> {
    let mut blocks = Blocks::default();
    let parents = Table::read(&source.join("ahtn2022/ahtn2022_coded_parents.csv"))?;
    for [code, en, id] in parents.columns(["code", "desc_en", "desc_id"])? {
        digits(&code, &[4, 6])?;
        blocks.line(&code[..2], &format!("P\t{code}\t{}\t{}", text(&en).1, text(&id).1));
    }
    let lines = Table::read(&source.join("ahtn2022/ahtn2022_lines.csv"))?;
    let cells = ["ahtn8", "dashes", "uncoded_parent_text_missing", "desc_en", "desc_id", "desc_vi"];
    let rows = lines.columns(cells)?;
    for [code, dashes, missing, en, id, vi] in &rows {
        digits(code, &[8])?;
        ensure!(text(en).0.to_string() == *dashes, "{code}: its text has another depth than {dashes}");
        let texts = [text(en).1, text(id).1, text(vi).1].join("\t");
        blocks.line(&code[..2], &format!("L\t{code}\t{dashes}\t{missing}\t{texts}"));
    }
    Ok(Edition { name: "ahtn-2022", rows: rows.len(), bytes: blocks.write()? })
}

/// The Harmonized System of 2022, 2017 and 2012: a block per chapter, `code editions text`, where `editions` is
/// the sum of 1 (2022), 2 (2017) and 4 (2012) that say this text.
pub(super) fn harmonized(source: &Path) -> anyhow::Result<Edition> {
    let mut said: BTreeMap<(String, String), u8> = BTreeMap::new();
    for (bit, file) in [(1, "hs2022_en.csv"), (2, "hs2017_en.csv"), (4, "hs2012_en.csv")] {
        for [code, text] in Table::read(&source.join("hs").join(file))?.columns(["code", "desc"])? {
            // The statistical "commodities not specified" is no part of the nomenclature.
            if code.starts_with("99") || code == "TOTAL" {
                continue;
            }
            digits(&code, &[2, 4, 6])?;
            *said.entry((code, text)).or_default() |= bit;
        }
    }
    let mut blocks = Blocks::default();
    for ((code, text), editions) in &said {
        blocks.line(&code[..2], &format!("{code}\t{editions}\t{text}"));
    }
    Ok(Edition { name: "hs", rows: said.len(), bytes: blocks.write()? })
}

/// The correlations of the United Nations' statisticians: a block per pair of editions, `new old old …`.
pub(super) fn correlations(source: &Path) -> anyhow::Result<Edition> {
    let mut blocks = Blocks::default();
    let mut rows = 0;
    for (new, old) in [("2022", "2017"), ("2022", "2012"), ("2017", "2012")] {
        let table = Table::read(&source.join(format!("hs/hs{new}_hs{old}_correlation.csv")))?;
        let pairs = table.columns([&format!("hs{new}"), &format!("hs{old}")])?;
        rows += pairs.len();
        let mut targets: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for [from, to] in &pairs {
            digits(from, &[6])?;
            digits(to, &[6])?;
            targets.entry(from).or_default().push(to);
        }
        for (from, to) in targets {
            blocks.line(&format!("{new}-{old}"), &format!("{from}\t{}", to.join(" ")));
        }
    }
    Ok(Edition { name: "correlations", rows, bytes: blocks.write()? })
}

/// The depth of a nomenclature text and the text without its dashes and its closing sign.
fn text(cell: &str) -> (usize, &str) {
    let mut rest = cell;
    let mut depth = 0;
    while let Some(inner) = rest.strip_prefix('-') {
        rest = inner.trim_start();
        depth += 1;
    }
    (depth, rest.trim_end_matches([':', '.', ' ']))
}

fn digits(code: &str, lengths: &[usize]) -> anyhow::Result<()> {
    if lengths.contains(&code.len()) && code.bytes().all(|byte| byte.is_ascii_digit()) {
        return Ok(());
    }
    bail!("{code:?} is no code of {lengths:?} digits")
}
