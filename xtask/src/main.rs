//! The workspace's own chores: `cargo xtask tidy`, `cargo xtask editions`, `cargo xtask transit`.

mod edges;
mod editions;
mod functions;
mod source;
mod tidy;
mod transit;

use anyhow::bail;

fn main() -> anyhow::Result<()> {
    match std::env::args().nth(1).as_deref() {
        Some("tidy") => tidy::run(),
        Some("editions") => editions::run(),
        Some("transit") => transit::run(),
        _ => bail!("usage: cargo xtask tidy|editions|transit"),
    }
}
