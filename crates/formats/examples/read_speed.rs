//! Measures how many declarations a core reads, checks and turns into terms in a second, beside libxml2's bare parse.
//!
//! `cargo run --release -p formats --example read_speed -- FOLDER [SECONDS]`
//!
//! The peer is a few lines of C around `xmlReadMemory`, compiled here with `cc` and the headers that `xml2-config`
//! names; both sides hold all files in memory and go round them for the same time, one after the other in one run.

#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a measurement reads files, looks at the clock and prints"
)]

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

const PEER: &str = r#"
#include <libxml/parser.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
static double now(void){struct timespec t;clock_gettime(CLOCK_MONOTONIC,&t);return t.tv_sec+t.tv_nsec/1e9;}
int main(int n,char**a){double for_s=atof(a[1]);int f=n-2;char**b=malloc(f*sizeof*b);int*l=malloc(f*sizeof*l);
for(int i=0;i<f;i++){FILE*h=fopen(a[i+2],"rb");if(!h)return 2;fseek(h,0,SEEK_END);l[i]=(int)ftell(h);rewind(h);
b[i]=malloc(l[i]);if(fread(b[i],1,l[i],h)!=(size_t)l[i])return 2;fclose(h);}
xmlInitParser();long docs=0;double bytes=0,start=now();
while(now()-start<for_s)for(int i=0;i<f;i++){xmlDocPtr d=xmlReadMemory(b[i],l[i],0,0,XML_PARSE_NOERROR|XML_PARSE_NOWARNING);
if(d)xmlFreeDoc(d);docs++;bytes+=l[i];}
printf("%ld %.0f %.6f\n",docs,bytes,now()-start);return 0;}
"#;

struct Rate {
    documents: f64,
    bytes: f64,
}

fn files(folder: &Path, found: &mut Vec<PathBuf>) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            files(&path, found)?;
        } else if path.extension().is_some_and(|ending| ending == "xml") {
            found.push(path);
        }
    }
    Ok(())
}

fn ours(texts: &[Vec<u8>], time: Duration) -> Rate {
    let (start, mut documents, mut bytes) = (Instant::now(), 0u64, 0usize);
    while start.elapsed() < time {
        for text in texts {
            std::hint::black_box(formats::read(std::hint::black_box(text)));
            documents += 1;
            bytes += text.len();
        }
    }
    let seconds = start.elapsed().as_secs_f64();
    Rate { documents: documents as f64 / seconds, bytes: bytes as f64 / seconds }
}

/// Compiles and runs the peer; `None` where there is no compiler or no libxml2 to build against.
fn libxml2(files: &[PathBuf], time: Duration) -> Option<Rate> {
    let folder = std::env::temp_dir().join(format!("read_speed-{}", std::process::id()));
    std::fs::create_dir_all(&folder).ok()?;
    let (source, binary) = (folder.join("peer.c"), folder.join("peer"));
    std::fs::File::create(&source).ok()?.write_all(PEER.as_bytes()).ok()?;
    let config = Command::new("xml2-config").args(["--cflags", "--libs"]).output();
    let config = config.map(|output| String::from_utf8_lossy(&output.stdout).into_owned());
    let flags = config.unwrap_or_else(|_| "-I/usr/include/libxml2 -lxml2".to_owned());
    let mut cc = Command::new("cc");
    let built =
        cc.arg("-O2").arg(&source).arg("-o").arg(&binary).args(flags.split_whitespace()).status().ok()?;
    let run = built
        .success()
        .then(|| Command::new(&binary).arg(time.as_secs_f64().to_string()).args(files).output());
    let told = String::from_utf8_lossy(&run?.ok()?.stdout).into_owned();
    let numbers: Vec<f64> = told.split_whitespace().filter_map(|number| number.parse().ok()).collect();
    let _ = std::fs::remove_dir_all(&folder);
    let [documents, bytes, seconds] = numbers[..] else { return None };
    Some(Rate { documents: documents / seconds, bytes: bytes / seconds })
}

fn main() -> std::io::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let Some(folder) = arguments.next() else {
        eprintln!("usage: read_speed FOLDER [SECONDS]");
        std::process::exit(2);
    };
    let time = Duration::from_secs(arguments.next().and_then(|seconds| seconds.parse().ok()).unwrap_or(5));
    let mut found = Vec::new();
    files(Path::new(&folder), &mut found)?;
    found.sort();
    let texts: Vec<Vec<u8>> = found.iter().map(std::fs::read).collect::<Result<_, _>>()?;
    let read = |text: &[u8]| formats::read(text).summary.messages > 0;
    let keep: Vec<bool> = texts.iter().map(|text| read(text)).collect();
    let mut keeps = keep.iter();
    found.retain(|_| *keeps.next().unwrap_or(&false));
    let texts: Vec<Vec<u8>> =
        texts.into_iter().zip(&keep).filter(|(_, keep)| **keep).map(|(text, _)| text).collect();
    let ours = ours(&texts, time);
    let peer = libxml2(&found, time);
    let (documents, megabytes) = (ours.documents, ours.bytes / 1e6);
    let (theirs, their_megabytes) =
        peer.map_or((f64::NAN, f64::NAN), |rate| (rate.documents, rate.bytes / 1e6));
    println!(
        "{{\"files\":{},\"ours\":{documents:.0},\"ours_mb_s\":{megabytes:.1},\"peer\":\"libxml2 bare parse\",\
         \"theirs\":{theirs:.0},\"theirs_mb_s\":{their_megabytes:.1},\"ratio\":{:.2},\"aims\":{{\"ratio_min\":0.5}}}}",
        texts.len(),
        documents / theirs
    );
    Ok(())
}
