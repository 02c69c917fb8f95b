//! Changing keys without a gap: the next one is made known, then used, then the former one is let go. Signing and sealing
//! change each by itself.
//!
//! Between the steps the node's descriptor goes to the partners: a key is used only when they know it, and believed as
//! long as messages made with it are on their way.

use std::path::Path;
use std::sync::Arc;

use exchange::Suite;
use exchange::certificate::Usage;
use exchange::keys::{PrivateKey, Sign};
use jiff::Timestamp;
use ledger::Signer;

use super::place::{ABOVE, Place, SEALING, SIGNING};
use super::{KeysFault, Passphrase, certify};
use crate::config::Config;

/// What a key is used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Use {
    /// Signing messages.
    Signing,
    /// Opening what partners encrypt to us.
    Sealing,
}

impl Use {
    const fn word(self) -> &'static str {
        match self {
            Self::Signing => SIGNING,
            Self::Sealing => SEALING,
        }
    }
}

/// Makes the next key. Partners learn its certificate with the descriptor; it is not used yet.
///
/// # Errors
/// [`KeysFault::NotNow`] where there is a next one already.
pub fn roll(
    folder: &Path,
    config: &Config,
    (suite, what): (Suite, Use),
    now: Timestamp,
) -> Result<(), KeysFault> {
    let place = Place::of(folder)?;
    let base = format!("{}/{}", suite.word(), what.word());
    if place.has(&format!("{base}.next.crt")) {
        return Err(KeysFault::NotNow("there is a next key already: switch to it first"));
    }
    match what {
        Use::Signing => place.make_signing(config, (suite, ".next"), now).map(|_| ())?,
        Use::Sealing => {
            let signing = format!("{}/{SIGNING}", suite.word());
            let key: Arc<dyn Sign> = Arc::new(place.key(&signing)?);
            let issuer = (place.certificate(&signing)?, key);
            place.make_sealing(config, (suite, ".next"), &issuer, now)?;
        }
    }
    place.settle(suite.word())
}

/// Uses the next key from now on; the one used so far is the former.
///
/// # Errors
/// [`KeysFault::NotNow`] where there is no next key, or still a former one.
pub fn switch(folder: &Path, (suite, what): (Suite, Use)) -> Result<(), KeysFault> {
    let place = Place::of(folder)?;
    let base = format!("{}/{}", suite.word(), what.word());
    if !place.has(&format!("{base}.next.crt")) {
        return Err(KeysFault::NotNow("there is no next key: roll first"));
    }
    if place.has(&format!("{base}.former.crt")) {
        return Err(KeysFault::NotNow("there is a former key still: retire it first"));
    }
    // Each pair goes key first: a certificate never stands without its key.
    for (from, to) in [("", ".former"), (".next", "")] {
        for ending in ["key", "crt"] {
            place.rename(&format!("{base}{from}.{ending}"), &format!("{base}{to}.{ending}"))?;
        }
        match place.has(&format!("{base}{from}{ABOVE}")) {
            true => place.rename(&format!("{base}{from}{ABOVE}"), &format!("{base}{to}{ABOVE}"))?,
            false => place.remove(&format!("{base}{to}{ABOVE}"))?,
        }
    }
    place.settle(suite.word())
}

/// Lets the former key go: what was signed with it is not believed any more, what was encrypted to it cannot be opened.
///
/// # Errors
/// [`KeysFault::NotNow`] where there is none.
pub fn retire(folder: &Path, (suite, what): (Suite, Use)) -> Result<(), KeysFault> {
    let place = Place::of(folder)?;
    let base = format!("{}/{}.former", suite.word(), what.word());
    if !place.has(&format!("{base}.crt")) {
        return Err(KeysFault::NotNow("there is no former key"));
    }
    place.remove(&format!("{base}.crt"))?;
    place.remove(&format!("{base}.key"))?;
    place.remove(&format!("{base}{ABOVE}"))?;
    place.settle(suite.word())
}

/// Makes the keys of one more suite.
///
/// # Errors
/// [`KeysFault::NotNow`] where the node has them.
pub fn add_suite(folder: &Path, config: &Config, suite: Suite, now: Timestamp) -> Result<(), KeysFault> {
    let place = Place::of(folder)?;
    match place.has(suite.word()) {
        true => Err(KeysFault::NotNow("the node has keys of this suite")),
        false => place.make_suite(config, suite, now),
    }
}

/// Puts the keys of a node made before they were kept under a passphrase under one, and brings them where they are now.
///
/// # Errors
/// [`KeysFault::NotNow`] where there is nothing to be moved.
pub fn migrate(folder: &Path, config: &Config, now: Timestamp) -> Result<(), KeysFault> {
    let place = Place::new(folder, Passphrase::make(folder)?)?;
    if !place.has("as4.key") {
        return Err(KeysFault::NotNow("all keys are where they belong"));
    }
    let plain = |file: &str| {
        let (path, text) = place.read(file)?;
        PrivateKey::from_pem(&text).map_err(|_| KeysFault::Unreadable { path, what: "a private key in PEM" })
    };
    let (signing, tls) = (plain("as4.key")?, plain("tls.key")?);
    let suite = Suite::Edelivery115;
    let name = format!("{}/{SIGNING}", suite.word());
    let certificate = place.certificate("as4")?;
    std::fs::create_dir_all(place.path.join(suite.word()))
        .map_err(|cause| KeysFault::File { path: place.path.clone(), cause })?;
    place.write_key(&name, &signing)?;
    place.write_certificate(&name, &certificate)?;
    let issuer: (_, Arc<dyn Sign>) = (certificate, Arc::new(signing));
    place.make_sealing(config, (suite, ""), &issuer, now)?;
    place.settle(suite.word())?;
    replace(&place, "tls", |name| place.write_key(name, &tls))?;
    for name in ["record", "witness"] {
        let (path, text) = place.read(&format!("{name}.key"))?;
        let what = "a signer's key as text";
        let signer = Signer::from_secret_text(text.trim());
        let signer = signer.map_err(|_| KeysFault::Unreadable { path, what })?;
        replace(&place, name, |name| place.write_signer(name, &signer))?;
    }
    place.remove("as4.key")?;
    place.remove("as4.crt")
}

/// Writes a key beside the one it replaces and gives it that one's name.
fn replace(
    place: &Place,
    name: &str,
    write: impl FnOnce(&str) -> Result<(), KeysFault>,
) -> Result<(), KeysFault> {
    let passing = format!("{name}.locked");
    place.remove(&format!("{passing}.key"))?;
    write(&passing)?;
    place.rename(&format!("{passing}.key"), &format!("{name}.key"))
}

/// A certificate for TLS anew, such as after the node's address changed.
///
/// # Errors
/// [`KeysFault`].
pub fn renew_tls(folder: &Path, config: &Config, now: Timestamp) -> Result<(), KeysFault> {
    let place = Place::of(folder)?;
    let key = place.key(super::TLS)?;
    let certificate = certify(config, &key, Usage::Tls(super::names(config)), now)?;
    place.write_certificate("tls.next", &certificate)?;
    place.rename("tls.next.crt", "tls.crt")
}
