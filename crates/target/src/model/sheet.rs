//! A file of declarations as columns of numbers and hashes, whatever order its columns have and whichever are missing.

use customs::terms::{Column, Gauge};
use jiff::civil::Date;

use crate::batch::{ABSENT, Lines, SCALE};

/// A file of declarations.
#[derive(Clone, Debug, Default)]
pub struct Sheet {
    /// For every line its day, counted from 1970; [`NO_DAY`] where there is none.
    pub days: Vec<i32>,
    /// By [`Text`], for every line a hash of what stands there; 0 where nothing does.
    pub texts: Vec<Vec<u64>>,
    /// Commodity codes cut to chapter and heading, as hashes.
    pub(crate) chapters: Vec<u64>,
    pub(crate) headings: Vec<u64>,
    /// By [`Number`], for every line; NaN where there is none.
    pub numbers: Vec<Vec<f32>>,
    /// For every line a hash of all that makes two lines the same goods line.
    pub same: Vec<u64>,
    /// Labels as they stand, where the label's column was asked for and is there.
    pub labels: Option<Vec<u8>>,
    /// Columns of the file that were not understood.
    pub strange: Vec<String>,
    /// Columns that would have been of use and are not there.
    pub missing: Vec<&'static str>,
}

/// A line without a day is later than all others.
pub const NO_DAY: i32 = i32::MAX;

/// A column of texts the model looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "named as the columns of customs::terms are")]
pub enum Text {
    Code,
    Departure,
    Origin,
    Regime,
    Office,
    Procedure,
    Kind,
    Purpose,
    Payment,
    Transport,
    OriginMark,
}

/// A column of numbers the model looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "named as the gauges of customs::terms are")]
pub enum Number {
    Rate,
    Mass,
    Value,
}

/// What can be wrong with a file.
#[derive(Debug, thiserror::Error)]
pub enum SheetError {
    /// It is no table.
    #[error("the file is no table: {0}")]
    Csv(#[from] csv::Error),
    /// The label's column is not there.
    #[error("the file has no column {0:?}")]
    NoLabel(String),
    /// A label is no small whole number.
    #[error("line {line}: the label {seen:?} is no whole number from 0 to 9")]
    Label {
        /// Line of the file, from 1.
        line: u64,
        /// What stands there.
        seen: String,
    },
    /// It has no lines.
    #[error("the file has no lines")]
    Empty,
}

const TEXTS: [(&str, &[&str]); 11] = [
    ("code", &["hs6code", "hscode", "hs10code", "hs6", "hs", "commoditycode", "tariffcode", "code"]),
    ("departure", &["countryofdeparture", "departurecountry", "departure", "countryofexport"]),
    ("origin", &["countryoforigin", "origincountry", "origin"]),
    ("regime", &["taxtype", "regime", "dutyregime", "preference"]),
    ("office", &["officeid", "office", "customsoffice"]),
    ("procedure", &["processtype", "procedure", "process"]),
    ("kind", &["importtype", "kind", "transactiontype"]),
    ("purpose", &["importuse", "purpose", "use"]),
    ("payment", &["paymenttype", "payment"]),
    ("transport", &["modeoftransport", "transport", "transportmode"]),
    ("origin-mark", &["countryoforiginindicator", "originmark", "originindicator"]),
];
const NUMBERS: [(&str, &[&str]); 3] = [
    ("rate", &["taxrate", "rate", "dutyrate"]),
    ("net-mass", &["netmass", "netweight", "mass"]),
    ("value", &["itemprice", "value", "customsvalue", "price"]),
];
/// The columns of a batch that are the columns of texts.
const COLUMNS: [Column; 11] = [
    Column::Code,
    Column::Departure,
    Column::Origin,
    Column::Regime,
    Column::Office,
    Column::Procedure,
    Column::Kind,
    Column::Purpose,
    Column::Payment,
    Column::Transport,
    Column::OriginMark,
];
/// The numbers of a batch that are the columns of numbers.
const GAUGES: [Gauge; 3] = [Gauge::Rate, Gauge::NetMass, Gauge::Value];
const DAY: &[&str] = &["date", "day", "declarationdate", "registrationdate"];

/// Where each column stands in the file.
struct Places {
    texts: [Option<usize>; 11],
    numbers: [Option<usize>; 3],
    day: Option<usize>,
    label: Option<usize>,
}

impl Sheet {
    /// Reads a file with a header line; `label` names the column of the verdicts, where they are wanted.
    ///
    /// # Errors
    /// [`SheetError`].
    pub fn read(bytes: &[u8], label: Option<&str>) -> Result<Self, SheetError> {
        let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(strip_mark(bytes));
        let header: Vec<String> = reader.headers()?.iter().map(str::to_owned).collect();
        let (mut sheet, places) = Self::of_header(&header, label)?;
        let mut record = csv::ByteRecord::new();
        let mut line = 1;
        while reader.read_byte_record(&mut record)? {
            line += 1;
            sheet.take(&record, &places, line)?;
        }
        if sheet.days.is_empty() { Err(SheetError::Empty) } else { Ok(sheet) }
    }

