//! From what somebody filled in to the act it says, or to what is wrong with it, field by field.

use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::civil::Date;
use rust_decimal::Decimal;
use serde_json::{Map, Value, json};

use super::{Attachment, Field, Form, Need, Sort};

/// What is wrong with one field of a filled-in form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrong {
    /// The field, by its whole name: `lines.0.hs`.
    pub field: String,
    /// What is wrong, one of [`Wrong::CODES`].
    pub code: &'static str,
    /// What would be right, as a value: the most characters, the bounds.
    pub hint: String,
}

impl Wrong {
    /// Everything that can be wrong with a field.
    pub const CODES: [&'static str; 13] = [
        "missing",
        "too-long",
        "control-character",
        "not-whole",
        "out-of-bounds",
        "not-decimal",
        "not-a-day",
        "not-a-moment",
        "not-a-choice",
        "not-a-country",
        "not-a-code",
        "not-a-case",
        "not-json",
    ];
}

/// The most lines a group may have, and the most bytes of JSON a field may hold.
const LINES_MAX: usize = 1_000;
const JSON_BYTES_MAX: usize = 1 << 20;

impl Form {
    /// The act that names and values filled in say; names that are not the form's are passed over.
    ///
    /// # Errors
    /// Everything that is wrong, in the order of the fields.
    pub fn act(&self, given: &[(String, String)]) -> Result<Value, Vec<Wrong>> {
        let mut wrongs = Vec::new();
        let mut act = group(self.fields, "", given, &mut wrongs);
        act.insert("act".into(), self.act.into());
        if wrongs.is_empty() { Ok(Value::Object(act)) } else { Err(wrongs) }
    }
}

fn group(
    fields: &[Field],
    prefix: &str,
    given: &[(String, String)],
    wrongs: &mut Vec<Wrong>,
) -> Map<String, Value> {
    let mut whole = Map::new();
    for field in fields {
        let name = format!("{prefix}{}", field.name);
        let found = if let Sort::Lines(inner) = field.sort {
            let lines = lines(inner, &name, given, wrongs);
            Ok(Some(Value::Array(lines)).filter(|lines| lines != &json!([]) || field.need == Need::Needed))
        } else {
            value(field.sort, &Given { name: &name, all: given })
        };
        let missing = |found: &Option<Value>| match (found, field.need) {
            (None, Need::Needed) => true,
            (Some(Value::Array(list)), Need::Needed) => list.is_empty(),
            _ => false,
        };
        match found {
            Ok(found) if missing(&found) => wrongs.push(wrong(&name, "missing", "")),
            Ok(Some(value)) => put(&mut whole, field.name, value),
            Ok(None) => {}
            Err(found) => wrongs.push(found),
        }
    }
    whole
}

/// The lines of a group in the order of their numbers; lines in which nothing stands are passed over.
fn lines(inner: &[Field], name: &str, given: &[(String, String)], wrongs: &mut Vec<Wrong>) -> Vec<Value> {
    let start = format!("{name}.");
    let number = |name: &str| name.strip_prefix(&start)?.split('.').next()?.parse::<usize>().ok();
    let filled = given.iter().filter(|(_, value)| !value.trim().is_empty());
    let numbers: BTreeSet<usize> = filled.filter_map(|(name, _)| number(name)).collect();
    if numbers.len() > LINES_MAX {
        wrongs.push(wrong(name, "too-long", &LINES_MAX.to_string()));
        return Vec::new();
    }
    let line = |number: usize| Value::Object(group(inner, &format!("{start}{number}."), given, wrongs));
    numbers.into_iter().map(line).collect()
}

/// What was filled in, looked at from one field.
struct Given<'a> {
    name: &'a str,
    all: &'a [(String, String)],
}

impl Given<'_> {
    /// The value under the field's name and this ending, without white space around it; `None` where it is empty.
    fn part(&self, ending: &str) -> Option<&str> {
        let is_it = |name: &str| {
            name.strip_prefix(self.name).is_some_and(|rest| match rest.strip_prefix('.') {
                Some(rest) => rest == ending && !ending.is_empty(),
                None => rest.is_empty() && ending.is_empty(),
            })
        };
        let found = self.all.iter().find(|(name, value)| is_it(name) && !value.trim().is_empty());
        found.map(|(_, value)| value.trim())
    }

    fn all(&self) -> impl Iterator<Item = &str> {
        let values = self.all.iter().filter(|(name, _)| name == self.name).map(|(_, value)| value.trim());
        values.filter(|value| !value.is_empty())
    }

    fn wrong(&self, code: &'static str, hint: impl ToString) -> Wrong {
        wrong(self.name, code, &hint.to_string())
    }
}

fn value(sort: Sort, given: &Given<'_>) -> Result<Option<Value>, Wrong> {
    match sort {
        Sort::Money => return pair(given, "currency", 3),
        Sort::Quantity => return pair(given, "unit", 3),
        Sort::YesNo => return Ok(Some(given.part("").is_some_and(|value| value != "no").into())),
        Sort::Several(_, codes) => return several(codes, given),
        _ => {}
    }
    let Some(text) = given.part("") else { return Ok(None) };
    one(sort, text, given).map(Some)
}

