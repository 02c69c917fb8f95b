//! Whatever byte is damaged, the audit finds it and names the place.

use ledger::{
    Audit, AuditKeys, CHECKPOINT, Fault, FaultKind, Log, Place, Strangers, TileKind, TilePath, VerifierKey,
    audit,
};
use proptest::prelude::*;

use crate::support::{self, Files};

/// A log grown in these steps, countersigned by a partner.
fn countersigned(steps: &[u64]) -> (Log, Files) {
    let (log, mut files) = support::grown(steps);
    files.insert(CHECKPOINT.to_owned(), support::cosigned(&log, &support::witness_key(5)).to_bytes());
    (log, files)
}

fn audited(files: &Files) -> Audit {
    let (log, witness) = (support::log_key(), support::witness_key(5));
    let witnesses: Vec<VerifierKey> = vec![witness.verifier().clone()];
    let keys = AuditKeys { log: log.verifier(), witnesses: &witnesses, strangers: Strangers::Fault };
    audit(files, &keys, &mut |_, _| {})
}

/// The entry that a byte of a bundle belongs to, counted from the bundle's first.
fn entry_at(bundle: &[u8], byte: usize) -> u64 {
    let mut end = 0;
    (0..)
        .find(|_| {
            end += 2 + usize::from(u16::from_be_bytes([bundle[end], bundle[end + 1]]));
            byte < end
        })
        .expect("the byte lies in the bundle")
}

/// Where the audit must say that this byte of this file is wrong.
fn expected(path: &str, bytes: &[u8], byte: usize) -> Fault {
    let path: TilePath = path.parse().expect("a tile or bundle");
    let place = match path.kind {
        TileKind::Entries => Place::Entry { index: path.index * 256 + entry_at(bytes, byte), path },
        TileKind::Hashes(_) => Place::Tile { path, hashes: vec![(byte / 32) as u16] },
    };
    Fault { place, kind: FaultKind::Changed }
}

fn flipped(files: &Files, path: &str, byte: usize, flip: u8) -> Files {
    let mut files = files.clone();
    files.get_mut(path).expect("a file of the log")[byte] ^= flip;
    files
}

#[track_caller]
fn check_found(files: &Files, path: &str, byte: usize, flip: u8) {
    let audit = audited(&flipped(files, path, byte, flip));
    if path == CHECKPOINT {
        let is_checkpoint = |fault: &Fault| matches!(fault.place, Place::Checkpoint | Place::Signature(_));
        assert!(!audit.is_sound(), "byte {byte} ^ {flip:#x} of the checkpoint");
        assert!(audit.faults.iter().all(is_checkpoint), "byte {byte} ^ {flip:#x}: {:?}", audit.faults);
    } else {
        assert_eq!(audit.faults, [expected(path, &files[path], byte)], "byte {byte} ^ {flip:#x} of {path}");
    }
}

#[test]
fn every_damaged_byte_of_a_small_log_is_named_by_its_entry_hash_or_signature() {
    let (_, files) = countersigned(&[3, 4]);
    for (path, bytes) in &files {
        for byte in 0..bytes.len() {
            for flip in [0x02, 0x80] {
                check_found(&files, path, byte, flip);
            }
        }
    }
}

#[test]
fn every_damaged_hash_of_a_log_of_two_levels_is_named() {
    let (_, files) = countersigned(&[200, 400]);
    for (path, bytes) in files.iter().filter(|(path, _)| !path.contains("entries")) {
        for byte in (0..bytes.len()).step_by(31) {
            check_found(&files, path, byte, 0x10);
        }
    }
}

