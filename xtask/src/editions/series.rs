//! The series of rates: which column says what, under which act, from when to when.
//!
//! Acts, annexes, days in force, parties and proofs of the Vietnamese columns are stated by the compilation the
//! columns come from (its reading guide and its list of members). Where a compilation names only its column, the
//! act stays empty and the column speaks for itself; where it states only a year, the first day is unknown.

use serde::Serialize;

/// One column of rates.
#[derive(Serialize)]
pub(super) struct Series {
    pub(super) column: &'static str,
    scheme: &'static str,
    flow: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    act: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    annex: Option<&'static str>,
    from: &'static str,
    start: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    until: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    proof: Option<&'static str>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    parties: &'static [&'static str],
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    warnings: &'static [&'static str],
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    amendments: &'static [Amendment],
}

/// An act known to change a series whose rates are not in it.
#[derive(Serialize)]
struct Amendment {
    act: &'static str,
    from: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    until: Option<&'static str>,
    /// The codes it touches; empty where they are not known.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    codes: &'static [&'static str],
}

/// The Vietnamese columns.
pub(super) fn vietnam() -> Vec<Series> {
    let decree = |column, scheme, flow, annex, amendments| Series {
        column,
        scheme,
        flow,
        annex: Some(annex),
        act: Some("Decree 26/2023/ND-CP"),
        from: "2023-07-15",
        amendments,
        ..BASE
    };
    let mut series = vec![
        decree("mfn_nd26_2023", "MFN", "import", "Annex II Section I", &IMPORT_AMENDMENTS),
        decree("export_nd26_2023", "EXPORT", "export", "Annex I", &EXPORT_AMENDMENTS),
        decree("out_of_quota_nd26", "OUT-OF-QUOTA", "import", "Annex IV", &[]),
    ];
    series.push(Series { warnings: &["exclusions-not-loaded"], ..ACFTA });
    series.push(AANZFTA);
    series.extend(yearly(&ATIGA, ATIGA_COLUMNS));
    series.extend(yearly(&EVFTA, EVFTA_COLUMNS));
    series
}

/// The Indonesian columns.
pub(super) fn indonesia() -> Vec<Series> {
    let column = |column, scheme| Series { column, scheme, from: "2022-01-01", start: "year", ..BASE };
    vec![column("bm_mfn", "MFN"), column("ppn_vat", "VAT")]
}

fn yearly(of: &Series, columns: [&'static str; 6]) -> Vec<Series> {
    let years = YEARS.into_iter().zip(columns);
    years.map(|((from, until), column)| Series { column, from, until: Some(until), ..*of }).collect()
}

const BASE: Series = Series {
    column: "",
    scheme: "",
    flow: "import",
    act: None,
    annex: None,
    from: "",
    start: "day",
    until: None,
    proof: None,
    parties: &[],
    warnings: &[],
    amendments: &[],
};

const ACFTA: Series = Series {
    column: "acfta_2022_2027",
    scheme: "ACFTA",
    act: Some("Decree 118/2022/ND-CP"),
    from: "2022-12-30",
    until: Some("2027-12-31"),
    proof: Some("form E"),
    parties: &["BN", "CN", "ID", "KH", "LA", "MM", "MY", "PH", "SG", "TH"],
    ..BASE
};

const AANZFTA: Series = Series {
    column: "aanzfta_2022_2027",
    scheme: "AANZFTA",
    act: Some("Decree 121/2022/ND-CP"),
    from: "2022-12-30",
    until: Some("2027-12-31"),
    proof: Some("form AANZ"),
    parties: &["AU", "BN", "ID", "KH", "LA", "MM", "MY", "NZ", "PH", "SG", "TH"],
    ..BASE
};

const ATIGA: Series = Series {
    scheme: "ATIGA",
    act: Some("Decree 126/2022/ND-CP"),
    proof: Some("form D"),
    parties: &["BN", "ID", "KH", "LA", "MM", "MY", "PH", "SG", "TH"],
    ..BASE
};

const EVFTA: Series = Series {
    scheme: "EVFTA",
    act: Some("Decree 116/2022/ND-CP"),
    proof: Some("EUR.1 or a self-certified origin (REX)"),
    parties: &[
        "AD", "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IT",
        "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK", "SM",
    ],
    ..BASE
};

const YEARS: [(&str, &str); 6] = [
    ("2022-12-30", "2022-12-31"),
    ("2023-01-01", "2023-12-31"),
    ("2024-01-01", "2024-12-31"),
    ("2025-01-01", "2025-12-31"),
    ("2026-01-01", "2026-12-31"),
    ("2027-01-01", "2027-12-31"),
];

const ATIGA_COLUMNS: [&str; 6] =
    ["atiga_2022", "atiga_2023", "atiga_2024", "atiga_2025", "atiga_2026", "atiga_2027"];

const EVFTA_COLUMNS: [&str; 6] =
    ["evfta_import_2022", "evfta_2023", "evfta_2024", "evfta_2025", "evfta_2026", "evfta_2027"];

const IMPORT_AMENDMENTS: [Amendment; 2] = [
    Amendment { act: "Decree 199/2025/ND-CP", from: "2025-07-08", until: None, codes: &[] },
    Amendment {
        act: "Decree 72/2026/ND-CP",
        from: "2026-03-09",
        until: Some("2026-04-30"),
        codes: &["27101221", "27101222", "27101224", "27101225", "27101280"],
    },
];

const EXPORT_AMENDMENTS: [Amendment; 2] = [
    Amendment { act: "Decree 199/2025/ND-CP", from: "2025-07-08", until: None, codes: &[] },
    Amendment { act: "Decree 201/2026/ND-CP", from: "2026-01-01", until: None, codes: &[] },
];
