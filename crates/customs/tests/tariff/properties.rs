//! What holds for every amount, every cell and every text.

use customs::tariff::search::search;
use customs::tariff::{Mode, Rate, Rounding, ad_valorem, correlate, lines};
use kernel::{Currency, Money};
use proptest::prelude::*;
use rust_decimal::Decimal;

/// The duty on so many cents at so many hundredths of a percent.
fn duty(cents: i64, rate: i64, mode: Mode) -> Decimal {
    let value = Money::new(Decimal::new(cents, 2), "USD");
    let rounding = Rounding { mode, ..Rounding::truncating(&Currency::new("USD")) };
    let found = ad_valorem(&value, Decimal::new(rate, 2), Decimal::ZERO, &rounding);
    found.expect("it fits").amount.amount
}

const CENTS_MAX: i64 = 1_000_000_000_000;
/// 200 percent.
const RATE_MAX: i64 = 20_000;

proptest! {
    #[test]
    fn a_duty_is_what_whole_numbers_give(cents in 0..CENTS_MAX, rate in 0..RATE_MAX) {
        let exact = i128::from(cents) * i128::from(rate);
        let whole = exact / 10_000;
        let rest = exact % 10_000;
        let as_amount = |cents: i128| Decimal::from_i128_with_scale(cents, 2);
        prop_assert_eq!(duty(cents, rate, Mode::Truncate), as_amount(whole));
        prop_assert_eq!(duty(cents, rate, Mode::Up), as_amount(whole + i128::from(rest > 0)));
        prop_assert_eq!(duty(cents, rate, Mode::HalfUp), as_amount(whole + i128::from(rest >= 5_000)));
    }

    #[test]
    fn a_duty_grows_with_value_and_rate(cents in 0..CENTS_MAX, more in 0..CENTS_MAX, rate in 0..RATE_MAX) {
        prop_assert!(duty(cents, rate, Mode::Truncate) <= duty(cents + more, rate, Mode::Truncate));
        prop_assert!(duty(cents, rate, Mode::Truncate) <= duty(cents, rate + 1, Mode::Truncate));
        prop_assert_eq!(duty(cents, 0, Mode::Up), Decimal::ZERO);
    }

    #[test]
    fn splitting_goods_saves_less_than_a_cent(a in 0..CENTS_MAX, b in 0..CENTS_MAX, rate in 0..RATE_MAX) {
        let split = duty(a, rate, Mode::Truncate) + duty(b, rate, Mode::Truncate);
        let whole = duty(a + b, rate, Mode::Truncate);
        prop_assert!(split <= whole && whole <= split + Decimal::new(1, 2));
    }

    #[test]
    fn a_number_in_a_cell_is_that_number(whole in 0..1_000_u32, tenths in 0..10_u32) {
        let percent = Decimal::new(i64::from(whole * 10 + tenths), 1);
        prop_assert_eq!(Rate::read(&format!("{whole},{tenths}")).percent(), Some(percent));
        prop_assert_eq!(Rate::read(&whole.to_string()).percent(), Some(Decimal::from(whole)));
    }

    #[test]
    fn no_cell_is_zero_that_does_not_say_so(cell in "\\PC{0,12}") {
        if Rate::read(&cell).percent() == Some(Decimal::ZERO) {
            prop_assert!(cell.contains('0'), "{cell:?}");
        }
    }

    #[test]
    fn any_text_may_be_searched(text in "\\PC{0,80}", limit in 0..20_usize) {
        let found = search(&text, limit);
        prop_assert!(found.len() <= limit);
    }

    #[test]
    fn a_correlation_leads_back(place in 0..11_414_usize) {
        use customs::tariff::Nomenclature::{Ahtn2022, Hs2012, Hs2017, Hs2022};
        let code = lines().nth(place).expect("so many lines").code;
        for to in [Hs2017, Hs2012] {
            for target in correlate(code, Ahtn2022, to).expect("every subheading has a past").targets {
                let back = correlate(target.code, to, Hs2022).expect("both ways");
                prop_assert!(back.targets.iter().any(|source| source.code == &code[..6]));
            }
        }
    }
}
