//! Keys in a hardware module, by PKCS#11: what signs and what opens, without a private key in our memory.
//!
//! This crate is the fence around a library that is loaded at run time. A node without a module never loads one. Sessions
//! are kept and used in turn, so that as many signatures are made at once as the module makes.

mod module;
mod named;
mod oaep;

pub use module::{Key, Module, ModuleFault};
pub use named::Named;
