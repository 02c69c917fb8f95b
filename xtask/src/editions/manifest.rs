//! The manifest: what each shipped edition is, where it comes from, under which terms, with its digest.

use serde_json::json;
use sha2::{Digest as _, Sha256};

use super::Edition;

/// One JSON document over all editions.
pub(super) fn write(editions: &[Edition]) -> anyhow::Result<Vec<u8>> {
    let heads: Vec<_> = editions.iter().map(head).collect();
    let mut bytes = serde_json::to_vec_pretty(&heads)?;
    bytes.push(b'\n');
    Ok(bytes)
}

fn head(edition: &Edition) -> serde_json::Value {
    let (title, source, licence, status) = about(edition.name);
    let digest: String = Sha256::digest(&edition.bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    json!({
        "name": edition.name, "title": title, "rows": edition.rows, "sha256": digest,
        "source": source, "licence": licence, "status": status,
    })
}

fn about(name: &str) -> (&'static str, &'static str, &'static str, &'static str) {
    match name {
        "ahtn-2022" => (
            "ASEAN Harmonised Tariff Nomenclature 2022, English, Indonesian, Vietnamese",
            "Circular 31/2022/TT-BTC as compiled by ngocnhat2k1/Legal-AI-Knowledge-System @ 5963a0c; \
             E-BTKI 2022 as compiled by agung3956/bece.asia @ f5599bd",
            "state texts; the compilations state no licence",
            "derived",
        ),
        "hs" => (
            "Harmonized System 2022, 2017, 2012, English, statistical wording",
            "datasets/harmonized-system @ 905e5a0; insongkim/concordance @ 201c812",
            "PDDL; MIT",
            "derived",
        ),
        "correlations" => (
            "Correlations between HS 2022, 2017 and 2012",
            "United Nations Statistics Division, correlation tables",
            "published by the United Nations",
            "official",
        ),
        "rates-vn" => (
            "Vietnam: MFN, export, out of quota, ACFTA, AANZFTA, ATIGA, EVFTA",
            "Decrees 26/2023, 118/2022, 121/2022, 126/2022, 116/2022 as compiled by \
             ngocnhat2k1/Legal-AI-Knowledge-System @ 5963a0c",
            "state texts; the compilation states no licence",
            "derived",
        ),
        _ => (
            "Indonesia: MFN and VAT, BTKI 2022",
            "E-BTKI 2022 as compiled by agung3956/bece.asia @ f5599bd",
            "state texts; the compilation states no licence",
            "derived",
        ),
    }
}
