//! The codes of all findings this crate tells, each with its meaning: the pages of the manual start from here.

/// One code.
#[derive(Clone, Copy, Debug)]
pub struct Code {
    /// The stable code.
    pub code: &'static str,
    /// What it means and what to do, in a sentence.
    pub meaning: &'static str,
}

const fn code(code: &'static str, meaning: &'static str) -> Code {
    Code { code, meaning }
}

/// All codes, by group: bytes, kinds, XML, structure, values, attributes, codes and dates, tables, JSON, ACDD.
pub const CODES: &[Code] = &[
    code("encoding-wrong", "The bytes are not in the encoding they claim; what stands before is read."),
    code("encoding-unsupported", "The encoding is none this reader knows: UTF-8, UTF-16 and ISO 8859-1 are."),
    code(
        "character-illegal",
        "A control character or another one that XML does not allow; what stands before is read.",
    ),
    code("too-large", "The input goes past the size limit; what stands before is read."),
    code("kind-unknown", "No message known here looks like this."),
    code("kind-not-read", "The kind is recognised and has no reader yet."),
    code("nothing-in-it", "The file is in order and holds no declaration."),
    code("wrapper-unknown", "A known message stands inside an element that belongs to no message."),
    code(
        "xml-not-well-formed",
        "The text breaks the rules of XML here; the document is read up to this place.",
    ),
    code("xml-truncated", "The text ends inside the document."),
    code("xml-several-documents", "Another document begins in the same file; each is read."),
    code("xml-text-outside-root", "Text stands after the document's end."),
    code("xml-declaration-late", "Something stands before the XML declaration, which must come first."),
    code(
        "xml-dtd-refused",
        "A document type is declared; it is skipped, nothing in it is believed or fetched.",
    ),
    code("xml-entity-refused", "A reference to an entity that XML itself does not define; it is left out."),
    code("xml-prefix-undeclared", "A prefix that no namespace was declared for."),
    code("xml-too-deep", "More elements inside each other than any message has."),
    code("xml-too-many-attributes", "More attributes on one element than any message has."),
    code("xml-too-many-prefixes", "More namespace prefixes bound at once than any message needs."),
    code("xml-too-many-elements", "More elements in the input than are read."),
    code("xml-text-too-long", "One value goes past the limit for values."),
    code("too-many-documents", "More documents in one file than are read."),
    code(
        "namespace-missing",
        "The element has the right name and no namespace; told once for it and its neighbours.",
    ),
    code(
        "namespace-wrong",
        "The element has the right name in another namespace; told once for it and its neighbours.",
    ),
    code("element-unknown", "The message has no such element here; it is skipped with all it holds."),
    code("element-missing", "An element that must stand here does not."),
    code("element-too-many", "The element stands more often than the message allows."),
    code(
        "element-out-of-order",
        "The element stands after one it must precede; told once per parent, and read all the same.",
    ),
    code("element-excluded", "The element stands beside one that excludes it."),
    code("text-unexpected", "Text stands where only elements may; told once per element."),
    code("value-empty", "The value is empty or blank and must not be."),
    code("value-too-short", "The value has fewer characters than its picture."),
    code("value-too-long", "The value has more characters than its picture."),
    code("value-wrong-characters", "The value holds characters its picture does not have."),
    code("value-over-lines", "The value holds a line end and must stand on one line."),
    code("value-not-in-list", "The value is none of the few this element may have."),
    code("value-not-a-number", "The value is no decimal number with a point."),
    code("value-too-many-digits", "The number has more digits than its picture."),
    code("value-too-many-decimals", "The number has more digits after the point than its picture."),
    code("quantity-negative", "A quantity is below zero."),
    code("date-wrong-form", "The date is not in the form asked for."),
    code("date-not-existing", "The calendar has no such day, or the clock no such time."),
    code("date-not-its-format", "The date is well-formed and in another format than its attribute says."),
    code("attribute-unknown", "The element may not have this attribute."),
    code("attribute-missing", "The element must have an attribute that is not there."),
    code("attribute-wrong", "The attribute's value is none it may have."),
    code("code-unknown", "The code is in no list known here; it is kept as it stood."),
    code("check-digit-wrong", "The check digit does not fit the number; it is kept as it stood."),
    code("hs-code-wrong", "The text is no commodity code; the line has none."),
    code("value-missing", "A column or member that must be filled is not."),
    code("too-many-rows", "More rows or items than are read; what stands before is read."),
    code("csv-column-missing", "The header line lacks a column that is needed."),
    code("csv-column-twice", "The header line names a column twice; the first counts."),
    code("csv-column-unknown", "The header line names a column not known here; it is left alone."),
    code("csv-row-length", "The row has more or fewer fields than the header line."),
    code(
        "csv-head-differs",
        "A later row says something else of the declaration than its first; the first counts.",
    ),
    code("json-not-well-formed", "The text breaks the rules of JSON here; nothing of it is read."),
    code("json-truncated", "The text ends inside its JSON; nothing of it is read."),
    code("json-member-twice", "The object has this member twice; the first counts."),
    code("json-member-unknown", "The object has a member not known here; it is left alone."),
    code("value-wrong-type", "The member is neither a string nor a number."),
    code("value-not-an-object", "A declaration or an item is no object; it is skipped."),
    code("value-wrong-form", "The value is not of the form the message asks for."),
    code(
        "transit-code-unknown",
        "The value is not in the code list of the transit standard (functional error 12).",
    ),
    code(
        "transit-condition-missing",
        "A condition of the transit standard asks for this element and it is not there (functional error 13).",
    ),
    code("transit-rule-broken", "A rule of the transit standard is broken (functional error 14)."),
    code(
        "transit-condition-excess",
        "A condition of the transit standard excludes this element and it is there (functional error 15).",
    ),
    code("transit-message-type", "The message says it is of another type than its outermost element."),
    code(
        "transit-recipient",
        "The message is addressed to another country than that of the office it is about.",
    ),
    code("transit-lrn", "The local reference number holds signs it may not."),
    code(
        "transit-reference",
        "An amendment names the declaration it replaces by its MRN or by its LRN, and by one of the two only.",
    ),
    code("value-placeholder", "The value is a word such as NULL that says there is none."),
    code("note-missing", "A coded note that another one asks for is not there."),
    code(
        "transit-not-a-principals",
        "Principals do not send messages of this type, or it names no movement.",
    ),
    code("parameter-missing", "The ACDD lacks one of its fifteen parameters; it may have been withheld."),
];

/// The codes as a markdown table.
#[must_use]
pub fn codes_page() -> String {
    let lines = CODES.iter().map(|Code { code, meaning }| format!("| `{code}` | {meaning} |\n"));
    format!("| code | meaning |\n|---|---|\n{}", lines.collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_is_listed_once_with_a_sentence() {
        let mut codes: Vec<_> = CODES.iter().map(|code| code.code).collect();
        codes.sort_unstable();
        let listed = codes.len();
        codes.dedup();
        assert_eq!(codes.len(), listed);
        assert!(CODES.iter().all(|code| code.meaning.ends_with('.')));
    }
}
