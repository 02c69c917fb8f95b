//! Two names laid beside each other: which words agree, which contradict, which only one of them has.

use std::ops::Range;

use super::name::{Name, Token, TokenKind};
use super::similar::{distance, distance_within, slips_allowed};

/// How two names agree, in weights of words.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Agreement {
    /// Words that agree.
    pub agreed: u32,
    /// Of these, what slips of the pen took away.
    pub slips: u32,
    /// Words that agree only as an initial or in a short form.
    pub short: u32,
    /// Words of both that stand against each other.
    pub conflict: u32,
    /// Of the words that agree, those that are the names' own.
    pub own_agreed: u32,
    /// Own words of both that stand against each other.
    pub own_conflict: u32,
    /// Words only the longer name has.
    pub extra: u32,
    /// Numbers that stand against each other.
    pub numbers: u32,
    /// Both bear a legal form and share none.
    pub forms_differ: u32,
    /// Words agree, but in another order.
    pub turned: u32,
}

/// A name's words, of which some agree already with words of the other name.
struct Side<'a> {
    name: &'a Name,
    words: Vec<Token<'a>>,
    open: Vec<bool>,
}

impl<'a> Side<'a> {
    fn of(name: &'a Name) -> Self {
        let words: Vec<Token<'a>> = name.tokens().collect();
        Self { name, open: vec![true; words.len()], words }
    }

    /// The places of its open words.
    fn open(&self) -> impl DoubleEndedIterator<Item = usize> + Clone + '_ {
        (0..self.open.len()).filter(|at| self.open[*at])
    }

    /// The places of its open words that are its own.
    fn own(&self) -> impl Iterator<Item = usize> + Clone + '_ {
        self.open().filter(|at| self.words[*at].kind == TokenKind::Own)
    }

    fn weight(&self, at: impl IntoIterator<Item = usize>) -> u32 {
        at.into_iter().map(|at| self.words[at].weight()).sum()
    }

    fn has_own(&self, at: &[usize]) -> bool {
        at.iter().any(|at| self.words[*at].kind == TokenKind::Own)
    }

    fn close(&mut self, at: &[usize]) {
        at.iter().for_each(|at| self.open[*at] = false);
    }
}

impl Agreement {
    /// Lays two names beside each other.
    #[must_use]
    pub fn of(left: &Name, right: &Name) -> Self {
        let mut laid = Laid {
            left: Side::of(left),
            right: Side::of(right),
            agreement: Self::default(),
            order: Vec::new(),
        };
        laid.same();
        laid.joined();
        laid.near();
        if left.foreign != right.foreign {
            laid.sounding();
        }
        laid.initials();
        laid.rest()
    }
}

struct Laid<'a> {
    left: Side<'a>,
    right: Side<'a>,
    agreement: Agreement,
    /// Places of agreeing own words, left and right.
    order: Vec<(usize, usize)>,
}

