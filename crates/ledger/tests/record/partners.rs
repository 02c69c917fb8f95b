//! Partners countersign what extends the log they know, and nothing else.

use ledger::{
    Checkpoint, Cosigned, Error, Log, NoteSignature, Purpose, Reader, SignedCheckpoint, Signer, Submission,
    Witness, leaf_hash,
};

use crate::support::{self, Files};

const TIME: u64 = 1_790_000_000;

fn submission(files: &Files, old: u64, log: &Log) -> Submission {
    let hashes =
        Reader::new(files, log.size()).consistency(old, log.size()).expect("sizes of the log").hashes;
    Submission { old, hashes, checkpoint: support::signed(log).to_bytes() }
}

fn cosign(submission: &Submission, seen: Option<&SignedCheckpoint>) -> Result<Cosigned, Error> {
    let (log, signer) = (support::log_key(), support::witness_key(2));
    Witness { signer: &signer, log: log.verifier() }.cosign(submission, seen, TIME)
}

/// A checkpoint of size 100 that the partner has seen, and the log at 100 and at 400 entries.
fn seen() -> (SignedCheckpoint, Log, Log, Files) {
    let (old, _) = support::grown(&[100]);
    let (new, files) = support::grown(&[100, 300]);
    (support::signed(&old), old, new, files)
}

#[test]
fn a_checkpoint_that_extends_the_one_seen_is_countersigned_with_the_time() {
    let (seen, _, new, files) = seen();
    let cosigned = cosign(&submission(&files, 100, &new), Some(&seen)).unwrap();
    assert_eq!(cosigned.checkpoint.checkpoint(), support::signed(&new).checkpoint());
    let keys = [support::witness_key(2).verifier().clone()];
    assert_eq!(cosigned.checkpoint.witnesses(&keys).unwrap(), [(&keys[0], Some(TIME))]);

    // What goes over the wire is the line; the log puts it under its own checkpoint.
    let line = NoteSignature::parse(&cosigned.signature.to_string()).unwrap();
    let kept = support::signed(&new).with_cosignature(line, &keys[0]).unwrap();
    assert_eq!(kept.to_bytes(), cosigned.checkpoint.to_bytes());
    let again = SignedCheckpoint::open(&kept.to_bytes(), support::log_key().verifier()).unwrap();
    assert_eq!(again.witnesses(&keys).unwrap().len(), 1);
}

#[test]
fn the_first_checkpoint_and_the_same_one_again_are_countersigned() {
    let (_, old, ..) = seen();
    let first = Submission { old: 0, hashes: Vec::new(), checkpoint: support::signed(&old).to_bytes() };
    let first = cosign(&first, None).unwrap().checkpoint;
    let same = Submission { old: 100, hashes: Vec::new(), checkpoint: support::signed(&old).to_bytes() };
    assert_eq!(cosign(&same, Some(&first)).unwrap().checkpoint.checkpoint(), first.checkpoint());
}

#[test]
fn a_log_rolled_back_is_refused() {
    let (seen, ..) = seen();
    let (shorter, files) = support::grown(&[60]);
    let refused = cosign(&submission(&files, 60, &shorter), Some(&seen));
    assert_eq!(refused, Err(Error::RolledBack { seen: 100, offered: 60 }));
}

#[test]
fn a_fork_of_the_same_size_is_refused() {
    let (seen, ..) = seen();
    let mut fork = Log::create(support::ORIGIN);
    fork.append(&vec![b"another".to_vec(); 100]).unwrap();
    let refused = cosign(&submission(&Files::new(), 100, &fork), Some(&seen));
    assert_eq!(refused, Err(Error::Forked { size: 100 }));
}

#[test]
fn a_longer_fork_cannot_be_proven_to_extend_what_was_seen() {
    let (seen, ..) = seen();
    let mut entries = support::entries(0, 400);
    entries[3] = b"another".to_vec();
    let (mut fork, mut files) = (Log::create(support::ORIGIN), Files::new());
    support::keep(&mut files, fork.append(&entries).unwrap());
    let not_proven = Err(Error::NotAnExtension { seen: 100, offered: 400 });
    let offered = submission(&files, 100, &fork);
    assert_eq!(cosign(&offered, Some(&seen)), not_proven);
    assert_eq!(cosign(&Submission { hashes: Vec::new(), ..offered.clone() }, Some(&seen)), not_proven);
    // Starting the proof elsewhere does not help either.
    let elsewhere = submission(&files, 2, &fork);
    assert_eq!(cosign(&elsewhere, Some(&seen)), Err(Error::StartForeign { seen: 100, offered: 2 }));
    let from_nothing = Submission { old: 0, hashes: Vec::new(), ..offered };
    assert_eq!(cosign(&from_nothing, Some(&seen)), Err(Error::StartForeign { seen: 100, offered: 0 }));
}

