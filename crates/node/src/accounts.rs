//! Local accounts: who may sign in and in which roles. Passwords are kept as argon2id hashes and nothing else.

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use argon2::{Algorithm, Argon2, Params, Version};
use kernel::Role;
use serde::{Deserialize, Serialize};
use store::{Failure, Look};

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

/// An account as it is kept.
#[derive(Serialize, Deserialize)]
struct Kept {
    #[serde(flatten)]
    account: Account,
    hash: String,
}

/// The key an account is kept under.
pub(crate) fn key(name: &str) -> String {
    format!("account/{name}")
}

/// The key and the bytes to keep for an account with this password.
///
/// # Errors
/// As for the bytes alone: [`Failure::Unfit`] for a name or password that cannot be used.
pub fn to_keep(account: &Account, password: &str) -> Result<(String, Vec<u8>), Failure> {
    Ok((key(&account.name), kept(account, password)?))
}

/// The bytes to keep for an account with this password.
///
/// # Errors
/// [`Failure::Unfit`] for a name or password that cannot be used, [`Failure::Engine`] where hashing fails.
pub(crate) fn kept(account: &Account, password: &str) -> Result<Vec<u8>, Failure> {
    let fits = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-' | '_' | '@');
    let name = &account.name;
    if name.is_empty() || name.len() > 64 || !name.chars().all(fits) {
        return Err(Failure::Unfit { what: "an account's name of 1 to 64 letters, digits and .-_@".into() });
    }
    if password.chars().count() < PASSWORD_MIN {
        return Err(Failure::Unfit { what: format!("a password of at least {PASSWORD_MIN} characters") });
    }
    let kept = Kept { account: account.clone(), hash: hash(password)? };
    Ok(serde_json::to_vec(&kept).expect("an account is plain data"))
}

/// The account of a name, where there is one.
pub(crate) fn find(look: &dyn Look, name: &str) -> Result<Option<Account>, Failure> {
    Ok(read(look, name)?.map(|kept| kept.account))
}

/// All accounts, by their names.
pub(crate) fn all(look: &dyn Look) -> Result<Vec<Account>, Failure> {
    let keys = look.kept_keys(&key(""))?;
    let found = keys.iter().filter_map(|key| find(look, key.trim_start_matches("account/")).transpose());
    found.collect()
}

/// Checks a name and a password. It takes as long for a name nobody has.
pub(crate) fn sign_in(look: &dyn Look, name: &str, password: &str) -> Result<SignIn, Failure> {
    let kept = read(look, name)?;
    let hash = kept.as_ref().map_or(NOBODY, |kept| kept.hash.as_str());
    let fits = PasswordHash::new(hash)
        .is_ok_and(|hash| Argon2::default().verify_password(password.as_bytes(), &hash).is_ok());
    Ok(match kept {
        Some(kept) if fits => SignIn::Known(kept.account),
        Some(_) | None => SignIn::Unknown,
    })
}

fn read(look: &dyn Look, name: &str) -> Result<Option<Kept>, Failure> {
    let Some(bytes) = look.kept(&key(name))? else { return Ok(None) };
    let damaged = |error: serde_json::Error| Failure::Damaged { place: key(name), what: error.to_string() };
    serde_json::from_slice(&bytes).map(Some).map_err(damaged)
}

fn hash(password: &str) -> Result<String, Failure> {
    let failed = |cause: String| Failure::Engine { doing: "hash a password", cause };
    let mut salt = [0; 16];
    aws_lc_rs::rand::fill(&mut salt).map_err(|_| failed("no randomness".into()))?;
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None).map_err(|error| failed(error.to_string()))?;
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    let hash = argon2.hash_password_with_salt(password.as_bytes(), &salt);
    Ok(hash.map_err(|error| failed(error.to_string()))?.to_string())
}

/// What OWASP recommends for argon2id: 19 MiB, two passes, one lane.
const MEMORY_KIB: u32 = 19_456;
const PASSES: u32 = 2;
const LANES: u32 = 1;
/// The shortest password taken, in characters.
const PASSWORD_MIN: usize = 8;
/// A hash of the same cost that no password belongs to.
const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5IGF0IGFsbCEh$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
