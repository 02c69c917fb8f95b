//! Forms as people fill them in, drawn from what the desk says of its acts: every field with its label, its hint, what was
//! filled in before and what is wrong with it.

use askama::Template;
use kernel::{CaseId, Desk, Field, Form, Need, Sort};
use store::{CaseRow, Failure, Look, Order, Query};

use super::acts::FormSeed;
use super::cases::act_word;
use crate::ask::Ask;
use crate::draft::Draft;
use crate::frame::{Frame, Here, Refused, refused};

/// One act as a form.
#[derive(Debug)]
pub(super) struct ActForm {
    /// Names it on its page.
    pub mark: String,
    /// What it starts from.
    pub seed: FormSeed,
    /// The act.
    pub act: &'static str,
    /// What it is called.
    pub word: String,
    /// What it does, where that is written down.
    pub note: String,
    /// The key of the case it opens, where people may choose it; empty for other acts.
    pub key: String,
    /// Its fields.
    pub inputs: Vec<Input>,
    /// Whether files come with it.
    pub files: Here,
    /// Whether it stands open.
    pub open: Here,
    /// How many fields are wrong, as a sentence; empty where none are.
    pub faulty: String,
    /// Why it was refused.
    pub refused: Option<Refused>,
}

/// One field as it is drawn.
#[derive(Debug, Template)]
#[template(path = "form/input.html")]
pub(super) struct Input {
    kind: &'static str,
    id: String,
    name: String,
    label: String,
    hint: String,
    value: String,
    needed: Here,
    most: usize,
    optional_word: String,
    wrong: String,
    options: Vec<Choice>,
    parts: Vec<Part>,
    lines: Vec<Line>,
    more: String,
    more_word: String,
}

/// One code of a choice.
#[derive(Debug)]
struct Choice {
    code: String,
    word: String,
    chosen: Here,
}

/// One half of a pair: the amount, the currency or unit.
#[derive(Debug)]
struct Part {
    id: String,
    name: String,
    label: String,
    value: String,
    mode: &'static str,
    size: u8,
}

/// One line of a group.
#[derive(Debug)]
struct Line {
    number: String,
    inputs: Vec<Input>,
}

/// The acts this reader may take on a case, as forms.
///
/// # Errors
/// What the store says.
pub(super) fn of_case(
    ask: &Ask,
    frame: &Frame,
    look: &dyn Look,
    (row, draft): (&CaseRow, Option<&Draft>),
) -> Result<Vec<ActForm>, Failure> {
    let (Some(desk), Some(role)) = (desk_named(ask, row.id.desk()), ask.role()) else {
        return Ok(Vec::new());
    };
    let mut forms = Vec::new();
    for act in desk.offers(Some(&row.state), &role).into_iter().filter(|act| !BY_THEMSELVES.contains(act)) {
        let draft = draft.filter(|draft| draft.act == act);
        forms.push(Drawing::new(ask, frame, look, desk, draft).form(act, &row.id)?);
    }
    Ok(forms)
}

/// The form of an act that opens a case.
///
/// # Errors
/// What the store says.
pub(super) fn opening(
    ask: &Ask,
    frame: &Frame,
    look: &dyn Look,
    (desk, act, case, draft): (&dyn Desk, &'static str, &CaseId, Option<&Draft>),
) -> Result<ActForm, Failure> {
    let mut form = Drawing::new(ask, frame, look, desk, draft).form(act, case)?;
    form.open = Here::Yes;
    if desk.form(act).key.is_empty() {
        case.key().clone_into(&mut form.key);
    }
    Ok(form)
}

/// Acts that pages take by themselves: reading is one.
const BY_THEMSELVES: [&str; 1] = ["see"];

fn desk_named(ask: &Ask, name: &str) -> Option<&'static dyn Desk> {
    ask.app.node.desks().iter().copied().find(|desk| desk.name() == name)
}

/// What all fields of one form are drawn with.
struct Drawing<'a> {
    ask: &'a Ask,
    frame: &'a Frame,
    look: &'a dyn Look,
    desk: &'a dyn Desk,
    draft: Option<&'a Draft>,
    act: &'static str,
    mark: String,
}

impl Input {
    /// Nobody has to fill it in; what a line that was begun lacks is said when the form is taken.
    fn need_not_be(&mut self) {
        self.needed = Here::No;
        self.lines.iter_mut().flat_map(|line| &mut line.inputs).for_each(Self::need_not_be);
    }
}

impl<'a> Drawing<'a> {
    fn new(
        ask: &'a Ask,
        frame: &'a Frame,
        look: &'a dyn Look,
        desk: &'a dyn Desk,
        draft: Option<&'a Draft>,
    ) -> Self {
        Self { ask, frame, look, desk, draft, act: "", mark: String::new() }
    }

