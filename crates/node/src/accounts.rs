//! Local accounts: who may sign in and in which roles.

use kernel::Role;
use serde::{Deserialize, Serialize};

/// Somebody who may sign in, without anything secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// The name to sign in with; also the actor's name in the record.
    pub name: String,
    /// The name shown to people.
    pub display: String,
    /// The roles the account may act in, the usual one first.
    pub roles: Vec<Role>,
    /// The language of the account's pages, such as `vi`.
    pub language: String,
}

/// What came of an attempt to sign in. Nobody learns whether the name or the password was wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SignIn {
    /// Name and password belong together.
    Known(Account),
    /// They do not.
    Unknown,
}
