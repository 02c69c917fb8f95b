//! The messages: the derived list as one table of shared groups.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use anyhow::Context as _;
use serde::Deserialize;

use super::picture;
use super::schema::{Particle, Schemas};

#[derive(Deserialize)]
struct Message {
    ie: String,
    code: String,
    name: String,
    groups: Vec<Group>,
    items: Vec<Item>,
}

#[derive(Deserialize)]
struct Group {
    level: usize,
    group: String,
    max: u32,
    opt: String,
    refs: Vec<String>,
}

#[derive(Deserialize)]
struct Item {
    path: String,
    item: String,
    opt: String,
    format: String,
    refs: Vec<String>,
}

/// The schemas, the newer set first.
struct Published {
    sets: [Schemas; 2],
    /// Element names by what the documentation calls them.
    names: BTreeMap<String, String>,
}

/// The table of all messages.
pub(super) fn table(source: &Path) -> anyhow::Result<String> {
    let text = fs::read(source.join("derived/p5q2_messages.json"))?;
    let messages: Vec<Message> = serde_json::from_slice(&text)?;
    let sets = [Schemas::read(&source.join("xsd/p5"))?, Schemas::read(&source.join("xsd/p5-51.8.0"))?];
    let names = names(&sets[0]);
    let published = Published { sets, names };
    let mut out = Table::default();
    for message in &messages {
        let body = out.message(message, &published).with_context(|| message.code.clone())?;
        let rules = rules(message);
        let name = message.name.to_lowercase();
        writeln!(out.messages, "message {} {} {body} {name}\nrules {rules}", message.code, message.ie)?;
    }
    Ok(format!("{HEAD}{}{}", out.groups, out.messages))
}

const HEAD: &str = "# Written by `cargo xtask transit`; a change here is lost.\n";

fn names(schemas: &Schemas) -> BTreeMap<String, String> {
    let particles = schemas.types.values().flat_map(|kind| &kind.particles);
    particles.filter(|it| !it.said.is_empty()).map(|it| (it.said.clone(), it.name.clone())).collect()
}

fn rules(message: &Message) -> String {
    let refs =
        message.groups.iter().flat_map(|it| &it.refs).chain(message.items.iter().flat_map(|it| &it.refs));
    let kept = refs.filter(|id| id.starts_with(['C', 'R', 'G', 'T']) && !id.starts_with("CL"));
    kept.map(String::as_str).collect::<BTreeSet<_>>().into_iter().collect::<Vec<_>>().join(" ")
}

/// What has been written so far.
#[derive(Default)]
struct Table {
    groups: String,
    known: BTreeMap<String, usize>,
    messages: String,
}

/// One group of one message, where it stands.
struct At<'a> {
    message: &'a Message,
    published: &'a Published,
    index: usize,
    path: String,
    schema: Option<(usize, String)>,
}

impl Table {
    fn message(&mut self, message: &Message, published: &Published) -> anyhow::Result<String> {
        let root = format!("{}Type", message.code);
        let set = published.sets.iter().position(|set| set.types.contains_key(&root));
        let schema = set.map(|set| (set, root));
        self.group(&At { message, published, index: 0, path: "MESSAGE".into(), schema })
    }

    /// Writes a group where it is new; gives its name.
    fn group(&mut self, at: &At<'_>) -> anyhow::Result<String> {
        let mut body = String::new();
        for item in at.message.items.iter().filter(|item| item.path == at.path) {
            let list = item.refs.iter().find(|id| id.starts_with("CL"));
            let name = at.name(&item.item, false);
            let occurs = at.occurs(&name, (u32::from(item.opt == "R"), 1));
            let list = list.map(|list| format!(" {list}")).unwrap_or_default();
            writeln!(body, " {name} {occurs} {}{list}", at.picture(item, &name)?)?;
        }
        for index in at.children() {
            let group = &at.message.groups[index];
            let name = at.name(&group.group, true);
            let path = format!("{}/{}", at.path, group.group);
            let schema = at.schema_of(&name, &group.group);
            let inner = self.group(&At { index, path, schema, ..*at })?;
            let occurs = at.occurs(&name, (u32::from(group.opt == "R"), group.max));
            writeln!(body, " {name} {occurs} @{inner}")?;
        }
        let next = self.known.len();
        let number = *self.known.entry(body.clone()).or_insert(next);
        if number == next {
            write!(self.groups, "group {number}\n{body}")?;
        }
        Ok(number.to_string())
    }
}

