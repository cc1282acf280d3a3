//! The way to the sandbox: all that a lesson writes goes there.

use crate::store::{Journal, Resolve, Target};

/// The sandbox; there is none of another database.
#[derive(Clone)]
pub struct Sandbox {
    pub(super) resolve: Resolve,
    pub(super) journal: Option<Journal>,
}

/// Another database is used: a lesson would write into it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotSandbox;

impl Sandbox {
    /// `resolve` leads to the target; what is written is noted in the journal, where there is one.
    pub fn new(target: &Target, resolve: Resolve, journal: Option<Journal>) -> Result<Self, NotSandbox> {
        match target {
            Target::Sandbox => Ok(Self { resolve, journal }),
            Target::Server(_) | Target::File(_) => Err(NotSandbox),
        }
    }
}
