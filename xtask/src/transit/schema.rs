//! The schemas, as far as pictures are concerned: which facets a leaf has.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::Context as _;
use quick_xml::events::{BytesStart, Event};

/// One element of a complex type.
#[derive(Clone, Debug)]
pub(super) struct Particle {
    pub(super) name: String,
    pub(super) of: String,
    /// What the documentation calls it.
    pub(super) said: String,
    /// How often it stands, at least and at most.
    pub(super) occurs: (u32, u32),
}

/// A named type or group.
#[derive(Clone, Debug, Default)]
pub(super) struct Type {
    pub(super) particles: Vec<Particle>,
    pub(super) base: String,
    pub(super) facets: Vec<(String, String)>,
    /// The messages the documentation says it is used by.
    pub(super) used_by: Vec<String>,
}

/// One set of schema files.
#[derive(Default)]
pub(super) struct Schemas {
    pub(super) types: BTreeMap<String, Type>,
}

impl Schemas {
    /// Reads all schema files of a folder; the root type of message `CC015C` is `CC015CType`.
    pub(super) fn read(folder: &Path) -> anyhow::Result<Self> {
        let mut schemas = Self::default();
        for entry in fs::read_dir(folder).with_context(|| folder.display().to_string())? {
            let path = entry?.path();
            if path.extension().is_some_and(|kind| kind == "xsd") {
                schemas.file(&fs::read_to_string(&path)?).with_context(|| path.display().to_string())?;
            }
        }
        Ok(schemas)
    }

    fn file(&mut self, text: &str) -> anyhow::Result<()> {
        let mut reader = quick_xml::Reader::from_str(text);
        let mut open = Open::default();
        loop {
            match reader.read_event()? {
                Event::Start(tag) => open.start(&tag),
                Event::Empty(tag) => {
                    open.start(&tag);
                    open.end(tag.local_name().into_inner(), self);
                }
                Event::End(tag) => open.end(tag.local_name().into_inner(), self),
                Event::Text(text) => open.text(&text),
                Event::Eof => return Ok(()),
                _ => {}
            }
        }
    }

    /// All facets of a leaf type, its bases' included.
    pub(super) fn facets(&self, name: &str) -> Vec<(String, String)> {
        let mut facets = Vec::new();
        let mut at = name.to_owned();
        while let Some(kind) = self.types.get(&at) {
            facets.extend(kind.facets.iter().cloned());
            at.clone_from(&kind.base);
        }
        facets.push(("base".into(), at));
        facets
    }
}

/// Where the reader stands.
#[derive(Default)]
struct Open {
    name: String,
    kind: Type,
    depth: usize,
    in_used_by: bool,
}

impl Open {
    fn start(&mut self, tag: &BytesStart<'_>) {
        let attribute = |name: &str| {
            let found = tag.try_get_attribute(name).ok().flatten();
            found
                .and_then(|found| {
                    found
                        .normalized_value(quick_xml::XmlVersion::Implicit1_0)
                        .ok()
                        .map(|value| value.into_owned())
                })
                .unwrap_or_default()
        };
        match tag.local_name().into_inner() {
            "complexType" | "simpleType" | "group" if !attribute("name").is_empty() => {
                *self = Self { name: attribute("name"), ..Self::default() };
            }
            "group" => self.kind.particles.push(Particle {
                name: String::new(),
                of: attribute("ref"),
                said: String::new(),
                occurs: (1, 1),
            }),
            "element" if !self.name.is_empty() => self.kind.particles.push(Particle {
                name: attribute("name"),
                of: attribute("type"),
                said: String::new(),
                occurs: (
                    attribute("minOccurs").parse().unwrap_or(1),
                    attribute("maxOccurs").parse().unwrap_or(1),
                ),
            }),
            "description" => {
                if let Some(last) = self.kind.particles.last_mut() {
                    last.said = attribute("value");
                }
            }
            "restriction" => self.kind.base = attribute("base"),
            "usedBy" => self.in_used_by = true,
            facet @ ("pattern" | "length" | "minLength" | "maxLength" | "totalDigits" | "fractionDigits"
            | "minInclusive" | "maxInclusive" | "enumeration") => {
                self.kind.facets.push((facet.to_owned(), attribute("value")));
            }
            _ => {}
        }
        self.depth += 1;
    }

    fn end(&mut self, name: &str, schemas: &mut Schemas) {
        self.depth = self.depth.saturating_sub(1);
        match name {
            "usedBy" => self.in_used_by = false,
            "complexType" | "simpleType" | "group" if !self.name.is_empty() && self.depth == 0 => {
                let done = std::mem::take(self);
                schemas.types.insert(done.name, done.kind);
            }
            _ => {}
        }
    }

    fn text(&mut self, text: &str) {
        if self.in_used_by {
            let words = text.split(|c: char| !c.is_ascii_alphanumeric());
            let codes =
                words.filter(|word| word.len() == 6 && (word.starts_with("CC") || word.starts_with("CD")));
            self.kind.used_by.extend(codes.map(str::to_owned));
        }
    }
}
