//! A certificate's draw-down on the page of its case: of every line what is certified, who drew how much in which order, what is
//! left, and what is wrong.

use askama::Template;
use customs::certificate::{Certificate, ClaimableLine, Claimed, Standing, Worth, in_base};
use kernel::Quantity;
use rust_decimal::Decimal;
use store::CaseRow;

use super::super::sentences::{dotted, quantity};
use crate::areas;
use crate::frame::Frame;

#[derive(Template)]
#[template(path = "trust/draw_down.html")]
struct Section<'f> {
    frame: &'f Frame,
    lines: Vec<Line>,
    /// Claims that are about none of its lines, or came before the certificate.
    loose: Vec<Draw>,
}

/// One certified line.
struct Line {
    number: String,
    goods: String,
    code: String,
    certified: String,
    drawn: String,
    left: String,
    /// How much of it is drawn, in hundredths of what is certified, at most 100.
    share: u32,
    /// Tells what the picture shows to who cannot see it.
    share_said: String,
    tone: &'static str,
    draws: Vec<Draw>,
}

/// One claim.
struct Draw {
    href: String,
    by: String,
    item_no: u32,
    at: jiff::Timestamp,
    drawn: String,
    left_after: String,
    standing: String,
    worth: String,
    tone: &'static str,
    sign: &'static str,
    wrong: Vec<(String, String)>,
}

/// The section.
///
/// # Errors
/// What it cannot be drawn for.
pub(crate) fn draw_down(frame: &Frame, row: &CaseRow) -> Result<String, askama::Error> {
    let Ok(held) = row.state.read::<Certificate>() else { return Ok(String::new()) };
    let certified = held.paper().map_or(&[][..], |paper| paper.claimable.lines.as_slice());
    let mut claims: Vec<&Claimed> = held.claims().values().collect();
    claims.sort_by_key(|one| (one.claim.at, one.claim.key()));
    let of_line = |one: &&Claimed, number: &str| one.judged.line.as_deref() == Some(number);
    let lines: Vec<Line> = certified
        .iter()
        .map(|line| {
            drawn_line(frame, line, claims.iter().filter(|one| of_line(one, &line.number)).copied().collect())
        })
        .collect();
    let loose: Vec<Draw> =
        claims.iter().filter(|one| one.judged.line.is_none()).map(|one| draw(frame, one)).collect();
    if lines.is_empty() && loose.is_empty() {
        return Ok(String::new());
    }
    Section { frame, lines, loose }.render()
}

fn drawn_line(frame: &Frame, line: &ClaimableLine, claims: Vec<&Claimed>) -> Line {
    let drawn = claims.iter().filter_map(|one| one.judged.drawn.as_ref());
    let unit = drawn.clone().next().map(|quantity| quantity.unit.clone());
    let sum: Decimal = drawn.map(|quantity| quantity.amount).sum();
    // What is certified in the measure it is drawn in; before anything is drawn, in its own first one.
    let bases = line.quantities.iter().filter_map(in_base);
    let in_unit =
        bases.clone().find(|(base, _)| unit.as_ref().is_none_or(|unit| unit.as_str() == base.base()));
    let (certified, left, share) = match in_unit {
        Some((base, amount)) => {
            let left = (amount - sum).max(Decimal::ZERO).normalize();
            let share = if amount.is_zero() { Decimal::ZERO } else { sum * Decimal::ONE_HUNDRED / amount };
            (Some(Quantity::new(amount, base.base())), Some(Quantity::new(left, base.base())), share)
        }
        None => (line.quantities.first().cloned(), None, Decimal::ZERO),
    };
    let said = |one: Option<&Quantity>| one.map(|one| quantity(frame, one)).unwrap_or_default();
    let share = u32::try_from(share.round()).unwrap_or(u32::MAX);
    Line {
        number: line.number.clone(),
        goods: line.words.first().cloned().unwrap_or_default(),
        code: line.codes.iter().map(|code| dotted(code.as_str())).collect::<Vec<_>>().join(", "),
        certified: said(certified.as_ref()),
        drawn: unit
            .map(|unit| quantity(frame, &Quantity { amount: sum.normalize(), unit }))
            .unwrap_or_default(),
        left: said(left.as_ref()),
        share: share.min(100),
        share_said: frame.say("drawdown.share", "percent", &frame.count(&u64::from(share))),
        tone: if share > 100 { "bad" } else { "calm" },
        draws: claims.into_iter().map(|one| draw(frame, one)).collect(),
    }
}

fn draw(frame: &Frame, one: &Claimed) -> Draw {
    let judged = &one.judged;
    let (tone, sign) = look(judged.worth);
    let after = judged.left.as_ref().zip(judged.drawn.as_ref()).map(|(left, drawn)| Quantity {
        amount: (left.amount - drawn.amount).max(Decimal::ZERO).normalize(),
        unit: left.unit.clone(),
    });
    Draw {
        href: areas::page_of(&one.claim.by),
        by: one.claim.by.key().to_owned(),
        item_no: one.claim.item_no,
        at: one.claim.at,
        drawn: judged
            .drawn
            .as_ref()
            .or(one.claim.quantity.as_ref())
            .map(|it| quantity(frame, it))
            .unwrap_or_default(),
        left_after: after.map(|it| quantity(frame, &it)).unwrap_or_default(),
        standing: frame
            .t(if one.standing == Standing::Used { "drawdown.used" } else { "drawdown.declared" })
            .to_owned(),
        worth: frame.word("worth", worth_code(judged.worth)),
        tone,
        sign,
        wrong: judged
            .differences
            .iter()
            .map(|it| (it.code.clone(), frame.word("code", &format!("{}.title", it.code))))
            .collect(),
    }
}

/// The code of what a claim is worth, as its word is filed under.
pub(super) const fn worth_code(worth: Worth) -> &'static str {
    match worth {
        Worth::Holds => "holds",
        Worth::Awaited => "awaited",
        Worth::Doubtful => "doubtful",
        Worth::Fails => "fails",
    }
}

/// Tone and sign of what a claim is worth.
pub(super) const fn look(worth: Worth) -> (&'static str, &'static str) {
    match worth {
        Worth::Holds => ("good", "check"),
        Worth::Awaited => ("wait", "clock"),
        Worth::Doubtful => ("wait", "question"),
        Worth::Fails => ("bad", "alert"),
    }
}
