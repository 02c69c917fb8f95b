//! Waste: the consent that must be there, the codes, and what makes a shipment look like waste under another name.
//!
//! Sources: Basel Convention, articles 6 (notification and consent), 9 (illegal traffic and the duty to take back), annexes
//! I, II, VIII and IX. The codes are the entries of those annexes; there is no official table to commodity codes, so the
//! headings below are where such waste is met, not what is waste.

use kernel::{Finding, Findings, Money, Place, Quantity, Severity};
use rust_decimal::Decimal;

/// What is known of a shipment when it is looked at.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Shipment {
    /// What it was declared as.
    pub declared_as: String,
    /// Its commodity code.
    pub hs: String,
    /// The waste code on its papers.
    pub code: String,
    /// The number of the notification or consent on its papers.
    pub consent: String,
    /// Gross mass.
    pub gross: Option<Quantity>,
    /// Value.
    pub value: Option<Money>,
    /// What the sender is: `producer`, `trader`, `unknown`.
    pub sender: String,
    /// Places on its way, as names or codes.
    pub route: Vec<String>,
}

/// What is wrong with a shipment, and what makes it look like waste under another name.
#[must_use]
pub fn check(shipment: &Shipment) -> Findings {
    let mut findings = Findings::new();
    let met_here = HEADINGS.iter().any(|heading| shipment.hs.starts_with(heading));
    consent(shipment, met_here, &mut findings);
    if !shipment.code.is_empty() && !is_code(&shipment.code) {
        findings.push(Finding::error("waste-code-unknown", Place::at("/code")).seen(&shipment.code));
    }
    let said = shipment.declared_as.to_lowercase();
    let word = INNOCENT_WORDS.iter().find(|word| said.contains(*word));
    if let Some(word) = word.filter(|_| met_here || !shipment.code.is_empty()) {
        findings.push(Finding::warning("declared-as-goods", Place::at("/declared_as")).seen(word));
    }
    if matches!(shipment.sender.as_str(), "trader" | "unknown") {
        findings.push(
            Finding::of(Severity::Note, "sender-not-producer", Place::at("/sender")).seen(&shipment.sender),
        );
    }
    if let Some(price) = cheap(shipment) {
        findings.push(Finding::warning("value-low-for-mass", Place::at("/value")).seen(&price));
    }
    if let Some(place) = shipment.route.iter().find(|place| place.to_lowercase().contains("free zone")) {
        findings.push(Finding::warning("route-through-free-zone", Place::at("/route")).seen(place));
    }
    findings
}

/// Waste under control travels with a consent; plastic and unsorted waste do so since 2021.
fn consent(shipment: &Shipment, met_here: bool, findings: &mut Findings) {
    let green = shipment.code.starts_with('B') && shipment.code != "B3010";
    if green || (shipment.code.is_empty() && !met_here) {
        return;
    }
    let place = Place::at("/consent");
    if shipment.consent.trim().is_empty() {
        findings.push(Finding::error("consent-missing", place).expected("two letters and six digits"));
    } else if !consent_is_well_formed(&shipment.consent) {
        findings.push(
            Finding::error("consent-malformed", place)
                .seen(&shipment.consent)
                .expected("two letters and six digits"),
        );
    }
}

/// Whether a text can be the number of a notification: the notifying country's two letters and six digits.
#[must_use]
pub fn consent_is_well_formed(text: &str) -> bool {
    let text: String = text.chars().filter(|c| !c.is_whitespace() && !matches!(c, '/' | '-' | '.')).collect();
    let (letters, digits) = text.split_at_checked(2).unwrap_or(("", ""));
    letters.bytes().all(|byte| byte.is_ascii_uppercase())
        && letters.len() == 2
        && digits.len() == 6
        && digits.bytes().all(|byte| byte.is_ascii_digit())
}

