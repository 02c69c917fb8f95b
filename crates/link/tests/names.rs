//! Names against public pairs with a known answer, beside Jaro-Winkler and beside another system's frozen scores.
#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "tests")]

use std::path::PathBuf;

use link::resolve::{Name, jaro_winkler, name_likeness, words};

/// The folder of name pairs; `None` where no corpus is set, which is said.
#[expect(clippy::disallowed_methods, reason = "tests may look at their surroundings")]
fn corpus(file: &str) -> Option<String> {
    let Ok(root) = std::env::var("SAMPAN_CORPUS") else {
        println!("skipped: SAMPAN_CORPUS is not set");
        return None;
    };
    let path = PathBuf::from(root).join("names").join(file);
    Some(std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display())))
}

/// A line of comma-separated values with quotes.
fn fields(line: &str) -> Vec<String> {
    let (mut fields, mut quoted) = (vec![String::new()], false);
    for letter in line.chars() {
        match letter {
            '"' => quoted = !quoted,
            ',' if !quoted => fields.push(String::new()),
            letter => fields.last_mut().unwrap().push(letter),
        }
    }
    fields
}

/// Two names, whether they are one, and the other system's score.
struct Case {
    left: String,
    right: String,
    same: bool,
    theirs: f64,
}

fn cases() -> Option<Vec<Case>> {
    let text = corpus("opensanctions_logicv2_frozen.csv")?;
    let mut lines = text.lines();
    let head = fields(lines.next().unwrap());
    let column = |name: &str| head.iter().position(|known| known == name).unwrap();
    let (left, right, same, score) = (column("name1"), column("name2"), column("is_match"), column("score"));
    let case = |line: &str| {
        let row = fields(line);
        Case {
            left: row[left].clone(),
            right: row[right].clone(),
            same: row[same] == "true",
            theirs: row[score].parse().unwrap(),
        }
    };
    Some(lines.map(case).collect())
}

fn f1(answers: impl Iterator<Item = (bool, bool)>) -> f64 {
    let (mut hits, mut errors) = (0.0, 0.0);
    for (said, is) in answers {
        hits += f64::from(u8::from(said && is));
        errors += f64::from(u8::from(said != is));
    }
    2.0 * hits / (2.0 * hits + errors)
}

/// The best F1 any threshold gives.
fn best_f1(scored: &[(u16, bool)]) -> f64 {
    (0..=1_000).map(|limit| f1(scored.iter().map(|(score, is)| (*score >= limit, *is)))).fold(0.0, f64::max)
}

fn sorted(text: &str) -> String {
    let mut words = words(text);
    words.sort();
    words.join(" ")
}

#[test]
fn names_are_told_apart_better_than_by_jaro_winkler_and_by_the_frozen_scores() {
    let Some(cases) = cases() else { return };
    assert!(cases.len() > 800, "only {} pairs", cases.len());
    let ours = f1(cases
        .iter()
        .map(|case| (name_likeness(&Name::new(&case.left), &Name::new(&case.right)) >= 500, case.same)));
    let theirs = f1(cases.iter().map(|case| (case.theirs >= 0.7, case.same)));
    let plain: Vec<(u16, bool)> = cases
        .iter()
        .map(|case| (jaro_winkler(&sorted(&case.left), &sorted(&case.right)), case.same))
        .collect();
    let plain = best_f1(&plain);
    println!(
        "F1 over {} pairs: ours {ours:.3}, frozen {theirs:.3}, Jaro-Winkler at its best {plain:.3}",
        cases.len()
    );
    assert!(ours > theirs + 0.03 && ours > plain + 0.1, "ours {ours}, theirs {theirs}, plain {plain}");
}

