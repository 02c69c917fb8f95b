//! Coming and going: sign in, choose as what and for what purpose, change the language, sign out.

use askama::Template;
use aws_lc_rs::rand;
use customs::terms::Purpose;
use kernel::Digest;
use node::SignIn;

use crate::areas::home_of;
use crate::ask::{Ask, Problem, Reply, Visitor, is_own};
use crate::frame::Frame;
use crate::language::Language;
use crate::notice::Notice;
use crate::session::usual_purpose;

/// Keeps the language of somebody who is not signed in.
pub(crate) const LANGUAGE_COOKIE: &str = "sampan-language";

#[derive(Template)]
#[template(path = "sign_in.html")]
struct SignInPage {
    frame: Frame,
    back: String,
    name: String,
    wrong: String,
}

#[derive(Template)]
#[template(path = "session.html")]
struct SessionPage {
    frame: Frame,
    back: String,
    roles: Vec<Choice>,
    purposes: Vec<Choice>,
}

struct Choice {
    code: String,
    word: String,
    note: String,
    chosen: bool,
}

/// Where somebody begins who asked for nothing: the page of their day.
///
/// # Errors
/// [`Problem::Forbidden`] where nobody is signed in; the rim lets nobody come so far.
pub(crate) fn home(ask: &Ask) -> Result<Reply, Problem> {
    let role = &ask.session()?.role;
    let first =
        || crate::frame::places(ask, role).into_iter().find_map(|group| group.places.into_iter().next());
    let home = home_of(role).map(str::to_owned).or_else(|| first().map(|place| place.href));
    Ok(Reply::see(home.unwrap_or_else(|| "/codes".to_owned())))
}

/// The sign-in form.
///
/// # Errors
/// Where it cannot be drawn.
pub(crate) fn sign_in_form(ask: &Ask) -> Result<Reply, Problem> {
    form(ask, "", String::new())
}

fn form(ask: &Ask, name: &str, wrong: String) -> Result<Reply, Problem> {
    let mut frame = Frame::plain(ask);
    frame.person = None;
    frame.places.clear();
    let mut cookie = None;
    // Whoever is signed in keeps the session's own token; a stranger's stands in a cookie of its own.
    if matches!(&ask.visitor, Visitor::Stranger { form_token } if form_token.len() != 64) {
        let mut bytes = [0; 32];
        rand::fill(&mut bytes).expect("the machine has randomness");
        frame.form_token = Digest::from_bytes(bytes).to_string();
        cookie = Some(ask.app.cookie(&ask.app.form_cookie(), &frame.form_token));
    }
    let asked = if ask.form.text("back").is_empty() { &ask.query } else { &ask.form };
    let back = Some(asked.text("back")).filter(|back| is_own(back)).unwrap_or("/").to_owned();
    let status = if wrong.is_empty() { 200 } else { 403 };
    let mut reply = Reply::html(SignInPage { frame, back, name: name.to_owned(), wrong }.render()?);
    reply.status = status;
    Ok(cookie.into_iter().fold(reply, Reply::cookie))
}

/// Checks name and password, slowly for whoever guesses.
///
/// # Errors
/// Why the accounts could not be read.
pub(crate) fn sign_in(ask: &Ask) -> Result<Reply, Problem> {
    let (name, password) = (ask.form.text("name"), ask.form.find("password").unwrap_or_default());

    let guesser = name.to_lowercase();
    let waits = [ask.app.names.wait(&guesser, ask.now), ask.app.addresses.wait(&ask.client, ask.now)];
    if let Some(wait) = waits.into_iter().flatten().max() {
        let frame = Frame::plain(ask);
        let span = frame.moments.span(wait.as_secs().max(1).unsigned_abs());
        return form(ask, name, frame.say("sign-in.wait", "span", &span));
    }
    // A name or password longer than any of ours is wrong without the cost of hashing it.
    let fits = !name.is_empty() && name.len() <= 128 && !password.is_empty() && password.len() <= 1_024;
    let known = if fits { ask.app.node.authenticate(name, password)? } else { SignIn::Unknown };
    let SignIn::Known(account) = known else {
        ask.app.names.wrong(&guesser, ask.now);
        ask.app.addresses.wrong(&ask.client, ask.now);
        tracing::warn!(name, client = ask.client, "a sign-in was wrong");
        return form(ask, name, ask.language.text("sign-in.wrong").to_owned());
    };

    ask.app.names.right(&guesser);
    let language = Language::of(&account.language).unwrap_or(ask.language);
    let chooses =
        account.roles.len() > 1 || account.roles.iter().any(|role| reads_foreign_items(role.as_str()));
    let back = ask.back_to("/").to_owned();
    let token = ask.app.sessions.open(account, language, ask.now);
    let encoded: String = form_urlencoded::byte_serialize(back.as_bytes()).collect();
    let next = if chooses { format!("/session?back={encoded}") } else { back };
    let session = ask.app.cookie(&ask.app.session_cookie(), &token);
    Ok(Reply::see(next).cookie(session).cookie(ask.app.cookie(&ask.app.form_cookie(), "")))
}

