//! A module with its token opened, and keys on it.

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;
use std::sync::{Arc, Condvar, LazyLock, Mutex, PoisonError};

use aws_lc_rs::digest::{SHA256, digest};
use cryptoki::context::{CInitializeArgs, CInitializeFlags, Pkcs11};
use cryptoki::error::{Error, RvError};
use cryptoki::mechanism::eddsa::{EddsaParams, EddsaSignatureScheme};
use cryptoki::mechanism::elliptic_curve::{EcKdf, Ecdh1DeriveParams};
use cryptoki::mechanism::rsa::{PkcsMgfType, PkcsOaepParams, PkcsOaepSource};
use cryptoki::mechanism::{Mechanism, MechanismType};
use cryptoki::object::{Attribute, AttributeType, KeyType, ObjectClass, ObjectHandle};
use cryptoki::session::{Session, UserType};
use cryptoki::slot::Slot;
use cryptoki::types::AuthPin;
use exchange::SignatureKind;
use exchange::keys::{KeyFault, Sign, Unseal};
use zeroize::Zeroizing;

use crate::Named;

/// Why a key in a module cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ModuleFault {
    /// The module said no.
    #[error("the module: {0}")]
    Module(#[from] Error),
    /// The PIN cannot be read.
    #[error("{path}: {cause}")]
    Pin {
        /// The file it is in.
        path: PathBuf,
        /// What the machine said.
        cause: std::io::Error,
    },
    /// There is no such thing on it, or several.
    #[error("there is no one {what} {name:?}")]
    NotOne {
        /// `token` or `private key`.
        what: &'static str,
        /// Its label.
        name: String,
    },
    /// The key is of a kind no suite uses.
    #[error("the key {0:?} is of a kind no suite uses")]
    Kind(String),
}

/// A module with one token opened.
#[derive(Clone)]
pub struct Module {
    sessions: Arc<Sessions>,
}

impl fmt::Debug for Module {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Module").finish_non_exhaustive()
    }
}

/// Libraries that were loaded: a library is set up once in a program, however many keys are on it.
static LOADED: LazyLock<Mutex<BTreeMap<PathBuf, Pkcs11>>> = LazyLock::new(Mutex::default);

fn loaded(library: &PathBuf) -> Result<Pkcs11, Error> {
    let mut all = LOADED.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = all.get(library) {
        return Ok(known.clone());
    }
    let module = Pkcs11::new(library)?;
    match module.initialize(CInitializeArgs::new(CInitializeFlags::OS_LOCKING_OK)) {
        Ok(()) | Err(Error::Pkcs11(RvError::CryptokiAlreadyInitialized, _)) => {}
        Err(error) => return Err(error),
    }
    all.insert(library.clone(), module.clone());
    Ok(module)
}

impl Module {
    /// Opens the token a key is on and signs in.
    ///
    /// # Errors
    /// [`ModuleFault`].
    pub fn open(named: &Named) -> Result<Self, ModuleFault> {
        let pin = std::fs::read_to_string(&named.pin_file).map(Zeroizing::new);
        let pin = pin.map_err(|cause| ModuleFault::Pin { path: named.pin_file.clone(), cause })?;
        let module = loaded(&named.library)?;
        let slot = slot(&module, &named.token)?;
        let first = module.open_ro_session(slot)?;
        match first.login(UserType::User, Some(&AuthPin::new(pin.trim().to_owned().into()))) {
            // All sessions of one program share the sign-in.
            Ok(()) | Err(Error::Pkcs11(RvError::UserAlreadyLoggedIn, _)) => {}
            Err(error) => return Err(error.into()),
        }
        let idle = Mutex::new(Idle { sessions: vec![first], open: 1 });
        let most = named.sessions.max(1);
        let sessions = Sessions { module, slot, most, idle, returned: Condvar::new() };
        Ok(Self { sessions: Arc::new(sessions) })
    }

    /// A key that signs, and opens where its kind does.
    ///
    /// # Errors
    /// [`ModuleFault`].
    pub fn signer(&self, named: &Named) -> Result<Key, ModuleFault> {
        self.sessions.with(|session| {
            let wanted = [
                Attribute::Class(ObjectClass::PRIVATE_KEY),
                Attribute::Label(named.key.clone().into_bytes()),
            ];
            let found = session.find_objects(&wanted)?;
            let [handle] = found[..] else {
                return Err(ModuleFault::NotOne { what: "private key", name: named.key.clone() });
            };
            let kind = session.get_attributes(handle, &[AttributeType::KeyType])?;
            let kind = match kind.first() {
                Some(Attribute::KeyType(KeyType::RSA)) => Kind::Rsa,
                Some(Attribute::KeyType(KeyType::EC)) => Kind::P256,
                Some(Attribute::KeyType(KeyType::EC_EDWARDS)) => Kind::Ed25519,
                Some(Attribute::KeyType(KeyType::EC_MONTGOMERY)) => Kind::X25519,
                _ => return Err(ModuleFault::Kind(named.key.clone())),
            };
            Ok(Key { sessions: Arc::clone(&self.sessions), handle, kind })
        })
    }
}

fn slot(module: &Pkcs11, token: &str) -> Result<Slot, ModuleFault> {
    let mut found = Vec::new();
    for slot in module.get_slots_with_token()? {
        if module.get_token_info(slot)?.label().trim_end() == token {
            found.push(slot);
        }
    }
    match found[..] {
        [slot] => Ok(slot),
        _ => Err(ModuleFault::NotOne { what: "token", name: token.to_owned() }),
    }
}

