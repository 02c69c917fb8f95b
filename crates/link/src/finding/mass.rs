//! Gross masses that cannot be those of the goods: less than the net mass stated as quantity, or far from what a piece
//! of such goods weighs elsewhere.

use std::collections::BTreeMap;

use customs::terms::HsCode;
use kernel::Quantity;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive as _;
use serde::{Deserialize, Serialize};

use crate::compare::{Dimension, Measure};

/// What single goods weigh, learnt from declarations: per subheading and unit, how many lines in each step of mass.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Masses(BTreeMap<String, BTreeMap<i16, u32>>);

/// Why a mass cannot be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "fault")]
pub enum MassFault {
    /// The goods weigh more than goods and packing together.
    NetAboveGross {
        /// The net mass.
        net: Quantity,
    },
    /// One of the goods would weigh far less than others of its subheading do.
    TooLight {
        /// Gross mass of one, as stated.
        each: Quantity,
        /// Gross mass of one, as usual.
        usual: Quantity,
    },
    /// One of the goods would weigh far more than others of its subheading do.
    TooHeavy {
        /// Gross mass of one, as stated.
        each: Quantity,
        /// Gross mass of one, as usual.
        usual: Quantity,
    },
}

impl Masses {
    /// Learns from a line. Lines counted in mass teach nothing and need no teaching.
    pub fn learn(&mut self, hs: &HsCode, quantity: &Quantity, gross: &Quantity) {
        if let Some((key, step)) = seen(hs, quantity, gross) {
            *self.0.entry(key).or_default().entry(step).or_default() += 1;
        }
    }

    /// Takes back what a line taught.
    pub fn forget(&mut self, hs: &HsCode, quantity: &Quantity, gross: &Quantity) {
        let Some((key, step)) = seen(hs, quantity, gross) else { return };
        if let Some(count) = self.0.get_mut(&key).and_then(|steps| steps.get_mut(&step)) {
            *count = count.saturating_sub(1);
        }
    }

    /// Whether a line's gross mass cannot be that of its goods. Too few lines of a kind tell nothing.
    #[must_use]
    pub fn check(&self, hs: &HsCode, quantity: &Quantity, gross: &Quantity) -> Option<MassFault> {
        let measure = Measure::of(quantity);
        let gross_kg = Measure::of(gross).filter(|gross| gross.dimension == Dimension::Mass)?.amount;
        if let Some(net) = measure.filter(|net| net.dimension == Dimension::Mass) {
            let least = net.amount * Decimal::new(1_000 - ROUNDING, 3);
            return (gross_kg < least).then(|| MassFault::NetAboveGross { net: kilograms(net.amount) });
        }
        let (key, step) = seen(hs, quantity, gross)?;
        let spread = Spread::of(self.0.get(&key)?)?;
        let apart = step - spread.middle;
        if apart.abs() <= spread.allowed {
            return None;
        }
        let each =
            kilograms(gross_kg.checked_div(measure.map_or(quantity.amount, |measure| measure.amount))?);
        let usual = kilograms(mass_of(spread.middle));
        Some(if apart < 0 {
            MassFault::TooLight { each, usual }
        } else {
            MassFault::TooHeavy { each, usual }
        })
    }
}

/// The middle of the steps seen, and how far from it a mass may lie.
struct Spread {
    middle: i16,
    allowed: i16,
}

impl Spread {
    fn of(steps: &BTreeMap<i16, u32>) -> Option<Self> {
        let all: u32 = steps.values().sum();
        if all < LINES_MIN {
            return None;
        }
        let at = |share: u32| {
            let mut left = all * share / 4;
            steps
                .iter()
                .find(|(_, count)| {
                    left < **count || {
                        left -= **count;
                        false
                    }
                })
                .map(|(step, _)| *step)
        };
        let (low, middle, high) = (at(1)?, at(2)?, at(3)?);
        Some(Self { middle, allowed: APART_MIN.max(3 * (high - low)) })
    }
}

