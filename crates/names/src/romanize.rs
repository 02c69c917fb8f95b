//! Thai, Lao, Khmer and Burmese in Latin letters, near enough to be recognised beside what their bearers write.
//!
//! Vowels that are not written are put where they are mostly spoken, and every consonant keeps its own value wherever
//! it stands, because firms spell their names in Latin by letter rather than by sound. Comparison across scripts
//! looks at consonants first, see `super::sound`.

/// Whether the letter belongs to a script written without spaces that is romanized here.
pub(super) const fn is_romanized(letter: char) -> bool {
    matches!(letter, '\u{0e00}'..='\u{0eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}')
}

/// A run of one of these scripts in plain Latin letters.
pub(super) fn romanize(run: &str) -> String {
    let run = run.replace("ော", "ဩ").replace("ေါ", "ဩ");
    let letters: Vec<char> = run.chars().flat_map(apart).collect();
    match letters.first() {
        Some('\u{1000}'..='\u{109f}') => stacked(&letters, burmese, '\u{1039}', '\u{103a}'),
        Some('\u{1780}'..='\u{17ff}') => stacked(&letters, khmer, '\u{17d2}', '\u{17cd}'),
        _ => thai(&letters),
    }
}

/// Letters as this file reads them: Lao as the Thai letter of the same place in its block, the vowel *am* as its two
/// parts.
pub(super) fn apart(letter: char) -> impl Iterator<Item = char> {
    let (first, second) = match letter {
        'ำ' | 'ຳ' => ('\u{0e4d}', Some('า')),
        'ໝ' => ('ม', None),
        'ໜ' => ('น', None),
        'ຼ' => ('ล', None),
        'ຽ' | 'ົ' => (letter, None),
        '\u{0e80}'..='\u{0eff}' => (char::from_u32(letter as u32 - 0x80).unwrap_or(letter), None),
        letter => (letter, None),
    };
    std::iter::once(first).chain(second)
}

fn thai(letters: &[char]) -> String {
    let spoken = thai_spoken(letters);
    let mut thai = Thai::default();
    let mut at = 0;
    while let Some(letter) = spoken.get(at).copied() {
        at += match letter {
            'เ' | 'แ' | 'โ' | 'ใ' | 'ไ' => thai.around(letter, &spoken[at + 1..]),
            'ร' if spoken.get(at + 1) == Some(&'ร') => {
                let closed = spoken.get(at + 2).is_some_and(|next| thai_consonant(*next).is_some());
                thai.vowel(if closed { "a" } else { "an" });
                2
            }
            '\u{0e4d}' if spoken.get(at + 1) == Some(&'า') => {
                thai.vowel("am");
                2
            }
            'ว' if thai.is_long_u(&spoken[at + 1..]) => thai.vowel("ua"),
            'อ' if !thai.run.is_empty() => thai.vowel("o"),
            letter if thai_consonant(letter).is_some() => {
                thai.run.push(letter);
                1
            }
            letter => thai.vowel(thai_vowel(letter)),
        };
    }
    thai.close(Before::Nothing);
    thai.text
}

/// The letters that are spoken: without tone marks and what a killer silences, without an *h* that only raises the tone
/// of what follows, and with *thr* read as *s* where it is.
fn thai_spoken(letters: &[char]) -> Vec<char> {
    let mut spoken: Vec<char> = sounded(letters);
    let mut at = 0;
    while at + 2 < spoken.len() {
        match (spoken[at], spoken[at + 1], spoken[at + 2]) {
            ('ห', 'ง' | 'ญ' | 'น' | 'ม' | 'ย' | 'ร' | 'ล' | 'ว', next)
                if is_thai_vowel_sign(next) || next == 'อ' =>
            {
                spoken.remove(at);
            }
            ('ท', 'ร', 'า' | 'ั' | 'ุ' | 'ง') if spoken.get(at + 3) != Some(&'น') => {
                spoken[at] = 'ส';
                spoken.remove(at + 1);
            }
            _ => {}
        }
        at += 1;
    }
    spoken
}

const fn is_thai_vowel_sign(letter: char) -> bool {
    matches!(letter, 'ะ' | 'ั' | 'า' | 'ิ' | 'ี' | 'ึ' | 'ื' | 'ุ' | 'ู' | '\u{0e4d}')
}