#[test]
fn names_are_recognised_across_scripts_better_than_by_jaro_winkler() {
    let Some(text) = corpus("watchman_cross_script_pairs.csv") else { return };
    let rows = text.lines().filter(|line| !line.starts_with('#')).map(fields).filter(|row| row.len() > 2);
    let pairs: Vec<(String, String)> = rows.map(|row| (row[0].clone(), row[1].clone())).collect();
    assert!(pairs.len() > 15, "only {} pairs", pairs.len());
    let all = || pairs.iter().flat_map(|left| pairs.iter().map(move |right| (&left.0, &right.1)));
    let same = |left: &str, right: &str| pairs.iter().any(|pair| pair.0 == left && pair.1 == right);
    let same = |left: &str, right: &str| {
        same(left, right) || pairs.iter().any(|pair| pair.0 == left && sorted(&pair.1) == sorted(right))
    };
    let ours = f1(all()
        .map(|(left, right)| (name_likeness(&Name::new(left), &Name::new(right)) >= 500, same(left, right))));
    let plain: Vec<(u16, bool)> =
        all().map(|(left, right)| (jaro_winkler(&sorted(left), &sorted(right)), same(left, right))).collect();
    let plain = best_f1(&plain);
    println!(
        "F1 across scripts over {} pairs: ours {ours:.3}, Jaro-Winkler at its best {plain:.3}",
        plain_len(&pairs)
    );
    assert!(ours > plain, "ours {ours}, plain {plain}");
}

fn plain_len(pairs: &[(String, String)]) -> usize {
    pairs.len() * pairs.len()
}

#[test]
fn firms_are_one_over_languages_and_scripts() {
    for (left, right) in [
        ("Công ty TNHH Xuất nhập khẩu Hoàng Phát", "HOANG PHAT IMPORT EXPORT CO., LTD"),
        ("Công ty Cổ phần Thương mại và Dịch vụ Đại Dương", "Dai Duong Trading & Service JSC"),
        ("深圳市远大科技有限公司", "Shenzhen Yuanda Technology Co., Ltd."),
        ("บริษัท สยามรับเบอร์ จำกัด", "Siam Rubber Co., Ltd."),
        ("บริษัท ใจดีการค้า จำกัด", "JAIDEE TRADING CO LTD"),
        ("ບໍລິສັດ ສະຫວັນ ການຄ້າ ຈຳກັດ", "Savan Trading Co., Ltd"),
        ("PT Sinar Laut Tbk", "Sinar Laut"),
        ("Maju Jaya Sdn. Bhd.", "MAJU JAYA SENDIRIAN BERHAD"),
        ("ООО Северный Путь", "Severnyi Put LLC"),
        ("Müller Maschinenbau GmbH", "MULLER MACHINERY"),
        ("Minh Phát Mfg.", "Minh Phat Manufacturing Co."),
        ("AnPhat Plastic", "An Phát Plastic JSC"),
    ] {
        let likeness = name_likeness(&Name::new(left), &Name::new(right));
        assert!(likeness >= 750, "{left} | {right}: {likeness}");
    }
}

#[test]
fn firms_that_share_only_common_words_are_two() {
    for (left, right) in [
        ("Công ty TNHH Minh Long", "Công ty TNHH Minh Phát"),
        ("Công ty TNHH Thương mại An Phát", "Công ty TNHH Thương mại Hoàng Gia"),
        ("Siam Rubber Co., Ltd.", "Thai Rubber Co., Ltd."),
        ("Vietnam Import Export JSC", "Thailand Import Export PCL"),
        ("深圳市远大科技有限公司", "Shenzhen Mingda Electronics Co., Ltd."),
        ("Garment Factory No. 1", "Garment Factory No. 2"),
        ("", "Minh Phát"),
    ] {
        let likeness = name_likeness(&Name::new(left), &Name::new(right));
        assert!(likeness < 500, "{left} | {right}: {likeness}");
    }
}

#[test]
fn likeness_does_not_depend_on_which_name_stands_first() {
    let Some(cases) = cases() else { return };
    for case in cases {
        let (left, right) = (Name::new(&case.left), Name::new(&case.right));
        let (there, back) = (name_likeness(&left, &right), name_likeness(&right, &left));
        assert!(there.abs_diff(back) <= 40, "{} | {}: {there} {back}", case.left, case.right);
    }
}
