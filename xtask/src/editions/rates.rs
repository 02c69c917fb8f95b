//! The rates: a block per chapter, `code` and one cell per series as the source wrote it; a block `series` that
//! says what each column is; a block `stale` with the lines known to be overtaken.

use std::path::Path;

use super::Edition;
use super::blocks::Blocks;
use super::series::{self, Series};
use super::table::Table;

/// The Vietnamese rates.
pub(super) fn vietnam(source: &Path) -> anyhow::Result<Edition> {
    let table = Table::read(&source.join("ahtn2022/vn_rates_base.csv"))?;
    let (mut blocks, rows) = columns(&table, "ahtn8", &series::vietnam())?;
    let stale = Table::read(&source.join("ahtn2022/vn_mfn_lines_known_stale.csv"))?;
    let cells = ["ahtn8", "mfn_nd26_2023", "mfn_implied_by_2026_ordinary_rate_div_1.5"];
    for [code, _, implied] in stale.columns(cells)? {
        // The table marks what it could not derive with words in brackets.
        let implied = if implied.starts_with('(') { "" } else { &implied };
        blocks.line("stale", &format!("{code}\tMFN\t{implied}"));
    }
    for [code, rows] in table.columns(["ahtn8", "mfn_rows_in_source"])? {
        if rows != "1" {
            blocks.line("several", &format!("{code}\tMFN\t{rows}"));
        }
    }
    Ok(Edition { name: "rates-vn", rows, bytes: blocks.write()? })
}

/// The Indonesian rates.
pub(super) fn indonesia(source: &Path) -> anyhow::Result<Edition> {
    let table = Table::read(&source.join("ahtn2022/id_rates_btki2022.csv"))?;
    let (blocks, rows) = columns(&table, "code8", &series::indonesia())?;
    Ok(Edition { name: "rates-id", rows, bytes: blocks.write()? })
}

fn columns(table: &Table, key: &str, series: &[Series]) -> anyhow::Result<(Blocks, usize)> {
    let mut blocks = Blocks::default();
    for one in series {
        blocks.line("series", &serde_json::to_string(one)?);
    }
    let columns: Vec<Vec<String>> =
        series.iter().map(|one| table.column(one.column)).collect::<anyhow::Result<_>>()?;
    let codes = table.column(key)?;
    for (row, code) in codes.iter().enumerate() {
        let cells: Vec<&str> = columns.iter().map(|column| column[row].as_str()).collect();
        blocks.line(&code[..2], &format!("{code}\t{}", cells.join("\t")));
    }
    Ok((blocks, codes.len()))
}
