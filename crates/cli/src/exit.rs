//! How the program ends: what scripts rely on.

use std::process::ExitCode;

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Done, and nothing to complain of.
    Sound,
    /// Done, and something is wrong: findings, a missed aim, an unsound record, a refusal.
    Wrong,
    /// Not done: unreadable, not reachable, failed.
    Failed,
}

impl Exit {
    /// `Sound` where this holds, `Wrong` where it does not.
    pub(crate) const fn sound_if(holds: bool) -> Self {
        if holds { Self::Sound } else { Self::Wrong }
    }

    /// Says why, with the whole chain of causes.
    #[expect(clippy::print_stderr, reason = "the command line speaks here")]
    pub(crate) fn failed(error: &anyhow::Error) -> Self {
        eprintln!("sampan: {error}");
        for cause in error.chain().skip(1) {
            eprintln!("  because: {cause}");
        }
        Self::Failed
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        match exit {
            Exit::Sound => Self::SUCCESS,
            Exit::Wrong => Self::from(1),
            Exit::Failed => Self::from(2),
        }
    }
}
