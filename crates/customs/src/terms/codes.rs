//! Codes as they stood on the wire: unknown ones survive, well-formed ones can be asked about.

use std::fmt;

use serde::{Deserialize, Serialize};

macro_rules! code {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// Takes the code as it stood on the wire.
            #[must_use]
            pub fn new(code: impl Into<String>) -> Self {
                Self(code.into())
            }

            /// The code.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

code!(
    /// A country by its ISO 3166-1 letters.
    Country
);
code!(
    /// A place by its UN/LOCODE, five characters, possibly followed by a national part (UN/ECE Recommendation 16).
    Place
);
code!(
    /// A mode of transport by its UN/ECE Recommendation 19 digit (1 sea, 2 rail, 3 road, 4 air, 5 post, …).
    TransportMode
);

impl Place {
    /// The country part: the first two letters.
    #[must_use]
    pub fn country(&self) -> Option<Country> {
        self.0.get(..2).map(Country::new)
    }
}

/// A commodity code: the six digits of the Harmonized System, or more where a nomenclature such as the AHTN goes on.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct HsCode(String);

/// Why a text is no commodity code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotAnHsCode;

impl fmt::Display for NotAnHsCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a commodity code is 4 to 12 digits")
    }
}

impl std::error::Error for NotAnHsCode {}

impl HsCode {
    /// Takes a code of 4 to 12 digits; dots and spaces between them are dropped.
    ///
    /// # Errors
    /// [`NotAnHsCode`] for anything else.
    pub fn new(text: &str) -> Result<Self, NotAnHsCode> {
        let digits: String = text.chars().filter(|c| !matches!(c, '.' | ' ')).collect();
        let fits = (4..=12).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
        if fits { Ok(Self(digits)) } else { Err(NotAnHsCode) }
    }

    /// The digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The first `digits` digits, or fewer where the code is shorter.
    #[must_use]
    pub fn prefix(&self, digits: usize) -> &str {
        &self.0[..digits.min(self.0.len())]
    }

    /// The deepest level at which two codes of the same edition can be compared: the digits both have, at most
    /// `national` where the national parts are not the same nomenclature.
    #[must_use]
    pub fn common_level(&self, other: &Self, national: usize) -> usize {
        self.0.len().min(other.0.len()).min(national)
    }
}

impl fmt::Display for HsCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for HsCode {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::new(&String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_commodity_code_is_digits() {
        assert_eq!(HsCode::new("8471.30.20").map(|code| code.to_string()), Ok("84713020".to_owned()));
        for text in ["", "84", "8471A0", "1234567890123", "８４７１３０"] {
            assert_eq!(HsCode::new(text), Err(NotAnHsCode), "{text}");
        }
    }

    #[test]
    fn a_place_knows_its_country() {
        assert_eq!(Place::new("VNSGN").country(), Some(Country::new("VN")));
        assert_eq!(Place::new("").country(), None);
        assert_eq!(
            Place::new("é").country(),
            Some(Country::new("é")),
            "two bytes, one letter: kept as it stood"
        );
    }
}
