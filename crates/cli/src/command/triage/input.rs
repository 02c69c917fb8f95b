//! The input of a night, block by block: tables, JSON lines, and Parquet, one block ahead on a thread of its own.

use std::fs::File;
use std::io::{BufRead as _, BufReader, Read as _, Seek as _, SeekFrom};
use std::path::Path;
use std::sync::mpsc::sync_channel;

use anyhow::{Context as _, bail};
use customs::parcel::Parcel;
use formats::parquet::{Column, Footer, TAIL_BYTES};
use formats::postal::{Table, parcel, read_json_line};

use super::output_folder::LINES_PER_ENTRY;
use crate::output;

/// Lines that are decided, and made durable, at once; a whole number of the record's entries.
#[derive(Clone, Copy, Debug)]
pub(crate) struct BlockSize(pub(super) usize);

impl Default for BlockSize {
    fn default() -> Self {
        Self(50_000)
    }
}

impl BlockSize {
    /// A block of so many lines.
    ///
    /// # Errors
    /// Where that is no whole number of entries, or none.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        match text.parse::<usize>() {
            Ok(lines) if lines > 0 && lines.is_multiple_of(LINES_PER_ENTRY) => Ok(Self(lines)),
            _ => Err(format!("a multiple of {LINES_PER_ENTRY}")),
        }
    }
}

/// A block of lines as they stood.
pub(super) enum Block {
    Records(Vec<csv::ByteRecord>),
    Lines(Vec<Vec<u8>>),
}

/// The parcels of a block.
pub(super) fn parcels<'a>(table: Option<&Table>, block: &'a Block) -> Vec<Parcel<'a>> {
    match (block, table) {
        (Block::Records(records), Some(table)) => {
            records.iter().map(|record| parcel(table, record)).collect()
        }
        (Block::Records(_), None) => Vec::new(),
        (Block::Lines(lines), _) => {
            lines.iter().map(|line| read_json_line(line).unwrap_or_default()).collect()
        }
    }
}

/// Reads the input block by block.
pub(super) fn each_block(
    input: &Path,
    size: BlockSize,
    take: impl FnMut(usize, Option<&Table>, &Block) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let file = File::open(input).with_context(|| format!("cannot read {}", input.display()))?;
    match input.extension().and_then(|extension| extension.to_str()) {
        Some("jsonl" | "json") => ahead(JsonLines { reader: buffered(file), size }, None, take),
        Some("parquet") => {
            let rows = ParquetRows::open(file, size).with_context(|| input.display().to_string())?;
            let table = usable(Table::new(rows.footer.names().map(str::as_bytes)), input)?;
            ahead(rows, Some(&table), take)
        }
        _ => {
            let mut reader = buffered(file);
            let mut header = Vec::new();
            reader.read_until(b'\n', &mut header)?;
            let mut first = csv::ReaderBuilder::new().has_headers(false).from_reader(header.as_slice());
            let mut record = csv::ByteRecord::new();
            first.read_byte_record(&mut record)?;
            let table = usable(Table::new(record.iter()), input)?;
            let rest = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(reader);
            ahead(TableRows { rest, size }, Some(&table), take)
        }
    }
}

fn buffered(file: File) -> BufReader<File> {
    BufReader::with_capacity(1 << 20, file)
}

fn usable(table: Table, input: &Path) -> anyhow::Result<Table> {
    if !table.is_usable() {
        bail!("{} has no columns `id` and `value`", input.display());
    }
    Ok(table)
}

/// Has the blocks made on another thread, one ahead of the one that is worked on.
fn ahead(
    blocks: impl Iterator<Item = anyhow::Result<Block>> + Send,
    table: Option<&Table>,
    mut take: impl FnMut(usize, Option<&Table>, &Block) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    std::thread::scope(|scope| {
        let (sender, receiver) = sync_channel(1);
        scope.spawn(move || {
            for block in blocks {
                if sender.send(block).is_err() {
                    return;
                }
            }
        });
        for (number, block) in receiver.iter().enumerate() {
            take(number, table, &block.context("the input cannot be read to its end")?)?;
        }
        Ok(())
    })
}

struct JsonLines {
    reader: BufReader<File>,
    size: BlockSize,
}

impl Iterator for JsonLines {
    type Item = anyhow::Result<Block>;

