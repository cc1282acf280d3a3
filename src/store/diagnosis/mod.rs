//! A connection test: each step on the way to a database as it is taken, with what would help.
//!
//! [`ConnectionTest`] runs beside the program and tells one [`Step`] after another; [`Diagnosis`] keeps them in order. What lies
//! below the first call is looked at by sockets of its own (`grpc::probe`); login and rights by the very session that Connect
//! would use.

mod advice;
mod change;
mod connection_test;
mod login_steps;
mod node_steps;
mod reporter;
mod step;
mod steps;

pub use change::Change;
pub use connection_test::ConnectionTest;
pub use step::{Fact, Finding, Members, Step, StepKind, Warning};
pub use steps::Diagnosis;