/// The kind of goods, and the step in which the mass of one lies.
fn seen(hs: &HsCode, quantity: &Quantity, gross: &Quantity) -> Option<(String, i16)> {
    let gross = Measure::of(gross).filter(|gross| gross.dimension == Dimension::Mass)?.amount;
    let (unit, amount) = match Measure::of(quantity) {
        Some(Measure { dimension: Dimension::Mass, .. }) => return None,
        Some(measure) => (measure.dimension.unit().to_owned(), measure.amount),
        None => (quantity.unit.as_str().to_owned(), quantity.amount),
    };
    let each = gross.checked_div(amount)?.checked_mul(Decimal::from(1_000_000))?;
    let milligrams = each.round().to_u64().filter(|milligrams| *milligrams > 0)?;
    Some((format!("{}/{unit}", hs.prefix(6)), step_of(milligrams)))
}

/// Steps of an eighth: each is about nine hundredths more than the one before.
fn step_of(milligrams: u64) -> i16 {
    let whole = milligrams.ilog2() as i16;
    let rest = (milligrams as f64) / (1_u64 << whole) as f64;
    8 * whole + EIGHTHS.iter().filter(|step| rest >= **step).count() as i16
}

/// A mass in the middle of a step, in kilograms.
fn mass_of(step: i16) -> Decimal {
    let (whole, part) = (step.div_euclid(8), step.rem_euclid(8));
    let part = if part == 0 { 1.0 } else { EIGHTHS[part as usize - 1] };
    let milligrams = part * (1_u64 << whole.clamp(0, 62)) as f64;
    Decimal::new(milligrams.round() as i64, 6)
}

fn kilograms(amount: Decimal) -> Quantity {
    Quantity::new(amount.round_dp(3).normalize(), "KGM")
}

/// Two to the power of one eighth, two eighths, and so on.
const EIGHTHS: [f64; 7] = [
    1.090_507_732_665_257_7,
    1.189_207_115_002_721,
    1.296_839_554_651_009_6,
    std::f64::consts::SQRT_2,
    1.542_210_825_407_940_8,
    1.681_792_830_507_429,
    1.834_008_086_409_342_4,
];
/// Rounding between net and gross mass, in parts per thousand.
const ROUNDING: i64 = 10;
/// Fewer lines of a kind than this tell nothing.
const LINES_MIN: u32 = 12;
/// So many steps from the middle are never called impossible: a factor of 2.2.
const APART_MIN: i16 = 9;

#[cfg(test)]
mod tests {
    use super::*;

    fn of(amount: i64, unit: &str) -> Quantity {
        Quantity::new(Decimal::from(amount), unit)
    }

    #[test]
    fn goods_do_not_weigh_more_than_goods_and_packing() {
        let rubber = HsCode::new("400122").expect("a code");
        let check = |net: Quantity, gross| Masses::default().check(&rubber, &net, &of(gross, "KGM"));
        assert!(matches!(check(of(18, "TNE"), 9_000), Some(MassFault::NetAboveGross { .. })));
        assert_eq!(check(of(18, "TNE"), 18_500), None);
        assert_eq!(check(of(18, "TNE"), 17_900), None, "rounded");
    }

    #[test]
    fn a_piece_far_lighter_than_its_kind_is_found() {
        let laptop = HsCode::new("84713020").expect("a code");
        let mut masses = Masses::default();
        (0..20).for_each(|at| masses.learn(&laptop, &of(100, "NMB"), &of(240 + at, "KGM")));
        let fault = masses.check(&laptop, &of(100, "H87"), &of(40, "KGM"));
        assert!(matches!(fault, Some(MassFault::TooLight { .. })), "{fault:?}");
        assert!(matches!(
            masses.check(&laptop, &of(1, "H87"), &of(40, "KGM")),
            Some(MassFault::TooHeavy { .. })
        ));
        assert_eq!(masses.check(&laptop, &of(10, "H87"), &of(21, "KGM")), None);
        (0..20).for_each(|at| masses.forget(&laptop, &of(100, "NMB"), &of(240 + at, "KGM")));
        assert_eq!(masses.check(&laptop, &of(100, "H87"), &of(40, "KGM")), None, "nothing is known any more");
    }

    #[test]
    fn steps_go_up_with_the_mass() {
        assert!((1..5_000_u64).all(|mass| step_of(mass) <= step_of(mass + 1)));
        assert_eq!(step_of(1 << 20), 160);
        assert_eq!(mass_of(160), Decimal::new(1 << 20, 6));
    }
}
