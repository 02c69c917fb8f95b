//! `sampan bench triage --kills`: a night decided by a process of its own that is killed again and again, held against the same
//! night decided without a break. Nothing may be lost, nothing doubled, and no byte of the results may differ.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use kernel::Digest;
use serde_json::{Value, json};

use super::{Measured, night};
use crate::output::Progress;

/// How often a night is killed, and when.
pub(super) struct Kills {
    /// How many kills, over as many nights as it takes.
    pub(super) kills: u32,
    /// What the moments of the kills follow from.
    pub(super) seed: u64,
}

/// What came of all nights.
#[derive(Default)]
struct Toll {
    nights: u32,
    kills: u32,
    /// Kills by how much of the night was durable: nothing, a part, all.
    found: BTreeMap<&'static str, u32>,
    different: Vec<String>,
    lost: u64,
    doubled: u64,
}

/// Decides a night of so many lines without a break, and then again and again under kills.
pub(super) fn run(lines: u32, folder: &Path, wanted: &Kills) -> anyhow::Result<Measured> {
    let input = night::make(lines, folder)?.0;
    let whole = folder.join("whole");
    let _ = fs::remove_dir_all(&whole);
    let started = Instant::now();
    ended_well(Run { input: &input, rules: &folder.join("rules"), out: &whole, lines }.start()?)?;
    let span = started.elapsed();
    let expected = result(&whole)?;
    let (mut toll, mut dice) = (Toll::default(), Dice(wanted.seed ^ 0x9E37_79B9_7F4A_7C15));
    let mut progress = Progress::of("kills");
    while toll.kills < wanted.kills {
        let out = folder.join(format!("killed-{}", toll.nights));
        let _ = fs::remove_dir_all(&out);
        let run = Run { input: &input, rules: &folder.join("rules"), out: &out, lines };
        let kills = KILLS_PER_NIGHT.min(wanted.kills - toll.kills);
        toll.night(&run, kills, (span, &mut dice))?;
        toll.settle(&expected, &result(&out)?, (&out, lines))?;
        progress.at(u64::from(toll.kills), u64::from(wanted.kills));
    }
    Ok(toll.measured(span))
}

/// One night's command.
struct Run<'a> {
    input: &'a Path,
    rules: &'a Path,
    out: &'a Path,
    lines: u32,
}

impl Run<'_> {
    fn start(&self) -> anyhow::Result<Child> {
        // Some twenty blocks a night, so that there is something between the first and the last.
        let block = (self.lines / 20).next_multiple_of(200).max(200);
        let mut command = Command::new(std::env::current_exe()?);
        command.arg("triage").arg(self.input).arg("--rules").arg(self.rules).arg("--out").arg(self.out);
        command.args(["--block", &block.to_string()]).stdout(Stdio::null()).stderr(Stdio::null());
        command.spawn().context("cannot start the night")
    }
}

/// Waits for a night that is not killed.
fn ended_well(mut night: Child) -> anyhow::Result<()> {
    let status = night.wait()?;
    if status.success() { Ok(()) } else { bail!("a night that was not killed ended with {status}") }
}

impl Toll {
    /// A night killed so often, and then left to its end.
    fn night(
        &mut self,
        run: &Run<'_>,
        kills: u32,
        (span, dice): (Duration, &mut Dice),
    ) -> anyhow::Result<()> {
        self.nights += 1;
        for _ in 0..kills {
            let mut child = run.start()?;
            std::thread::sleep(dice.moment(span));
            let had_ended = child.try_wait()?.is_some();
            // SIGKILL, where there are signals.
            child.kill()?;
            child.wait()?;
            self.kills += 1;
            *self.found.entry(how_far(run.out, had_ended)).or_default() += 1;
        }
        ended_well(run.start()?)
    }

    /// Holds what is there against what should be.
    fn settle(
        &mut self,
        expected: &Outcome,
        seen: &Outcome,
        (out, lines): (&Path, u32),
    ) -> anyhow::Result<()> {
        let names: BTreeSet<&String> = expected.keys().chain(seen.keys()).collect();
        for name in names.into_iter().filter(|name| expected.get(*name) != seen.get(*name)) {
            self.different.push(format!("{}/{name}", out.display()));
        }
        let mut times = vec![0_u32; lines as usize + 1];
        for path in blocks(out)? {
            for record in csv::ReaderBuilder::new().flexible(true).from_path(path)?.records() {
                let line: usize = record?.get(0).context("a decision without a line")?.parse()?;
                *times.get_mut(line).context("a decision on a line that is not there")? += 1;
            }
        }
        self.lost += times[1..].iter().filter(|times| **times == 0).count() as u64;
        self.doubled += times[1..].iter().filter(|times| **times > 1).count() as u64;
        Ok(())
    }

