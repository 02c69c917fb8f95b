//! One form for every JSON value (JSON Canonicalization Scheme, RFC 8785): what is signed where a document carries its own proof.

use std::fmt::Write as _;

use serde_json::{Number, Value};

/// The canonical text of a value.
pub(super) fn canonical(value: &Value) -> String {
    let mut text = String::new();
    write(value, &mut text);
    text
}

fn write(value: &Value, text: &mut String) {
    match value {
        Value::Null | Value::Bool(_) => text.push_str(&value.to_string()),
        Value::Number(number) => text.push_str(&numeral(number)),
        Value::String(string) => quoted(string, text),
        Value::Array(elements) => {
            text.push('[');
            for (place, element) in elements.iter().enumerate() {
                separate(place, text);
                write(element, text);
            }
            text.push(']');
        }
        Value::Object(members) => {
            let mut members: Vec<_> = members.iter().collect();
            // By UTF-16 units, as the scheme has it: not the order of UTF-8 beyond the basic plane.
            members.sort_by(|(left, _), (right, _)| left.encode_utf16().cmp(right.encode_utf16()));
            text.push('{');
            for (place, (name, member)) in members.into_iter().enumerate() {
                separate(place, text);
                quoted(name, text);
                text.push(':');
                write(member, text);
            }
            text.push('}');
        }
    }
}

fn separate(place: usize, text: &mut String) {
    if place > 0 {
        text.push(',');
    }
}

fn quoted(string: &str, text: &mut String) {
    text.push('"');
    for letter in string.chars() {
        match letter {
            '"' => text.push_str("\\\""),
            '\\' => text.push_str("\\\\"),
            '\u{8}' => text.push_str("\\b"),
            '\u{c}' => text.push_str("\\f"),
            '\n' => text.push_str("\\n"),
            '\r' => text.push_str("\\r"),
            '\t' => text.push_str("\\t"),
            control if u32::from(control) < 0x20 => {
                // Writing into a text does not fail.
                let _ = write!(text, "\\u{:04x}", u32::from(control));
            }
            other => text.push(other),
        }
    }
    text.push('"');
}

/// A number as ECMAScript prints it: every number is a double there, whatever it was written as.
fn numeral(number: &Number) -> String {
    let value = number.as_f64().unwrap_or(0.0);
    if value == 0.0 {
        return "0".into();
    }
    // Rust and ECMAScript agree on the shortest digits that read back as the same double; the layout differs.
    let scientific = format!("{:e}", value.abs());
    let (digits, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let digits = digits.replace('.', "");
    let point = exponent.parse::<i32>().unwrap_or(0) + 1;
    let sign = if value < 0.0 { "-" } else { "" };
    format!("{sign}{}", laid_out(&digits, point))
}

/// Digits with their point after so many of them (ECMA-262, Number::toString).
fn laid_out(digits: &str, point: i32) -> String {
    let count = digits.len() as i32;
    if (count..=PLAIN_DIGITS_MAX).contains(&point) {
        format!("{digits}{}", "0".repeat((point - count) as usize))
    } else if (1..=PLAIN_DIGITS_MAX).contains(&point) {
        let (whole, fraction) = digits.split_at(point as usize);
        format!("{whole}.{fraction}")
    } else if (PLAIN_POINT_MIN..=0).contains(&point) {
        format!("0.{}{digits}", "0".repeat(point.unsigned_abs() as usize))
    } else {
        let (first, rest) = digits.split_at(1);
        let fraction = if rest.is_empty() { String::new() } else { format!(".{rest}") };
        let sign = if point > 0 { '+' } else { '-' };
        format!("{first}{fraction}e{sign}{}", (point - 1).abs())
    }
}

/// The longest number that is written without an exponent, and the least place of the point.
const PLAIN_DIGITS_MAX: i32 = 21;
const PLAIN_POINT_MIN: i32 = -5;

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 8785, appendix B: doubles by their bits, and as they are printed.
    #[test]
    fn numbers_are_printed_as_published() {
        for (bits, printed) in [
            (0x0000_0000_0000_0000_u64, "0"),
            (0x8000_0000_0000_0000, "0"),
            (0x0000_0000_0000_0001, "5e-324"),
            (0x8000_0000_0000_0001, "-5e-324"),
            (0x7fef_ffff_ffff_ffff, "1.7976931348623157e+308"),
            (0x4340_0000_0000_0000, "9007199254740992"),
            (0xc340_0000_0000_0000, "-9007199254740992"),
            (0x4430_0000_0000_0000, "295147905179352830000"),
            (0x44b5_2d02_c7e1_4af5, "9.999999999999997e+22"),
            (0x44b5_2d02_c7e1_4af6, "1e+23"),
            (0x44b5_2d02_c7e1_4af7, "1.0000000000000001e+23"),
            (0x444b_1ae4_d6e2_ef4e, "999999999999999700000"),
            (0x444b_1ae4_d6e2_ef4f, "999999999999999900000"),
            (0x444b_1ae4_d6e2_ef50, "1e+21"),
            (0x3eb0_c6f7_a0b5_ed8c, "9.999999999999997e-7"),
            (0x3eb0_c6f7_a0b5_ed8d, "0.000001"),
            (0x41b3_de43_5555_5553, "333333333.3333332"),
            (0x41b3_de43_5555_5554, "333333333.33333325"),
            (0x41b3_de43_5555_5555, "333333333.3333333"),
            (0x41b3_de43_5555_5556, "333333333.3333334"),
            (0x41b3_de43_5555_5557, "333333333.33333343"),
        ] {
            let number = Number::from_f64(f64::from_bits(bits)).expect("finite");
            assert_eq!(numeral(&number), printed);
        }
    }

    /// RFC 8785, section 3.2.2 and 3.2.3.
    #[test]
    fn members_stand_in_the_order_of_their_utf_16_units() {
        let source = r#"{
            "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
            "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
            "literals": [null, true, false]
        }"#;
        let expected = "{\"literals\":[null,true,false],\"numbers\":[333333333.3333333,1e+30,4.5,0.002,1e-27],\
            \"string\":\"€$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"}";
        let read = |text: &str| serde_json::from_str::<Value>(text).expect("JSON");
        assert_eq!(canonical(&read(source)), expected);
        let sorted = r#"{"\u20ac":1,"\r":2,"\ufb33":3,"1":4,"\ud83d\ude00":5,"\u0080":6,"\u00f6":7}"#;
        let expected = "{\"\\r\":2,\"1\":4,\"\u{80}\":6,\"ö\":7,\"€\":1,\"😀\":5,\"\u{fb33}\":3}";
        assert_eq!(canonical(&read(sorted)), expected);
    }
}
