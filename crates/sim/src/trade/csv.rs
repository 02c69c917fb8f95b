//! Writes trade as the files a matcher is fed: exports, imports, and the truth to judge it by.
//!
//! Exports carry the fifteen parameters of an ACDD and stand as they are on the plan's date: a replaced declaration is
//! written as replaced, a cancelled one is not written, and one without consent only where it is asked for. Rows end
//! with a line feed; a field that holds a comma, a quotation mark or a line feed is quoted (RFC 4180).

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use customs::declaration::{Declaration, Function};
use customs::terms::Address;
pub use link::csv::{EXPORT_COLUMNS, IMPORT_COLUMNS};

use super::consignment::Consignment;
use super::truth::{Case, LineRef, Planted, Sharing};

/// The four files of some trade, written as it is generated.
#[derive(Debug)]
pub struct Files<W> {
    /// Exports as the importing side sees them.
    pub exports: W,
    /// Imports.
    pub imports: W,
    /// Which export line belongs to which import line, of the exports that can be seen.
    pub links: W,
    /// One row for each consignment: what became of it, what was planted.
    pub cases: W,
}

/// The columns of the true links; the same as of a matcher's, which has a probability too.
pub const LINK_COLUMNS: [&str; 5] =
    ["export_declaration_no", "export_item_no", "import_declaration_no", "import_item_no", "class"];

/// The columns of the cases. `plants` and `innocents` are lists parted by `;` of `kind@export/item>import/item`.
pub const CASE_COLUMNS: [&str; 8] = ["case", "from", "to", "shared", "class", "plants", "innocents", "marks"];

impl Files<BufWriter<File>> {
    /// Makes `exports.csv`, `imports.csv`, `links.csv` and `cases.csv` in a folder, with their heads; the folder too,
    /// where it is not there. Files of these names are overwritten.
    ///
    /// # Errors
    /// Where one cannot be made.
    pub fn create(folder: &Path) -> io::Result<Self> {
        std::fs::create_dir_all(folder)?;
        let file = |name: &str| File::create(folder.join(name)).map(BufWriter::new);
        let (exports, imports) = (file("exports.csv")?, file("imports.csv")?);
        Self { exports, imports, links: file("links.csv")?, cases: file("cases.csv")? }.begin()
    }
}

impl<W: Write> Files<W> {
    /// Writes the heads of the four files.
    ///
    /// # Errors
    /// Where one cannot be written.
    pub fn begin(mut self) -> io::Result<Self> {
        row(&mut self.exports, EXPORT_COLUMNS)?;
        row(&mut self.imports, IMPORT_COLUMNS)?;
        row(&mut self.links, LINK_COLUMNS)?;
        row(&mut self.cases, CASE_COLUMNS)?;
        Ok(self)
    }

    /// Writes one consignment.
    ///
    /// # Errors
    /// Where a file cannot be written.
    pub fn put(&mut self, consignment: &Consignment) -> io::Result<()> {
        let seen = consignment.case.sharing == Sharing::Shared;
        if seen {
            in_force(&consignment.exports).try_for_each(|export| write_export(&mut self.exports, export))?;
        }
        consignment.imports.iter().try_for_each(|import| write_import(&mut self.imports, import))?;
        if seen {
            write_links(&mut self.links, &consignment.case)?;
        }
        write_case(&mut self.cases, &consignment.case)
    }

    /// Flushes the four files and gives them back.
    ///
    /// # Errors
    /// Where one cannot be written.
    pub fn end(mut self) -> io::Result<Self> {
        self.exports.flush()?;
        self.imports.flush()?;
        self.links.flush()?;
        self.cases.flush()?;
        Ok(self)
    }
}

/// The declarations that stand: of each number the last, unless that made it void.
pub fn in_force(exports: &[Declaration]) -> impl Iterator<Item = &Declaration> {
    let stands = move |(place, export): &(usize, &Declaration)| {
        let later = &exports[place + 1..];
        export.function != Function::Cancel && later.iter().all(|other| other.number != export.number)
    };
    exports.iter().enumerate().filter(stands).map(|(_, export)| export)
}

