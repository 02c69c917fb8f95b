//! The officers' pages and the JSON interface of a node: server-rendered, in Vietnamese and English, without anything
//! from elsewhere.
//!
//! ```text
//! areas          every area's addresses with who may ask them, its places and desks; the router is built from it
//! rim            HTTP in and out, once for all addresses: session, bearer token, form token, limits, headers
//! Ask -> Reply   every page is a plain function; it reads through NodeSide and acts through NodeSide
//! Frame          who reads, in which language and zone, where they can go, what they are told first
//! text/*.toml    every sentence, one table per language
//! ```
//!
//! The pages know no rule: what an officer may do on a case is what its desk offers, and what a partner said is read
//! by an act with a purpose, which the agreement allows or refuses.

mod answer;
mod api;
mod app;
mod areas;
mod ask;
mod assets;
mod attach;
mod body;
mod draft;
mod draw;
mod endpoint;
mod fields;
mod frame;
mod gate;
mod language;
mod live;
mod node_side;
mod notice;
mod pages;
mod rim;
mod session;
mod throttle;
mod transit;

pub use api::OPENAPI;
pub use app::{App, Transport};
pub use areas::{endpoints, endpoints_by_area, shown_desks};
pub use endpoint::{Endpoint, May, Method, Takes};
pub use gate::{Program, token_key};
pub use language::Language;
pub use node_side::{NodeSide, Wanted};
pub use rim::router;
pub use transit::{print_accompanying, statement};
