//! An authority is asked to certify one of our keys, and the certificate it issued takes the place of our own, with the
//! authorities above it.

use std::path::Path;

use exchange::certificate::certificate_request;
use exchange::{Certificate, Suite};

use super::KeysFault;
use super::place::{ABOVE, Place, SIGNING};
use super::wallet::signing_key;

/// The request for a certificate of the signing key of a suite, as PKCS#10 in PEM: of the next key where there is one, since that
/// is the one to be certified before it is used, else of the one in use.
///
/// # Errors
/// [`KeysFault::NotNow`] where the node has no keys of the suite, [`KeysFault::Make`] where the key refuses.
pub fn request_for(folder: &Path, suite: Suite) -> Result<String, KeysFault> {
    let place = Place::of(folder)?;
    let [next, current] = [".next", ""].map(|slot| format!("{}/{SIGNING}{slot}", suite.word()));
    let there = [next, current].into_iter().find(|name| place.has(&format!("{name}.crt")));
    let name = there.ok_or(KeysFault::NotNow("the node has no keys of this suite"))?;
    let key = signing_key(&place, &name)?;
    certificate_request(&place.certificate(&name)?, &*key).map_err(|fault| KeysFault::Make(fault.to_string()))
}

/// Puts in the certificate an authority issued for the signing key of a suite, the one in use or the next. The file holds it
/// and the authorities above it, in whatever order.
///
/// # Errors
/// [`KeysFault::NotNow`] where it is for none of our keys, or one certificate in it leads nowhere.
pub fn install(folder: &Path, suite: Suite, chain: &str) -> Result<(), KeysFault> {
    let place = Place::of(folder)?;
    let chain = Certificate::all_from_pem(chain)
        .map_err(|_| KeysFault::NotNow("not certificates in PEM, one after the other"))?;
    let slots = ["", ".next"].map(|slot| format!("{}/{SIGNING}{slot}", suite.word()));
    for name in slots.iter().filter(|name| place.has(&format!("{name}.crt"))) {
        let key = place.certificate(name)?.public_key_info_der();
        if let Some(own) = chain.iter().find(|certificate| certificate.public_key_info_der() == key) {
            let above = above(own, &chain)?;
            return place.replace_certificate(name, own, &above);
        }
    }
    Err(KeysFault::NotNow("the certificate is for none of this node's signing keys in this suite"))
}

/// The authorities above a certificate, the highest first; every other certificate must be among them.
fn above(own: &Certificate, chain: &[Certificate]) -> Result<Vec<Certificate>, KeysFault> {
    let mut path = vec![own.clone()];
    while let Some(issuer) = chain.iter().find(|each| {
        let below = path.last().unwrap_or(own);
        each.is_authority() && each.issued(below) && !path.contains(each)
    }) {
        path.push(issuer.clone());
    }
    if path.len() != chain.len() {
        return Err(KeysFault::NotNow("a certificate in the file is not above the one for our key"));
    }
    path.remove(0);
    path.reverse();
    Ok(path)
}

impl Place {
    fn replace_certificate(
        &self,
        name: &str,
        own: &Certificate,
        above: &[Certificate],
    ) -> Result<(), KeysFault> {
        let passing = format!("{name}.issued");
        self.remove(&format!("{passing}.crt"))?;
        self.remove(&format!("{passing}{ABOVE}"))?;
        if !above.is_empty() {
            let text: String = above.iter().map(Certificate::to_pem).collect();
            self.write(&format!("{passing}{ABOVE}"), &text)?;
            self.rename(&format!("{passing}{ABOVE}"), &format!("{name}{ABOVE}"))?;
        }
        self.write_certificate(&passing, own)?;
        self.rename(&format!("{passing}.crt"), &format!("{name}.crt"))
    }
}
