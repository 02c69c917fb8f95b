//! Logs: one JSON object a line, or plain lines for a person at a terminal. Nothing secret is ever a field.

use tracing_subscriber::EnvFilter;

/// How log lines are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// One JSON object a line, for machines.
    Json,
    /// Plain lines, for a person.
    Plain,
}

/// Sends log lines to standard error from now on: those `SAMPAN_LOG` asks for (such as `info,node=debug`), from `info`
/// on where it asks for none. Later calls change nothing.
pub fn start(form: Form) {
    let filter = EnvFilter::try_from_env("SAMPAN_LOG").unwrap_or_else(|_| EnvFilter::new("info"));
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    let started = match form {
        Form::Json => lines.json().flatten_event(true).with_current_span(false).try_init(),
        Form::Plain => lines.with_target(false).compact().try_init(),
    };
    // Where somebody has set up logs before, theirs are used.
    drop(started);
}
