//! `sampan tariff`: what goods are called and what they owe.

mod duty;
mod search;
mod show;
mod spoken;

use clap::Subcommand;

use crate::exit::Exit;

/// What goods are called and what they owe, by country and day. Works without a node.
#[derive(clap::Args)]
pub(crate) struct Tariff {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Ranks the lines that a code, words or a description may mean. A person decides.
    Search(search::Search),
    /// Shows a code: its texts, what lies below, what it was in other editions, its measures on a day.
    Show(show::Show),
    /// Says what a line owes on a day, under a scheme, and how that follows.
    Duty(duty::Duty),
}

impl Tariff {
    pub(crate) fn run(self) -> anyhow::Result<Exit> {
        match self.command {
            Command::Search(command) => command.run(),
            Command::Show(command) => command.run(),
            Command::Duty(command) => command.run(),
        }
    }
}
