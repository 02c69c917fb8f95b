//! The conditions and rules of the standard, one file each: written as a notation where they only compare what stands
//! in the message, as code where they count or add up.
//!
//! A rule is asked of a message when the standard names it for that message. Which messages those are stands in the
//! table; what a rule needs to know of other messages of the movement is asked by the procedures instead.

mod engine;
#[cfg(test)]
mod example;
mod levels;
mod mass;
mod notation;
mod numbering;
mod numbers;
mod offices;
mod packages;
mod periods;
mod seals;
mod vehicles;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use kernel::Severity;

use super::report::Report;
use super::table::MessageType;
use super::tree::Tree;
use notation::{Keeps, Rule};

/// A rule written as code.
pub(crate) struct Coded {
    /// Its number in the standard.
    pub(crate) id: &'static str,
    /// What it says, for people.
    pub(crate) says: &'static str,
    /// Looks at a message.
    pub(crate) ask: fn(&Tree<'_>, &mut Report<'_, '_>),
    /// Messages that keep it.
    pub(crate) good: &'static [(&'static str, &'static str)],
    /// Messages that break it.
    pub(crate) bad: &'static [(&'static str, &'static str)],
}

/// What a rule is written as.
enum Written {
    Noted(Rule),
    Coded(&'static Coded),
}

static RULES: LazyLock<BTreeMap<&'static str, Written>> = LazyLock::new(|| {
    let noted =
        FILES.iter().filter_map(|text| notation::read(text).ok()).map(|rule| (rule.id, Written::Noted(rule)));
    let coded = CODED.iter().copied().flatten().map(|rule| (rule.id, Written::Coded(rule)));
    noted.chain(coded).collect()
});

/// Asks every rule the standard names for this kind of message.
pub(crate) fn ask(kind: &MessageType, tree: &Tree<'_>, report: &mut Report<'_, '_>) {
    let weight = report.rules;
    for id in &kind.rules {
        report.rules = if ADVISED.contains(id) { Severity::Warning } else { weight };
        match RULES.get(id) {
            Some(Written::Noted(rule)) => engine::ask(rule, tree, report),
            Some(Written::Coded(rule)) => (rule.ask)(tree, report),
            None => {}
        }
    }
    report.rules = weight;
}

/// Conditions that are told and not enforced: declarations that offices accept do not keep them.
const ADVISED: [&str; 2] = ["C0403", "C0909"];

/// One rule as the manual shows it.
#[derive(Clone, Debug)]
pub struct Said {
    /// Its number in the standard.
    pub id: &'static str,
    /// What it says.
    pub says: &'static str,
    /// Pieces of messages that keep it.
    pub good: Vec<String>,
    /// Pieces of messages that break it.
    pub bad: Vec<String>,
}

/// What a rule says; `None` where it is not written here.
#[must_use]
pub fn says(id: &str) -> Option<&'static str> {
    RULES.get(id).map(|written| match written {
        Written::Noted(rule) => rule.says,
        Written::Coded(rule) => rule.says,
    })
}

/// All rules, by number, with their examples.
#[must_use]
pub fn all() -> Vec<Said> {
    let shown = |code: &str, text: &str| format!("{code} {text}");
    RULES
        .values()
        .map(|written| match written {
            Written::Noted(rule) => {
                let of = |keeps| {
                    let examples = rule.examples.iter().filter(move |it| it.keeps == keeps);
                    examples.map(|it| shown(it.code, it.text)).collect()
                };
                Said { id: rule.id, says: rule.says, good: of(Keeps::It), bad: of(Keeps::Not) }
            }
            Written::Coded(rule) => {
                let of = |examples: &[(&str, &str)]| {
                    examples.iter().map(|(code, text)| shown(code, text)).collect()
                };
                Said { id: rule.id, says: rule.says, good: of(rule.good), bad: of(rule.bad) }
            }
        })
        .collect()
}

const CODED: &[&[Coded]] = &[
    levels::RULES,
    mass::RULES,
    numbering::RULES,
    numbers::RULES,
    offices::RULES,
    packages::RULES,
    periods::RULES,
    seals::RULES,
    vehicles::RULES,
];

