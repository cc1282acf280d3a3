//! Looks at one node by sockets of its own, from its name to the first call: the client says the same of every failure.

mod certificate;
mod first_call;
mod opening;
mod protocol;
mod reach;
mod tls;

pub use protocol::{Node, Protocol};
pub use reach::{connect, resolve};
