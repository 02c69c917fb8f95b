//! Writes a firm's name, in its own script or as foreigners write it, with the dirt of the lane.

use super::firm::{Firm, Local};
use super::fold::unmarked;
use super::marks::{Mark, Marks};
use super::plan::Dirt;
use super::spoil::{capitalised, cut, mistyped};
use super::words::{Script, Tongue, Word};
use crate::dice::Dice;

/// A text and what was done to it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Written {
    pub(crate) text: String,
    pub(crate) marks: Marks,
}

impl Written {
    /// Takes the text as changed by this mark.
    fn put(&mut self, mark: Mark, text: String) {
        self.text = text;
        self.marks.put(mark);
    }

    /// Spoils what any text may suffer: typing, capitals, cutting.
    pub(crate) fn spoil(&mut self, dirt: &Dirt, dice: &mut Dice) {
        if dice.chance(dirt.typo) {
            self.put(Mark::Typo, mistyped(&self.text, dice));
        }
        if dice.chance(dirt.capitals) && self.text.bytes().any(|byte| byte.is_ascii_lowercase()) {
            self.put(Mark::Capitals, self.text.to_uppercase());
        }
        let limit = if dice.chance(500) { 35 } else { 70 };
        if dice.chance(dirt.cut) && self.text.chars().nth(limit).is_some() {
            self.put(Mark::Cut, cut(&self.text, limit));
        }
    }
}

/// Writes the name on its own country's papers: in its own script, seldom in Latin letters.
pub(crate) fn at_home(firm: &Firm, tongue: &Tongue, dirt: &Dirt, dice: &mut Dice) -> Written {
    let light = softened(dirt);
    if tongue.script != Script::Latin && dice.chance(750) {
        own(firm, tongue, &light, dice)
    } else {
        latin(firm, tongue, &light, dice)
    }
}

/// Writes the name on another country's papers: in Latin letters.
pub(crate) fn abroad(firm: &Firm, tongue: &Tongue, dirt: &Dirt, dice: &mut Dice) -> Written {
    latin(firm, tongue, dirt, dice)
}

/// A quarter of the dirt: people write their own names better than others do.
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

fn own(firm: &Firm, tongue: &Tongue, dirt: &Dirt, dice: &mut Dice) -> Written {
    let brand: Vec<&str> = words_of(&firm.brand, &tongue.brands).map(|word| word.own).collect();
    let trade: Vec<&str> = words_of(&firm.trade, trades(firm, tongue)).map(|word| word.own).collect();
    let city = tongue.places[usize::from(firm.city)].own;
    let city = if firm.local == Local::Named { city } else { "" };
    let name = match tongue.script {
        Script::Vietnamese | Script::Latin => spaced([&trade.join(" "), &brand.join(" "), city]),
        Script::Run => spaced([&brand.concat(), &trade.join(" "), city]),
        Script::Han => format!("{city}{}{}", brand.concat(), trade.concat()),
    };
    let mut written = Written::default();
    let (form, changed) = own_form(firm, tongue, dirt, dice);
    written.text = if form.contains('~') { form.replace('~', &name) } else { format!("{form} {name}") };
    if changed {
        written.marks.put(Mark::Form);
    }
    if tongue.script == Script::Vietnamese && dice.chance(dirt.unmarked) {
        written.put(Mark::Unmarked, unmarked(&written.text));
    }
    written.spoil(dirt, dice);
    written
}

/// The legal form in the own script, short where dirt has it so.
fn own_form(firm: &Firm, tongue: &Tongue, dirt: &Dirt, dice: &mut Dice) -> (String, bool) {
    let form = tongue.forms[usize::from(firm.form)].own;
    if !dice.chance(dirt.form) {
        return (form.to_owned(), false);
    }
    let short = form
        .replace("Công ty", "Cty")
        .replace("Một thành viên", "MTV")
        .replace("Cổ phần", "CP")
        .replace("Doanh nghiệp tư nhân", "DNTN")
        .replace("บริษัท ~ จำกัด", "บจก. ~")
        .replace("ห้างหุ้นส่วนจำกัด", "หจก.")
        .replace("ບໍລິສັດ", "ບ.")
        .replace("有限责任公司", "有限公司");
    let changed = short != form;
    (short, changed)
}