    /// The goods lines of a batch, as a file of them would be read.
    #[must_use]
    pub fn of(lines: &Lines) -> Self {
        let mut sheet = Self {
            texts: vec![Vec::new(); TEXTS.len()],
            numbers: vec![Vec::new(); NUMBERS.len()],
            ..Self::default()
        };
        for row in 0..lines.len() {
            sheet.take_line(lines, row);
        }
        sheet
    }

    fn take_line(&mut self, lines: &Lines, row: usize) {
        let texts = COLUMNS.map(|column| lines.column(column).of(row).as_bytes());
        let numbers = GAUGES.map(|gauge| {
            let value = lines.gauge(&gauge).map_or(ABSENT, |values| values[row]);
            (value != ABSENT).then(|| value as f64 / SCALE as f64)
        });
        self.put(days_from_1970(lines.day(row)), texts, numbers);
    }

    /// How many lines it has.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.days.len()
    }

    /// Whether it has none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.days.is_empty()
    }

    /// Value times rate: the duty at stake, 0 where either is missing.
    #[must_use]
    pub fn duty(&self, row: usize) -> f64 {
        let duty = f64::from(self.numbers[Number::Value as usize][row])
            * f64::from(self.numbers[Number::Rate as usize][row])
            / 100.0;
        if duty.is_finite() { duty.max(0.0) } else { 0.0 }
    }

    /// The lines at these places, in this order.
    #[must_use]
    pub fn pick(&self, rows: &[usize]) -> Self {
        let of = |column: &Vec<u64>| rows.iter().map(|row| column[*row]).collect();
        Self {
            days: rows.iter().map(|row| self.days[*row]).collect(),
            texts: self.texts.iter().map(of).collect(),
            chapters: of(&self.chapters),
            headings: of(&self.headings),
            numbers: self
                .numbers
                .iter()
                .map(|column| rows.iter().map(|row| column[*row]).collect())
                .collect(),
            same: of(&self.same),
            labels: self.labels.as_ref().map(|labels| rows.iter().map(|row| labels[*row]).collect()),
            strange: self.strange.clone(),
            missing: self.missing.clone(),
        }
    }

    /// This sheet's lines followed by another's.
    #[must_use]
    pub fn followed_by(&self, other: &Self) -> Self {
        let joined = |a: &[u64], b: &[u64]| [a, b].concat();
        Self {
            days: [self.days.as_slice(), &other.days].concat(),
            texts: self.texts.iter().zip(&other.texts).map(|(a, b)| joined(a, b)).collect(),
            chapters: joined(&self.chapters, &other.chapters),
            headings: joined(&self.headings, &other.headings),
            numbers: self
                .numbers
                .iter()
                .zip(&other.numbers)
                .map(|(a, b)| [a.as_slice(), b].concat())
                .collect(),
            same: joined(&self.same, &other.same),
            labels: self.labels.as_ref().zip(other.labels.as_ref()).map(|(a, b)| [a.as_slice(), b].concat()),
            strange: self.strange.clone(),
            missing: self.missing.clone(),
        }
    }

    fn of_header(header: &[String], label: Option<&str>) -> Result<(Self, Places), SheetError> {
        let plain: Vec<String> = header.iter().map(|name| plain(name)).collect();
        let find =
            |names: &[&str]| names.iter().find_map(|name| plain.iter().position(|known| known == name));
        let places = Places {
            texts: TEXTS.map(|(_, names)| find(names)),
            numbers: NUMBERS.map(|(_, names)| find(names)),
            day: find(DAY),
            label: label
                .map(|label| {
                    let exact = header.iter().position(|name| name.trim() == label.trim());
                    exact.ok_or_else(|| SheetError::NoLabel(label.to_owned()))
                })
                .transpose()?,
        };
        let known: Vec<usize> = places
            .texts
            .iter()
            .chain(&places.numbers)
            .chain([&places.day, &places.label])
            .flatten()
            .copied()
            .collect();
        let strange =
            (0..header.len()).filter(|at| !known.contains(at)).map(|at| header[at].clone()).collect();
        let texts =
            TEXTS.iter().zip(&places.texts).filter(|(_, at)| at.is_none()).map(|((name, _), _)| *name);
        let numbers =
            NUMBERS.iter().zip(&places.numbers).filter(|(_, at)| at.is_none()).map(|((name, _), _)| *name);
        let day = places.day.is_none().then_some("day");
        let sheet = Self {
            texts: vec![Vec::new(); TEXTS.len()],
            numbers: vec![Vec::new(); NUMBERS.len()],
            labels: places.label.map(|_| Vec::new()),
            strange,
            missing: texts.chain(numbers).chain(day).collect(),
            ..Self::default()
        };
        Ok((sheet, places))
    }

    fn take(&mut self, record: &csv::ByteRecord, places: &Places, line: u64) -> Result<(), SheetError> {
        let field = |at: Option<usize>| at.and_then(|at| record.get(at)).unwrap_or_default().trim_ascii();
        let numbers = places.numbers.map(|at| number(field(at)));
        self.put(day(field(places.day)), places.texts.map(field), numbers);
        if let (Some(labels), Some(at)) = (&mut self.labels, places.label) {
            let seen = record.get(at).unwrap_or_default().trim_ascii();
            let label = number(seen).filter(|label| (0.0..=9.0).contains(label) && label.fract() == 0.0);
            let wrong = || SheetError::Label { line, seen: String::from_utf8_lossy(seen).into_owned() };
            labels.push(label.ok_or_else(wrong)? as u8);
        }
        Ok(())
    }
}

