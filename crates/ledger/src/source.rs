//! Where the files of a log are read from: a folder, a map, a closure.

use std::collections::BTreeMap;

/// The files of one log, by their path inside it (`checkpoint`, `tile/0/000`, ...).
///
/// A file that is not there is `Ok(None)`; a file that is there but cannot be read is an error, so that a bad disk is
/// never taken for an empty log. Any closure `Fn(&str) -> Option<Vec<u8>>` is a source.
pub trait Source {
    /// The bytes of one file.
    ///
    /// # Errors
    /// [`Unreadable`] where the file may exist but could not be read.
    fn file(&self, path: &str) -> Result<Option<Vec<u8>>, Unreadable>;

    /// The names inside one folder (`tile/0/004.p`), in any order; nothing where it is not there or the source
    /// cannot list. Used to find older partial tiles, which no checkpoint needs any more.
    ///
    /// # Errors
    /// [`Unreadable`] where the folder exists but could not be read.
    fn names(&self, folder: &str) -> Result<Vec<String>, Unreadable> {
        let _ = folder;
        Ok(Vec::new())
    }
}

/// A file or folder of the log that could not be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{path} cannot be read: {cause}")]
pub struct Unreadable {
    /// Its path inside the log.
    pub path: String,
    /// What the machine said.
    pub cause: String,
}

impl<F: Fn(&str) -> Option<Vec<u8>>> Source for F {
    fn file(&self, path: &str) -> Result<Option<Vec<u8>>, Unreadable> {
        Ok(self(path))
    }
}

impl Source for BTreeMap<String, Vec<u8>> {
    fn file(&self, path: &str) -> Result<Option<Vec<u8>>, Unreadable> {
        Ok(self.get(path).cloned())
    }

    fn names(&self, folder: &str) -> Result<Vec<String>, Unreadable> {
        let inside = self.range(format!("{folder}/")..).map_while(|(path, _)| path.strip_prefix(folder));
        Ok(inside.map_while(|name| name.strip_prefix('/')).map(str::to_owned).collect())
    }
}
