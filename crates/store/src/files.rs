//! Long blobs: files beside the store, each named by its digest.
//!
//! A file is written under a passing name, forced to the disk, renamed to its digest, and its folder forced to the disk,
//! all before the transaction that names it. So a store never names a file that is not whole. Files nothing names, as a
//! crash leaves them, are removed when the store is opened.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use kernel::Digest;
use sha2::{Digest as _, Sha256};

use crate::Failure;

/// A blob in a file of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LongBlob {
    /// The digest of its bytes.
    pub digest: Digest,
    /// How many there are.
    pub length: u64,
    /// Where it lies.
    pub path: PathBuf,
}

impl LongBlob {
    /// Opens it for reading.
    ///
    /// # Errors
    /// [`Failure::Damaged`] where it is gone or is not as long as it was.
    pub fn open(&self) -> Result<File, Failure> {
        let file = File::open(&self.path).map_err(|error| self.damaged(&error.to_string()))?;
        let length = file.metadata().map_err(|error| self.damaged(&error.to_string()))?.len();
        if length == self.length { Ok(file) } else { Err(self.damaged(&format!("{length} bytes long"))) }
    }

    /// Reads all of it and says whether it is what was written.
    ///
    /// # Errors
    /// As [`LongBlob::open`].
    pub fn is_whole(&self) -> Result<bool, Failure> {
        let (mut file, mut hash, mut room) = (self.open()?, Sha256::new(), vec![0; PIECE]);
        loop {
            match file.read(&mut room).map_err(|error| self.damaged(&error.to_string()))? {
                0 => return Ok(<[u8; 32]>::from(hash.finalize()) == *self.digest.as_bytes()),
                count => hash.update(&room[..count]),
            }
        }
    }

    fn damaged(&self, what: &str) -> Failure {
        Failure::Damaged { place: format!("blob {}", self.digest), what: format!("its file: {what}") }
    }
}

/// The folder long blobs lie in.
#[derive(Clone, Debug)]
pub struct LongBlobs(PathBuf);

impl LongBlobs {
    /// The folder beside a store's file.
    #[must_use]
    pub fn beside(store: &Path) -> Self {
        Self(store.parent().unwrap_or_else(|| Path::new("")).join(FOLDER))
    }

    /// Where a blob lies, or would lie.
    #[must_use]
    pub fn at(&self, digest: Digest, length: u64) -> LongBlob {
        let name = digest.to_string();
        LongBlob { digest, length, path: self.0.join(&name[..2]).join(&name) }
    }

    /// Begins to write one.
    ///
    /// # Errors
    /// [`Failure::Engine`] where the disk says no.
    pub fn incoming(&self) -> Result<Incoming, Failure> {
        static COUNT: AtomicU64 = AtomicU64::new(0);
        let folder = self.0.join(INCOMING);
        fs::create_dir_all(&folder).map_err(failed)?;
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let path = folder.join(format!("{}-{count}", std::process::id()));
        let file = OpenOptions::new().read(true).write(true).create(true).truncate(true).open(&path);
        let file = file.map_err(failed)?;
        Ok(Incoming { blobs: self.clone(), path: Some(path), file, hash: Sha256::new(), length: 0 })
    }

    /// Removes the file of a blob that was destroyed, if there is one.
    ///
    /// # Errors
    /// [`Failure::Engine`].
    pub(crate) fn remove(&self, digest: Digest) -> Result<(), Failure> {
        let path = self.at(digest, 0).path;
        match fs::remove_file(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            Err(error) => Err(failed(error)),
            Ok(()) => forced(path.parent().unwrap_or(&self.0)),
        }
    }

    /// Removes what nothing names, and everything that was being written when the program ended.
    ///
    /// # Errors
    /// What `is_named` says, or [`Failure::Engine`].
    pub(crate) fn sweep(&self, is_named: &dyn Fn(&Digest) -> Result<bool, Failure>) -> Result<(), Failure> {
        let Ok(folders) = fs::read_dir(&self.0) else { return Ok(()) };
        for folder in folders {
            let folder = folder.map_err(failed)?.path();
            let passing = folder.file_name().is_some_and(|name| name == INCOMING);
            let Ok(files) = fs::read_dir(&folder) else { continue };
            for file in files {
                let file = file.map_err(failed)?.path();
                let digest = file.file_name().and_then(|name| Digest::parse(name.to_str()?));
                let stays = match digest {
                    Some(digest) if !passing => is_named(&digest)?,
                    // What is not ours by its name is left alone; what was passing is gone.
                    _ => !passing,
                };
                if !stays {
                    fs::remove_file(&file).map_err(failed)?;
                }
            }
        }
        Ok(())
    }
}

/// A long blob being written. Where it is dropped before [`Incoming::finish`], nothing of it stays.
#[derive(Debug)]
pub struct Incoming {
    blobs: LongBlobs,
    /// Its passing name; `None` once it has its own.
    path: Option<PathBuf>,
    file: File,
    hash: Sha256,
    length: u64,
}

impl Incoming {
    /// Writes the next bytes.
    ///
    /// # Errors
    /// [`Failure::Engine`].
    pub fn write(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        self.file.write_all(bytes).map_err(failed)?;
        self.hash.update(bytes);
        self.length += bytes.len() as u64;
        Ok(())
    }

    /// How many bytes were written.
    #[must_use]
    pub const fn length(&self) -> u64 {
        self.length
    }

    /// Another handle for reading what was written so far, from its beginning.
    ///
    /// # Errors
    /// [`Failure::Engine`].
    pub fn reader(&self) -> Result<File, Failure> {
        let path = self.path.as_deref().unwrap_or_else(|| Path::new(""));
        File::open(path).map_err(failed)
    }

    /// Puts it on the disk under its digest.
    ///
    /// # Errors
    /// [`Failure::Engine`]; then nothing of it stays.
    pub fn finish(mut self) -> Result<LongBlob, Failure> {
        self.file.sync_all().map_err(failed)?;
        let digest = Digest::from_bytes(std::mem::take(&mut self.hash).finalize().into());
        let blob = self.blobs.at(digest, self.length);
        let folder = blob.path.parent().unwrap_or(&self.blobs.0);
        let is_new = !folder.exists();
        fs::create_dir_all(folder).map_err(failed)?;
        if let Some(path) = self.path.take() {
            // The same bytes under the same name: whichever came first, the file is the same.
            if let Err(error) = fs::rename(&path, &blob.path) {
                self.path = Some(path);
                return Err(failed(error));
            }
        }
        forced(folder)?;
        if is_new {
            forced(&self.blobs.0)?;
        }
        Ok(blob)
    }
}

impl Drop for Incoming {
    fn drop(&mut self) {
        if let Some(path) = self.path.take() {
            // What stays behind is removed when the store is opened next.
            let _ = fs::remove_file(path);
        }
    }
}

fn forced(folder: &Path) -> Result<(), Failure> {
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(failed)
}

#[expect(clippy::needless_pass_by_value, reason = "a function for `map_err`")]
fn failed(error: io::Error) -> Failure {
    Failure::Engine { doing: "keep a long blob", cause: error.to_string() }
}

/// The folder's name.
const FOLDER: &str = "blobs";
/// Where blobs lie while they are written.
const INCOMING: &str = "incoming";
/// How much is read at once.
const PIECE: usize = 64 << 10;