impl At<'_> {
    /// The groups directly inside this one.
    fn children(&self) -> Vec<usize> {
        let level = self.message.groups[self.index].level;
        let later = self.message.groups.iter().enumerate().skip(self.index + 1);
        later
            .take_while(|(_, it)| it.level > level)
            .filter(|(_, it)| it.level == level + 1)
            .map(|(at, _)| at)
            .collect()
    }

    /// The element's name: as a schema has it, else in the schemas' way of writing.
    fn name(&self, said: &str, group: bool) -> String {
        match said {
            "AES RESULTS" => return "AESResults".into(),
            "XML ERROR" => return "XMLError".into(),
            "CTL_CONTROL" => return "CTLControl".into(),
            _ => {}
        }
        if let Some(name) = self.published.names.get(said) {
            return name.clone();
        }
        let said = said.replace(['(', ')', '-', '_'], "");
        let mut words = said.split([' ', '/']).filter(|word| !word.is_empty());
        let first = words.next().unwrap_or_default();
        let first = if group { capital(first) } else { first.to_lowercase() };
        first + &words.map(capital).collect::<String>()
    }

    /// How often an element stands: as the schema has it, else as the list has it.
    fn occurs(&self, name: &str, otherwise: (u32, u32)) -> String {
        let known = self.particles().into_iter().find(|(_, it)| it.name == name);
        match known.map_or(otherwise, |(_, it)| it.occurs) {
            (1, 1) => "1".into(),
            (0, 1) => "?".into(),
            (low, high) => format!("{low}..{high}"),
        }
    }

    fn particles(&self) -> Vec<(usize, &Particle)> {
        let Some((set, name)) = &self.schema else { return Vec::new() };
        self.published.sets[*set]
            .types
            .get(name)
            .map_or_else(Vec::new, |kind| flat(&self.published.sets[*set], *set, &kind.particles))
    }

    /// The schema type of a group inside this one; where no schema has the message, the type of that name that says
    /// it is used by it.
    fn schema_of(&self, name: &str, said: &str) -> Option<(usize, String)> {
        if let Some((set, found)) = self.particles().into_iter().find(|(_, it)| it.name == name) {
            return Some((set, found.of.clone()));
        }
        let set = &self.published.sets[0];
        let stem = format!("{name}Type");
        let wanted = |(at, kind): &(&String, &super::schema::Type)| {
            at.trim_end_matches(|c: char| c.is_ascii_digit()) == stem
                && kind.used_by.contains(&self.message.code)
        };
        let mut found = set.types.iter().filter(wanted);
        let first = found.next().map(|(name, _)| (0, name.clone()));
        // Several types of one name in one message: no telling which; the format of the list decides.
        if found.next().is_some() && !said.is_empty() { None } else { first }
    }

    fn picture(&self, item: &Item, name: &str) -> anyhow::Result<String> {
        let within = self.particles().into_iter().find(|(_, it)| it.name == name);
        let Some((set, leaf)) =
            within.map(|(set, it)| (set, it.of.clone())).or_else(|| self.leaf_of(item, name))
        else {
            return Ok(picture::of_format(&item.format, &item.item));
        };
        picture::of(&self.published.sets[set].facets(&leaf)).with_context(|| format!("{name}: {leaf}"))
    }

    /// The leaf type of this name that says it is used by the message.
    fn leaf_of(&self, item: &Item, name: &str) -> Option<(usize, String)> {
        if self.path == "MESSAGE" {
            let header =
                flat(&self.published.sets[0], 0, &self.published.sets[0].types.get("MESSAGE")?.particles);
            return header.into_iter().find(|(_, it)| it.name == name).map(|(set, it)| (set, it.of.clone()));
        }
        let stem = format!("{}ContentType", capital_first(name)).to_lowercase();
        let mut found = self.published.sets[0].types.iter().filter(|(at, kind)| {
            at.trim_end_matches(|c: char| c.is_ascii_digit()).to_lowercase() == stem
                && kind.used_by.contains(&self.message.code)
        });
        let first = found.next().map(|(name, _)| (0, name.clone()));
        let flag = item.refs.iter().any(|id| id == "CL027").then(|| (0, "Flag".to_owned()));
        if found.next().is_some() { None } else { first.or(flag) }
    }
}

/// The particles with those of the groups they refer to.
fn flat<'a>(schemas: &'a Schemas, set: usize, particles: &'a [Particle]) -> Vec<(usize, &'a Particle)> {
    let mut all = Vec::new();
    for particle in particles {
        match schemas.types.get(&particle.of).filter(|_| particle.name.is_empty()) {
            Some(group) => all.extend(flat(schemas, set, &group.particles)),
            None => all.push((set, particle)),
        }
    }
    all
}

fn capital(word: &str) -> String {
    capital_first(&word.to_lowercase())
}

fn capital_first(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().map(|first| first.to_ascii_uppercase().to_string() + chars.as_str()).unwrap_or_default()
}
