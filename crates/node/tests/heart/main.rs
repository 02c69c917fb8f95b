//! The heart driven by hand: two nodes, one thread, a wire that is a function call.

mod arrival;
mod codes;
mod crash;
mod destroyed;
mod disorder;
mod ends;
mod failure;
mod loops;
mod matching;
mod origin_rules;
mod selecting;
mod statements;
mod town;
mod unseen;
