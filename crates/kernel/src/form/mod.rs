//! Forms: what a person fills in to take an act, declared beside the procedure's table.
//!
//! A form names its fields by the paths they have in the act's own JSON (`subject.name`); a field of [`Sort::Lines`]
//! repeats its own fields (`lines.0.hs`). [`Form::act`] makes the act from what somebody filled in, and says what is wrong
//! field by field. Pages, command line and JSON interface all go through it.

mod fill;
mod sort;

pub use fill::Wrong;
pub use sort::{Attachment, Sort};

use crate::Role;

/// What a person fills in to take an act.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Form {
    /// The act, by its name in the table.
    pub act: &'static str,
    /// Its fields in the order they are asked.
    pub fields: &'static [Field],
    /// Of an act that opens a case: the field whose value becomes the case's key; empty where people may choose one.
    pub key: &'static str,
}

/// One field of a form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field {
    /// Its path in the act's JSON: `reason`, `subject.name`.
    pub name: &'static str,
    /// What goes into it.
    pub sort: Sort,
    /// Whether it may stay empty.
    pub need: Need,
}

/// Whether a field may stay empty.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// The act is not whole without it.
    Needed,
    /// It may stay empty; then it is not in the act.
    Optional,
}

impl Form {
    /// The form of an act.
    #[must_use]
    pub const fn of(act: &'static str, fields: &'static [Field]) -> Self {
        Self { act, fields, key: "" }
    }

    /// The form of an act that opens the case named by one of its fields.
    #[must_use]
    pub const fn keyed(act: &'static str, key: &'static str, fields: &'static [Field]) -> Self {
        Self { act, fields, key }
    }

    /// The field a filled-in name belongs to, such as that of `lines.0.hs`.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&'static Field> {
        find(self.fields, name)
    }
}

impl Field {
    /// A field that must be filled in.
    #[must_use]
    pub const fn needed(name: &'static str, sort: Sort) -> Self {
        Self { name, sort, need: Need::Needed }
    }

    /// A field that may stay empty.
    #[must_use]
    pub const fn optional(name: &'static str, sort: Sort) -> Self {
        Self { name, sort, need: Need::Optional }
    }
}

/// Those who may open the cases of a procedure: all who may act on one, and these besides.
pub(crate) fn readers<'a>(actors: impl Iterator<Item = &'a Role>, besides: &[Role]) -> Vec<Role> {
    let mut readers: Vec<Role> = actors.filter(|role| **role != Role::NODE).cloned().collect();
    readers.extend_from_slice(besides);
    readers.sort();
    readers.dedup();
    readers
}

fn find(fields: &'static [Field], name: &str) -> Option<&'static Field> {
    fields.iter().find_map(|field| {
        let rest = name.strip_prefix(field.name)?;
        match (field.sort, rest.strip_prefix('.')) {
            (_, None) if rest.is_empty() => Some(field),
            (Sort::Lines(inner), Some(rest)) => find(inner, rest.split_once('.')?.1),
            (Sort::Money | Sort::Quantity, Some("amount" | "currency" | "unit")) => Some(field),
            _ => None,
        }
    })
}
