//! The two checks in front of every address: a form must come from a page of ours, a program must bring its token.

use aws_lc_rs::constant_time;
use kernel::{Actor, Digest, Role};
use serde::{Deserialize, Serialize};

use crate::ask::{Ask, Problem, Visitor};
use crate::endpoint::{Endpoint, May, Method};

/// A program that may use the JSON interface, as the node keeps it under [`token_key`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Program {
    /// The program's name; the actor's name in the record.
    pub name: String,
    /// The roles it may act in, the usual one first.
    pub roles: Vec<Role>,
}

/// The key a program is kept under: the digest of its token, never the token.
#[must_use]
pub fn token_key(token: &str) -> String {
    format!("token/{}", Digest::of(token.as_bytes()))
}

/// A form that changes something must carry the token its page was given.
///
/// # Errors
/// [`Problem::BadForm`] where it does not.
pub(crate) fn same_site(ask: &Ask, endpoint: &Endpoint) -> Result<(), Problem> {
    let expected = match (&ask.visitor, endpoint.method, endpoint.may) {
        (_, Method::Get, _) | (Visitor::Program { .. }, _, May::Programs(_)) => return Ok(()),
        (Visitor::Person { session, .. }, ..) => &session.form_token,
        (Visitor::Stranger { form_token }, ..) => form_token,
        (Visitor::Program { .. }, ..) => return Err(Problem::Forbidden),
    };
    let brought = ask.form.text("form_token");
    let same = constant_time::verify_slices_are_equal(brought.as_bytes(), expected.as_bytes()).is_ok();
    if same && !expected.is_empty() { Ok(()) } else { Err(Problem::BadForm) }
}

/// The program of a bearer token, in the first of its roles that may.
///
/// # Errors
/// [`Problem::SignIn`] without a known token, [`Problem::Forbidden`] where none of its roles may.
pub(crate) fn program(ask: &Ask, token: Option<&str>, roles: &[Role]) -> Result<Visitor, Problem> {
    let token = token.filter(|token| !token.is_empty()).ok_or(Problem::SignIn)?;
    let kept = ask.read(|look| look.kept(&token_key(token)))?.ok_or(Problem::SignIn)?;
    let program: Program = serde_json::from_slice(&kept).map_err(|_| Problem::SignIn)?;
    let role = program.roles.into_iter().find(|role| roles.contains(role)).ok_or(Problem::Forbidden)?;
    Ok(Visitor::Program { actor: Actor::new(program.name, role) })
}
