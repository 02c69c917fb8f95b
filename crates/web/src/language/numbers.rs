//! Numbers as a language writes them: `18.000,5` in Vietnamese, `18,000.5` in English.

use rust_decimal::Decimal;

use super::Language;

impl Language {
    const fn marks(self) -> (char, char) {
        match self {
            Self::Vietnamese => ('.', ','),
            Self::English => (',', '.'),
        }
    }

    /// A whole number with its thousands apart.
    #[must_use]
    pub fn count(self, number: u64) -> String {
        grouped(&number.to_string(), self.marks().0)
    }

    /// An exact decimal with its thousands apart, without zeros that say nothing.
    #[must_use]
    pub fn decimal(self, number: Decimal) -> String {
        self.written(&number.normalize().to_string())
    }

    /// A decimal with its sign always written, such as `+4.2` or `−1.0`.
    #[must_use]
    pub fn signed(self, number: f64) -> String {
        let sign = if number < 0.0 { '−' } else { '+' };
        format!("{sign}{}", self.written(&format!("{:.1}", number.abs())))
    }

    /// A share of a whole in per cent; `–` of nothing.
    #[must_use]
    pub fn share(self, part: u64, whole: u64) -> String {
        if whole == 0 {
            return "–".to_owned();
        }
        // A part that is not the whole never shows as 100, and something never shows as 0.
        let percent = match (part * 100 + whole / 2) / whole {
            0 if part > 0 => return format!("< 1{}", self.percent_sign()),
            100 if part < whole => 99,
            percent => percent,
        };
        format!("{percent}{}", self.percent_sign())
    }

    const fn percent_sign(self) -> &'static str {
        match self {
            Self::Vietnamese | Self::English => "%",
        }
    }

    fn written(self, plain: &str) -> String {
        let (thousands, point) = self.marks();
        let (sign, digits) = plain.strip_prefix('-').map_or(("", plain), |digits| ("−", digits));
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let whole = grouped(whole, thousands);
        if fraction.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}{point}{fraction}") }
    }
}

fn grouped(digits: &str, mark: char) -> String {
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(mark);
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_the_language_writes_them() {
        let table = [
            ("18000.50", "18.000,5", "18,000.5"),
            ("-7", "−7", "−7"),
            ("999", "999", "999"),
            ("1234567", "1.234.567", "1,234,567"),
        ];
        for (number, vietnamese, english) in table {
            let number: Decimal = number.parse().expect("a decimal");
            assert_eq!(Language::Vietnamese.decimal(number), vietnamese);
            assert_eq!(Language::English.decimal(number), english);
        }
        assert_eq!(Language::Vietnamese.signed(-4.25), "−4,2");
    }

    #[test]
    fn a_share_is_never_rounded_to_all_or_nothing() {
        let share = |part, whole| Language::English.share(part, whole);
        assert_eq!([share(0, 0), share(1, 500), share(999, 1000), share(5, 10)], ["–", "< 1%", "99%", "50%"]);
    }
}
