//! A night of parcels with known truth: who really ordered what, under how many spellings, and who split an order.
//!
//! People follow from their number and the seed alone, so that millions need no memory. Some split orders to stay under the
//! threshold; some order twice in honesty; families share address and telephone; thousands share a name.

use std::collections::BTreeMap;
use std::io::{self, Write};

/// A night to be made.
#[derive(Clone, Copy, Debug)]
pub struct Night {
    /// How many lines.
    pub lines: u32,
    /// The seed all follows from.
    pub seed: u64,
}

/// The truth of a night: for every line its person, day and value in dong.
#[derive(Clone, Debug, Default)]
pub struct Truth {
    /// Person, day (from 0), value.
    pub lines: Vec<(u32, u8, u32)>,
}

/// Value a parcel may have without duty, in dong.
pub const THRESHOLD: u32 = 1_000_000;
/// Dong for one yuan; the night's rates say the same.
pub const DONG_PER_YUAN: u32 = 3_500;
/// Days of a night's file.
const DAYS: u64 = 5;

const FAMILY: [&str; 14] =
    ["Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Huỳnh", "Phan", "Vũ", "Võ", "Đặng", "Bùi", "Đỗ", "Hồ", "Ngô"];
const GIVEN: [&str; 40] = [
    "An", "Bình", "Châu", "Dũng", "Đức", "Giang", "Hà", "Hải", "Hạnh", "Hiếu", "Hoa", "Hùng", "Hương",
    "Khánh", "Lan", "Linh", "Long", "Mai", "Minh", "Nam", "Nga", "Ngọc", "Nhung", "Phúc", "Phương", "Quân",
    "Quỳnh", "Sơn", "Tâm", "Thảo", "Thịnh", "Thủy", "Tiến", "Trang", "Trung", "Tuấn", "Uyên", "Vinh", "Xuân",
    "Yến",
];
const SECOND: [&str; 16] = [
    "Bảo", "Đình", "Gia", "Hữu", "Khắc", "Kim", "Mỹ", "Nhật", "Quang", "Quốc", "Thanh", "Thế", "Thu",
    "Tuyết", "Việt", "Xuân",
];
const STREETS: [&str; 24] = [
    "Nguyễn Trãi",
    "Lê Lợi",
    "Trần Hưng Đạo",
    "Hai Bà Trưng",
    "Lý Thường Kiệt",
    "Điện Biên Phủ",
    "Cách Mạng",
    "Phan Chu Trinh",
    "Bạch Đằng",
    "Quang Trung",
    "Hùng Vương",
    "Tôn Đức Thắng",
    "Lê Duẩn",
    "Pasteur",
    "Võ Văn Tần",
    "Nguyễn Huệ",
    "Đồng Khởi",
    "Xô Viết",
    "Kim Mã",
    "Giảng Võ",
    "Láng Hạ",
    "Cầu Giấy",
    "Tây Sơn",
    "Bà Triệu",
];
const GOODS: [(&str, &str, u32); 12] = [
    ("cotton T-shirt", "610910", 300),
    ("phone case silicone", "392690", 90),
    ("wireless earphones", "851830", 150),
    ("women dress polyester", "620443", 400),
    ("sports shoes", "640411", 900),
    ("USB cable", "854442", 80),
    ("lipstick", "330410", 60),
    ("toy building blocks", "950300", 700),
    ("kitchen knife", "821192", 250),
    ("LED lamp", "940521", 350),
    ("gift", "", 200),
    ("accessories", "", 120),
];
const PLATFORMS: [&str; 5] = ["Taomart", "Shopgo", "Lazuli", "Temoo", ""];

/// A seeded sequence (SplitMix64).
#[derive(Clone, Copy)]
struct Dice(u64);

impl Dice {
    const fn of(seed: u64, number: u64) -> Self {
        Self(seed ^ number.wrapping_mul(0x9e37_79b9_7f4a_7c15))
    }

    const fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut x = self.0;
        x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        x ^ (x >> 31)
    }

    const fn below(&mut self, end: u64) -> u64 {
        self.roll() % end
    }

    fn pick<'a>(&mut self, list: &[&'a str]) -> &'a str {
        list[self.below(list.len() as u64) as usize]
    }
}

