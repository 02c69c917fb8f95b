//! A small world for the tests: documents in one line each.

use customs::terms::{Country, HsCode, Party, Place, TransportMode};
use jiff::civil::Date;
use kernel::Quantity;
use link::{Affected, Doc, DocId, DocLine, Index, Settings};

pub(crate) const EXPORTER: &str = "Siam Rubber Products Co., Ltd.";
pub(crate) const CONSIGNEE: &str = "Công ty TNHH Cao Su Minh Phát";

/// `item hs amount unit origin [quoted]`, fields parted by spaces, lines by `;`; `-` is absent.
pub(crate) fn lines(text: &str) -> Vec<DocLine> {
    let present = |field: &str| (field != "-").then(|| field.to_owned());
    let line = |line: &str| {
        let fields: Vec<&str> = line.split_whitespace().collect();
        let quantity =
            present(fields[2]).map(|amount| Quantity::new(amount.parse().expect("an amount"), fields[3]));
        DocLine {
            item: fields[0].parse().expect("an item number"),
            hs: present(fields[1]).map(|hs| HsCode::new(&hs).expect("a commodity code")),
            quantity,
            origin: present(fields[4]).map(Country::new),
            quoted: fields.get(5).map(|quoted| (*quoted).to_owned()),
        }
    };
    text.split(';').map(line).collect()
}

pub(crate) fn date(text: &str) -> Date {
    text.parse().expect("a date")
}

pub(crate) fn export_id(number: &str) -> DocId {
    DocId::export(Country::new("TH"), number)
}

pub(crate) fn import_id(number: &str) -> DocId {
    DocId::import(Country::new("VN"), number)
}

pub(crate) fn export(number: &str, day: &str, goods: &str) -> Doc {
    Doc {
        id: export_id(number),
        sender: Party::named(EXPORTER),
        receiver: Party::named(CONSIGNEE),
        from: Some(Country::new("TH")),
        day: Some(date(day)),
        mode: Some(TransportMode::new("3")),
        place: Some(Place::new("VNLBB")),
        lines: lines(goods),
    }
}

pub(crate) fn import(number: &str, day: &str, goods: &str) -> Doc {
    Doc {
        id: import_id(number),
        sender: Party::named("SIAM RUBBER PRODUCTS COMPANY LIMITED"),
        receiver: Party::named("CONG TY TNHH CAO SU MINH PHAT"),
        ..export(number, day, goods)
    }
}

/// A world of documents, with the matches of any of them.
#[derive(Default)]
pub(crate) struct World(pub(crate) Index);

impl World {
    pub(crate) fn of(docs: impl IntoIterator<Item = Doc>) -> Self {
        let mut world = Self(Index::new(Settings::default()));
        for doc in docs {
            world.0.insert(doc);
        }
        world
    }

    pub(crate) fn add(&mut self, doc: Doc) -> Affected {
        self.0.insert(doc)
    }
}
