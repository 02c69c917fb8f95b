//! WCO pointers: `42A/67A/68A[2]/92A/063` as a chain of `Pointer` elements and back.

use crate::model::{Draft, Node};

/// The pointer a chain of `Pointer` elements spells.
pub(crate) fn read<'t, 'a: 't>(chain: impl Iterator<Item = Node<'t, 'a>>) -> String {
    let mut pointer = String::new();
    for node in chain {
        if let Some(path) = node.text_at(&["Path"]) {
            return path.to_owned();
        }
        let sequence = node.text_at(&["SequenceNumeric"]).map(|number| format!("[{number}]"));
        for (step, index) in
            [(node.text_at(&["DocumentSectionCode"]), sequence.as_deref()), (node.text_at(&["TagID"]), None)]
        {
            let Some(step) = step else { continue };
            if !pointer.is_empty() {
                pointer.push('/');
            }
            pointer.push_str(step);
            pointer.push_str(index.unwrap_or_default());
        }
    }
    pointer
}

/// The chain that spells a pointer; one in another notation goes into a single `Path`.
pub(crate) fn write(pointer: &str) -> Vec<Draft> {
    match chain(pointer) {
        _ if pointer.is_empty() => Vec::new(),
        Some(chain) => chain,
        None => vec![Draft::new("Pointer").value("Path", pointer)],
    }
}

fn chain(pointer: &str) -> Option<Vec<Draft>> {
    let steps: Vec<&str> = pointer.split('/').collect();
    let mut chain = Vec::new();
    for (index, step) in steps.iter().enumerate() {
        let (id, number) = numbered(step)?;
        if is_class(id) {
            let mut link = Draft::new("Pointer").value("DocumentSectionCode", id);
            if let Some(number) = number {
                link = link.value("SequenceNumeric", number.to_string());
            }
            chain.push(link);
        } else if index + 1 == steps.len() && number.is_none() && is_element(id) {
            let link = chain.pop()?;
            chain.push(link.value("TagID", id));
        } else {
            return None;
        }
    }
    Some(chain)
}

/// A step and its number, where it has one that reads back the same.
fn numbered(step: &str) -> Option<(&str, Option<u32>)> {
    let Some((id, rest)) = step.split_once('[') else { return Some((step, None)) };
    let digits = rest.strip_suffix(']')?;
    let number: u32 = digits.parse().ok()?;
    (number <= 99_999 && number.to_string() == digits).then_some((id, Some(number)))
}

/// Two digits and a letter.
fn is_class(id: &str) -> bool {
    matches!(id.as_bytes(), [b'0'..=b'9', b'0'..=b'9', b'A'..=b'Z'])
}

/// Three digits, or a letter and three digits.
fn is_element(id: &str) -> bool {
    let digits = id.strip_prefix(|c: char| c.is_ascii_uppercase()).unwrap_or(id);
    digits.len() == 3 && digits.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_pointers_of_the_standard_become_chains() {
        for (pointer, links) in [
            ("42A/67A/68A[2]/92A/063", Some(4)),
            ("42A/D014", Some(1)),
            ("42A", Some(1)),
            ("2", None),
            ("068A", None),
            ("42A/063/92A", None),
            ("063", None),
            ("42A/68A[02]", None),
            ("42A/68A[", None),
            ("/Declaration/ID", None),
        ] {
            assert_eq!(chain(pointer).map(|chain| chain.len()), links, "{pointer}");
        }
    }
}