const FILES: &[&str] = &[
    include_str!("c0001.rule"),
    include_str!("c0012.rule"),
    include_str!("c0013.rule"),
    include_str!("c0015.rule"),
    include_str!("c0027.rule"),
    include_str!("c0029.rule"),
    include_str!("c0030.rule"),
    include_str!("c0035.rule"),
    include_str!("c0040.rule"),
    include_str!("c0045.rule"),
    include_str!("c0055.rule"),
    include_str!("c0060.rule"),
    include_str!("c0085.rule"),
    include_str!("c0086.rule"),
    include_str!("c0101.rule"),
    include_str!("c0102.rule"),
    include_str!("c0128.rule"),
    include_str!("c0129.rule"),
    include_str!("c0130.rule"),
    include_str!("c0137.rule"),
    include_str!("c0153.rule"),
    include_str!("c0186.rule"),
    include_str!("c0191.rule"),
    include_str!("c0215.rule"),
    include_str!("c0220.rule"),
    include_str!("c0231.rule"),
    include_str!("c0232.rule"),
    include_str!("c0233.rule"),
    include_str!("c0234.rule"),
    include_str!("c0240.rule"),
    include_str!("c0251.rule"),
    include_str!("c0255.rule"),
    include_str!("c0260.rule"),
    include_str!("c0270.rule"),
    include_str!("c0280.rule"),
    include_str!("c0285.rule"),
    include_str!("c0286.rule"),
    include_str!("c0298.rule"),
    include_str!("c0315.rule"),
    include_str!("c0320.rule"),
    include_str!("c0330.rule"),
    include_str!("c0337.rule"),
    include_str!("c0339.rule"),
    include_str!("c0343.rule"),
    include_str!("c0349.rule"),
    include_str!("c0352.rule"),
    include_str!("c0353.rule"),
    include_str!("c0354.rule"),
    include_str!("c0365.rule"),
    include_str!("c0366.rule"),
    include_str!("c0382.rule"),
    include_str!("c0387.rule"),
    include_str!("c0394.rule"),
    include_str!("c0396.rule"),
    include_str!("c0400.rule"),
    include_str!("c0403.rule"),
    include_str!("c0411.rule"),
    include_str!("c0417.rule"),
    include_str!("c0451.rule"),
    include_str!("c0452.rule"),
    include_str!("c0455.rule"),
    include_str!("c0460.rule"),
    include_str!("c0466.rule"),
    include_str!("c0467.rule"),
    include_str!("c0489.rule"),
    include_str!("c0492.rule"),
    include_str!("c0502.rule"),
    include_str!("c0505.rule"),
    include_str!("c0511.rule"),
    include_str!("c0531.rule"),
    include_str!("c0542.rule"),
    include_str!("c0569.rule"),
    include_str!("c0586.rule"),
    include_str!("c0587.rule"),
    include_str!("c0598.rule"),
    include_str!("c0599.rule"),
    include_str!("c0670.rule"),
    include_str!("c0671.rule"),
    include_str!("c0685.rule"),
    include_str!("c0705.rule"),
    include_str!("c0707.rule"),
    include_str!("c0708.rule"),
    include_str!("c0710.rule"),
    include_str!("c0715.rule"),
    include_str!("c0803.rule"),
    include_str!("c0804.rule"),
    include_str!("c0805.rule"),
    include_str!("c0806.rule"),
    include_str!("c0811.rule"),
    include_str!("c0812.rule"),
    include_str!("c0813.rule"),
    include_str!("c0815.rule"),
    include_str!("c0817.rule"),
    include_str!("c0818.rule"),
    include_str!("c0820.rule"),
    include_str!("c0821.rule"),
    include_str!("c0822.rule"),
    include_str!("c0823.rule"),
    include_str!("c0826.rule"),
    include_str!("c0828.rule"),
    include_str!("c0831.rule"),
    include_str!("c0833.rule"),
    include_str!("c0837.rule"),
    include_str!("c0839.rule"),
    include_str!("c0860.rule"),
    include_str!("c0870.rule"),
    include_str!("c0872.rule"),
    include_str!("c0904.rule"),
    include_str!("c0908.rule"),
    include_str!("c0909.rule"),
    include_str!("c0930.rule"),
    include_str!("r0006.rule"),
    include_str!("r0019.rule"),
    include_str!("r0020.rule"),
    include_str!("r0023.rule"),
    include_str!("r0220.rule"),
    include_str!("r0261.rule"),
    include_str!("r0350.rule"),
    include_str!("r0474.rule"),
    include_str!("r0551.rule"),
    include_str!("r0789.rule"),
    include_str!("r0849.rule"),
    include_str!("r0859.rule"),
    include_str!("r0875.rule"),
    include_str!("r0900.rule"),
    include_str!("r0901.rule"),
    include_str!("r0904.rule"),
    include_str!("r0905.rule"),
    include_str!("r0906.rule"),
    include_str!("r0909.rule"),
    include_str!("r0911.rule"),
    include_str!("r0912.rule"),
    include_str!("r3060.rule"),
    include_str!("r3061.rule"),
    include_str!("r3062.rule"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_is_understood() {
        for text in FILES {
            let rule = notation::read(text).unwrap_or_else(|line| panic!("{line}"));
            assert!(!rule.chains.is_empty() && !rule.examples.is_empty(), "{}", rule.id);
            assert!(rule.says.ends_with('.'), "{}", rule.id);
        }
        assert_eq!(RULES.len(), FILES.len() + CODED.iter().map(|rules| rules.len()).sum::<usize>());
    }

    #[test]
    fn every_example_keeps_or_breaks_its_rule() {
        let mut wrong = Vec::new();
        for said in all() {
            for (examples, breaks) in [(&said.good, false), (&said.bad, true)] {
                for text in examples {
                    let (code, piece) = text.split_once(' ').expect("code and piece");
                    let found = example::ask(said.id, code, piece);
                    if found.is_empty() == breaks || found.iter().any(|finding| finding.expected != said.id) {
                        wrong.push(format!("{} {text}: {} found", said.id, found.len()));
                    }
                }
            }
        }
        assert_eq!(wrong, [""; 0]);
    }
}