fn latin(firm: &Firm, tongue: &Tongue, dirt: &Dirt, dice: &mut Dice) -> Written {
    if tongue.script == Script::Vietnamese && dice.chance(dirt.unmarked / 2) {
        return romanised(firm, tongue, dirt, dice);
    }
    let mut marks = Marks::default();
    if tongue.script != Script::Latin {
        marks.put(Mark::Latin);
    }
    let mut parts = Parts {
        city: city(firm, tongue, dirt, &mut marks, dice),
        brand: brand(firm, tongue, dirt, &mut marks, dice),
        trade: business(firm, tongue, dirt, &mut marks, dice),
        form: legal_form(firm, tongue, dirt, &mut marks, dice),
    };
    let turned = dice.chance(dirt.order);
    let text = if turned { parts.turned(dice) } else { parts.straight() };
    if turned {
        marks.put(Mark::Order);
    }
    let mut written = Written { text, marks };
    written.spoil(dirt, dice);
    written
}

/// A Vietnamese name as it stands, without its marks.
fn romanised(firm: &Firm, tongue: &Tongue, dirt: &Dirt, dice: &mut Dice) -> Written {
    let mut written = own(firm, tongue, &Dirt { typo: 0, capitals: 0, cut: 0, ..*dirt }, dice);
    written.put(Mark::Unmarked, unmarked(&written.text));
    written.marks.put(Mark::Latin);
    written.spoil(dirt, dice);
    written
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

fn city(firm: &Firm, tongue: &Tongue, dirt: &Dirt, marks: &mut Marks, dice: &mut Dice) -> String {
    if firm.local == Local::Unnamed {
        return String::new();
    }
    let place = &tongue.places[usize::from(firm.city)];
    way(place, dirt.spelling, Mark::Spelling, marks, dice)
}

/// The brand: each word in one of its spellings; run together where the script runs together.
fn brand(firm: &Firm, tongue: &Tongue, dirt: &Dirt, marks: &mut Marks, dice: &mut Dice) -> Vec<String> {
    let words = words_of(&firm.brand, &tongue.brands);
    let spelt: Vec<String> =
        words.map(|word| way(word, dirt.spelling, Mark::Spelling, marks, dice)).collect();
    let runs = tongue.script == Script::Han;
    let other = dice.chance(dirt.joined);
    if other {
        marks.put(Mark::Joined);
    }
    if runs == other {
        spelt.iter().map(|word| capitalised(word)).collect()
    } else {
        vec![capitalised(&spelt.concat().to_lowercase())]
    }
}

/// The business in English: abbreviated or with a word left out where dirt has it so.
fn business(firm: &Firm, tongue: &Tongue, dirt: &Dirt, marks: &mut Marks, dice: &mut Dice) -> Vec<String> {
    let words = words_of(&firm.trade, trades(firm, tongue));
    let mut trade: Vec<String> =
        words.map(|word| way(word, dirt.abbreviated, Mark::Abbreviated, marks, dice)).collect();
    if trade.len() > 1 && dice.chance(dirt.abbreviated / 4) {
        trade.pop();
        marks.put(Mark::Abbreviated);
    }
    trade
}

/// The legal form in English, in another writing or left out where dirt has it so.
fn legal_form(firm: &Firm, tongue: &Tongue, dirt: &Dirt, marks: &mut Marks, dice: &mut Dice) -> String {
    if dice.chance(dirt.form / 5) {
        marks.put(Mark::Form);
        return String::new();
    }
    way(&tongue.forms[usize::from(firm.form)], dirt.form, Mark::Form, marks, dice)
}

/// The usual Latin way of a word, or another, with its mark, as often as `permille` says.
pub(crate) fn way(word: &Word, permille: u16, mark: Mark, marks: &mut Marks, dice: &mut Dice) -> String {
    if word.latin.len() > 1 && dice.chance(permille) {
        marks.put(mark);
        return dice.pick(&word.latin[1..]).clone();
    }
    word.latin[0].clone()
}

fn words_of<'a>(places: &'a [u16], words: &'a [Word]) -> impl Iterator<Item = &'a Word> {
    places.iter().map(|place| &words[usize::from(*place) % words.len()])
}

/// The words of business this firm's places point into.
fn trades<'a>(firm: &Firm, tongue: &'a Tongue) -> &'a [Word] {
    if firm.goods.is_empty() { &tongue.carriers } else { &tongue.trades }
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