fn sounded(letters: &[char]) -> Vec<char> {
    let mut spoken: Vec<char> = Vec::new();
    for letter in letters {
        match letter {
            '่' | '้' | '๊' | '๋' | '็' | 'ๆ' | 'ฯ' => {}
            '์' => {
                if matches!(spoken.last(), Some('ิ' | 'ุ')) {
                    spoken.pop();
                }
                spoken.pop();
            }
            letter => spoken.push(*letter),
        }
    }
    spoken
}

/// What stands after a run of consonants.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Before {
    Vowel,
    Nothing,
}

#[derive(Default)]
struct Thai {
    text: String,
    /// Consonants not yet written.
    run: Vec<char>,
    /// Whether a vowel was written last, so that a consonant may close its syllable.
    open: bool,
}

impl Thai {
    /// Writes a vowel after its consonant; one letter is taken.
    fn vowel(&mut self, vowel: &str) -> usize {
        self.close(Before::Vowel);
        self.text.push_str(vowel);
        self.open = true;
        1
    }

    /// Whether a *w* that comes next is the vowel between the consonant before it and one that closes the syllable.
    fn is_long_u(&self, after: &[char]) -> bool {
        let closes = |letter: &char| thai_consonant(*letter).is_some_and(|latin| !latin.is_empty());
        let double = after.first() == Some(&'ร') && after.get(1) == Some(&'ร');
        let open = after.get(1).is_some_and(|next| is_thai_vowel_sign(*next) || *next == 'อ');
        !self.run.is_empty() && after.first().is_some_and(closes) && !double && !open
    }

    /// Writes a vowel that stands before its consonants, with what follows them; says how many letters it took.
    fn around(&mut self, before: char, after: &[char]) -> usize {
        self.close(Before::Nothing);
        let cluster = thai_cluster(before, after);
        for (at, letter) in after[..cluster].iter().enumerate() {
            let parted = at == 1 && !is_thai_cluster(after[0], *letter);
            self.text.extend([if parted { "a" } else { "" }, thai_consonant(*letter).unwrap_or_default()]);
        }
        let rest = &after[cluster..];
        let (vowel, taken) = match (before, rest.first(), rest.get(1)) {
            ('เ', Some('ี'), Some('ย')) => ("ia", 2),
            ('เ', Some('ื'), Some('อ')) => ("uea", 2),
            ('เ', Some('า'), Some('ะ')) => ("o", 2),
            ('เ', Some('า'), _) => ("ao", 1),
            ('เ', Some('อ' | 'ิ'), _) => ("oe", 1),
            ('เ', Some('ย'), _) => ("oei", 1),
            ('เ', _, _) => ("e", 0),
            ('แ', _, _) => ("ae", 0),
            ('โ', _, _) => ("o", 0),
            (_, Some('ย'), _) => ("ai", 1),
            _ => ("ai", 0),
        };
        self.text.push_str(vowel);
        self.open = true;
        1 + cluster + taken
    }

    /// Writes the consonants of a run with the vowels nobody writes between them: the first closes an open syllable,
    /// the last belongs to a vowel that follows, and what is left goes in pairs with an *o*, a single one with an *a*.
    fn close(&mut self, before: Before) {
        let run = std::mem::take(&mut self.run);
        let mut rest = run.as_slice();
        if let ([first, more @ ..], true) = (rest, self.open && (before == Before::Nothing || rest.len() > 1))
        {
            self.text.push_str(thai_closing(*first));
            rest = more;
        }
        let onset = match rest {
            [more @ .., last] if before == Before::Vowel => {
                rest = more;
                thai_consonant(*last)
            }
            _ => None,
        };
        while let [first, second, more @ ..] = rest {
            self.text.extend([thai_consonant(*first).unwrap_or_default(), "o", thai_closing(*second)]);
            rest = more;
        }
        if let [single] = rest {
            let cluster = matches!(single, 'ก' | 'ข' | 'ค' | 'ต' | 'ป' | 'ผ' | 'พ' | 'ท' | 'ห')
                && matches!(onset, Some("r" | "l" | "w" | "n" | "m"));
            self.text.push_str(thai_consonant(*single).unwrap_or_default());
            self.text.push_str(if cluster { "" } else { "a" });
        }
        self.text.push_str(onset.unwrap_or_default());
        self.open = false;
    }
}

