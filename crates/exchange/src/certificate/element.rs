//! DER elements, one after the other: written by tag and content, read by the tag expected.

/// Elements that stand side by side.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reader<'d>(&'d [u8]);

impl<'d> Reader<'d> {
    pub(crate) const fn of(der: &'d [u8]) -> Self {
        Self(der)
    }

    /// The content of the next element, where it has this tag; else nothing is taken.
    pub(crate) fn next(&mut self, tag: u8) -> Option<&'d [u8]> {
        let (content, _, rest) = taken(self.0, tag)?;
        self.0 = rest;
        Some(content)
    }

    /// The next element with its tag and length, where it has this tag.
    pub(crate) fn whole(&mut self, tag: u8) -> Option<&'d [u8]> {
        let (_, whole, rest) = taken(self.0, tag)?;
        self.0 = rest;
        Some(whole)
    }

    /// The elements inside the next one, where it has this tag.
    pub(crate) fn inside(&mut self, tag: u8) -> Option<Self> {
        self.next(tag).map(Self)
    }

    /// What was not taken yet.
    pub(crate) const fn rest(&self) -> &'d [u8] {
        self.0
    }
}

/// Content, whole and rest of the first element, where it has this tag. Lengths of four octets and more are refused.
fn taken(der: &[u8], tag: u8) -> Option<(&[u8], &[u8], &[u8])> {
    let (&seen, after) = der.split_first()?;
    let (&first, after) = after.split_first()?;
    let (length, after) = match first {
        0..=0x7f => (usize::from(first), after),
        0x81..=0x83 => {
            let (octets, after) = after.split_at_checked(usize::from(first - 0x80))?;
            (octets.iter().fold(0, |sum, byte| sum << 8 | usize::from(*byte)), after)
        }
        _ => return None,
    };
    if seen != tag {
        return None;
    }
    let (content, rest) = after.split_at_checked(length)?;
    Some((content, &der[..der.len() - rest.len()], rest))
}

/// One DER element.
pub(crate) fn tlv(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = content.len().to_be_bytes();
    let length = &length[length.iter().position(|&byte| byte != 0).unwrap_or(length.len() - 1)..];
    let mut out = Vec::with_capacity(content.len() + 6);
    out.push(tag);
    if content.len() >= 0x80 {
        out.push(0x80 | u8::try_from(length.len()).expect("a length has at most eight octets"));
    }
    out.extend_from_slice(length);
    out.extend_from_slice(content);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_and_what_is_cut_is_not() {
        for length in [0, 1, 127, 128, 300, 70_000] {
            let content = vec![7; length];
            let der = tlv(4, &content);
            let mut reader = Reader::of(&der);
            assert_eq!(reader.next(5), None, "another tag");
            assert_eq!(reader.next(4), Some(&content[..]));
            assert!(reader.rest().is_empty());
            assert_eq!(Reader::of(&der[..der.len() - 1]).next(4), None);
        }
    }
}
