//! The catalogue: which kinds of message there are, and which of them some bytes look like.

use serde::Serialize;

use crate::text::Limits;
use crate::{acdd, import, model, papers, transit, wco, xml};

/// A kind of message this crate can tell from others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// WCO declaration (DEC), wrapped or bare.
    WcoDeclaration,
    /// WCO response (RES), wrapped or bare.
    WcoResponse,
    /// ASEAN Customs Declaration Document.
    Acdd,
    /// Customs Response to an ACDD.
    CustomsResponse,
    /// Own import declarations as comma-separated values.
    ImportCsv,
    /// Own import declarations as JSON.
    ImportJson,
    /// A document between nodes that says what it is under a head of ours.
    Paper,
    /// Message of the transit procedure (NCTS phase 5, ACTS), XML or JSON.
    Transit,
    /// e-Phyto: UN/CEFACT SPSCertificate.
    EPhyto,
    /// UN/EDIFACT interchange; recognised, not yet read.
    Edifact,
    /// XML of a kind not known here.
    OtherXml,
    /// None of these.
    Unknown,
}

impl Kind {
    /// Every kind that is read, in the order of the documentation.
    pub const READ: [Self; 9] = [
        Self::WcoDeclaration,
        Self::WcoResponse,
        Self::Acdd,
        Self::CustomsResponse,
        Self::ImportCsv,
        Self::ImportJson,
        Self::Paper,
        Self::Transit,
        Self::EPhyto,
    ];

    /// The kind's name in commands, records and addresses.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::WcoDeclaration => "wco-declaration",
            Self::WcoResponse => "wco-response",
            Self::Acdd => "acdd",
            Self::CustomsResponse => "customs-response",
            Self::ImportCsv => "import-csv",
            Self::ImportJson => "import-json",
            Self::Paper => "paper",
            Self::Transit => "transit",
            Self::EPhyto => "ephyto",
            Self::Edifact => "edifact",
            Self::OtherXml => "other-xml",
            Self::Unknown => "unknown",
        }
    }

    /// The kind of this name.
    #[must_use]
    pub fn of(code: &str) -> Option<Self> {
        let all = Self::READ.into_iter().chain([Self::Edifact, Self::OtherXml, Self::Unknown]);
        all.into_iter().find(|kind| kind.code() == code)
    }
}

/// The elements or columns of a kind as a markdown table, printed from what reads them; `None` for kinds not read.
#[must_use]
pub fn page(kind: Kind) -> Option<String> {
    match kind {
        Kind::WcoDeclaration => Some(model::table("Declaration", wco::DECLARATION)),
        Kind::WcoResponse => Some(model::table("Response", wco::RESPONSE)),
        Kind::Acdd => Some(model::table("MetaData/Declaration", acdd::ACDD)),
        Kind::CustomsResponse => Some(model::table("MetaData/Response", acdd::RESPONSE)),
        Kind::ImportCsv | Kind::ImportJson => Some(import::page()),
        Kind::Paper => Some(papers::page()),
        Kind::Transit => transit::page("CC015C"),
        Kind::EPhyto => Some(crate::sps::page()),
        Kind::Edifact | Kind::OtherXml | Kind::Unknown => None,
    }
}

/// What some bytes look like at first sight, before they are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Syntax {
    Xml,
    Paper,
    Json,
    Edifact,
    Csv,
    Unknown,
}

/// The syntax of a text, by how it begins.
pub(crate) fn syntax(text: &str) -> Syntax {
    let start = text.trim_ascii_start();
    match start.as_bytes() {
        [b'<', ..] => Syntax::Xml,
        [b'{', ..] if papers::looks_like_paper(start) => Syntax::Paper,
        [b'{' | b'[', ..] => Syntax::Json,
        [b'U', b'N', b'A' | b'B' | b'H', ..] => Syntax::Edifact,
        _ if import::looks_like_csv(start) => Syntax::Csv,
        _ => Syntax::Unknown,
    }
}

/// The families of XML messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Family {
    Wco,
    Acdd,
    Sps,
}

/// The family of the document that begins at this offset, by its outermost element's namespace.
///
/// Everything that is not an ACDD is read as WCO: its reader finds out whether it is one.
pub(crate) fn family(text: &str, begin: usize, limits: Limits) -> Family {
    match xml::outermost(text, begin, limits) {
        Some((_, namespace)) if acdd::namespaces().contains(&namespace.as_str()) => Family::Acdd,
        // By its name alone: real certificates come in several namespaces, and in none.
        Some((local, _)) if local == crate::sps::ROOT => Family::Sps,
        _ => Family::Wco,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_one_name() {
        for kind in Kind::READ.into_iter().chain([Kind::Edifact, Kind::OtherXml, Kind::Unknown]) {
            assert_eq!(Kind::of(kind.code()), Some(kind));
        }
        assert_eq!(Kind::of("postcard"), None);
    }

    #[test]
    fn the_syntax_is_seen_by_how_a_text_begins() {
        for (text, expected) in [
            ("\n<a/>", Syntax::Xml),
            (" [1]", Syntax::Json),
            ("{ \"sampan\": \"paper\"}", Syntax::Paper),
            ("UNA:+.? 'UNB+UNOA", Syntax::Edifact),
            ("declaration_no,item_no,hs_code\n1,1,0101", Syntax::Csv),
            ("Dear Sirs,\nplease", Syntax::Unknown),
            ("", Syntax::Unknown),
        ] {
            assert_eq!(syntax(text), expected, "{text}");
        }
    }
}
