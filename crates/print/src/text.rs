//! The fonts of seven scripts, how wide a text is, and where its lines break.

use std::sync::LazyLock;

use krilla::text::Font;
use rustybuzz::{Face, UnicodeBuffer};

/// The weight of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Weight {
    /// Regular.
    Regular,
    /// Bold.
    Bold,
}

/// One font of one script and weight.
pub(crate) struct Cut {
    face: Face<'static>,
    pub(crate) font: Font,
}

/// A piece of text in one font.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Piece {
    pub(crate) text: String,
    pub(crate) weight: Weight,
    /// The number of its source, drawn raised.
    pub(crate) raised: bool,
}

/// The scripts in the order of `CUTS`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Script {
    /// Latin, Greek and Cyrillic, and whatever no other cut has.
    Latin,
    Thai,
    Lao,
    Khmer,
    Burmese,
    /// The characters of GB 2312.
    Chinese,
    /// Arrows and relations.
    Sign,
}

/// Regular and bold of each script; a script with one cut is set in it either way.
static CUTS: LazyLock<[[Cut; 2]; 7]> = LazyLock::new(|| {
    let signs = || cut(include_bytes!("../fonts/NotoSansMath-Regular.ttf"));
    let chinese = || cut(include_bytes!("../fonts/NotoSansSC-Regular.otf"));
    [
        [
            cut(include_bytes!("../fonts/NotoSans-Regular.ttf")),
            cut(include_bytes!("../fonts/NotoSans-Bold.ttf")),
        ],
        [
            cut(include_bytes!("../fonts/NotoSansThai-Regular.ttf")),
            cut(include_bytes!("../fonts/NotoSansThai-Bold.ttf")),
        ],
        [
            cut(include_bytes!("../fonts/NotoSansLao-Regular.ttf")),
            cut(include_bytes!("../fonts/NotoSansLao-Bold.ttf")),
        ],
        [
            cut(include_bytes!("../fonts/NotoSansKhmer-Regular.ttf")),
            cut(include_bytes!("../fonts/NotoSansKhmer-Bold.ttf")),
        ],
        [
            cut(include_bytes!("../fonts/NotoSansMyanmar-Regular.ttf")),
            cut(include_bytes!("../fonts/NotoSansMyanmar-Bold.ttf")),
        ],
        [chinese(), chinese()],
        [signs(), signs()],
    ]
});

fn cut(bytes: &'static [u8]) -> Cut {
    Cut {
        face: Face::from_slice(bytes, 0).expect("a font of ours is a font; a test reads each"),
        font: Font::new(bytes.into(), 0).expect("a font of ours is a font; a test reads each"),
    }
}

/// The script whose font has a letter.
fn script(letter: char) -> Script {
    match letter {
        '\u{e00}'..='\u{e7f}' => Script::Thai,
        '\u{e80}'..='\u{eff}' => Script::Lao,
        '\u{1780}'..='\u{17ff}' | '\u{19e0}'..='\u{19ff}' => Script::Khmer,
        '\u{1000}'..='\u{109f}' => Script::Burmese,
        '\u{3000}'..='\u{303f}' | '\u{3400}'..='\u{9fff}' | '\u{ff00}'..='\u{ff60}' => Script::Chinese,
        '←' | '↑' | '→' | '↓' | '↔' | '≈' | '≠' | '≤' | '≥' => Script::Sign,
        _ => Script::Latin,
    }
}

/// A text cut where its script changes, each part with its font. Spaces stay with what stands before them.
pub(crate) fn parts(text: &str, weight: Weight) -> Vec<(&'static Cut, &str)> {
    let of = |script: Script| &CUTS[script as usize][usize::from(weight == Weight::Bold)];
    let mut parts = Vec::new();
    let (mut start, mut current) = (0, None);
    for (place, letter) in text.char_indices() {
        let stays = letter == ' ' || letter == '\u{a0}';
        let its = current.filter(|_| stays).unwrap_or_else(|| script(letter));
        if let Some(before) = current.filter(|before| *before != its) {
            parts.push((of(before), &text[start..place]));
            start = place;
        }
        current = Some(its);
    }
    if let Some(last) = current {
        parts.push((of(last), &text[start..]));
    }
    parts
}

/// How wide a text is at a size.
pub(crate) fn width(text: &str, weight: Weight, size: f32) -> f32 {
    parts(text, weight).into_iter().map(|(cut, part)| shaped(cut, part, size)).sum()
}

fn shaped(cut: &Cut, text: &str, size: f32) -> f32 {
    let mut buffer = UnicodeBuffer::new();
    buffer.push_str(text);
    buffer.guess_segment_properties();
    let glyphs = rustybuzz::shape(&cut.face, &[], buffer);
    let units: i32 = glyphs.glyph_positions().iter().map(|glyph| glyph.x_advance).sum();
    units as f32 / cut.face.units_per_em() as f32 * size
}