impl Sheet {
    /// Adds a line: its day, its texts and its numbers, by their places.
    fn put(&mut self, day: i32, texts: [&[u8]; TEXTS.len()], numbers: [Option<f64>; NUMBERS.len()]) {
        self.days.push(day);
        let mut padded = [b'0'; 16];
        let code = code_digits(texts[Text::Code as usize], &mut padded);
        self.chapters.push(hash(code.get(..2).unwrap_or(code)));
        self.headings.push(hash(code.get(..4).unwrap_or(code)));
        self.texts[Text::Code as usize].push(hash(code));
        for (column, text) in self.texts.iter_mut().zip(texts).skip(1) {
            column.push(hash(text));
        }
        for (column, number) in self.numbers.iter_mut().zip(numbers) {
            column.push(number.map_or(f32::NAN, |number| number as f32));
        }
        let row = self.days.len() - 1;
        let exact = |number: Number| numbers[number as usize].map_or(u64::MAX, f64::to_bits);
        let texts = [Text::Code, Text::Departure, Text::Origin, Text::Regime];
        let of_texts = texts.into_iter().fold(SEED, |same, text| mix(same, self.texts[text as usize][row]));
        self.same.push(mix(mix(of_texts, exact(Number::Rate)), exact(Number::Mass)));
    }
}

/// A header's name in plain letters and digits.
fn plain(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).map(|letter| letter.to_ascii_lowercase()).collect()
}

fn strip_mark(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)
}

/// The digits of a commodity code; a zero that a spreadsheet took from the front is put back.
fn code_digits<'a>(field: &[u8], padded: &'a mut [u8; 16]) -> &'a [u8] {
    let field = field.strip_suffix(b".0").unwrap_or(field);
    let mut length = 1;
    for digit in field.iter().filter(|byte| byte.is_ascii_alphanumeric()).take(15) {
        padded[length] = *digit;
        length += 1;
    }
    if length.is_multiple_of(2) { &padded[..length] } else { &padded[1..length] }
}

fn number(field: &[u8]) -> Option<f64> {
    let text = std::str::from_utf8(field).ok()?;
    text.parse::<f64>().ok().filter(|number| number.is_finite())
}

