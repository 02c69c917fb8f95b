//! Every desk, stage, act, field and choice there is has its word in both languages, and every desk its place.

use std::collections::BTreeSet;

use customs::desks::DESKS;
use kernel::{Desk, Field, Sort, Wrong};
use web::{Language, shown_desks};

fn has(key: &str) -> bool {
    Language::ALL.iter().all(|language| language.find(key).is_some())
}

/// `InForce` as `in-force`.
fn kebab(name: &str) -> String {
    let dashed: String =
        name.chars().map(|c| if c.is_ascii_uppercase() { format!("-{c}") } else { c.to_string() }).collect();
    dashed.trim_start_matches('-').to_ascii_lowercase()
}

#[test]
fn every_desk_and_stage_has_its_word() {
    let mut missing = BTreeSet::new();
    for desk in DESKS {
        let name = desk.name();
        missing.extend([format!("desk.{name}"), format!("desks.{name}")].into_iter().filter(|key| !has(key)));
        for line in desk.table().iter().filter(|line| line.stage != "-") {
            missing.extend(Some(format!("stage.{name}.{}", kebab(&line.stage))).filter(|key| !has(key)));
        }
    }
    assert_eq!(missing, BTreeSet::new(), "keys without a text in one of the languages");
}

#[test]
fn every_act_of_a_person_has_its_word() {
    let mut missing = BTreeSet::new();
    for desk in DESKS {
        for line in desk.table().iter().filter(|line| line.role != "node") {
            let keys = [format!("act.{}.{}", desk.name(), line.act), format!("act.{}", line.act)];
            if !keys.iter().any(|key| has(key)) {
                missing.insert(keys.join(" or "));
            }
        }
    }
    assert_eq!(missing, BTreeSet::new(), "acts without a text in one of the languages");
}

#[test]
fn every_field_and_choice_of_a_form_has_its_word() {
    let mut missing = BTreeSet::new();
    for desk in DESKS {
        for form in desk.forms() {
            fields(*desk, form.act, form.fields, "", &mut missing);
        }
    }
    assert_eq!(missing, BTreeSet::new(), "fields without a text in one of the languages");
}

fn fields(desk: &dyn Desk, act: &str, all: &[Field], prefix: &str, missing: &mut BTreeSet<String>) {
    for field in all {
        let (name, path) = (desk.name(), format!("{prefix}{}", field.name));
        let last = path.rsplit('.').next().unwrap_or_default();
        let keys = [
            format!("input.{name}.{act}.{path}"),
            format!("input.{name}.{path}"),
            format!("input.{path}"),
            format!("input.{last}"),
        ];
        if !keys.iter().any(|key| has(key)) {
            missing.insert(keys.join(" or "));
        }
        match field.sort {
            Sort::Choice(family, codes) | Sort::Several(family, codes) => {
                let keys = codes.iter().map(|code| format!("{family}.{code}"));
                missing.extend(keys.filter(|key| !has(key)));
            }
            Sort::Lines(inner) => fields(desk, act, inner, &format!("{path}."), missing),
            _ => {}
        }
    }
}

#[test]
fn everything_that_can_be_wrong_with_a_field_has_its_sentence() {
    let missing: Vec<_> = Wrong::CODES.iter().filter(|code| !has(&format!("wrong.{code}"))).collect();
    assert_eq!(missing, Vec::<&&str>::new());
}

#[test]
fn every_role_has_its_word_and_its_note() {
    for role in customs::roles::ALL {
        assert!(has(&format!("role.{role}")) && has(&format!("role-note.{role}")), "{role}");
    }
}

#[test]
fn every_desk_is_shown_by_one_area() {
    let shown: Vec<_> = shown_desks().collect();
    let once: BTreeSet<_> = shown.iter().copied().collect();
    assert_eq!(shown.len(), once.len(), "a desk is shown twice");
    let desks: BTreeSet<_> = DESKS.iter().map(|desk| desk.name()).collect();
    assert_eq!(once, desks, "the desks of the areas (web/src/areas) are not the desks there are");
}
