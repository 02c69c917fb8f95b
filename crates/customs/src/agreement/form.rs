//! The form an agreement is entered with: its head, and one line a term.

use kernel::{Field, Sort};

/// What is filled in to enter an agreement.
pub(super) const AGREEMENT: &[Field] = &[
    Field::needed("agreement.id", Sort::Text(60)),
    Field::needed("agreement.title", Sort::Text(300)),
    Field::needed("agreement.parties", Sort::Words(40)),
    Field::needed("agreement.route", Sort::Choice("route", &["treaty", "ministry", "domestic"])),
    Field::needed("agreement.source", Sort::Text(300)),
    Field::needed("agreement.from", Sort::Day),
    Field::optional("agreement.until", Sort::Day),
    Field::needed("agreement.term", Sort::Lines(TERM)),
];

const TERM: &[Field] = &[
    Field::needed("id", Sort::Text(20)),
    Field::needed("kind", Sort::Text(60)),
    Field::needed("from", Sort::Text(12)),
    Field::needed("to", Sort::Text(12)),
    Field::needed("lane", Sort::Choice("lane", &["test", "live", "stopped"])),
    Field::needed("fields", Sort::Words(200)),
    Field::needed("purposes", Sort::Several("purpose", PURPOSES)),
    Field::needed("handling", Sort::Choice("handling", &["h0", "h1", "h2", "h3"])),
    Field::needed("consent", Sort::Choice("consent", &["needed", "not-needed"])),
    Field::needed("onward", Sort::Choice("onward", &["never", "ask"])),
    Field::needed("keep", Sort::Text(12)),
    Field::optional("answer-within", Sort::Text(12)),
    Field::optional("result-within", Sort::Text(12)),
    Field::needed("delivery.waits", Sort::Words(20)),
    Field::needed("escalation", Sort::Lines(STEP)),
];

const STEP: &[Field] =
    &[Field::needed("after", Sort::Text(12)), Field::needed("role", Sort::Choice("role", ROLES))];

const PURPOSES: &[&str] =
    &["risk-assessment", "border-control", "investigation", "audit", "statistics", "exchange"];
const ROLES: &[&str] = &["gate-officer", "analyst", "exchange-officer", "secretary", "director", "reviewer"];
