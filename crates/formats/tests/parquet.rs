//! Parquet files of foreign writers (pyarrow, DuckDB; `interop/targeting/parquet_fixtures.py`) against the same table as CSV.

#![expect(clippy::disallowed_methods, reason = "tests read their fixtures")]

use formats::parquet::{Column, Footer, ParquetFault, TAIL_BYTES};
use proptest::prelude::*;

fn file(name: &str) -> Vec<u8> {
    let path = format!("{}/tests/parquet/{name}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read(path).expect("a fixture")
}

/// The names of a file's columns, its row groups one behind the other, and its columns of columns.
type Whole = (Vec<String>, Vec<Vec<Column>>, Vec<String>);

/// All of a file.
fn read(bytes: &[u8]) -> Result<Whole, ParquetFault> {
    let tail = bytes.len().checked_sub(TAIL_BYTES).ok_or(ParquetFault::Damaged("short"))?;
    let footer = tail.checked_sub(Footer::length(&bytes[tail..])?).ok_or(ParquetFault::Damaged("short"))?;
    let footer = Footer::read(&bytes[footer..tail])?;
    let group = |group: &formats::parquet::RowGroup| {
        let (start, length) = (group.start as usize, group.length as usize);
        let bytes = start.checked_add(length).and_then(|end| bytes.get(start..end));
        group.read(&footer, bytes.ok_or(ParquetFault::Damaged("short"))?)
    };
    let groups = footer.groups.iter().map(group).collect::<Result<_, _>>()?;
    Ok((footer.names().map(str::to_owned).collect(), groups, footer.nested.clone()))
}

fn lines(name: &str) -> Vec<Vec<String>> {
    let (names, groups, _) = read(&file(name)).expect(name);
    let mut lines = vec![names];
    for group in groups {
        for row in 0..group[0].len() {
            let text = |column: &Column| String::from_utf8_lossy(column.of(row)).into_owned();
            lines.push(group.iter().map(text).collect());
        }
    }
    lines
}

#[test]
fn files_of_foreign_writers_say_what_their_table_says() {
    let expected = file("expected.csv");
    let mut expected = csv::ReaderBuilder::new().has_headers(false).from_reader(expected.as_slice());
    let expected: Vec<Vec<String>> = expected
        .records()
        .map(|record| record.expect("a table").iter().map(str::to_owned).collect())
        .collect();
    assert_eq!(expected.len(), 301);
    for name in ["plain.parquet", "snappy.parquet", "gzip-v2.parquet", "duckdb.parquet"] {
        let found = lines(name);
        assert_eq!(found.len(), expected.len(), "{name}");
        for (found, expected) in found.iter().zip(&expected) {
            assert_eq!(found, expected, "{name}");
        }
    }
    assert_eq!(read(&file("snappy.parquet")).expect("readable").1.len(), 3, "row groups of 128 rows");
    assert_eq!(read(&file("gzip-v2.parquet")).expect("readable").2, ["many"], "a list is left out, and said");
}

#[test]
fn what_is_not_read_is_named() {
    let fault = read(&file("zstd.parquet")).expect_err("not read");
    assert_eq!((fault.code(), fault.to_string().contains("Zstandard")), ("parquet-not-read", true));
    let fault = read(b"id,day\nP1,2026-03-01\n").expect_err("no Parquet");
    assert_eq!(fault.code(), "parquet-damaged");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// Whatever is changed, nothing panics and nothing is read beyond the file.
    #[test]
    fn a_damaged_file_is_read_or_refused(
        which in 0_usize..4,
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
        cut in any::<Option<prop::sample::Index>>(),
    ) {
        let mut bytes = file(["plain.parquet", "snappy.parquet", "gzip-v2.parquet", "duckdb.parquet"][which]);
        for (place, byte) in changes {
            let place = place.index(bytes.len());
            bytes[place] = byte;
        }
        if let Some(cut) = cut {
            bytes.drain(..cut.index(bytes.len()));
        }
        let _ = read(&bytes);
    }
}
