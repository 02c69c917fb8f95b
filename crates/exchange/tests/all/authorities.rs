//! Partners by authority: what an authority of the partner's issued is believed, unless it was revoked.

use std::sync::{Arc, LazyLock};

use exchange::certificate::{Request, RevocationList, Subject, Usage, issue, revoke, self_signed};
use exchange::keys::{KeyKind, PrivateKey};
use exchange::{Certificate, Identity, Partner, Profile, Token, Why, open, pack};

use crate::nodes::{BANGKOK, HANOI, at, limits, message, now};

/// An authority, one below it, and a signing certificate under that.
struct House {
    keys: [Arc<PrivateKey>; 3],
    certificates: [Certificate; 3],
}

static HOUSE: LazyLock<House> = LazyLock::new(|| House::built("root", "below", "node"));
static STRANGERS: LazyLock<House> = LazyLock::new(|| House::built("root", "below", "node"));

impl House {
    fn built(root: &str, below: &str, node: &str) -> Self {
        let keys = [KeyKind::P256, KeyKind::Ed25519, KeyKind::Rsa2048]
            .map(|kind| Arc::new(PrivateKey::generate(kind).expect("made")));
        let top = self_signed(&request(root, &keys[0], Usage::Authority), &*keys[0]).expect("issued");
        let middle = issue(&request(below, &keys[1], Usage::Authority), &top, &*keys[0]).expect("issued");
        let leaf = issue(&request(node, &keys[2], Usage::Signing), &middle, &*keys[1]).expect("issued");
        Self { keys, certificates: [top, middle, leaf] }
    }

    fn identity(&self, above: &[usize]) -> Identity {
        let above = above.iter().map(|at| self.certificates[*at].clone()).collect();
        Identity::new(Arc::clone(&self.keys[2]) as _, self.certificates[2].clone()).with_path(above)
    }

    /// Revokes certificates of this house: which one, by the authority of which number.
    fn revoking(&self, which: usize, by: usize) -> RevocationList {
        let dates = (now(), at("2026-12-22T06:00:00Z"));
        let der = revoke(&[&self.certificates[which]], dates, &self.certificates[by], &*self.keys[by]);
        RevocationList::from_der(&der.expect("issued"), &self.certificates[by]).expect("the authority's own")
    }
}

fn request(common_name: &str, key: &PrivateKey, usage: Usage) -> Request {
    let subject = Subject {
        country: "VN".to_owned(),
        organisation: "Customs".to_owned(),
        common_name: common_name.to_owned(),
    };
    let public_key_info = key.public_key_info().expect("public");
    let (not_before, not_after) = (at("2026-01-01T00:00:00Z"), at("2028-01-01T00:00:00Z"));
    Request { subject, public_key_info, usage, not_before, not_after }
}

/// What Bangkok makes of a message signed so, trusting the house's authority of this number.
fn verdict(
    identity: &Identity,
    token: Token,
    authority: usize,
    revoked: Vec<RevocationList>,
) -> Result<(), Why> {
    let wire = pack(&message(), identity, &Profile { token, ..Profile::default() }).expect("packed");
    let authorities = vec![HOUSE.certificates[authority].clone()];
    let partner = Partner { authorities, revoked, ..Partner::pinned(HANOI.id.clone(), Vec::new()) };
    let limits = limits();
    let received = open(&wire.content_type, &wire.body, &limits).expect("taken apart");
    received.verify(&BANGKOK.trusting(partner), now()).map(|_| ()).map_err(|fault| fault.why)
}

#[test]
fn a_certificate_is_believed_directly_under_the_authority_or_down_a_carried_path() {
    let path = Token::PkiPath;
    assert_eq!(verdict(&HOUSE.identity(&[]), Token::X509v3, 1, vec![]), Ok(()), "directly below");
    assert_eq!(verdict(&HOUSE.identity(&[1]), path, 0, vec![]), Ok(()), "one between");
    assert_eq!(
        verdict(&HOUSE.identity(&[0, 1]), path, 0, vec![]),
        Ok(()),
        "the authority itself carried as well"
    );
}

#[test]
fn a_gap_a_stranger_or_a_leaf_in_the_path_is_not_believed() {
    let refused = Err(Why::CertificateNotTrusted);
    let path = Token::PkiPath;
    assert_eq!(verdict(&HOUSE.identity(&[]), Token::X509v3, 0, vec![]), refused, "a gap");
    assert_eq!(verdict(&STRANGERS.identity(&[0, 1]), path, 0, vec![]), refused, "names alike, keys not");
    assert_eq!(
        verdict(&HOUSE.identity(&[2]), path, 0, vec![]),
        Err(Why::CertificateNotTrusted),
        "a leaf above"
    );
}

#[test]
fn what_an_authority_revoked_is_refused_and_nothing_else() {
    let path = Token::PkiPath;
    let revoked = Err(Why::CertificateRevoked);
    assert_eq!(verdict(&HOUSE.identity(&[1]), path, 0, vec![HOUSE.revoking(2, 1)]), revoked, "the signer");
    assert_eq!(
        verdict(&HOUSE.identity(&[1]), path, 0, vec![HOUSE.revoking(1, 0)]),
        revoked,
        "the one between"
    );
    assert_eq!(
        verdict(&HOUSE.identity(&[1]), path, 0, vec![HOUSE.revoking(2, 0)]),
        Ok(()),
        "not its to revoke"
    );
    assert_eq!(
        verdict(&HOUSE.identity(&[1]), path, 0, vec![STRANGERS.revoking(2, 1)]),
        Ok(()),
        "a stranger's list"
    );
}

#[test]
fn a_list_counts_only_with_its_authoritys_signature_and_says_when_it_is_old() {
    let dates = (now(), at("2026-12-22T06:00:00Z"));
    let der = revoke(&[], dates, &HOUSE.certificates[0], &*HOUSE.keys[0]).expect("issued");
    let list = RevocationList::from_der(&der, &HOUSE.certificates[0]).expect("the authority's own");
    assert!(!list.is_overdue_at(dates.1) && list.is_overdue_at(at("2026-12-23T00:00:00Z")));
    for other in [&HOUSE.certificates[1], &HOUSE.certificates[2], &STRANGERS.certificates[0]] {
        assert!(RevocationList::from_der(&der, other).is_err());
    }
}
