//! The one binary: server, officers' pages, command line.

mod audit;
mod client;
mod command;
mod demo;
mod exit;
mod heap;
mod linking;
mod movement;
mod output;
mod rig;

use clap::{CommandFactory, Parser, Subcommand};

use crate::exit::Exit;

/// A quarter of a node's processor time went to the C library's allocator, under JSON values and trees of messages.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The node a customs administration runs to turn what other administrations tell it into decisions.
#[derive(Parser)]
#[command(name = "sampan", version, propagate_version = true, arg_required_else_help = true)]
struct Sampan {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Four nodes, their traffic and their people of one morning, on this machine.
    Demo(demo::Demo),
    /// Makes a node's folder: keys, certificates, configuration, accounts.
    Init(command::init::Init),
    /// Runs a node from its folder.
    Serve(command::serve::Serve),
    /// The keys of a node, and changing them without a gap.
    Keys(command::keys::KeysCommand),
    /// Partners: whom this node speaks with.
    Partner(command::partner::Partner),
    /// Who may sign in, and which programs may ask.
    Account(command::account::Account),
    /// Takes own declarations into a running node: WCO XML, CSV or JSON.
    Import(command::import::Import),
    /// Sends a declaration's extract to its partner again, or asks for a message to be tried again.
    Send(command::send::Send),
    /// Takes an act on a case of a running node.
    Act(command::act::Act),
    /// Writes the brief for a partner: what each side owes, and the question behind every figure.
    Brief(command::brief::Brief),
    /// Shows cases: one whole, or a list.
    Show(command::show::Show),
    /// Shows what happened on a case, or in the whole record.
    Log(command::log::Log),
    /// Statements that strangers can check: made, checked, with key and status list.
    Credential(command::credential::CredentialCommand),
    /// What goods are called and what they owe: search, texts, rates, duty.
    Tariff(command::tariff::Tariff),
    /// Customs transit: messages judged, numbers, declarations, arrivals, guarantees, journeys simulated.
    Transit(command::transit::Transit),
    /// Decides a night of parcels: group, charges, lane with reasons, splitting.
    Triage(command::triage::Triage),
    /// Parties against watch lists.
    Screen(command::screen::Screen),
    /// Risk profiles: tried on the past, held against one another.
    Profile(command::profile::Profile),
    /// A score learned from verdicts: train, score, report.
    Model(command::model::Model),
    /// Reads messages of any known kind and says what is wrong with them, with places.
    Check(command::check::Check),
    /// Verifies and proves a node's record from its files alone.
    Record(command::record::Record),
    /// Links export lines with import lines of two files, with a class and a probability for each.
    Link(command::link::Link),
    /// Sums of both sides beside each other, by subheading, partner and month, with what explains the gaps.
    Mirror(command::mirror::Mirror),
    /// Many nodes in one process from one seed, with loss, doubling, delay and crash.
    Sim(command::sim::Sim),
    /// Measures, beside a peer or a physical limit in the same run.
    Bench(command::bench::Bench),
    /// Looks at a node's folder and partners and says what to do.
    Doctor(command::doctor::Doctor),
    /// Prints a completion script for a shell.
    Completions(command::completions::Completions),
}

fn main() -> std::process::ExitCode {
    let outcome = match Sampan::parse().command {
        Command::Demo(command) => command.run(),
        Command::Init(command) => command.run(),
        Command::Serve(command) => command.run(),
        Command::Keys(command) => command.run(),
        Command::Partner(command) => command.run(),
        Command::Account(command) => command.run(),
        Command::Import(command) => command.run(),
        Command::Send(command) => command.run(),
        Command::Act(command) => command.run(),
        Command::Brief(command) => command.run(),
        Command::Show(command) => command.run(),
        Command::Log(command) => command.run(),
        Command::Credential(command) => command.run(),
        Command::Tariff(command) => command.run(),
        Command::Transit(command) => command.run(),
        Command::Triage(command) => command.run(),
        Command::Screen(command) => command.run(),
        Command::Profile(command) => command.run(),
        Command::Model(command) => command.run(),
        Command::Check(command) => command.run(),
        Command::Record(command) => command.run(),
        Command::Link(command) => command.run(),
        Command::Mirror(command) => command.run(),
        Command::Sim(command) => command.run(),
        Command::Bench(command) => command.run(),
        Command::Doctor(command) => command.run(),
        Command::Completions(command) => command.run(&mut Sampan::command()),
    };
    outcome.unwrap_or_else(|error| Exit::failed(&error)).into()
}
