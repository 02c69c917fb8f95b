//! Quantities of different units brought to one: UN/ECE Recommendation 20, by exact factors.

use kernel::Quantity;
use rust_decimal::Decimal;

/// What kind of amount a unit measures. Amounts of different kinds cannot be compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Dimension {
    /// Mass, in kilograms.
    Mass,
    /// Single things; a pair is two of them.
    Count,
    /// Volume, in litres.
    Volume,
    /// Volume of pure alcohol, in litres.
    PureAlcohol,
    /// Length, in metres.
    Length,
    /// Area, in square metres.
    Area,
    /// Energy, in kilowatt hours.
    Energy,
}

impl Dimension {
    /// The unit every amount of this kind is brought to.
    #[must_use]
    pub const fn unit(self) -> &'static str {
        match self {
            Self::Mass => "KGM",
            Self::Count => "C62",
            Self::Volume => "LTR",
            Self::PureAlcohol => "LPA",
            Self::Length => "MTR",
            Self::Area => "MTK",
            Self::Energy => "KWH",
        }
    }
}

/// An amount in its dimension's own unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Measure {
    /// What is measured.
    pub dimension: Dimension,
    /// How much, in [`Dimension::unit`].
    pub amount: Decimal,
}

impl Measure {
    /// The quantity in its dimension's unit; `None` where the unit is not in the table or the number overflows.
    #[must_use]
    pub fn of(quantity: &Quantity) -> Option<Self> {
        let code = quantity.unit.as_str();
        let row = UNITS.binary_search_by(|row| row.code.cmp(code)).ok()?;
        let Unit { dimension, mantissa, scale, .. } = UNITS[row];
        let amount = quantity.amount.checked_mul(Decimal::new(mantissa, scale))?;
        Some(Self { dimension, amount: amount.normalize() })
    }
}

struct Unit {
    code: &'static str,
    dimension: Dimension,
    mantissa: i64,
    scale: u32,
}

const fn unit(code: &'static str, dimension: Dimension, mantissa: i64, scale: u32) -> Unit {
    Unit { code, dimension, mantissa, scale }
}