#[test]
fn a_signature_line_that_no_key_explains_is_a_fault_or_listed_as_the_checker_chose() {
    let (log, mut files) = support::grown(&[5]);
    files.insert(CHECKPOINT.to_owned(), support::cosigned(&log, &support::witness_key(9)).to_bytes());
    let stranger = "partner9.example/witness".to_owned();
    let strict = audited(&files);
    assert_eq!(
        strict.faults,
        [Fault { place: Place::Signature(stranger.clone()), kind: FaultKind::Unknown }]
    );
    let key = support::log_key();
    let keys = AuditKeys { log: key.verifier(), witnesses: &[], strangers: Strangers::Listed };
    let open = audit(&files, &keys, &mut |_, _| {});
    assert!(open.is_sound());
    assert_eq!((open.strangers, open.signers), (vec![stranger], vec![support::ORIGIN.to_owned()]));
}

#[test]
fn a_missing_cut_or_lengthened_file_is_named() {
    let (_, files) = countersigned(&[600]);
    for path in files.keys() {
        let without = |change: &dyn Fn(&mut Files)| {
            let mut files = files.clone();
            change(&mut files);
            let faults = audited(&files).faults;
            let first = faults.first().unwrap_or_else(|| panic!("{path}")).to_string();
            assert!(first.contains(path.as_str()), "{path}: {first}");
            first
        };
        assert!(without(&|files| drop(files.remove(path))).ends_with(": missing"));
        without(&|files| files.get_mut(path).unwrap().truncate(40));
        without(&|files| files.get_mut(path).unwrap().push(b'\n'));
        without(&|files| files.get_mut(path).unwrap().clear());
    }
}

#[test]
fn an_entry_rewritten_together_with_all_tiles_above_it_is_found_by_the_signature() {
    let (_, files) = countersigned(&[600]);
    let mut log = Log::create(support::ORIGIN);
    let mut entries = support::entries(0, 600);
    entries[17] = b"another".to_vec();
    let mut rewritten = Files::new();
    support::keep(&mut rewritten, log.append(&entries).unwrap());
    rewritten.insert(CHECKPOINT.to_owned(), files[CHECKPOINT].clone());
    assert_eq!(
        audited(&rewritten).faults,
        [Fault { place: Place::Checkpoint, kind: FaultKind::RootDiffers }]
    );

    // Only part of the way up: the lowest tile that still stands under a signed hash is named.
    let mut partly = files.clone();
    for path in ["tile/entries/000", "tile/0/000"] {
        partly.insert(path.to_owned(), rewritten[path].clone());
    }
    let path = "tile/0/000".parse().unwrap();
    assert_eq!(
        audited(&partly).faults,
        [Fault { place: Place::Tile { path, hashes: Vec::new() }, kind: FaultKind::Changed }]
    );
}

#[test]
fn several_damaged_places_are_all_named_in_the_order_of_the_log() {
    let (_, files) = countersigned(&[65_536 + 600]);
    let mut bad = files.clone();
    for (path, byte) in [
        ("tile/entries/003", 1_000),
        ("tile/0/005", 64),
        ("tile/1/000", 32 * 9 + 4),
        ("tile/1/001.p/2", 33),
        ("tile/entries/258.p/88", 2_000),
    ] {
        bad.get_mut(path).unwrap()[byte] ^= 4;
    }
    let faults = audited(&bad).faults;
    let places: Vec<String> = faults.iter().map(|fault| fault.place.to_string()).collect();
    let changed = entry_at(&files["tile/entries/003"], 1_000) + 768;
    let last = entry_at(&files["tile/entries/258.p/88"], 2_000) + 258 * 256;
    assert_eq!(
        places,
        [
            "tile tile/1/000 hash 9".to_owned(),
            format!("entry {changed} in tile/entries/003"),
            "tile tile/0/005 hash 2".to_owned(),
            "tile tile/1/001.p/2 hash 1".to_owned(),
            format!("entry {last} in tile/entries/258.p/88"),
        ]
    );
}

