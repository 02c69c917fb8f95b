//! The columns of an import declaration, declared once for both notations and for the manual.

/// Whether a column must be there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// A file without it is faulty, and so is a row where it is empty.
    Must,
    /// It may be missing or empty.
    May,
}

/// Of what a column speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// The declaration; the same in all its rows.
    Declaration,
    /// One goods item.
    Item,
}

/// One column.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    /// Its name in the header line and in JSON.
    pub name: &'static str,
    /// Whether it must be there.
    pub need: Need,
    /// Of what it speaks.
    pub level: Level,
    /// What may stand in it, for people.
    pub form: &'static str,
}

const fn column(name: &'static str, need: Need, level: Level, form: &'static str) -> Column {
    Column { name, need, level, form }
}

/// All columns, in the order a file is best written in.
pub const COLUMNS: &[Column] = &[
    column("declaration_no", Need::Must, Level::Declaration, "number of the declaration, an..70"),
    column("item_no", Need::Must, Level::Item, "serial number of the item, from 1"),
    column("importer_id", Need::May, Level::Declaration, "national identifier of the importer"),
    column("importer_name", Need::Must, Level::Declaration, "name of the importer"),
    column("importer_address", Need::May, Level::Declaration, "address of the importer, free text"),
    column("supplier_name", Need::May, Level::Declaration, "name of the foreign supplier"),
    column("arrival_date", Need::May, Level::Declaration, "CCYY-MM-DD or CCYYMMDD"),
    column("hs_code", Need::Must, Level::Item, "4 to 12 digits, dots allowed"),
    column("quantity", Need::Must, Level::Item, "decimal with a point, not negative"),
    column("unit", Need::Must, Level::Item, "UN/ECE Recommendation 20"),
    column("origin", Need::May, Level::Item, "ISO 3166-1 alpha-2"),
    column("export_country", Need::May, Level::Declaration, "ISO 3166-1 alpha-2"),
    column("mode", Need::May, Level::Declaration, "UN/ECE Recommendation 19, one digit"),
    column("port", Need::May, Level::Declaration, "UN/LOCODE of the place of entry"),
    column("invoice_value", Need::May, Level::Item, "decimal with a point"),
    column("currency", Need::May, Level::Item, "ISO 4217"),
    column("gross_kg", Need::May, Level::Item, "decimal with a point, not negative"),
    column("quoted_export_no", Need::May, Level::Item, "number of the foreign export declaration"),
    column("description", Need::May, Level::Item, "what the goods are, in words"),
    column("scheme", Need::May, Level::Item, "preference scheme asked for, such as ATIGA"),
    column(
        "certificates",
        Need::May,
        Level::Item,
        "`kind:number` or `kind:country:number`, several with `;`",
    ),
    column("supplier_operator_code", Need::May, Level::Declaration, "trusted-trader code of the supplier"),
    column(
        "procedure",
        Need::May,
        Level::Item,
        "customs procedure: `4000`, `71`, `warehouse`, a national code",
    ),
];

/// The column of this name.
pub(super) fn named(name: &str) -> Option<&'static Column> {
    COLUMNS.iter().find(|column| column.name == name)
}

/// The columns as a markdown table.
pub(crate) fn page() -> String {
    let mut out = String::from("| column | of | needed | form |\n|---|---|---|---|\n");
    for Column { name, need, level, form } in COLUMNS {
        let need = if *need == Need::Must { "yes" } else { "no" };
        let level = if *level == Level::Item { "item" } else { "declaration" };
        out.push_str(&format!("| {name} | {level} | {need} | {form} |\n"));
    }
    out
}
