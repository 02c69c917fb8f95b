//! Order, payment and logistics held against one another before release.

use customs::parcel::Parcel;
use names::{Name, name_likeness};

use super::Fault;

/// What the platform and the payment service say other than the parcel. What neither of them said is not compared.
#[must_use]
pub fn three_way(parcel: &Parcel<'_>) -> Vec<Fault> {
    let mut faults = Vec::new();
    let differs = |said: Option<i64>| {
        said.zip(parcel.value).is_some_and(|(said, declared)| (said - declared).abs() > tolerance(said))
    };
    if differs(parcel.ordered) {
        faults.push(Fault::OrderDiffers);
    }
    if differs(parcel.paid) {
        faults.push(Fault::PaymentDiffers);
    }
    let is_other = |payer: &str| {
        payer != parcel.receiver && name_likeness(&Name::new(payer), &Name::new(&parcel.receiver)) < ONE_PAYER
    };
    if !parcel.payer.is_empty() && !parcel.receiver.is_empty() && is_other(&parcel.payer) {
        faults.push(Fault::PayerDiffers);
    }
    faults
}

/// Shipping and coupons: up to a tenth, and always up to one unit of the currency.
const fn tolerance(amount: i64) -> i64 {
    let tenth = amount.saturating_abs() / 10;
    if tenth > 1_000 { tenth } else { 1_000 }
}

const ONE_PAYER: u16 = 600;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_three_parties_say_must_agree() {
        let parcel =
            Parcel { value: Some(20_000), receiver: "Nguyễn Văn Đức".into(), ..Parcel::default() };
        let with = |ordered, paid, payer: &'static str| {
            three_way(&Parcel { ordered, paid, payer: payer.into(), ..parcel.clone() })
        };
        assert!(with(Some(21_500), Some(21_500), "NGUYEN VAN DUC").is_empty());
        assert_eq!(with(Some(80_000), Some(80_000), ""), [Fault::OrderDiffers, Fault::PaymentDiffers]);
        assert_eq!(with(None, None, "Tran Thi Hoa"), [Fault::PayerDiffers]);
    }
}
