//! The store from outside: the story, damage, crashes, and the record that the log and the store make together.

mod crash;
mod damage;
mod destroyed;
mod folder;
mod readers;
mod record;
mod script;
mod story;
