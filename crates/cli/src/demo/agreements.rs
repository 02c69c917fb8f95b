//! The agreements of the demonstration: entered by one person, brought into force by another, on each side.

use anyhow::Context as _;
use customs::agreement::Agreement;
use customs::catalogue;
use customs::roles::{DIRECTOR, SECRETARY};
use customs::transit::papers::LETTERS;
use kernel::CaseId;
use serde_json::{Value, json};

use super::stage::Stage;
use super::town::Town;

/// The texts.
const TEXTS: [&str; 6] = [
    include_str!("agreements/coop-vn-th.toml"),
    include_str!("agreements/ask-vn-th.toml"),
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
    let texts = TEXTS.iter().map(|text| toml::from_str(text));
    let mut agreements = texts.collect::<Result<Vec<Agreement>, _>>().context("an agreement is malformed")?;
    agreements.extend([corridor()?, trust()?, tax()?]);
    for agreement in agreements {
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

/// The countries of the corridor.
const CORRIDOR: [&str; 3] = ["VN", "LA", "TH"];

/// One agreement for transit along the corridor: every message of the procedure, from each to each, whole.
fn corridor() -> anyhow::Result<Agreement> {
    let kinds = LETTERS.iter().map(|(name, _)| (*name, json!({})));
    let terms = whole(&CORRIDOR, kinds)?;
    let agreement = json!({ "id": "TRANSIT-VN-LA-TH", "title": "Customs transit between Viet Nam, Lao PDR and Thailand",
        "parties": CORRIDOR, "route": "treaty", "source": "demonstration", "from": "2024-04-01", "term": terms });
    serde_json::from_value(agreement).context("the corridor's agreement is malformed")
}

/// One agreement for what is believed at the border: certificates with their use and verification, trusted traders.
fn trust() -> anyhow::Result<Agreement> {
    let parties = ["VN", "TH"];
    let kinds = [
        ("ephyto", json!({})),
        ("origin-certificate", json!({})),
        ("certificate-use", json!({})),
        ("certificate-query", json!({ "reply": "90d" })),
        ("certificate-reply", json!({})),
        ("operator-list", json!({})),
        ("operator-list-request", json!({ "repair": "30s" })),
        ("joint-validation", json!({})),
        ("document-response", json!({})),
    ];
    let terms = whole(&parties, kinds.into_iter())?;
    let agreement = json!({ "id": "TRUST-VN-TH", "title": "Certificates and trusted traders between Viet Nam and Thailand",
        "parties": parties, "route": "ministry", "source": "demonstration", "from": "2024-04-01", "term": terms });
    serde_json::from_value(agreement).context("the agreement on certificates is malformed")
}

/// The memorandum between customs and the tax authority of one country: period by period, and case by case.
fn tax() -> anyhow::Result<Agreement> {
    let parties = ["VN", "GDT"];
    let kinds = [
        ("period-figures", json!({ "result": "30d" })),
        ("period-result", json!({})),
        ("assistance-request", json!({ "acknowledge": "3d", "reply": "30d", "destroy": "30d" })),
        ("assistance-answer", json!({})),
        ("assistance-result", json!({})),
        ("assistance-recall", json!({})),
        ("destruction-notice", json!({})),
    ];
    let mut terms = whole(&parties, kinds.into_iter())?;
    for term in terms.iter_mut().filter(|term| term["kind"] == "period-figures") {
        term["quotas"] = json!({ "tolerance-permille": 20 });
    }
    let agreement = json!({ "id": "TAX-VN", "title": "Exchange of information between customs and tax in Viet Nam",
        "parties": parties, "route": "domestic", "source": "demonstration", "from": "2024-04-01", "term": terms });
    serde_json::from_value(agreement).context("the memorandum with the tax authority is malformed")
}

/// Terms for these kinds from each party to each other, whole, each kind with its clocks.
fn whole<'k>(
    parties: &[&str],
    kinds: impl Iterator<Item = (&'k str, Value)> + Clone,
) -> anyhow::Result<Vec<Value>> {
    let ways = parties.iter().flat_map(|from| parties.iter().map(move |to| (from, to)));
    let mut terms = Vec::new();
    for (from, to) in ways.filter(|(from, to)| from != to) {
        for (name, clocks) in kinds.clone() {
            let kind = catalogue::kind(name).with_context(|| format!("no kind {name}"))?;
            let fields: Vec<_> = kind.fields().iter().map(|field| field.field).collect();
            terms.push(json!({ "id": format!("{from}-{to}-{name}"), "kind": name, "from": from, "to": to, "lane": "live",
                "fields": fields, "purposes": ["risk-assessment", "border-control", "exchange"], "handling": "h1",
                "consent": "not-needed", "onward": "never", "keep": "1095d",
                "delivery": { "waits": ["1s", "2s", "5s", "30s", "5m", "1h"] },
                "escalation": [{ "after": "1h", "role": "exchange-officer" }], "clocks": clocks }));
        }
    }
    Ok(terms)
}