impl Laid<'_> {
    fn same(&mut self) {
        for left in 0..self.left.words.len() {
            let token = self.left.words[left];
            let same = |at: &usize| {
                let other = self.right.words[*at];
                other.word == token.word && (other.kind == token.kind || token.kind == TokenKind::Own)
            };
            let right = self.right.open().find(same);
            if let Some(right) = right {
                self.agree(&[left], &[right], 1_000);
            }
        }
    }

    /// Words of one written as one word by the other: `SergeiLavrov`, `van der Bilt`.
    fn joined(&mut self) {
        for length in [5, 4, 3, 2] {
            for (left, right) in joins(&self.left, &self.right, length) {
                self.agree(&left.collect::<Vec<_>>(), &[right], 980);
            }
            for (right, left) in joins(&self.right, &self.left, length) {
                self.agree(&[left], &right.collect::<Vec<_>>(), 980);
            }
        }
    }

    /// Words that differ by slips of the pen, the nearest first.
    fn near(&mut self) {
        let across = self.left.name.foreign != self.right.name.foreign;
        let mut pairs = Vec::new();
        for left in self.left.open() {
            for right in self.right.open() {
                let likeness = likeness(&self.left.words[left], &self.right.words[right], across);
                pairs.extend(likeness.map(|likeness| (std::cmp::Reverse(likeness), left, right)));
            }
        }
        pairs.sort_unstable();
        for (std::cmp::Reverse(likeness), left, right) in pairs {
            if self.left.open[left] && self.right.open[right] {
                self.agree(&[left], &[right], likeness);
            }
        }
    }

    /// All that is left of both, read aloud: words are parted differently in scripts without spaces.
    fn sounding(&mut self) {
        let aloud = |side: &Side<'_>| -> String { side.open().map(|at| side.words[at].sound).collect() };
        let (sound_left, sound_right) = (aloud(&self.left), aloud(&self.right));
        let longer = sound_left.len().max(sound_right.len()) as u32;
        if longer < 2 {
            return;
        }
        let apart = distance(&sound_left, &sound_right);
        if apart * 4 <= longer {
            let (left, right): (Vec<usize>, Vec<usize>) =
                (self.left.open().collect(), self.right.open().collect());
            self.agree(&left, &right, 930 - (700 * apart / longer) as u16);
        }
    }

    /// `J.` for `Jean`, `JP` for `Jean-Pierre`, `VNS` for `Viet Nam Steel`.
    fn initials(&mut self) {
        for (left, right) in short_forms(&self.left, &self.right) {
            self.agree_short(&[left], &right);
        }
        for (right, left) in short_forms(&self.right, &self.left) {
            self.agree_short(&left, &[right]);
        }
    }

    fn agree(&mut self, left: &[usize], right: &[usize], likeness: u16) {
        let weight = (self.left.weight(left.iter().copied()) + self.right.weight(right.iter().copied())) / 2;
        if let (Some(first), Some(second)) = (left.first(), right.first())
            && self.left.words[*first].kind == TokenKind::Own
        {
            self.order.push((*first, *second));
        }
        self.agreement.agreed += weight;
        if self.left.has_own(left) || self.right.has_own(right) {
            self.agreement.own_agreed += weight;
        }
        self.agreement.slips += weight * u32::from(1_000 - likeness) / 1_000;
        self.left.close(left);
        self.right.close(right);
    }

    fn agree_short(&mut self, left: &[usize], right: &[usize]) {
        let before = self.agreement.agreed;
        self.agree(left, right, 1_000);
        self.agreement.short += self.agreement.agreed - before;
    }

    fn rest(mut self) -> Agreement {
        let left_over = |side: &Side<'_>| side.weight(side.open());
        let (left, right) = (left_over(&self.left), left_over(&self.right));
        self.agreement.conflict = left.min(right);
        self.agreement.extra = left.max(right) - left.min(right);
        let own = |side: &Side<'_>| side.weight(side.own());
        self.agreement.own_conflict = own(&self.left).min(own(&self.right));
        let numbers = |side: &Side<'_>| side.open().any(|at| side.words[at].kind == TokenKind::Number);
        self.agreement.numbers = u32::from(numbers(&self.left) && numbers(&self.right));
        let (forms_left, forms_right) = (self.left.name.forms(), self.right.name.forms());
        let telling = |forms: &[&str]| forms.iter().any(|form| *form != "company");
        let shared = forms_left.iter().any(|form| *form != "company" && forms_right.contains(form));
        self.agreement.forms_differ = u32::from(telling(forms_left) && telling(forms_right) && !shared);
        self.order.sort_unstable();
        self.agreement.turned = u32::from(self.order.windows(2).any(|pair| pair[0].1 > pair[1].1));
        self.agreement
    }
}

