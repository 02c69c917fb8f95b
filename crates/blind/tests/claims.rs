//! What the construction promises, each promise tried.

#![expect(clippy::unwrap_used, reason = "a test")]

use std::collections::BTreeSet;

use blind::{
    Answer, Blinding, Evaluated, Fault, Key, PROOF_BYTES, Published, Question, Secret, SizeQuestion,
    TAG_BYTES, publish_points, reorder,
};

fn key(of: &str) -> Key {
    Key::derive(&Secret::new([7; 32]), of).unwrap()
}

fn ask(values: &[&str], lot: u8) -> Question<String> {
    Question::ask(values.iter().map(|value| (*value).to_owned()).collect(), &Secret::new([lot; 32]), 2)
        .unwrap()
}

fn hex(text: &str) -> Vec<u8> {
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap()).collect()
}

/// RFC 9497, appendix A.1.2 (ristretto255-SHA512, VOPRF): seed, key information, public key, inputs, outputs.
#[test]
fn key_and_outputs_are_those_of_the_standard() {
    let key = Key::derive(&Secret::new([0xa3; 32]), "test key").unwrap();
    let public = "c803e2cc6b05fc15064549b5920659ca4a77b2cca6f04f6b357009335476ad4e";
    assert_eq!(key.public().0.to_vec(), hex(public));
    let inputs = [vec![0x00], vec![0x5a; 17]];
    let tags = key.tags(&inputs, 1);
    let outputs = ["b58cfbe118e0cb94", "8a9a2f3c7f085b65"];
    for (tag, output) in tags.iter().zip(outputs) {
        assert_eq!(tag.unwrap().0.to_vec(), hex(output)[..TAG_BYTES]);
    }
}

#[test]
fn the_asker_finds_exactly_what_both_hold() {
    let key = key("edition 1");
    let held = key.publish(&["TEMU1234565", "MSCU7654321", "ACME CO"], 2);
    let question = ask(&["TEMU1234565", "NOBODY", "ACME CO"], 1);
    let answer = key.answer(question.blinded(), 1, 2).unwrap();
    let tags = question.open(&answer, &key.public(), 2).unwrap();
    let hits: Vec<bool> = tags.iter().map(|tag| held.holds(tag)).collect();
    assert_eq!(hits, [true, false, true]);
}

#[test]
fn many_values_in_many_batches_on_many_threads_keep_their_order() {
    let values: Vec<String> = (0..3_000).map(|number| format!("VALUE{number}")).collect();
    let key = key("edition 1");
    let held = key.publish(&values[1_000..2_000], 3);
    let question = Question::ask(values, &Secret::new([2; 32]), 3).unwrap();
    let answer = key.answer(question.blinded(), 9, 2).unwrap();
    let tags = question.open(&answer, &key.public(), 3).unwrap();
    let hits: Vec<usize> =
        tags.iter().enumerate().filter(|(_, tag)| held.holds(tag)).map(|(at, _)| at).collect();
    assert_eq!(hits, (1_000..2_000).collect::<Vec<_>>());
}

/// What the holder sees of two questions tells it nothing: the same value never looks the same twice.
#[test]
fn the_holder_cannot_tell_that_the_same_value_is_asked_again() {
    let (one, other) = (ask(&["TEMU1234565", "TEMU1234565"], 1), ask(&["TEMU1234565"], 2));
    let points: BTreeSet<_> = one.blinded().iter().chain(other.blinded()).collect();
    assert_eq!(points.len(), 3);
}

/// What the asker sees of the set tells it nothing without the holder: tags are not a hash of the values.
#[test]
fn the_published_set_cannot_be_searched_without_the_holder() {
    let held = key("edition 1").publish(&["TEMU1234565"], 1);
    let guessing = Key::derive(&Secret::new([8; 32]), "edition 1").unwrap();
    assert!(!held.holds(&guessing.tags(&["TEMU1234565"], 1)[0].unwrap()));
    // Another edition of the same set has other tags: two editions cannot be laid side by side.
    let next = key("edition 2").publish(&["TEMU1234565"], 1);
    assert_ne!(held.to_bytes(), next.to_bytes());
}