/// How many consonants stand together after a vowel that is written before them.
fn thai_cluster(before: char, after: &[char]) -> usize {
    let consonant = |at: usize| after.get(at).copied().filter(|letter| thai_consonant(*letter).is_some());
    match (consonant(0), consonant(1), after.get(2)) {
        (None, _, _) => 0,
        (Some(_), Some(_), Some('ิ')) if before == 'เ' => 2,
        (Some(first), Some(second), Some(_)) if is_thai_cluster(first, second) => 2,
        _ => 1,
    }
}

const fn is_thai_cluster(first: char, second: char) -> bool {
    matches!(
        (first, second),
        ('ก' | 'ข' | 'ค' | 'ต' | 'ป' | 'ผ' | 'พ', 'ร' | 'ล') | ('ห', 'ม' | 'น' | 'ง' | 'ร' | 'ล' | 'ว' | 'ย')
    )
}

/// A consonant at the end of a syllable.
fn thai_closing(letter: char) -> &'static str {
    match letter {
        'ย' => "i",
        'ญ' => "n",
        'พ' | 'ภ' => "p",
        'ถ' | 'ท' | 'ธ' | 'ฐ' => "t",
        'ข' | 'ค' => "k",
        letter => thai_consonant(letter).unwrap_or_default(),
    }
}

fn thai_consonant(letter: char) -> Option<&'static str> {
    Some(match letter {
        'ก' => "k",
        'ข' | 'ฃ' | 'ค' | 'ฅ' | 'ฆ' => "kh",
        'ง' => "ng",
        'จ' | 'ฉ' | 'ช' | 'ฌ' => "ch",
        'ซ' | 'ศ' | 'ษ' | 'ส' => "s",
        'ญ' | 'ย' => "y",
        'ฎ' | 'ด' => "d",
        'ฏ' | 'ต' => "t",
        'ฐ' | 'ฑ' | 'ฒ' | 'ถ' | 'ท' | 'ธ' => "th",
        'ณ' | 'น' => "n",
        'บ' => "b",
        'ป' => "p",
        'ผ' | 'พ' | 'ภ' => "ph",
        'ฝ' | 'ฟ' => "f",
        'ม' => "m",
        'ร' => "r",
        'ล' | 'ฬ' => "l",
        'ว' => "w",
        'ห' | 'ฮ' => "h",
        'อ' => "",
        _ => return None,
    })
}

const fn thai_vowel(letter: char) -> &'static str {
    match letter {
        'ะ' | 'ั' | 'า' => "a",
        'ิ' | 'ี' => "i",
        'ึ' | 'ื' => "ue",
        'ุ' | 'ู' => "u",
        'ฤ' => "ri",
        'ฦ' => "lu",
        '\u{0e4d}' => "",
        'ຽ' => "ia",
        'ົ' => "o",
        '๐' => "0",
        '๑' => "1",
        '๒' => "2",
        '๓' => "3",
        '๔' => "4",
        '๕' => "5",
        '๖' => "6",
        '๗' => "7",
        '๘' => "8",
        '๙' => "9",
        _ => "",
    }
}

