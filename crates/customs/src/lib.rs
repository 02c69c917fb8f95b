//! What administrations do with one another: the areas, their procedures, rules and books. Knows no XML, HTTP, SQL or keys.

pub mod agreement;
pub mod assistance;
pub mod catalogue;
pub mod certificate;
pub mod declaration;
pub mod desks;
pub mod feed;
pub mod gate;
pub mod integrity;
mod macros;
pub mod operation;
pub mod operator;
pub mod parcel;
pub mod programme;
pub mod roles;
pub mod targeting;
pub mod tariff;
pub mod tax;
pub mod terms;
pub mod transit;
