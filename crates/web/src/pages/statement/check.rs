//! The page that checks a statement: in the browser where it can, else here.

use askama::Template;
use ledger::credential::{Holder, Judgement, Lists, Refused, Shown, Trusted, verify};
use node::statements::number_of;
use serde_json::{Map, Value, json};

use super::public;
use crate::ask::{Ask, Problem, Reply};
use crate::frame::Frame;
use crate::language::Language;

#[derive(Template)]
#[template(path = "statement/check.html")]
struct Page {
    frame: Frame,
    text: String,
    found: Option<Found>,
    /// What the script says, as JSON.
    words: String,
}

/// What came of the check.
struct Found {
    tone: &'static str,
    sign: &'static str,
    title: String,
    meaning: String,
    facts: Vec<(String, String)>,
}

/// The page, with what came of the statement in its question.
///
/// # Errors
/// [`Problem::NotFound`] where the node has no key for statements.
pub(crate) fn check(ask: &Ask) -> Result<Reply, Problem> {
    let frame = Frame::of(ask)?;
    let text: String = ask.query.text("text").trim().chars().take(TEXT_MAX).collect();
    let found = if text.is_empty() { None } else { Some(found(ask, &frame, &text)?) };
    let page = Page { text, found, words: words(frame.language), frame };
    Ok(Reply::html(page.render()?))
}

fn found(ask: &Ask, frame: &Frame, text: &str) -> Result<Found, Problem> {
    let voice = public::voice(ask)?;
    let now = ask.now.strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
    let others = voice.others();
    let documents = std::iter::once(voice.document()).chain(others.documents);
    // An issuer whose document has no key we can use is one we do not know.
    let trusted = documents.fold(Trusted::default(), |trusted, document| {
        trusted.clone().with_document(&document).unwrap_or(trusted)
    });
    let last = number_of(ask.read(|look| look.size())?);
    let mut tokens = others.lists;
    tokens.extend(public::list(ask, &voice, last)?);
    let shown = match verify(text, &trusted, &now) {
        Ok(shown) => shown,
        Err(refused) => return Ok(unbelieved(frame, &refused)),
    };
    for number in shown.status.iter().filter_map(|place| own_list(&voice.list(0), &place.list)) {
        tokens.extend(public::list(ask, &voice, number)?);
    }
    let lists = tokens
        .iter()
        .fold(Lists::default(), |lists, token| lists.clone().with(token, &trusted, &now).unwrap_or(lists));
    let name = (shown.issuer == voice.key.did()).then(|| frame.node.name.clone());
    Ok(believed(frame, &shown, name, lists.judge(&shown)))
}

/// The number of a list of ours by its name.
fn own_list(first: &str, name: &str) -> Option<u64> {
    name.strip_prefix(first.strip_suffix('0')?)?.parse().ok()
}

fn unbelieved(frame: &Frame, refused: &Refused) -> Found {
    let part = |part: &str| frame.word("code", &format!("{}.{part}", refused.code));
    Found {
        tone: "bad",
        sign: "cross",
        title: part("title"),
        meaning: part("meaning"),
        facts: vec![(frame.t("statement.seen").to_owned(), refused.seen.clone())],
    }
}

fn believed(frame: &Frame, shown: &Shown, name: Option<String>, judgement: Judgement) -> Found {
    let (key, tone, sign) = match judgement {
        Judgement::Stands => ("holds", "good", "check"),
        Judgement::Suspended => ("suspended", "wait", "clock"),
        Judgement::TakenBack => ("taken-back", "bad", "cross"),
        Judgement::Unknown => ("unlisted", "wait", "question"),
    };
    let t = |name: &str| frame.t(&format!("statement.{name}")).to_owned();
    let mut facts = vec![
        (t("kind"), frame.word("statement-kind", &shown.kind)),
        (t("issuer"), name.map_or_else(|| shown.issuer.clone(), |name| format!("{name} ({})", shown.issuer))),
        (t("from"), shown.valid_from.clone()),
    ];
    facts.extend(shown.valid_until.iter().map(|until| (t("until"), until.clone())));
    flat(frame, "", &shown.subject, &mut facts);
    let holder = match shown.holder {
        Holder::Anybody => None,
        Holder::Unproved => Some("holder-unproved"),
        Holder::Proved(_) => Some("holder-proved"),
    };
    facts.extend(holder.map(|key| (t("holder"), t(key))));
    if shown.kept_back > 0 {
        facts.push((t("kept-back"), shown.kept_back.to_string()));
    }
    Found { tone, sign, title: t(key), meaning: t(&format!("{key}-meaning")), facts }
}

/// The members of a subject, those of inner objects after their names.
fn flat(frame: &Frame, before: &str, value: &Value, facts: &mut Vec<(String, String)>) {
    let label = |name: &str| {
        let word = frame.word("statement-field", name);
        if before.is_empty() { word } else { format!("{before} · {word}") }
    };
    for (name, value) in value.as_object().into_iter().flatten().take(FACTS_MAX) {
        match value {
            Value::Object(_) => flat(frame, &label(name), value, facts),
            Value::Array(list) if list.iter().any(Value::is_object) => {
                for (place, each) in list.iter().take(FACTS_MAX).enumerate() {
                    flat(frame, &format!("{} {}", label(name), place + 1), each, facts);
                }
            }
            Value::Array(list) => {
                facts.push((label(name), list.iter().map(plain).collect::<Vec<_>>().join(", ")));
            }
            Value::Null => {}
            other => facts.push((label(name), plain(other))),
        }
    }
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// Every sentence the script may need, by its key.
fn words(language: Language) -> String {
    let families = ["statement.", "statement-kind.", "statement-field.", "code.credential-"];
    let keys = Language::English.keys().filter(|key| families.iter().any(|family| key.starts_with(family)));
    let words: Map<String, Value> = keys.map(|key| (key.to_owned(), json!(language.text(key)))).collect();
    Value::Object(words).to_string()
}

/// The longest statement that is checked here.
const TEXT_MAX: usize = 32 << 10;
/// The most members shown of one object or list.
const FACTS_MAX: usize = 40;
