//! The WCO wrapper (`MetaData`) around one declaration or one or more responses, and the roots of the family.

use super::{declaration, names, response};
use crate::model::Content::Part;
use crate::model::List::{Country, None};
use crate::model::picture::{code_or_blank, text_or_blank};
use crate::model::row::{MANY, Message, Row, Section, either, row, v};
use crate::model::{Model, Picture};
use std::sync::LazyLock;

const FREE: u16 = Picture::FREE;

/// The messages of the family: wrapper, declaration (DEC), response (RES).
pub(crate) static MESSAGE: Message = Message { namespaces: names::ALL, roots: &ROOTS };

/// The family, compiled at first use.
pub(crate) static MODEL: LazyLock<Model> = LazyLock::new(|| Model::compile(&MESSAGE));

static ROOTS: Section = Section { namespace: names::WRAPPER, dates: names::WRAPPER, rows: ROOT_ROWS };

static METADATA: Section = Section { namespace: names::WRAPPER, dates: names::WRAPPER, rows: ROWS };

#[rustfmt::skip]
const ROOT_ROWS: &[Row] = &[
    row(0, "MetaData",    "",    0, 1, Part(&METADATA),                 None, 0, "Document metadata"),
    row(0, "Declaration", "42A", 0, 1, Part(&declaration::DECLARATION), None, 0, "Declaration"),
    row(0, "Response",    "07B", 0, 1, Part(&response::RESPONSE),       None, 0, "Response"),
];

#[rustfmt::skip]
const ROWS: &[Row] = &[
    row(0, "WCODataModelVersionCode",                "", 0, 1, v(code_or_blank(FREE)), None,    0, "WCO Data Model version"),
    row(0, "WCOTypeName",                            "", 0, 1, v(text_or_blank(FREE)), None,    0, "WCO type name"),
    row(0, "ResponsibleCountryCode",                 "", 0, 1, v(code_or_blank(FREE)), Country, 3207, "Responsible country"),
    row(0, "ResponsibleAgencyName",                  "", 0, 1, v(text_or_blank(FREE)), None,    0, "Responsible agency name"),
    row(0, "AgencyAssignedCustomizationCode",        "", 0, 1, v(code_or_blank(FREE)), None,    0, "Agency assigned customization"),
    row(0, "AgencyAssignedCustomizationVersionCode", "", 0, 1, v(code_or_blank(FREE)), None,    0, "Agency assigned customization version"),
    either(row(0, "Declaration", "42A", 1, 1,    Part(&declaration::DECLARATION), None, 0, "Declaration")),
    either(row(0, "Response",    "07B", 1, MANY, Part(&response::RESPONSE),       None, 0, "Response")),
];
