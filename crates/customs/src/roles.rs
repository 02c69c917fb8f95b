//! The roles of the tables. What each may do stands in the tables alone.

use kernel::Role;

/// Decides on consignments at the border.
pub const GATE: Role = Role::named("gate-officer");
/// Works the match queue, lanes and findings.
pub const ANALYST: Role = Role::named("analyst");
/// Answers for what we owe and are owed; the focal point.
pub const EXCHANGE: Role = Role::named("exchange-officer");
/// Enters agreements, meetings, commitments.
pub const SECRETARY: Role = Role::named("secretary");
/// Brings agreements into force.
pub const DIRECTOR: Role = Role::named("director");
/// Looks at how the system is used.
pub const REVIEWER: Role = Role::named("reviewer");
/// Runs a joint operation's room.
pub const COORDINATOR: Role = Role::named("coordinator");
/// The administration's own clearance system.
pub const CLEARANCE: Role = Role::named("clearance");
/// Runs the trusted-trader programme and reads partners' lists.
pub const TRUSTED: Role = Role::named("trusted-trader-officer");

/// Declares goods for transit and is liable for them; an outsider who sees only what is its own.
pub const PRINCIPAL: Role = Role::named("principal");

/// All roles a person or system can hold; the node itself is not among them.
pub const ALL: [Role; 10] =
    [GATE, ANALYST, EXCHANGE, SECRETARY, DIRECTOR, REVIEWER, CLEARANCE, COORDINATOR, TRUSTED, PRINCIPAL];

/// All roles within the administration: everybody but those who are only served by it.
pub const INSIDE: [Role; 9] =
    [GATE, ANALYST, EXCHANGE, SECRETARY, DIRECTOR, REVIEWER, CLEARANCE, COORDINATOR, TRUSTED];
