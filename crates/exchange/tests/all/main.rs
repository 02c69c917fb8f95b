//! The exchange from outside: whole messages in and out, refusals, captured traffic, foreign peers.
#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "tests read captured files and say what they skip"
)]

mod authorities;
mod canonical;
mod cef;
mod corpus;
mod forger;
mod interop;
mod nodes;
mod outcomes;
mod protocol;
mod refused_headers;
mod refused_parties;
mod refused_signatures;
mod revoked;
mod round_trip;
mod signals;
mod streamed;
mod vectors;
mod verdict;
