//! Set pages drawn into a PDF.

use krilla::Document;
use krilla::color::rgb;
use krilla::geom::{PathBuilder, Point, Rect};
use krilla::metadata::Metadata;
use krilla::page::PageSettings;
use krilla::paint::{Fill, Stroke};
use krilla::surface::Surface;
use krilla::text::TextDirection;

use crate::NotPrinted;
use crate::set::{Ink, MARGIN, PAGE, Page, Tone};
use crate::sheet::Sheet;
use crate::text::{self, Weight};

/// The PDF of these pages.
pub(crate) fn pdf(sheet: &Sheet, pages: &[Page]) -> Result<Vec<u8>, NotPrinted> {
    let mut document = Document::new();
    let metadata = Metadata::new()
        .title(format!("{} {}", sheet.head.title, sheet.head.number).trim().to_owned())
        .language(sheet.head.language.clone())
        .creator("Sampan".to_owned())
        .authors(vec![sheet.head.office.clone()]);
    document.set_metadata(metadata);
    for (number, page) in pages.iter().enumerate() {
        let settings =
            PageSettings::from_wh(PAGE.0, PAGE.1).ok_or_else(|| NotPrinted::Pdf("no page".into()))?;
        let mut sheet_page = document.start_page_with(settings);
        let mut surface = sheet_page.surface();
        page.iter().for_each(|ink| draw(&mut surface, ink));
        foot(&mut surface, sheet, (number + 1, pages.len()));
        surface.finish();
        sheet_page.finish();
    }
    document.finish().map_err(|error| NotPrinted::Pdf(format!("{error:?}")))
}

fn draw(surface: &mut Surface<'_>, ink: &Ink) {
    match ink {
        Ink::Text { at, size, weight, tone, text } => write(surface, *at, (*size, *weight, *tone), text),
        Ink::Rule { from, to, width, tone } => {
            let mut path = PathBuilder::new();
            path.move_to(from.0, from.1);
            path.line_to(to.0, to.1);
            surface.set_fill(None);
            surface.set_stroke(Some(Stroke {
                paint: color(*tone).into(),
                width: *width,
                ..Stroke::default()
            }));
            if let Some(path) = path.finish() {
                surface.draw_path(&path);
            }
        }
        Ink::Fill { at, size, tone } => {
            let mut path = PathBuilder::new();
            if let Some(rect) = Rect::from_xywh(at.0, at.1, size.0, size.1) {
                path.push_rect(rect);
            }
            surface.set_stroke(None);
            surface.set_fill(Some(Fill { paint: color(*tone).into(), ..Fill::default() }));
            if let Some(path) = path.finish() {
                surface.draw_path(&path);
            }
        }
    }
}

fn write(
    surface: &mut Surface<'_>,
    (x, y): (f32, f32),
    (size, weight, tone): (f32, Weight, Tone),
    text: &str,
) {
    surface.set_stroke(None);
    surface.set_fill(Some(Fill { paint: color(tone).into(), ..Fill::default() }));
    let mut x = x;
    for (cut, part) in text::parts(text, weight) {
        surface.draw_text(Point::from_xy(x, y), cut.font.clone(), size, part, false, TextDirection::Auto);
        x += text::width(part, weight, size);
    }
}

/// The number of the paper and of the page, at the foot.
fn foot(surface: &mut Surface<'_>, sheet: &Sheet, (page, pages): (usize, usize)) {
    let y = PAGE.1 - 34.0;
    draw(
        surface,
        &Ink::Rule {
            from: (MARGIN, y - 12.0),
            to: (PAGE.0 - MARGIN, y - 12.0),
            width: 0.4,
            tone: Tone::Line,
        },
    );
    let look = (7.5, Weight::Regular, Tone::Soft);
    write(surface, (MARGIN, y), look, &format!("{}   {}", sheet.head.office, sheet.head.number));
    let words = sheet.words.page.replace("{page}", &page.to_string()).replace("{pages}", &pages.to_string());
    let wide = text::width(&words, Weight::Regular, 7.5);
    write(surface, (PAGE.0 - MARGIN - wide, y), look, &words);
}

fn color(tone: Tone) -> rgb::Color {
    match tone {
        Tone::Ink => rgb::Color::new(20, 28, 30),
        Tone::Soft => rgb::Color::new(75, 88, 91),
        Tone::Line => rgb::Color::new(201, 197, 185),
        Tone::Ground => rgb::Color::new(239, 237, 231),
        Tone::River => rgb::Color::new(10, 85, 99),
    }
}
