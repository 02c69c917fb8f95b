//! A guarantee's account: what it stands for, how much of it is bound, by which movements, and what became of those.

use askama::Template;
use customs::roles::PRINCIPAL;
use customs::transit::Guarantee;
use customs::transit::guarantee::UsageState;
use kernel::Procedure as _;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive as _;

use super::journey::money;
use crate::areas::plain_page_of;
use crate::ask::{Ask, Problem, Reply};
use crate::fields::path_of;
use crate::frame::Frame;
use crate::pages::Standing;

#[derive(Template)]
#[template(path = "transit/account.html")]
struct Page {
    frame: Frame,
    grn: String,
    case: String,
    standing: Standing,
    facts: Vec<(&'static str, String)>,
    /// How much is bound, in hundredths of the whole; none where it stands for no amount.
    bound: Option<u64>,
    usages: Vec<Used>,
}

struct Used {
    number: String,
    href: String,
    amount: String,
    state: &'static str,
    tone: &'static str,
    sign: &'static str,
}

/// The account of a guarantee; a principal sees its own.
///
/// # Errors
/// [`Problem::NotFound`], also for another's.
pub(crate) fn account(ask: &Ask) -> Result<Reply, Problem> {
    let case = Guarantee::case_of(ask.params.text("grn"));
    let row = ask.read(|look| look.case(&case))?.ok_or(Problem::NotFound)?;
    let guarantee = row.state.read::<Guarantee>().map_err(|_| Problem::NotFound)?;
    let registered = guarantee.registered().ok_or(Problem::NotFound)?;
    let actor = ask.actor().ok_or(Problem::Forbidden)?;
    let office = actor.role != PRINCIPAL;
    if !office && actor.name != registered.holder {
        return Err(Problem::NotFound);
    }
    let frame = Frame::of(ask)?;
    let exposure = guarantee.exposure();
    let amount = registered.amount;
    let text = |amount: Decimal| money(&frame, amount, &registered.currency);
    let facts = vec![
        ("journey.kind", frame.word("guarantee-kind", registered.kind.figure())),
        ("transit-field.holder", registered.holder.clone()),
        ("shown.guarantor", registered.guarantor.clone()),
        ("shown.amount", amount.map_or_else(String::new, text)),
        ("shown.exposure", text(exposure)),
        (
            "shown.balance",
            amount.and_then(|amount| amount.checked_sub(exposure)).map_or_else(String::new, text),
        ),
    ];
    let usages = guarantee.usages().iter().map(|(key, usage)| {
        let mrn = key.split(' ').next().unwrap_or(key);
        let (state, tone, sign) = look(usage.state);
        let start = if office { "/transit/movements/" } else { "/transit/mine/" };
        Used {
            number: key.clone(),
            href: format!("{start}{}", path_of(mrn)),
            amount: text(usage.amount),
            state,
            tone,
            sign,
        }
    });
    let page = Page {
        grn: registered.grn.clone(),
        case: if office { plain_page_of(&case) } else { String::new() },
        standing: Standing::of(&frame, Guarantee::NAME, &row.summary.stage),
        facts: facts.into_iter().filter(|(_, value)| !value.is_empty()).collect(),
        bound: amount
            .and_then(|amount| (exposure * Decimal::ONE_HUNDRED).checked_div(amount))
            .and_then(|it| it.round().to_u64()),
        usages: usages.collect(),
        frame,
    };
    Ok(Reply::html(page.render()?))
}

const fn look(state: UsageState) -> (&'static str, &'static str, &'static str) {
    match state {
        UsageState::Reserved => ("usage.reserved", "wait", "clock"),
        UsageState::Claimed => ("usage.claimed", "bad", "alert"),
        UsageState::GivenBack => ("usage.given-back", "good", "tick"),
        UsageState::Cancelled => ("usage.cancelled", "calm", "gone"),
    }
}
