//! Recognition tests a second and core among a million operators, beside a standard hash map of the same in the same run.

use std::collections::HashMap;
use std::hint::black_box;
use std::time::Instant;

use customs::operator::{
    Covered, Entry, Found, Index, OperatorCode, OperatorRole, Question, Status, StatusChange, packed,
};
use customs::terms::Party;
use jiff::Timestamp;
use jiff::civil::date;
use serde_json::json;

use super::Measured;

/// Measures with so many operators for about so many seconds a side.
pub(super) fn measure(operators: u32, seconds: u64) -> anyhow::Result<Measured> {
    let entries: Vec<Entry> = (0..operators).map(entry).collect::<Result<_, _>>()?;
    let built = Instant::now();
    let index = Index::build(entries.iter());
    let built = built.elapsed();
    let questions = questions(operators);
    let ours = rate(seconds, questions.len(), || together(&index, &questions));
    let single = rate(seconds, questions.len(), || {
        let ask = |(code, at): &&(String, i64)| {
            index.at_second(packed(black_box(code)), OperatorRole::Exporter, *at) == YES
        };
        questions.iter().filter(ask).count()
    });
    let map: HashMap<&str, &Entry> = entries.iter().map(|entry| (entry.code.as_str(), entry)).collect();
    let theirs = rate(seconds, questions.len(), || {
        let ask = |(code, at): &&(String, i64)| {
            let at = Timestamp::from_second(*at).unwrap_or_default();
            map.get(black_box(code.as_str())).is_some_and(|entry| {
                entry.status_at(at) == Some(Status::Active) && entry.has_role(&[OperatorRole::Exporter])
            })
        };
        questions.iter().filter(ask).count()
    });
    let answers = [ours.1, single.1, theirs.1];
    anyhow::ensure!(answers == [ours.1; 3], "the sides answer differently: {answers:?}");
    Ok(Measured {
        name: "recognition",
        ours: ours.0,
        unit: "tests/s",
        peer: Some(("standard hash map of the same entries", theirs.0)),
        aims: vec![("10,000,000 tests/s on one core".into(), ours.0 >= 10e6)],
        seen: json!({
            "operators": operators, "questions": questions.len(), "active": ours.1, "one_by_one": single.0,
            "index_megabytes": index.bytes() / 1_000_000, "built_milliseconds": built.as_millis() as u64,
        }),
    })
}

/// How many are active and covered, asked as a night of declarations asks: packed from what was quoted, many at a time.
fn together(index: &Index, questions: &[(String, i64)]) -> usize {
    let (mut yes, mut batch) = (0, Vec::with_capacity(BATCH));
    for questions in questions.chunks(BATCH) {
        batch.clear();
        batch.extend(questions.iter().map(|(code, at)| Question {
            code: packed(black_box(code)),
            role: OperatorRole::Exporter,
            at: *at,
        }));
        index.each(&batch, |found| yes += usize::from(found == YES));
    }
    yes
}

fn entry(number: u32) -> anyhow::Result<Entry> {
    let at = |days: i64| Timestamp::from_second(START + days * 86_400);
    let mut history = vec![StatusChange {
        status: Status::Active,
        at: at(i64::from(number % 700))?,
        reason: String::new(),
    }];
    // One in twenty was suspended once, one in fifty came back.
    if number.is_multiple_of(20) {
        history.push(StatusChange { status: Status::Suspended, at: at(800)?, reason: String::new() });
    }
    if number.is_multiple_of(50) {
        history.push(StatusChange { status: Status::Active, at: at(900)?, reason: String::new() });
    }
    Ok(Entry {
        code: code(number)?,
        party: Party::default(),
        local_name: String::new(),
        roles: vec![if number.is_multiple_of(10) { OperatorRole::Importer } else { OperatorRole::Exporter }],
        sites: Vec::new(),
        contact: String::new(),
        from: date(2020, 1, 1),
        until: None,
        history,
    })
}

fn code(number: u32) -> anyhow::Result<OperatorCode> {
    // Spread over the numbers there are, so that neighbours in the list are none in memory.
    let spread = u64::from(number) * 7_919 % 10_000_000_000;
    Ok(OperatorCode::new(&format!("AEOVN{spread:010}"))?)
}

/// Codes and moments in no order; one in ten is nobody's.
fn questions(operators: u32) -> Vec<(String, i64)> {
    let mut state = 0x2545_F491_4F6C_DD1D_u64;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state
    };
    let question = |_| {
        let pick = next() % (u64::from(operators) * 10 / 9);
        let spread = pick * 7_919 % 10_000_000_000;
        (format!("AEOVN{spread:010}"), START + (next() % 1_200) as i64 * 86_400)
    };
    (0..QUESTIONS).map(question).collect()
}

/// Tests a second, of rounds of so many, and how many of one round were answered with yes.
fn rate(seconds: u64, questions: usize, round: impl Fn() -> usize) -> (f64, usize) {
    let yes = round();
    let (start, mut rounds) = (Instant::now(), 0_u64);
    while start.elapsed().as_secs() < seconds.max(1) {
        black_box(round());
        rounds += 1;
    }
    (rounds as f64 * questions as f64 / start.elapsed().as_secs_f64(), yes)
}

/// 1 January 2024.
const START: i64 = 1_704_067_200;
/// The answer that is counted.
const YES: Found = Found::Known { status: Status::Active, role: Covered::Yes };
/// How many questions are handed over at once.
const BATCH: usize = 1_024;
/// How many questions make a round.
const QUESTIONS: usize = 2_000_000;
