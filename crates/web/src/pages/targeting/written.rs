//! A profile as a form writes it: fields and up to so many tests, read into the profile they say, and back.

use customs::terms::{Bag, Column, Gauge, Lane, Measure, Profile, Sense, Standing, Test};
use jiff::civil::Date;
use rust_decimal::Decimal;

use crate::fields::Fields;

/// How many tests the form has room for.
pub(super) const TESTS: usize = 8;

/// The frequencies the form offers: whose lines, over how many days.
const FREQUENCIES: [(Column, u16); 6] = [
    (Column::Importer, 7),
    (Column::Importer, 30),
    (Column::Seller, 7),
    (Column::Seller, 30),
    (Column::Declarant, 7),
    (Column::Declarant, 30),
];

const GAUGES: [Gauge; 9] = [
    Gauge::Value,
    Gauge::NetMass,
    Gauge::GrossMass,
    Gauge::Quantity,
    Gauge::UnitValue,
    Gauge::AgainstPeers,
    Gauge::Rate,
    Gauge::Duty,
    Gauge::Score,
];

/// The parties a test may look for on a watch list.
const LISTED: [Column; 4] = [Column::Importer, Column::Seller, Column::Declarant, Column::Carrier];

/// What a test may look at, by the code the form gives it.
pub(super) fn looks() -> Vec<String> {
    let columns = Column::ALL.iter().map(|column| column.code().to_owned());
    let bags = Bag::ALL.iter().map(|bag| bag.code().to_owned());
    let gauges = GAUGES.iter().map(|gauge| gauge.code().to_owned());
    let often = FREQUENCIES.iter().map(|(column, days)| often(*column, *days));
    let listed = LISTED.iter().map(|column| listed(*column));
    columns.chain(bags).chain(gauges).chain(often).chain(listed).collect()
}

fn listed(column: Column) -> String {
    format!("listed-{}", column.code())
}

fn often(column: Column, days: u16) -> String {
    format!("often-{}-{days}", column.code())
}

fn gauge(code: &str) -> Option<Gauge> {
    let often = FREQUENCIES.iter().find(|(column, days)| often(*column, *days) == code);
    let frequency = often.map(|(column, days)| Gauge::Frequency { column: *column, days: *days });
    frequency.or_else(|| GAUGES.iter().find(|gauge| gauge.code() == code).cloned())
}

/// A field of the form that says something that cannot be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Wrong {
    /// Its name.
    pub(super) field: String,
    /// The key of what is wrong.
    pub(super) key: &'static str,
}

/// The profile the fields say, or every field that is wrong.
pub(super) fn read(fields: &Fields) -> Result<Profile, Vec<Wrong>> {
    let mut wrongs = Vec::new();
    let mut needed = |name: &str| {
        let text = fields.text(name).to_owned();
        if text.is_empty() {
            wrongs.push(Wrong { field: name.to_owned(), key: "editor.needed" });
        }
        text
    };
    let (id, title, owner, reason) = (needed("id"), needed("title"), needed("owner"), needed("reason"));
    let [from, until] = ["from", "until"].map(|name| {
        let day = fields.text(name).parse::<Date>().ok();
        if day.is_none() {
            wrongs.push(Wrong { field: name.to_owned(), key: "editor.no-day" });
        }
        day.unwrap_or(Date::ZERO)
    });
    let mut tests = Vec::new();
    for at in 0..TESTS {
        match test(fields, at) {
            Ok(test) => tests.extend(test),
            Err(wrong) => wrongs.push(wrong),
        }
    }
    if (0..TESTS).all(|at| fields.text(&format!("look{at}")).is_empty()) {
        wrongs.push(Wrong { field: "look0".to_owned(), key: "editor.no-test" });
    }
    let lane = Lane::ALL.into_iter().find(|lane| lane.code() == fields.text("lane"));
    let measures = fields.all("measure").filter_map(measure).collect();
    let area = fields.text("area").to_owned();
    let lane = lane.unwrap_or(Lane::Yellow);
    let standing = Standing::Derived;
    let profile = Profile { id, title, owner, from, until, area, standing, tests, lane, measures, reason };
    if wrongs.is_empty() { Ok(profile) } else { Err(wrongs) }
}

/// One of the tests; none where its line is empty.
fn test(fields: &Fields, at: usize) -> Result<Option<Test>, Wrong> {
    let name = |part: &str| format!("{part}{at}");
    let look = fields.text(&name("look"));
    if look.is_empty() {
        return Ok(None);
    }
    let sense = if fields.text(&name("sense")) == "none" { Sense::None } else { Sense::Any };
    let values = fields.text(&name("values"));
    let parts =
        || values.split([',', '\n']).map(str::trim).filter(|value| !value.is_empty()).map(str::to_owned);
    if let Some(column) = LISTED.into_iter().find(|column| listed(*column) == look) {
        let (Some(list), None) = (parts().next(), parts().nth(1)) else {
            return Err(wrong(name("values"), "editor.one-list"));
        };
        return Ok(Some(Test::Listed { column, sense, list }));
    }
    let some = |test: Test| {
        if parts().next().is_some() { Ok(Some(test)) } else { Err(wrong(name("values"), "editor.no-values")) }
    };
    if let Some(column) = Column::of(look) {
        return match column {
            Column::Code => {
                some(Test::Code { edition: "HS2022".into(), sense, prefixes: parts().map(digits).collect() })
            }
            column => some(Test::Is { column, sense, values: parts().collect() }),
        };
    }
    if let Some(bag) = Bag::of(look) {
        return some(Test::Has { bag, sense, values: parts().collect() });
    }
    let Some(gauge) = gauge(look) else { return Err(wrong(name("look"), "editor.no-look")) };
    let [least, most] = ["least", "most"].map(|part| bound(fields, name(part)));
    let (least, most) = (least?, most?);
    if least.is_none() && most.is_none() {
        return Err(wrong(name("least"), "editor.no-band"));
    }
    Ok(Some(Test::Within { gauge, least, most }))
}