fn one(sort: Sort, text: &str, given: &Given<'_>) -> Result<Value, Wrong> {
    match sort {
        Sort::Text(most) => plain(text, most, "", given).map(Value::from),
        Sort::LongText(most) => plain(&text.replace("\r\n", "\n"), most, "\n\t", given).map(Value::from),
        Sort::Words(most) => words(text, most, given),
        Sort::Whole(least, most) => whole(text, least, most, given),
        Sort::Decimal => decimal(text, given).map(Value::from),
        Sort::Day => match text.parse::<Date>() {
            Ok(day) => Ok(day.to_string().into()),
            Err(_) => Err(given.wrong("not-a-day", "2026-11-28")),
        },
        Sort::Moment => match text.parse::<Timestamp>() {
            Ok(moment) => Ok(moment.to_string().into()),
            Err(_) => Err(given.wrong("not-a-moment", "2026-11-28T04:00:00Z")),
        },
        Sort::Choice(_, codes) if codes.contains(&text) => Ok(text.into()),
        Sort::Choice(_, codes) => Err(given.wrong("not-a-choice", codes.join(", "))),
        Sort::Country if text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_alphabetic()) => {
            Ok(text.to_ascii_uppercase().into())
        }
        Sort::Country => Err(given.wrong("not-a-country", "VN")),
        Sort::Partner => plain(text, 40, "", given).map(Value::from),
        Sort::Case(desk) => case(desk, text, given),
        Sort::File => match serde_json::from_str::<Attachment>(text) {
            Ok(file) => Ok(serde_json::to_value(file).expect("an attachment is plain data")),
            Err(_) => Err(given.wrong("missing", "")),
        },
        Sort::Json if text.len() > JSON_BYTES_MAX => Err(given.wrong("too-long", JSON_BYTES_MAX)),
        Sort::Json => serde_json::from_str(text).map_err(|error| given.wrong("not-json", error)),
        Sort::Money | Sort::Quantity | Sort::YesNo | Sort::Several(..) | Sort::Lines(_) => Ok(Value::Null),
    }
}

fn plain(text: &str, most: usize, besides: &str, given: &Given<'_>) -> Result<String, Wrong> {
    if text.chars().count() > most {
        return Err(given.wrong("too-long", most));
    }
    if text.chars().any(|c| c.is_control() && !besides.contains(c)) {
        return Err(given.wrong("control-character", ""));
    }
    Ok(text.to_owned())
}

fn words(text: &str, most: usize, given: &Given<'_>) -> Result<Value, Wrong> {
    let lines: Vec<_> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    if lines.len() > most {
        return Err(given.wrong("too-long", most));
    }
    let lines = lines.into_iter().map(|line| plain(line, 1_000, "", given).map(Value::from));
    Ok(Value::Array(lines.collect::<Result<_, _>>()?))
}

fn whole(text: &str, least: i64, most: i64, given: &Given<'_>) -> Result<Value, Wrong> {
    let number: i64 = text.parse().map_err(|_| given.wrong("not-whole", ""))?;
    if (least..=most).contains(&number) {
        Ok(number.into())
    } else {
        Err(given.wrong("out-of-bounds", format!("{least}…{most}")))
    }
}

fn decimal(text: &str, given: &Given<'_>) -> Result<String, Wrong> {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'-'));
    match Decimal::from_str_exact(text) {
        Ok(number) if digits => Ok(number.to_string()),
        Ok(_) | Err(_) => Err(given.wrong("not-decimal", "18000.5")),
    }
}

/// An amount with its currency or unit: both or neither.
fn pair(given: &Given<'_>, other: &str, most: usize) -> Result<Option<Value>, Wrong> {
    match (given.part("amount"), given.part(other)) {
        (None, None) => Ok(None),
        (Some(amount), Some(code)) => {
            let amount = decimal(amount, given)?;
            let code = code.to_ascii_uppercase();
            if code.len() > most || !code.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
                return Err(given.wrong("not-a-code", if other == "unit" { "KGM" } else { "USD" }));
            }
            Ok(Some(json!({ "amount": amount, other: code })))
        }
        (None, Some(_)) | (Some(_), None) => Err(given.wrong("missing", other)),
    }
}

fn several(codes: &[&str], given: &Given<'_>) -> Result<Option<Value>, Wrong> {
    let picked: BTreeSet<&str> = given.all().collect();
    match picked.iter().find(|code| !codes.contains(code)) {
        Some(_) => Err(given.wrong("not-a-choice", codes.join(", "))),
        None if picked.is_empty() => Ok(None),
        None => Ok(Some(picked.into_iter().map(Value::from).collect())),
    }
}

/// A case by its whole id, or by its key where the desk is known.
fn case(desk: &str, text: &str, given: &Given<'_>) -> Result<Value, Wrong> {
    let id = if desk.is_empty() || text.starts_with(&format!("{desk}/")) {
        text.to_owned()
    } else {
        format!("{desk}/{text}")
    };
    let whole = id.split_once('/').is_some_and(|(desk, key)| !desk.is_empty() && !key.is_empty());
    if whole { plain(&id, 400, "", given).map(Value::from) } else { Err(given.wrong("not-a-case", desk)) }
}

