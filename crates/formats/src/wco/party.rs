//! The WCO declaration (DEC): how parties and places are reached, the same classes wherever they stand.
//!
//! Columns: depth, element, WCO id, fewest, most, content, code list, TDED number, WCO name.

use super::names;
use crate::model::List::{Country, None, Standard, User};
use crate::model::picture::{code, id, letters, text};
use crate::model::row::{Row, Section, row, v};

/// What stands in a party's `Address`, WCO class 04A.
pub(crate) static ADDRESS: Section = section(ADDRESS_ROWS);
/// The same where the kind of address is told first.
pub(crate) static TYPED_ADDRESS: Section = section(TYPED_ADDRESS_ROWS);
/// What stands in `Contact`, WCO class 34A.
pub(crate) static CONTACT: Section = section(CONTACT_ROWS);
/// What stands in `Communication`, WCO class 25A.
pub(crate) static COMMUNICATION: Section = section(COMMUNICATION_ROWS);

const fn section(rows: &'static [Row]) -> Section {
    Section { namespace: names::DEC, dates: names::DEC_DATES, rows }
}

const CITY: Row = row(0, "CityName", "241", 0, 1, v(text(35)), None, 3164, "City name");
const COUNTRY: Row = row(0, "CountryCode", "242", 0, 1, v(letters(2)), Country, 3207, "Country, coded");
const REGION: Row = row(
    0,
    "CountrySubDivisionCode",
    "244",
    0,
    1,
    v(code(9)),
    Standard,
    3229,
    "Country sub-entity identification",
);
const REGION_NAME: Row =
    row(0, "CountrySubDivisionName", "243", 0, 1, v(text(35)), None, 3228, "Country sub-entity name");
const LINE: Row = row(0, "Line", "239", 0, 1, v(text(70)), None, 3042, "Street and number/P.O. Box");
const POSTCODE: Row = row(0, "PostcodeID", "245", 0, 1, v(id(9)), User, 3251, "Postcode identification");
const KIND: Row = row(0, "TypeCode", "410", 0, 1, v(code(3)), Standard, 3131, "Type of address");

const ADDRESS_ROWS: &[Row] = &[CITY, COUNTRY, REGION, REGION_NAME, LINE, POSTCODE];
const TYPED_ADDRESS_ROWS: &[Row] = &[KIND, CITY, COUNTRY, REGION, REGION_NAME, LINE, POSTCODE];

const CONTACT_ROWS: &[Row] =
    &[row(0, "Name", "246", 0, 1, v(text(70)), None, 3412, "Department or employee – Contact name")];

const COMMUNICATION_ROWS: &[Row] = &[
    row(0, "ID", "240", 0, 1, v(id(50)), None, 3148, "Communication number"),
    row(0, "TypeCode", "253", 0, 1, v(code(3)), Standard, 3155, "Communication number type"),
];