/// The lines of a text within a width: broken at spaces, within a word only where it is wider than a line (as Thai and Lao
/// phrases, which have no spaces, often are).
pub(crate) fn lines(pieces: &[Piece], size: f32, room: f32) -> Vec<Vec<Piece>> {
    let mut lines: Vec<Vec<Piece>> = vec![Vec::new()];
    let mut used = 0.0;
    for piece in pieces {
        let size = if piece.raised { size * RAISED } else { size };
        for (number, paragraph) in piece.text.split('\n').enumerate() {
            if number > 0 {
                lines.push(Vec::new());
                used = 0.0;
            }
            for word in words(paragraph) {
                let bare = width(word.trim_end(), piece.weight, size);
                if used > 0.0 && used + bare > room && !piece.raised {
                    lines.push(Vec::new());
                    used = 0.0;
                }
                for part in fitting(word, piece.weight, size, room) {
                    let wide = width(&part, piece.weight, size);
                    if used > 0.0 && used + width(part.trim_end(), piece.weight, size) > room && !piece.raised
                    {
                        lines.push(Vec::new());
                        used = 0.0;
                    }
                    add(&mut lines, &part, piece);
                    used += wide;
                }
            }
        }
    }
    lines
}

fn add(lines: &mut [Vec<Piece>], text: &str, like: &Piece) {
    let Some(line) = lines.last_mut() else { return };
    match line.last_mut() {
        Some(last) if last.weight == like.weight && last.raised == like.raised => last.text.push_str(text),
        _ => line.push(Piece { text: text.to_owned(), ..like.clone() }),
    }
}

/// Words with the spaces behind them.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split_inclusive(' ')
}

/// A word, or its parts where it is wider than a line; marks above and below stay with their letter.
fn fitting(word: &str, weight: Weight, size: f32, room: f32) -> Vec<String> {
    if width(word.trim_end(), weight, size) <= room {
        return vec![word.to_owned()];
    }
    let mut parts = vec![String::new()];
    for letter in word.chars() {
        let Some(last) = parts.last_mut() else { break };
        let joined = format!("{last}{letter}");
        if !last.is_empty() && !joins(letter) && width(&joined, weight, size) > room {
            parts.push(letter.to_string());
        } else {
            *last = joined;
        }
    }
    parts
}

/// Whether a letter belongs to the one before it.
fn joins(letter: char) -> bool {
    matches!(letter,
        '\u{300}'..='\u{36f}' | '\u{102b}'..='\u{103e}' | '\u{17b4}'..='\u{17d3}' | '\u{e31}' | '\u{e33}'..='\u{e3a}' | '\u{e47}'..='\u{e4e}'
        | '\u{eb1}' | '\u{eb3}'..='\u{ebc}' | '\u{ec8}'..='\u{ecd}' | '\u{200b}'..='\u{200d}')
}

/// How small a raised number is.
pub(crate) const RAISED: f32 = 0.68;

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(text: &str) -> Vec<Piece> {
        vec![Piece { text: text.into(), weight: Weight::Regular, raised: false }]
    }

    fn set(text: &str, room: f32) -> Vec<String> {
        lines(&plain(text), 10.0, room)
            .iter()
            .map(|line| line.iter().map(|piece| piece.text.as_str()).collect())
            .collect()
    }

    #[test]
    fn every_letter_of_the_region_and_every_sign_on_paper_is_in_a_font() {
        let vietnamese =
            "ẮẰẲẴẶẤẦẨẪẬẾỀỂỄỆỐỒỔỖỘỚỜỞỠỢỨỪỬỮỰỲÝỶỸỴĐđắằẳẵặấầẩẫậếềểễệốồổỗộớờởỡợứừửữựỳýỷỹỵ₫€฿–—“”…±×№→↔≥≤";
        let thai = "กรมศุลกากร ฉบับที่ ๑๒๓ น้ำผึ้ง";
        let lao = "ກົມພາສີ ສປປ ລາວ ໐໑໒ ນໍ້າເຜິ້ງ";
        let khmer = "អគ្គនាយកដ្ឋានគយ និងរដ្ឋាករកម្ពុជា ០១២";
        let burmese = "အကောက်ခွန်ဦးစီးဌာန ၀၁၂";
        let chinese = "中华人民共和国海关总署（广西凭祥）、进出口商品检验";
        for text in [vietnamese, thai, lao, khmer, burmese, chinese] {
            for weight in [Weight::Regular, Weight::Bold] {
                for (cut, part) in parts(text, weight) {
                    let missing: Vec<_> =
                        part.chars().filter(|letter| cut.face.glyph_index(*letter).is_none()).collect();
                    assert_eq!(missing, Vec::<char>::new(), "in {part}");
                }
            }
        }
    }

    #[test]
    fn no_line_is_wider_than_its_room_and_nothing_is_lost() {
        let text = "Công ty trách nhiệm hữu hạn Gạo Miền Tây กรมศุลกากรแห่งประเทศไทยและสำนักงาน 100630 Donaudampfschifffahrtsgesellschaft";
        for room in [40.0, 90.0, 300.0] {
            let set = set(text, room);
            assert!(
                set.iter().all(|line| width(line.trim_end(), Weight::Regular, 10.0) <= room + 0.5),
                "{set:?}"
            );
            assert_eq!(set.concat(), text);
        }
    }

    #[test]
    fn a_mark_above_stays_with_its_letter() {
        let set = set("น้ำผึ้งน้ำผึ้งน้ำผึ้ง", 20.0);
        assert!(set.iter().all(|line| !line.starts_with(joins)), "{set:?}");
    }
}
