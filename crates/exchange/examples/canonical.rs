//! Digests canonical forms of elements, for comparison with another implementation.
//!
//! Reads jobs from the file named first, one a line: path, number of the element in document order from 0, inclusive
//! prefixes, parted by tabs. Prints for each the SHA-256 in hexadecimal, or `-` where the file cannot be parsed.
#![expect(clippy::disallowed_methods, clippy::print_stdout, reason = "a program reads files and prints")]

use aws_lc_rs::digest::{SHA256, digest};
use exchange::canonical;
use roxmltree::{Document, Node};

fn main() -> Result<(), std::io::Error> {
    let jobs = std::env::args().nth(1).unwrap_or_default();
    for job in std::fs::read_to_string(jobs)?.lines() {
        println!("{}", answer(job).unwrap_or_else(|| "-".to_owned()));
    }
    Ok(())
}

fn answer(job: &str) -> Option<String> {
    let [path, number, prefixes] = job.split('\t').collect::<Vec<_>>().try_into().ok()?;
    let text = std::fs::read_to_string(path).ok()?;
    let document = Document::parse(text.trim_start_matches('\u{feff}')).ok()?;
    let element = document.descendants().filter(Node::is_element).nth(number.parse().ok()?)?;
    let prefixes: Vec<&str> = prefixes.split_whitespace().collect();
    let octets = canonical::element(element, &prefixes);
    Some(digest(&SHA256, &octets).as_ref().iter().map(|byte| format!("{byte:02x}")).collect())
}
