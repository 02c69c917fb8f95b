//! Parts set into pages: where every line of text, rule and box stands.

use crate::mark::{Cells, LONG_BYTES};
use crate::sheet::{Box, Part, Sheet, Table, Text};
use crate::text::{self, Piece, Weight};
use crate::{Mark, NotPrinted};

/// A4, in points.
pub(crate) const PAGE: (f32, f32) = (595.28, 841.89);
pub(crate) const MARGIN: f32 = 51.0;
const FOOT: f32 = 62.0;
const SIZE: f32 = 9.5;
const LEADING: f32 = 1.42;
/// The most pages of one paper.
const PAGES_MAX: usize = 400;

/// One thing drawn on a page; y runs down from the top, texts stand on their base line.
#[derive(Debug)]
pub(crate) enum Ink {
    /// A text.
    Text { at: (f32, f32), size: f32, weight: Weight, tone: Tone, text: String },
    /// A straight line.
    Rule { from: (f32, f32), to: (f32, f32), width: f32, tone: Tone },
    /// A filled rectangle.
    Fill { at: (f32, f32), size: (f32, f32), tone: Tone },
}

/// How dark something is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tone {
    /// Text.
    Ink,
    /// Labels and small print.
    Soft,
    /// Lines.
    Line,
    /// The ground of table heads.
    Ground,
    /// Titles.
    River,
}

/// One page.
pub(crate) type Page = Vec<Ink>;

/// All pages of a sheet, without what stands at their feet.
pub(crate) fn pages(sheet: &Sheet) -> Result<Vec<Page>, NotPrinted> {
    let mut press = Press { sheet, pages: vec![Vec::new()], y: MARGIN, sources: Vec::new() };
    press.head()?;
    for part in &sheet.parts {
        press.part(part)?;
    }
    press.sources_list()?;
    Ok(press.pages)
}

struct Press<'a> {
    sheet: &'a Sheet,
    pages: Vec<Page>,
    y: f32,
    sources: Vec<String>,
}

const ROOM: f32 = PAGE.0 - 2.0 * MARGIN;

/// Lines of pieces, as they are set under each other.
type Lines = Vec<Vec<Piece>>;

