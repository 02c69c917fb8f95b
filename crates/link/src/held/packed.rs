//! A party in little room: all its texts in one run of bytes.

use customs::terms::{Address, Country, Identifier, Party};

/// The texts of a party, each behind its length. Equal parties are equal bytes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Packed(Box<[u8]>);

impl Packed {
    pub(crate) fn of(party: &Party) -> Self {
        let Address { line, city, subdivision, postcode, country } = &party.address;
        let mut bytes = Vec::with_capacity(16 + party.name.len() + line.len());
        put(&mut bytes, &party.name);
        let country = country.as_ref().map_or("", |country| country.as_str());
        [line, city, subdivision, postcode, country].into_iter().for_each(|text| put(&mut bytes, text));
        for Identifier { scheme, value } in &party.identifiers {
            put(&mut bytes, scheme);
            put(&mut bytes, value);
        }
        Self(bytes.into())
    }

    pub(crate) fn party(&self) -> Party {
        let mut texts = self.texts().map(str::to_owned);
        let mut next = || texts.next().unwrap_or_default();
        let name = next();
        let address = Address {
            line: next(),
            city: next(),
            subdivision: next(),
            postcode: next(),
            country: Some(next()).filter(|code| !code.is_empty()).map(Country::new),
        };
        Party { name, address, identifiers: self.identifiers().map(owned).collect() }
    }

    pub(crate) fn name(&self) -> &str {
        self.texts().next().unwrap_or_default()
    }

    /// The texts of its address but for the country.
    pub(crate) fn places(&self) -> impl Iterator<Item = &str> {
        self.texts().skip(1).take(4)
    }

    pub(crate) fn identifiers(&self) -> impl Iterator<Item = (&str, &str)> {
        let mut texts = self.texts().skip(6);
        std::iter::from_fn(move || Some((texts.next()?, texts.next()?)))
    }

    /// The same on every machine.
    pub(crate) fn hash(&self) -> u64 {
        let step = |hash: u64, chunk: &[u8]| {
            let mut word = [0; 8];
            word[..chunk.len()].copy_from_slice(chunk);
            super::mix(hash, u64::from_le_bytes(word))
        };
        self.0.chunks(8).fold(self.0.len() as u64, step)
    }

    fn texts(&self) -> Texts<'_> {
        Texts(&self.0)
    }
}

fn owned((scheme, value): (&str, &str)) -> Identifier {
    Identifier { scheme: scheme.to_owned(), value: value.to_owned() }
}

/// A text behind its length, seven bits of it a byte.
fn put(bytes: &mut Vec<u8>, text: &str) {
    let mut length = text.len();
    while length >= 128 {
        bytes.push((length % 128) as u8 | 128);
        length /= 128;
    }
    bytes.push(length as u8);
    bytes.extend_from_slice(text.as_bytes());
}

struct Texts<'a>(&'a [u8]);

impl<'a> Iterator for Texts<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        let (mut length, mut shift) = (0_usize, 0);
        loop {
            let (byte, rest) = self.0.split_first()?;
            self.0 = rest;
            length |= usize::from(byte & 127) << shift;
            shift += 7;
            if byte & 128 == 0 {
                break;
            }
        }
        let (text, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        std::str::from_utf8(text).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_party_comes_out_as_it_went_in() {
        let party = Party {
            name: "Công ty ".repeat(40),
            identifiers: vec![
                Identifier { scheme: "VN-MST".into(), value: "0312345678".into() },
                Identifier { scheme: String::new(), value: "x".into() },
            ],
            address: Address {
                city: "Huế".into(), country: Some(Country::new("VN")), ..Address::default()
            },
        };
        let packed = Packed::of(&party);
        assert_eq!(packed.party(), party);
        assert_eq!(packed.name(), party.name);
        assert_eq!(packed.identifiers().nth(1), Some(("", "x")));
        assert_ne!(packed.hash(), Packed::of(&Party::default()).hash());
    }
}
