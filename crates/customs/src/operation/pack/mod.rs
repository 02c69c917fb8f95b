//! Goods packs: what each kind of goods adds to a seizure or a consignment: codes, aliases, rules.

mod drugs;
mod waste;
mod wildlife;

use kernel::{Finding, Findings, Place};

use super::seizure_item::{Laboratory, SeizureItem};
use super::words::{Pack, Seized};

pub use drugs::{Substance, substance};
pub use waste::{Shipment, WASTE_CODES, check as check_waste, consent_is_well_formed};
pub use wildlife::{Species, species};

/// What the pack of a report asks for besides.
pub(super) fn check(report: &SeizureItem, findings: &mut Findings) {
    for (number, goods) in report.goods.iter().enumerate() {
        let at = |field: &str| Place::at(format!("/goods[{}]/{field}", number + 1));
        match report.pack.unwrap_or(Pack::General) {
            Pack::General => {}
            Pack::Waste if goods.code.is_empty() => {
                findings.push(Finding::warning("waste-code-missing", at("code")));
            }
            Pack::Waste if !waste::is_code(&goods.code) => {
                findings.push(Finding::error("waste-code-unknown", at("code")).seen(&goods.code));
            }
            Pack::Drugs if goods.code.is_empty() => {
                findings.push(Finding::warning("substance-unknown", at("code")).seen(&goods.what));
            }
            Pack::Ipr if goods.code.is_empty() => {
                findings.push(Finding::error("right-missing", at("code")));
            }
            Pack::Wildlife if goods.code.is_empty() => {
                findings.push(Finding::warning("species-unknown", at("code")).seen(&goods.what));
            }
            Pack::Waste | Pack::Drugs | Pack::Ipr | Pack::Wildlife => {}
        }
    }
}

/// Names the substance or species where the entry used an alias, so that all cases of one thing are found together.
pub(super) fn resolve(pack: Option<Pack>, goods: &mut Seized) {
    if !goods.code.is_empty() && pack != Some(Pack::Drugs) {
        return;
    }
    let said = if goods.code.is_empty() { goods.what.clone() } else { goods.code.clone() };
    let found = match pack {
        Some(Pack::Drugs) => substance(&said).map(|substance| substance.name),
        Some(Pack::Wildlife) => species(&said).map(|species| species.name),
        Some(Pack::General | Pack::Waste | Pack::Ipr) | None => None,
    };
    if let Some(name) = found {
        name.clone_into(&mut goods.code);
    }
}

/// A laboratory's finding under the substance's own name.
pub(super) fn resolved(laboratory: &Laboratory) -> Laboratory {
    let name = substance(&laboratory.found).map(|substance| substance.name.to_owned());
    Laboratory { found: name.unwrap_or_else(|| laboratory.found.clone()), ..laboratory.clone() }
}
