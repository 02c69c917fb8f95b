//! An administration without a node: keys, a descriptor, messages packed ahead, receipts proved.

use std::sync::Arc;

use anyhow::Context as _;
use customs::declaration::{Acdd, AcddLine};
use customs::terms::{Country, HsCode, Party as Trader};
use exchange::certificate::{Request, Subject, Usage, self_signed};
use exchange::keys::{KeyKind, PrivateKey};
use exchange::{
    Certificate, Identity, Limits, Outgoing, Party, Payload, Profile, Sealing, Service, Signal, Suite, Trust,
    Wire, check_receipt,
};
use jiff::{SignedDuration, Timestamp};
use kernel::{NodeId, Quantity};
use ledger::{Purpose, Signer};
use node::{Descriptor, party_of};

/// Who gives.
pub(crate) const GIVER: &str = "TH";
/// Who takes.
pub(crate) const TAKER: &str = "VN";

/// An administration without a node.
pub(crate) struct Giver {
    suite: Suite,
    identity: Identity,
    record: Signer,
    descriptor: Descriptor,
}

/// To whom a message goes, as far as packing it and proving its receipt need.
pub(crate) struct Address {
    /// The certificates its receipts are signed with.
    pub(crate) signing: Vec<Certificate>,
    /// The certificate payloads are encrypted to; none, and they go in clear.
    pub(crate) sealing: Option<Certificate>,
}

impl Giver {
    /// A giver with fresh keys of a suite.
    pub(crate) fn new(suite: Suite) -> anyhow::Result<Self> {
        let key = Arc::new(PrivateKey::generate(signing_kind(suite))?);
        let certificate = certify(GIVER, &key, Usage::Signing, &key)?;
        let (record, witness) = (signer("record", Purpose::Log)?, signer("witness", Purpose::Witness)?);
        let descriptor = Descriptor {
            id: NodeId::new(GIVER),
            name: "The giving side".into(),
            country: GIVER.into(),
            endpoint: "https://localhost:1/as4".into(),
            kinds: vec!["acdd".into()],
            suites: vec![suite],
            signing: vec![certificate.to_pem()],
            sealing: Vec::new(),
            tls: vec![certificate.to_pem()],
            record: record.verifier().to_string(),
            witness: witness.verifier().to_string(),
            issued: Timestamp::now(),
        };
        Ok(Self { suite, identity: Identity::new(key, certificate), record, descriptor })
    }

    /// The suite its keys are of.
    pub(crate) const fn suite(&self) -> Suite {
        self.suite
    }

    /// Its signed descriptor.
    pub(crate) fn note(&self) -> anyhow::Result<String> {
        Ok(self.descriptor.sign(&self.record)?)
    }

    /// The certificate it signs with.
    pub(crate) const fn certificate(&self) -> &Certificate {
        self.identity.certificate()
    }