#[test]
fn a_checkpoint_of_another_log_or_another_key_is_refused() {
    let stranger = Signer::generate("other.example", Purpose::Log, [9; 32]).unwrap();
    let impostor = Signer::generate(support::ORIGIN, Purpose::Log, [9; 32]).unwrap();
    let made_by = |signer: &Signer| {
        let checkpoint =
            Checkpoint::new(signer.verifier().name(), 1, leaf_hash(b"x")).unwrap().sign(signer).unwrap();
        Submission { old: 0, hashes: Vec::new(), checkpoint: checkpoint.to_bytes() }
    };
    let (seen, expected) = ("other.example".to_owned(), support::ORIGIN.to_owned());
    assert_eq!(cosign(&made_by(&stranger), None), Err(Error::OriginForeign { seen, expected }));
    assert_eq!(cosign(&made_by(&impostor), None), Err(Error::SignatureMissing));
    let (old, ..) = support::grown(&[10]);
    let text = String::from_utf8(support::signed(&old).to_bytes()).unwrap().replace("\n10\n", "\n11\n");
    let forged = Submission { old: 0, hashes: Vec::new(), checkpoint: text.into_bytes() };
    assert_eq!(cosign(&forged, None), Err(Error::SignatureWrong { name: support::ORIGIN.to_owned() }));
}

#[test]
fn a_cosignature_is_put_under_a_checkpoint_only_if_it_was_made_over_it() {
    let (_, old, new, _) = seen();
    let partner = support::witness_key(2);
    let over_old = support::cosigned(&old, &partner).note().signatures()[1].clone();
    let refused = support::signed(&new).with_cosignature(over_old, partner.verifier());
    assert_eq!(refused, Err(Error::SignatureWrong { name: partner.verifier().name().to_owned() }));
}

#[test]
fn a_checkpoint_seen_of_another_log_is_not_held_against_this_one() {
    let stranger = Signer::generate("other.example", Purpose::Log, [9; 32]).unwrap();
    let seen = Log::create("other.example").checkpoint(&stranger).unwrap();
    let (log, _) = support::grown(&[10]);
    let offered = Submission { old: 0, hashes: Vec::new(), checkpoint: support::signed(&log).to_bytes() };
    let expected = support::ORIGIN.to_owned();
    let refused = cosign(&offered, Some(&seen));
    assert_eq!(refused, Err(Error::OriginForeign { seen: "other.example".to_owned(), expected }));
}

#[test]
fn keys_serve_only_the_purpose_they_were_made_for() {
    let (log, _) = support::grown(&[1]);
    let witness = Signer::generate(support::ORIGIN, Purpose::Witness, [7; 32]).unwrap();
    let name = support::ORIGIN.to_owned();
    assert_eq!(log.checkpoint(&witness), Err(Error::KeyPurpose { name: name.clone() }));
    let log_key = support::log_key();
    let offered = Submission { old: 0, hashes: Vec::new(), checkpoint: support::signed(&log).to_bytes() };
    let refused = Witness { signer: &log_key, log: log_key.verifier() }.cosign(&offered, None, TIME);
    assert_eq!(refused, Err(Error::KeyPurpose { name }));
    // The same seed and name give different ids, so that one's signature never counts as the other's.
    assert_ne!(witness.verifier().id(), log_key.verifier().id());
}

#[test]
fn a_time_that_a_cosignature_cannot_carry_is_refused() {
    let (log, _) = support::grown(&[1]);
    let (key, signer) = (support::log_key(), support::witness_key(2));
    let offered = Submission { old: 0, hashes: Vec::new(), checkpoint: support::signed(&log).to_bytes() };
    for time in [0, 1 << 63, u64::MAX] {
        let refused = Witness { signer: &signer, log: key.verifier() }.cosign(&offered, None, time);
        assert_eq!(refused, Err(Error::TimeImpossible { time }));
    }
}

#[test]
fn a_submission_is_read_back_from_its_text() {
    let (_, _, new, files) = seen();
    let submission = submission(&files, 100, &new);
    let text = submission.to_string();
    assert!(text.starts_with("old 100\n"));
    assert_eq!(text.parse(), Ok(submission));
    for broken in ["", "old 01\n\nx", "old -1\n\nx", "new 1\n\nx", "old 1\nnot base64\n\nx", "old 1\n"] {
        assert!(matches!(broken.parse::<Submission>(), Err(Error::ProofMalformed(_))), "{broken:?}");
    }
}

#[test]
fn a_secret_is_not_shown_when_a_key_is_printed() {
    let key = support::log_key();
    let shown = format!("{key:?}");
    assert!(shown.contains(support::ORIGIN));
    let secret = key.secret_text();
    let secret = secret.rsplit('+').next().unwrap();
    assert!(!shown.contains(secret));
    assert_eq!(Signer::from_secret_text(&key.secret_text()).unwrap().verifier(), key.verifier());
}