/// Runs of `length` neighbouring words of one side that written together are one word of the other.
fn joins(parts: &Side<'_>, wholes: &Side<'_>, length: usize) -> Vec<(Range<usize>, usize)> {
    let mut found: Vec<(Range<usize>, usize)> = Vec::new();
    for from in 0..(parts.words.len() + 1).saturating_sub(length) {
        let run = from..from + length;
        if !parts.open[run.clone()].iter().all(|open| *open) {
            continue;
        }
        let taken = |known: &(Range<usize>, usize), whole: usize| known.1 == whole || known.0.end > from;
        let whole = joined(&parts.words[run.clone()], wholes);
        if let Some(whole) = whole.filter(|whole| !found.iter().any(|known| taken(known, *whole))) {
            found.push((run, whole));
        }
    }
    found
}

/// The own word of a side that these words are when written together.
fn joined(run: &[Token<'_>], wholes: &Side<'_>) -> Option<usize> {
    let letters: usize = run.iter().map(|word| word.letters().len()).sum();
    let slips = u32::from(letters > 7);
    wholes.own().find(|at| {
        let other = wholes.words[*at].word;
        other.len().abs_diff(letters) <= slips as usize && {
            let word: String = run.iter().map(Token::letters).collect();
            distance_within(other, &word, slips).is_some()
        }
    })
}

/// Words that stand for others: an initial, or a run of initials for a run of words.
fn short_forms(short: &Side<'_>, long: &Side<'_>) -> Vec<(usize, Vec<usize>)> {
    let mut found: Vec<(usize, Vec<usize>)> = Vec::new();
    let brief = |at: &usize| short.words[*at].word.len() <= INITIALS_MAX;
    if !short.own().any(|at| brief(&at)) {
        return found;
    }
    let open: Vec<usize> = long.open().collect();
    for at in short.own().filter(brief) {
        let letters = short.words[at].word.as_bytes();
        let run = open.windows(letters.len()).find(|run| {
            let fits = run.iter().zip(letters).all(|(at, letter)| {
                let word = long.words[*at].word;
                word.len() > 1 && word.as_bytes()[0] == *letter
            });
            fits && !found.iter().any(|(_, known)| known.iter().any(|at| run.contains(at)))
        });
        if let Some(run) = run {
            found.push((at, run.to_vec()));
        }
    }
    found
}

/// Letters of a run of initials, at most.
const INITIALS_MAX: usize = 5;

/// Likeness of two words in parts per thousand, where they can be one word written twice.
fn likeness(left: &Token<'_>, right: &Token<'_>, across: bool) -> Option<u16> {
    let comparable = matches!(left.kind, TokenKind::Own | TokenKind::Place | TokenKind::Trade)
        && matches!(right.kind, TokenKind::Own | TokenKind::Place | TokenKind::Trade)
        && (left.kind == TokenKind::Own || right.kind == TokenKind::Own);
    if !comparable {
        return None;
    }
    let (left_letters, right_letters) = (left.letters(), right.letters());
    let longer = left_letters.len().max(right_letters.len()) as u32;
    let same_sound = left.sound.len() >= 2 && left.sound == right.sound;
    let one_start = left_letters.as_bytes().first() == right_letters.as_bytes().first();
    let aloud = match (same_sound, across) {
        (true, true) => longer * 2 / 3,
        (true, false) if one_start => longer / 2,
        _ => 0,
    };
    let slips = distance_within(left_letters, right_letters, aloud.max(slips_allowed(longer)).max(1))?;
    if slips <= slips_allowed(longer) {
        return Some((1_000 - 1_000 * slips / (longer + 2)) as u16);
    }
    if slips == 1 && longer == 3 && is_turned(left_letters, right_letters) {
        return Some(800);
    }
    (slips <= aloud).then_some(850)
}

/// Whether two words have the same letters in another order.
fn is_turned(left: &str, right: &str) -> bool {
    let sorted = |word: &str| {
        let mut letters = word.as_bytes().to_vec();
        letters.sort_unstable();
        letters
    };
    sorted(left) == sorted(right)
}
