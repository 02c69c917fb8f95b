//! Writes a firm's name, in its own script or as foreigners write it.

use super::firm::Local;
use super::fold::unmarked;
use super::marks::Mark;
use super::plan::Dirt;
use super::scribe::Scribe;
use super::spoil::capitalised;
use super::words::{Script, Word};
use crate::dice::Dice;

impl Scribe<'_> {
    /// The name on its own country's papers: in its own script, seldom in Latin letters. People write their own names
    /// better than others do.
    pub(crate) fn name_at_home(&mut self) -> String {
        self.dirt = softened(&self.dirt);
        let own = self.tongue().script != Script::Latin && self.dice.chance(750);
        if own { self.own_name() } else { self.latin_name() }
    }

    /// The name on another country's papers: in Latin letters.
    pub(crate) fn name_abroad(&mut self) -> String {
        self.latin_name()
    }

    fn own_name(&mut self) -> String {
        let text = self.own_script();
        let plain = self.tongue().script == Script::Vietnamese && self.dice.chance(self.dirt.unmarked);
        let text = if plain { self.plain(&text) } else { text };
        self.spoilt(text)
    }

    fn latin_name(&mut self) -> String {
        let script = self.tongue().script;
        if script != Script::Latin {
            self.marks.put(Mark::Latin);
        }
        if script == Script::Vietnamese && self.dice.chance(self.dirt.unmarked / 2) {
            let own = self.own_script();
            let plain = self.plain(&own);
            return self.spoilt(plain);
        }
        let mut parts =
            Parts { city: self.city(), brand: self.brand(), trade: self.business(), form: self.legal_form() };
        let text = if self.dice.chance(self.dirt.order) {
            self.marks.put(Mark::Order);
            parts.turned(self.dice)
        } else {
            parts.straight()
        };
        self.spoilt(text)
    }

    /// The name as it stands in the register, its legal form short where dirt has it so.
    fn own_script(&mut self) -> String {
        let tongue = self.tongue();
        let brand: Vec<&str> = self.brand_words().map(|word| word.own).collect();
        let trade: Vec<&str> = self.trade_words().map(|word| word.own).collect();
        let city = Scribe::word(&tongue.places, self.firm.city).own;
        let city = if self.firm.local == Local::Named { city } else { "" };
        let name = match tongue.script {
            Script::Vietnamese | Script::Latin => spaced([&trade.join(" "), &brand.join(" "), city]),
            Script::Run => spaced([&brand.concat(), &trade.join(" "), city]),
            Script::Han => format!("{city}{}{}", brand.concat(), trade.concat()),
        };
        let form = self.own_form();
        if form.contains('~') { form.replace('~', &name) } else { format!("{form} {name}") }
    }

    fn own_form(&mut self) -> String {
        let form = Scribe::word(&self.tongue().forms, self.firm.form).own;
        if !self.dice.chance(self.dirt.form) {
            return form.to_owned();
        }
        let short = SHORT_FORMS.iter().fold(form.to_owned(), |form, (long, short)| form.replace(long, short));
        if short != form {
            self.marks.put(Mark::Form);
        }
        short
    }

    fn plain(&mut self, text: &str) -> String {
        self.marks.put(Mark::Unmarked);
        unmarked(text)
    }

    fn city(&mut self) -> String {
        if self.firm.local == Local::Unnamed {
            return String::new();
        }
        let place = Scribe::word(&self.tongue().places, self.firm.city);
        self.way(place, self.dirt.spelling, Mark::Spelling)
    }

    /// The brand: each word in one of its spellings; run together where the script runs together.
    fn brand(&mut self) -> Vec<String> {
        let words: Vec<&Word> = self.brand_words().collect();
        let permille = self.dirt.spelling;
        let spelt: Vec<String> =
            words.into_iter().map(|word| self.way(word, permille, Mark::Spelling)).collect();
        let runs = self.tongue().script == Script::Han;
        let other = self.dice.chance(self.dirt.joined);
        if other {
            self.marks.put(Mark::Joined);
        }
        if runs == other {
            spelt.iter().map(|word| capitalised(word)).collect()
        } else {
            vec![capitalised(&spelt.concat().to_lowercase())]
        }
    }

    /// The business in English: abbreviated or with a word left out where dirt has it so.
    fn business(&mut self) -> Vec<String> {
        let words: Vec<&Word> = self.trade_words().collect();
        let permille = self.dirt.abbreviated;
        let mut trade: Vec<String> =
            words.into_iter().map(|word| self.way(word, permille, Mark::Abbreviated)).collect();
        if trade.len() > 1 && self.dice.chance(permille / 4) {
            trade.pop();
            self.marks.put(Mark::Abbreviated);
        }
        trade
    }

    /// The legal form in English, in another writing or left out where dirt has it so.
    fn legal_form(&mut self) -> String {
        if self.dice.chance(self.dirt.form / 5) {
            self.marks.put(Mark::Form);
            return String::new();
        }
        let form = Scribe::word(&self.tongue().forms, self.firm.form);
        self.way(form, self.dirt.form, Mark::Form)
    }
}

