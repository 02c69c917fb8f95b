//! The output folder: decisions block by block, and the record that says how far they go.

use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use ledger::{FolderWriter, Log, Purpose, Signer};

/// Decisions of one entry of the record.
pub(super) const LINES_PER_ENTRY: usize = 200;

/// An output folder being written.
pub(super) struct OutputFolder {
    root: PathBuf,
    writer: FolderWriter,
    log: Log,
    signer: Signer,
}

impl OutputFolder {
    /// Opens the folder, or makes it; a folder of another input or other rules is refused. `head` says what it is of.
    pub(super) fn open(root: &Path, head: &str) -> anyhow::Result<Self> {
        fs::create_dir_all(root.join("decisions"))
            .with_context(|| format!("cannot make {}", root.display()))?;
        let signer = signer(root)?;
        let mut writer = FolderWriter::open(root.join("record"), signer.verifier())?;
        let mut log = if writer.newest().is_some() {
            Log::open(writer.folder(), signer.verifier())?
        } else {
            let log = Log::create(signer.verifier().name());
            writer.publish(&log.checkpoint(&signer)?)?;
            log
        };
        // A run killed this early has an empty record, and begins.
        if log.size() == 0 {
            put(root, "head.json", head)?;
            writer.write(&log.append(&[head])?)?;
            writer.publish(&log.checkpoint(&signer)?)?;
        } else if fs::read_to_string(root.join("head.json")).unwrap_or_default() != head {
            bail!("{} was begun with another input, other rules or other blocks", root.display());
        }
        Ok(Self { root: root.to_owned(), writer, log, signer })
    }

    /// Entries of decisions the record holds.
    pub(super) const fn entries(&self) -> u64 {
        self.log.size().saturating_sub(1)
    }

    /// Writes the decisions of a block, durably: first the file, then the record, whose checkpoint is the commit.
    pub(super) fn commit(&mut self, block: usize, lines: &[String]) -> anyhow::Result<()> {
        let target = self.root.join(format!("decisions/{block:06}.csv"));
        let fresh = self.root.join("decisions/writing");
        let mut file = File::create(&fresh)?;
        file.write_all(HEADER.as_bytes())?;
        let text: String = lines.concat();
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        fs::rename(&fresh, &target)?;
        File::open(self.root.join("decisions"))?.sync_all()?;
        let entries: Vec<String> = lines.chunks(LINES_PER_ENTRY).map(<[String]>::concat).collect();
        self.writer.write(&self.log.append(&entries)?)?;
        self.writer.publish(&self.log.checkpoint(&self.signer)?)?;
        Ok(())
    }

    /// Writes a file of results; the whole of it or none.
    pub(super) fn put(&self, name: &str, text: &str) -> anyhow::Result<()> {
        put(&self.root, name, text)
    }
}

/// Writes a file durably under another name and gives it its own: nobody ever reads half of it.
fn put(root: &Path, name: &str, text: &str) -> anyhow::Result<()> {
    let fresh = root.join(format!("{name}.writing"));
    let mut file = File::create(&fresh)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    fs::rename(&fresh, root.join(name)).with_context(|| name.to_owned())?;
    Ok(File::open(root)?.sync_all()?)
}

/// Columns of a decision.
const HEADER: &str = "line,id,group,duty,tax,currency,lane,measures,causes,faults,ask,cluster\n";

/// The key of this output's record: made once, kept beside it for its owner alone.
fn signer(root: &Path) -> anyhow::Result<Signer> {
    let path = root.join("record.key");
    if let Ok(text) = fs::read_to_string(&path) {
        return Ok(Signer::from_secret_text(text.trim())?);
    }
    let mut random = [0; 32];
    aws_lc_rs::rand::fill(&mut random).map_err(|_| anyhow::anyhow!("the machine gives no random bytes"))?;
    let signer = Signer::generate("sampan/triage", Purpose::Log, random)?;
    let fresh = root.join("record.key.writing");
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&fresh)?;
    file.write_all(signer.secret_text().as_bytes())?;
    file.sync_all()?;
    fs::rename(&fresh, &path)?;
    Ok(signer)
}
