//! How the parties of a consignment stand on the papers of either side.

use customs::declaration::Declaration;
use customs::terms::{Identifier, Party};

use super::cast::Cast;
use super::firm::{Firm, Nation};
use super::identifier::scheme;
use super::marks::Marks;
use super::plan::{Dirt, Plan};
use super::scribe::Scribe;
use crate::dice::Dice;

/// The exporter on its own country's export declaration, with its identifier.
pub(crate) fn exporter_at_home(cast: &Cast<'_>, plan: &Plan, dice: &mut Dice) -> (Party, Marks) {
    at_home(cast.exporter, cast.from, plan.dirt, dice)
}

/// The importer on its own country's import declaration, with its identifier.
pub(crate) fn importer_at_home(cast: &Cast<'_>, plan: &Plan, dice: &mut Dice) -> (Party, Marks) {
    at_home(cast.importer, cast.to, plan.dirt, dice)
}

/// The importer as the exporter's papers name the consignee: no identifier, Latin letters, the dirt of the lane; its
/// free zone before the address where the goods go into one.
pub(crate) fn consignee(cast: &Cast<'_>, plan: &Plan, place: Delivery, dice: &mut Dice) -> (Party, Marks) {
    let (mut party, marks) = abroad(cast.importer, cast.to, plan.dirt, dice);
    if place == Delivery::FreeZone {
        let zone = match cast.to.code {
            "VN" => "Kho ngoai quan (bonded warehouse)",
            "TH" => "Free Zone",
            "LA" => "Special Economic Zone",
            "CN" => "Comprehensive Bonded Zone",
            _ => "Free Trade Zone",
        };
        party.address.line = format!("{zone}, {}", party.address.line);
    }
    (party, marks)
}

/// Where goods are delivered to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Delivery {
    Premises,
    FreeZone,
}

/// The exporter as the importer's papers name the supplier.
pub(crate) fn supplier(cast: &Cast<'_>, plan: &Plan, dice: &mut Dice) -> (Party, Marks) {
    abroad(cast.exporter, cast.from, plan.dirt, dice)
}

/// A declaring agent, with its identifier.
pub(crate) fn agent(firm: &Firm, nation: &Nation, plan: &Plan, dice: &mut Dice) -> Party {
    let (mut party, _) = at_home(firm, nation, plan.dirt, dice);
    party.address = Default::default();
    party
}

/// The declaration with the sender's reference of this version.
pub(crate) fn numbered(declaration: Declaration, version: u32) -> Declaration {
    Declaration { reference: format!("{}-{version}", declaration.number), ..declaration }
}

fn at_home(firm: &Firm, nation: &Nation, dirt: Dirt, dice: &mut Dice) -> (Party, Marks) {
    let mut scribe = Scribe::new(firm, nation, dirt, dice);
    let (name, address) = (scribe.name_at_home(), scribe.address_at_home());
    let identifier = Identifier { scheme: scheme(nation.code), value: firm.identifier.clone() };
    (Party { name, identifiers: vec![identifier], address }, scribe.marks)
}

fn abroad(firm: &Firm, nation: &Nation, dirt: Dirt, dice: &mut Dice) -> (Party, Marks) {
    let mut scribe = Scribe::new(firm, nation, dirt, dice);
    let (name, address) = (scribe.name_abroad(), scribe.address_abroad());
    (Party { name, identifiers: Vec::new(), address }, scribe.marks)
}
