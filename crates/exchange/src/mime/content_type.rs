//! The value of a `Content-Type` header.

use crate::{Fault, Why};

/// A media type with its parameters; type and parameter names are lower case.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct ContentType {
    /// Such as `multipart/related`.
    pub(crate) media: String,
    parameters: Vec<(String, String)>,
}

impl ContentType {
    /// Reads a header value.
    ///
    /// # Errors
    /// [`Why::ContentType`] where it does not follow the grammar or names a parameter twice.
    pub(crate) fn parse(value: &str) -> Result<Self, Fault> {
        let wrong = || Fault::new(Why::ContentType, value);
        let (media, mut rest) = value.split_once(';').unwrap_or((value, ""));
        let media = media.trim().to_ascii_lowercase();
        if !media.split_once('/').is_some_and(|(kind, sub)| is_token(kind) && is_token(sub)) {
            return Err(wrong());
        }
        let mut parameters: Vec<(String, String)> = Vec::new();
        loop {
            rest = rest.trim_start_matches([' ', '\t', '\r', '\n', ';']);
            if rest.is_empty() {
                return Ok(Self { media, parameters });
            }
            let (name, after) = rest.split_once('=').ok_or_else(wrong)?;
            let name = name.trim().to_ascii_lowercase();
            let (value, after) = parameter_value(after.trim_start()).ok_or_else(wrong)?;
            if !is_token(&name) || parameters.iter().any(|(known, _)| *known == name) {
                return Err(wrong());
            }
            parameters.push((name, value));
            rest = after;
        }
    }

    /// The value of a parameter, unquoted.
    pub(crate) fn parameter(&self, name: &str) -> Option<&str> {
        self.parameters.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// Whether the SwA rules canonicalise content of this type as XML before digesting.
    pub(crate) fn is_xml(&self) -> bool {
        let media = self.media.as_str();
        let structured = media.starts_with("application/") || media.starts_with("image/");
        matches!(media, "text/xml" | "application/xml") || (structured && media.ends_with("+xml"))
    }

    /// Whether the SwA rules normalise line ends of content of this type before digesting.
    pub(crate) fn is_plain_text(&self) -> bool {
        self.media.starts_with("text/") && !self.is_xml()
    }
}

fn is_token(text: &str) -> bool {
    !text.is_empty()
        && text.bytes().all(|byte| byte.is_ascii_graphic() && !b"()<>@,;:\\\"/[]?=".contains(&byte))
}

/// One parameter value, quoted or not, and what follows it.
fn parameter_value(text: &str) -> Option<(String, &str)> {
    let Some(quoted) = text.strip_prefix('"') else {
        let end = text.find(|c: char| c == ';' || c.is_ascii_whitespace()).unwrap_or(text.len());
        return (end > 0).then(|| (text[..end].to_owned(), &text[end..]));
    };
    let (mut value, mut escaped) = (String::new(), false);
    for (at, c) in quoted.char_indices() {
        match c {
            _ if escaped => {
                value.push(c);
                escaped = false;
            }
            '\\' => escaped = true,
            '"' => return Some((value, &quoted[at + 1..])),
            _ => value.push(c),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_read_quoted_and_bare() {
        let value =
            "Multipart/Related; boundary=\"--=_a;\\\"b\"; TYPE=application/soap+xml;\r\n\tstart=\"<r@x>\";";
        let read = ContentType::parse(value).expect("the header is well-formed");
        assert_eq!(read.media, "multipart/related");
        assert_eq!(read.parameter("boundary"), Some("--=_a;\"b"));
        assert_eq!(read.parameter("type"), Some("application/soap+xml"));
        assert_eq!(read.parameter("start"), Some("<r@x>"));
        assert_eq!(read.parameter("charset"), None);
    }

    #[test]
    fn malformed_values_are_refused() {
        for value in ["", "multipart", "a/b; c", "a/b; c=\"d", "a/b; c=1; C=2", "a b/c", "a/b; =x", "a/b; c="]
        {
            let refused = ContentType::parse(value).map_err(|fault| fault.why);
            assert_eq!(refused, Err(Why::ContentType), "{value:?}");
        }
    }

    #[test]
    fn xml_and_text_are_told_apart_as_the_attachment_profile_does() {
        for (value, xml, text) in [
            ("application/xml; charset=utf-8", true, false),
            ("text/xml", true, false),
            ("image/svg+xml", true, false),
            ("text/csv", false, true),
            ("application/gzip", false, false),
            ("application/json", false, false),
        ] {
            let read = ContentType::parse(value).expect("well-formed");
            assert_eq!((read.is_xml(), read.is_plain_text()), (xml, text), "{value}");
        }
    }
}