/// Who somebody is.
struct Person {
    family: &'static str,
    middle: &'static str,
    second: &'static str,
    given: &'static str,
    house: u64,
    street: &'static str,
    ward: u64,
    district: u64,
    phone: u64,
    payment: u64,
}

impl Person {
    /// Every household of four shares house and telephone two times in three; members have names of their own.
    fn of(seed: u64, number: u32) -> Self {
        let household = u64::from(number / 4);
        let mut home = Dice::of(seed ^ 0xface, household);
        let mut own = Dice::of(seed, u64::from(number));
        let together = home.below(3) > 0;
        let family = home.pick(&FAMILY);
        let (house, street, ward, district, shared_phone) = (
            1 + home.below(400),
            home.pick(&STREETS),
            1 + home.below(20),
            1 + home.below(12),
            home.below(100_000_000),
        );
        let mut person = Self {
            family,
            middle: if own.below(2) == 0 { "Văn" } else { "Thị" },
            second: if own.below(5) < 3 { own.pick(&SECOND) } else { "" },
            given: GIVEN[((own.below(10) * 4) + u64::from(number % 4)) as usize],
            house,
            street,
            ward,
            district,
            phone: shared_phone,
            payment: own.roll(),
        };
        if !together {
            person.family = own.pick(&FAMILY);
            person.house = 1 + own.below(400);
            person.street = own.pick(&STREETS);
            person.phone = own.below(100_000_000);
        } else if own.below(2) == 0 {
            person.phone = own.below(100_000_000);
        }
        person
    }

    fn name(&self, dice: &mut Dice) -> String {
        let full = |words: &[&str]| {
            words.iter().filter(|word| !word.is_empty()).copied().collect::<Vec<_>>().join(" ")
        };
        let name = match dice.below(6) {
            0 => full(&[self.family, self.second, self.given]),
            1 => full(&[self.given, self.second, self.family]),
            2 => full(&[self.family, &self.middle[..1], self.second, self.given]),
            _ => full(&[self.family, self.middle, self.second, self.given]),
        };
        let name = if dice.below(2) == 0 { plain(&name) } else { name };
        let name = if dice.below(3) == 0 { name.to_uppercase() } else { name };
        if dice.below(40) == 0 { slipped(&name, dice) } else { name }
    }

    fn address(&self, dice: &mut Dice) -> String {
        let Self { house, street, ward, district, .. } = self;
        let written = match dice.below(5) {
            0 => format!("Số {house} đường {street}, phường {ward}, quận {district}, TP. Hồ Chí Minh"),
            1 => format!("{house} {street} St, Ward {ward}, District {district}, HCMC"),
            2 => format!("{house} {street} P{ward} Q{district}"),
            3 => format!("{house} {street}, P.{ward}, Q.{district}, Ho Chi Minh City, Vietnam"),
            _ => format!("{house}, {street} Street, Q{district}"),
        };
        let written = if dice.below(2) == 0 { plain(&written) } else { written };
        if dice.below(3) == 0 { written.to_uppercase() } else { written }
    }

    fn phone(&self, dice: &mut Dice) -> String {
        let number = format!("9{:08}", self.phone);
        match dice.below(4) {
            _ if dice.below(8) == 0 => String::new(),
            0 => format!("+84 {number}"),
            1 => format!("84{number}"),
            2 => format!("0{} {} {}", &number[..3], &number[3..6], &number[6..]),
            _ => format!("0{number}"),
        }
    }

    fn payment(&self, dice: &mut Dice) -> String {
        if dice.below(6) == 0 { String::new() } else { format!("tok_{:016x}", self.payment) }
    }
}

