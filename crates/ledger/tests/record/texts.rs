//! Notes and keys as text: what is not exactly of the form is refused.

use ledger::{Checkpoint, Error, Hash, Note, NoteSignature, Purpose, Signer, VerifierKey, leaf_hash};

use crate::support;

#[track_caller]
fn check_note(bytes: &[u8], expected: Result<(), &'static str>) {
    assert_eq!(Note::parse(bytes).map(drop), expected.map_err(Error::NoteMalformed));
}

#[test]
fn a_note_that_is_not_of_the_form_is_refused() {
    check_note("text\n\n— a AAAAAAA=\n".as_bytes(), Ok(()));
    check_note("two\n\nparts\n\n— a AAAAAAA=\n".as_bytes(), Ok(()));
    check_note(b"", Err("no empty line before the signatures"));
    check_note("text\n— a AAAAAAA=\n".as_bytes(), Err("no empty line before the signatures"));
    check_note(b"text\n\n", Err("no signature line"));
    check_note("text\n\n— a AAAAAAA=".as_bytes(), Err("no signature line"));
    check_note("text\n\n- a AAAAAAA=\n".as_bytes(), Err("signature line"));
    check_note("text\n\n— aAAAAAAA=\n".as_bytes(), Err("signature line"));
    check_note("text\n\n— a+b AAAAAAA=\n".as_bytes(), Err("signer's name"));
    check_note("text\n\n— a AAAAAAB=\n".as_bytes(), Err("signature's base64"));
    check_note("text\n\n— a AAAAAAA\n".as_bytes(), Err("signature's base64"));
    check_note("text\n\n— a AAAA\n".as_bytes(), Err("short signature"));
    check_note("text\n\n— a AAAAAA==\n".as_bytes(), Err("empty signature"));
    check_note("te\u{1}xt\n\n— a AAAAAAA=\n".as_bytes(), Err("control character"));
    check_note(b"te\xffxt\n\n", Err("not UTF-8"));
}

#[test]
fn a_note_is_bounded_in_length_and_signatures() {
    let line = "— a AAAAAAA=\n";
    let signed = |count: usize| format!("text\n\n{}", line.repeat(count)).into_bytes();
    check_note(&signed(Note::SIGNATURES_MAX), Ok(()));
    check_note(&signed(Note::SIGNATURES_MAX + 1), Err("too many signatures"));
    let long = |length: usize| format!("{}\n\n{line}", "x".repeat(length - line.len() - 2)).into_bytes();
    check_note(&long(Note::LENGTH_MAX), Ok(()));
    check_note(&long(Note::LENGTH_MAX + 1), Err("too long"));
}

#[test]
fn a_signature_made_again_by_the_same_key_replaces_the_old_line() {
    let note = Note::new("text\n".to_owned()).unwrap();
    let line = |bytes: &[u8]| NoteSignature::new("a", 1, bytes.to_vec()).unwrap();
    let note = note.with(line(b"old")).with(line(b"new"));
    assert_eq!(note.signatures(), [line(b"new")]);
}

#[test]
fn a_checkpoint_that_is_not_of_the_form_is_refused() {
    let root = leaf_hash(b"x");
    let empty = Hash::of_empty_tree();
    let good = Checkpoint::new("a.example", 5, root).unwrap().with_extension("more").unwrap();
    assert_eq!(Checkpoint::parse(&format!("a.example\n5\n{root}\nmore\n")), Ok(good.clone()));
    assert_eq!(
        (good.to_string(), good.extensions()),
        (format!("a.example\n5\n{root}\nmore\n"), &["more".to_owned()][..])
    );
    for (text, what) in [
        (format!("a.example\n5\n{root}"), "last line"),
        (format!("\n5\n{root}\n"), "origin"),
        (format!("a.example\n05\n{root}\n"), "size"),
        (format!("a.example\n+5\n{root}\n"), "size"),
        (format!("a.example\n18446744073709551616\n{root}\n"), "size"),
        ("a.example\n5\nAAAA\n".to_owned(), "root"),
        (format!("a.example\n0\n{root}\n"), "root of an empty log"),
        (format!("a.example\n0\n{empty}\n\n"), "extension line"),
        ("a.example\n".to_owned(), "size"),
    ] {
        assert_eq!(Checkpoint::parse(&text), Err(Error::CheckpointMalformed(what)), "{text:?}");
    }
}

#[test]
fn a_key_text_whose_id_type_length_or_point_is_wrong_is_refused() {
    let good = support::log_key().verifier().to_string();
    let (name, rest) = good.split_once('+').unwrap();
    let (id, key) = rest.split_once('+').unwrap();
    let malformed = |text: String, what| {
        assert_eq!(text.parse::<VerifierKey>(), Err(Error::KeyMalformed(what)), "{text}");
    };
    malformed(format!("{name}+00000000+{key}"), "id");
    malformed(format!("other{name}+{id}+{key}"), "id");
    malformed(format!("{name}+{}+{key}", id.to_uppercase().replace(|c: char| c.is_ascii_digit(), "A")), "id");
    malformed(format!("{name}+{id}"), "parts");
    malformed(format!("{name}+{id}+{key}x"), "base64");
    malformed(format!("{name}+{id}+AQID"), "length");
    malformed(format!("{name}+{id}+BwID"), "signature type");
    malformed(format!("a b+{id}+{key}"), "name");
    let secret = support::log_key().secret_text();
    assert!(secret.parse::<VerifierKey>().is_err());
    assert_eq!(Signer::from_secret_text(&good).map(drop), Err(Error::KeyMalformed("no private key")));
    let other = secret.replace(support::ORIGIN, "other.example");
    assert_eq!(Signer::from_secret_text(&other).map(drop), Err(Error::KeyMalformed("id")));
}

#[test]
fn a_public_key_under_which_one_signature_fits_many_texts_is_refused() {
    let mut identity = [0; 32];
    identity[0] = 1;
    let refused = VerifierKey::new("a", Purpose::Log, identity);
    assert_eq!(refused, Err(Error::KeyMalformed("public key of small order")));
}