/// The value of a kilogram where it is so low that nobody ships goods for it.
fn cheap(shipment: &Shipment) -> Option<String> {
    let (gross, value) = (shipment.gross.as_ref()?, shipment.value.as_ref()?);
    let kilograms = match gross.unit.as_str() {
        "KGM" => gross.amount,
        "TNE" => gross.amount.checked_mul(Decimal::from(1_000))?,
        _ => return None,
    };
    let price = value.amount.checked_div(kilograms)?;
    let low =
        value.currency.as_str() == "USD" && price < Decimal::new(15, 2) && kilograms >= Decimal::from(5_000);
    low.then(|| format!("{} {}/KGM", price.round_dp(3), value.currency))
}

/// Whether a text is an entry of the annexes.
#[must_use]
pub(super) fn is_code(code: &str) -> bool {
    WASTE_CODES.contains(&code)
}

/// Entries of the annexes met most at the border: Y codes of annex I and II, A of annex VIII, B of annex IX.
pub const WASTE_CODES: &[&str] = &[
    "Y1", "Y8", "Y9", "Y12", "Y17", "Y18", "Y21", "Y22", "Y23", "Y26", "Y29", "Y31", "Y36", "Y46", "Y47",
    "Y48", "Y49", "A1010", "A1020", "A1030", "A1160", "A1170", "A1181", "A2050", "A3020", "A3160", "A3180",
    "A3210", "A4010", "A4030", "A4060", "B1010", "B1020", "B1100", "B1110", "B1181", "B3010", "B3011",
    "B3020", "B3030", "B3040", "B3060", "B3080", "B3140",
];

/// Headings under which waste is met.
const HEADINGS: &[&str] = &[
    "2620", "2621", "3825", "3915", "4004", "4012", "4707", "6309", "6310", "7204", "7404", "7602", "8548",
    "8549",
];

/// What waste is declared as when it is to pass for goods.
const INNOCENT_WORDS: &[&str] = &[
    "raw material",
    "second-hand",
    "second hand",
    "used goods",
    "regrind",
    "samples",
    "nguyên liệu",
    "hàng đã qua sử dụng",
];

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(shipment: &Shipment) -> Vec<String> {
        check(shipment).iter().map(|finding| finding.code.to_string()).collect()
    }

    #[test]
    fn plastic_declared_as_raw_material_without_a_consent_is_seen() {
        let shipment = Shipment {
            declared_as: "Plastic raw material".into(),
            hs: "39151000".into(),
            gross: Some(Quantity { amount: Decimal::from(24), unit: kernel::Unit::new("TNE") }),
            value: Some(Money { amount: Decimal::from(1_200), currency: kernel::Currency::new("USD") }),
            sender: "trader".into(),
            route: vec!["NLRTM".into(), "Klang free zone".into()],
            ..Shipment::default()
        };
        let seen = codes(&shipment);
        for code in [
            "consent-missing",
            "declared-as-goods",
            "sender-not-producer",
            "value-low-for-mass",
            "route-through-free-zone",
        ] {
            assert!(seen.iter().any(|seen| seen == code), "{code}: {seen:?}");
        }
    }

    #[test]
    fn a_consent_number_is_two_letters_and_six_digits() {
        for (text, fits) in [
            ("NL 210543", true),
            ("DE/123456", true),
            ("nl210543", false),
            ("NL21054", false),
            ("", false),
            ("NĐ21", false),
        ] {
            assert_eq!(consent_is_well_formed(text), fits, "{text}");
        }
    }

    #[test]
    fn green_listed_waste_needs_no_consent_but_plastic_does() {
        let metal = Shipment { code: "B1010".into(), hs: "7204".into(), ..Shipment::default() };
        assert_eq!(codes(&metal), [] as [&str; 0]);
        let plastic = Shipment { code: "Y48".into(), hs: "3915".into(), ..Shipment::default() };
        assert_eq!(codes(&plastic), ["consent-missing"]);
        let honest = Shipment { consent: "NL 210543".into(), ..plastic };
        assert_eq!(codes(&honest), [] as [&str; 0]);
    }
}