#[test]
fn a_holder_that_evaluates_under_another_key_is_found_out() {
    let question = ask(&["TEMU1234565"], 1);
    let answer = key("another").answer(question.blinded(), 1, 1).unwrap();
    assert_eq!(question.open(&answer, &key("edition 1").public(), 1), Err(Fault::Proof));
}

#[test]
fn an_answer_that_was_tampered_with_is_found_out() {
    let key = key("edition 1");
    let question = ask(&["A", "B"], 1);
    let answer = key.answer(question.blinded(), 1, 1).unwrap();
    let swapped = Answer { evaluated: answer.evaluated.iter().rev().copied().collect(), ..answer.clone() };
    assert_eq!(question.open(&swapped, &key.public(), 1), Err(Fault::Proof));
    let short = Answer { evaluated: answer.evaluated[..1].to_vec(), ..answer.clone() };
    assert_eq!(question.open(&short, &key.public(), 1), Err(Fault::Length));
    let broken = Answer { proofs: vec![vec![1; 64]], ..answer };
    assert_eq!(question.open(&broken, &key.public(), 1), Err(Fault::Proof));
}

#[test]
fn bytes_that_are_no_points_are_refused() {
    assert_eq!(key("edition 1").answer(&[[0xff; 32]], 1, 1), Err(Fault::Point));
    assert_eq!(
        key("edition 1").answer(&[[0; 32]], 1, 1),
        Err(Fault::Point),
        "the identity tells the key's nothing"
    );
    assert_eq!(Question::ask(vec![String::new()], &Secret::new([1; 32]), 1).unwrap_err(), Fault::Value);
    assert_eq!(Published::from_bytes(&[1, 2, 3]), None);
}

#[test]
fn a_published_set_travels_and_tells_its_size_only() {
    let held = key("edition 1").publish(&["B", "A", "A"], 1);
    assert_eq!(held.len(), 2);
    assert_eq!(Published::from_bytes(&held.to_bytes()), Some(held.clone()));
    let turned = key("edition 1").publish(&["A", "B"], 1);
    assert_eq!(held.to_bytes(), turned.to_bytes(), "the order of the values does not show");
}

/// With the size alone, which value was common cannot be told: what comes back is in the order of the points' bytes.
#[test]
fn the_size_alone_tells_how_many_and_not_which() {
    let holder = Secret::new([3; 32]);
    let held = publish_points(&holder, &["A", "B", "C"], 2).unwrap();
    let question = SizeQuestion::of(&Secret::new([4; 32]), 4);
    let blinded = question.points(&["B", "X", "C", "Y"], 2).unwrap();
    let answer = reorder(&holder, &blinded, 2).unwrap();
    assert_eq!(question.open(&answer.0, &held, 2), Ok(2));
    assert_eq!(question.open(&answer.0[1..], &held, 2), Err(Fault::Length));
    let mut sorted = answer.0.clone();
    sorted.sort_unstable();
    assert_eq!(answer.0, sorted);
    let other = question.points(&["C", "Y", "B", "X"], 2).unwrap();
    assert_eq!(blinded, other, "the order of the question does not show either");
}

/// Made a batch at a time and made again for the answer, a question is the same as one that is kept whole.
#[test]
fn a_question_made_again_is_the_same_question() {
    let values: Vec<String> = (0..2_500).map(|number| format!("VALUE{number}")).collect();
    let (key, secret) = (key("edition 1"), Secret::new([5; 32]));
    let whole = Question::ask(values.clone(), &secret, 2).unwrap();
    let again = Blinding::new(&values, secret, 3);
    assert_eq!(again.points().unwrap(), whole.blinded());
    let answer = key.answer(whole.blinded(), 4, 2).unwrap();
    assert!(answer.proofs.iter().all(|proof| proof.len() == PROOF_BYTES));
    let evaluated = Evaluated { points: &answer.evaluated, proofs: &answer.proofs };
    let tags = again.open(evaluated, &key.public()).unwrap();
    assert_eq!(tags, whole.open(&answer, &key.public(), 2).unwrap());
    let short = Evaluated { points: &answer.evaluated, proofs: &answer.proofs[1..] };
    assert_eq!(again.open(short, &key.public()), Err(Fault::Length));
}
