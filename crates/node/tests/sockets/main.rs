//! Two nodes on real sockets: TLS, AS4, disks, restarts.

mod evidence;
mod long;
mod partners;
mod place;
mod wire;
