//! From codes and values to what people read: quantities, money, parties, differences, reasons, explanations.

use customs::gate::{Difference, Explanation, Reason};
use customs::terms::{Address, Party};
use jiff::Timestamp;
use kernel::{Money, Quantity};
use rust_decimal::Decimal;

use crate::frame::Frame;

/// A quantity with its unit's name: `18.000 kg`.
#[must_use]
pub(super) fn quantity(frame: &Frame, quantity: &Quantity) -> String {
    format!("{}\u{a0}{}", frame.language.decimal(quantity.amount), frame.word("unit", quantity.unit.as_str()))
}

/// Money with its currency: `12.500 USD`.
#[must_use]
pub(super) fn money(frame: &Frame, money: &Money) -> String {
    format!("{}\u{a0}{}", frame.language.decimal(money.amount), money.currency)
}

/// A value as a matcher wrote it; `18000 KGM` becomes a quantity, everything else stays.
#[must_use]
pub(super) fn value(frame: &Frame, plain: &str) -> String {
    let parsed = plain.split_once(' ').and_then(|(amount, unit)| {
        let unit = Some(unit).filter(|unit| (2..=3).contains(&unit.len()) && !unit.contains(' '))?;
        Some(Quantity::new(amount.parse::<Decimal>().ok()?, unit))
    });
    parsed.map_or_else(|| plain.to_owned(), |parsed| quantity(frame, &parsed))
}

/// A party's name with its first identifier.
#[must_use]
pub(super) fn party(party: &Party) -> String {
    match (party.name.as_str(), party.id()) {
        (name, "") => name.to_owned(),
        ("", id) => id.to_owned(),
        (name, id) => format!("{name} ({id})"),
    }
}

/// An address in one line.
#[must_use]
pub(super) fn address(address: &Address) -> String {
    let country = address.country.as_ref().map_or("", |country| country.as_str());
    let parts = [&address.line, &address.city, &address.subdivision, &address.postcode];
    let parts: Vec<_> =
        parts.into_iter().map(String::as_str).chain([country]).filter(|part| !part.is_empty()).collect();
    parts.join(", ")
}

/// One sentence about a difference, with who says what.
#[must_use]
pub(super) fn difference(frame: &Frame, partner: &str, difference: &Difference) -> String {
    let excess = difference.excess.as_ref().map_or_else(String::new, |excess| quantity(frame, excess));
    let of = |plain: &str| match difference.code.as_str() {
        "origin-changed" => frame.word("country", plain),
        "certificate-origin-differs" => {
            plain.split(' ').map(|code| frame.word("country", code)).collect::<Vec<_>>().join(", ")
        }
        "hs-moved" | "certificate-line-unmatched" => {
            plain.split(' ').map(dotted).collect::<Vec<_>>().join(", ")
        }
        "benefit-in-latency-gap" => {
            plain.split(' ').map(|part| spoken(frame, part)).collect::<Vec<_>>().join(" ")
        }
        _ if moment(plain).is_some() => spoken(frame, plain),
        _ => value(frame, plain),
    };
    let (theirs, ours) = (of(&difference.theirs), of(&difference.ours));
    let key = format!("difference.{}", difference.code);
    let key = if frame.language.find(&key).is_some() { key.as_str() } else { "difference.other" };
    let values = [
        ("partner", partner),
        ("theirs", theirs.as_str()),
        ("ours", ours.as_str()),
        ("excess", excess.as_str()),
        ("code", difference.code.as_str()),
    ];
    frame.language.say(key, &values)
}

/// A moment as the node writes them.
fn moment(plain: &str) -> Option<Timestamp> {
    // Codes are written in small letters, also where a moment stands beside them.
    let upper = plain.to_uppercase();
    upper.contains('T').then(|| upper.parse().ok()).flatten()
}

/// A moment, or an operator's status, as people read them.
fn spoken(frame: &Frame, plain: &str) -> String {
    moment(plain).map_or_else(|| frame.word("operator-status", plain), |at| frame.moments.exact(at))
}

