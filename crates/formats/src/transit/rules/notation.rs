//! The notation of the conditions and rules: one file each, with a sentence for people, the rule, and examples.
//!
//! ```text
//! C0085
//! A guarantee of a type that has references names them; another names none.
//! for Guarantee
//! if guaranteeType in CL076: GuaranteeReference required
//! else: GuaranteeReference absent
//! good CC015C Guarantee(guaranteeType=1 GuaranteeReference(GRN=x))
//! bad CC015C Guarantee(guaranteeType=1)
//! ```
//!
//! `for` names the group the rule is asked in, each time it stands; paths that begin with `/` start at the root, `..`
//! steps up. Conditions: `PATH present`, `missing`, `once`, `in SET`, `not in SET`, `> NUMBER`, joined by `and` and
//! `or` (`and` binds closer). `country:PATH` looks at the first two characters, `tail:PATH` at the last two,
//! `start:PATH` at the first three. A set is a code list or `{a,b}` or `country:PATH`, the countries of that path.
//! Outcomes: `PATH required`, `absent`, `optional`, `somewhere` (at least one), `in SET`, `not in SET`.

use crate::transit::table::{NameId, SCHEMA};

/// One condition or rule.
#[derive(Debug)]
pub(crate) struct Rule {
    /// Its number in the standard.
    pub(crate) id: &'static str,
    /// What it says, for people.
    pub(crate) says: &'static str,
    /// The group it is asked in.
    pub(crate) scope: Path,
    /// One after the other; of each the first branch whose condition holds.
    pub(crate) chains: Vec<Vec<Branch>>,
    /// Examples.
    pub(crate) examples: Vec<Example>,
}

/// A condition and what follows where it holds.
#[derive(Debug)]
pub(crate) struct Branch {
    /// Alternatives of things that must all hold; one empty alternative holds always.
    pub(crate) when: Vec<Vec<Test>>,
    pub(crate) then: Vec<(Path, Outcome)>,
}

/// One thing that holds or does not.
#[derive(Debug)]
pub(crate) enum Test {
    Present(Path),
    Missing(Path),
    Once(Path),
    More(Path, u64),
    In(Path, Part, Set),
    NotIn(Path, Part, Set),
}

/// What of a value is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    Whole,
    Country,
    Tail,
    Start,
}

/// Some values.
#[derive(Debug)]
pub(crate) enum Set {
    List(&'static str),
    These(Vec<&'static str>),
    CountriesOf(Path),
}

/// What must be so.
#[derive(Debug)]
pub(crate) enum Outcome {
    Required,
    Absent,
    Optional,
    Somewhere,
    In(Part, Set),
    NotIn(Part, Set),
}

/// A way to elements.
#[derive(Clone, Debug, Default)]
pub(crate) struct Path {
    pub(crate) from: From,
    pub(crate) steps: Vec<NameId>,
    /// A step is in no message: nothing is ever found.
    pub(crate) nowhere: Option<&'static str>,
}

/// Where a path begins.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum From {
    /// At the group the rule is asked in.
    #[default]
    Here,
    /// So many groups above it.
    Above(usize),
    /// At the root.
    Root,
}

/// A message, or a piece of one, that keeps or breaks the rule.
#[derive(Debug)]
pub(crate) struct Example {
    pub(crate) keeps: Keeps,
    pub(crate) code: &'static str,
    pub(crate) text: &'static str,
}

/// Whether an example keeps the rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Keeps {
    It,
    Not,
}

/// Reads a rule; the error is the line that could not be understood.
pub(crate) fn read(text: &'static str) -> Result<Rule, String> {
    let mut lines = text.lines().filter(|line| !line.trim().is_empty());
    let id = lines.next().ok_or("an empty file")?;
    let says = lines.next().ok_or("no sentence")?;
    let mut rule = Rule {
        id,
        says,
        scope: Path { from: From::Root, ..Path::default() },
        chains: Vec::new(),
        examples: Vec::new(),
    };
    for line in lines {
        read_line(&mut rule, line).ok_or_else(|| format!("{id}: {line}"))?;
    }
    Ok(rule)
}

