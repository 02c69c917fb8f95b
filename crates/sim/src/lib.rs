//! Many administrations from one seed: the trade that passes between them, with the truth kept beside it, and their
//! nodes in one thread with a clock, wires, disks and people that fail as real ones do.

mod dice;
pub mod parcels;
pub mod ring;
pub mod trade;
pub mod transit;
pub mod world;