/// Puts a value where its path says.
fn put(whole: &mut Map<String, Value>, path: &str, value: Value) {
    match path.split_once('.') {
        None => drop(whole.insert(path.to_owned(), value)),
        Some((first, rest)) => {
            let inner = whole.entry(first).or_insert_with(|| json!({}));
            if let Value::Object(inner) = inner {
                put(inner, rest, value);
            }
        }
    }
}

fn wrong(field: &str, code: &'static str, hint: &str) -> Wrong {
    Wrong { field: field.to_owned(), code, hint: hint.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINE: &[Field] = &[
        Field::needed("hs", Sort::Text(12)),
        Field::optional("quantity", Sort::Quantity),
        Field::optional("sealed", Sort::YesNo),
    ];
    const FORM: Form = Form::of(
        "request",
        &[
            Field::needed("subject.name", Sort::Text(10)),
            Field::optional("subject.since", Sort::Day),
            Field::needed("help", Sort::Choice("help", &["documents", "enquiry"])),
            Field::optional("annexes", Sort::Several("annex", &["a", "b", "c"])),
            Field::optional("price", Sort::Money),
            Field::optional("lines", Sort::Lines(LINE)),
            Field::optional("about", Sort::Case("finding")),
            Field::optional("count", Sort::Whole(1, 9)),
            Field::optional("places", Sort::Words(3)),
        ],
    );

    fn filled(form: Form, pairs: &[(&str, &str)]) -> Result<Value, Vec<(String, &'static str)>> {
        let given: Vec<_> = pairs.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect();
        form.act(&given).map_err(|wrongs| wrongs.into_iter().map(|one| (one.field, one.code)).collect())
    }

    #[test]
    fn a_filled_form_is_the_act_it_says() {
        let act = filled(
            FORM,
            &[
                ("subject.name", " Siam "),
                ("help", "enquiry"),
                ("annexes", "b"),
                ("annexes", "a"),
                ("price.amount", "12.50"),
                ("price.currency", "usd"),
                ("lines.7.hs", "847130"),
                ("lines.7.sealed", "yes"),
                ("lines.2.hs", "100630"),
                ("lines.2.quantity.amount", "18000"),
                ("lines.2.quantity.unit", "KGM"),
                ("lines.4.hs", " "),
                ("about", "VN-1"),
                ("places", "Hai Phong\r\n\r\nCai Mep"),
                ("unasked", "x"),
            ],
        );
        let expected = json!({
            "act": "request", "subject": { "name": "Siam" }, "help": "enquiry", "annexes": ["a", "b"],
            "price": { "amount": "12.50", "currency": "USD" },
            "lines": [
                { "hs": "100630", "quantity": { "amount": "18000", "unit": "KGM" }, "sealed": false },
                { "hs": "847130", "sealed": true },
            ],
            "about": "finding/VN-1", "places": ["Hai Phong", "Cai Mep"],
        });
        assert_eq!(act, Ok(expected));
    }

    #[test]
    fn everything_wrong_is_told_at_once_and_at_its_field() {
        let wrongs = filled(
            FORM,
            &[
                ("subject.name", "a name that is far too long"),
                ("subject.since", "31/12/2026"),
                ("annexes", "z"),
                ("price.amount", "1,000"),
                ("price.currency", "USD"),
                ("lines.0.quantity.amount", "5"),
                ("count", "12"),
            ],
        );
        let expected = [
            ("subject.name", "too-long"),
            ("subject.since", "not-a-day"),
            ("help", "missing"),
            ("annexes", "not-a-choice"),
            ("price", "not-decimal"),
            ("lines.0.hs", "missing"),
            ("lines.0.quantity", "missing"),
            ("count", "out-of-bounds"),
        ];
        assert_eq!(wrongs, Err(expected.map(|(field, code)| (field.to_owned(), code)).into()));
        assert!(expected.iter().all(|(_, code)| Wrong::CODES.contains(code)));
    }

    #[test]
    fn the_field_of_a_name_is_found_through_groups_and_pairs() {
        let name = |name| FORM.field(name).map(|field| field.name);
        assert_eq!(name("lines.3.quantity.unit"), Some("quantity"));
        assert_eq!(name("price.amount"), Some("price"));
        assert_eq!(name("subject.name"), Some("subject.name"));
        assert_eq!([name("price.colour"), name("lines.x"), name("subject")], [None, None, None]);
    }

    #[test]
    fn a_file_is_its_digest_and_keeps_no_folder_in_its_name() {
        let file = Attachment::of("C:\\Users\\lan\\hoá đơn.pdf", "application/pdf", b"%PDF-");
        assert_eq!((file.name.as_str(), file.bytes), ("hoá đơn.pdf", 5));
        const ATTACH: Form = Form::of("attach", &[Field::needed("paper", Sort::File)]);
        let text = serde_json::to_string(&file).expect("plain data");
        assert_eq!(filled(ATTACH, &[("paper", &text)]), Ok(json!({ "act": "attach", "paper": file })));
    }
}
