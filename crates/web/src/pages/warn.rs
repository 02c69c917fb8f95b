//! The form of a warning as a finding fills it in: whom, about what, when it is expected, and the finding it is born of.

use customs::declaration::Declaration;
use customs::gate::Difference;
use customs::roles::{ANALYST, COORDINATOR, EXCHANGE};
use jiff::tz::TimeZone;
use store::CaseRow;

use crate::ask::Ask;
use crate::frame::Frame;

/// Where the form is, filled in; empty for those who warn nobody.
pub(super) fn link(
    ask: &Ask,
    frame: &Frame,
    (row, difference): (&CaseRow, &Difference),
    ours: &Declaration,
) -> String {
    let warns = ask.role().is_some_and(|role| [ANALYST, COORDINATOR, EXCHANGE].contains(&role));
    if !warns {
        return String::new();
    }
    let line =
        ours.lines.iter().find(|line| line.item_no == difference.item_no).or_else(|| ours.lines.first());
    let what =
        line.and_then(|line| line.hs.as_ref()).map_or_else(String::new, |hs| format!("HS {}", hs.as_str()));
    let expected = ours.arrives.and_then(|day| day.to_zoned(TimeZone::clone(&ask.app.zone)).ok());
    let text = |part: Option<String>| part.unwrap_or_default();
    let sentence =
        super::sentences::difference(frame, &frame.word("country", &row.summary.partner), difference);
    let mut values = vec![
        ("partner", row.summary.partner.clone()),
        ("unit", frame.node.id.to_string()),
        ("born_of", row.id.to_string()),
        ("warning.urgency", "urgent".to_owned()),
        ("warning.goods.0.what", what.clone()),
        ("warning.carriage.mode", text(ours.mode.as_ref().map(|mode| mode.as_str().to_owned()))),
        ("warning.carriage.eta", text(expected.map(|at| at.timestamp().to_string()))),
        ("warning.route.departure", text(ours.export_country.as_ref().map(|one| one.as_str().to_owned()))),
        ("warning.route.destination", text(ours.place.as_ref().map(|place| place.as_str().to_owned()))),
        ("warning.indicators", difference.code.clone()),
        ("warning.text", sentence),
        ("warning.grade.source", "a".to_owned()),
        ("warning.grade.content", "2".to_owned()),
    ];
    let names = [&ours.importer.name, &ours.exporter.name];
    let keys = ["warning.parties.0.name", "warning.parties.1.name"];
    values.extend(keys.into_iter().zip(names).map(|(key, name)| (key, name.clone())));
    let filled = values.into_iter().filter(|(_, value)| !value.is_empty());
    let query: String = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(filled.map(|(name, value)| (format!("with.{name}"), value)))
        .finish();
    format!("/new/warning/warn?{query}")
}
