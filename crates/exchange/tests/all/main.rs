//! The exchange from outside: whole messages in and out, refusals, captured traffic, foreign peers.

mod nodes;
mod round_trip;
