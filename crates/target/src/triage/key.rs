//! What is left of a receiver however it was spelled: a name, an address, a telephone and a means of payment as hashes.

use names::{sound, words};

use crate::model::sheet::{hash, mix};

/// A receiver's keys; 0 where nothing was said.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Keys {
    pub(super) name: u64,
    pub(super) address: u64,
    pub(super) phone: u64,
    pub(super) payment: u64,
}

/// Words of a Vietnamese name between family and given name that are left out as often as not, and initials.
const MIDDLE: [&str; 4] = ["van", "thi", "mr", "ms"];

/// Words of an address that are written, shortened or left out as one likes, and names of cities and countries.
const PLACE: [&str; 47] = [
    "so",
    "no",
    "number",
    "duong",
    "street",
    "st",
    "str",
    "road",
    "rd",
    "phuong",
    "ward",
    "w",
    "p",
    "f",
    "quan",
    "district",
    "dist",
    "d",
    "q",
    "tp",
    "thanh",
    "pho",
    "city",
    "tinh",
    "huyen",
    "xa",
    "viet",
    "nam",
    "vietnam",
    "vn",
    "ho",
    "chi",
    "minh",
    "hcm",
    "hcmc",
    "hochiminh",
    "ha",
    "noi",
    "hanoi",
    "da",
    "nang",
    "danang",
    "can",
    "tho",
    "hai",
    "phong",
    "tphcm",
];

impl Keys {
    pub(super) fn of(name: &str, address: &str, phone: &str, payment: &str) -> Self {
        Self {
            name: of_name(name),
            address: of_address(address),
            phone: of_phone(phone),
            payment: of_payment(payment),
        }
    }

    /// Pairs of keys that together name one person. A telephone or an address alone may be a family's, a name alone a
    /// thousand people's.
    pub(super) fn pairs(self) -> [u64; 4] {
        let pair = |kind: u64, a: u64, b: u64| if a == 0 || b == 0 { 0 } else { mix(mix(kind, a), b) | 1 };
        [
            pair(1, self.phone, self.payment),
            pair(2, self.phone, self.name),
            pair(3, self.payment, self.name),
            pair(4, self.name, self.address),
        ]
    }
}

/// How the words of a name sound, in any order, without those that come and go.
fn of_name(name: &str) -> u64 {
    let mut sounds: Vec<String> = words(name)
        .iter()
        .filter(|word| word.len() > 1 && !MIDDLE.contains(&word.as_str()))
        .map(|word| format!("{}{}", &word[..1], sound(word)))
        .collect();
    sounds.sort_unstable();
    if sounds.is_empty() { 0 } else { hash(sounds.join(" ").as_bytes()) }
}

/// The number of the house and the first two words of its street, as they sound.
fn of_address(address: &str) -> u64 {
    let mut number = String::new();
    let mut street: Vec<String> = Vec::new();
    for word in words(address) {
        if word.starts_with(|letter: char| letter.is_ascii_digit()) {
            if number.is_empty() && street.is_empty() {
                number = word;
            }
        } else if street.len() < 2 && !PLACE.contains(&word.as_str()) && !has_number(&word) {
            street.push(sound(&word));
        }
    }
    if number.is_empty() || street.is_empty() {
        0
    } else {
        hash(format!("{number} {}", street.join(" ")).as_bytes())
    }
}

/// `q1`, `p12`: a district or ward.
fn has_number(word: &str) -> bool {
    word.ends_with(|letter: char| letter.is_ascii_digit())
}

/// The last nine digits: without the code of the country or the zero in its place.
fn of_phone(phone: &str) -> u64 {
    let digits: Vec<u8> = phone.bytes().filter(u8::is_ascii_digit).collect();
    if digits.len() < PHONE_DIGITS { 0 } else { hash(&digits[digits.len() - PHONE_DIGITS..]) }
}

fn of_payment(payment: &str) -> u64 {
    let plain: Vec<u8> =
        payment.bytes().filter(u8::is_ascii_alphanumeric).map(|byte| byte.to_ascii_lowercase()).collect();
    hash(&plain)
}

const PHONE_DIGITS: usize = 8;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_receiver_have_one_key() {
        let key = |name, address, phone| Keys::of(name, address, phone, "");
        let first = key(
            "Nguyễn Văn Đức",
            "Số 12 đường Nguyễn Trãi, phường 5, quận 1, TP. Hồ Chí Minh",
            "0903 123 456",
        );
        for (name, address, phone) in [
            ("NGUYEN VAN DUC", "12 Nguyen Trai St, Ward 5, District 1, HCMC", "+84 903123456"),
            ("Duc Nguyen", "12 NGUYEN TRAI P5 Q1", "84903123456"),
            ("Nguyen Duc", "12, Nguyen Trai Street", "(090) 3123456"),
        ] {
            assert_eq!(key(name, address, phone), first, "{name}, {address}, {phone}");
        }
    }

    #[test]
    fn neighbours_and_relatives_have_not() {
        let of = |name, address| Keys::of(name, address, "", "").pairs()[3];
        let first = of("Nguyen Van Duc", "12 Nguyen Trai, Q1");
        assert_ne!(first, of("Nguyen Thi Lan", "12 Nguyen Trai, Q1"));
        assert_ne!(first, of("Nguyen Van Duc", "14 Nguyen Trai, Q1"));
        assert_eq!(Keys::of("", "", "", "").pairs(), [0; 4]);
    }
}
