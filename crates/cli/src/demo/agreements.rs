//! The agreements of the demonstration: entered by one person, brought into force by another, on each side.

use anyhow::Context as _;
use customs::agreement::Agreement;
use customs::roles::{DIRECTOR, SECRETARY};
use kernel::CaseId;
use serde_json::json;

use super::stage::Stage;
use super::town::Town;

/// The texts.
const TEXTS: [&str; 4] = [
    include_str!("agreements/vn-th.toml"),
    include_str!("agreements/vn-la.toml"),
    include_str!("agreements/th-la.toml"),
    include_str!("agreements/vn-cn.toml"),
];

/// The one that China has brought into force and Viet Nam has not.
const PENDING: (&str, &str) = ("ACDD-VN-CN", "VN");

/// Enters every agreement with both its parties and brings it into force, save the one that waits for an approval.
pub(crate) fn bring_into_force(town: &Town) -> anyhow::Result<()> {
    let stage = Stage::new(town, "agreement")?;
    for text in TEXTS {
        let agreement: Agreement =
            toml::from_str(text).context("an agreement of the demonstration is malformed")?;
        for party in &agreement.parties {
            let case = CaseId::of("agreement", &agreement.id);
            let enter = json!({ "act": "enter", "agreement": agreement });
            stage.must(party.as_str(), &SECRETARY, &case, &enter)?;
            if (agreement.id.as_str(), party.as_str()) != PENDING {
                stage.must(party.as_str(), &DIRECTOR, &case, &json!({ "act": "approve" }))?;
            }
        }
    }
    Ok(())
}
