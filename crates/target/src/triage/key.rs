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
    /// The numbers of ward and district, which are left out as often as not.
    pub(super) ward: u16,
    pub(super) district: u16,
}

/// What else is known of a receiver who is known by name and address; 0 where nothing was said.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Marks {
    phone: u32,
    payment: u32,
    ward: u16,
    district: u16,
}

impl Marks {
    /// Whether one person can have both: not in two wards or districts, and not with both another telephone and another
    /// means of payment. Among millions thousands share name, house number and street.
    pub(super) fn may_be(self, other: Self) -> bool {
        let apart = |a: u32, b: u32| a != 0 && b != 0 && a != b;
        let elsewhere =
            apart(self.ward.into(), other.ward.into()) || apart(self.district.into(), other.district.into());
        let unlike = apart(self.phone, other.phone) && apart(self.payment, other.payment);
        !(elsewhere || unlike)
    }

    /// What is known of both together.
    pub(super) fn with(self, other: Self) -> Self {
        let either = |a, b| if a == 0 { b } else { a };
        Self {
            phone: either(self.phone, other.phone),
            payment: either(self.payment, other.payment),
            ward: if self.ward == 0 { other.ward } else { self.ward },
            district: if self.district == 0 { other.district } else { self.district },
        }
    }
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
        let words = words(address);
        Self {
            name: of_name(name),
            address: of_address(&words),
            phone: of_phone(phone),
            payment: of_payment(payment),
            ward: numbered(&words, &WARD),
            district: numbered(&words, &DISTRICT),
        }
    }

    /// Pairs of keys that together name one person. A telephone or an address alone may be a family's, a name alone a
    /// thousand people's.
    pub(super) fn pairs(self) -> [u64; 3] {
        [pair(1, self.phone, self.payment), pair(2, self.phone, self.name), pair(3, self.payment, self.name)]
    }

    /// Name and address, which name one person where nothing else speaks against it.
    pub(super) fn home(self) -> u64 {
        pair(4, self.name, self.address)
    }

    /// What may speak against it.
    pub(super) const fn marks(self) -> Marks {
        Marks {
            phone: self.phone as u32,
            payment: self.payment as u32,
            ward: self.ward,
            district: self.district,
        }
    }
}

fn pair(kind: u64, a: u64, b: u64) -> u64 {
    if a == 0 || b == 0 { 0 } else { mix(mix(kind, a), b) | 1 }
}

/// The number behind one of these words, or grown together with the first letter of one; 0 where there is none.
fn numbered(words: &[String], of: &[&str]) -> u16 {
    let number = |text: &str| text.parse::<u16>().ok();
    let behind = || {
        let mut pairs = words.windows(2).filter(|two| of.contains(&two[0].as_str()));
        pairs.find_map(|two| number(&two[1]))
    };
    let grown = || words.iter().find_map(|word| of.iter().find_map(|one| number(word.strip_prefix(one)?)));
    behind().or_else(grown).unwrap_or(0)
}

/// Words a ward's number stands behind.
const WARD: [&str; 5] = ["phuong", "ward", "p", "w", "f"];
/// Words a district's number stands behind.
const DISTRICT: [&str; 5] = ["quan", "district", "dist", "q", "d"];

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
fn of_address(words: &[String]) -> u64 {
    let mut number = "";
    let mut street: Vec<String> = Vec::new();
    for word in words {
        if word.starts_with(|letter: char| letter.is_ascii_digit()) {
            if number.is_empty() && street.is_empty() {
                number = word;
            }
        } else if street.len() < 2 && !PLACE.contains(&word.as_str()) && !has_number(word) {
            street.push(sound(word));
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
            let other = key(name, address, phone);
            assert_eq!(
                (other.pairs(), other.home()),
                (first.pairs(), first.home()),
                "{name}, {address}, {phone}"
            );
            assert!(other.marks().may_be(first.marks()), "{address}");
        }
    }

    #[test]
    fn ward_and_district_are_read_however_they_are_written() {
        for (address, numbers) in [
            ("Số 12 đường Nguyễn Trãi, phường 5, quận 1, TP. Hồ Chí Minh", (5, 1)),
            ("12 Nguyen Trai St, Ward 5, District 1, HCMC", (5, 1)),
            ("12 Nguyen Trai P5 Q1", (5, 1)),
            ("12 Nguyen Trai, P.5, Q.1, Ho Chi Minh City, Vietnam", (5, 1)),
            ("12, Nguyen Trai Street, Q10", (0, 10)),
            ("12 Nguyen Trai, Quan Hoan Kiem, Ha Noi", (0, 0)),
        ] {
            let keys = Keys::of("", address, "", "");
            assert_eq!((keys.ward, keys.district), numbers, "{address}");
        }
    }

    #[test]
    fn namesakes_of_one_street_are_told_apart_by_what_else_is_known() {
        let marks = |address, phone, payment| Keys::of("", address, phone, payment).marks();
        let first = marks("12 Nguyen Trai P5 Q1", "0903123456", "tok_1");
        for (address, phone, payment, one) in [
            ("12 Nguyen Trai Q1", "", "", true),
            ("12 Nguyen Trai Q2", "", "", false),
            ("12 Nguyen Trai P6 Q1", "0903123456", "", false),
            ("12 Nguyen Trai Q1", "0911222333", "", true),
            ("12 Nguyen Trai Q1", "0911222333", "tok_1", true),
            ("12 Nguyen Trai Q1", "0911222333", "tok_2", false),
        ] {
            assert_eq!(marks(address, phone, payment).may_be(first), one, "{address} {phone} {payment}");
        }
    }

    #[test]
    fn neighbours_and_relatives_have_not() {
        let of = |name, address| Keys::of(name, address, "", "").home();
        let first = of("Nguyen Van Duc", "12 Nguyen Trai, Q1");
        assert_ne!(first, of("Nguyen Thi Lan", "12 Nguyen Trai, Q1"));
        assert_ne!(first, of("Nguyen Van Duc", "14 Nguyen Trai, Q1"));
        let nobody = Keys::of("", "", "", "");
        assert_eq!((nobody.pairs(), nobody.home()), ([0; 3], 0));
    }
}
