//! Descriptors: what a partner must know of a node to exchange with it, signed by the node's record key.
//!
//! A descriptor is a signed note whose text is JSON. The signature shows that whoever holds the record key said so; that
//! the record key is the partner's is for people to compare, by the fingerprint, before they add it.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use exchange::{Certificate, Suite};
use jiff::Timestamp;
use kernel::{Digest, NodeId};
use ledger::{Note, Signer, VerifierKey};
use serde::{Deserialize, Serialize};

use crate::config::Config;
use crate::identity::Partner;
use crate::keys::{Keys, SuiteKeys, Wallet};

/// What a partner must know of a node.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Descriptor {
    /// The short name agreements use.
    pub id: NodeId,
    /// The administration's name.
    pub name: String,
    /// Its country by the ISO 3166-1 letters.
    pub country: String,
    /// Where it takes messages, as an `https` address.
    pub endpoint: String,
    /// The document kinds it knows.
    pub kinds: Vec<String>,
    /// The suites it speaks, the preferred one first.
    #[serde(default = "suites_of_old")]
    pub suites: Vec<Suite>,
    /// The certificates it signs messages with, in PEM: the current one, and the next while a rollover lasts.
    pub signing: Vec<String>,
    /// The certificates payloads for it are encrypted to, in PEM: the current one, and the next while a rollover lasts.
    /// Empty where payloads for it come in clear.
    #[serde(default)]
    pub sealing: Vec<String>,
    /// The certificates it serves TLS with, in PEM.
    pub tls: Vec<String>,
    /// The key that checks its record's checkpoints, as `name+id+base64`.
    pub record: String,
    /// The key that checks its cosignatures, as `name+id+base64`.
    pub witness: String,
    /// When it was signed: of two descriptors under one record key the later one holds.
    #[serde(default)]
    pub issued: Timestamp,
}

fn suites_of_old() -> Vec<Suite> {
    vec![Suite::Edelivery115]
}

/// One certificate of a descriptor, as pages show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paper {
    /// `signing`, `sealing` or `tls`.
    pub purpose: &'static str,
    /// 0 for the current one of its purpose, 1 for the next.
    pub place: usize,
    /// Its SHA-256, 64 hexadecimal digits.
    pub fingerprint: String,
    /// The first moment of validity.
    pub from: Timestamp,
    /// The last moment of validity.
    pub until: Timestamp,
}

/// Why a descriptor cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum DescriptorFault {
    /// It is not a signed note with a descriptor in it.
    #[error("not a descriptor: {0}")]
    Unreadable(String),
    /// It is not signed by the record key it names.
    #[error("not signed by the record key it names: {0}")]
    NotSigned(String),
    /// A file cannot be read or written.
    #[error("{path}: {cause}")]
    File {
        /// Which file.
        path: std::path::PathBuf,
        /// What the machine said.
        cause: std::io::Error,
    },
}

impl Descriptor {
    /// This node's own, as of a moment.
    #[must_use]
    pub fn of(config: &Config, keys: &Keys, issued: Timestamp) -> Self {
        Self {
            id: config.id.clone(),
            name: config.name.clone(),
            country: config.country.clone(),
            endpoint: config.as4.endpoint.clone(),
            kinds: customs::catalogue::names().map(str::to_owned).collect(),
            suites: keys.wallet.suites().iter().map(|keys| keys.suite).collect(),
            signing: in_pem(&keys.wallet, |keys| &keys.signing),
            sealing: in_pem(&keys.wallet, |keys| &keys.sealing),
            tls: vec![keys.tls.certificate.to_pem()],
            record: keys.record.verifier().to_string(),
            witness: keys.witness.verifier().to_string(),
            issued,
        }
    }

    /// The descriptor as a signed note, for the partner.
    ///
    /// # Errors
    /// [`DescriptorFault::Unreadable`] where a value cannot stand in a note.
    ///
    /// # Panics
    /// Never: a descriptor is plain data.
    pub fn sign(&self, record: &Signer) -> Result<String, DescriptorFault> {
        let unreadable = |error: ledger::Error| DescriptorFault::Unreadable(error.to_string());
        let text = serde_json::to_string_pretty(self).expect("a descriptor is plain data") + "\n";
        let signature = record.sign(&text).map_err(unreadable)?;
        Ok(Note::new(text).map_err(unreadable)?.with(signature).to_string())
    }

