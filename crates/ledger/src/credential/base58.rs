//! Base58 as Bitcoin writes it: what multibase marks with a `z`.

/// The bytes a text of at most so many letters stands for; `None` for anything else. Each letter multiplies all bytes before
/// it, so that a long text would take its length squared.
pub(super) fn decode(text: &str, letters_max: usize) -> Option<Vec<u8>> {
    if text.is_empty() || text.len() > letters_max {
        return None;
    }
    let mut bytes: Vec<u8> = Vec::with_capacity(text.len());
    for letter in text.bytes() {
        let mut carry = ALPHABET.iter().position(|known| *known == letter)?;
        for byte in &mut bytes {
            carry += usize::from(*byte) * ALPHABET.len();
            *byte = carry as u8;
            carry >>= 8;
        }
        while carry > 0 {
            bytes.push(carry as u8);
            carry >>= 8;
        }
    }
    // Zeros in front are letters of their own.
    bytes.extend(text.bytes().take_while(|letter| *letter == ALPHABET[0]).map(|_| 0));
    bytes.reverse();
    Some(bytes)
}

const ALPHABET: &[u8; 58] = b"123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_stand_for_the_published_bytes() {
        // draft-msporny-base58, section 5, and zeros in front.
        for (text, bytes) in [
            ("2NEpo7TZRRrLZSi2U", &b"Hello World!"[..]),
            (
                "USm3fpXnKG5EUBx2ndxBDMPVciP5hGey2Jh4NDv6gmeo1LkMeiKrLJUUBk6Z",
                b"The quick brown fox jumps over the lazy dog.",
            ),
            ("11233QC4", &[0, 0, 0x28, 0x7f, 0xb4, 0xcd]),
            ("1", &[0]),
        ] {
            assert_eq!(decode(text, 100).as_deref(), Some(bytes), "{text}");
        }
        for wrong in ["", "0", "l", "O", "é"] {
            assert_eq!(decode(wrong, 100), None, "{wrong}");
        }
        assert_eq!(decode("2NEpo7TZRRrLZSi2U", 16), None);
    }
}
