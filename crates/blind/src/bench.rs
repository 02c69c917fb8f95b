//! Two parties asking one another, step by step, for measuring. Clock and wire are the caller's.

use std::time::Duration;

use rand_chacha::rand_core::RngCore as _;

use crate::{Answer, Fault, Key, Point, Published, Question, Secret};

/// How large both sets are, how many values are common, and on how many threads each side calculates.
#[derive(Clone, Copy, Debug)]
pub struct Sizes {
    /// Values asked about.
    pub asked: usize,
    /// Values in the published set.
    pub held: usize,
    /// Values in both.
    pub common: usize,
    /// Of the values held, so many are not calculated: their tags are drawn, as tags cannot be told from what is drawn. For
    /// measuring what comes after the set-up against sets whose set-up is not what is measured.
    pub drawn: usize,
    /// Threads of each side.
    pub workers: usize,
}

/// What each step took, and what came of it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Steps {
    /// Publishing the set: done once an edition.
    pub publish: Duration,
    /// Blinding.
    pub ask: Duration,
    /// Evaluating, with proofs.
    pub answer: Duration,
    /// Checking the proofs and taking the blinds off.
    pub open: Duration,
    /// Looking the tags up.
    pub look_up: Duration,
    /// How many were found; as many as are common, or something is wrong.
    pub found: usize,
    /// Bytes that travelled.
    pub bytes: usize,
}

impl Steps {
    /// Everything after the set is published and there.
    #[must_use]
    pub fn after_setup(&self) -> Duration {
        self.ask + self.answer + self.open + self.look_up
    }

    /// Everything.
    #[must_use]
    pub fn whole(&self) -> Duration {
        self.publish + self.after_setup()
    }
}

/// Plays both parties. `clock` tells the time since some moment; `carry` takes bytes to the other side and gives them as
/// they came there.
///
/// # Errors
/// What either side says.
pub fn play(
    sizes: Sizes,
    clock: &dyn Fn() -> Duration,
    carry: &dyn Fn(Vec<u8>) -> Vec<u8>,
) -> Result<Steps, Fault> {
    let mut steps = Steps::default();
    let mut since = clock();
    let mut lap = |step: &mut Duration| {
        let now = clock();
        *step = now.saturating_sub(since);
        since = now;
    };
    let key = Key::derive(&Secret::new([1; 32]), "bench")?;
    let own = sizes.held.saturating_sub(sizes.common + sizes.drawn);
    let mut sent = key.publish(&values("held", own, sizes.common), sizes.workers).to_bytes();
    let calculated = sent.len();
    sent.resize(calculated + sizes.drawn * crate::TAG_BYTES, 0);
    Secret::new([3; 32]).stream(0).fill_bytes(&mut sent[calculated..]);
    steps.bytes += sent.len();
    let held = Published::from_bytes(&carry(sent)).ok_or(Fault::Length)?;
    lap(&mut steps.publish);
    let asked = values("asked", sizes.asked - sizes.common, sizes.common);
    let question = Question::ask(asked, &Secret::new([2; 32]), sizes.workers)?;
    lap(&mut steps.ask);
    let sent = question.blinded().concat();
    steps.bytes += sent.len();
    let answer = key.answer(&points(&carry(sent)), 1, sizes.workers)?;
    let sent = answer.evaluated.concat();
    steps.bytes += sent.len() + answer.proofs.iter().map(Vec::len).sum::<usize>();
    let answer = Answer { evaluated: points(&carry(sent)), proofs: answer.proofs };
    lap(&mut steps.answer);
    let tags = question.open(&answer, &key.public(), sizes.workers)?;
    lap(&mut steps.open);
    steps.found = tags.iter().filter(|tag| held.holds(tag)).count();
    lap(&mut steps.look_up);
    Ok(steps)
}

fn values(of: &str, own: usize, common: usize) -> Vec<String> {
    let own = (0..own).map(|number| format!("{of} {number}"));
    own.chain((0..common).map(|number| format!("common {number}"))).collect()
}

fn points(bytes: &[u8]) -> Vec<Point> {
    bytes.as_chunks::<32>().0.to_vec()
}