fn write_export(to: &mut impl Write, export: &Declaration) -> io::Result<()> {
    for line in &export.lines {
        let quantity = line.quantity.as_ref();
        row(
            to,
            [
                export.exporter.id(),
                &export.exporter.name,
                &export.importer.name,
                &in_one_line(&export.importer.address),
                export.agent.id(),
                &export.agent.name,
                &shown(export.departs),
                &line.item_no.to_string(),
                &shown(line.hs.as_ref()),
                &shown(quantity.map(|quantity| quantity.amount.normalize())),
                quantity.map_or("", |quantity| quantity.unit.as_str()),
                &shown(line.origin.as_ref()),
                &shown(export.mode.as_ref()),
                &shown(export.place.as_ref()),
                &export.number,
                export.country.as_str(),
            ],
        )?;
    }
    Ok(())
}

fn write_import(to: &mut impl Write, import: &Declaration) -> io::Result<()> {
    for line in &import.lines {
        let (quantity, value) = (line.quantity.as_ref(), line.value.as_ref());
        row(
            to,
            [
                &import.number,
                &line.item_no.to_string(),
                import.importer.id(),
                &import.importer.name,
                &in_one_line(&import.importer.address),
                &import.exporter.name,
                &shown(import.arrives),
                &shown(line.hs.as_ref()),
                &shown(quantity.map(|quantity| quantity.amount.normalize())),
                quantity.map_or("", |quantity| quantity.unit.as_str()),
                &shown(line.origin.as_ref()),
                &shown(import.export_country.as_ref()),
                &shown(import.mode.as_ref()),
                &shown(import.place.as_ref()),
                &shown(value.map(|value| value.amount)),
                value.map_or("", |value| value.currency.as_str()),
                &shown(line.gross.as_ref().map(|gross| gross.amount)),
                line.quoted_export.as_deref().unwrap_or(""),
            ],
        )?;
    }
    Ok(())
}

fn write_links(to: &mut impl Write, case: &Case) -> io::Result<()> {
    case.links.iter().try_for_each(|link| {
        let (export, import) = (&link.export, &link.import);
        let (from, into) = (export.item_no.to_string(), import.item_no.to_string());
        row(to, [&export.number, &from, &import.number, &into, link.class.code()])
    })
}

fn write_case(to: &mut impl Write, case: &Case) -> io::Result<()> {
    let marks: Vec<&str> = case.marks.iter().map(super::Mark::code).collect();
    row(
        to,
        [
            &case.number.to_string(),
            case.from.as_str(),
            case.to.as_str(),
            if case.sharing == Sharing::Shared { "yes" } else { "no" },
            case.class.code(),
            &planted(&case.plants, |kind| kind.code()),
            &planted(&case.innocents, |kind| kind.code()),
            &marks.join(";"),
        ],
    )
}

fn planted<K: Copy>(all: &[Planted<K>], code: impl Fn(K) -> &'static str) -> String {
    let line = |line: &Option<LineRef>| {
        line.as_ref().map_or_else(String::new, |line| format!("{}/{}", line.number, line.item_no))
    };
    let one = |one: &Planted<K>| format!("{}@{}>{}", code(one.kind), line(&one.export), line(&one.import));
    all.iter().map(one).collect::<Vec<_>>().join(";")
}

/// The address as one field: the line, and the city where the line does not name it.
fn in_one_line(address: &Address) -> String {
    let Address { line, city, .. } = address;
    if city.is_empty() || line.contains(city.as_str()) { line.clone() } else { format!("{line}, {city}") }
}

fn shown<T: ToString>(value: Option<T>) -> String {
    value.map_or_else(String::new, |value| value.to_string())
}

/// Writes one row.
fn row<const N: usize>(to: &mut impl Write, fields: [&str; N]) -> io::Result<()> {
    for (place, field) in fields.into_iter().enumerate() {
        if place > 0 {
            to.write_all(b",")?;
        }
        if field.contains([',', '"', '\n', '\r']) {
            write!(to, "\"{}\"", field.replace('"', "\"\""))?;
        } else {
            to.write_all(field.as_bytes())?;
        }
    }
    to.write_all(b"\n")
}
