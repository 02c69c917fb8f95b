//! Two nodes on real sockets: TLS, AS4, disks, restarts.

mod authority;
mod evidence;
mod hub;
mod long;
mod partners;
mod place;
mod revocation;
mod terms;
mod unseen;
mod wire;
