//! What a parcel owes by the rule of the day: duty, then tax on value and duty.

use rust_decimal::{Decimal, RoundingStrategy};
use serde::{Deserialize, Serialize};

use super::book::{Charges, TaxAtSale};
use super::{Category, Parcel, category};

/// What a parcel owes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Charge {
    /// Its group.
    pub category: Category,
    /// Duty, in the rule's currency, cut to hundredths.
    pub duty: Decimal,
    /// VAT or GST at the border, cut to hundredths.
    pub tax: Decimal,
    /// Why the tax is not taken at the border, where it is not: `relief`, `at-sale`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub tax_because: String,
}

/// Why nothing can be said of what a parcel owes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NoCharge {
    /// No value was declared.
    ValueMissing,
    /// Duty is owed and the rate of the code is not known.
    RateUnknown,
    /// Tax is owed and its rate was not found out.
    TaxUnknown,
}

impl NoCharge {
    /// The code in files and lists.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::ValueMissing => "value-missing",
            Self::RateUnknown => "rate-unknown",
            Self::TaxUnknown => "tax-unknown",
        }
    }
}

/// What a parcel of this value owes, in thousandths of the rule's currency; `tariff_rate` is the rate of its code in
/// the tariff, in per cent, where it is known.
///
/// # Errors
/// [`NoCharge`] where something is owed and a rate is not known: never a guess.
pub fn charge(
    charges: &Charges,
    parcel: &Parcel<'_>,
    value: Option<i64>,
    tariff_rate: Option<Decimal>,
) -> Result<Charge, NoCharge> {
    let value = value.ok_or(NoCharge::ValueMissing)?;
    let category = category(charges, parcel.contents, value);
    let amount = Decimal::new(value, 3);
    let is_free = |limit: Option<Decimal>| limit.is_some_and(|limit| amount <= limit);
    let nothing = matches!(category, Category::Documents | Category::LowFree);
    let duty = if nothing || is_free(charges.duty_free_to) {
        Decimal::ZERO
    } else {
        let flat = if category == Category::High { None } else { charges.flat_rate(&parcel.code) };
        per_cent(amount, flat.or(tariff_rate).ok_or(NoCharge::RateUnknown)?)
    };
    let at_sale = charges.tax_at_sale == TaxAtSale::Registered
        && !parcel.vendor_tax_id.is_empty()
        && is_free(charges.simplified_to);
    let because = if nothing || is_free(charges.tax_free_to) {
        "relief"
    } else if at_sale {
        "at-sale"
    } else {
        ""
    };
    let tax = if because.is_empty() {
        per_cent(amount + duty, charges.tax_rate.ok_or(NoCharge::TaxUnknown)?)
    } else {
        Decimal::ZERO
    };
    Ok(Charge { category, duty, tax, tax_because: because.into() })
}

/// So much per cent, cut to hundredths.
fn per_cent(amount: Decimal, rate: Decimal) -> Decimal {
    (amount * rate / Decimal::ONE_HUNDRED).round_dp_with_strategy(2, RoundingStrategy::ToZero)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::super::shipped;
    use super::*;

    fn owes(
        country: &str,
        value: i64,
        code: &'static str,
        vendor: &'static str,
        rate: Option<i64>,
    ) -> Result<(String, String), NoCharge> {
        let thresholds = shipped();
        let charges = thresholds.at(country, date(2026, 3, 1)).expect("a rule");
        let parcel = Parcel { code: code.into(), vendor_tax_id: vendor.into(), ..Parcel::default() };
        let charge = charge(charges, &parcel, Some(value * 1_000), rate.map(Decimal::from))?;
        Ok((charge.duty.normalize().to_string(), charge.tax.normalize().to_string()))
    }

    #[test]
    fn duty_and_tax_follow_the_rule_of_the_day() {
        let owed = |duty: &str, tax: &str| Ok((duty.to_owned(), tax.to_owned()));
        assert_eq!(owes("VN", 900_000, "610910", "", None), owed("0", "72000"));
        assert_eq!(owes("VN", 2_000_000, "610910", "", Some(20)), owed("400000", "192000"));
        assert_eq!(owes("VN", 2_000_000, "610910", "", None), Err(NoCharge::RateUnknown));
        assert_eq!(owes("ID", 100, "420221", "", None), owed("25", "13.75"));
        assert_eq!(owes("ID", 100, "490199", "", None), owed("0", "11"));
        assert_eq!(owes("SG", 300, "610910", "M2-1234567-8", None), owed("0", "0"));
        assert_eq!(owes("PH", 9_000, "610910", "", None), owed("0", "0"));
    }
}
