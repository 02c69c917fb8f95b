//! Reading a reference table: rows of cells by column name.

use std::path::Path;

use anyhow::Context as _;

/// A table with a head line.
pub(super) struct Table {
    columns: Vec<String>,
    rows: Vec<csv::StringRecord>,
    path: String,
}

impl Table {
    /// Reads the comma-separated file at this path.
    pub(super) fn read(path: &Path) -> anyhow::Result<Self> {
        let said = || path.display().to_string();
        let mut reader = csv::Reader::from_path(path).with_context(said)?;
        let columns = reader.headers()?.iter().map(str::to_owned).collect();
        let rows = reader.records().collect::<Result<_, _>>().with_context(said)?;
        Ok(Self { columns, rows, path: said() })
    }

    /// The cells of these columns, row by row. Tabs and line ends inside a cell become spaces.
    pub(super) fn columns<const N: usize>(&self, names: [&str; N]) -> anyhow::Result<Vec<[String; N]>> {
        let mut places = [0; N];
        for (place, name) in places.iter_mut().zip(names) {
            *place = self.place(name)?;
        }
        Ok(self
            .rows
            .iter()
            .map(|row| places.map(|place| plain(row.get(place).unwrap_or_default())))
            .collect())
    }

    /// The cells of one column.
    pub(super) fn column(&self, name: &str) -> anyhow::Result<Vec<String>> {
        Ok(self.columns([name])?.into_iter().map(|[cell]| cell).collect())
    }

    fn place(&self, name: &str) -> anyhow::Result<usize> {
        let found = self.columns.iter().position(|column| column == name);
        found.with_context(|| format!("{}: there is no column {name}", self.path))
    }
}

fn plain(cell: &str) -> String {
    cell.split_whitespace().collect::<Vec<_>>().join(" ")
}