fn read_line(rule: &mut Rule, line: &'static str) -> Option<()> {
    let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
    match word {
        "for" => rule.scope = Path { from: From::Root, ..path(rest) },
        "if" => rule.chains.push(vec![branch(rest)?]),
        "elif" => rule.chains.last_mut()?.push(branch(rest)?),
        "else:" => rule.chains.last_mut()?.push(Branch { when: vec![Vec::new()], then: outcomes(rest)? }),
        "always:" => rule.chains.push(vec![Branch { when: vec![Vec::new()], then: outcomes(rest)? }]),
        "good" | "bad" => {
            let (code, text) = rest.split_once(' ')?;
            let keeps = if word == "good" { Keeps::It } else { Keeps::Not };
            rule.examples.push(Example { keeps, code, text });
        }
        _ => return None,
    }
    Some(())
}

fn branch(text: &'static str) -> Option<Branch> {
    let (when, then) = text.split_once(": ")?;
    let alternatives = when.split(" or ").map(|all| all.split(" and ").map(test).collect());
    Some(Branch { when: alternatives.collect::<Option<_>>()?, then: outcomes(then)? })
}

fn test(text: &'static str) -> Option<Test> {
    let mut words = text.trim().splitn(2, ' ');
    let (part, at) = part(words.next()?);
    let at = path(at);
    Some(match words.next()? {
        "present" => Test::Present(at),
        "missing" => Test::Missing(at),
        "once" => Test::Once(at),
        rest => match rest.strip_prefix("not in ") {
            Some(values) => Test::NotIn(at, part, set(values)?),
            None => match rest.strip_prefix("in ") {
                Some(values) => Test::In(at, part, set(values)?),
                None => Test::More(at, rest.strip_prefix("> ")?.parse().ok()?),
            },
        },
    })
}

fn outcomes(text: &'static str) -> Option<Vec<(Path, Outcome)>> {
    text.split("; ").map(outcome).collect()
}

fn outcome(text: &'static str) -> Option<(Path, Outcome)> {
    let mut words = text.trim().splitn(2, ' ');
    let (part, at) = part(words.next()?);
    let outcome = match words.next()? {
        "required" => Outcome::Required,
        "absent" => Outcome::Absent,
        "optional" => Outcome::Optional,
        "somewhere" => Outcome::Somewhere,
        rest => match rest.strip_prefix("not in ") {
            Some(values) => Outcome::NotIn(part, set(values)?),
            None => Outcome::In(part, set(rest.strip_prefix("in ")?)?),
        },
    };
    Some((path(at), outcome))
}

fn part(text: &'static str) -> (Part, &'static str) {
    for (sign, part) in [("country:", Part::Country), ("tail:", Part::Tail), ("start:", Part::Start)] {
        if let Some(rest) = text.strip_prefix(sign) {
            return (part, rest);
        }
    }
    (Part::Whole, text)
}

fn set(text: &'static str) -> Option<Set> {
    let text = text.trim();
    if let Some(of) = text.strip_prefix("country:") {
        return Some(Set::CountriesOf(path(of)));
    }
    match text.strip_prefix('{') {
        Some(values) => Some(Set::These(values.strip_suffix('}')?.split(',').map(str::trim).collect())),
        None => text.starts_with("CL").then_some(Set::List(text)),
    }
}

fn path(text: &'static str) -> Path {
    let (from, mut rest) = match text.strip_prefix('/') {
        Some(rest) => (From::Root, rest),
        None => (From::Here, text),
    };
    let mut above = 0;
    while let Some(after) = rest.strip_prefix("..").filter(|after| after.is_empty() || after.starts_with('/'))
    {
        above += 1;
        rest = after.strip_prefix('/').unwrap_or(after);
    }
    let from = if above > 0 { From::Above(above) } else { from };
    let mut path = Path { from, ..Path::default() };
    for step in rest.split('/').filter(|step| !step.is_empty()) {
        match SCHEMA.id(step) {
            Some(id) => path.steps.push(id),
            None => path.nowhere = Some(step),
        }
    }
    path
}
