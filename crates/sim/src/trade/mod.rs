//! Trade between administrations with known truth: export declarations of one side, import declarations of the other,
//! and beside them what belongs together, what was planted, and what only looks wrong.
//!
//! A [`Plan`] says what to generate; [`Trade`] generates any consignment of it by its number; a [`Morning`] is all of
//! them with the order in which they are lodged. Names of firms are put together from word lists and belong to no real
//! firm; commodity codes, units and places are real. No clock: the morning's date is an argument.

mod address;
mod cast;
mod consignment;
pub mod csv;
mod firm;
mod fold;
mod generator;
mod goods;
mod identifier;
mod item;
mod lodge;
mod marks;
mod morning;
mod naming;
mod papers;
mod plan;
mod routes;
mod scene;
mod scribe;
mod spoil;
mod story;

mod truth;
mod words;

pub use consignment::Consignment;
pub use generator::{PlanFault, Trade};
pub use marks::{Mark, Marks};
pub use morning::{Damage, Lodging, Morning, Trouble, Which};
pub use plan::{Dirt, Lane, Mix, Plan};
pub use routes::window;
pub use scene::Scene;
pub use truth::{Case, Class, Innocent, LineRef, Plant, Planted, Sharing, TrueLink, Truth};