/// A day of `2020-01-31`, `2020/01/31`, `20200131` or `31/01/2020`, counted from 1970.
fn day(field: &[u8]) -> i32 {
    let digits: Vec<u32> = field
        .iter()
        .filter(|byte| byte.is_ascii_digit())
        .take(8)
        .map(|byte| u32::from(byte - b'0'))
        .collect();
    if digits.len() != 8 {
        return NO_DAY;
    }
    let part = |digits: &[u32]| digits.iter().fold(0, |number, digit| number * 10 + digit);
    let turned = field.get(2).is_some_and(|byte| !byte.is_ascii_digit());
    let (year, month, day) = if turned {
        (part(&digits[4..]), part(&digits[2..4]), part(&digits[..2]))
    } else {
        (part(&digits[..4]), part(&digits[4..6]), part(&digits[6..]))
    };
    Date::new(year as i16, month as i8, day as i8).map_or(NO_DAY, days_from_1970)
}

/// Days from 1970 to a day.
#[must_use]
pub fn days_from_1970(day: Date) -> i32 {
    day.since(Date::constant(1970, 1, 1)).map_or(NO_DAY, |span| span.get_days())
}

/// A hash that is the same on every machine and in every version; 0 is nothing.
#[must_use]
pub fn hash(bytes: &[u8]) -> u64 {
    if bytes.is_empty() {
        return 0;
    }
    bytes.iter().fold(SEED, |hash, byte| mix(hash, u64::from(*byte) + 1))
}

/// Two hashes as one.
#[must_use]
pub const fn mix(a: u64, b: u64) -> u64 {
    let mut x = (a ^ b.rotate_left(32)).wrapping_add(b).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    x ^= x >> 32;
    x = x.wrapping_mul(0xd6e8_feb8_6659_fd93);
    x ^ (x >> 29)
}

const SEED: u64 = 0x5341_4d50_414e_2026;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_of_columns_does_not_matter() {
        let a =
            Sheet::read(b"Date,HS6 Code,Tax Rate,Net Mass,Fraud\n2020-01-31,30520,8.0,10,1\n", Some("Fraud"));
        let b = Sheet::read(
            b"Fraud,Net Mass,HS6 Code,Date,Tax Rate\n1,10.0,030520,31/01/2020,8\n",
            Some("Fraud"),
        );
        let (a, b) = (a.expect("a table"), b.expect("a table"));
        assert_eq!((a.days, a.same, a.labels), (b.days, b.same, b.labels));
    }

    #[test]
    fn what_is_missing_is_said_and_nothing_more() {
        let sheet = Sheet::read(b"HS6 Code\n010101\n", None).expect("a table");
        assert_eq!(sheet.days, [NO_DAY]);
        assert!(sheet.numbers[0][0].is_nan());
        assert!(sheet.missing.contains(&"day") && sheet.missing.contains(&"origin"));
    }

    #[test]
    fn a_batch_is_read_as_a_file_of_the_same_lines() {
        use crate::batch::{Builder, Entry};
        let mut builder = Builder::default();
        let entry = Entry::default()
            .text(Column::Code, "030520")
            .text(Column::Origin, "CN")
            .gauge(Gauge::Rate, rust_decimal::Decimal::from(8))
            .gauge(Gauge::NetMass, rust_decimal::Decimal::new(105, 1));
        builder.push(Date::constant(2020, 1, 31), &entry);
        let of_lines = Sheet::of(&builder.finish());
        let of_file = Sheet::read(
            b"Date,HS6 Code,Country of Origin,Tax Rate,Net Mass\n2020-01-31,30520,CN,8.0,10.5\n",
            None,
        );
        let of_file = of_file.expect("a table");
        assert_eq!(
            (of_lines.same, of_lines.texts, of_lines.days),
            (of_file.same, of_file.texts, of_file.days)
        );
        assert_eq!(of_lines.numbers[..2], of_file.numbers[..2]);
    }

    #[test]
    fn a_label_is_a_small_number() {
        let fault = Sheet::read(b"Fraud\nyes\n", Some("Fraud")).expect_err("no number");
        assert_eq!(fault.to_string(), "line 2: the label \"yes\" is no whole number from 0 to 9");
        assert!(matches!(Sheet::read(b"A\n1\n", Some("Fraud")), Err(SheetError::NoLabel(_))));
    }
}
