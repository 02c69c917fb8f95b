//! `sampan demo`: five nodes, their traffic and their people of one morning, on this machine.

mod agreements;
mod chaos;
mod feed;
mod goods;
mod ladder;
mod morning;
mod scenes;
mod stage;
mod town;
mod way;

pub(crate) use town::free_port;

use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::Context as _;
use jiff::civil::Date;
use serde_json::{Value, json};

use self::morning::Weather;
use self::scenes::SCENES;
use self::stage::Stage;
use self::town::Town;
use crate::exit::Exit;
use crate::output;

/// Starts five nodes (customs of VN, TH, LA, CN and the tax authority GDT) on loopback in processes of their own and plays a morning of trade.
///
/// Example: sampan demo --check --kills 100 --dir /tmp/morning
#[derive(clap::Args)]
pub(crate) struct Demo {
    /// Plays without people, prints one JSON summary, and ends; 1 where a scene fails.
    #[arg(long)]
    check: bool,
    /// Keeps the nodes here, one folder each; what is there from an earlier demo is removed first.
    #[arg(long)]
    dir: Option<PathBuf>,
    /// Lodges the export declarations found under this folder instead of the generated morning.
    #[arg(long)]
    declarations: Option<PathBuf>,
    /// What the morning is generated from.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// How many consignments the morning has.
    #[arg(long, default_value_t = 60)]
    consignments: u64,
    /// How many times a node is killed (as by a power cut) while the morning goes on.
    #[arg(long, default_value_t = 0)]
    kills: u32,
}

impl Demo {
    pub(crate) fn run(self) -> anyhow::Result<Exit> {
        let folder = Folder::of(self.dir.as_deref())?;
        let start = Instant::now();
        say(self.check, "making five nodes: VN, TH, LA, CN, GDT");
        let town = Town::build(folder.path())?;
        town.start()?;
        agreements::bring_into_force(&town)?;
        let day = jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date();
        let outcomes = self.play(&town, day)?;
        let ladder = ladder::of(&town)?;
        let ready = start.elapsed().as_secs_f64();
        if !self.check {
            self.invite(&town)?;
        }
        town.stop()?;
        let records = town.verify()?;
        let passed = outcomes.iter().all(|outcome| outcome["passed"] == true)
            && records.iter().all(|record| record["sound"] == true);
        if self.check {
            output::json(&json!({
                "passed": passed, "seconds": ready, "scenes": outcomes, "ladder": ladder.lanes,
                "obligations": ladder.obligations, "records": records,
            }));
        }
        Ok(Exit::sound_if(passed))
    }

    fn play(&self, town: &Town, day: Date) -> anyhow::Result<Vec<Value>> {
        let stage = Stage::new(town, "scene")?;
        let mut outcomes: Vec<Value> = SCENES
            .iter()
            .map(|scene| self.outcome(scene.name, scene.shows, || (scene.play)(&stage, day)))
            .collect();
        let bulk = match &self.declarations {
            Some(folder) => self.outcome("declarations", "every readable export climbs the ladder", || {
                feed::play(&stage, folder, day)
            }),
            None => {
                let weather = Weather { seed: self.seed, consignments: self.consignments, kills: self.kills };
                self.outcome("morning", "nothing is lost, nothing doubled, links are right", || {
                    morning::play(&stage, day, weather)
                })
            }
        };
        outcomes.push(bulk);
        Ok(outcomes)
    }

    fn outcome(&self, name: &str, shows: &str, play: impl FnOnce() -> anyhow::Result<Value>) -> Value {
        let start = Instant::now();
        let played = play();
        let seconds = start.elapsed().as_secs_f64();
        match played {
            Ok(saw) => {
                say(self.check, &format!("  {name}: {shows} ({seconds:.1} s)"));
                json!({ "scene": name, "passed": true, "seconds": seconds, "saw": saw })
            }
            Err(error) => {
                output::say(format_args!("  {name} FAILED: {error:#}"));
                json!({ "scene": name, "passed": false, "seconds": seconds, "why": format!("{error:#}") })
            }
        }
    }

    /// Tells where to look and as whom, and waits until somebody ends the demo.
    fn invite(&self, town: &Town) -> anyhow::Result<()> {
        output::line("");
        for node in town.nodes() {
            output::line(format_args!("{}  http://{}", node.name, node.web));
        }
        output::line(format_args!(
            "\nsign in as {} with the password {}",
            town::ROLES.join(", "),
            town.password()
        ));
        output::line(format_args!("the nodes lie in {}; Ctrl-C ends the demo", town.dir().display()));
        town::wait_for_interrupt()
    }
}

fn say(quietly: bool, text: &str) {
    if quietly {
        output::say(text);
    } else {
        output::line(text);
    }
}

/// Where the nodes lie: a folder that is kept, or one that goes with the demo.
enum Folder {
    Kept(PathBuf),
    Passing(PathBuf),
}

impl Folder {
    fn of(dir: Option<&Path>) -> anyhow::Result<Self> {
        let folder = match dir {
            Some(dir) => Self::Kept(std::path::absolute(dir)?),
            None => Self::Passing(std::env::temp_dir().join(format!("sampan-demo-{}", std::process::id()))),
        };
        clear(folder.path())?;
        Ok(folder)
    }

    fn path(&self) -> &Path {
        match self {
            Self::Kept(path) | Self::Passing(path) => path,
        }
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if let Self::Passing(path) = self {
            // What cannot be removed is the machine's to clean up.
            let _ = std::fs::remove_dir_all(path);
        }
    }
}

/// Makes the folder anew, but never removes one that holds something else than an earlier demo.
fn clear(path: &Path) -> anyhow::Result<()> {
    if path.exists() {
        let foreign = std::fs::read_dir(path)?.filter_map(Result::ok).find(|entry| {
            !town::NAMES.iter().any(|name| entry.file_name() == *name.to_lowercase())
                && entry.file_name() != town::ACCOUNTS
        });
        if let Some(entry) = foreign {
            anyhow::bail!("{} holds {}, which no demo made", path.display(), entry.path().display());
        }
        std::fs::remove_dir_all(path).with_context(|| format!("cannot clear {}", path.display()))?;
    }
    std::fs::create_dir_all(path).with_context(|| format!("cannot make {}", path.display()))
}