    fn next(&mut self) -> Option<Self::Item> {
        let mut lines = Vec::new();
        while lines.len() < self.size.0 {
            let mut line = Vec::new();
            match self.reader.read_until(b'\n', &mut line) {
                Ok(0) => break,
                Ok(_) if line.trim_ascii().is_empty() => {}
                Ok(_) => lines.push(line),
                Err(error) => return Some(Err(error.into())),
            }
        }
        (!lines.is_empty()).then_some(Ok(Block::Lines(lines)))
    }
}

struct TableRows {
    rest: csv::Reader<BufReader<File>>,
    size: BlockSize,
}

impl Iterator for TableRows {
    type Item = anyhow::Result<Block>;

    fn next(&mut self) -> Option<Self::Item> {
        let mut block = Vec::with_capacity(self.size.0);
        let mut record = csv::ByteRecord::new();
        while block.len() < self.size.0 {
            match self.rest.read_byte_record(&mut record) {
                Ok(true) => block.push(std::mem::take(&mut record)),
                Ok(false) => break,
                Err(error) => return Some(Err(error.into())),
            }
        }
        (!block.is_empty()).then_some(Ok(Block::Records(block)))
    }
}

/// Rows of a Parquet file; one row group is held at a time.
struct ParquetRows {
    file: File,
    footer: Footer,
    size: BlockSize,
    /// The next row group.
    group: usize,
    columns: Vec<Column>,
    /// The next row of the group that is held.
    row: usize,
}

impl ParquetRows {
    fn open(mut file: File, size: BlockSize) -> anyhow::Result<Self> {
        let end = file.seek(SeekFrom::End(0))?;
        let tail = end.checked_sub(TAIL_BYTES as u64).context("the file is no Parquet: too short")?;
        let length = Footer::length(&part(&mut file, tail, TAIL_BYTES as u64)?)? as u64;
        let start = tail.checked_sub(length).context("the file is no Parquet: too short")?;
        let footer = Footer::read(&part(&mut file, start, length)?)?;
        if !footer.nested.is_empty() {
            output::say(format_args!("columns of columns are left out: {}", footer.nested.join(", ")));
        }
        Ok(Self { file, footer, size, group: 0, columns: Vec::new(), row: 0 })
    }

    /// Whether there is a row to be read; reads the next row group where the last is done.
    fn has_row(&mut self) -> anyhow::Result<bool> {
        while self.columns.first().is_none_or(|column| self.row >= column.len()) {
            let Some(group) = self.footer.groups.get(self.group) else { return Ok(false) };
            let bytes = part(&mut self.file, group.start, group.length)?;
            self.columns = group.read(&self.footer, &bytes)?;
            self.group += 1;
            self.row = 0;
        }
        Ok(true)
    }

    fn block(&mut self) -> anyhow::Result<Vec<csv::ByteRecord>> {
        let mut block = Vec::new();
        while block.len() < self.size.0 && self.has_row()? {
            block.push(self.columns.iter().map(|column| column.of(self.row)).collect());
            self.row += 1;
        }
        Ok(block)
    }
}

impl Iterator for ParquetRows {
    type Item = anyhow::Result<Block>;

    fn next(&mut self) -> Option<Self::Item> {
        match self.block() {
            Ok(block) => (!block.is_empty()).then_some(Ok(Block::Records(block))),
            Err(error) => {
                self.group = usize::MAX;
                self.columns.clear();
                Some(Err(error))
            }
        }
    }
}

/// So many bytes of a file from a place on.
fn part(file: &mut File, start: u64, length: u64) -> anyhow::Result<Vec<u8>> {
    file.seek(SeekFrom::Start(start))?;
    let mut bytes = Vec::new();
    file.take(length).read_to_end(&mut bytes)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_and_the_same_as_parquet_give_the_same_lines() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../formats/tests/parquet");
        let read = |name: &str| {
            let mut lines = Vec::new();
            each_block(&folder.join(name), BlockSize(200), |number, table, block| {
                let found = parcels(table, block);
                lines.extend(found.iter().map(|parcel| (number, format!("{parcel:?}"))));
                Ok(())
            })
            .expect(name);
            lines
        };
        let expected = read("expected.csv");
        assert_eq!(expected.len(), 300);
        for name in ["plain.parquet", "snappy.parquet", "duckdb.parquet"] {
            assert_eq!(read(name), expected, "{name}");
        }
        let refused = each_block(&folder.join("zstd.parquet"), BlockSize::default(), |_, _, _| Ok(()));
        assert!(format!("{:#}", refused.expect_err("not read")).contains("Zstandard"));
    }
}
