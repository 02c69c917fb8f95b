//! The ACDD and the Customs Response to it, declared.
//!
//! Element names, classes and ids are the WCO Data Model's, in the order of its schemas; the namespace is our own,
//! because no published schema holds these fifteen parameters. Where a picture is wider than WCO's, the reason stands
//! in docs/formats/acdd.md.

use std::sync::LazyLock;

use crate::model::Content::{Class, Date, Part};
use crate::model::List::{Country, Mode, None, Place, Standard, User};
use crate::model::Model;
use crate::model::picture::{code, digits, digits_to, id, letters, number, one_of, quantity, text};
use crate::model::row::{MANY, Message, Row, Section, either, row, v};

/// The namespace of version 1 of both documents.
pub(crate) const NAMESPACE: &str = "urn:sampan:acdd:1";

/// The family's namespaces.
pub(crate) const NAMESPACES: &[&str] = &[NAMESPACE];

/// The family, compiled at first use.
pub(crate) static MODEL: LazyLock<Model> = LazyLock::new(|| Model::compile(&MESSAGE));

static MESSAGE: Message = Message { namespaces: NAMESPACES, roots: &ROOTS };

const fn section(rows: &'static [Row]) -> Section {
    Section { namespace: 0, dates: 0, rows }
}

static ROOTS: Section = section(ROOT_ROWS);
/// What stands in `MetaData`.
pub(crate) static METADATA: Section = section(METADATA_ROWS);
/// What stands in `Declaration`, the ACDD.
pub(crate) static ACDD: &Section = &section(ACDD_ROWS);
/// What stands in `Response`, the Customs Response.
pub(crate) static RESPONSE: &Section = &section(RESPONSE_ROWS);

#[rustfmt::skip]
const ROOT_ROWS: &[Row] = &[
    row(0, "MetaData", "", 1, 1, Part(&METADATA), None, 0, "Document metadata"),
];

#[rustfmt::skip]
const METADATA_ROWS: &[Row] = &[
    row(0, "WCODataModelVersionCode",                "", 0, 1, v(code(6)),           None,       0, "WCO Data Model version"),
    row(0, "WCOTypeName",                            "", 0, 1, v(text(35)),          None,       0, "WCO type name"),
    row(0, "ResponsibleCountryCode",                 "", 1, 1, v(letters(2)),        Country, 3207, "Country that numbered the declaration"),
    row(0, "AgencyAssignedCustomizationCode",        "", 1, 1, v(one_of(6, &["ACDD"])), None,    0, "Profile"),
    row(0, "AgencyAssignedCustomizationVersionCode", "", 1, 1, v(code(3)),           None,       0, "Profile version"),
    either(row(0, "Declaration", "42A", 1, 1, Part(ACDD),     None, 0, "Declaration")),
    either(row(0, "Response",    "07B", 1, 1, Part(RESPONSE), None, 0, "Response")),
];