    /// Reads a descriptor and checks that the record key it names signed it.
    ///
    /// # Errors
    /// [`DescriptorFault::Unreadable`], [`DescriptorFault::NotSigned`].
    pub fn open(note: &str) -> Result<Self, DescriptorFault> {
        let unreadable = |why: String| DescriptorFault::Unreadable(why);
        let note = Note::parse(note.as_bytes()).map_err(|error| unreadable(error.to_string()))?;
        let descriptor: Self =
            serde_json::from_str(note.text()).map_err(|error| unreadable(error.to_string()))?;
        let key: VerifierKey =
            descriptor.record.parse().map_err(|error: ledger::Error| unreadable(error.to_string()))?;
        note.check(std::slice::from_ref(&key))
            .map_err(|error| DescriptorFault::NotSigned(error.to_string()))?;
        for texts in [&descriptor.signing, &descriptor.sealing, &descriptor.tls] {
            descriptor.certificates(texts)?;
        }
        descriptor.expect_bounds()?;
        Ok(descriptor)
    }

    /// Refuses what no node writes: it comes from outside and is kept.
    fn expect_bounds(&self) -> Result<(), DescriptorFault> {
        let lists = [self.signing.len(), self.sealing.len(), self.tls.len()];
        let fits = self.kinds.len() <= KINDS_MAX && lists.iter().all(|count| *count <= CERTIFICATES_MAX);
        let named =
            !self.suites.is_empty() && !self.signing.is_empty() && self.endpoint.starts_with("https://");
        if fits && named {
            return Ok(());
        }
        let what = "too many entries, no signing certificate, no suite, or an address that is not https";
        Err(DescriptorFault::Unreadable(format!("{}: {what}", self.id)))
    }

    /// Whether this descriptor may take the place of an earlier one without anybody comparing fingerprints: the same
    /// node, by the same record key, and signed later.
    #[must_use]
    pub fn renews(&self, earlier: &Self) -> bool {
        self.id == earlier.id && self.record == earlier.record && self.issued > earlier.issued
    }

    /// The digest of the signed text: what two administrations compare by another way before they believe it.
    #[must_use]
    pub fn fingerprint(note: &str) -> Digest {
        Digest::of(note.as_bytes())
    }

    /// The certificates it signs messages with.
    #[must_use]
    pub fn signing_certificates(&self) -> Vec<Certificate> {
        self.certificates(&self.signing).unwrap_or_default()
    }

    /// The certificates payloads for it are encrypted to.
    #[must_use]
    pub fn sealing_certificates(&self) -> Vec<Certificate> {
        self.certificates(&self.sealing).unwrap_or_default()
    }

    /// The certificates it serves TLS with.
    #[must_use]
    pub fn tls_certificates(&self) -> Vec<Certificate> {
        self.certificates(&self.tls).unwrap_or_default()
    }

    fn certificates(&self, texts: &[String]) -> Result<Vec<Certificate>, DescriptorFault> {
        let read = |text: &String| Certificate::from_pem(text);
        texts
            .iter()
            .map(read)
            .collect::<Result<_, _>>()
            .map_err(|fault| DescriptorFault::Unreadable(format!("a certificate of {}: {fault}", self.id)))
    }

    /// The suites it speaks, by their names.
    #[must_use]
    pub fn suite_names(&self) -> Vec<String> {
        let name = |suite| serde_json::to_value(suite).ok()?.as_str().map(str::to_owned);
        self.suites.iter().filter_map(name).collect()
    }

