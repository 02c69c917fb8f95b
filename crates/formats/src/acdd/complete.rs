//! Completeness: which of the fifteen parameters an ACDD lacks.

use customs::declaration::{Acdd, AcddLine, Function};

/// One of the fifteen parameters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parameter {
    /// Its letter in the published list, `a` to `o`.
    pub letter: char,
    /// What it is.
    pub name: &'static str,
}

const fn parameter(letter: char, name: &'static str) -> Parameter {
    Parameter { letter, name }
}

/// The parameters an original or a replacement lacks; items lack one where any of them does.
///
/// A cancellation or a request needs only the number. A partner may lack some because a term does not release them,
/// so a missing parameter is worth a warning and not an error.
#[must_use]
pub fn missing_parameters(acdd: &Acdd) -> Vec<Parameter> {
    if matches!(acdd.function, Function::Cancel | Function::Request) {
        return if acdd.number.is_empty() {
            vec![parameter('o', "export declaration number")]
        } else {
            Vec::new()
        };
    }
    let any = |lacks: fn(&AcddLine) -> bool| acdd.lines.is_empty() || acdd.lines.iter().any(lacks);
    let all = [
        (acdd.exporter.identifiers.is_empty(), parameter('a', "exporter identifier")),
        (acdd.exporter.name.is_empty(), parameter('b', "exporter name")),
        (acdd.consignee.name.is_empty(), parameter('c', "consignee name")),
        (acdd.consignee.address.is_empty(), parameter('d', "consignee address")),
        (acdd.agent.identifiers.is_empty(), parameter('e', "declaring agent identifier")),
        (acdd.agent.name.is_empty(), parameter('f', "declaring agent name")),
        (acdd.departs.is_none(), parameter('g', "departure date")),
        (any(|line| line.hs.is_none()), parameter('h', "commodity code")),
        (any(|line| line.quantity.is_none()), parameter('i', "quantity")),
        (
            any(|line| line.quantity.as_ref().is_none_or(|q| q.unit.as_str().is_empty())),
            parameter('j', "unit"),
        ),
        (any(|line| line.origin.is_none()), parameter('k', "country of origin")),
        (acdd.mode.is_none(), parameter('l', "transport mode")),
        (acdd.discharge.is_none(), parameter('m', "port of discharge")),
        (any(|line| line.item_no == 0), parameter('n', "serial number of item")),
        (acdd.number.is_empty(), parameter('o', "export declaration number")),
    ];
    all.into_iter().filter(|(lacks, _)| *lacks).map(|(_, parameter)| parameter).collect()
}
