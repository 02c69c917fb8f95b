//! Examines captured AS4 messages named on the command line: `cargo run -p exchange --example doctor -- FILE...`.
#![expect(clippy::disallowed_methods, clippy::print_stdout, reason = "a program reads files and prints")]

use std::process::ExitCode;

use exchange::Limits;
use exchange::doctor::{DigestState, Verdict, examine};

fn main() -> ExitCode {
    let mut worst = Verdict::Sound.exit_code();
    for file in std::env::args().skip(1) {
        let Ok(bytes) = std::fs::read(&file) else {
            println!("{file}: cannot be opened");
            return ExitCode::from(Verdict::Unreadable.exit_code());
        };
        let seen = examine(&bytes, &Limits::default());
        let fault =
            seen.fault.as_ref().or(seen.remark.as_ref()).map_or_else(|| "-".to_owned(), ToString::to_string);
        println!("{file}: {:?} {} {fault}", seen.verdict, seen.kind);
        if let Some(signer) = &seen.signer {
            println!("  signer {} until {} strong={}", signer.subject, signer.not_after, signer.is_strong);
        }
        for each in &seen.references {
            println!("  {} {}", each.reference.uri, in_words(&each.state));
        }
        worst = worst.max(seen.verdict.exit_code());
    }
    ExitCode::from(worst)
}

fn in_words(state: &DigestState) -> String {
    match state {
        DigestState::Right => "as signed".to_owned(),
        DigestState::Wrong { actual, octets, cause } => {
            format!("not as signed: {actual} over\n{}\n  {}", String::from_utf8_lossy(octets), cause.advice())
        }
        DigestState::Encrypted => "encrypted, not looked into".to_owned(),
        DigestState::NotCaptured => "not in the capture".to_owned(),
    }
}
