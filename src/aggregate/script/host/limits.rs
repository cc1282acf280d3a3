//! What a script may use.

use std::time::Duration;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// For reading a definition.
    pub load: Duration,
    /// For all that one event runs.
    pub event: Duration,
    /// Bytes of one engine.
    pub memory: usize,
    /// Bytes of the engine's stack; the thread has at least 1 MiB more.
    pub stack: usize,
    /// Bytes of a state's text.
    pub state: usize,
    /// Faults where the server's own engine cannot hand a body over: JSON `null`, a bare string or number.
    pub server_bodies: bool,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            load: Duration::from_millis(500),
            event: Duration::from_millis(50),
            memory: 256 << 20,
            stack: 512 << 10,
            state: 16 << 20,
            server_bodies: false,
        }
    }
}
