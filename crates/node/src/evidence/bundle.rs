//! The file: a head that names every section with its length and digest, and the sections.

use std::fmt::Write as _;

use kernel::{CaseId, Digest};

use super::{MESSAGE, OWN, PARTNER, PAYLOAD, PROOF, RECEIPT, REVOCATION};

/// One message's evidence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bundle {
    /// The case it is about.
    pub case: CaseId,
    sections: Vec<(String, Vec<u8>)>,
}

/// Why a file is no bundle.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not whole: {0}")]
pub struct BundleFault(pub String);

impl Bundle {
    /// An empty bundle about a case.
    #[must_use]
    pub const fn about(case: CaseId) -> Self {
        Self { case, sections: Vec::new() }
    }

    /// Puts a section in.
    pub(crate) fn put(&mut self, name: impl Into<String>, bytes: Vec<u8>) {
        self.sections.push((name.into(), bytes));
    }

    /// The bytes of a section.
    #[must_use]
    pub fn section(&self, name: &str) -> Option<&[u8]> {
        self.sections.iter().find(|(known, _)| known == name).map(|(_, bytes)| bytes.as_slice())
    }

    /// All sections, in their order.
    pub fn sections(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.sections.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice()))
    }

    /// The file.
    ///
    /// # Panics
    /// Never: writing to a string cannot fail.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut head = format!("{HEAD}\n{}\n", self.case);
        for (name, bytes) in &self.sections {
            let digest = Digest::of(bytes);
            writeln!(head, "section {name} {} {digest}", bytes.len())
                .expect("writing to a string cannot fail");
        }
        head.push('\n');
        let mut out = head.into_bytes();
        self.sections.iter().for_each(|(_, bytes)| out.extend_from_slice(bytes));
        out
    }

    /// Reads a file and recomputes every digest in its head.
    ///
    /// # Errors
    /// [`BundleFault`] naming what is not as the head says.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, BundleFault> {
        let fault = |what: &str| BundleFault(what.to_owned());
        let end = bytes
            .windows(2)
            .take(HEAD_BYTES_MAX)
            .position(|pair| pair == b"\n\n")
            .ok_or_else(|| fault("no head"))?;
        let head = std::str::from_utf8(&bytes[..end]).map_err(|_| fault("the head is no text"))?;
        let mut lines = head.split('\n');
        if lines.next() != Some(HEAD) {
            return Err(fault("the first line"));
        }
        let case = lines.next().filter(|line| !line.is_empty()).ok_or_else(|| fault("no case"))?;
        let (mut bundle, mut rest) = (Self::about(CaseId::new(case)), &bytes[end + 2..]);
        for line in lines {
            let (name, length, digest) = section(line).ok_or_else(|| fault("a section line"))?;
            let (section, after) = rest.split_at_checked(length).ok_or_else(|| fault("cut off"))?;
            if Digest::of(section).to_string() != digest {
                return Err(BundleFault(format!("section {name} is not what its digest says")));
            }
            if !is_known(name) {
                return Err(BundleFault(format!("a section {name} is not known")));
            }
            if bundle.section(name).is_some() {
                return Err(BundleFault(format!("section {name} stands twice")));
            }
            bundle.put(name, section.to_vec());
            rest = after;
        }
        if rest.is_empty() { Ok(bundle) } else { Err(fault("more than the head says")) }
    }
}

fn section(line: &str) -> Option<(&str, usize, &str)> {
    let mut words = line.split(' ');
    let (word, name, length, digest) = (words.next()?, words.next()?, words.next()?, words.next()?);
    let number: usize = length.parse().ok()?;
    let fits =
        word == "section" && words.next().is_none() && !name.is_empty() && number.to_string() == length;
    fits.then_some((name, number, digest))
}

/// Whether a bundle has sections of this name.
fn is_known(name: &str) -> bool {
    let number = [PROOF, REVOCATION].iter().find_map(|head| name.strip_prefix(head));
    let numbered =
        number.is_some_and(|number| number.parse::<u64>().is_ok_and(|value| value.to_string() == number));
    numbered || [MESSAGE, RECEIPT, PAYLOAD, OWN, PARTNER].contains(&name)
}

const HEAD: &str = "sampan-evidence 1";
/// The longest head read.
const HEAD_BYTES_MAX: usize = 1 << 16;
