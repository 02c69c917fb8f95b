//! Gathers the message tables: every `text/*.en.toml` and `text/*.vi.toml`, so that an area adds its texts by adding files.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let folder = Path::new(&env::var("CARGO_MANIFEST_DIR").map_err(io::Error::other)?).join("text");
    println!("cargo:rerun-if-changed={}", folder.display());
    let mut files: Vec<PathBuf> =
        fs::read_dir(&folder)?.map(|entry| Ok(entry?.path())).collect::<io::Result<_>>()?;
    files.sort();
    let mut code = String::new();
    for (name, language) in [("ENGLISH", "en"), ("VIETNAMESE", "vi")] {
        let ending = format!(".{language}.toml");
        let of_language = |file: &&PathBuf| {
            let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            name == ending[1..] || name.ends_with(&ending)
        };
        let files: Vec<_> = files.iter().filter(of_language).collect();
        let _ = writeln!(code, "const {name}: [(&str, &str); {}] = [", files.len());
        for file in files {
            println!("cargo:rerun-if-changed={}", file.display());
            let _ = writeln!(code, "    ({file:?}, include_str!({file:?})),");
        }
        let _ = writeln!(code, "];");
    }
    let out = Path::new(&env::var("OUT_DIR").map_err(io::Error::other)?).join("texts.rs");
    fs::write(out, code)
}
