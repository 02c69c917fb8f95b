//! One page per code: what kind it is, what it means, what helps. Messages, refusals and findings all lead here.

use askama::Template;

use crate::ask::{Ask, Problem, Reply};
use crate::frame::Frame;
use crate::language::Language;

#[derive(Template)]
#[template(path = "codes.html")]
struct ListPage {
    frame: Frame,
    families: Vec<Family>,
}

struct Family {
    code: &'static str,
    name: String,
    codes: Vec<(String, String)>,
}

#[derive(Template)]
#[template(path = "code.html")]
struct OnePage {
    frame: Frame,
    code: String,
    kind: String,
    title: String,
    meaning: String,
    help: String,
}

/// The families codes come in, in the order people meet them.
const FAMILIES: [&str; 6] = ["difference", "refusal", "finding", "wire", "record", "page"];

/// All codes there are.
#[must_use]
pub(super) fn all() -> Vec<&'static str> {
    Language::English.keys().filter_map(|key| key.strip_prefix("code.")?.strip_suffix(".kind")).collect()
}

/// All codes by family.
///
/// # Errors
/// What the store says.
pub(crate) fn codes(ask: &Ask) -> Result<Reply, Problem> {
    let frame = Frame::of(ask)?;
    let of = |family: &'static str| Family {
        code: family,
        name: frame.word("code-kind", family),
        codes: all()
            .into_iter()
            .filter(|code| Language::English.find(&format!("code.{code}.kind")) == Some(family))
            .map(|code| (code.to_owned(), frame.t(&format!("code.{code}.title")).to_owned()))
            .collect(),
    };
    let families = FAMILIES.into_iter().map(of).collect();
    Ok(Reply::html(ListPage { families, frame }.render()?))
}

/// One code.
///
/// # Errors
/// [`Problem::NotFound`] for a code there is not.
pub(crate) fn code(ask: &Ask) -> Result<Reply, Problem> {
    let code = ask.params.text("code").to_owned();
    let frame = Frame::of(ask)?;
    let part = |part: &str| frame.language.find(&format!("code.{code}.{part}")).map(str::to_owned);
    let kind_code = part("kind").ok_or(Problem::NotFound)?;
    let (title, meaning) = (part("title"), part("meaning"));
    let page = OnePage {
        kind: frame.word("code-kind", &kind_code),
        title: title.unwrap_or_default(),
        meaning: meaning.unwrap_or_default(),
        help: help(&frame, &code),
        code,
        frame,
    };
    Ok(Reply::html(page.render()?))
}

/// What helps: the code's own help, else what helps with its family; empty for a code there is not.
#[must_use]
pub(super) fn help(frame: &Frame, code: &str) -> String {
    let find = |part: &str| frame.language.find(&format!("code.{code}.{part}"));
    let of_family = || frame.language.find(&format!("code-help.{}", find("kind")?));
    find("help").or_else(of_family).unwrap_or_default().to_owned()
}
