//! The WCO response (RES).
//!
//! Columns: depth, element, WCO id, fewest, most, content, code list, TDED number, WCO name.

use super::{declaration, names};
use crate::model::Content::{Class, Date, Part};
use crate::model::List::{None, Standard, User};
use crate::model::Picture;
use crate::model::picture::{amount, code_or_blank, digits_to, loose_id, number, quantity, text_or_blank};
use crate::model::row::{MANY, Row, Section, row, v};

const FREE: u16 = Picture::FREE;

/// What stands in `Response`, WCO class 07B.
pub(crate) static RESPONSE: Section = Section { namespace: names::RES, dates: names::RES_DATES, rows: ROWS };

#[rustfmt::skip]
const ROWS: &[Row] = &[
    row(0, "FunctionCode",                    "017",  1, 1,    v(digits_to(2)),               Standard,  1225, "Message function, coded"),
    row(0, "FunctionalReferenceID",           "D026", 0, 1,    v(loose_id(35)),               None,      1154, "Functional reference number"),
    row(0, "IssueDateTime",                   "D029", 0, 1,    Date,                          None,      2006, "Response issuing date"),
    row(0, "AdditionalInformation",           "03A",  0, MANY, Class,                         None,         0, "AdditionalInformation"),
    row(1, "StatementCode",                   "226",  0, 1,    v(code_or_blank(17)),          User,      4441, "Additional statement code"),
    row(1, "StatementDescription",            "225",  0, 1,    v(text_or_blank(512)),         None,      4440, "Additional statement text"),
    row(1, "LimitDateTime",                   "264",  0, 1,    Date,                          None,      2380, "Limit date"),
    row(1, "StatementTypeCode",               "369",  0, 1,    v(code_or_blank(3)),           Standard,  4451, "Additional statement type"),
    row(1, "Pointer",                         "97A",  0, MANY, Class,                         None,         0, "Pointer"),
    row(2, "SequenceNumeric",                 "006",  0, 1,    v(number(5, 0)),               None,      1050, "Sequence number"),
    row(2, "DocumentSectionCode",             "375",  0, 1,    v(code_or_blank(3)),           Standard,  1049, "Document/message section, coded"),
    row(2, "TagID",                           "381",  0, 1,    v(loose_id(4)),                None,      9162, "Tag identifier"),
    row(0, "Amendment",                       "06A",  0, MANY, Class,                         None,         0, "Amendment"),
    row(1, "ChangeReasonCode",                "099",  0, 1,    v(code_or_blank(3)),           User,      4295, "Amendment code"),
    row(1, "Pointer",                         "97A",  0, MANY, Class,                         None,         0, "Pointer"),
    row(2, "SequenceNumeric",                 "006",  0, 1,    v(number(5, 0)),               None,      1050, "Sequence number"),
    row(2, "DocumentSectionCode",             "375",  0, 1,    v(code_or_blank(3)),           Standard,  1049, "Document/message section, coded"),
    row(2, "TagID",                           "381",  0, 1,    v(loose_id(4)),                None,      9162, "Tag identifier"),
    row(0, "AppealOffice",                    "07A",  0, 1,    Class,                         None,         0, "AppealOffice"),
    row(1, "ID",                              "G001", 0, 1,    v(loose_id(17)),               User,      3225, "Government appeal office, coded"),
    row(0, "Bank",                            "14A",  0, 1,    Class,                         None,         0, "Bank"),
    row(1, "ReferenceID",                     "R069", 0, 1,    v(loose_id(17)),               User,      3039, "Bank for deposit of duties/taxes/fees"),
    row(1, "ID",                              "372",  0, 1,    v(loose_id(35)),               User,      1147, "Bank account number"),
    row(0, "ContactOffice",                   "35A",  0, MANY, Class,                         None,         0, "ContactOffice"),
    row(1, "ID",                              "G002", 0, 1,    v(loose_id(17)),               User,      3225, "Government contact office, coded"),
    row(1, "Communication",                   "25A",  0, MANY, Class,                         None,         0, "Communication"),
    row(2, "ID",                              "240",  0, 1,    v(loose_id(50)),               None,      3148, "Communication number"),
    row(2, "TypeCode",                        "253",  0, 1,    v(code_or_blank(3)),           Standard,  3155, "Communication number type"),
    row(0, "Error",                           "53A",  0, MANY, Class,                         None,         0, "Error"),
    row(1, "Description",                     "488",  0, 1,    v(text_or_blank(512)),         None,      4440, "Error description"),
    row(1, "ValidationCode",                  "377",  0, 1,    v(code_or_blank(8)),           User,      9321, "Error, coded"),
    row(1, "Pointer",                         "97A",  0, MANY, Class,                         None,         0, "Pointer"),
    row(2, "SequenceNumeric",                 "006",  0, 1,    v(number(5, 0)),               None,      1050, "Sequence number"),
    row(2, "DocumentSectionCode",             "375",  0, 1,    v(code_or_blank(3)),           Standard,  1049, "Document/message section, coded"),
    row(2, "TagID",                           "381",  0, 1,    v(loose_id(4)),                None,      9162, "Tag identifier"),
    row(0, "Status",                          "12B",  0, MANY, Class,                         None,         0, "Status"),
    row(1, "EffectiveDateTime",               "380",  0, 1,    Date,                          None,      2069, "Status date and time"),
    row(1, "NameCode",                        "379",  0, 1,    v(code_or_blank(3)),           Standard,  4405, "Declaration processing status, coded"),
    row(1, "ReleaseDateTime",                 "277",  0, 1,    Date,                          None,      2380, "Release date"),
    row(1, "Pointer",                         "97A",  0, MANY, Class,                         None,         0, "Pointer"),
    row(2, "SequenceNumeric",                 "006",  0, 1,    v(number(5, 0)),               None,      1050, "Sequence number"),
    row(2, "DocumentSectionCode",             "375",  0, 1,    v(code_or_blank(3)),           Standard,  1049, "Document/message section, coded"),
    row(2, "TagID",                           "381",  0, 1,    v(loose_id(4)),                None,      9162, "Tag identifier"),
    row(0, "Declaration",                     "42A",  1, 1,    Class,                         None,         0, "Declaration"),
    row(1, "AcceptanceDateTime",              "023",  0, 1,    Date,                          None,      2380, "Document acceptance date"),
    row(1, "CancellationDateTime",            "373",  0, 1,    Date,                          None,      2380, "Document/message cancellation date and time"),
    row(1, "FunctionalReferenceID",           "D026", 0, 1,    v(loose_id(35)),               None,      1154, "Functional reference number"),
    row(1, "ID",                              "D014", 0, 1,    v(loose_id(70)),               None,      1004, "Document reference number"),
    row(1, "RejectionDateTime",               "374",  0, 1,    Date,                          None,      2380, "Document/message rejection date and time"),
    row(1, "VersionID",                       "383",  0, 1,    v(loose_id(9)),                None,      1057, "Version number"),
    row(1, "DutyTaxFee",                      "50A",  0, MANY, Class,                         None,         0, "DutyTaxFee"),
    row(2, "Payment",                         "94A",  0, 1,    Class,                         None,         0, "Payment"),
    row(3, "ReferenceID",                     "014",  0, 1,    v(loose_id(35)),               None,      1168, "Payment reference number"),
    row(3, "TaxAssessedAmount",               "120",  0, 1,    v(amount(16, 3)),              None,      5504, "Duty/tax/fee assessed"),
    row(3, "DueDateTime",                     "376",  0, 1,    Date,                          None,      2480, "Payment due date"),
    row(3, "PaymentAmount",                   "378",  0, 1,    v(amount(16, 3)),              None,      5082, "Payment amount"),
    row(3, "ObligationGuarantee",             "90A",  0, MANY, Class,                         None,         0, "ObligationGuarantee"),
    row(4, "ReferenceID",                     "100",  0, 1,    v(loose_id(35)),               None,      1154, "Guarantee reference identifier"),
    row(1, "GoodsShipment",                   "67A",  0, 1,    Class,                         None,         0, "GoodsShipment"),
    row(2, "GovernmentAgencyGoodsItem",       "68A",  0, MANY, Class,                         None,         0, "GovernmentAgencyGoodsItem"),
    row(3, "SequenceNumeric",                 "006",  1, 1,    v(number(5, 0)),               None,      1050, "Sequence number"),
    row(3, "Commodity",                       "23A",  0, 1,    Class,                         None,         0, "Commodity"),
    row(4, "DutyTaxFee",                      "50A",  0, MANY, Class,                         None,         0, "DutyTaxFee"),
    row(5, "AdValoremTaxBaseAmount",          "116",  0, 1,    v(amount(16, 3)),              None,      5286, "Duty/tax/fee assessment basis in value"),
    row(5, "DeductAmount",                    "111",  0, 1,    v(amount(16, 3)),              None,      5074, "Duty/tax/fee reduced assessed"),
    row(5, "DutyRegimeCode",                  "164",  0, 1,    v(code_or_blank(3)),           Standard,  9213, "Type of duty regime, coded"),
    row(5, "SpecificTaxBaseQuantity",         "129",  0, 1,    v(quantity(16, 6)),            None,      6090, "Duty/tax/fee assessment basis in quantity"),
    row(5, "TaxRateNumeric",                  "115",  0, 1,    v(number(FREE, FREE)),         None,      5278, "Duty/tax/fee rate"),
    row(5, "TypeCode",                        "113",  0, 1,    v(code_or_blank(3)),           Standard,  5153, "Duty/tax/fee type, coded"),
    row(5, "Payment",                         "94A",  0, 1,    Class,                         None,         0, "Payment"),
    row(6, "TaxAssessedAmount",               "120",  0, 1,    v(amount(16, 3)),              None,      5504, "Duty/tax/fee assessed"),
    row(6, "PaymentAmount",                   "378",  0, 1,    v(amount(16, 3)),              None,      5082, "Payment amount"),
    row(0, "Declaration",                     "42A",  0, 1,    Part(&declaration::DECLARATION), None,        0, "Declaration"),
];