    fn form(mut self, act: &'static str, case: &CaseId) -> Result<ActForm, Failure> {
        let form = self.desk.form(act);
        self.act = act;
        self.mark = format!("act-{act}");
        let note = format!("act-lead.{}.{act}", self.desk.name());
        let wrongs = self.draft.map_or(0, |draft| draft.wrongs.len());
        let faulty = self.frame.say("form.faulty", "count", &wrongs.to_string());
        let refusal = self.draft.and_then(|draft| draft.refusal.as_ref());
        Ok(ActForm {
            seed: FormSeed::on(self.frame, case),
            act,
            word: act_word(self.frame, self.desk.name(), act),
            note: self.frame.language.find(&note).unwrap_or_default().to_owned(),
            key: String::new(),
            inputs: self.inputs(form.fields, ("", ""))?,
            files: if holds_files(form.fields) { Here::Yes } else { Here::No },
            open: if self.draft.is_some() { Here::Yes } else { Here::No },
            faulty: if wrongs > 0 { faulty } else { String::new() },
            refused: refusal.map(|refusal| refused(self.frame.language, refusal)),
            mark: self.mark,
        })
    }

    /// The fields of a group: `prefix` is the group's name with its numbers, `path` the same without them.
    fn inputs(&self, fields: &[Field], (prefix, path): (&str, &str)) -> Result<Vec<Input>, Failure> {
        let of = |field: &Field| {
            self.input(field, format!("{prefix}{}", field.name), &format!("{path}{}", field.name))
        };
        fields.iter().map(of).collect()
    }

    fn input(&self, field: &Field, name: String, path: &str) -> Result<Input, Failure> {
        let value = self.value(field.sort, &name);
        let mut input = Input {
            kind: kind(field.sort),
            id: format!("{}-{}", self.mark, name.replace('.', "-")),
            label: self.text("input", path).unwrap_or_else(|| path.to_owned()),
            hint: self.text("input-hint", path).or_else(|| self.usual_hint(field.sort)).unwrap_or_default(),
            wrong: self.wrong(&name),
            needed: if field.need == Need::Needed { Here::Yes } else { Here::No },
            optional_word: self.frame.t("form.optional").to_owned(),
            most: most(field.sort),
            options: self.options(field, &name)?,
            parts: self.parts(field.sort, &name),
            lines: Vec::new(),
            more: String::new(),
            more_word: self.frame.t("form.more-lines").to_owned(),
            value,
            name: format!("with.{name}"),
        };
        if let Sort::Lines(inner) = field.sort {
            let shown = self.draft.map_or(0, |draft| draft.lines(&name) + usize::from(draft.more == name));
            for number in 0..shown.max(1) {
                let start = format!("{name}.{number}.");
                let mut inputs = self.inputs(inner, (&start, &format!("{path}.")))?;
                if field.need == Need::Optional {
                    // A browser would hold back the whole form for a line that nobody has to fill in.
                    inputs.iter_mut().for_each(Input::need_not_be);
                }
                let word = self.frame.say("form.line", "number", &(number + 1).to_string());
                input.lines.push(Line { number: word, inputs });
            }
            input.more = name;
        }
        Ok(input)
    }

    /// What was filled in before, as the field shows it.
    fn value(&self, sort: Sort, name: &str) -> String {
        let given = self.draft.map_or("", |draft| draft.value(name));
        match given.parse::<jiff::Timestamp>() {
            Ok(moment) if sort == Sort::Moment => {
                self.ask.app.zone.to_datetime(moment).strftime("%Y-%m-%dT%H:%M").to_string()
            }
            Ok(_) | Err(_) => given.to_owned(),
        }
    }

    /// A text about a field: the act's own, the desk's, or the one all fields of this name have.
    fn text(&self, family: &str, path: &str) -> Option<String> {
        let (desk, last) = (self.desk.name(), path.rsplit('.').next().unwrap_or(path));
        let keys = [
            format!("{family}.{desk}.{}.{path}", self.act),
            format!("{family}.{desk}.{path}"),
            format!("{family}.{path}"),
            format!("{family}.{last}"),
        ];
        keys.iter().find_map(|key| self.frame.language.find(key)).map(str::to_owned)
    }

    fn usual_hint(&self, sort: Sort) -> Option<String> {
        let key = match sort {
            Sort::Words(_) => "form.hint-words",
            Sort::Decimal => "form.hint-decimal",
            Sort::Moment => return Some(self.frame.say("form.hint-moment", "zone", &self.frame.node.zone)),
            Sort::File => "form.hint-file",
            Sort::Json => "form.hint-json",
            _ => return None,
        };
        Some(self.frame.t(key).to_owned())
    }

    fn wrong(&self, name: &str) -> String {
        let Some(wrong) = self.draft.and_then(|draft| draft.wrong(name)) else { return String::new() };
        self.frame.language.say(&format!("wrong.{}", wrong.code), &[("hint", &wrong.hint)])
    }