#[test]
fn damage_to_an_entry_and_to_its_own_leaf_hash_names_both() {
    let (_, files) = countersigned(&[600]);
    let bad = flipped(&flipped(&files, "tile/0/001", 40, 1), "tile/entries/001", 400, 1);
    let faults = audited(&bad).faults;
    let entry = entry_at(&files["tile/entries/001"], 400) + 256;
    assert!(faults.iter().any(|fault| fault.place.to_string() == "tile tile/0/001 hash 1"), "{faults:?}");
    assert!(
        faults.iter().any(|fault| fault.place.to_string() == format!("entry {entry} in tile/entries/001"))
    );
}

#[test]
fn a_tile_of_which_nothing_is_left_is_rebuilt_from_below_and_named_once() {
    let (_, files) = countersigned(&[65_536 + 10]);
    for path in ["tile/0/007", "tile/1/000", "tile/2/000.p/1", "tile/0/256.p/10"] {
        let mut bad = files.clone();
        bad.get_mut(path).unwrap().fill(0);
        let faults = audited(&bad).faults;
        let width = path.parse::<TilePath>().unwrap().width;
        let whole = Place::Tile { path: path.parse().unwrap(), hashes: (0..width).collect() };
        assert_eq!(faults, [Fault { place: whole, kind: FaultKind::Changed }]);
    }
}

#[test]
fn a_log_of_which_only_the_checkpoint_is_left_is_told_without_looking_for_every_tile() {
    let key = support::log_key();
    let huge = ledger::Checkpoint::new(support::ORIGIN, u64::MAX, ledger::leaf_hash(b"x")).unwrap();
    let files = Files::from([(CHECKPOINT.to_owned(), huge.sign(&key).unwrap().to_bytes())]);
    let audit = audited(&files);
    assert!(audit.faults.iter().any(|fault| fault.kind == FaultKind::Missing));
    assert_eq!((audit.size, audit.root, audit.entries), (u64::MAX, None, 0));
}

#[test]
fn without_a_checkpoint_the_files_are_still_checked_against_each_other() {
    let (log, mut files) = countersigned(&[600]);
    files.remove(CHECKPOINT);
    let alone = audited(&files);
    assert_eq!(alone.faults, [Fault { place: Place::Checkpoint, kind: FaultKind::Missing }]);
    assert_eq!((alone.size, alone.root), (600, Some(log.root())));
    let path = "tile/entries/000".parse().unwrap();
    let bad = audited(&flipped(&files, "tile/entries/000", 9, 1));
    let entry = entry_at(&files["tile/entries/000"], 9);
    assert_eq!(bad.faults[1].place, Place::Entry { index: entry, path });
}

#[test]
fn a_log_of_another_origin_is_foreign() {
    let (_, files) = countersigned(&[10]);
    let other = ledger::Signer::generate("other.example", ledger::Purpose::Log, [8; 32]).unwrap();
    let keys = AuditKeys { log: other.verifier(), witnesses: &[], strangers: Strangers::Listed };
    let codes: Vec<String> =
        audit(&files, &keys, &mut |_, _| {}).faults.iter().map(ToString::to_string).collect();
    assert_eq!(codes, ["checkpoint signature of other.example: missing", "checkpoint: foreign"]);
}

#[test]
fn progress_reaches_the_whole_log() {
    let (_, files) = countersigned(&[600]);
    let key = support::log_key();
    let keys = AuditKeys { log: key.verifier(), witnesses: &[], strangers: Strangers::Listed };
    let mut steps = Vec::new();
    audit(&files, &keys, &mut |done, all| steps.push((done, all)));
    assert_eq!(steps, [(256, 600), (512, 600), (600, 600)]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn any_damaged_byte_of_any_log_is_found(
        steps in proptest::collection::vec(1_u64..400, 1..5),
        file: prop::sample::Index,
        byte: prop::sample::Index,
        flip in 1_u8..,
    ) {
        let (_, files) = countersigned(&steps);
        prop_assert_eq!(audited(&files).faults, []);
        let (path, bytes) = files.iter().nth(file.index(files.len())).expect("an index inside");
        if !bytes.is_empty() {
            check_found(&files, path, byte.index(bytes.len()), flip);
        }
    }
}