impl Press<'_> {
    fn ink(&mut self, ink: Ink) {
        if let Some(page) = self.pages.last_mut() {
            page.push(ink);
        }
    }

    fn new_page(&mut self) -> Result<(), NotPrinted> {
        if self.pages.len() >= PAGES_MAX {
            return Err(NotPrinted::TooLong(PAGES_MAX));
        }
        self.pages.push(Vec::new());
        self.y = MARGIN;
        Ok(())
    }

    /// A new page where less than this is left of this one.
    fn need(&mut self, height: f32) -> Result<(), NotPrinted> {
        let is_fresh = self.y <= MARGIN + 1.0;
        if self.y + height > PAGE.1 - FOOT && !is_fresh { self.new_page() } else { Ok(()) }
    }

    fn write(&mut self, at: (f32, f32), size: f32, (weight, tone): (Weight, Tone), text: &str) {
        if !text.trim().is_empty() {
            self.ink(Ink::Text { at, size, weight, tone, text: text.to_owned() });
        }
    }

    fn rule(&mut self, y: f32, width: f32, tone: Tone) {
        self.ink(Ink::Rule { from: (MARGIN, y), to: (PAGE.0 - MARGIN, y), width, tone });
    }

    fn head(&mut self) -> Result<(), NotPrinted> {
        let head = &self.sheet.head;
        let right = self.marks()?;
        let room = ROOM - right;
        self.write((MARGIN, self.y + 9.0), 9.0, (Weight::Bold, Tone::Soft), &head.office);
        self.y += 26.0;
        for line in text::lines(&[bold(&head.title)], 17.0, room) {
            self.line(&line, (MARGIN, self.y + 15.0), 17.0, Tone::River);
            self.y += 22.0;
        }
        for line in text::lines(&[plain(&head.subtitle)], 11.0, room) {
            self.line(&line, (MARGIN, self.y + 10.0), 11.0, Tone::Ink);
            self.y += 15.0;
        }
        self.y = self.y.max(if right > 0.0 { MARGIN + self.square_side() + 8.0 } else { 0.0 }) + 6.0;
        self.rule(self.y, 1.2, Tone::River);
        self.y += 16.0;
        Ok(())
    }

    /// The marks at the upper right; returns the width they take.
    fn marks(&mut self) -> Result<f32, NotPrinted> {
        let mut right = 0.0_f32;
        let square = self.sheet.marks.iter().find(|mark| matches!(mark, Mark::Qr(_)));
        if let Some(mark) = square {
            let side = self.square_side();
            right = side + 6.0;
            self.cells(&mark.cells()?, (PAGE.0 - MARGIN - side, MARGIN), (side, side));
        }
        let bars = self.sheet.marks.iter().find(|mark| matches!(mark, Mark::Code128(_)));
        if let Some(mark @ Mark::Code128(says)) = bars {
            let cells = mark.cells()?;
            let wide = (cells.wide as f32 * 0.95).min(210.0);
            let left = PAGE.0 - MARGIN - right - wide - if right > 0.0 { 12.0 } else { 0.0 };
            self.cells(&cells, (left, MARGIN), (wide, 34.0));
            let says_wide = text::width(says, Weight::Regular, 8.0);
            self.write(
                (left + (wide - says_wide) / 2.0, MARGIN + 44.0),
                8.0,
                (Weight::Regular, Tone::Ink),
                says,
            );
            right += wide + 16.0;
        }
        Ok(right)
    }

    /// How large the square is: a long text has many cells, and a phone must still tell them apart.
    fn square_side(&self) -> f32 {
        let is_long = |mark: &Mark| matches!(mark, Mark::Qr(text) if text.len() > LONG_BYTES);
        if self.sheet.marks.iter().any(is_long) { 156.0 } else { 68.0 }
    }

    fn cells(&mut self, cells: &Cells, (x, y): (f32, f32), (width, height): (f32, f32)) {
        let (cell, tall) = (width / cells.wide as f32, height / cells.tall as f32);
        for row in 0..cells.tall {
            let mut column = 0;
            while column < cells.wide {
                let dark =
                    |column: usize| cells.dark.get(row * cells.wide + column).copied().unwrap_or(false);
                let start = column;
                while column < cells.wide && dark(column) {
                    column += 1;
                }
                if column > start {
                    let at = (x + start as f32 * cell, y + row as f32 * tall);
                    let size = ((column - start) as f32 * cell, tall);
                    self.ink(Ink::Fill { at, size, tone: Tone::Ink });
                }
                column += 1;
            }
        }
    }

    fn part(&mut self, part: &Part) -> Result<(), NotPrinted> {
        match part {
            Part::Heading(text) => {
                self.need(48.0)?;
                self.y += 8.0;
                self.set(&[bold(text)], (12.0, Tone::River), (MARGIN, ROOM))?;
                self.y += 3.0;
            }
            Part::Paragraph(text) => {
                let pieces = self.pieces(text);
                self.set(&pieces, (SIZE, Tone::Ink), (MARGIN, ROOM))?;
                self.y += 6.0;
            }
            Part::Small(text) => {
                let pieces = self.pieces(text);
                self.set(&pieces, (7.5, Tone::Soft), (MARGIN, ROOM))?;
                self.y += 4.0;
            }
            Part::Pairs(pairs) => self.pairs(pairs)?,
            Part::Boxes(rows) => self.boxes(rows)?,
            Part::Table(table) => self.table(table)?,
            Part::NewPage => self.new_page()?,
        }
        Ok(())
    }

    /// A text as pieces, its sources numbered.
    fn pieces(&mut self, text: &Text) -> Vec<Piece> {
        let mut pieces = Vec::new();
        for run in &text.0 {
            let weight = if run.is_bold { Weight::Bold } else { Weight::Regular };
            pieces.push(Piece { text: run.text.clone(), weight, raised: false });
            if let Some(source) = &run.source {
                let known = self.sources.iter().position(|known| known == source);
                let number = known.unwrap_or_else(|| {
                    self.sources.push(source.clone());
                    self.sources.len() - 1
                });
                pieces.push(Piece { text: (number + 1).to_string(), weight: Weight::Regular, raised: true });
            }
        }
        pieces
    }

    /// Sets pieces below each other, over as many pages as it takes.
    fn set(
        &mut self,
        pieces: &[Piece],
        (size, tone): (f32, Tone),
        (x, room): (f32, f32),
    ) -> Result<(), NotPrinted> {
        for line in text::lines(pieces, size, room) {
            self.need(size * LEADING)?;
            self.line(&line, (x, self.y + size), size, tone);
            self.y += size * LEADING;
        }
        Ok(())
    }

    fn line(&mut self, line: &[Piece], (x, y): (f32, f32), size: f32, tone: Tone) {
        let mut x = x;
        for piece in line {
            let (size, y) = if piece.raised { (size * text::RAISED, y - size * 0.36) } else { (size, y) };
            self.write((x, y), size, (piece.weight, tone), &piece.text);
            x += text::width(&piece.text, piece.weight, size);
        }
    }

    fn pairs(&mut self, pairs: &[(String, Text)]) -> Result<(), NotPrinted> {
        let half = ROOM / 2.0;
        for two in pairs.chunks(2) {
            let set: Vec<_> = two
                .iter()
                .map(|(label, value)| {
                    let pieces = self.pieces(value);
                    (label, text::lines(&pieces, SIZE, half - 14.0))
                })
                .collect();
            let most = set.iter().map(|(_, lines)| lines.len()).max().unwrap_or(1);
            let height = 11.0 + most as f32 * SIZE * LEADING + 5.0;
            self.need(height)?;
            for (place, (label, lines)) in set.into_iter().enumerate() {
                let x = MARGIN + half * place as f32;
                self.write((x, self.y + 8.0), 7.5, (Weight::Regular, Tone::Soft), label);
                for (number, line) in lines.iter().enumerate() {
                    let y = self.y + 11.0 + SIZE + number as f32 * SIZE * LEADING;
                    self.line(line, (x, y), SIZE, Tone::Ink);
                }
            }
            self.y += height;
        }
        self.y += 4.0;
        Ok(())
    }

    fn boxes(&mut self, rows: &[Vec<Box>]) -> Result<(), NotPrinted> {
        for row in rows {
            let whole: f32 = row.iter().map(|one| one.share.max(0.01)).sum();
            let widths: Vec<f32> = row.iter().map(|one| ROOM * one.share.max(0.01) / whole).collect();
            let set: Vec<_> = row
                .iter()
                .zip(&widths)
                .map(|(one, width)| {
                    let pieces = self.pieces(&one.value);
                    (
                        text::lines(&[plain(&one.label)], 6.5, width - 8.0),
                        text::lines(&pieces, SIZE, width - 8.0),
                    )
                })
                .collect();
            let tall = |(place, (label, value)): (usize, &(Lines, Lines))| {
                let least = usize::from(row[place].lines.max(1));
                6.0 + label.len() as f32 * 8.0 + value.len().max(least) as f32 * SIZE * LEADING
            };
            let height = set.iter().enumerate().map(tall).fold(0.0, f32::max);
            self.need(height)?;
            let mut x = MARGIN;
            for ((label, value), width) in set.iter().zip(&widths) {
                self.frame((x, self.y), (*width, height));
                for (number, line) in label.iter().enumerate() {
                    self.line(line, (x + 4.0, self.y + 8.5 + number as f32 * 8.0), 6.5, Tone::Soft);
                }
                let below = self.y + 4.0 + label.len() as f32 * 8.0;
                for (number, line) in value.iter().enumerate() {
                    self.line(
                        line,
                        (x + 4.0, below + SIZE + number as f32 * SIZE * LEADING),
                        SIZE,
                        Tone::Ink,
                    );
                }
                x += width;
            }
            self.y += height;
        }
        self.y += 10.0;
        Ok(())
    }

    fn frame(&mut self, (x, y): (f32, f32), (width, height): (f32, f32)) {
        let corners = [(x, y), (x + width, y), (x + width, y + height), (x, y + height), (x, y)];
        for pair in corners.windows(2) {
            self.ink(Ink::Rule { from: pair[0], to: pair[1], width: 0.6, tone: Tone::Soft });
        }
    }

    fn table(&mut self, table: &Table) -> Result<(), NotPrinted> {
        let whole: f32 = table.columns.iter().map(|column| column.share.max(0.01)).sum();
        let widths: Vec<f32> =
            table.columns.iter().map(|column| ROOM * column.share.max(0.01) / whole.max(0.01)).collect();
        self.table_head(table, &widths)?;
        for row in &table.rows {
            let cells: Vec<_> = row
                .iter()
                .zip(&widths)
                .map(|(cell, width)| {
                    let pieces = self.pieces(cell);
                    text::lines(&pieces, 8.5, width - 8.0)
                })
                .collect();
            let most = cells.iter().map(Vec::len).max().unwrap_or(1).clamp(1, 50);
            let height = 6.0 + most as f32 * 8.5 * LEADING;
            if self.y + height > PAGE.1 - FOOT {
                self.new_page()?;
                self.table_head(table, &widths)?;
            }
            let mut x = MARGIN;
            for (place, (lines, width)) in cells.iter().zip(&widths).enumerate() {
                for (number, line) in lines.iter().take(50).enumerate() {
                    let left = if table.columns[place].is_number {
                        x + width - 4.0 - wide(line, 8.5)
                    } else {
                        x + 4.0
                    };
                    self.line(
                        line,
                        (left, self.y + 3.0 + 8.5 + number as f32 * 8.5 * LEADING),
                        8.5,
                        Tone::Ink,
                    );
                }
                x += width;
            }
            self.y += height;
            self.rule(self.y, 0.4, Tone::Line);
        }
        self.y += 12.0;
        Ok(())
    }

    fn table_head(&mut self, table: &Table, widths: &[f32]) -> Result<(), NotPrinted> {
        let heads: Vec<_> = table
            .columns
            .iter()
            .zip(widths)
            .map(|(column, width)| text::lines(&[bold(&column.head)], 7.5, width - 8.0))
            .collect();
        let most = heads.iter().map(Vec::len).max().unwrap_or(1);
        let height = 6.0 + most as f32 * 10.5;
        self.need(height + 34.0)?;
        self.ink(Ink::Fill { at: (MARGIN, self.y), size: (ROOM, height), tone: Tone::Ground });
        let mut x = MARGIN;
        for (place, (lines, width)) in heads.iter().zip(widths).enumerate() {
            for (number, line) in lines.iter().enumerate() {
                let left =
                    if table.columns[place].is_number { x + width - 4.0 - wide(line, 7.5) } else { x + 4.0 };
                self.line(line, (left, self.y + 11.0 + number as f32 * 10.5), 7.5, Tone::Soft);
            }
            x += width;
        }
        self.y += height;
        self.rule(self.y, 0.8, Tone::Soft);
        Ok(())
    }

    /// Every source with its number, where any was named.
    fn sources_list(&mut self) -> Result<(), NotPrinted> {
        if self.sources.is_empty() {
            return Ok(());
        }
        self.need(60.0)?;
        self.y += 6.0;
        self.rule(self.y, 0.6, Tone::Soft);
        self.y += 6.0;
        let title = self.sheet.words.sources.clone();
        self.set(&[bold(&title)], (8.5, Tone::Soft), (MARGIN, ROOM))?;
        for (number, source) in self.sources.clone().iter().enumerate() {
            let lines = text::lines(&[plain(source)], 7.5, ROOM - 18.0);
            self.need(lines.len() as f32 * 7.5 * LEADING)?;
            self.write((MARGIN, self.y + 7.5), 7.5, (Weight::Bold, Tone::Soft), &(number + 1).to_string());
            self.set(&[plain(source)], (7.5, Tone::Soft), (MARGIN + 18.0, ROOM - 18.0))?;
        }
        Ok(())
    }
}

fn wide(line: &[Piece], size: f32) -> f32 {
    let one = |piece: &Piece| {
        text::width(
            piece.text.trim_end(),
            piece.weight,
            if piece.raised { size * text::RAISED } else { size },
        )
    };
    line.iter().map(one).sum()
}

fn bold(text: &str) -> Piece {
    Piece { text: text.to_owned(), weight: Weight::Bold, raised: false }
}

fn plain(text: &str) -> Piece {
    Piece { text: text.to_owned(), weight: Weight::Regular, raised: false }
}
