//! Prints a sample paper to a file, to be looked at: `cargo run -p print --example paper -- paper.pdf`.

use print::{Box, Column, Head, Mark, Part, Sheet, Table, Text, Words};

fn main() -> Result<(), std::boxed::Box<dyn std::error::Error>> {
    let path = std::env::args().nth(1).unwrap_or_else(|| "paper.pdf".into());
    std::fs::write(path, print::print(&sample())?)?;
    Ok(())
}

fn sample() -> Sheet {
    let column = |head: &str, share, is_number| Column { head: head.into(), share, is_number };
    let row = |place: usize| -> Vec<Text> {
        vec![
            place.to_string().into(),
            "Gạo thơm, đóng bao 50 kg · ข้าวหอมมะลิ · ເຂົ້າຫອມ".into(),
            "1006.30".into(),
            Text::default().figure("18.000,5", format!("VN tờ khai 1061234560{}", place % 7)),
        ]
    };
    let value =
        |label: &str, value: &str, share| Box { label: label.into(), value: value.into(), share, lines: 1 };
    Sheet {
        head: Head {
            office: "Hải quan Việt Nam".into(),
            title: "Chứng từ quá cảnh kèm hàng".into(),
            subtitle: "Movement 26VN00000000000001 · กรมศุลกากร · ກົມພາສີ".into(),
            number: "26VN00000000000001".into(),
            language: "vi".into(),
        },
        marks: vec![Mark::Code128("26VN00000000000001".into()), Mark::Qr("26VN00000000000001".into())],
        parts: vec![
            Part::Heading("Tóm tắt".into()),
            Part::Paragraph(
                Text::from("Trong ba năm có ")
                    .figure("23", "23 hồ sơ yêu cầu")
                    .then(" lần trao đổi, trả lời ")
                    .figure("75%", "9 / 12 yêu cầu")
                    .then("."),
            ),
            Part::Pairs(vec![
                ("Cơ quan đi".into(), "VN01 Lao Bảo".into()),
                ("Cơ quan đến".into(), "TH02 มุกดาหาร".into()),
                ("Hạn".into(), "28/11/2026".into()),
            ]),
            Part::Boxes(vec![
                vec![
                    value("2 Người gửi", "Công ty TNHH Gạo Miền Tây", 2.0),
                    value("8 Người nhận", "บริษัท สยามไรซ์ จำกัด", 2.0),
                ],
                vec![
                    value("18 Phương tiện", "29C-123.45", 1.0),
                    value("D Niêm phong", "VN0012345", 1.0),
                    value("25 Hạn", "72 h", 1.0),
                ],
            ]),
            Part::Table(Table {
                columns: vec![
                    column("Dòng", 0.6, true),
                    column("Hàng hóa", 4.0, false),
                    column("Mã", 1.0, false),
                    column("Lượng (kg)", 1.2, true),
                ],
                rows: (1..=60).map(row).collect(),
            }),
            Part::Small("In từ sổ ghi; mọi con số mở ra được.".into()),
        ],
        words: Words { page: "Trang {page} / {pages}".into(), sources: "Nguồn".into(), ..Words::default() },
    }
}
