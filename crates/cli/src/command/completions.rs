//! `sampan completions`: a completion script for a shell.

use clap_complete::Shell;

use crate::exit::Exit;

/// Prints a completion script for a shell.
///
/// Example: sampan completions bash > /etc/bash_completion.d/sampan
#[derive(clap::Args)]
pub(crate) struct Completions {
    /// The shell.
    shell: Shell,
}

impl Completions {
    pub(crate) fn run(self, command: &mut clap::Command) -> anyhow::Result<Exit> {
        clap_complete::generate(self.shell, command, "sampan", &mut std::io::stdout());
        Ok(Exit::Sound)
    }
}
