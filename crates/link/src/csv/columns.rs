//! The columns of both files, and which holds what.

use crate::doc::Side;

/// The columns of a file of exports: the fifteen parameters of an ACDD by their WCO names, and the exporting country.
pub const EXPORT_COLUMNS: [&str; 16] = [
    "exporter_id",
    "exporter_name",
    "consignee_name",
    "consignee_address",
    "agent_id",
    "agent_name",
    "departure_date",
    "item_no",
    "hs_code",
    "quantity",
    "unit",
    "origin",
    "mode",
    "port_of_discharge",
    "declaration_no",
    "export_country",
];

/// The columns of a file of imports.
pub const IMPORT_COLUMNS: [&str; 18] = [
    "declaration_no",
    "item_no",
    "importer_id",
    "importer_name",
    "importer_address",
    "supplier_name",
    "arrival_date",
    "hs_code",
    "quantity",
    "unit",
    "origin",
    "export_country",
    "mode",
    "port",
    "invoice_value",
    "currency",
    "gross_kg",
    "quoted_export_no",
];

/// Which column holds what, by place among a side's columns.
pub(super) struct Layout {
    pub(super) side: Side,
    pub(super) columns: &'static [&'static str],
    pub(super) number: usize,
    pub(super) item: usize,
    pub(super) sender_id: Option<usize>,
    pub(super) sender: usize,
    pub(super) receiver_id: Option<usize>,
    pub(super) receiver: usize,
    pub(super) receiver_address: usize,
    pub(super) day: usize,
    pub(super) hs: usize,
    pub(super) quantity: usize,
    pub(super) unit: usize,
    pub(super) origin: usize,
    pub(super) from: usize,
    pub(super) mode: usize,
    pub(super) place: usize,
    pub(super) own: Option<Own>,
}

/// Columns only imports have.
#[derive(Clone, Copy)]
pub(super) struct Own {
    pub(super) value: usize,
    pub(super) currency: usize,
    pub(super) gross: usize,
    pub(super) quoted: usize,
}

/// The layout of a side's file.
pub(super) const fn layout(side: Side) -> &'static Layout {
    match side {
        Side::Export => &EXPORTS,
        Side::Import => &IMPORTS,
    }
}

static EXPORTS: Layout = Layout {
    side: Side::Export,
    columns: &EXPORT_COLUMNS,
    number: 14,
    item: 7,
    sender_id: Some(0),
    sender: 1,
    receiver_id: None,
    receiver: 2,
    receiver_address: 3,
    day: 6,
    hs: 8,
    quantity: 9,
    unit: 10,
    origin: 11,
    from: 15,
    mode: 12,
    place: 13,
    own: None,
};

static IMPORTS: Layout = Layout {
    side: Side::Import,
    columns: &IMPORT_COLUMNS,
    number: 0,
    item: 1,
    sender_id: None,
    sender: 5,
    receiver_id: Some(2),
    receiver: 3,
    receiver_address: 4,
    day: 6,
    hs: 7,
    quantity: 8,
    unit: 9,
    origin: 10,
    from: 11,
    mode: 12,
    place: 13,
    own: Some(Own { value: 14, currency: 15, gross: 16, quoted: 17 }),
};