    /// All its certificates with what they are for, the current one of each purpose first.
    #[must_use]
    pub fn papers(&self) -> Vec<Paper> {
        let groups = [
            ("signing", self.signing_certificates()),
            ("sealing", self.sealing_certificates()),
            ("tls", self.tls_certificates()),
        ];
        let paper = |purpose: &'static str, place: usize, certificate: &Certificate| Paper {
            purpose,
            place,
            fingerprint: certificate.fingerprint_hex(),
            from: certificate.not_before(),
            until: certificate.not_after(),
        };
        let of = |(purpose, all): &(&'static str, Vec<Certificate>)| {
            all.iter().enumerate().map(|(place, one)| paper(purpose, place, one)).collect::<Vec<_>>()
        };
        groups.iter().flat_map(of).collect()
    }

    /// What pages show of the partner.
    #[must_use]
    pub fn partner(&self) -> Partner {
        let fingerprint = self.signing_certificates().first().map(Certificate::fingerprint_hex);
        Partner {
            id: self.id.clone(),
            name: self.name.clone(),
            endpoint: self.endpoint.clone(),
            signing_fingerprint: fingerprint.unwrap_or_default(),
            record_key: self.record.clone(),
        }
    }
}

/// Certificates of every suite, in PEM.
fn in_pem(wallet: &Wallet, of: impl Fn(&SuiteKeys) -> &Vec<Certificate>) -> Vec<String> {
    wallet.suites().iter().flat_map(|keys| of(keys).iter().map(Certificate::to_pem)).collect()
}

/// Keeps a partner's descriptor in a node's folder, in the place of an earlier one of the same partner.
///
/// # Errors
/// As [`Descriptor::open`], and [`DescriptorFault::File`].
pub fn keep(folder: &Path, note: &str) -> Result<Descriptor, DescriptorFault> {
    let descriptor = Descriptor::open(note)?;
    let safe = |c: char| c.is_ascii_alphanumeric() || c == '-';
    if descriptor.id.as_str().is_empty() || !descriptor.id.as_str().chars().all(safe) {
        return Err(DescriptorFault::Unreadable(format!("id {:?}", descriptor.id.as_str())));
    }
    let place = folder.join(FOLDER);
    let path = place.join(format!("{}.{EXTENSION}", descriptor.id));
    let next = place.join(format!("{}.next", descriptor.id));
    let kept = fs::create_dir_all(&place)
        .and_then(|()| written(&next, note))
        .and_then(|()| fs::rename(&next, &path))
        .and_then(|()| fs::File::open(&place)?.sync_all());
    kept.map_err(|cause| DescriptorFault::File { path, cause })?;
    Ok(descriptor)
}

/// Writes a file so that it is on the disk: a partner is told that its new certificate was taken.
fn written(path: &Path, note: &str) -> std::io::Result<()> {
    use std::io::Write as _;
    let mut file = fs::File::create(path)?;
    file.write_all(note.as_bytes())?;
    file.sync_all()
}

/// A node's own descriptor, in its folder.
///
/// # Errors
/// As [`Descriptor::open`], and [`DescriptorFault::File`].
pub fn own(folder: &Path) -> Result<Descriptor, DescriptorFault> {
    let path = folder.join(OWN);
    let note = fs::read_to_string(&path).map_err(|cause| DescriptorFault::File { path, cause })?;
    Descriptor::open(&note)
}

/// The partners in a node's folder, by their short names.
///
/// # Errors
/// [`DescriptorFault`] of the first one that cannot be used.
pub fn load(folder: &Path) -> Result<BTreeMap<NodeId, Descriptor>, DescriptorFault> {
    let place = folder.join(FOLDER);
    let file = |cause| DescriptorFault::File { path: place.clone(), cause };
    if !place.exists() {
        return Ok(BTreeMap::new());
    }
    let mut partners = BTreeMap::new();
    for entry in fs::read_dir(&place).map_err(file)? {
        let path = entry.map_err(file)?.path();
        if path.extension().is_some_and(|extension| extension == EXTENSION) {
            let note = fs::read_to_string(&path)
                .map_err(|cause| DescriptorFault::File { path: path.clone(), cause })?;
            let descriptor = Descriptor::open(&note)?;
            partners.insert(descriptor.id.clone(), descriptor);
        }
    }
    Ok(partners)
}

/// The file a node's own descriptor is kept in.
pub const OWN: &str = "descriptor";
/// The most certificates of one purpose a descriptor names.
const CERTIFICATES_MAX: usize = 12;
/// The most document kinds a descriptor names.
const KINDS_MAX: usize = 512;
pub(crate) const FOLDER: &str = "partners";
const EXTENSION: &str = "descriptor";
