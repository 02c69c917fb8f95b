//! Machine-readable marks: Code 128 and QR, as rectangles.

use barcoders::sym::code128::Code128;
use qrcode::{Color, EcLevel, QrCode};

use crate::NotPrinted;

/// A machine-readable mark.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mark {
    /// Bars (ISO/IEC 15417), character set B: letters, digits and signs of ASCII.
    Code128(String),
    /// A square (ISO/IEC 18004): a short text with a quarter of redundancy, a long one with a fifteenth, so that its cells stay large.
    Qr(String),
}

/// A mark as the dark cells of a grid.
#[derive(Debug)]
pub(crate) struct Cells {
    /// How many cells stand beside each other.
    pub(crate) wide: usize,
    /// How many stand above each other; 1 for bars.
    pub(crate) tall: usize,
    /// Dark ones, row by row.
    pub(crate) dark: Vec<bool>,
}

impl Mark {
    pub(crate) fn cells(&self) -> Result<Cells, NotPrinted> {
        match self {
            Self::Code128(text) => bars(text),
            Self::Qr(text) => square(text),
        }
    }
}

fn bars(text: &str) -> Result<Cells, NotPrinted> {
    let fits = (1..=80).contains(&text.len()) && text.bytes().all(|byte| (0x20..0x7f).contains(&byte));
    let wrong = || NotPrinted::Mark(text.to_owned());
    if !fits {
        return Err(wrong());
    }
    // The sign before the text picks character set B.
    let code = Code128::new(format!("\u{0181}{text}")).map_err(|_| wrong())?;
    let dark: Vec<bool> = code.encode().into_iter().map(|cell| cell == 1).collect();
    Ok(Cells { wide: dark.len(), tall: 1, dark })
}

fn square(text: &str) -> Result<Cells, NotPrinted> {
    let level = if text.len() > LONG_BYTES { EcLevel::L } else { EcLevel::Q };
    let code = QrCode::with_error_correction_level(text, level)
        .map_err(|_| NotPrinted::Mark(text.chars().take(40).collect()))?;
    let wide = code.width();
    let dark = code.to_colors().into_iter().map(|color| color == Color::Dark).collect();
    Ok(Cells { wide, tall: wide, dark })
}

/// From so many bytes on a square is a long one and is drawn large.
pub(crate) const LONG_BYTES: usize = 300;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_begin_and_end_as_the_standard_says() {
        let cells = Mark::Code128("26VN000001".into()).cells().expect("fits");
        let start: Vec<bool> = "11010010000".chars().map(|c| c == '1').collect();
        let stop: Vec<bool> = "1100011101011".chars().map(|c| c == '1').collect();
        assert!(cells.dark.starts_with(&start) && cells.dark.ends_with(&stop));
        assert_eq!(cells.wide, 11 * (1 + 10 + 1) + 13);
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        for text in ["", "số", "a\nb", &"9".repeat(81)] {
            assert!(Mark::Code128(text.to_owned()).cells().is_err(), "{text:?}");
        }
        assert!(Mark::Qr("9".repeat(9_000)).cells().is_err());
        let small = Mark::Qr("VN".into()).cells().expect("fits");
        assert_eq!((small.wide, small.tall, small.dark.len()), (21, 21, 441));
    }
}
