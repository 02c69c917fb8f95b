//! The brief for a partner as a paper: every figure beside what it is a part of, with the question that gives it again.

use node::brief::{Chapter, Figure};
use print::{Column, Part, Run, Table, Text};

use super::brief::{asked, word_of};
use crate::ask::{Ask, Problem, Reply};
use crate::fields::path_of;
use crate::frame::Frame;
use crate::pages::cases::address_of;
use crate::pages::cases::paper::blank;

/// The paper.
///
/// # Errors
/// [`Problem::NotFound`] for a partner nobody knows, what the store says, or where the paper cannot be printed.
pub(crate) fn brief_paper(ask: &Ask) -> Result<Reply, Problem> {
    let (partner, day, found) = asked(ask)?;
    let frame = Frame::plain(ask);
    let name = frame.word("country", partner.as_str());
    let title = frame.say("brief.title", "partner", &name);
    let mut sheet = blank(&frame, title, format!("{}-{partner}-{day}", frame.node.id));
    sheet.head.subtitle = format!(
        "{} {} · {}",
        frame.t("brief.day"),
        frame.moments.day(day),
        frame.moments.full(frame.moments.now)
    );
    if found.chapters.is_empty() {
        sheet.parts.push(Part::Paragraph(frame.t("brief.none").to_owned().into()));
    }
    for chapter in &found.chapters {
        sheet.parts.push(Part::Heading(frame.t(chapter.key).to_owned()));
        sheet.parts.push(Part::Table(table(&frame, chapter)));
    }
    sheet.parts.push(Part::Small(frame.t("brief.note").to_owned().into()));
    let bytes = print::print(&sheet).map_err(|error| Problem::Undrawn(error.to_string()))?;
    let file = format!("brief-{}-{day}.pdf", path_of(partner.as_str()));
    Ok(Reply::file("application/pdf", file, bytes))
}

fn table(frame: &Frame, chapter: &Chapter) -> Table {
    let head = |key: &str, share, is_number| Column { head: frame.t(key).to_owned(), share, is_number };
    let columns = vec![
        head("brief.figure", 4.0, false),
        head("brief.count", 1.0, true),
        head("brief.of", 1.0, true),
        Column { head: "%".to_owned(), share: 0.7, is_number: true },
    ];
    Table { columns, rows: chapter.figures.iter().map(|figure| row(frame, figure)).collect() }
}

fn row(frame: &Frame, figure: &Figure) -> Vec<Text> {
    let counted = |count: u64, address: String| {
        Text(vec![Run { text: frame.count(&count), is_bold: false, source: Some(address) }])
    };
    let whole = figure.whole.as_ref();
    let share = whole.filter(|(of, _)| *of > 0).map(|(of, _)| figure.count * 100 / of);
    vec![
        word_of(frame, figure).into(),
        counted(figure.count, address_of(&figure.query)),
        whole.map_or_else(Text::default, |(of, query)| counted(*of, address_of(query))),
        share.map_or_else(String::new, |share| share.to_string()).into(),
    ]
}