fn bound(fields: &Fields, name: String) -> Result<Option<Decimal>, Wrong> {
    match fields.text(&name) {
        "" => Ok(None),
        text => text.parse().map(Some).map_err(|_| wrong(name, "editor.no-number")),
    }
}

const fn wrong(field: String, key: &'static str) -> Wrong {
    Wrong { field, key }
}

fn digits(text: String) -> String {
    text.chars().filter(char::is_ascii_alphanumeric).collect()
}

fn measure(code: &str) -> Option<Measure> {
    serde_json::from_value(code.into()).ok()
}

/// The fields that say a profile, as far as the form has room for it.
pub(super) fn fields(profile: &Profile) -> Fields {
    let mut fields = Fields::default();
    let texts = [
        ("id", profile.id.clone()),
        ("title", profile.title.clone()),
        ("owner", profile.owner.clone()),
        ("area", profile.area.clone()),
        ("from", profile.from.to_string()),
        ("until", profile.until.to_string()),
        ("reason", profile.reason.clone()),
        ("lane", profile.lane.code().to_owned()),
    ];
    texts.into_iter().for_each(|(name, text)| fields.push(name, text));
    for measure in &profile.measures {
        let code = serde_json::to_value(measure).ok();
        fields.push("measure", code.as_ref().and_then(|code| code.as_str()).unwrap_or_default());
    }
    profile.tests.iter().take(TESTS).enumerate().for_each(|(at, test)| push(&mut fields, at, test));
    fields
}

fn push(fields: &mut Fields, at: usize, test: &Test) {
    let (look, sense, values) = match test {
        Test::Is { column, sense, values } => {
            (column.code().to_owned(), *sense, values.iter().cloned().collect())
        }
        Test::Code { sense, prefixes, .. } => {
            (Column::Code.code().to_owned(), *sense, prefixes.iter().cloned().collect::<Vec<_>>())
        }
        Test::Has { bag, sense, values } => (bag.code().to_owned(), *sense, values.iter().cloned().collect()),
        Test::Listed { column, sense, list } => (listed(*column), *sense, vec![list.clone()]),
        Test::Within { gauge, least, most } => {
            let look = match gauge {
                Gauge::Frequency { column, days } => often(*column, *days),
                gauge => gauge.code().to_owned(),
            };
            fields.push(format!("least{at}"), least.map_or_else(String::new, |least| least.to_string()));
            fields.push(format!("most{at}"), most.map_or_else(String::new, |most| most.to_string()));
            (look, Sense::Any, Vec::new())
        }
    };
    fields.push(format!("look{at}"), look);
    fields.push(format!("sense{at}"), if sense == Sense::None { "none" } else { "any" });
    fields.push(format!("values{at}"), values.join(", "));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written() -> Fields {
        Fields::read(
            b"id=shoes&title=Shoes&owner=risk&from=2026-01-01&until=2026-12-31&reason=undervalued&lane=red&measure=open\
              &look0=code&values0=64.03,6404&look1=unit-value&most1=2.5&look2=origin&sense2=none&values2=VN\
              &look3=often-importer-30&least3=5&look4=words&values4=leather&look5=listed-seller&values5=own",
        )
    }

    #[test]
    fn what_is_written_is_read_and_written_back_the_same() {
        let profile = read(&written()).expect("a profile");
        assert_eq!(profile.tests.len(), 6);
        let Test::Code { prefixes, .. } = &profile.tests[0] else { panic!("{:?}", profile.tests[0]) };
        assert!(prefixes.contains("6403"), "dots are no digits");
        assert_eq!(read(&fields(&profile)), Ok(profile));
    }

    #[test]
    fn one_list_is_asked_for_at_a_time() {
        let text =
            "id=x&title=x&owner=x&reason=x&from=2026-01-01&until=2026-02-01&look0=listed-seller&values0=";
        for (values, expected) in
            [("own", None), ("own,%20un", Some("editor.one-list")), ("", Some("editor.one-list"))]
        {
            let wrongs = read(&Fields::read(format!("{text}{values}").as_bytes())).err().unwrap_or_default();
            assert_eq!(wrongs.first().map(|wrong| wrong.key), expected, "{values}");
        }
    }

    #[test]
    fn every_field_that_is_wrong_is_told() {
        let wrongs = read(&Fields::read(
            b"id=x&title=x&owner=x&reason=x&from=2026-01-01&until=soon&look0=code&look1=value&least1=much",
        ));
        let fields: Vec<String> = wrongs.expect_err("faults").into_iter().map(|wrong| wrong.field).collect();
        assert_eq!(fields, ["until", "values0", "least1"]);
    }

    #[test]
    fn a_profile_without_tests_would_choose_everything() {
        let wrongs = read(&Fields::read(b"id=x&title=x&owner=x&reason=x&from=2026-01-01&until=2026-02-01"));
        assert_eq!(wrongs.expect_err("no test")[0].key, "editor.no-test");
    }
}
