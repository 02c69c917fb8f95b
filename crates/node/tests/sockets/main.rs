//! Two nodes on real sockets: TLS, AS4, disks, restarts.

mod place;
mod wire;