    fn measured(self, span: Duration) -> Measured {
        Measured {
            name: "triage under kills",
            ours: (self.lost + self.doubled) as f64,
            unit: "lines lost or decided twice",
            peer: None,
            aims: vec![
                ("nothing lost".into(), self.lost == 0),
                ("nothing decided twice".into(), self.doubled == 0),
                ("every result as of an unbroken night".into(), self.different.is_empty()),
                (
                    "killed with a part of the night durable".into(),
                    self.found.get(PART).is_some_and(|times| *times > 0),
                ),
            ],
            seen: json!({
                "nights": self.nights, "kills": self.kills, "when_killed": self.found, "lost": self.lost,
                "doubled": self.doubled, "different": self.different, "unbroken_seconds": span.as_secs_f64(),
            }),
        }
    }
}

/// How far a killed night had come.
fn how_far(out: &Path, had_ended: bool) -> &'static str {
    match (had_ended, blocks(out).map_or(0, |blocks| blocks.len())) {
        (true, _) => "after its end",
        (false, 0) => "nothing was durable",
        (false, _) => PART,
    }
}

/// What a night led to: its files by name and digest, the record by its root.
type Outcome = BTreeMap<String, String>;

/// The outcome of a night. The key of its record is drawn, so that its signature differs; what it signs must not.
fn result(out: &Path) -> anyhow::Result<Outcome> {
    let mut outcome = Outcome::new();
    let mut take = |name: &str, bytes: &[u8]| outcome.insert(name.to_owned(), Digest::of(bytes).to_string());
    for path in blocks(out)? {
        take(&path.file_name().unwrap_or_default().to_string_lossy(), &fs::read(&path)?);
    }
    for name in ["clusters.csv", "senders.csv", "platforms.csv", "consolidated.json", "head.json"] {
        take(name, &fs::read(out.join(name)).with_context(|| name.to_owned())?);
    }
    let mut summary: Value = serde_json::from_slice(&fs::read(out.join("summary.json"))?)?;
    for name in ["seconds", "lines_per_second", "resumed_at"] {
        summary[name].take();
    }
    take("summary.json", summary.to_string().as_bytes());
    let checkpoint = fs::read_to_string(out.join("record/checkpoint"))?;
    // Name, size and root; the signatures follow.
    let said: Vec<&str> = checkpoint.lines().take(3).collect();
    take("record", said.join("\n").as_bytes());
    Ok(outcome)
}

/// The files of decisions, in their order; none where the night has not begun.
fn blocks(out: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let Ok(entries) = fs::read_dir(out.join("decisions")) else { return Ok(Vec::new()) };
    let mut paths = entries.map(|entry| Ok(entry?.path())).collect::<std::io::Result<Vec<_>>>()?;
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "csv"));
    paths.sort();
    Ok(paths)
}

/// A xorshift step is random enough to pick moments.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, bound: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % bound.max(1)
    }

    /// One kill in four comes while the folder is made; the others at any moment of the night.
    fn moment(&mut self, span: Duration) -> Duration {
        let span = u64::try_from(span.as_millis()).unwrap_or(u64::MAX);
        let within = if self.roll(4) == 0 { BEGINNING.min(span) } else { span };
        Duration::from_millis(self.roll(within))
    }
}

/// A night is killed at most so often: later kills would only find it decided.
const KILLS_PER_NIGHT: u32 = 4;
/// How long a folder takes to be made, in milliseconds, with room.
const BEGINNING: u64 = 60;
const PART: &str = "a part was durable";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_that_is_missing_doubled_or_decided_otherwise_is_seen() {
        let out = std::env::temp_dir().join(format!("sampan-night-kills-{}", std::process::id()));
        fs::create_dir_all(out.join("decisions")).expect("a folder");
        fs::write(out.join("decisions/000000.csv"), "line,id\n1,A\n1,A\n3,C\n").expect("written");
        let expected = Outcome::from([("000000.csv".into(), "as it should be".into())]);
        let seen = Outcome::from([("000000.csv".into(), "otherwise".into())]);
        let mut toll = Toll::default();
        toll.settle(&expected, &seen, (&out, 3)).expect("readable");
        fs::remove_dir_all(&out).expect("removed");
        assert_eq!((toll.lost, toll.doubled, toll.different.len()), (1, 1, 1));
        assert!(toll.measured(Duration::ZERO).aims.iter().all(|(_, met)| !met));
    }
}
