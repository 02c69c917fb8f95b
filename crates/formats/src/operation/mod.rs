//! Seizures of a joint operation as the tables other systems take: in the style of the WCO's CEN and of INCB's IONICS.
//!
//! Neither format is published; the columns are those their forms are known by. One line is one line of goods.

mod cen;
mod ionics;

pub use cen::write_cen;
pub use ionics::write_ionics;

/// One line of CSV (RFC 4180), with what a spreadsheet would run as a formula made harmless.
fn line(out: &mut Vec<u8>, cells: &[String]) {
    for (place, cell) in cells.iter().enumerate() {
        if place > 0 {
            out.push(b',');
        }
        out.extend(quoted(cell).as_bytes());
    }
    out.extend(b"\r\n");
}

fn quoted(cell: &str) -> String {
    let safe = if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) && cell.parse::<f64>().is_err() {
        format!("'{cell}")
    } else {
        cell.to_owned()
    };
    if safe.contains(['"', ',', '\r', '\n']) { format!("\"{}\"", safe.replace('"', "\"\"")) } else { safe }
}

/// A value as text; nothing where it is absent.
fn text<T: ToString>(value: Option<&T>) -> String {
    value.map_or_else(String::new, ToString::to_string)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_breaks_its_line_or_runs_in_a_spreadsheet() {
        let mut out = Vec::new();
        line(&mut out, &["a,b".into(), "say \"no\"".into(), "=1+1".into(), "-16.5".into(), "x\ny".into()]);
        let expected = "\"a,b\",\"say \"\"no\"\"\",'=1+1,-16.5,\"x\ny\"\r\n";
        assert_eq!(String::from_utf8(out).expect("text"), expected);
    }
}
