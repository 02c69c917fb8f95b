//! Small numbers, as Parquet packs them: runs of one number, and groups of eight packed bit by bit.

use super::ParquetFault;
use super::thrift::varint;

/// So many numbers of this width.
pub(super) fn decode(bytes: &[u8], width: u32, count: usize) -> Result<Vec<u32>, ParquetFault> {
    if width > 32 {
        return Err(DAMAGED);
    }
    let mut numbers = Vec::with_capacity(count.min(1 << 20));
    let mut rest = bytes;
    while numbers.len() < count {
        let (head, taken) = varint(rest).ok_or(DAMAGED)?;
        rest = &rest[taken..];
        let left = count - numbers.len();
        rest = if head & 1 == 0 {
            run(rest, (head >> 1, width), left, &mut numbers)?
        } else {
            packed(rest, (head >> 1, width), left, &mut numbers)?
        };
    }
    Ok(numbers)
}

fn run<'a>(
    bytes: &'a [u8],
    (length, width): (u64, u32),
    left: usize,
    numbers: &mut Vec<u32>,
) -> Result<&'a [u8], ParquetFault> {
    let size = width.div_ceil(8) as usize;
    let (value, rest) = bytes.split_at_checked(size).ok_or(DAMAGED)?;
    let value = value.iter().rev().fold(0_u32, |value, byte| (value << 8) | u32::from(*byte));
    if length == 0 {
        return Err(DAMAGED);
    }
    let length = usize::try_from(length).unwrap_or(usize::MAX).min(left);
    numbers.extend(std::iter::repeat_n(value, length));
    Ok(rest)
}

fn packed<'a>(
    bytes: &'a [u8],
    (groups, width): (u64, u32),
    left: usize,
    numbers: &mut Vec<u32>,
) -> Result<&'a [u8], ParquetFault> {
    let groups = usize::try_from(groups).map_err(|_| DAMAGED)?;
    let size = groups.checked_mul(width as usize).ok_or(DAMAGED)?;
    if groups == 0 {
        return Err(DAMAGED);
    }
    // The last group of a page may be cut where its numbers are none.
    let (packed, rest) = bytes.split_at(size.min(bytes.len()));
    let wanted = left.min(groups.saturating_mul(8));
    if packed.len() * 8 < wanted * width as usize {
        return Err(DAMAGED);
    }
    let (mut held, mut bits, mut source) = (0_u64, 0_u32, packed.iter());
    let mask = (1_u64 << width) - 1;
    for _ in 0..wanted {
        while bits < width {
            held |= u64::from(*source.next().ok_or(DAMAGED)?) << bits;
            bits += 8;
        }
        numbers.push((held & mask) as u32);
        held >>= width;
        bits -= width;
    }
    Ok(rest)
}

const DAMAGED: ParquetFault = ParquetFault::Damaged("packed numbers");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_and_packed_groups_stand_side_by_side() {
        // The format's own example: 0 to 7 in three bits.
        let example = [0b11, 0b1000_1000, 0b1100_0110, 0b1111_1010];
        assert_eq!(decode(&example, 3, 8), Ok((0..8).collect()));
        let both = [0b110, 7, 0b11, 0b1000_1000, 0b1100_0110, 0b1111_1010];
        assert_eq!(decode(&both, 3, 5), Ok(vec![7, 7, 7, 0, 1]));
        assert_eq!(decode(&[0b1000], 0, 4), Ok(vec![0; 4]));
        for damaged in [&[][..], &[0b110], &[0, 1], &[0b11, 1]] {
            assert_eq!(decode(damaged, 3, 4), Err(DAMAGED), "{damaged:?}");
        }
    }
}