#[rustfmt::skip]
const ACDD_ROWS: &[Row] = &[
    row(0, "FunctionCode",              "017",  1, 1,    v(one_of(2, &["1", "5", "9", "13"])), Standard, 1225, "Message function, coded"),
    row(0, "FunctionalReferenceID",     "D026", 1, 1,    v(id(85)),        None,     1154, "Functional reference number"),
    row(0, "ID",                        "D014", 1, 1,    v(id(70)),        None,     1004, "Document reference number"),
    row(0, "TypeCode",                  "D013", 0, 1,    v(code(3)),       Standard, 1001, "Document name, coded"),
    row(0, "VersionID",                 "383",  1, 1,    v(digits_to(9)),  None,     1057, "Version number"),
    row(0, "AdditionalDocument",        "02A",  0, 1,    Class,            None,        0, "Consent of the exporter"),
    row(1, "ID",                        "D005", 1, 1,    v(id(70)),        None,     1004, "Additional document reference number"),
    row(1, "TypeCode",                  "D006", 1, 1,    v(code(3)),       User,     1001, "Additional document type, coded"),
    row(1, "EffectiveDateTime",         "276",  1, 1,    Date,             None,     2380, "Date from which the document has effect"),
    row(0, "AdditionalInformation",     "03A",  0, 1,    Class,            None,        0, "Reason of a change"),
    row(1, "StatementDescription",      "225",  1, 1,    v(text(512)),     None,     4440, "Additional statement text"),
    row(0, "Agent",                     "05A",  0, 1,    Class,            None,        0, "Agent"),
    row(1, "Name",                      "R003", 0, 1,    v(text(256)),     None,     3036, "Agent - name"),
    row(1, "ID",                        "R004", 0, MANY, v(id(35)),        User,     3039, "Agent, coded"),
    row(0, "BorderTransportMeans",      "15A",  0, 1,    Class,            None,        0, "Means of transport crossing the border"),
    row(1, "ModeCode",                  "T022", 1, 1,    v(digits(1)),     Mode,     8067, "Mode of transport crossing the border, coded"),
    row(0, "Exporter",                  "57A",  0, 1,    Class,            None,        0, "Exporter"),
    row(1, "Name",                      "R031", 0, 1,    v(text(256)),     None,     3036, "Exporter - name"),
    row(1, "ID",                        "R032", 0, MANY, v(id(35)),        User,     3039, "Exporter, coded"),
    row(0, "GoodsShipment",             "67A",  0, 1,    Class,            None,        0, "Goods shipment"),
    row(1, "ExitDateTime",              "024",  0, 1,    Date,             None,     2380, "Date of exit"),
    row(1, "Consignee",                 "27A",  0, 1,    Class,            None,        0, "Consignee"),
    row(2, "Name",                      "R014", 0, 1,    v(text(256)),     None,     3036, "Consignee - name"),
    row(2, "Address",                   "04A",  0, 1,    Class,            None,        0, "Address"),
    row(3, "CityName",                  "241",  0, 1,    v(text(70)),      None,     3164, "City name"),
    row(3, "CountryCode",               "242",  0, 1,    v(letters(2)),    Country,  3207, "Country, coded"),
    row(3, "CountrySubDivisionName",    "243",  0, 1,    v(text(70)),      None,     3228, "Country sub-entity name"),
    row(3, "Line",                      "239",  0, 1,    v(text(512)),     None,     3042, "Street and number/P.O. Box"),
    row(3, "PostcodeID",                "245",  0, 1,    v(id(17)),        User,     3251, "Postcode identification"),
    row(1, "Consignment",               "28A",  0, 1,    Class,            None,        0, "Consignment"),
    row(2, "UnloadingLocation",         "38B",  1, 1,    Class,            None,        0, "Place of unloading"),
    row(3, "ID",                        "L013", 1, 1,    v(id(17)),        Place,    3225, "Place of unloading, coded"),
    row(1, "GovernmentAgencyGoodsItem", "68A",  0, 9999, Class,            None,        0, "Goods item"),
    row(2, "SequenceNumeric",           "006",  1, 1,    v(number(5, 0)),  None,     1050, "Sequence number"),
    row(2, "Commodity",                 "23A",  0, 1,    Class,            None,        0, "Commodity"),
    row(3, "Classification",            "21A",  0, 1,    Class,            None,        0, "Classification"),
    row(4, "ID",                        "145",  1, 1,    v(id(18)),        None,     7357, "Commodity classification"),
    row(4, "IdentificationTypeCode",    "",    1, 1,    v(one_of(3, &["HS"])), Standard, 7143, "Commodity classification type, coded"),
    row(3, "GoodsMeasure",              "65A",  0, 1,    Class,            None,        0, "Goods measure"),
    row(4, "TariffQuantity",            "130",  1, 1,    v(quantity(28, 12)), None,  6060, "Quantity in the tariff's unit"),
    row(2, "Origin",                    "92A",  0, 1,    Class,            None,        0, "Origin"),
    row(3, "CountryCode",               "063",  1, 1,    v(code(4)),       Country,  3239, "Country of origin, coded"),
];

#[rustfmt::skip]
const RESPONSE_ROWS: &[Row] = &[
    row(0, "FunctionCode",          "017",  1, 1,    v(one_of(2, &["1", "8", "27", "44"])), Standard, 1225, "Message function, coded"),
    row(0, "FunctionalReferenceID", "D026", 1, 1,    v(id(85)),       None,     1154, "Functional reference number"),
    row(0, "IssueDateTime",         "D029", 0, 1,    Date,            None,     2006, "Response issuing date"),
    row(0, "AdditionalInformation", "03A",  0, 999,  Class,           None,        0, "Remark"),
    row(1, "StatementCode",         "226",  0, 1,    v(code(35)),     User,     4441, "Additional statement code"),
    row(1, "StatementDescription",  "225",  0, 1,    v(text(512)),    None,     4440, "Additional statement text"),
    row(1, "Pointer",               "97A",  0, 99,   Class,           None,        0, "Pointer"),
    row(2, "SequenceNumeric",       "006",  0, 1,    v(number(5, 0)), None,     1050, "Sequence number"),
    row(2, "DocumentSectionCode",   "375",  0, 1,    v(code(3)),      Standard, 1049, "Document/message section, coded"),
    row(2, "TagID",                 "381",  0, 1,    v(id(4)),        None,     9162, "Tag identifier"),
    row(2, "Path",                  "",     0, 1,    v(text(512)),    None,        0, "Place in any other notation"),
    row(0, "Declaration",           "42A",  1, 1,    Class,           None,        0, "Declaration answered"),
    row(1, "FunctionalReferenceID", "D026", 0, 1,    v(id(85)),       None,     1154, "Functional reference number"),
    row(1, "ID",                    "D014", 1, 1,    v(id(70)),       None,     1004, "Document reference number"),
    row(1, "VersionID",             "383",  0, 1,    v(digits_to(9)), None,     1057, "Version number"),
];
