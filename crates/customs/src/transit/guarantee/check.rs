//! Whether a movement may rely on a guarantee: all reasons against it at once.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{Guarantee, GuaranteeKind, Registered, Stage, UsageState, UseRequest};
use kernel::Procedure as _;

/// Why a guarantee does not cover a movement, by the codes of the standard.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Reason {
    /// It is not registered.
    G01,
    /// It is registered and not valid.
    G02,
    /// The access code is wrong, or the guarantee is locked after too many wrong ones.
    G03,
    /// It is another principal's.
    G04,
    /// The voucher was used.
    G05,
    /// It is not good in a country of the way.
    G08,
    /// It does not cover the amount.
    G09,
    /// It was for one journey, and that was made.
    G10,
    /// It is for other offices.
    G11,
    /// It is for other goods.
    G12,
    /// It is of another kind.
    G13,
}

impl Reason {
    /// The reason of this code; `None` for one that only others give.
    #[must_use]
    pub fn of(code: &str) -> Option<Self> {
        let known = [
            Self::G01,
            Self::G02,
            Self::G03,
            Self::G04,
            Self::G05,
            Self::G08,
            Self::G09,
            Self::G10,
            Self::G11,
            Self::G12,
            Self::G13,
        ];
        known.into_iter().find(|reason| reason.code() == code)
    }

    /// The code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::G01 => "G01",
            Self::G02 => "G02",
            Self::G03 => "G03",
            Self::G04 => "G04",
            Self::G05 => "G05",
            Self::G08 => "G08",
            Self::G09 => "G09",
            Self::G10 => "G10",
            Self::G11 => "G11",
            Self::G12 => "G12",
            Self::G13 => "G13",
        }
    }
}

/// Why a request cannot be met; nothing where it can.
pub(super) fn reasons(guarantee: &Guarantee, request: &UseRequest, now: Timestamp, day: Date) -> Vec<Reason> {
    let Some(registered) = &guarantee.registered else { return vec![Reason::G01] };
    let valid = guarantee.stage() == Some(Stage::Valid)
        && registered.from <= day
        && registered.until.is_none_or(|until| day <= until);
    let against = [
        (Reason::G02, !valid || revoked(guarantee, request)),
        (Reason::G03, wrong_code(guarantee, registered, request, now)),
        (Reason::G04, registered.holder != request.holder),
        (Reason::G05, voucher_used(guarantee, registered, request)),
        (Reason::G08, request.route.iter().any(|country| registered.not_in.contains(country))),
        (Reason::G09, too_little(guarantee, registered, request)),
        (Reason::G10, journey_made(guarantee, registered, request)),
        (Reason::G11, other_offices(registered, request)),
        (Reason::G12, other_goods(registered, request)),
        (Reason::G13, registered.kind.figure() != request.kind),
    ];
    against.into_iter().filter(|(_, holds)| *holds).map(|(reason, _)| reason).collect()
}

/// Whether the access code is wrong, or nothing is believed for a while.
pub(super) fn wrong_code(
    guarantee: &Guarantee,
    registered: &Registered,
    request: &UseRequest,
    now: Timestamp,
) -> bool {
    let locked = guarantee.locked_until.is_some_and(|until| now < until);
    locked || !request.code.is_some_and(|code| registered.codes.contains(&code))
}

fn revoked(guarantee: &Guarantee, request: &UseRequest) -> bool {
    let voucher = request.voucher();
    !voucher.is_empty()
        && guarantee.revoked.iter().any(|(first, last)| (first.as_str()..=last.as_str()).contains(&voucher))
}

fn voucher_used(guarantee: &Guarantee, registered: &Registered, request: &UseRequest) -> bool {
    let spent = |(mrn, usage): (&String, &super::Usage)| {
        *mrn != key(request) && usage.voucher == request.voucher() && usage.state != UsageState::Cancelled
    };
    registered.kind == GuaranteeKind::Voucher
        && (request.voucher().is_empty() || guarantee.usages.iter().any(spent))
}

fn journey_made(guarantee: &Guarantee, registered: &Registered, request: &UseRequest) -> bool {
    let other =
        |(mrn, usage): (&String, &super::Usage)| *mrn != request.mrn && usage.state != UsageState::Cancelled;
    registered.kind == GuaranteeKind::Individual && guarantee.usages.iter().any(other)
}

fn too_little(guarantee: &Guarantee, registered: &Registered, request: &UseRequest) -> bool {
    let Some(amount) = registered.amount else { return registered.kind != GuaranteeKind::Waiver };
    if request.currency != registered.currency {
        return true;
    }
    // What this movement reserves already is not counted twice.
    let own = guarantee.usages.get(&key(request)).filter(|usage| usage.is_open()).map(|usage| usage.amount);
    let free = match registered.kind {
        GuaranteeKind::Comprehensive | GuaranteeKind::Repeated => {
            amount - guarantee.exposure() + own.unwrap_or_default()
        }
        GuaranteeKind::Individual | GuaranteeKind::Voucher => amount,
        GuaranteeKind::Waiver => return false,
    };
    free < request.amount
}

fn other_offices(registered: &Registered, request: &UseRequest) -> bool {
    let named = |office: &String| registered.offices.contains(office);
    registered.kind == GuaranteeKind::Individual
        && !registered.offices.is_empty()
        && !(named(&request.offices.0) && named(&request.offices.1))
}

fn other_goods(registered: &Registered, request: &UseRequest) -> bool {
    !registered.goods.is_empty()
        && request.goods.iter().any(|code| !registered.goods.iter().any(|start| code.starts_with(start)))
}

/// Under which key a use stands.
pub(super) fn key(request: &UseRequest) -> String {
    key_of(&request.mrn, &request.grn)
}

/// The movement, and the voucher where it is one.
pub(super) fn key_of(mrn: &str, grn: &str) -> String {
    match grn.get(17..).unwrap_or_default() {
        "" => mrn.to_owned(),
        voucher => format!("{mrn} {voucher}"),
    }
}
