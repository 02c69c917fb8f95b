//! Pictures: what the text of one element may look like, in the standard's own terms (`an..35`, `n..16,6`, `a2`).

use std::fmt;

/// What kind of text stands in an element; it also decides which attributes may stand beside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Base {
    /// Free text; white space counts.
    Text,
    /// An identifier; white space counts.
    Id,
    /// An identifier whose outer and doubled white space does not count.
    LooseId,
    /// A code; outer and doubled white space does not count.
    Code,
    /// An amount of money, with `@currencyID`.
    Amount,
    /// A measured quantity, with `@unitCode`.
    Measure,
    /// A counted quantity, with `@unitCode`.
    Quantity,
    /// A bare number, without attributes.
    Number,
    /// A date or a date with time, with `@formatCode`.
    DateTime,
}

impl Base {
    /// Whether the text is a decimal number.
    #[must_use]
    pub(crate) const fn is_number(self) -> bool {
        matches!(self, Self::Amount | Self::Measure | Self::Quantity | Self::Number)
    }

    /// Whether white space around and doubled within the text does not count.
    #[must_use]
    pub(crate) const fn collapses(self) -> bool {
        !matches!(self, Self::Text | Self::Id | Self::DateTime)
    }
}

/// Which characters a text may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Letters {
    /// Any, none included.
    Any,
    /// On one line, with at least one that is not white space.
    NotBlank,
    /// Digits only.
    Digits,
    /// Latin letters only.
    Latin,
}

/// The shape of one value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Picture {
    /// What kind of text.
    pub(crate) base: Base,
    /// Fewest characters.
    pub(crate) min: u16,
    /// Most characters, or most digits of a number; [`Picture::FREE`] where there is no bound.
    pub(crate) max: u16,
    /// Most digits after the point; for numbers only.
    pub(crate) decimals: u16,
    /// Which characters.
    pub(crate) letters: Letters,
    /// The only values allowed; empty where any is.
    pub(crate) only: &'static [&'static str],
}

impl Picture {
    /// No bound.
    pub(crate) const FREE: u16 = u16::MAX;

    const fn of(base: Base, max: u16, letters: Letters) -> Self {
        Self { base, min: 0, max, decimals: Self::FREE, letters, only: &[] }
    }
}

/// Text of up to `max` characters, not blank.
pub(crate) const fn text(max: u16) -> Picture {
    Picture::of(Base::Text, max, Letters::NotBlank)
}

/// Text of up to `max` characters, which may be empty.
pub(crate) const fn text_or_blank(max: u16) -> Picture {
    Picture::of(Base::Text, max, Letters::Any)
}

/// Identifier of up to `max` characters, not blank.
pub(crate) const fn id(max: u16) -> Picture {
    Picture::of(Base::Id, max, Letters::NotBlank)
}

/// Identifier of up to `max` digits.
pub(crate) const fn id_digits(max: u16) -> Picture {
    Picture::of(Base::Id, max, Letters::Digits)
}

/// Identifier of up to `max` characters whose white space does not count, which may be empty.
pub(crate) const fn loose_id(max: u16) -> Picture {
    Picture::of(Base::LooseId, max, Letters::Any)
}

/// Code of up to `max` characters, not blank.
pub(crate) const fn code(max: u16) -> Picture {
    Picture::of(Base::Code, max, Letters::NotBlank)
}

/// Code of up to `max` characters, which may be empty.
pub(crate) const fn code_or_blank(max: u16) -> Picture {
    Picture::of(Base::Code, max, Letters::Any)
}

/// Code of up to `max` digits.
pub(crate) const fn digits_to(max: u16) -> Picture {
    Picture::of(Base::Code, max, Letters::Digits)
}

/// Code of exactly `n` digits.
pub(crate) const fn digits(n: u16) -> Picture {
    Picture { min: n, ..digits_to(n) }
}

/// Code of exactly `n` Latin letters.
pub(crate) const fn letters(n: u16) -> Picture {
    Picture { min: n, ..Picture::of(Base::Code, n, Letters::Latin) }
}

/// Code of up to `max` characters out of a closed list.
pub(crate) const fn one_of(max: u16, only: &'static [&'static str]) -> Picture {
    Picture { only, ..code(max) }
}

/// Money of up to `max` digits, `decimals` of them after the point.
pub(crate) const fn amount(max: u16, decimals: u16) -> Picture {
    Picture { decimals, ..Picture::of(Base::Amount, max, Letters::Any) }
}

/// Measure of up to `max` digits, `decimals` of them after the point.
pub(crate) const fn measure(max: u16, decimals: u16) -> Picture {
    Picture { decimals, ..Picture::of(Base::Measure, max, Letters::Any) }
}

/// Quantity of up to `max` digits, `decimals` of them after the point.
pub(crate) const fn quantity(max: u16, decimals: u16) -> Picture {
    Picture { decimals, ..Picture::of(Base::Quantity, max, Letters::Any) }
}

/// Bare number of up to `max` digits, `decimals` of them after the point.
pub(crate) const fn number(max: u16, decimals: u16) -> Picture {
    Picture { decimals, ..Picture::of(Base::Number, max, Letters::Any) }
}

/// A date in a `DateTimeString`.
pub(crate) const fn date_time() -> Picture {
    Picture::of(Base::DateTime, 35, Letters::Any)
}

/// The standard's notation: `an..35`, `a2`, `n1`, `n..16,6`.
impl fmt::Display for Picture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.base == Base::DateTime {
            return f.write_str("CCYYMMDD or CCYYMMDDHHMMSSZ");
        }
        f.write_str(match self.letters {
            _ if self.base.is_number() => "n",
            Letters::Digits => "n",
            Letters::Latin => "a",
            Letters::Any | Letters::NotBlank => "an",
        })?;
        match self.max {
            Self::FREE => f.write_str("..")?,
            max if self.min == max => write!(f, "{max}")?,
            max => write!(f, "..{max}")?,
        }
        match self.decimals {
            0 | Self::FREE => Ok(()),
            decimals => write!(f, ",{decimals}"),
        }?;
        if self.only.is_empty() { Ok(()) } else { write!(f, " {}", self.only.join("|")) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_print_as_the_standard_writes_them() {
        for (picture, printed) in [
            (text(70), "an..70"),
            (letters(2), "a2"),
            (digits(1), "n1"),
            (digits_to(2), "n..2"),
            (quantity(16, 6), "n..16,6"),
            (number(5, 0), "n..5"),
            (number(Picture::FREE, Picture::FREE), "n.."),
            (one_of(3, &["0", "1"]), "an..3 0|1"),
            (date_time(), "CCYYMMDD or CCYYMMDDHHMMSSZ"),
        ] {
            assert_eq!(picture.to_string(), printed);
        }
    }
}
