//! Mutations of a document's text: small wrongs of the kinds that senders make, from a seed.

/// A small generator of numbers, the same from the same seed.
pub(crate) struct Seed(pub(crate) u64);

impl Seed {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number below this one; 0 below 0.
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        if bound == 0 { 0 } else { (self.next() % bound as u64) as usize }
    }

    fn of<'a, T>(&mut self, list: &'a [T]) -> Option<&'a T> {
        list.get(self.below(list.len()))
    }
}

const VALUES: [&str; 48] = [
    "",
    " ",
    "A",
    "AB",
    "ABC",
    "A1",
    "12",
    "-1",
    "-0",
    "+5",
    ".5",
    "5.",
    ".",
    "1.5",
    "0.1234567",
    "00000000000000000001",
    "9999999999999999",
    "99999999999999999",
    "123456789012345.6",
    "1234567890123456.7",
    "0.0000001",
    "1.000000000",
    "1e5",
    "INF",
    "1,5",
    "12345",
    "123456",
    "9",
    "13",
    "14",
    "1",
    "20260230",
    "20260131",
    "20260131000000Z",
    "20260131000000+07",
    "19991231",
    "2026-01-31",
    " 20260131 ",
    "a\nb",
    "\n",
    " 9 ",
    "A  B",
    "&amp;",
    "&#65;",
    "<![CDATA[x]]>",
    "\u{1EC7}",
    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
    "<X/>",
];

const ATTRIBUTES: [&str; 16] = [
    " unitCode=\"KGM\"",
    " unitCode=\"\"",
    " unitCode=\"ABCDEF\"",
    " currencyID=\"VND\"",
    " currencyID=\"vnd\"",
    " languageID=\"vi\"",
    " languageID=\"x_\"",
    " formatCode=\"102\"",
    " formatCode=\"203\"",
    " listID=\" a \"",
    " schemeAgencyID=\"1234\"",
    " listAgencyID=\"\"",
    " xml:lang=\"vi\"",
    " a=\"1\" a=\"2\"",
    " q:a=\"1\"",
    " a='<'",
];

/// A piece between two offsets.
#[derive(Clone, Copy)]
struct Piece {
    from: usize,
    to: usize,
}

/// Leaf elements, start tag to end tag.
fn leaves(text: &str) -> Vec<(Piece, Piece)> {
    let mut found = Vec::new();
    let mut start: Option<(usize, usize)> = None;
    for (at, _) in text.match_indices('<') {
        let Some(end) = text[at..].find('>').map(|end| at + end + 1) else { break };
        let tag = &text[at..end];
        if tag.starts_with("</") {
            if let Some((from, inner)) = start.take() {
                found.push((Piece { from, to: end }, Piece { from: inner, to: at }));
            }
        } else {
            start = (!tag.ends_with("/>") && !tag.starts_with("<!") && !tag.starts_with("<?"))
                .then_some((at, end));
        }
    }
    found
}

/// One mutation of a text; the text itself where it has nothing to mutate.
pub(crate) fn mutate(text: &str, seed: &mut Seed) -> String {
    let leaves = leaves(text);
    let (Some((whole, inner)), Some((other, _))) = (seed.of(&leaves).copied(), seed.of(&leaves).copied())
    else {
        return text.to_owned();
    };
    let replace = |piece: Piece, with: &str| format!("{}{with}{}", &text[..piece.from], &text[piece.to..]);
    let cut = |piece: Piece| &text[piece.from..piece.to];
    let into = |at: usize, what: &str| replace(Piece { from: at, to: at }, what);
    match seed.below(12) {
        0..=4 => replace(inner, seed.of(&VALUES).expect("there are values")),
        5 => replace(whole, ""),
        6 => replace(whole, &cut(whole).repeat(2)),
        7 => into(other.from, cut(whole)),
        8 => into(inner.from - 1, seed.of(&ATTRIBUTES).expect("there are attributes")),
        9 => {
            let space = text[whole.from..inner.from].find(' ').map(|space| whole.from + space);
            replace(Piece { from: space.unwrap_or(inner.from - 1), to: inner.from - 1 }, "")
        }
        10 => replace(whole, &cut(whole).replace("ID>", "Id>").replace("Code>", "Kode>")),
        _ => {
            let at = (0..=seed.below(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
            let what = ["<", ">", "&", "]]>", "x", "\u{1}", "--", "<!--", "<a>"];
            if seed.below(3) == 0 {
                text[..at].to_owned()
            } else {
                into(at, seed.of(&what).expect("there is some"))
            }
        }
    }
}
