//! Content of one element while reading: its attributes and its text against what its row says.

use std::borrow::Cow;

use kernel::{Finding, Place, Severity};

use super::attribute::{self, Allowed, Shape};
use super::picture::{Base, Picture};
use super::reading::Run;
use super::row::{Content, List};
use super::tree::{Kept, Span};
use super::{date, value};
use crate::codes;
use crate::xml::{Attribute, Namespace};

/// Weighs and keeps the attributes of the element just opened.
pub(super) fn attributes(run: &mut Run<'_, '_>) {
    let picture = match run.rule().map(|rule| rule.row.content) {
        Some(Content::Value(picture)) => Some(picture),
        _ => None,
    };
    let demanded = picture.is_some_and(|picture| picture.base == Base::DateTime);
    if run.tag_attributes().is_empty() && !demanded {
        return;
    }
    let allowed = picture.map_or(&[][..], |picture| attribute::allowed(&picture));
    let mut seen = false;
    for index in 0..run.tag_attributes().len() {
        let found = run.tag_attributes()[index];
        if found.binds().is_some() || is_location(&found) {
            continue;
        }
        seen |= weigh_attribute(run, &found, allowed);
    }
    if demanded && !seen && run.tally.admits(Severity::Error) {
        let mut place = run.here();
        place.path.push_str("/@formatCode");
        run.tell(Finding::error("attribute-missing", place).expected("102|304"));
    }
}

/// A hint where schemas are; nothing is ever fetched from there.
fn is_location(found: &Attribute<'_>) -> bool {
    found.namespace == Namespace::INSTANCE
        && matches!(found.local, "schemaLocation" | "noNamespaceSchemaLocation")
}

/// Keeps one attribute and weighs it; whether it is one that may stand here.
fn weigh_attribute<'a>(run: &mut Run<'a, '_>, found: &Attribute<'a>, allowed: &[Allowed]) -> bool {
    let value = found.value();
    let rule = allowed.iter().find(|rule| rule.name == found.local && found.namespace == Namespace::NONE);
    match rule {
        None => tell_attribute(run, found, "attribute-unknown", ""),
        Some(rule) if !rule.shape.fits(&value) => {
            tell_attribute(run, found, "attribute-wrong", rule.expected);
        }
        Some(rule) if !is_listed(rule.shape, &value) => warn_attribute(run, found, rule.expected),
        Some(_) => {}
    }
    let kept = Kept { local: found.local, namespace: found.namespace, value };
    if let Some(node) = run.frame().map(|frame| frame.node) {
        run.tree.attributes.push(kept);
        run.tree.nodes[node as usize].attribute_count += 1;
    }
    rule.is_some()
}

fn is_listed(shape: Shape, value: &str) -> bool {
    match shape {
        Shape::Unit => codes::units().knows(value),
        Shape::Currency => codes::currencies().knows(value),
        Shape::Free | Shape::Language | Shape::Agency | Shape::DateFormat => true,
    }
}

fn attribute_place(run: &Run<'_, '_>, found: &Attribute<'_>) -> Place {
    let mut place = run.place_at(found.at);
    place.path.push_str("/@");
    place.path.push_str(found.local);
    place
}

fn tell_attribute(run: &mut Run<'_, '_>, found: &Attribute<'_>, code: &'static str, expected: &'static str) {
    if !run.tally.admits(Severity::Error) {
        return;
    }
    let finding = Finding::error(code, attribute_place(run, found));
    run.tell(finding.seen(found.raw).expected(expected));
}

fn warn_attribute(run: &mut Run<'_, '_>, found: &Attribute<'_>, expected: &'static str) {
    if !run.tally.admits(Severity::Warning) {
        return;
    }
    let finding = Finding::warning("code-unknown", attribute_place(run, found));
    run.tell(finding.seen(found.raw).expected(expected));
}

/// Weighs and keeps the text of the value that ends here; does nothing for a class.
pub(super) fn close(run: &mut Run<'_, '_>) {
    let Some(row) = run.rule().map(|rule| rule.row) else { return };
    let Content::Value(picture) = row.content else { return };
    let span = settle(run, picture.base);
    let Some(node) = run.frame().map(|frame| frame.node as usize) else { return };
    run.tree.nodes[node].value = span;
    let at = run.tree.nodes[node].at as usize;
    let text = run.tree.value(span);
    let wrong = match picture.check(text) {
        Err(wrong) => Some((Severity::Error, wrong.code, picture.to_string())),
        Ok(()) => doubt(row.list, text).or_else(|| misfit(run, node)),
    };
    let Some((severity, code, expected)) = wrong else { return };
    if run.tally.admits(severity) {
        let text = run.tree.value(span);
        let finding = Finding::of(severity, code, run.place_at(at)).seen(text).expected(expected);
        run.tell(finding);
    }
}

/// A date that is not in the format its attribute claims.
fn misfit(run: &Run<'_, '_>, node: usize) -> Option<(Severity, &'static str, String)> {
    let entry = run.tree.nodes[node];
    let kept = &run.tree.attributes[entry.attributes as usize..];
    let format = &kept.iter().find(|kept| kept.local == "formatCode")?.value;
    let fits = date::fits_format(run.tree.value(entry.value), format);
    (!fits).then(|| (Severity::Warning, "date-not-its-format", format.to_string()))
}

/// The span of the finished value, normalised; what differs from the bytes goes aside.
fn settle(run: &mut Run<'_, '_>, base: Base) -> Span {
    let span = run.piece.span;
    let raw = run.tree.value(span);
    match value::normalised(raw, base) {
        Cow::Borrowed(kept) => {
            let before = (kept.as_ptr() as usize).wrapping_sub(raw.as_ptr() as usize);
            Span { start: span.start + before as u32, len: kept.len() as u32, aside: span.aside }
        }
        Cow::Owned(kept) => {
            let start = run.tree.side.len() as u32;
            run.tree.side.push_str(&kept);
            Span { start, len: kept.len() as u32, aside: true }
        }
    }
}

/// What an open list has against a code; empty codes are the picture's business.
fn doubt(list: List, text: &str) -> Option<(Severity, &'static str, String)> {
    let tell = |code, expected: &str| Some((Severity::Warning, code, expected.to_owned()));
    let known = |known: bool, list| if known || text.is_empty() { None } else { tell("code-unknown", list) };
    match list {
        List::None | List::User | List::Standard => None,
        List::Country => known(codes::countries().knows(text), "ISO 3166-1 alpha-2"),
        List::Currency => known(codes::currencies().knows(text), "ISO 4217"),
        List::Mode => known(codes::modes().knows(text), "UN/ECE Rec 19"),
        List::Package => known(codes::packages().knows(text), "UN/ECE Rec 21"),
        List::Place => known(codes::is_place(text), "UN/LOCODE"),
        List::Container if codes::container_check(text) == Some(false) => {
            tell("check-digit-wrong", "ISO 6346 check digit")
        }
        List::Container => None,
    }
}

impl Picture {
    /// The names of the attributes that may stand beside a value of this picture.
    pub(crate) fn attributes(&self) -> impl Iterator<Item = &'static str> + use<> {
        attribute::allowed(self).iter().map(|allowed| allowed.name)
    }
}
