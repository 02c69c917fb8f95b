//! The pull reader alone: its tokens, and the one fault each broken text is worth.

use formats::text::{Limits, Lines};
use formats::xml::{Reader, Token};

/// Tokens and faults of a text, one word each: `<name`, `>`, text as it stood, `'c'` for a reference, `!code@line:column`.
fn steps(text: &str) -> String {
    let lines = Lines::new(text);
    let mut reader = Reader::new(text, 0, &["urn:one"], Limits { depth: 5, ..Limits::MESSAGE });
    let mut out = Vec::new();
    loop {
        let token = reader.step();
        for fault in reader.take_faults() {
            let at = lines.position(fault.at);
            out.push(format!("!{}@{}:{}", fault.code, at.line, at.column));
        }
        match token {
            Token::Open(name) => {
                let namespace = name.namespace.index().map_or(String::new(), |index| format!("{{{index}}}"));
                let attributes = reader.attributes().iter().map(|a| format!(" {}={}", a.local, a.value()));
                out.push(format!("<{namespace}{}{}", name.local, attributes.collect::<String>()));
            }
            Token::Close => out.push(">".to_owned()),
            Token::Text(text) => out.push(text.to_owned()),
            Token::Char(character) => out.push(format!("{character:?}")),
            Token::End => return out.join("|"),
        }
    }
}

#[test]
fn well_formed_texts_give_their_tokens() {
    for (text, expected) in [
        ("<a/>", "<a|>"),
        ("<?xml version='1.0'?>\n<!-- c --><a b='1 &amp; 2'>x</a>\n<?pi?>", "<a b=1 & 2|x|>"),
        ("<a>x<![CDATA[<&]]>&#x1EC7;y<!-- c -->z</a >", "<a|x|<&|'ệ'|y|z|>"),
        ("<a xmlns='urn:one'><b xmlns=''/><c/></a>", "<{0}a xmlns=urn:one|<b xmlns=|>|<{0}c|>|>"),
        ("<p:a xmlns:p='urn:one'><p:b/></p:a>", "<{0}a p=urn:one|<{0}b|>|>"),
        ("<a b=\"x\ty\r\nz\"/>", "<a b=x y z|>"),
        ("<a>]] ></a>", "<a|]] >|>"),
    ] {
        assert_eq!(steps(text), expected, "{text}");
    }
}

#[test]
fn broken_texts_give_one_fault_at_its_place() {
    for (text, expected) in [
        ("", "!xml-not-well-formed@1:1"),
        (" x<a/>", "!xml-not-well-formed@1:2"),
        ("<a>\n<b></a>", "<a|\n|<b|!xml-not-well-formed@2:4"),
        ("<a>\n", "<a|\n|!xml-truncated@2:1"),
        ("<a", "!xml-truncated@1:1"),
        ("<a><!-- x", "<a|!xml-truncated@1:4"),
        ("</a>", "!xml-not-well-formed@1:1"),
        ("<1a/>", "!xml-not-well-formed@1:1"),
        ("<a:b:c/>", "!xml-not-well-formed@1:1"),
        ("<a b=c/>", "!xml-not-well-formed@1:4"),
        ("<a b='1' b='2'/>", "!xml-not-well-formed@1:10"),
        ("<a b='<'/>", "!xml-not-well-formed@1:4"),
        ("<a>x & y</a>", "<a|x |!xml-not-well-formed@1:6"),
        ("<a>&#0;</a>", "<a|!xml-not-well-formed@1:4"),
        ("<a>]]></a>", "<a|!xml-not-well-formed@1:4"),
        ("<a><!-- -- --></a>", "<a|!xml-not-well-formed@1:9"),
        ("<a><!-- b-c--d --></a>", "<a|!xml-not-well-formed@1:12"),
        ("<a><?xml version='1.0'?></a>", "<a|!xml-not-well-formed@1:4"),
        ("<?xml?><a/>", "!xml-not-well-formed@1:6"),
        ("<![CDATA[x]]><a/>", "!xml-not-well-formed@1:1"),
        ("<!doctype a><a/>", "!xml-not-well-formed@1:1"),
        ("<a><a><a><a><a><a/></a></a></a></a></a>", "<a|<a|<a|<a|<a|!xml-too-deep@1:16"),
    ] {
        assert_eq!(steps(text), expected, "{text}");
    }
}

#[test]
fn what_must_not_be_trusted_is_told_and_skipped() {
    for (text, expected) in [
        ("<!DOCTYPE a [<!ENTITY x 'y'>]><a>&x;</a>", "!xml-dtd-refused@1:1|<a|!xml-entity-refused@1:34|>"),
        ("<a b='&x;1'/>", "!xml-entity-refused@1:4|<a b=1|>"),
        ("<q:a/>", "!xml-prefix-undeclared@1:1|<a|>"),
        ("<a/>\n<b/>", "<a|>|!xml-several-documents@2:1"),
        (" <?xml version='1.0'?><a/>", "!xml-declaration-late@1:2|<a|>"),
        ("<a/> x", "<a|>|!xml-text-outside-root@1:6"),
        ("<a/>&amp;", "<a|>|!xml-text-outside-root@1:5"),
    ] {
        assert_eq!(steps(text), expected, "{text}");
    }
}