    fn parts(&self, sort: Sort, name: &str) -> Vec<Part> {
        let part = |end: &str, key: &str, mode, size| {
            let name = format!("{name}.{end}");
            Part {
                id: format!("{}-{}", self.mark, name.replace('.', "-")),
                value: self.draft.map_or_else(String::new, |draft| draft.value(&name).to_owned()),
                name: format!("with.{name}"),
                label: self.frame.t(key).to_owned(),
                mode,
                size,
            }
        };
        match sort {
            Sort::Money => vec![
                part("amount", "form.amount", "decimal", 14),
                part("currency", "form.currency", "text", 4),
            ],
            Sort::Quantity => {
                vec![part("amount", "form.amount", "decimal", 14), part("unit", "form.unit", "text", 4)]
            }
            _ => Vec::new(),
        }
    }

    /// What can be picked: codes with their words, partners, cases of the desk.
    fn options(&self, field: &Field, name: &str) -> Result<Vec<Choice>, Failure> {
        let chosen = |code: &str| match self.draft {
            Some(draft) if draft.has(name, code) => Here::Yes,
            Some(_) | None => Here::No,
        };
        let choice = |code: &str, word: String| Choice { code: code.to_owned(), word, chosen: chosen(code) };
        Ok(match field.sort {
            Sort::Choice(family, codes) | Sort::Several(family, codes) => {
                codes.iter().map(|code| choice(code, self.frame.word(family, code))).collect()
            }
            Sort::YesNo => vec![choice("yes", self.text("input", field.name).unwrap_or_default())],
            Sort::Partner => {
                let partners = self.ask.app.node.partners();
                let word = |id: &str, name: &str| format!("{} · {name}", self.frame.word("country", id));
                partners.iter().map(|one| choice(one.id.as_str(), word(one.id.as_str(), &one.name))).collect()
            }
            Sort::Case(desk) if !desk.is_empty() => self.cases(desk)?,
            _ => Vec::new(),
        })
    }

    /// The cases of a desk that changed last, to be picked from.
    fn cases(&self, desk: &str) -> Result<Vec<Choice>, Failure> {
        let query =
            Query { desk: Some(desk.into()), order: Order::Newest, limit: CASES_OFFERED, ..Query::default() };
        let readable = desk_named(self.ask, desk)
            .is_some_and(|desk| self.ask.role().is_some_and(|role| desk.readers().contains(&role)));
        if !readable {
            return Ok(Vec::new());
        }
        let rows = self.look.cases(&query)?.rows;
        let choice = |row: &CaseRow| {
            let stage = self.frame.word(&format!("stage.{desk}"), &row.summary.stage);
            Choice {
                code: row.id.to_string(),
                word: format!("{} · {stage}", row.summary.title),
                chosen: Here::No,
            }
        };
        Ok(rows.iter().map(choice).collect())
    }
}

/// How a field is drawn.
const fn kind(sort: Sort) -> &'static str {
    match sort {
        Sort::Text(_) | Sort::Country => "text",
        Sort::LongText(_) | Sort::Words(_) => "area",
        Sort::Whole(..) => "whole",
        Sort::Decimal => "decimal",
        Sort::Money | Sort::Quantity => "pair",
        Sort::Day => "day",
        Sort::Moment => "moment",
        Sort::Choice(..) | Sort::Partner => "select",
        Sort::Several(..) => "checks",
        Sort::Case(_) => "case",
        Sort::YesNo => "check",
        Sort::Lines(_) => "lines",
        Sort::File => "file",
        Sort::Json => "json",
    }
}

/// The most characters a field takes.
const fn most(sort: Sort) -> usize {
    match sort {
        Sort::Text(most) | Sort::LongText(most) => most,
        Sort::Country => 2,
        Sort::Case(_) => 400,
        _ => 20_000,
    }
}

fn holds_files(fields: &[Field]) -> bool {
    fields.iter().any(|field| match field.sort {
        Sort::File => true,
        Sort::Lines(inner) => holds_files(inner),
        _ => false,
    })
}

/// What was filled in, as the form reads it: moments without a zone are in the node's own.
#[must_use]
pub(super) fn in_zone(ask: &Ask, form: &Form, name: &str, value: &str) -> String {
    let is_moment = form.field(name).is_some_and(|field| field.sort == Sort::Moment);
    let local = value.parse::<jiff::civil::DateTime>().ok().filter(|_| is_moment);
    let moment = local.and_then(|local| local.to_zoned(ask.app.zone.clone()).ok());
    moment.map_or_else(|| value.to_owned(), |moment| moment.timestamp().to_string())
}

/// The most cases a field offers to pick from; any other can be typed.
const CASES_OFFERED: u32 = 30;
