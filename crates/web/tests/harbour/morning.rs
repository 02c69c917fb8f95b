//! One morning in the harbour: equal lots, a shortfall, a moved code, a split load, an announced lot nobody declared, a
//! broken message, one without an agreement, an obligation that runs late.

use customs::roles::{DIRECTOR, GATE, SECRETARY};
use customs::terms::Country;
use jiff::civil::{Date, date};
use kernel::CaseId;
use rust_decimal::Decimal;
use serde_json::json;

use super::Harbour;
use super::cargo::{Lot, agreement};

/// The consignment with the shortfall.
pub(crate) const SHORT: &str = "10612345678";
/// An equal consignment.
pub(crate) const EQUAL: &str = "10612345601";

const FIRMS: [(&str, &str, &str, &str); 6] = [
    ("Siam Rice Mill Co., Ltd.", "Cong ty TNHH Gao Mien Tay", "Công ty TNHH Gạo Miền Tây", "0301234567"),
    (
        "Chao Phraya Electronics PCL",
        "Cong ty CP Dien tu Song Hong",
        "Công ty CP Điện tử Sông Hồng",
        "0102345678",
    ),
    (
        "Andaman Auto Parts Co., Ltd.",
        "Cong ty TNHH Phu tung Dai Viet",
        "Công ty TNHH Phụ tùng Đại Việt",
        "0203456789",
    ),
    ("Lanna Fruit Export Ltd.", "Cong ty CP Thuc pham An Khe", "Công ty CP Thực phẩm An Khê", "0401122334"),
    ("Isan Textile Works", "Cong ty May mac Thanh Long", "Công ty May mặc Thành Long", "0309988776"),
    (
        "Bangpakong Chemicals",
        "Cong ty TNHH Hoa chat Bien Dong",
        "Công ty TNHH Hóa chất Biển Đông",
        "0205566778",
    ),
];

const GOODS: [(&str, &str, i64, &str, i64); 6] = [
    ("10063099", "Gạo thơm, đóng bao 50 kg", 18_000, "KGM", 14_400),
    ("84713020", "Máy tính xách tay 14 inch", 480, "NAR", 216_000),
    ("87083029", "Má phanh ô tô", 5_200, "KGM", 61_500),
    ("08045020", "Xoài tươi", 9_600, "KGM", 11_900),
    ("52083190", "Vải bông dệt thoi, đã nhuộm", 12_400, "MTR", 27_300),
    ("29051100", "Metanol", 24_000, "KGM", 9_800),
];

impl Harbour {
    /// Vietnam on 22 November 2026 at half past seven in the morning, with this many lots whose statements are equal.
    pub(crate) fn morning(lots: usize) -> Self {
        let harbour = Self::empty();
        for partner in ["TH", "LA"] {
            for at in [partner, "VN"] {
                harbour.agree(at, partner);
            }
        }
        harbour.lots(lots);
        harbour.troubles();
        harbour.settle();
        harbour.set_clock("2026-11-21T12:00:00Z");
        harbour.set_clock("2026-11-22T00:20:00Z");
        harbour.day_begins();
        harbour.set_clock("2026-11-22T00:30:00Z");
        harbour
    }

    fn agree(&self, at: &str, partner: &str) {
        let agreement = agreement(partner);
        let case = CaseId::of("agreement", &agreement.id);
        let enter = json!({ "act": "enter", "agreement": agreement });
        self.take(at, &SECRETARY, &case, enter).expect("is entered");
        self.take(at, &DIRECTOR, &case, json!({ "act": "approve" })).expect("enters into force");
    }

    /// Lots whose statements are equal.
    fn lots(&self, count: usize) {
        for place in 0..count {
            let lot = lot(place, "TH");
            self.lodge("TH", vec![lot.exported()]);
            let number = format!("106123456{:02}", place + 1);
            self.lodge(
                "VN",
                vec![lot.imported(&number, Some(&lot.export).filter(|_| place % 3 > 0).map(String::as_str))],
            );
        }
        self.settle();
    }

