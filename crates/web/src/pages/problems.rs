//! What is shown when there is no page: the problem with its code, what it means and what helps.

use askama::Template;
use kernel::Refusal;

use crate::ask::{Ask, Content, Problem, Reply, Visitor, is_own};
use crate::frame::{Frame, Refused, refused};

#[derive(Template)]
#[template(path = "problem.html")]
struct Page {
    frame: Frame,
    refusal: Refused,
    help: String,
}

/// The page of a problem.
#[must_use]
pub(crate) fn problem(ask: &Ask, problem: &Problem) -> Reply {
    let frame = Frame::plain(ask);
    let refusal = match problem {
        Problem::Refused(refusal) => refusal.clone(),
        other => {
            Refusal { code: other.code().to_owned().into(), reason: String::new(), remedy: String::new() }
        }
    };
    let help = super::codes::help(&frame, &refusal.code);
    let page = Page { refusal: refused(frame.language, &refusal), help, frame };
    let drawn = page.render().unwrap_or_else(|_| problem.code().to_owned());
    Reply::of(problem.status(), Content::Html(drawn))
}

/// To the sign-in page, and back here after it. A page's own script is told instead of sent.
#[must_use]
pub(crate) fn to_sign_in(ask: &Ask) -> Reply {
    let back =
        if is_own(&ask.address) && ask.form == Default::default() { ask.address.as_str() } else { "/" };
    debug_assert!(!matches!(ask.visitor, Visitor::Program { .. }), "programs are answered with JSON");
    let back: String = form_urlencoded::byte_serialize(back.as_bytes()).collect();
    Reply::see(format!("/sign-in?back={back}"))
}
