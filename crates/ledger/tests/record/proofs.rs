//! Proofs hold for every place of every size, and nothing but the right one holds.

use ledger::{Error, Hash, ProofDocument, Reader, SignedCheckpoint, leaf_hash};
use proptest::prelude::*;

use crate::support;

#[test]
fn every_entry_is_proven_in_every_tree_up_to_seventy() {
    let (log, files) = support::grown(&[70]);
    let reader = Reader::new(&files, log.size());
    for size in 1..=log.size() {
        let root = reader.root(size).unwrap();
        for index in 0..size {
            let leaf = leaf_hash(&support::entry(index));
            let proof = reader.inclusion(index, size).unwrap();
            proof.verify(&leaf, &root).unwrap();
            assert_eq!(proof.verify(&leaf_hash(b"another"), &root), Err(Error::ProofWrong));
        }
    }
}

#[test]
fn every_tree_up_to_seventy_is_proven_to_extend_every_smaller_one() {
    let (log, files) = support::grown(&[70]);
    let reader = Reader::new(&files, log.size());
    for new in 0..=log.size() {
        for old in 0..=new {
            let (old_root, new_root) = (reader.root(old).unwrap(), reader.root(new).unwrap());
            let proof = reader.consistency(old, new).unwrap();
            proof.verify(&old_root, &new_root).unwrap();
            let another = leaf_hash(b"another");
            assert_eq!(proof.verify(&another, &new_root), Err(Error::ProofWrong), "{old} {new}");
            // Every tree extends the empty one, so that proof says nothing of the newer root.
            assert!(old == 0 || proof.verify(&old_root, &another) == Err(Error::ProofWrong), "{old} {new}");
        }
    }
}

#[test]
fn a_proof_with_a_hash_changed_added_or_left_out_or_for_another_place_is_refused() {
    let (log, files) = support::grown(&[600]);
    let reader = Reader::new(&files, 600);
    let (leaf, root) = (leaf_hash(&support::entry(299)), log.root());
    let good = reader.inclusion(299, 600).unwrap();
    for place in 0..good.hashes.len() {
        let mut bad = good.clone();
        bad.hashes[place] = leaf_hash(b"another");
        assert_eq!(bad.verify(&leaf, &root), Err(Error::ProofWrong));
        bad.hashes.remove(place);
        assert_eq!(bad.verify(&leaf, &root), Err(Error::ProofWrong));
    }
    let mut long = good.clone();
    long.hashes.push(root);
    assert_eq!(long.verify(&leaf, &root), Err(Error::ProofWrong));
    for index in (0..600).filter(|index| *index != 299) {
        let mut moved = good.clone();
        moved.index = index;
        assert_eq!(moved.verify(&leaf, &root), Err(Error::ProofWrong), "{index}");
    }
    let mut outside = good;
    outside.index = 600;
    assert_eq!(outside.verify(&leaf, &root), Err(Error::OutOfRange { asked: 600, size: 600 }));
}

#[test]
fn a_proof_that_reaches_the_root_too_early_or_from_a_subtree_is_refused() {
    let (_, files) = support::grown(&[16]);
    let reader = Reader::new(&files, 16);
    let (root_8, root_4) = (reader.root(8).unwrap(), reader.root(4).unwrap());
    // The pair of entries 0 and 1 passed off as one leaf.
    let mut short = reader.inclusion(0, 8).unwrap();
    let pair = reader.root(2).unwrap();
    short.hashes.remove(0);
    assert_eq!(short.verify(&pair, &root_8), Err(Error::ProofWrong));
    // A proof from 4 to 8 passed off as one from 4 to 16.
    let mut far = reader.consistency(4, 8).unwrap();
    far.verify(&root_4, &root_8).unwrap();
    far.new = 16;
    assert_eq!(far.verify(&root_4, &root_8), Err(Error::ProofWrong));
    // Between equal sizes and from nothing a proof has no hashes.
    let mut equal = reader.consistency(8, 8).unwrap();
    equal.hashes.push(root_8);
    assert_eq!(equal.verify(&root_8, &root_8), Err(Error::ProofWrong));
    equal.old = 0;
    assert_eq!(equal.verify(&Hash::of_empty_tree(), &root_8), Err(Error::ProofWrong));
}

#[test]
fn a_document_or_submission_with_more_hashes_than_a_tree_is_high_is_refused() {
    let hashes = format!("{}\n", leaf_hash(b"x")).repeat(65);
    let too_many = Err(Error::ProofMalformed("too many hashes"));
    assert_eq!(format!("old 1\n{hashes}\nx").parse::<ledger::Submission>().map(drop), too_many);
    let document = format!("c2sp.org/tlog-proof@v1\nindex 1\n{hashes}\nx");
    assert_eq!(document.parse::<ProofDocument>().map(drop), too_many);
}