impl<'a> Scribe<'a> {
    fn brand_words(&self) -> impl Iterator<Item = &'a Word> + use<'a> {
        let (firm, tongue) = (self.firm, self.tongue());
        firm.brand.iter().map(move |place| Scribe::word(&tongue.brands, *place))
    }

    fn trade_words(&self) -> impl Iterator<Item = &'a Word> + use<'a> {
        let (firm, tongue) = (self.firm, self.tongue());
        let words = if firm.goods.is_empty() { &tongue.carriers } else { &tongue.trades };
        firm.trade.iter().map(move |place| Scribe::word(words, *place))
    }
}

/// The parts of a name in Latin letters.
struct Parts {
    city: String,
    brand: Vec<String>,
    trade: Vec<String>,
    form: String,
}

impl Parts {
    fn straight(&self) -> String {
        spaced([&self.city, &self.brand.join(" "), &self.trade.join(" "), &self.form])
    }

    fn turned(&mut self, dice: &mut Dice) -> String {
        match dice.below(3) {
            0 if self.brand.len() > 1 => {
                self.brand.rotate_left(1);
                self.straight()
            }
            1 => spaced([&self.trade.join(" "), &self.city, &self.brand.join(" "), &self.form]),
            _ => spaced([&self.brand.join(" "), &self.form, &self.trade.join(" "), &self.city]),
        }
    }
}

/// A quarter of the dirt.
fn softened(dirt: &Dirt) -> Dirt {
    Dirt {
        spelling: dirt.spelling / 4,
        form: dirt.form / 4,
        order: 0,
        abbreviated: dirt.abbreviated / 4,
        typo: dirt.typo / 4,
        unmarked: dirt.unmarked / 4,
        capitals: dirt.capitals / 2,
        joined: dirt.joined / 4,
        cut: dirt.cut / 4,
        ..*dirt
    }
}

/// The parts with one space between them, empty ones left out.
fn spaced<const N: usize>(parts: [&str; N]) -> String {
    let mut text = String::with_capacity(parts.iter().map(|part| part.len() + 1).sum());
    for part in parts.into_iter().filter(|part| !part.is_empty()) {
        if !text.is_empty() {
            text.push(' ');
        }
        text.push_str(part);
    }
    text
}

/// Legal forms as people shorten them.
const SHORT_FORMS: [(&str, &str); 8] = [
    ("Công ty", "Cty"),
    ("Một thành viên", "MTV"),
    ("Cổ phần", "CP"),
    ("Doanh nghiệp tư nhân", "DNTN"),
    ("บริษัท ~ จำกัด", "บจก. ~"),
    ("ห้างหุ้นส่วนจำกัด", "หจก."),
    ("ບໍລິສັດ", "ບ."),
    ("有限责任公司", "有限公司"),
];