    fn troubles(&self) {
        // It came so long ago that nothing of the lot is still awaited.
        let short = Lot {
            export: "A0123456789".into(),
            departs: date(2026, 9, 28),
            arrives: date(2026, 10, 5),
            ..lot(1, "TH")
        };
        self.lodge("TH", vec![short.exported()]);
        let mut fewer = short.imported(SHORT, Some("A0123456789"));
        fewer.lines[0].quantity.as_mut().expect("a quantity").amount = Decimal::from(400);
        fewer.lines[0].value.as_mut().expect("a value").amount = Decimal::from(180_000);
        self.lodge("VN", vec![fewer]);

        let moved = Lot { export: "A0123456801".into(), ..lot(2, "TH") };
        self.lodge("TH", vec![moved.exported()]);
        let mut other = moved.imported("10612345690", Some("A0123456801"));
        other.lines[0].hs = customs::terms::HsCode::new("73209090").ok();
        other.lines[0].origin = Some(Country::new("MY"));
        self.lodge("VN", vec![other]);

        let split = Lot { export: "A0123456802".into(), arrives: date(2026, 11, 22), ..lot(5, "TH") };
        self.lodge("TH", vec![split.exported()]);
        let mut half = split.imported("10612345691", Some("A0123456802"));
        half.lines[0].quantity.as_mut().expect("a quantity").amount = Decimal::from(10_000);
        self.lodge("VN", vec![half]);

        self.lodge("TH", vec![lot(40, "TH").exported(), lot(41, "TH").exported()]);
        self.lodge("VN", vec![lot(43, "CN").imported("10612345692", None)]);
        self.settle();
        let broken = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Declaration>\n  <FunctionCode>9</FunctionCode>\n  <ID>A0123456890</ID>\n  <GoodsShipment>\n    <Consignee><Name>Công ty CP Điện tử Sông Hồng</Name></Cosignee>\n  </GoodsShipment>\n</Declaration>\n";
        self.throw("TH", "broken-1@th.example", broken.as_bytes());
        self.throw("CN", "unasked-1@cn.example", b"<MetaData/>");
    }

    /// The first hour: one lot is released, one is held.
    fn day_begins(&self) {
        let case = |number: &str| CaseId::of("consignment", number);
        for number in ["10612345602", "10612345603", "10612345604"] {
            self.take("VN", &GATE, &case(number), json!({ "act": "release" })).expect("is released");
        }
        let hold = json!({ "act": "hold", "reason": "Chờ giấy kiểm dịch" });
        self.take("VN", &GATE, &case("10612345610"), hold).expect("is held");
        self.settle();
    }
}

impl Harbour {
    /// Two exports that may be the same goods, and one import that does not say which.
    pub(crate) fn doubt(&self) {
        let one = Lot { export: "A0123457001".into(), departs: date(2026, 11, 18), ..lot(14, "TH") };
        let other = Lot { export: "A0123457002".into(), ..one.clone() };
        self.lodge("TH", vec![one.exported(), other.exported()]);
        self.lodge("VN", vec![one.imported(DOUBTED, None)]);
        self.settle();
    }

    /// Thailand cancels the export behind the shortfall.
    pub(crate) fn take_back(&self) {
        let case = CaseId::of("declaration", "TH-A0123456789");
        let cancel = json!({ "act": "cancel", "reason": "Xuất lại" });
        self.take("TH", &customs::roles::CLEARANCE, &case, cancel).expect("is cancelled");
        self.settle();
    }
}

/// The consignment that two exports may be about.
pub(crate) const DOUBTED: &str = "10612345695";

fn lot(place: usize, from: &'static str) -> Lot {
    let (exporter, consignee, importer, tax) = FIRMS[place % FIRMS.len()];
    let (hs, description, amount, unit, value) = GOODS[place % GOODS.len()];
    let more = i64::try_from(place).expect("few lots");
    let travels = [("1", "VNHPH"), ("3", "VNHAN"), ("1", "VNSGN"), ("4", "VNHAN"), ("1", "VNDAD")][place % 5];
    Lot {
        from,
        export: format!("A01234{:05}", 56_700 + place),
        exporter,
        consignee,
        importer,
        tax,
        goods: vec![(hs, description, amount + more * 10, unit, value + more * 35)],
        travels,
        departs: date(2026, 11, 19),
        arrives: Date::constant(2026, 11, 22).saturating_add(jiff::Span::new().days(more % 4)),
    }
}

/// The consignment whose commodity code and origin moved.
pub(crate) const MOVED: &str = "10612345690";

impl Harbour {
    /// Vietnam gets this many import declarations that nobody announced.
    pub(crate) fn declare_many(&self, count: usize) {
        let declarations =
            (0..count).map(|place| lot(place, "CN").imported(&format!("1069{place:07}"), None));
        self.lodge("VN", declarations.collect());
    }

    /// A program may use the JSON interface with this token.
    pub(crate) fn keep_token(&self, token: &str, name: &str, role: &str) {
        let program = json!({ "name": name, "roles": [role] }).to_string().into_bytes();
        self.keep(&web::token_key(token), program);
    }
}