/// Roles that read what partners said; they are asked for what purpose.
fn reads_foreign_items(role: &str) -> bool {
    let received = customs::desks::desk("received").map(|desk| desk.table()).unwrap_or_default();
    received.iter().any(|line| line.act == "see" && line.role == role)
}

/// As what, and for what purpose.
///
/// # Errors
/// Where it cannot be drawn.
pub(crate) fn session(ask: &Ask) -> Result<Reply, Problem> {
    let session = ask.session()?;
    let frame = Frame::of(ask)?;
    let role = |role: &kernel::Role| Choice {
        word: frame.word("role", role.as_str()),
        note: frame.word("role-note", role.as_str()),
        chosen: *role == session.role,
        code: role.to_string(),
    };
    let purpose = |purpose: Purpose| Choice {
        word: frame.word("purpose", purpose.code()),
        note: frame.word("purpose-note", purpose.code()),
        chosen: purpose == session.purpose,
        code: purpose.to_string(),
    };
    let back = Some(ask.query.text("back")).filter(|back| is_own(back)).unwrap_or("/").to_owned();
    let roles = session.account.roles.iter().map(role).collect();
    let purposes = Purpose::ALL.into_iter().map(purpose).collect();
    Ok(Reply::html(SessionPage { roles, purposes, back, frame }.render()?))
}

/// Takes the choice of role and purpose.
///
/// # Errors
/// [`Problem::BadForm`] for a role that is not the account's, or a purpose there is not.
pub(crate) fn change_session(ask: &Ask) -> Result<Reply, Problem> {
    let Visitor::Person { token, session } = &ask.visitor else { return Err(Problem::Forbidden) };
    let role = session.account.roles.iter().find(|role| role.as_str() == ask.form.text("role"));
    let role = role.unwrap_or(&session.role).clone();
    let purpose = match ask.form.text("purpose") {
        "" => usual_purpose(&role),
        code => Purpose::of(code).ok_or(Problem::BadForm)?,
    };
    let back = if role == session.role { ask.back_to("/").to_owned() } else { "/".to_owned() };
    ask.app.sessions.change(token, |session| {
        session.role = role;
        session.purpose = purpose;
    });
    let word = ask.language.text(&format!("purpose.{purpose}")).to_owned();
    Ok(ask.tell(Notice::done("done.session").with("purpose", word), &back))
}

/// Changes the language.
///
/// # Errors
/// [`Problem::NotFound`] for a language there is not.
pub(crate) fn language(ask: &Ask) -> Result<Reply, Problem> {
    let language = Language::of(ask.params.text("code")).ok_or(Problem::NotFound)?;
    if let Visitor::Person { token, .. } = &ask.visitor {
        ask.app.sessions.change(token, |session| session.language = language);
    }
    let back = Some(ask.query.text("back")).filter(|back| is_own(back)).unwrap_or("/");
    Ok(Reply::see(back).cookie(ask.app.cookie(LANGUAGE_COOKIE, language.code())))
}

/// Signs out.
///
/// # Errors
/// None.
pub(crate) fn sign_out(ask: &Ask) -> Result<Reply, Problem> {
    if let Visitor::Person { token, .. } = &ask.visitor {
        ask.app.sessions.close(token);
    }
    Ok(Reply::see("/sign-in").cookie(ask.app.cookie(&ask.app.session_cookie(), "")))
}
