//! Which of many things are the same.

/// For each of these, each behind its hash, the number of what it is; and where each of these stands first, in that order.
pub(super) fn distinct<T: PartialEq>(all: &[&(u64, T)]) -> (Vec<u32>, Vec<u32>) {
    let mut hashed: Vec<(u64, u32)> = all.iter().map(|one| one.0).zip(0..).collect();
    hashed.sort_unstable();
    let mut first_of: Vec<u32> = (0..).take(all.len()).collect();
    for same in hashed.chunk_by(|a, b| a.0 == b.0) {
        // Two things may have one hash by chance, so each is held against the first ones of its hash.
        let mut firsts: Vec<u32> = Vec::with_capacity(1);
        for (_, at) in same {
            match firsts.iter().find(|first| all[**first as usize].1 == all[*at as usize].1) {
                Some(first) => first_of[*at as usize] = *first,
                None => firsts.push(*at),
            }
        }
    }
    numbered(first_of)
}

/// The same with what stands first numbered without gaps.
fn numbered(first_of: Vec<u32>) -> (Vec<u32>, Vec<u32>) {
    let mut firsts = Vec::new();
    let mut numbers = first_of;
    for at in 0..numbers.len() {
        let first = numbers[at] as usize;
        numbers[at] = if first == at {
            firsts.push(at as u32);
            firsts.len() as u32 - 1
        } else {
            numbers[first]
        };
    }
    (numbers, firsts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_things_have_one_number_in_the_order_they_came() {
        let things = [(7, "b"), (3, "a"), (7, "b"), (7, "c"), (3, "a"), (7, "c")];
        let (numbers, firsts) = distinct(&things.each_ref());
        assert_eq!(numbers, [0, 1, 0, 2, 1, 2]);
        assert_eq!(firsts, [0, 1, 3]);
    }
}