    /// Packs messages with these numbers, on as many threads as the machine has processors.
    pub(crate) fn pack(&self, numbers: std::ops::Range<u64>, to: &Address) -> anyhow::Result<Vec<Wire>> {
        let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get) as u64;
        let share = (numbers.end - numbers.start).div_ceil(threads).max(1);
        std::thread::scope(|scope| {
            let starts = (numbers.start..numbers.end).step_by(usize::try_from(share).unwrap_or(usize::MAX));
            let parts: Vec<_> = starts
                .map(|start| {
                    let end = (start + share).min(numbers.end);
                    scope.spawn(move || {
                        (start..end).map(|number| self.pack_one(number, to)).collect::<Result<Vec<_>, _>>()
                    })
                })
                .collect();
            let mut wires = Vec::new();
            for part in parts {
                wires.extend(part.join().map_err(|_| anyhow::anyhow!("packing panicked"))??);
            }
            Ok(wires)
        })
    }

    /// Packs one message.
    pub(crate) fn pack_one(&self, number: u64, to: &Address) -> anyhow::Result<Wire> {
        let payload = Payload {
            content_id: format!("document-{number}@th.sampan"),
            mime: "application/xml".into(),
            bytes: document(number),
            properties: Vec::new(),
        };
        let outgoing = Outgoing {
            message_id: format!("{number}.{}@th.sampan", self.certificate().fingerprint_hex()),
            conversation_id: format!("TH-{number}"),
            ref_to: None,
            from: Party::initiator(party_of(&NodeId::new(GIVER))),
            to: Party::responder(party_of(&NodeId::new(TAKER))),
            service: Service { value: node::SERVICE.into(), kind: None },
            action: "acdd".into(),
            agreement_ref: None,
            properties: Vec::new(),
            payloads: vec![payload],
            timestamp: Timestamp::now(),
        };
        let sealing = to.sealing.clone().map_or(Sealing::Clear, Sealing::To);
        let profile = Profile { suite: self.suite, sealing, ..Profile::default() };
        exchange::pack(&outgoing, &self.identity, &profile).context("cannot pack")
    }

    /// Whether an answer is a receipt that proves what was sent.
    pub(crate) fn proves(
        &self,
        sent: &Wire,
        to: &Address,
        (content_type, body): (&str, &[u8]),
    ) -> anyhow::Result<()> {
        let party = party_of(&NodeId::new(TAKER));
        let partner =
            exchange::Partner { suite: self.suite, ..exchange::Partner::pinned(party, to.signing.clone()) };
        let trust = Trust::of(vec![party_of(&NodeId::new(GIVER))]).with_partner(partner);
        match exchange::read_signal(content_type, body, &trust, Timestamp::now(), &Limits::default())? {
            Signal::Receipt(receipt) => Ok(check_receipt(&sent.sent, &receipt)?),
            Signal::Errors(errors) => anyhow::bail!("refused: {:?}", errors.errors),
        }
    }
}

/// The kind of signing key nodes make in a suite.
pub(crate) const fn signing_kind(suite: Suite) -> KeyKind {
    match suite {
        Suite::Edelivery115 => KeyKind::Rsa3072,
        Suite::Edelivery2 => KeyKind::Ed25519,
        Suite::Edelivery2P256 => KeyKind::P256,
    }
}

/// A certificate for a key, issued by another.
pub(crate) fn certify(
    name: &str,
    key: &PrivateKey,
    usage: Usage,
    by: &PrivateKey,
) -> anyhow::Result<Certificate> {
    let subject =
        Subject { country: name.into(), organisation: "Measurement".into(), common_name: name.into() };
    let now = Timestamp::from_second(Timestamp::now().as_second())?;
    let request = Request {
        subject,
        public_key_info: key.public_key_info()?,
        usage,
        not_before: now - SignedDuration::from_hours(1),
        not_after: now + SignedDuration::from_hours(24 * 30),
    };
    Ok(self_signed(&request, by)?)
}

fn signer(word: &str, purpose: Purpose) -> anyhow::Result<Signer> {
    let mut random = [0; 32];
    aws_lc_rs::rand::fill(&mut random).map_err(|_| anyhow::anyhow!("the machine has no randomness"))?;
    Ok(Signer::generate(&format!("th.sampan/{word}"), purpose, random)?)
}

/// An export declaration document of about 10 KB.
pub(crate) fn document(number: u64) -> Vec<u8> {
    let line = |item_no: u32| AcddLine {
        item_no,
        hs: HsCode::new(&format!("{:06}", 100_000 + (number * 31 + u64::from(item_no) * 7_919) % 860_000))
            .ok(),
        quantity: Some(Quantity::new((u64::from(item_no) * 1_237 + number % 997).into(), "KGM")),
        origin: Some(Country::new(GIVER)),
    };
    let acdd = Acdd {
        version: 1,
        reference: format!("TH-{number}-1"),
        country: Country::new(GIVER),
        number: format!("TH-2026-{number:08}"),
        exporter: Trader::named(format!("Exporter {} Co., Ltd.", number % 1_009)),
        consignee: Trader::named(format!("Consignee {} JSC", number % 1_013)),
        lines: (1..=LINES).map(line).collect(),
        ..Acdd::default()
    };
    formats::write_acdd(&acdd)
}

/// Items in one document, so that it is about 10 KB.
const LINES: u32 = 24;