/// Vietnamese letters without their marks.
fn plain(text: &str) -> String {
    const MARKED: [(&str, char); 12] = [
        ("àáảãạăằắẳẵặâầấẩẫậ", 'a'),
        ("èéẻẽẹêềếểễệ", 'e'),
        ("ìíỉĩị", 'i'),
        ("òóỏõọôồốổỗộơờớởỡợ", 'o'),
        ("ùúủũụưừứửữự", 'u'),
        ("ỳýỷỹỵ", 'y'),
        ("đ", 'd'),
        ("ÀÁẢÃẠĂẰẮẲẴẶÂẦẤẨẪẬ", 'A'),
        ("ÈÉẺẼẸÊỀẾỂỄỆ", 'E'),
        ("ÒÓỎÕỌÔỒỐỔỖỘƠỜỚỞỠỢ", 'O'),
        ("ÙÚỦŨỤƯỪỨỬỮỰ", 'U'),
        ("Đ", 'D'),
    ];
    text.chars()
        .map(|c| MARKED.iter().find(|(marked, _)| marked.contains(c)).map_or(c, |(_, plain)| *plain))
        .collect()
}

/// A vowel put for another.
fn slipped(name: &str, dice: &mut Dice) -> String {
    let letters: Vec<char> = name.chars().collect();
    let vowels: Vec<usize> = (0..letters.len()).filter(|at| "aeiouAEIOU".contains(letters[*at])).collect();
    let Some(at) = vowels.get(dice.below(vowels.len().max(1) as u64) as usize) else {
        return name.to_owned();
    };
    let mut letters = letters;
    letters[*at] = ['a', 'e', 'i', 'o', 'u'][dice.below(5) as usize];
    letters.into_iter().collect()
}

/// One order of a person.
#[derive(Clone, Copy)]
struct Order {
    place: u64,
    person: u32,
    day: u8,
    /// Value in yuan.
    yuan: u32,
}

impl Night {
    /// Writes the night as a table of parcels and returns the truth.
    ///
    /// # Errors
    /// What writing gave.
    pub fn write(&self, out: &mut impl Write) -> io::Result<Truth> {
        let mut orders = self.orders();
        orders.sort_unstable_by_key(|order| (order.day, order.place));
        writeln!(
            out,
            "id,day,office,carrier,platform,sender,departure,receiver,address,phone,payment,contents,description,code,origin,\
             pieces,grams,value,currency,ordered,paid"
        )?;
        let mut truth = Truth::default();
        for (line, order) in orders.iter().enumerate() {
            truth.lines.push((order.person, order.day, order.yuan * DONG_PER_YUAN));
            self.line(line, order, out)?;
        }
        Ok(truth)
    }

    /// Most order once, some two or three times, one in two hundred splits.
    fn orders(&self) -> Vec<Order> {
        let mut orders = Vec::with_capacity(self.lines as usize);
        let mut person = 0_u32;
        while orders.len() < self.lines as usize {
            let mut dice = Dice::of(self.seed ^ 0x0dde, u64::from(person));
            let splits = dice.below(200) == 0;
            let count = if splits { 3 + dice.below(6) } else { 1 + dice.below(8) / 6 + dice.below(20) / 19 };
            let first = dice.below(DAYS);
            for _ in 0..count.min(u64::from(self.lines) - orders.len() as u64) {
                let (day, yuan) = if splits {
                    ((first + dice.below(2)).min(DAYS - 1), 120 + dice.below(160))
                } else if dice.below(60) == 0 {
                    (dice.below(DAYS), 300 + dice.below(3_000))
                } else {
                    (dice.below(DAYS), 3 + dice.below(40) * dice.below(7))
                };
                orders.push(Order { place: dice.roll(), person, day: day as u8, yuan: yuan as u32 });
            }
            person += 1;
        }
        orders
    }

    fn line(&self, line: usize, order: &Order, out: &mut impl Write) -> io::Result<()> {
        let person = Person::of(self.seed, order.person);
        let mut dice = Dice::of(self.seed ^ 0x11fe, line as u64);
        let (goods, code, grams) = GOODS[dice.below(GOODS.len() as u64) as usize];
        let value = match dice.below(100) {
            0 if order.yuan < 100 => "0".to_owned(),
            _ => format!("{}.00", order.yuan),
        };
        let paid = if dice.below(300) == 0 { order.yuan * 3 } else { order.yuan };
        writeln!(
            out,
            "LP{line:09}CN,2026-03-{:02},VN{:02},{},{},{},CN,\"{}\",\"{}\",{},{},{},{goods},{code},CN,{},{},{value},CNY,{paid},{paid}",
            1 + order.day,
            1 + dice.below(12),
            ["SF", "EMS", "VNPost"][dice.below(3) as usize],
            dice.pick(&PLATFORMS),
            format_args!("Seller {}", dice.below(3_000)),
            person.name(&mut dice),
            person.address(&mut dice),
            person.phone(&mut dice),
            person.payment(&mut dice),
            if dice.below(30) == 0 { "gift" } else { "sale" },
            1 + dice.below(3),
            grams + dice.below(300) as u32,
        )
    }
}

