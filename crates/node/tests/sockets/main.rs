//! Two nodes on real sockets: TLS, AS4, disks, restarts.

mod evidence;
mod partners;
mod place;
mod wire;