#[test]
fn what_lies_outside_the_log_is_refused() {
    let (_, files) = support::grown(&[10]);
    let reader = Reader::open(&files).unwrap();
    let outside = |asked, size| Error::OutOfRange { asked, size };
    assert_eq!(reader.entry(10), Err(outside(10, 10)));
    assert_eq!(reader.root(11), Err(outside(11, 10)));
    assert_eq!(reader.inclusion(5, 11), Err(outside(11, 10)));
    assert_eq!(reader.inclusion(5, 5), Err(outside(5, 5)));
    assert_eq!(reader.consistency(6, 5), Err(outside(6, 5)));
    assert_eq!(reader.consistency(0, u64::MAX), Err(outside(u64::MAX, 10)));
}

#[test]
fn proofs_of_a_log_of_three_levels_hold() {
    let (log, files) = support::grown(&[65_536 + 256 + 5]);
    let reader = Reader::new(&files, log.size());
    for index in [0, 255, 256, 65_535, 65_536, 65_791, 65_792, log.size() - 1] {
        assert_eq!(reader.entry(index).unwrap(), support::entry(index));
        let proof = reader.inclusion(index, log.size()).unwrap();
        proof.verify(&leaf_hash(&support::entry(index)), &log.root()).unwrap();
    }
    for old in [1, 255, 256, 300, 65_535, 65_536, 65_537, 65_792] {
        let proof = reader.consistency(old, log.size()).unwrap();
        proof.verify(&reader.root(old).unwrap(), &log.root()).unwrap();
    }
}

#[test]
fn a_proof_document_is_checked_from_its_text_alone() {
    let (log, files) = support::grown(&[300]);
    let key = support::log_key();
    let document = ProofDocument::of(&files, 77, &support::cosigned(&log, &support::witness_key(3))).unwrap();
    let text = document.to_string();
    assert!(text.starts_with("c2sp.org/tlog-proof@v1\nextra ") && text.contains("\nindex 77\n"));
    let read: ProofDocument = text.parse().unwrap();
    assert_eq!(read, document);
    assert_eq!(read.verify(key.verifier()).unwrap().checkpoint().size(), 300);
    let bare = ProofDocument { entry: None, ..read };
    let bare: ProofDocument = bare.to_string().parse().unwrap();
    assert_eq!(bare.verify(key.verifier()), Err(Error::ProofMalformed("no entry")));
    bare.verify_entry(&support::entry(77), key.verifier()).unwrap();
    assert_eq!(bare.verify_entry(&support::entry(78), key.verifier()), Err(Error::ProofWrong));
}

#[test]
fn a_proof_document_is_not_made_from_files_that_do_not_lead_to_the_checkpoint() {
    let (log, mut files) = support::grown(&[300]);
    let checkpoint = support::signed(&log);
    files.get_mut("tile/0/000").unwrap()[100] ^= 1;
    assert_eq!(ProofDocument::of(&files, 77, &checkpoint), Err(Error::ProofWrong));
}

#[test]
fn a_change_of_any_byte_of_a_proof_document_is_refused() {
    let (log, files) = support::grown(&[40]);
    let witness = support::witness_key(3);
    let key = support::log_key();
    let text = ProofDocument::of(&files, 19, &support::cosigned(&log, &witness)).unwrap().to_string();
    let witnesses = [witness.verifier().clone()];
    let holds = |bytes: &[u8]| -> Option<SignedCheckpoint> {
        let document: ProofDocument = std::str::from_utf8(bytes).ok()?.parse().ok()?;
        let signed = document.verify(key.verifier()).ok()?;
        (signed.witnesses(&witnesses).ok()?.len() == 1).then_some(signed)
    };
    assert!(holds(text.as_bytes()).is_some());
    for place in 0..text.len() {
        for flip in [0x01, 0x20, 0x80] {
            let mut changed = text.clone().into_bytes();
            changed[place] ^= flip;
            assert_eq!(holds(&changed), None, "byte {place} ^ {flip}");
        }
    }
}

proptest! {
    #[test]
    fn no_text_makes_a_reader_of_texts_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400), cut in 0_usize..400) {
        let (log, files) = support::grown(&[20]);
        let good = ProofDocument::of(&files, 3, &support::signed(&log)).unwrap().to_string();
        let mut mixed = good.as_bytes()[..cut.min(good.len())].to_vec();
        mixed.extend(&bytes);
        for bytes in [&bytes, &mixed] {
            let text = String::from_utf8_lossy(bytes);
            let _ = text.parse::<ProofDocument>();
            let _ = text.parse::<ledger::Submission>();
            let _ = text.parse::<ledger::VerifierKey>();
            let _ = text.parse::<ledger::TilePath>();
            let _ = ledger::Signer::from_secret_text(&text);
            let _ = ledger::Note::parse(bytes);
            let _ = ledger::Checkpoint::parse(&text);
            let _ = Hash::from_base64(&text);
        }
    }
}