/// Units that occur in tariffs and declarations, in the order of their codes. The factor is `mantissa / 10^scale`.
///
/// A set, a pack and a kilogram of named substance are missing on purpose: how much is in one differs.
const UNITS: &[Unit] = {
    use Dimension::{Area, Count, Energy, Length, Mass, PureAlcohol, Volume};
    &[
        unit("3B", Energy, 277_777_777_777_777_778, 18),
        unit("APZ", Mass, 311_034_768, 9),
        unit("BLL", Volume, 158_987_294_928, 9),
        unit("C62", Count, 1, 0),
        unit("CEN", Count, 100, 0),
        unit("CGM", Mass, 1, 5),
        unit("CLT", Volume, 1, 2),
        unit("CMK", Area, 1, 4),
        unit("CMQ", Volume, 1, 3),
        unit("CMT", Length, 1, 2),
        unit("CNT", Mass, 45_359_237, 6),
        unit("CTM", Mass, 2, 4),
        unit("CWA", Mass, 45_359_237, 6),
        unit("CWI", Mass, 5_080_234_544, 8),
        unit("D40", Volume, 1_000, 0),
        unit("DG", Mass, 1, 4),
        unit("DLT", Volume, 1, 1),
        unit("DMK", Area, 1, 2),
        unit("DMQ", Volume, 1, 0),
        unit("DMT", Length, 1, 1),
        unit("DPC", Count, 12, 0),
        unit("DTN", Mass, 100, 0),
        unit("DZN", Count, 12, 0),
        unit("EA", Count, 1, 0),
        unit("FOT", Length, 3_048, 4),
        unit("FTK", Area, 9_290_304, 8),
        unit("FTQ", Volume, 28_316_846_592, 9),
        unit("GLI", Volume, 454_609, 5),
        unit("GLL", Volume, 3_785_411_784, 9),
        unit("GRM", Mass, 1, 3),
        unit("GRN", Mass, 6_479_891, 11),
        unit("GRO", Count, 144, 0),
        unit("GT", Mass, 10_160_469_088, 7),
        unit("GV", Energy, 277_777_777_777_777_778, 15),
        unit("GWH", Energy, 1_000_000, 0),
        unit("H87", Count, 1, 0),
        unit("HAR", Area, 10_000, 0),
        unit("HD", Count, 6, 0),
        unit("HGM", Mass, 1, 1),
        unit("HLT", Volume, 100, 0),
        unit("HPA", PureAlcohol, 100, 0),
        unit("INH", Length, 254, 4),
        unit("INK", Area, 64_516, 8),
        unit("INQ", Volume, 16_387_064, 9),
        unit("K6", Volume, 1_000, 0),
        unit("KGM", Mass, 1, 0),
        unit("KMT", Length, 1_000, 0),
        unit("KTN", Mass, 1_000_000, 0),
        unit("KWH", Energy, 1, 0),
        unit("LBR", Mass, 45_359_237, 8),
        unit("LPA", PureAlcohol, 1, 0),
        unit("LTN", Mass, 10_160_469_088, 7),
        unit("LTR", Volume, 1, 0),
        unit("MC", Mass, 1, 9),
        unit("MGM", Mass, 1, 6),
        unit("MIL", Count, 1_000, 0),
        unit("MIO", Count, 1_000_000, 0),
        unit("MLT", Volume, 1, 3),
        unit("MMK", Area, 1, 6),
        unit("MMQ", Volume, 1, 6),
        unit("MMT", Length, 1, 3),
        unit("MTK", Area, 1, 0),
        unit("MTQ", Volume, 1_000, 0),
        unit("MTR", Length, 1, 0),
        unit("MWH", Energy, 1_000, 0),
        unit("NAR", Count, 1, 0),
        unit("NMB", Count, 1, 0),
        unit("NPR", Count, 2, 0),
        unit("ONZ", Mass, 28_349_523_125, 12),
        unit("OZA", Volume, 295_735_295_625, 13),
        unit("OZI", Volume, 284_130_625, 10),
        unit("PR", Count, 2, 0),
        unit("PTI", Volume, 56_826_125, 8),
        unit("PTL", Volume, 473_176_473, 9),
        unit("QT", Volume, 946_352_946, 9),
        unit("QTI", Volume, 11_365_225, 7),
        unit("QTL", Volume, 946_352_946, 9),
        unit("SCO", Count, 20, 0),
        unit("STN", Mass, 90_718_474, 5),
        unit("T3", Count, 1_000, 0),
        unit("TNE", Mass, 1_000, 0),
        unit("TPR", Count, 20, 0),
        unit("WHR", Energy, 1, 3),
        unit("YDK", Area, 83_612_736, 8),
        unit("YDQ", Volume, 764_554_857_984, 9),
        unit("YRD", Length, 9_144, 4),
    ]
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_in_the_order_of_its_codes() {
        assert!(UNITS.windows(2).all(|pair| pair[0].code < pair[1].code));
    }

    #[test]
    fn one_amount_in_two_units_is_one_measure() {
        for (left, right) in [
            ((18, "TNE"), (18_000, "KGM")),
            ((7, "DZN"), (84, "NMB")),
            ((500, "NPR"), (1_000, "C62")),
            ((3, "GRO"), (36, "DZN")),
            ((2, "HLT"), (200, "LTR")),
            ((5, "MTQ"), (5_000, "LTR")),
            ((100_000, "LBR"), (45_359_237, "GRM")),
            ((2_000, "LBR"), (1, "STN")),
            ((36, "INH"), (1, "YRD")),
            ((4, "QTL"), (4, "QT")),
        ] {
            let measure =
                |(amount, unit): (i64, &str)| Measure::of(&Quantity::new(Decimal::from(amount), unit));
            assert!(measure(left).is_some(), "{left:?}");
            assert_eq!(measure(left), measure(right), "{left:?} {right:?}");
        }
    }

    #[test]
    fn what_cannot_be_known_is_not_converted() {
        for unit in ["SET", "XX", "", "kgm", "NIU"] {
            assert_eq!(Measure::of(&Quantity::new(Decimal::ONE, unit)), None, "{unit}");
        }
        assert_eq!(Measure::of(&Quantity::new(Decimal::MAX, "TNE")), None, "overflow");
    }
}