/// What a reason for a link compared, and how far the two agree.
#[must_use]
pub(super) fn reason(frame: &Frame, reason: &Reason) -> String {
    let (field, level) = reason.code.split_once('-').unwrap_or((&reason.code, ""));

    if matches!(field, "prior" | "lots") {
        return frame.word("reason-field", field);
    }
    if level == "frequency" {
        return frequency(frame, field, reason);
    }
    let (field, level) = (frame.word("reason-field", field), frame.word("reason-level", level));
    frame.language.say("reason.composed", &[("field", &field), ("level", &level)])
}

/// How common is what agrees: a word, a heading, a place in so many of so many statements; days on a way.
fn frequency(frame: &Frame, field: &str, reason: &Reason) -> String {
    let value = match field {
        "hs" => dotted(&reason.theirs),
        "place" => frame.word("place-name", &reason.theirs),
        _ => reason.theirs.clone(),
    };
    let (times, all) = reason.ours.split_once('/').unwrap_or((&reason.ours, ""));
    let key = format!("reason-frequency.{field}");
    frame.language.say(&key, &[("value", value.as_str()), ("times", times), ("all", all)])
}

/// The two values a reason compared; one where they read the same, none where there are none.
#[must_use]
pub(super) fn compared(frame: &Frame, reason: &Reason) -> String {
    let of = |plain: &str| match reason.code.split_once('-').map_or("", |(field, _)| field) {
        "origin" | "from" => frame.word("country", plain),
        "mode" => frame.word("mode", plain),
        "place" => frame.word("place-name", plain),
        "hs" => dotted(plain),
        "lag" => plain.parse().map_or_else(|_| plain.to_owned(), |day| frame.moments.day(day)),
        "prior" | "lots" => String::new(),
        _ => value(frame, plain),
    };
    if reason.code.ends_with("-frequency") {
        return String::new();
    }
    let (theirs, ours) = (of(&reason.theirs), of(&reason.ours));
    match (theirs.as_str(), ours.as_str()) {
        ("", "") => String::new(),
        (theirs, ours) if theirs == ours => theirs.to_owned(),
        (theirs, ours) => frame.language.say("reason.values", &[("theirs", theirs), ("ours", ours)]),
    }
}

/// A commodity code as books print it: `8471.30.20`.
#[must_use]
pub(super) fn dotted(hs: &str) -> String {
    match hs.len() {
        _ if !hs.bytes().all(|byte| byte.is_ascii_digit()) => hs.to_owned(),
        0..=4 => hs.to_owned(),
        5..=6 => format!("{}.{}", &hs[..4], &hs[4..]),
        _ => format!("{}.{}.{}", &hs[..4], &hs[4..6], &hs[6..]),
    }
}

/// What an innocent explanation says, as a sentence.
#[must_use]
pub(super) fn explanation(frame: &Frame, explanation: &Explanation) -> String {
    let key = format!("explanation.{}", explanation.code);
    let key = if frame.language.find(&key).is_some() { key.as_str() } else { "explanation.other" };
    let seen = seen(frame, explanation);
    let sentence = frame.language.say(key, &[("seen", seen.as_str()), ("code", explanation.code.as_str())]);
    sentence.trim_end_matches([':', ' ']).to_owned()
}

/// The values an explanation stood on: a day, two commodity codes, or as the matcher wrote them.
fn seen(frame: &Frame, explanation: &Explanation) -> String {
    let plain = explanation.seen.as_str();
    match (explanation.code.as_str(), plain.parse(), plain.split_once(' ')) {
        (_, Ok(day), _) => frame.moments.day(day),
        ("coverage", Err(_), None) => {
            plain.parse().map_or_else(|_| String::new(), |permille| frame.language.share(permille, 1_000))
        }
        ("free-zone" | "returns", Err(_), None)
            if frame.language.find(&format!("procedure.{plain}")).is_some() =>
        {
            frame.word("procedure", plain)
        }
        ("third-country" | "returns", Err(_), None) => frame.word("country", plain),
        ("edition", Err(_), Some((theirs, ours))) => format!("{} · {}", dotted(theirs), dotted(ours)),
        _ => value(frame, plain),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_commodity_code_is_printed_as_books_print_it() {
        let table = ["", "8471", "847130", "84713020", "8471302000", "84x1"].map(dotted);
        assert_eq!(table, ["", "8471", "8471.30", "8471.30.20", "8471.30.2000", "84x1"]);
    }
}
