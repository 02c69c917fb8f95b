//! Where captured traffic of other products lies; it is not part of the project.

use std::path::PathBuf;

/// A folder of the corpus; `None` where `SAMPAN_CORPUS` is not set, which the test then says and passes.
pub(crate) fn folder(name: &str) -> Option<PathBuf> {
    let Some(root) = std::env::var_os("SAMPAN_CORPUS") else {
        println!("skipped: SAMPAN_CORPUS is not set");
        return None;
    };
    let folder = PathBuf::from(root).join(name);
    assert!(folder.is_dir(), "{} is missing", folder.display());
    Some(folder)
}

/// Name and content of every file in a folder and below, sorted by name.
pub(crate) fn files(folder: &std::path::Path) -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(&folder).expect("the folder can be listed") {
            let path = entry.expect("the folder can be listed").path();
            if path.is_dir() {
                open.push(path);
            } else {
                let bytes = std::fs::read(&path).expect("the file can be read");
                found.push((path.file_name().expect("a name").to_string_lossy().into_owned(), bytes));
            }
        }
    }
    found.sort();
    found
}
