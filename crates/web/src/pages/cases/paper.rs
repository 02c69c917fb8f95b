//! A case as a printed paper: what it says, what is owed about it, and what happened, each figure with the entry it stands on.

use kernel::CaseId;
use print::{Column, Head, Mark, Part, Sheet, Table, Text, Words};
use store::{CaseRow, Failure, Look};

use super::super::happening;
use super::super::standing::Standing;
use super::super::statement;
use super::list::titled;
use super::one::opened;
use super::related;
use super::values::{Block, Piece, Reader};
use crate::ask::{Ask, Problem, Reply};
use crate::frame::Frame;

/// The most entries a paper lists; the record has them all.
const ENTRIES: usize = 400;

/// The paper of a case. What a partner said stands in it only where whoever asks may read it.
///
/// # Errors
/// As the page of the case; or where the paper cannot be printed.
pub(crate) fn paper(ask: &Ask) -> Result<Reply, Problem> {
    let (row, barred) = opened(ask)?;
    if let Some(refusal) = barred.into_iter().next() {
        return Err(Problem::Refused(refusal));
    }
    let frame = Frame::plain(ask);
    let sheet = ask.read(|look| sheet(ask, &frame, look, &row))?;
    let bytes = print::print(&sheet).map_err(|error| Problem::Undrawn(error.to_string()))?;
    Ok(Reply::file("application/pdf", format!("{}.pdf", row.id.as_str().replace('/', "-")), bytes))
}

/// The head and the words of a paper of this node, in the reader's language.
pub(in crate::pages) fn blank(frame: &Frame, title: String, number: String) -> Sheet {
    Sheet {
        head: Head {
            office: frame.node.name.clone(),
            title,
            subtitle: String::new(),
            number,
            language: frame.language.code().to_owned(),
        },
        words: Words {
            page: frame.t("paper.page").to_owned(),
            sources: frame.t("paper.sources").to_owned(),
            goes_on: frame.t("paper.goes-on").to_owned(),
        },
        ..Sheet::default()
    }
}

fn sheet(ask: &Ask, frame: &Frame, look: &dyn Look, row: &CaseRow) -> Result<Sheet, Failure> {
    let desk = row.id.desk();
    let title = if row.summary.title.is_empty() { row.id.key() } else { &row.summary.title };
    let mut sheet = blank(frame, titled(frame, desk, title), row.id.to_string());
    sheet.head.subtitle = format!(
        "{} · {} · {}",
        frame.word("desk", desk),
        Standing::of(frame, desk, &row.summary.stage).word,
        frame.moments.full(frame.moments.now)
    );
    let plain = || row.id.to_string().chars().take(200).collect();
    sheet.marks.push(Mark::Qr(statement::square(ask, row).unwrap_or_else(plain)));
    let reader = Reader { frame, of: desk, case: None };
    sheet.parts.extend(reader.blocks(&row.summary.shown).into_iter().flat_map(|block| part(frame, block)));
    let related = related::related(ask, frame, look, row)?;
    for (key, list) in [
        ("cases.owed", related.obligations),
        ("cases.papers", related.papers),
        ("cases.related", related.cases),
    ] {
        sheet.parts.extend(tied(frame, key, &list));
    }
    sheet.parts.push(Part::Heading(frame.t("item.timeline").to_owned()));
    sheet.parts.push(Part::Table(timeline(frame, look, &row.id)?));
    Ok(sheet)
}

fn part(frame: &Frame, block: Block) -> Vec<Part> {
    match block {
        Block::Facts(title, facts) => {
            let pairs = facts.into_iter().map(|(name, piece)| (name, Text::from(piece.text))).collect();
            let heading = if title.is_empty() { frame.t("cases.says").to_owned() } else { title };
            vec![Part::Heading(heading), Part::Pairs(pairs)]
        }
        Block::Table(title, heads, rows) => {
            let columns =
                heads.into_iter().map(|head| Column { head, share: 1.0, is_number: false }).collect();
            let rows =
                rows.into_iter().map(|row| row.into_iter().map(|Piece { text, .. }| text.into()).collect());
            vec![Part::Heading(title), Part::Table(Table { columns, rows: rows.collect() })]
        }
    }
}

fn tied(frame: &Frame, key: &str, list: &[related::Tied]) -> Vec<Part> {
    if list.is_empty() {
        return Vec::new();
    }
    let head = |key: &str, share| Column { head: frame.t(key).to_owned(), share, is_number: false };
    let row = |tied: &related::Tied| -> Vec<Text> {
        let due = tied.due.map_or_else(String::new, |due| frame.moments.full(due));
        vec![
            format!("{} · {}", tied.desk, tied.title).into(),
            tied.standing.word.clone().into(),
            tied.partner.clone().into(),
            due.into(),
        ]
    };
    let columns = vec![
        head("cases.case", 3.0),
        head("cases.stage", 1.4),
        head("cases.partner", 1.2),
        head("cases.due", 1.6),
    ];
    let table = Table { columns, rows: list.iter().map(row).collect() };
    vec![Part::Heading(frame.t(key).to_owned()), Part::Table(table)]
}

fn timeline(frame: &Frame, look: &dyn Look, case: &CaseId) -> Result<Table, Failure> {
    let head = |key: &str, share, is_number| Column { head: frame.t(key).to_owned(), share, is_number };
    let history = look.history(case)?;
    let rows = history.iter().take(ENTRIES).map(|(number, entry)| {
        vec![
            Text::from(number.to_string()),
            frame.moments.exact(entry.at).into(),
            happening::sentence(frame, entry).into(),
            format!("{} · {}", entry.actor.name, frame.word("role", entry.actor.role.as_str())).into(),
        ]
    });
    Ok(Table {
        columns: vec![
            head("paper.entry", 0.6, true),
            head("paper.when", 1.7, false),
            head("paper.what", 3.6, false),
            head("paper.who", 2.0, false),
        ],
        rows: rows.collect(),
    })
}
