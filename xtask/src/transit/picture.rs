//! Facets of a schema, or a format of the derived list, as one picture in the project's own notation.

use anyhow::bail;

type Facets = [(String, String)];

fn first<'a>(facets: &'a Facets, name: &str) -> Option<&'a str> {
    facets.iter().find(|(kind, _)| kind == name).map(|(_, value)| value.as_str())
}

/// The picture of these facets.
pub(super) fn of(facets: &Facets) -> anyhow::Result<String> {
    if let Some(listed) = enumerated(facets) {
        return Ok(listed);
    }
    let patterns: Vec<&str> =
        facets.iter().filter(|(kind, _)| kind == "pattern").map(|(_, value)| value.as_str()).collect();
    let base = first(facets, "base").unwrap_or_default();
    match base {
        "xs:date" => return Ok("date".into()),
        "xs:dateTime" => return Ok("datetime".into()),
        "xs:integer" => return integer(facets),
        "xs:decimal" => return decimal(facets, &patterns),
        _ => {}
    }
    let squeeze = if base == "xs:token" { "t" } else { "" };
    if let Some(named) = patterns.iter().find_map(|pattern| named(pattern)) {
        return Ok(format!("{squeeze}{named}"));
    }
    let Some(picture) = patterns.first().and_then(|pattern| text(pattern, facets)).or_else(|| free(facets))
    else {
        bail!("no picture for {facets:?}");
    };
    Ok(format!("{squeeze}{picture}"))
}

fn enumerated(facets: &Facets) -> Option<String> {
    let mut values: Vec<&str> =
        facets.iter().filter(|(kind, _)| kind == "enumeration").map(|(_, value)| value.as_str()).collect();
    values.sort_unstable();
    values.dedup();
    match values.len() {
        0 => None,
        // The list of all messages: the table itself knows them.
        80.. => Some("message".into()),
        _ => Some(format!("={}", values.join(","))),
    }
}

fn integer(facets: &Facets) -> anyhow::Result<String> {
    let (Some(low), Some(high)) = (first(facets, "minInclusive"), first(facets, "maxInclusive")) else {
        bail!("an integer without bounds: {facets:?}");
    };
    Ok(format!("int{low}..{high}"))
}

fn decimal(facets: &Facets, patterns: &[&str]) -> anyhow::Result<String> {
    let (Some(total), Some(decimals)) = (first(facets, "totalDigits"), first(facets, "fractionDigits"))
    else {
        bail!("a decimal without digits: {facets:?}");
    };
    let zero = patterns.iter().any(|pattern| pattern.starts_with("(0|"));
    Ok(format!("dec{total},{decimals}{}", if zero { "" } else { "+" }))
}

/// The patterns that are things of the trade.
fn named(pattern: &str) -> Option<&'static str> {
    Some(match pattern {
        "[A-Z]{2}[A-Z0-9]{6}" => "office",
        "[A-Z]{2}[!-~]{1,15}" => "trader",
        "[A-Z]{2}" => "A2",
        "[2][0][1-9][0-9]" => "year",
        _ if pattern.contains("[A-Z0-9]{13}[0-9]") && !pattern.contains("[J-M]") => "mrn",
        _ if pattern.ends_with("[J-M][0-9]") => "mrn",
        _ if pattern.ends_with("[A-E][0-9]") => "mrn-export",
        _ if pattern.contains("[0-9]{2}[A-Z]{2}[A-Z0-9]{12}[0-9]") => "grn",
        _ if pattern.starts_with("([1-9][0-9]{0,6}|") => "tir",
        _ if pattern.contains("180\\.") || pattern.contains("180.") => "longitude",
        _ if pattern.contains("90.") => "latitude",
        _ if pattern.starts_with("\\P{Z}[^@]") => "mail-trimmed",
        _ if pattern.starts_with("[^@]") => "mail",
        _ if pattern.ends_with('E') => "risk",
        _ => return None,
    })
}

fn length(facets: &Facets) -> Option<String> {
    first(facets, "length")
        .map(str::to_owned)
        .or_else(|| first(facets, "maxLength").map(|max| format!("..{max}")))
}

/// `{1,35}` as `..35`, `{8}` as `8`.
fn repeat(tail: &str) -> Option<String> {
    let inside = tail.strip_prefix('{')?.strip_suffix('}')?;
    Some(inside.strip_prefix("1,").map_or_else(|| inside.to_owned(), |max| format!("..{max}")))
}

fn text(pattern: &str, facets: &Facets) -> Option<String> {
    if pattern == "\\P{Z}(.*\\P{Z})?" {
        return Some(format!("an{}-trimmed", length(facets)?));
    }
    if pattern.starts_with("[!-~][ -~]") {
        return Some(format!("ascii{}-trimmed", length(facets)?));
    }
    for (class, sign) in [
        ("[0-9]", "n"),
        ("[A-Za-z]", "a"),
        ("[a-zA-Z]", "a"),
        ("[ -~]", "ascii"),
        ("[A-Z0-9]", "AN"),
        ("[A-Z]", "A"),
        (".", "an"),
    ] {
        if let Some(tail) = pattern.strip_prefix(class) {
            let size = if tail == "*" { length(facets) } else { repeat(tail) };
            return size.map(|size| format!("{sign}{size}"));
        }
    }
    None
}

fn free(facets: &Facets) -> Option<String> {
    length(facets).map(|size| format!("an{size}"))
}

/// The picture of a format of the derived list, for what no schema says more of.
pub(super) fn of_format(format: &str, item: &str) -> String {
    match (format, item) {
        ("an10", _) => "date".into(),
        ("an19", _) => "datetime".into(),
        ("an18", "MRN") => "mrn".into(),
        ("an8", "Reference number") => "office".into(),
        _ => match format.strip_prefix("n..").and_then(|size| size.split_once(',')) {
            Some((total, decimals)) => format!("dec{total},{decimals}"),
            None => format.replace(' ', ""),
        },
    }
}
