//! Declarations read per second and core, beside libxml2's bare parse of the same files.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use serde_json::json;

use super::Measured;

/// The peer: every file parsed into a tree and the tree freed, round and round.
const PEER: &str = include_str!("libxml2.c");

/// What the work comes to per second.
struct Rate {
    documents: f64,
    megabytes: f64,
}

/// Reads every readable file under a folder round and round, and has libxml2 parse the same ones.
pub(super) fn measure(folder: &Path, seconds: u64) -> anyhow::Result<Measured> {
    let time = Duration::from_secs(seconds);
    let files = readable(folder)?;
    anyhow::ensure!(!files.is_empty(), "there is no readable message under {}", folder.display());
    let texts: Vec<&[u8]> = files.iter().map(|(_, text)| text.as_slice()).collect();
    let ours = ours(&texts, time);
    let paths: Vec<&Path> = files.iter().map(|(path, _)| path.as_path()).collect();
    let peer = libxml2(&paths, time);
    let ratio = peer.as_ref().map(|peer| ours.documents / peer.documents);
    Ok(Measured {
        name: "read",
        ours: ours.documents,
        unit: "documents/s",
        aims: vec![("at least 0.5 of libxml2's bare parse".into(), ratio.is_some_and(|ratio| ratio >= 0.5))],
        seen: json!({
            "files": files.len(), "ours_megabytes": ours.megabytes,
            "peer_megabytes": peer.as_ref().map(|peer| peer.megabytes),
        }),
        peer: peer.map(|peer| ("libxml2 bare parse", peer.documents)),
    })
}

fn readable(folder: &Path) -> anyhow::Result<Vec<(PathBuf, Vec<u8>)>> {
    let mut paths = Vec::new();
    gather(folder, &mut paths)?;
    paths.sort();
    let mut files = Vec::new();
    for path in paths {
        let text = fs::read(&path)?;
        if formats::read(&text).summary.messages > 0 {
            files.push((path, text));
        }
    }
    Ok(files)
}

fn gather(folder: &Path, paths: &mut Vec<PathBuf>) -> anyhow::Result<()> {
    for entry in fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))? {
        let path = entry?.path();
        if path.is_dir() {
            gather(&path, paths)?;
        } else if path.extension().is_some_and(|ending| ending == "xml") {
            paths.push(path);
        }
    }
    Ok(())
}

fn ours(texts: &[&[u8]], time: Duration) -> Rate {
    let (start, mut documents, mut bytes) = (Instant::now(), 0_u64, 0_usize);
    while start.elapsed() < time {
        for text in texts {
            std::hint::black_box(formats::read(std::hint::black_box(text)));
            documents += 1;
            bytes += text.len();
        }
    }
    let seconds = start.elapsed().as_secs_f64();
    Rate { documents: documents as f64 / seconds, megabytes: bytes as f64 / 1e6 / seconds }
}

/// Compiles and runs the peer; `None` where there is no compiler or no libxml2 to build against.
fn libxml2(files: &[&Path], time: Duration) -> Option<Rate> {
    let folder = std::env::temp_dir().join(format!("sampan-bench-{}", std::process::id()));
    fs::create_dir_all(&folder).ok()?;
    let told = build(&folder).and_then(|binary| {
        let run = Command::new(binary).arg(time.as_secs().to_string()).args(files).output().ok()?;
        Some(String::from_utf8_lossy(&run.stdout).into_owned())
    });
    // What cannot be removed is the machine's to clean up.
    let _ = fs::remove_dir_all(&folder);
    let numbers: Vec<f64> = told?.split_whitespace().filter_map(|number| number.parse().ok()).collect();
    let [documents, bytes, seconds] = numbers[..] else { return None };
    Some(Rate { documents: documents / seconds, megabytes: bytes / 1e6 / seconds })
}

fn build(folder: &Path) -> Option<PathBuf> {
    let (source, binary) = (folder.join("peer.c"), folder.join("peer"));
    fs::write(&source, PEER).ok()?;
    let config = Command::new("xml2-config").args(["--cflags", "--libs"]).output().ok();
    let flags = config.map_or_else(
        || "-I/usr/include/libxml2 -lxml2".to_owned(),
        |output| String::from_utf8_lossy(&output.stdout).into_owned(),
    );
    let mut cc = Command::new("cc");
    let built =
        cc.arg("-O2").arg(&source).arg("-o").arg(&binary).args(flags.split_whitespace()).output().ok()?;
    built.status.success().then_some(binary)
}