/// How found clusters stand to the truth.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Standing {
    /// Clusters found, and of these those that are one person's who did split.
    pub found: (usize, usize),
    /// Clusters there are, and of these those of which most parcels were found in one pure cluster.
    pub there: (usize, usize),
}

impl Truth {
    /// Persons whose parcels under the threshold are together over it within so many days, with the lines of each run.
    #[must_use]
    pub fn splits(&self, window: u8) -> Vec<Vec<u32>> {
        let mut of_person: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
        for (line, (person, _, value)) in (0_u32..).zip(&self.lines) {
            if *value <= THRESHOLD {
                of_person.entry(*person).or_default().push(line);
            }
        }
        of_person
            .into_values()
            .filter(|lines| lines.len() > 1)
            .flat_map(|lines| self.runs(&lines, window))
            .collect()
    }

    /// Every window of days is asked; lines of windows that share a line are one run.
    fn runs(&self, lines: &[u32], window: u8) -> Vec<Vec<u32>> {
        let day = |line: &u32| self.lines[*line as usize].1;
        let mut over: Vec<Vec<u32>> = Vec::new();
        for start in 0..DAYS as u8 {
            let within: Vec<u32> =
                lines.iter().copied().filter(|line| (start..start + window).contains(&day(line))).collect();
            let sum: u64 = within.iter().map(|line| u64::from(self.lines[*line as usize].2)).sum();
            if sum <= u64::from(THRESHOLD) || within.len() < 2 {
                continue;
            }
            match over.last_mut().filter(|last| last.iter().any(|line| within.contains(line))) {
                Some(last) => {
                    last.extend(within);
                    last.sort_unstable();
                    last.dedup();
                }
                None => over.push(within),
            }
        }
        over
    }

    /// Holds what was found against the truth.
    #[must_use]
    pub fn judge(&self, found: &[Vec<u32>], window: u8) -> Standing {
        let splits = self.splits(window);
        let mut of_line: BTreeMap<u32, usize> = BTreeMap::new();
        for (number, lines) in splits.iter().enumerate() {
            of_line.extend(lines.iter().map(|line| (*line, number)));
        }
        let mut hit = vec![0_usize; splits.len()];
        let mut right = 0;
        for lines in found {
            let first = lines.first().and_then(|line| of_line.get(line));
            let Some(split) =
                first.filter(|split| lines.iter().all(|line| of_line.get(line) == Some(*split)))
            else {
                continue;
            };
            right += 1;
            hit[*split] = hit[*split].max(lines.len());
        }
        let most = splits.iter().zip(&hit).filter(|(lines, hit)| **hit * 2 > lines.len()).count();
        Standing { found: (found.len(), right), there: (splits.len(), most) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_night_follows_from_its_seed() {
        let write = |seed| {
            let mut out = Vec::new();
            let truth = Night { lines: 2_000, seed }.write(&mut out).expect("memory takes all");
            (out, truth.lines)
        };
        assert_eq!(write(7), write(7));
        assert_ne!(write(7).0, write(8).0);
    }

    #[test]
    fn what_is_true_is_judged_right() {
        let truth = Night { lines: 20_000, seed: 3 }.write(&mut Vec::new()).expect("memory takes all");
        let splits = truth.splits(3);
        assert!(splits.len() > 20, "{} split", splits.len());
        let standing = truth.judge(&splits, 3);
        assert_eq!((standing.found.0, standing.there.0), (standing.found.1, standing.there.1));
    }
}
