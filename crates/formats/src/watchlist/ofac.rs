//! OFAC's comma files: `sdn.csv` or `cons_prim.csv` with entries, `alt.csv` with other names, `add.csv` with addresses.
//! `-0-` stands for nothing.

use std::collections::BTreeMap;

use customs::targeting::{Listed, ListedKind};
use kernel::{Finding, Findings, Place};

use super::ENTRIES_MAX;

/// The three files of a list; the last two may be empty.
#[derive(Clone, Copy, Debug, Default)]
pub struct Ofac<'a> {
    /// Entries.
    pub entries: &'a [u8],
    /// Other names.
    pub names: &'a [u8],
    /// Addresses.
    pub addresses: &'a [u8],
}

/// Reads a list of this name.
#[must_use]
pub fn read_ofac(list: &str, files: Ofac<'_>) -> (Vec<Listed>, Findings) {
    let mut findings = Findings::new();
    let mut entries: Vec<Listed> = Vec::new();
    let mut places: BTreeMap<String, usize> = BTreeMap::new();
    each(files.entries, &mut findings, |fields, findings, line| {
        let Some(listed) = entry(list, fields) else { return findings.push(faulty("watchlist-entry", line)) };
        if entries.len() >= ENTRIES_MAX {
            return findings.push(faulty("watchlist-too-long", line));
        }
        places.insert(listed.id.clone(), entries.len());
        entries.push(listed);
    });
    each(files.names, &mut findings, |fields, findings, line| {
        let name = fields.get(3).map(|name| turned(name)).filter(|name| !name.is_empty());
        match (places.get(fields[0].as_str()), name) {
            (Some(at), Some(name)) => entries[*at].names.push(name),
            _ => findings.push(faulty("watchlist-name-alone", line)),
        }
    });
    each(files.addresses, &mut findings, |fields, findings, line| {
        let Some(at) = places.get(fields[0].as_str()) else {
            return findings.push(faulty("watchlist-address-alone", line));
        };
        let address: Vec<&str> =
            fields.iter().skip(2).take(3).map(String::as_str).filter(|part| !part.is_empty()).collect();
        if !address.is_empty() {
            entries[*at].addresses.push(address.join(", "));
        }
        if let Some(country) = fields.get(4).filter(|country| !country.is_empty())
            && !entries[*at].countries.contains(country)
        {
            entries[*at].countries.push(country.clone());
        }
    });
    (entries, findings)
}

fn each(bytes: &[u8], findings: &mut Findings, mut take: impl FnMut(&[String], &mut Findings, u64)) {
    let mut reader = ::csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(bytes);
    let mut record = ::csv::ByteRecord::new();
    loop {
        match reader.read_byte_record(&mut record) {
            Ok(false) => return,
            Ok(true) => {
                let fields: Vec<String> = record.iter().map(field).collect();
                // The files end in a DOS end-of-file mark.
                if fields.iter().all(|field| field.is_empty() || field == "\u{1a}") {
                    continue;
                }
                let line = record.position().map_or(0, ::csv::Position::line);
                take(&fields, findings, line);
            }
            Err(_) => return findings.push(faulty("watchlist-no-table", 0)),
        }
    }
}

fn field(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    let text = text.trim();
    if text == "-0-" { String::new() } else { text.to_owned() }
}

fn faulty(code: &'static str, line: u64) -> Finding {
    let place = Place { line: u32::try_from(line).unwrap_or(u32::MAX), ..Place::at("list") };
    Finding::warning(code, place)
}

/// Number, name, kind, programme, title, then what a vessel has; remarks last.
fn entry(list: &str, fields: &[String]) -> Option<Listed> {
    let (id, name) = (fields.first()?, fields.get(1)?);
    if id.is_empty() || name.is_empty() || !id.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let remarks = fields.get(11).map_or("", String::as_str);
    let kind = match fields.get(2).map(String::as_str) {
        Some("individual") => ListedKind::Person,
        Some("vessel") => ListedKind::Vessel,
        Some("aircraft") => ListedKind::Aircraft,
        _ => ListedKind::Entity,
    };
    let mut listed = Listed {
        list: list.to_owned(),
        id: id.clone(),
        kind,
        names: vec![turned(name)],
        programme: fields.get(3).cloned().unwrap_or_default(),
        ..Listed::default()
    };
    listed.numbers.extend(fields.get(5).filter(|call_sign| !call_sign.is_empty()).cloned());
    for part in remarks.split(';').map(|part| part.trim().trim_end_matches('.')) {
        remark(part, &mut listed);
    }
    Some(listed)
}

/// Remarks carry births, numbers and names in a fixed way of writing.
fn remark(part: &str, listed: &mut Listed) {
    if let Some(birth) = part.strip_prefix("DOB ").or_else(|| part.strip_prefix("alt. DOB ")) {
        let year = birth.split(|c: char| !c.is_ascii_digit()).filter(|digits| digits.len() == 4);
        listed.births.extend(year.filter_map(|year| year.parse::<u16>().ok()));
    } else if let Some(country) = part.strip_prefix("nationality ").or_else(|| part.strip_prefix("citizen "))
    {
        listed.countries.push(country.to_owned());
    } else if part.contains("Passport")
        || part.contains("National ID")
        || part.contains("Registration")
        || part.contains("Identification")
    {
        let digits = |word: &&str| word.len() >= 5 && word.bytes().any(|byte| byte.is_ascii_digit());
        listed.numbers.extend(part.split(' ').find(digits).map(str::to_owned));
        if part.contains("Vessel Registration Identification IMO") {
            listed.numbers.extend(part.split(' ').next_back().map(|number| format!("IMO {number}")));
        }
    } else if let Some(name) = part.strip_prefix("a.k.a. ") {
        listed.names.push(name.trim_matches(|c: char| c == '\'' || c == '"').to_owned());
    }
}

/// `HANIYA, Ismail` is `Ismail HANIYA`; a firm's comma before its legal form turns nothing that matters.
fn turned(name: &str) -> String {
    match name.split_once(", ") {
        Some((family, given)) if !given.contains(',') => format!("{given} {family}"),
        _ => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_names_and_addresses_are_put_together() {
        let files = Ofac {
            entries: b"1,\"DOE, John\",\"individual\",\"X\",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,\"DOB 04 Jul 1962; Passport A1234567 (Laos); nationality Laos.\"\r\nx,\"bad\"\r\n\x1a",
            names: b"1,5,\"aka\",\"DOH, Jon\",-0- \r\n9,6,\"aka\",\"nobody\",-0- \r\n",
            addresses: b"1,7,\"1 Way\",\"Vientiane\",\"Laos\",-0- \r\n",
        };
        let (entries, findings) = read_ofac("ofac-sdn", files);
        assert_eq!(entries.len(), 1);
        assert_eq!(entries[0].names, ["John DOE", "Jon DOH"]);
        assert_eq!(
            (entries[0].births.as_slice(), entries[0].numbers.as_slice()),
            ([1_962].as_slice(), ["A1234567".to_owned()].as_slice())
        );
        assert_eq!(entries[0].addresses, ["1 Way, Vientiane, Laos"]);
        assert_eq!(
            findings.iter().map(|finding| finding.code.as_ref()).collect::<Vec<_>>(),
            ["watchlist-entry", "watchlist-name-alone"]
        );
    }
}
