//! Claims about the tariff: what it holds, what it answers, how well it is searched.

mod given;
mod law;
mod plain;
mod properties;
mod ranking;
