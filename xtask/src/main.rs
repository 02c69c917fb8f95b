//! The workspace's own chores: `cargo xtask tidy`, `cargo xtask editions`.

mod edges;
mod editions;
mod functions;
mod source;
mod tidy;

use anyhow::bail;

fn main() -> anyhow::Result<()> {
    match std::env::args().nth(1).as_deref() {
        Some("tidy") => tidy::run(),
        Some("editions") => editions::run(),
        _ => bail!("usage: cargo xtask tidy|editions"),
    }
}
