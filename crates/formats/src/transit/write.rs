//! Writing: a message's content in the order and notation of the table.

use serde_json::{Map, Value};

use crate::xml::Writer;

use super::read::NAMESPACE;
use super::table::{Body, GroupId, SCHEMA};
use super::tree::{Id, ROOT, Repeats, Tree};

/// Why some content cannot be written as a message.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unwritable {
    /// There is no such message.
    #[error("no message {0}")]
    NoSuchMessage(String),
    /// The content holds something the message has no place for.
    #[error("{0} has no place in the message")]
    NoPlace(String),
}

/// Writes a message as XML. Its content is an object as [`super::Message`] holds it.
///
/// # Errors
/// Where there is no such message, or the content holds what it has no place for.
pub fn write_xml(code: &str, content: &Value) -> Result<Vec<u8>, Unwritable> {
    let kind = SCHEMA.message(code).ok_or_else(|| Unwritable::NoSuchMessage(code.to_owned()))?;
    let mut writer = Writer::new();
    writer.open(kind.root, &[("xmlns:ncts", NAMESPACE), ("PhaseID", "NCTS5.1")]);
    group(&mut writer, kind.group, content, kind.code)?;
    Ok(writer.finish())
}

/// Writes a message as JSON, its root element's name as the one member.
///
/// # Errors
/// Where there is no such message.
pub fn write_json(code: &str, content: &Value) -> Result<Vec<u8>, Unwritable> {
    let kind = SCHEMA.message(code).ok_or_else(|| Unwritable::NoSuchMessage(code.to_owned()))?;
    let mut object = Map::new();
    object.insert(format!("n1:{}", kind.code), content.clone());
    Ok(Value::Object(object).to_string().into_bytes())
}

fn group(writer: &mut Writer, of: GroupId, content: &Value, path: &str) -> Result<(), Unwritable> {
    let Some(object) = content.as_object() else { return Err(Unwritable::NoPlace(path.to_owned())) };
    if let Some(name) =
        object.keys().find(|name| !name.starts_with('@') && SCHEMA.position(of, name).is_none())
    {
        return Err(Unwritable::NoPlace(format!("{path}/{name}")));
    }
    for particle in SCHEMA.group(of) {
        let name = SCHEMA.name(particle.name);
        let held = match object.get(name) {
            None | Some(Value::Null) => continue,
            Some(Value::Array(list)) => list.as_slice(),
            Some(one) => std::slice::from_ref(one),
        };
        for one in held {
            writer.open(name, &[]);
            match (&particle.body, one) {
                (Body::Group(inner), _) => group(writer, *inner, one, name)?,
                (Body::Leaf(..), Value::String(text)) => writer.text(text),
                (Body::Leaf(..), Value::Number(number)) => writer.text(&number.to_string()),
                (Body::Leaf(..), _) => return Err(Unwritable::NoPlace(format!("{path}/{name}"))),
            }
            writer.close();
        }
    }
    Ok(())
}

/// The content of a tree: elements as members, repeats as arrays, every value as text.
pub(crate) fn content(tree: &Tree<'_>) -> Value {
    held(tree, ROOT)
}

fn held(tree: &Tree<'_>, id: Id) -> Value {
    let mut object = Map::new();
    for child in tree.children(id) {
        let node = tree.node(child);
        let name = SCHEMA.name(node.name);
        let value = if node.group.is_some() {
            held(tree, child)
        } else {
            Value::String(node.text.clone().into_owned())
        };
        match (node.repeats, object.get_mut(name)) {
            (Repeats::Often, Some(Value::Array(list))) => list.push(value),
            (Repeats::Often, _) => {
                object.insert(name.to_owned(), Value::Array(vec![value]));
            }
            (Repeats::Never, _) => {
                object.insert(name.to_owned(), value);
            }
        }
    }
    Value::Object(object)
}
