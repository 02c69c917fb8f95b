//! The documentation page of a message: its table, printed from the rows that read and write it.

use std::fmt::Write;

use super::row::{Content, List, MANY, Row, Section};

/// A section as a markdown table: path, id, times, picture, list, TDED number, name; shared sections printed in place.
///
/// `root` is the path the section hangs under, such as `Declaration`.
#[must_use]
pub(crate) fn table(root: &str, section: &'static Section) -> String {
    let mut out =
        String::from("| path | id | times | picture | list | TDED | name |\n|---|---|---|---|---|---|---|\n");
    print(&mut out, root, section);
    out
}

fn print(out: &mut String, root: &str, section: &'static Section) {
    let mut path: Vec<&str> = Vec::new();
    for row in section.rows {
        path.truncate(usize::from(row.depth));
        path.push(row.tag);
        let here = format!("{root}/{}", path.join("/"));
        line(out, &here, row);
        match row.content {
            // What has a namespace of its own is a document of its own, with its own page.
            Content::Part(part) if part.namespace == section.namespace => print(out, &here, part),
            Content::Part(_) | Content::Class | Content::Value(_) | Content::Date => {}
        }
    }
}

fn line(out: &mut String, path: &str, row: &Row) {
    let max = if row.max == MANY { "n".to_owned() } else { row.max.to_string() };
    let tded = if row.tded == 0 { String::new() } else { row.tded.to_string() };
    let Row { id, min, name, .. } = row;
    let (picture, list) = (picture(&row.content), list(row.list));
    writeln!(out, "| {path} | {id} | {min}..{max} | {picture} | {list} | {tded} | {name} |")
        .expect("writing to a string cannot fail");
}

fn picture(content: &Content) -> String {
    match content {
        Content::Class | Content::Part(_) => String::new(),
        Content::Value(picture) if picture.base.is_number() => {
            let attributes: String = picture.attributes().map(|name| format!(" @{name}")).collect();
            format!("{picture}{attributes}")
        }
        Content::Value(picture) => picture.to_string().replace('|', "\\|"),
        Content::Date => "date".to_owned(),
    }
}

const fn list(list: List) -> &'static str {
    match list {
        List::None => "",
        List::User => "user",
        List::Standard => "UN/EDIFACT or WCO",
        List::Country => "ISO 3166-1",
        List::Currency => "ISO 4217",
        List::Mode => "UN/ECE Rec 19",
        List::Package => "UN/ECE Rec 21",
        List::Place => "UN/LOCODE",
        List::Container => "ISO 6346",
    }
}
