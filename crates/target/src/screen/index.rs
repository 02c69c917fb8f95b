//! All lists, indexed by the words of names and by numbers.

use std::collections::BTreeMap;

use customs::targeting::Listed;
use names::{plain, words};

use super::hit::{Found, Query, Why};
use super::likewords::LikeWords;

/// Lists ready to be asked.
#[derive(Clone, Debug, Default)]
pub struct Watch {
    entries: Vec<Listed>,
    names: Vec<Name>,
    words: LikeWords,
    /// For every word, the names that have it.
    by_word: Vec<Vec<u32>>,
    /// For every word, how much it tells one name from another.
    weights: Vec<u32>,
    by_number: BTreeMap<String, Vec<usize>>,
    /// Words of queries with the listed words like them.
    #[expect(clippy::disallowed_types, reason = "looked up, never iterated")]
    known: std::collections::HashMap<String, Vec<(u32, u16)>>,
    sums: Vec<u32>,
}

/// A name of an entry.
#[derive(Clone, Debug)]
struct Name {
    entry: usize,
    at: usize,
    words: Vec<u32>,
}

/// Words of names that tell nothing: legal forms and particles, as folded.
const STOP: [&str; 30] = [
    "co",
    "ltd",
    "llc",
    "inc",
    "corp",
    "company",
    "limited",
    "corporation",
    "sa",
    "gmbh",
    "ag",
    "plc",
    "pte",
    "sdn",
    "bhd",
    "jsc",
    "ooo",
    "oao",
    "zao",
    "al",
    "el",
    "the",
    "of",
    "and",
    "de",
    "bin",
    "ibn",
    "abu",
    "van",
    "group",
];

impl Watch {
    /// These entries, indexed.
    #[must_use]
    pub fn new(entries: Vec<Listed>) -> Self {
        let mut watch = Self::default();
        for (entry, listed) in entries.iter().enumerate() {
            for (at, name) in listed.names.iter().enumerate() {
                watch.take_name(entry, at, name);
            }
            for number in
                listed.numbers.iter().map(|number| plain(number)).filter(|number| number.len() >= NUMBER_MIN)
            {
                watch.by_number.entry(number).or_default().push(entry);
            }
        }
        watch.weigh();
        watch.sums = vec![0; watch.names.len()];
        watch.entries = entries;
        watch
    }

    /// The entries.
    #[must_use]
    pub fn entries(&self) -> &[Listed] {
        &self.entries
    }

    /// How many names are listed.
    #[must_use]
    pub const fn names(&self) -> usize {
        self.names.len()
    }

    fn take_name(&mut self, entry: usize, at: usize, name: &str) {
        let number = self.names.len() as u32;
        let mut of_name = Vec::new();
        for word in words(name) {
            let word = self.words.take(&word);
            self.by_word.resize(self.words.len(), Vec::new());
            if self.by_word[word as usize].last() != Some(&number) {
                self.by_word[word as usize].push(number);
            }
            of_name.push(word);
        }
        if !of_name.is_empty() {
            self.names.push(Name { entry, at, words: of_name });
        }
    }

    /// The rarer a word among names, the more it tells; legal forms and particles tell next to nothing.
    fn weigh(&mut self) {
        let all = self.names.len().max(2) as f64;
        self.weights = (0..self.words.len() as u32)
            .map(|word| {
                let rarity = (all / (1.0 + self.by_word[word as usize].len() as f64)).ln().max(0.5);
                let told = if STOP.contains(&self.words.word(word)) { rarity * 0.15 } else { rarity };
                (told * 100.0) as u32
            })
            .collect();
    }

    /// The entries a query may mean, with at least this likeness, the likeliest first, ten at most.
    pub fn ask(&mut self, query: &Query<'_>, least: u16) -> Vec<Found> {
        let mut found: BTreeMap<usize, Found> = BTreeMap::new();
        for number in
            query.numbers.iter().map(|number| plain(number)).filter(|number| number.len() >= NUMBER_MIN)
        {
            for entry in self.by_number.get(&number).into_iter().flatten() {
                let why = vec![Why::SameNumber { number: number.clone() }];
                found.insert(*entry, self.found(*entry, 0, 1_000, why));
            }
        }
        let asked = self.words_of(query.name);
        for (name, _) in self.candidates(&asked) {
            let laid = self.lay(&asked, name as usize);
            if laid.0 >= least {
                let Name { entry, at, .. } = self.names[name as usize];
                let better = found.get(&entry).is_none_or(|known| known.likeness < laid.0);
                if better {
                    let fresh = self.found(entry, at, laid.0, laid.1);
                    found.insert(entry, fresh);
                }
            }
        }
        let mut found: Vec<Found> = found.into_values().map(|found| self.beside(found, query)).collect();
        found.retain(|found| found.likeness >= least);
        found.sort_by(|a, b| b.likeness.cmp(&a.likeness).then_with(|| a.id.cmp(&b.id)));
        found.truncate(FOUND_MAX);
        found
    }

    fn found(&self, entry: usize, name: usize, likeness: u16, why: Vec<Why>) -> Found {
        let listed = &self.entries[entry];
        let name = listed.names.get(name).cloned().unwrap_or_default();
        Found { entry, list: listed.list.clone(), id: listed.id.clone(), name, likeness, why }
    }

