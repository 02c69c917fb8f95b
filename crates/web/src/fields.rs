//! Names and values of a form or an address, in their order; a name may come several times.

/// Names and values.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fields(Vec<(String, String)>);

impl Fields {
    /// Reads `a=1&b=2`, percent signs and pluses undone.
    #[must_use]
    pub fn read(encoded: &[u8]) -> Self {
        Self(
            form_urlencoded::parse(encoded)
                .map(|(name, value)| (name.into_owned(), value.into_owned()))
                .collect(),
        )
    }

    /// Takes one more in.
    pub fn push(&mut self, name: impl Into<String>, value: impl Into<String>) {
        self.0.push((name.into(), value.into()));
    }

    /// The first value of this name, without the white space around it; empty where there is none.
    #[must_use]
    pub fn text(&self, name: &str) -> &str {
        self.0.iter().find(|field| field.0 == name).map_or("", |field| field.1.trim())
    }

    /// The first value of this name as it stands, where there is one.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|field| field.0 == name).map(|field| field.1.as_str())
    }

    /// All values of this name.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |field| field.0 == name).map(|field| field.1.as_str())
    }

    /// All names and values in their order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|field| (field.0.as_str(), field.1.as_str()))
    }

    /// A number under this name; `None` where there is none or it is not one.
    #[must_use]
    pub fn number(&self, name: &str) -> Option<u64> {
        self.text(name).parse().ok()
    }

    /// The same fields with this name set to this value, or without it where the value is empty; as an address part.
    #[must_use]
    pub fn with(&self, name: &str, value: &str) -> String {
        let mut written = form_urlencoded::Serializer::new(String::new());
        written.extend_pairs(self.0.iter().filter(|field| field.0 != name && !field.1.is_empty()));
        if !value.is_empty() {
            written.append_pair(name, value);
        }
        written.finish()
    }
}

/// A path with everything but letters, digits, `-._~` and slashes written as percent signs.
#[must_use]
pub(crate) fn path_of(plain: &str) -> String {
    let mut path = String::with_capacity(plain.len());
    for byte in plain.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                path.push(char::from(byte));
            }
            other => path.push_str(&format!("%{other:02X}")),
        }
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chip_changes_one_field_and_keeps_the_others() {
        let fields = Fields::read(b"stage=flagged&text=C%C3%B4ng+ty&page=3");
        assert_eq!(fields.text("text"), "Công ty");
        assert_eq!(fields.with("stage", ""), "text=C%C3%B4ng+ty&page=3");
        assert_eq!(fields.with("page", "4"), "stage=flagged&text=C%C3%B4ng+ty&page=4");
    }

    #[test]
    fn a_case_survives_its_address() {
        assert_eq!(path_of("received/TH-acdd 1#?%"), "received/TH-acdd%201%23%3F%25");
    }
}
