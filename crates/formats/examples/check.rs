//! Checks files and prints what `sampan check` would say of them, one finding a line.

#![expect(clippy::disallowed_methods, clippy::print_stdout, reason = "an example reads files and prints")]

fn main() -> std::io::Result<()> {
    for name in std::env::args().skip(1) {
        let checked = formats::check(&std::fs::read(&name)?);
        println!("{name}: {} {:?} {:?}", checked.kind.code(), checked.verdict, checked.summary);
        for finding in &checked.findings {
            println!("  {:?} {finding}", finding.severity);
        }
    }
    Ok(())
}