/// Sessions with a token, used in turn: one is used by one thread at a time.
struct Sessions {
    module: Pkcs11,
    slot: Slot,
    most: usize,
    idle: Mutex<Idle>,
    returned: Condvar,
}

struct Idle {
    sessions: Vec<Session>,
    open: usize,
}

impl Sessions {
    fn with<T, E: From<Error>>(&self, work: impl FnOnce(&Session) -> Result<T, E>) -> Result<T, E> {
        let session = self.take()?;
        let done = work(&session);
        self.lock().sessions.push(session);
        self.returned.notify_one();
        done
    }

    fn take(&self) -> Result<Session, Error> {
        let mut idle = self.lock();
        loop {
            if let Some(session) = idle.sessions.pop() {
                return Ok(session);
            }
            if idle.open < self.most {
                let session = self.module.open_ro_session(self.slot)?;
                idle.open += 1;
                return Ok(session);
            }
            idle = self.returned.wait(idle).unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Idle> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Rsa,
    P256,
    Ed25519,
    X25519,
}

/// A private key on a token.
pub struct Key {
    sessions: Arc<Sessions>,
    handle: ObjectHandle,
    kind: Kind,
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Key").field("kind", &self.kind).finish_non_exhaustive()
    }
}

impl Key {
    fn done<T>(&self, work: impl FnOnce(&Session) -> Result<T, Error>) -> Result<T, KeyFault> {
        self.sessions.with(work).map_err(|_| KeyFault::Refused)
    }
}

impl Sign for Key {
    fn signature_kind(&self) -> SignatureKind {
        match self.kind {
            Kind::Rsa => SignatureKind::RsaSha256,
            Kind::P256 => SignatureKind::EcdsaSha256,
            Kind::Ed25519 | Kind::X25519 => SignatureKind::Ed25519,
        }
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, KeyFault> {
        match self.kind {
            Kind::Rsa => self.done(|session| session.sign(&Mechanism::Sha256RsaPkcs, self.handle, message)),
            // The module gives `r` and `s` side by side, which is what XML wants.
            Kind::P256 => {
                let hash = digest(&SHA256, message);
                self.done(|session| session.sign(&Mechanism::Ecdsa, self.handle, hash.as_ref()))
            }
            Kind::Ed25519 => {
                let pure = Mechanism::Eddsa(EddsaParams::new(EddsaSignatureScheme::Ed25519));
                self.done(|session| session.sign(&pure, self.handle, message))
            }
            Kind::X25519 => Err(KeyFault::WrongKind),
        }
    }
}

impl Unseal for Key {
    fn open_rsa_oaep(&self, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, KeyFault> {
        if self.kind != Kind::Rsa {
            return Err(KeyFault::WrongKind);
        }
        let source = PkcsOaepSource::empty();
        let oaep = PkcsOaepParams::new(MechanismType::SHA256, PkcsMgfType::MGF1_SHA256, source);
        let mechanism = Mechanism::RsaPkcsOaep(oaep);
        let opened = self.sessions.with(|session| session.decrypt(&mechanism, self.handle, sealed));
        match opened {
            Ok(opened) => Ok(Zeroizing::new(opened)),
            // Some modules know OAEP with SHA-1 alone: they do the power, and the padding is undone here.
            Err(Error::Pkcs11(
                RvError::MechanismParamInvalid | RvError::MechanismInvalid | RvError::ArgumentsBad,
                _,
            )) => {
                let raw = self.done(|session| session.decrypt(&Mechanism::RsaX509, self.handle, sealed))?;
                crate::oaep::unpadded(&Zeroizing::new(raw)).ok_or(KeyFault::Refused)
            }
            Err(_) => Err(KeyFault::Refused),
        }
    }

    fn agree(&self, public: &[u8]) -> Result<Zeroizing<Vec<u8>>, KeyFault> {
        if !matches!(self.kind, Kind::P256 | Kind::X25519) {
            return Err(KeyFault::WrongKind);
        }
        // Tokens take the point bare or as an octet string; the standard asks for the octet string and all take it.
        let length = u8::try_from(public.len()).map_err(|_| KeyFault::Refused)?;
        let wrapped = [&[4, length], public].concat();
        let secret = |point: &[u8]| {
            let mechanism = Mechanism::Ecdh1Derive(Ecdh1DeriveParams::new(EcKdf::null(), point));
            let template = [
                Attribute::Class(ObjectClass::SECRET_KEY),
                Attribute::KeyType(KeyType::GENERIC_SECRET),
                Attribute::Token(false),
                Attribute::Sensitive(false),
                Attribute::Extractable(true),
                Attribute::ValueLen(SECRET.into()),
            ];
            self.done(|session| {
                let derived = session.derive_key(&mechanism, self.handle, &template)?;
                let value = session.get_attributes(derived, &[AttributeType::Value]);
                session.destroy_object(derived)?;
                value
            })
        };
        let value = secret(&wrapped).or_else(|_| secret(public))?;
        match value.into_iter().next() {
            Some(Attribute::Value(secret)) => Ok(Zeroizing::new(secret)),
            _ => Err(KeyFault::Refused),
        }
    }
}

/// Octets of an agreed secret.
const SECRET: u64 = 32;
