//! The namespaces of the WCO messages read here, by their index in the family's list.

/// The wrapper, `MetaData`.
pub(crate) const WRAPPER: u8 = 0;
/// The declaration.
pub(crate) const DEC: u8 = 1;
/// Dates within the declaration.
pub(crate) const DEC_DATES: u8 = 2;
/// The response.
pub(crate) const RES: u8 = 3;
/// Dates within the response.
pub(crate) const RES_DATES: u8 = 4;

/// All of them, in the order of the constants above.
pub(crate) const ALL: &[&str] = &[
    "urn:wco:datamodel:WCO:DocumentMetaData-DMS:2",
    "urn:wco:datamodel:WCO:DEC-DMS:2",
    "urn:wco:datamodel:WCO:Declaration_DS:DMS:2",
    "urn:wco:datamodel:WCO:RES-DMS:2",
    "urn:wco:datamodel:WCO:Response_DS:DMS:2",
];