/// A letter of a script that stacks consonants.
enum Part {
    Consonant(&'static str),
    Vowel(&'static str),
    /// Changes how it is spoken and nothing else.
    Mark,
}

/// Khmer and Burmese: every consonant has a vowel unless one is written, it is stacked, or it is killed.
fn stacked(letters: &[char], part: fn(char) -> Part, stacker: char, killer: char) -> String {
    let mut text = String::new();
    for (at, letter) in letters.iter().enumerate() {
        match part(*letter) {
            Part::Consonant(latin) => {
                text.push_str(latin);
                let next = letters[at + 1..]
                    .iter()
                    .find(|next| !matches!(part(**next), Part::Mark) || [stacker, killer].contains(next));
                let bare = next.is_some_and(|next| {
                    ![stacker, killer].contains(next) && matches!(part(*next), Part::Consonant(_))
                });
                if bare {
                    text.push('a');
                }
            }
            Part::Vowel(latin) => text.push_str(latin),
            Part::Mark => {}
        }
    }
    text
}

const fn khmer(letter: char) -> Part {
    use Part::{Consonant, Mark, Vowel};
    match letter {
        'ក' | 'គ' => Consonant("k"),
        'ខ' | 'ឃ' => Consonant("kh"),
        'ង' => Consonant("ng"),
        'ច' | 'ជ' => Consonant("ch"),
        'ឆ' | 'ឈ' => Consonant("chh"),
        'ញ' => Consonant("nh"),
        'ដ' | 'ឌ' => Consonant("d"),
        'ត' | 'ទ' => Consonant("t"),
        'ឋ' | 'ឍ' | 'ថ' | 'ធ' => Consonant("th"),
        'ណ' | 'ន' => Consonant("n"),
        'ប' => Consonant("b"),
        'ព' => Consonant("p"),
        'ផ' | 'ភ' => Consonant("ph"),
        'ម' => Consonant("m"),
        'យ' => Consonant("y"),
        'រ' => Consonant("r"),
        'ល' | 'ឡ' => Consonant("l"),
        'វ' => Consonant("v"),
        'ស' => Consonant("s"),
        'ហ' => Consonant("h"),
        'អ' => Consonant(""),
        'ា' => Vowel("a"),
        'ិ' | 'េ' => Vowel("e"),
        'ី' => Vowel("i"),
        'ឹ' | 'ឺ' => Vowel("eu"),
        'ុ' => Vowel("o"),
        'ូ' => Vowel("u"),
        'ួ' => Vowel("uo"),
        'ើ' => Vowel("aeu"),
        'ឿ' => Vowel("oea"),
        'ៀ' => Vowel("ie"),
        'ែ' => Vowel("ae"),
        'ៃ' => Vowel("ai"),
        'ោ' => Vowel("ao"),
        'ៅ' => Vowel("au"),
        'ំ' => Vowel("am"),
        'ះ' => Vowel("h"),
        _ => Mark,
    }
}

const fn burmese(letter: char) -> Part {
    use Part::{Consonant, Mark, Vowel};
    match letter {
        'က' => Consonant("k"),
        'ခ' => Consonant("kh"),
        'ဂ' | 'ဃ' => Consonant("g"),
        'င' => Consonant("ng"),
        'စ' | 'ဆ' => Consonant("s"),
        'ဇ' | 'ဈ' => Consonant("z"),
        'ည' | 'ဉ' => Consonant("ny"),
        'ဋ' | 'တ' => Consonant("t"),
        'ဌ' | 'ထ' => Consonant("ht"),
        'ဍ' | 'ဎ' | 'ဒ' | 'ဓ' => Consonant("d"),
        'ဏ' | 'န' => Consonant("n"),
        'ပ' => Consonant("p"),
        'ဖ' => Consonant("ph"),
        'ဗ' | 'ဘ' => Consonant("b"),
        'မ' => Consonant("m"),
        'ယ' | 'ရ' => Consonant("y"),
        'လ' | 'ဠ' => Consonant("l"),
        'ဝ' => Consonant("w"),
        'သ' => Consonant("th"),
        'ဟ' => Consonant("h"),
        'အ' => Consonant(""),
        'ျ' | 'ြ' => Vowel("y"),
        'ွ' => Vowel("w"),
        'ှ' => Vowel("h"),
        'ာ' | 'ါ' => Vowel("a"),
        'ိ' | 'ီ' => Vowel("i"),
        'ု' | 'ူ' => Vowel("u"),
        'ေ' | 'ဲ' => Vowel("e"),
        'ံ' => Vowel("n"),
        'ဩ' => Vowel("au"),
        _ => Mark,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_near_what_their_bearers_write() {
        for (native, latin) in [
            ("สมชาย", "somchai"),
            ("เจริญ", "charoen"),
            ("กรุงเทพ", "krungthep"),
            ("พาณิชย์", "phanich"),
            ("เพชร", "phechra"),
            ("ไทย", "thai"),
            ("น้ำค้าง", "namkhang"),
            ("ห้วย", "huai"),
            ("ม่วง", "muang"),
            ("หญ้า", "ya"),
            ("ทราย", "sai"),
            ("ວຽງຈັນ", "wiangchan"),
            ("ສົມພອນ", "somphon"),
            ("សុខ", "sokh"),
            ("မောင်", "maung"),
        ] {
            assert_eq!(romanize(native), latin, "{native}");
        }
    }
}
