//! Snappy's raw form: literals, and copies of what came before.

use super::thrift::varint;
use super::{PAGE_BYTES_MAX, ParquetFault};

/// What was packed.
pub(super) fn unpack(bytes: &[u8]) -> Result<Vec<u8>, ParquetFault> {
    let (length, taken) = varint(bytes).ok_or(DAMAGED)?;
    let length = usize::try_from(length).ok().filter(|length| *length <= PAGE_BYTES_MAX).ok_or(DAMAGED)?;
    let (mut out, mut rest) = (Vec::with_capacity(length.min(1 << 20)), &bytes[taken..]);
    while let Some((tag, after)) = rest.split_first() {
        rest = match tag & 3 {
            0 => literal(*tag, after, &mut out)?,
            _ => copy(*tag, after, &mut out)?,
        };
        if out.len() > length {
            return Err(DAMAGED);
        }
    }
    if out.len() == length { Ok(out) } else { Err(DAMAGED) }
}

fn literal<'a>(tag: u8, bytes: &'a [u8], out: &mut Vec<u8>) -> Result<&'a [u8], ParquetFault> {
    let short = usize::from(tag >> 2);
    let extra = short.saturating_sub(59);
    let (long, bytes) = bytes.split_at_checked(extra).ok_or(DAMAGED)?;
    let length = if extra == 0 { short } else { number(long) };
    let (literal, rest) = bytes.split_at_checked(length + 1).ok_or(DAMAGED)?;
    out.extend_from_slice(literal);
    Ok(rest)
}

fn copy<'a>(tag: u8, bytes: &'a [u8], out: &mut Vec<u8>) -> Result<&'a [u8], ParquetFault> {
    let size = match tag & 3 {
        1 => 1,
        2 => 2,
        _ => 4,
    };
    let (offset, rest) = bytes.split_at_checked(size).ok_or(DAMAGED)?;
    let (length, offset) = match size {
        1 => (usize::from(tag >> 2 & 7) + 4, usize::from(tag >> 5) << 8 | number(offset)),
        _ => (usize::from(tag >> 2) + 1, number(offset)),
    };
    let start = out.len().checked_sub(offset).filter(|_| offset > 0).ok_or(DAMAGED)?;
    // A copy may reach into what it writes itself.
    for at in start..start + length {
        out.push(out[at]);
    }
    Ok(rest)
}

fn number(bytes: &[u8]) -> usize {
    bytes.iter().rev().fold(0, |number, byte| number << 8 | usize::from(*byte))
}

const DAMAGED: ParquetFault = ParquetFault::Damaged("Snappy");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literals_and_copies_are_put_together() {
        // "ab", then eight from two before: a copy that reaches into itself.
        assert_eq!(unpack(&[10, 1 << 2, b'a', b'b', (8 - 4) << 2 | 1, 2]).as_deref(), Ok(&b"ababababab"[..]));
        assert_eq!(unpack(&[0]).as_deref(), Ok(&b""[..]));
        for damaged in [
            &[][..],
            &[5, 0, b'a'],
            &[1, 1, 0],
            &[1, 1, 9],
            &[3, 1 << 2, b'a'],
            &[255, 255, 255, 255, 255, 1],
        ] {
            assert_eq!(unpack(damaged), Err(DAMAGED), "{damaged:?}");
        }
    }
}
