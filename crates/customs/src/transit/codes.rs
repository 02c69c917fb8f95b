//! Access codes of guarantees: where they may stand in clear, and what stands in their place everywhere else.
//!
//! A principal says its code with the declaration, and the country that keeps the guarantee must hear it (200, 203).
//! Between the two it is in the memory of the node and in bytes sealed to that country; no case, entry, kept document or
//! page has it (ADR 0054).

use std::collections::BTreeMap;

use kernel::{Digest, NodeId};
use serde_json::{Map, Value, json};

/// Codes in clear, by the digest that stands for each.
pub type Codes = BTreeMap<Digest, String>;

/// The kinds of message that carry a code to another country: the check (200) and the use (203).
pub const CARRIERS: [&str; 2] = ["cd200c", "cd203c"];

/// The digest under which an access code is kept; the code itself is nowhere.
#[must_use]
pub fn code_digest(grn: &str, code: &str) -> Digest {
    Digest::of(format!("sampan transit access\n{grn}\n{code}").as_bytes())
}

/// Takes the access codes out of a message's content, puts their digests in, and gives what it took.
pub fn seal_codes(content: &mut Value) -> Codes {
    let mut codes = Codes::new();
    each_reference(content, |reference| {
        let Some(Value::String(code)) = reference.remove(CLEAR) else { return };
        if code == HIDDEN {
            return;
        }
        let grn = reference.get("GRN").and_then(Value::as_str).unwrap_or_default();
        let digest = code_digest(grn, &code);
        reference.insert(SEALED.into(), Value::String(digest.to_string()));
        codes.insert(digest, code);
    });
    codes
}

/// The codes a declaration says in clear for guarantees another country keeps.
#[must_use]
pub fn codes_of_others(declaration: &Value, us: &NodeId) -> Codes {
    let mut said = json!({ "Guarantee": declaration.get("Guarantee") });
    each_reference(&mut said, |reference| {
        let grn = reference.get("GRN").and_then(Value::as_str).unwrap_or_default();
        if super::country_of(grn.get(2..).unwrap_or_default()) == us.as_str() {
            reference.remove(CLEAR);
        }
    });
    seal_codes(&mut said)
}

/// Puts codes in where their digests stand, for the bytes that go to the country of the guarantee.
///
/// # Errors
/// The number of the first guarantee whose code is not among these.
pub fn open_codes(content: &mut Value, codes: &Codes) -> Result<(), String> {
    let mut missing = None;
    each_reference(content, |reference| {
        let digest = reference.remove(SEALED);
        let known = digest.as_ref().and_then(Value::as_str).and_then(Digest::parse);
        match known.and_then(|digest| codes.get(&digest)) {
            Some(code) => drop(reference.insert(CLEAR.into(), Value::String(code.clone()))),
            None => {
                let grn = reference.get("GRN").and_then(Value::as_str).unwrap_or_default();
                missing.get_or_insert_with(|| grn.to_owned());
            }
        }
    });
    missing.map_or(Ok(()), Err)
}

/// Access codes are not told to anybody: only that there is one.
pub fn hide_codes(content: &mut Value) {
    each_reference(content, |reference| {
        if reference.remove(SEALED).is_some() {
            reference.insert(CLEAR.into(), Value::String(HIDDEN.into()));
        }
    });
}

fn each_reference(content: &mut Value, mut with: impl FnMut(&mut Map<String, Value>)) {
    let guarantees = content.get_mut("Guarantee").and_then(Value::as_array_mut);
    for guarantee in guarantees.into_iter().flatten() {
        let references = guarantee.get_mut("GuaranteeReference").and_then(Value::as_array_mut);
        references.into_iter().flatten().filter_map(Value::as_object_mut).for_each(&mut with);
    }
}

/// Where the standard has the code.
const CLEAR: &str = "accessCode";
/// Where its digest stands.
const SEALED: &str = "x-code";
/// What stands where a code is not told.
const HIDDEN: &str = "****";

#[cfg(test)]
mod tests {
    use super::*;

    fn content(member: &str, value: &str) -> Value {
        json!({ "Guarantee": [{ "GuaranteeReference": [{ "GRN": "26LA0001001234567", member: value }] }] })
    }

    #[test]
    fn a_code_goes_in_comes_out_and_is_hidden() {
        let mut told = content("accessCode", "AC01");
        let codes = seal_codes(&mut told);
        assert!(!told.to_string().contains("AC01"), "{told}");
        let mut opened = told.clone();
        assert_eq!(open_codes(&mut opened, &codes), Ok(()));
        assert_eq!(opened, content("accessCode", "AC01"));
        hide_codes(&mut told);
        assert_eq!(told, content("accessCode", "****"));
    }

    #[test]
    fn what_is_hidden_is_no_code_and_what_was_forgotten_names_its_guarantee() {
        let mut hidden = content("accessCode", "****");
        assert_eq!(seal_codes(&mut hidden), Codes::new());
        let mut told = content("accessCode", "AC01");
        seal_codes(&mut told);
        assert_eq!(open_codes(&mut told, &Codes::new()), Err("26LA0001001234567".to_owned()));
    }
}
