//! Foreign implementations judge ours: `ct-merkle` the proofs, `signed_note` the checkpoints.

use ct_merkle::mem_backed_tree::MemoryBackedTree;
use ct_merkle::{ConsistencyProof as ForeignConsistency, InclusionProof as ForeignInclusion, RootHash};
use ledger::{Hash, Reader, leaf_hash};
use proptest::prelude::*;
use sha2::Sha256;
use signed_note::{StandardVerifier, VerifierList};

use crate::support;

fn bytes(hashes: &[Hash]) -> Vec<u8> {
    hashes.iter().flat_map(|hash| *hash.as_bytes()).collect()
}

fn foreign_root(root: Hash, size: u64) -> RootHash<Sha256> {
    RootHash::new((*root.as_bytes()).into(), size)
}

/// Sizes that fall on both sides of the borders of tiles and of powers of two.
fn size() -> impl Strategy<Value = u64> {
    prop_oneof![1_u64..40, 1_u64..2_000, 250_u64..260, 508_u64..518, 1_020_u64..1_030]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn a_foreign_verifier_accepts_our_proofs_and_ours_accepts_foreign_ones(size in size(), seed: u64) {
        let (log, files) = support::grown(&[size]);
        let mut foreign = MemoryBackedTree::<Sha256, Vec<u8>>::new();
        support::entries(0, size).into_iter().for_each(|entry| foreign.push(entry));
        prop_assert_eq!(foreign.root(), foreign_root(log.root(), size));

        let (index, old) = (seed % size, seed / size % size + 1);
        let reader = Reader::new(&files, size);
        let ours = reader.inclusion(index, size).unwrap();
        let theirs = foreign.prove_inclusion(index as usize);
        prop_assert_eq!(bytes(&ours.hashes), theirs.as_bytes());
        let entry = support::entry(index);
        let carried = ForeignInclusion::try_from_bytes(bytes(&ours.hashes)).unwrap();
        prop_assert!(foreign_root(log.root(), size).verify_inclusion(&entry, index, &carried).is_ok());
        prop_assert!(ours.verify(&leaf_hash(&entry), &log.root()).is_ok());

        let ours = reader.consistency(old, size).unwrap();
        let theirs = foreign.prove_consistency((size - old) as usize);
        prop_assert_eq!(bytes(&ours.hashes), theirs.as_bytes());
        let old_root = reader.root(old).unwrap();
        let carried = ForeignConsistency::try_from_bytes(bytes(&ours.hashes)).unwrap();
        let new = foreign_root(log.root(), size);
        prop_assert!(new.verify_consistency(&foreign_root(old_root, old), &carried).is_ok());
        prop_assert!(ours.verify(&old_root, &log.root()).is_ok());
    }
}

#[test]
fn a_foreign_verifier_accepts_our_checkpoint_and_refuses_a_changed_one() {
    let (log, _) = support::grown(&[300]);
    let checkpoint = support::cosigned(&log, &support::witness_key(1)).to_bytes();
    let key = support::log_key().verifier().to_string();
    let verifies = |bytes: &[u8]| {
        let list = VerifierList::new(vec![Box::new(StandardVerifier::new(&key).unwrap())]);
        signed_note::Note::from_bytes(bytes).is_ok_and(|note| note.verify(&list).is_ok())
    };
    assert!(verifies(&checkpoint));
    let text = String::from_utf8(checkpoint).unwrap();
    assert!(!verifies(text.replace("\n300\n", "\n301\n").as_bytes()));
}

#[test]
fn what_a_foreign_implementation_signs_holds_here() {
    let secret = support::log_key().secret_text();
    let signer = signed_note::StandardSigner::new(&secret).unwrap();
    let text = support::signed(&support::grown(&[5]).0).checkpoint().to_string();
    let mut note = signed_note::Note::new(text.as_bytes(), &[]).unwrap();
    note.add_sigs(&[&signer]).unwrap();
    let opened = ledger::SignedCheckpoint::open(&note.to_bytes(), support::log_key().verifier()).unwrap();
    assert_eq!(opened.checkpoint().size(), 5);
}
