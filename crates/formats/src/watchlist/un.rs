//! The United Nations' consolidated list in XML.

use customs::targeting::{Listed, ListedKind};
use kernel::{Finding, Findings, Place};
use quick_xml::Reader;
use quick_xml::events::Event;

use super::ENTRIES_MAX;

/// Reads the list.
#[must_use]
pub fn read_un(list: &str, bytes: &[u8]) -> (Vec<Listed>, Findings) {
    let mut reader = Reader::from_reader(bytes);
    let mut reading =
        Reading { list, entries: Vec::new(), open: None, path: Vec::new(), text: String::new() };
    let mut findings = Findings::new();
    loop {
        match reader.read_event() {
            Ok(Event::Start(tag)) => reading.opens(tag.name().as_ref()),
            Ok(Event::Text(text)) => reading.text.push_str(&unescaped(&text)),
            Ok(Event::GeneralRef(entity)) => reading.text.push_str(&unescaped(&format!("&{};", &*entity))),
            Ok(Event::End(_)) => reading.closes(),
            Ok(Event::Eof) => break,
            Ok(_) => {}
            Err(_) => {
                findings.push(Finding::error("xml-not-well-formed", Place::at(reading.path.join("/"))));
                break;
            }
        }
        if reading.path.len() > DEPTH_MAX || reading.entries.len() > ENTRIES_MAX {
            findings.push(Finding::error("watchlist-too-long", Place::at("list")));
            break;
        }
    }
    if reading.entries.is_empty() {
        findings.push(Finding::error("watchlist-empty", Place::at("CONSOLIDATED_LIST")));
    }
    (reading.entries, findings)
}

const DEPTH_MAX: usize = 40;

/// The five entities XML knows.
fn unescaped(text: &str) -> String {
    text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&apos;", "'")
        .replace("&amp;", "&")
}

struct Reading<'a> {
    list: &'a str,
    entries: Vec<Listed>,
    open: Option<Open>,
    path: Vec<String>,
    text: String,
}

/// An entry being read.
#[derive(Default)]
struct Open {
    listed: Listed,
    name: Vec<String>,
    address: Vec<String>,
}

impl Reading<'_> {
    fn opens(&mut self, tag: &str) {
        let kind = match tag {
            "INDIVIDUAL" => Some(ListedKind::Person),
            "ENTITY" => Some(ListedKind::Entity),
            _ => None,
        };
        if let Some(kind) = kind {
            let listed = Listed { list: self.list.to_owned(), kind, ..Listed::default() };
            self.open = Some(Open { listed, ..Open::default() });
        }
        self.path.push(tag.to_owned());
        self.text.clear();
    }

    fn closes(&mut self) {
        let Some(tag) = self.path.pop() else { return };
        let text = std::mem::take(&mut self.text).trim().to_owned();
        let above = self.path.last().cloned().unwrap_or_default();
        if let Some(open) = &mut self.open {
            open.take(&tag, &above, text);
            if matches!(tag.as_str(), "INDIVIDUAL" | "ENTITY")
                && let Some(open) = self.open.take()
            {
                self.entries.extend(open.finish());
            }
        }
    }
}

impl Open {
    fn take(&mut self, tag: &str, above: &str, text: String) {
        if tag.ends_with("_ADDRESS") && !self.address.is_empty() {
            self.listed.addresses.push(std::mem::take(&mut self.address).join(", "));
        }
        if text.is_empty() {
            return;
        }
        match (tag, above) {
            ("FIRST_NAME" | "SECOND_NAME" | "THIRD_NAME" | "FOURTH_NAME", _) => self.name.push(text),
            ("ALIAS_NAME" | "NAME_ORIGINAL_SCRIPT", _) => self.listed.names.push(text),
            ("REFERENCE_NUMBER", _) => self.listed.id = text,
            ("UN_LIST_TYPE", _) => self.listed.programme = text,
            ("NUMBER", _) => self.listed.numbers.push(text),
            ("YEAR", _) => self.listed.births.extend(text.parse::<u16>().ok()),
            ("DATE", "INDIVIDUAL_DATE_OF_BIRTH") => {
                self.listed.births.extend(text.get(..4).and_then(|year| year.parse::<u16>().ok()));
            }
            ("VALUE", "NATIONALITY") => self.listed.countries.push(text),
            ("STREET" | "CITY" | "STATE_PROVINCE" | "COUNTRY", above) if above.ends_with("_ADDRESS") => {
                self.address.push(text);
            }
            _ => {}
        }
    }

    fn finish(mut self) -> Option<Listed> {
        if !self.name.is_empty() {
            self.listed.names.insert(0, self.name.join(" "));
        }
        (!self.listed.names.is_empty() && !self.listed.id.is_empty()).then_some(self.listed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_parts_and_in_their_own_script_are_kept() {
        let xml = "<CONSOLIDATED_LIST><INDIVIDUALS><INDIVIDUAL><FIRST_NAME>JOHN</FIRST_NAME><SECOND_NAME>DOE &amp; X</SECOND_NAME>\
            <REFERENCE_NUMBER>Ti.1</REFERENCE_NUMBER><NAME_ORIGINAL_SCRIPT>จอห์น</NAME_ORIGINAL_SCRIPT>\
            <INDIVIDUAL_ALIAS><QUALITY>Good</QUALITY><ALIAS_NAME>Jon Doh</ALIAS_NAME></INDIVIDUAL_ALIAS>\
            <INDIVIDUAL_ADDRESS><CITY>Vientiane</CITY><COUNTRY>Laos</COUNTRY></INDIVIDUAL_ADDRESS>\
            <INDIVIDUAL_DATE_OF_BIRTH><YEAR>1971</YEAR></INDIVIDUAL_DATE_OF_BIRTH></INDIVIDUAL></INDIVIDUALS></CONSOLIDATED_LIST>";
        let (entries, findings) = read_un("un", xml.as_bytes());
        assert!(findings.is_empty(), "{findings:?}");
        assert_eq!(entries[0].names, ["JOHN DOE & X", "จอห์น", "Jon Doh"]);
        assert_eq!(
            (entries[0].addresses.as_slice(), entries[0].births.as_slice()),
            (["Vientiane, Laos".to_owned()].as_slice(), [1_971].as_slice())
        );
    }

    #[test]
    fn what_is_no_list_is_a_finding() {
        for text in ["", "<a>", "<CONSOLIDATED_LIST/>", "<INDIVIDUAL><FIRST_NAME>x</INDIVIDUAL>"] {
            assert!(!read_un("un", text.as_bytes()).1.is_empty(), "{text}");
        }
    }
}
