//! What a printed paper keeps to: it is a PDF, the same every time, holds what it says, and ends.

use print::{Column, Head, Mark, NotPrinted, Part, Sheet, Table, Text, print};

fn sheet(rows: usize) -> Sheet {
    let row = |place: usize| vec![Text::from(place.to_string()), Text::from("Gạo thơm ข้าวหอม ເຂົ້າຫອມ")];
    Sheet {
        head: Head {
            title: "Chứng từ".into(),
            number: "26VN01".into(),
            language: "vi".into(),
            ..Head::default()
        },
        marks: vec![Mark::Code128("26VN01".into()), Mark::Qr("26VN01".into())],
        parts: vec![
            Part::Paragraph(Text::from("75% ").figure("9/12", "requests").figure("9/12", "requests")),
            Part::Table(Table {
                columns: vec![
                    Column { share: 1.0, ..Column::default() },
                    Column { share: 4.0, ..Column::default() },
                ],
                rows: (0..rows).map(row).collect(),
            }),
        ],
        ..Sheet::default()
    }
}

fn pages(pdf: &[u8]) -> usize {
    let text = String::from_utf8_lossy(pdf);
    text.matches("/Type/Page").count() + text.matches("/Type /Page").count()
        - text.matches("/Type/Pages").count()
        - text.matches("/Type /Pages").count()
}

#[test]
fn a_paper_is_a_pdf_and_the_same_every_time() {
    let (first, second) = (print(&sheet(30)).expect("prints"), print(&sheet(30)).expect("prints"));
    assert!(first.starts_with(b"%PDF-") && first == second);
}

#[test]
fn a_long_table_takes_as_many_pages_as_it_needs() {
    let (short, long) = (print(&sheet(3)).expect("prints"), print(&sheet(400)).expect("prints"));
    assert!(short.len() < long.len() && pages(&short) <= pages(&long));
}

#[test]
fn what_nobody_reads_is_not_printed() {
    assert!(matches!(print(&sheet(60_000)), Err(NotPrinted::TooLong(_))));
    let wrong = Sheet { marks: vec![Mark::Code128("số".into())], ..sheet(1) };
    assert!(matches!(print(&wrong), Err(NotPrinted::Mark(_))));
}

#[test]
fn a_word_wider_than_a_page_and_an_empty_paper_print() {
    let wide = Sheet {
        parts: vec![Part::Heading("x".repeat(4_000)), Part::Paragraph("\n\n".into())],
        ..Sheet::default()
    };
    assert!(print(&wide).is_ok() && print(&Sheet::default()).is_ok());
}
