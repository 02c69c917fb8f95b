//! Writing the compact form: named blocks, each deflated on its own, so that a look-up inflates one.
//!
//! The form: a line `sampan-blocks 1 <count>`, one line `<name> <deflated> <inflated>` per block (lengths in
//! bytes), then the deflated bytes one after the other.

use std::collections::BTreeMap;
use std::io::Write as _;

use flate2::Compression;
use flate2::write::DeflateEncoder;

/// The blocks of an edition by name.
#[derive(Default)]
pub(super) struct Blocks(BTreeMap<String, String>);

impl Blocks {
    /// Adds a line to a block.
    pub(super) fn line(&mut self, block: &str, line: &str) {
        let text = self.0.entry(block.to_owned()).or_default();
        text.push_str(line);
        text.push('\n');
    }

    /// The bytes of the file.
    pub(super) fn write(&self) -> anyhow::Result<Vec<u8>> {
        let mut head = format!("sampan-blocks 1 {}\n", self.0.len());
        let mut body = Vec::new();
        for (name, text) in &self.0 {
            let mut deflate = DeflateEncoder::new(Vec::new(), Compression::best());
            deflate.write_all(text.as_bytes())?;
            let deflated = deflate.finish()?;
            head.push_str(&format!("{name} {} {}\n", deflated.len(), text.len()));
            body.extend(deflated);
        }
        let mut bytes = head.into_bytes();
        bytes.extend(body);
        Ok(bytes)
    }
}
