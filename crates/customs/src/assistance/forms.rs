//! The forms several procedures of the area share.

use kernel::{Field, Sort};

use super::words::{ContentGrade, Matter, STATEMENT, SUBJECT, SourceGrade, SubjectKind, Urgency};
use crate::terms::Purpose;

/// How things must be handled, as forms offer it.
pub(super) const HANDLING: Sort = Sort::Choice("handling", &["h0", "h1", "h2", "h3"]);

/// A whole request.
pub(super) const ASKING: &[Field] = &[
    Field::needed("asking.matter", Sort::Choice("matter", Matter::CODES)),
    Field::needed("asking.basis", Sort::Text(200)),
    Field::needed("asking.authority", Sort::Text(200)),
    Field::needed("asking.measure", Sort::LongText(1_000)),
    Field::needed("asking.reason", Sort::LongText(2_000)),
    Field::needed("asking.laws", Sort::Words(20)),
    Field::needed("asking.purpose", Purpose::SORT),
    Field::optional("asking.intended_use", Sort::Text(300)),
    Field::needed("asking.urgency", Sort::Choice("urgency", Urgency::CODES)),
    Field::optional("asking.needed_by", Sort::Moment),
    Field::optional("asking.subjects", Sort::Lines(SUBJECT)),
    Field::needed("asking.facts", Sort::LongText(4_000)),
    Field::optional("asking.own_checks", Sort::LongText(4_000)),
    Field::optional("asking.questions", Sort::Words(20)),
    Field::optional("asking.declaration", Sort::Text(70)),
    Field::optional("asking.protection", Sort::Text(200)),
    Field::needed("asking.reciprocity", Sort::Choice("reciprocity", &["could", "could-not"])),
    Field::optional("asking.handling", HANDLING),
    Field::optional("asking.grade.source", Sort::Choice("source-grade", SourceGrade::CODES)),
    Field::optional("asking.grade.content", Sort::Choice("content-grade", ContentGrade::CODES)),
    Field::optional("asking.statements", Sort::Lines(STATEMENT)),
];

/// What the gate is told.
pub(super) const EXTRACT: &[Field] = &[
    Field::needed("subject.kind", Sort::Choice("subject-kind", SubjectKind::CODES)),
    Field::needed("subject.value", Sort::Text(120)),
    Field::needed("text", Sort::LongText(1_000)),
    Field::needed("until", Sort::Moment),
];

/// How source and content are graded.
pub(super) const GRADE: [Field; 2] = [
    Field::needed("grade.source", Sort::Choice("source-grade", SourceGrade::CODES)),
    Field::needed("grade.content", Sort::Choice("content-grade", ContentGrade::CODES)),
];
