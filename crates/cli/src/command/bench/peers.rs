//! Peers of the targeting benches: programs beside ours, in `interop/targeting`, started in the same run.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, bail};
use serde_json::Value;

/// The folder of the peers: `SAMPAN_PEERS`, or `interop/targeting` from here.
fn folder() -> PathBuf {
    std::env::var_os("SAMPAN_PEERS").map_or_else(|| PathBuf::from("interop/targeting"), PathBuf::from)
}

/// Runs a peer that is a program of ours around a foreign library.
pub(super) fn built(name: &str, arguments: &[&Path], last: &str) -> anyhow::Result<Value> {
    let program = program(name);
    if !program.exists() {
        bail!("{} is not there: build interop/targeting first", program.display());
    }
    said(Command::new(program).args(arguments).arg(last))
}

/// Whether a peer around a foreign library is built; where it is not, its Python stand-in is run.
pub(super) fn is_built(name: &str) -> bool {
    program(name).exists()
}

fn program(name: &str) -> PathBuf {
    let target =
        std::env::var_os("SAMPAN_PEERS_TARGET").map_or_else(|| folder().join("target"), PathBuf::from);
    target.join("release").join(name)
}

/// Runs a peer in Python.
pub(super) fn python(script: &str, arguments: &[&Path], last: &[&str]) -> anyhow::Result<Value> {
    let python = std::env::var_os("SAMPAN_PEERS_PYTHON")
        .map_or_else(|| folder().join(".venv/bin/python"), PathBuf::from);
    let mut command = Command::new(python);
    command.arg(folder().join(script)).args(arguments);
    command.args(last);
    said(&mut command)
}

fn said(command: &mut Command) -> anyhow::Result<Value> {
    let done = command.output().with_context(|| format!("cannot start {:?}", command.get_program()))?;
    if !done.status.success() {
        bail!("{:?} failed: {}", command.get_program(), String::from_utf8_lossy(&done.stderr));
    }
    let text = String::from_utf8_lossy(&done.stdout);
    serde_json::from_str(text.lines().last().unwrap_or_default()).context("the peer said no JSON")
}