    /// The query's words, each with the listed words like it and what it weighs.
    fn words_of(&mut self, name: &str) -> Vec<Asked> {
        let mut asked = Vec::new();
        for word in words(name) {
            if !self.known.contains_key(&word) {
                if self.known.len() >= KNOWN_MAX {
                    self.known.clear();
                }
                let like = self.words.like(&word);
                self.known.insert(word.clone(), like);
            }
            let like = self.known.get(&word).cloned().unwrap_or_default();
            let exact = like.iter().find(|(_, likeness)| *likeness == 1_000).map(|(at, _)| *at);
            let best = like.iter().max_by_key(|(_, likeness)| *likeness).map(|(at, _)| *at);
            let weight =
                exact.or(best).map_or_else(|| self.weight_unknown(&word), |at| self.weights[at as usize]);
            asked.push(Asked { word, like, weight });
        }
        asked
    }

    /// A word no list has is as rare as can be, unless it tells nothing.
    fn weight_unknown(&self, word: &str) -> u32 {
        let rare = (self.names.len().max(2) as f64).ln() * 100.0;
        if STOP.contains(&word) { (rare * 0.15) as u32 } else { rare as u32 }
    }

    /// Names that share at least half of the query's weight, the most first.
    fn candidates(&mut self, asked: &[Asked]) -> Vec<(u32, u32)> {
        let all: u32 = asked.iter().map(|asked| asked.weight).sum();
        let mut touched: Vec<u32> = Vec::new();
        for asked in asked {
            for (word, likeness) in &asked.like {
                let names = &self.by_word[*word as usize];
                let shared =
                    self.weights[*word as usize].min(asked.weight.max(1)) * u32::from(*likeness) / 1_000;
                for name in names {
                    let sum = &mut self.sums[*name as usize];
                    if *sum == 0 {
                        touched.push(*name);
                    }
                    *sum += shared.max(1);
                }
            }
        }
        let mut candidates: Vec<(u32, u32)> = Vec::new();
        for name in touched {
            let sum = std::mem::take(&mut self.sums[name as usize]);
            if sum * 100 >= all * SHARE_MIN {
                candidates.push((name, sum));
            }
        }
        candidates.sort_unstable_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
        candidates.truncate(CANDIDATES_MAX);
        candidates
    }

    /// Lays a query beside a name: every word to its best fellow, each fellow once, the likest pairs first.
    fn lay(&self, asked: &[Asked], name: usize) -> (u16, Vec<Why>) {
        let listed = &self.names[name].words;
        let mut pairs: Vec<(u32, usize, usize)> = Vec::new();
        for (i, asked) in asked.iter().enumerate() {
            for (j, word) in listed.iter().enumerate() {
                if let Some((_, likeness)) = asked.like.iter().find(|(like, _)| like == word) {
                    pairs.push((u32::from(*likeness), i, j));
                }
            }
        }
        pairs.sort_unstable_by(|a, b| b.0.cmp(&a.0).then((a.1, a.2).cmp(&(b.1, b.2))));
        let (mut free_asked, mut free_listed) = (vec![true; asked.len()], vec![true; listed.len()]);
        let (mut agreed, mut why) = (0_u64, Vec::new());
        for (likeness, i, j) in pairs {
            if free_asked[i] && free_listed[j] {
                (free_asked[i], free_listed[j]) = (false, false);
                let weight = u64::from(self.weights[listed[j] as usize].max(asked[i].weight));
                agreed += 2 * weight * u64::from(penalized(likeness));
                let listed = self.words.word(listed[j]).to_owned();
                why.push(Why::Words { word: asked[i].word.clone(), listed, likeness: likeness as u16 });
            }
        }
        let mut all: u64 = 0;
        for (asked, free) in asked.iter().zip(&free_asked) {
            all += u64::from(asked.weight);
            if *free {
                why.push(Why::OnlyAsked { word: asked.word.clone() });
            }
        }
        for (word, free) in listed.iter().zip(&free_listed) {
            all += u64::from(self.weights[*word as usize]);
            if *free {
                why.push(Why::OnlyListed { word: self.words.word(*word).to_owned() });
            }
        }
        ((agreed / all.max(1)).min(1_000) as u16, why)
    }

    /// What else is known of both: births, countries, addresses.
    fn beside(&self, mut found: Found, query: &Query<'_>) -> Found {
        let listed = &self.entries[found.entry];
        if query.born > 0 && !listed.births.is_empty() {
            let same = listed.births.iter().any(|year| year.abs_diff(query.born) <= 1);
            found.why.push(if same { Why::SameBirth } else { Why::OtherBirth });
            if !same {
                found.likeness = found.likeness.saturating_sub(OTHER_BIRTH);
            }
        }
        let same_country = |country: &String| words(country) == words(query.country);
        if !query.country.is_empty() && listed.countries.iter().any(same_country) {
            found.why.push(Why::SameCountry);
        }
        if !query.address.is_empty() {
            let asked = words(query.address);
            let shares = |address: &String| {
                let listed = words(address);
                asked.iter().filter(|word| word.len() > 2 && listed.contains(word)).count()
                    >= ADDRESS_WORDS_MIN
            };
            if listed.addresses.iter().any(shares) {
                found.why.push(Why::SameAddress);
            }
        }
        found
    }
}

/// A slip in a word costs more than its share of letters.
const fn penalized(likeness: u32) -> u32 {
    if likeness >= 1_000 { 1_000 } else { likeness.saturating_sub((1_000 - likeness) / 2) }
}

/// A query's word.
struct Asked {
    word: String,
    like: Vec<(u32, u16)>,
    weight: u32,
}

const NUMBER_MIN: usize = 5;
const FOUND_MAX: usize = 10;
const CANDIDATES_MAX: usize = 12;
const SHARE_MIN: u32 = 45;
const KNOWN_MAX: usize = 400_000;
const OTHER_BIRTH: u16 = 200;
const ADDRESS_WORDS_MIN: usize = 3;
