//! The pages over HTTP, before a harbour in memory: who may ask what, what officers see and do, and what every page keeps to.

#[path = "../harbour/mod.rs"]
mod harbour;

mod analyst;
mod api;
mod browser;
mod drawing;
mod gate_officer;
mod live;
mod permission;
mod session;
mod targeting;
mod words;
