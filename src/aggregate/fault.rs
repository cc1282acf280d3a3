//! Why a script stopped, as data.

use std::fmt;
use std::sync::Arc;

/// A place in a definition, counted from 1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    pub file: Arc<str>,
    pub line: u32,
    pub column: u32,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{}:{}:{}", self.file, self.line, self.column)
    }
}

/// A call that the script was in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frame {
    /// Empty at the top level and where the function has no name.
    pub function: Arc<str>,
    pub place: Option<Place>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FaultKind {
    /// The file cannot be read.
    File,
    /// The text is no JavaScript.
    Syntax,
    /// What the script defines cannot run: the server refuses it too.
    Definition,
    /// A handler threw.
    Thrown,
    /// The time for one event is over.
    Time,
    Memory,
    Stack,
    /// The state holds what no JSON can.
    State,
    /// A handler changed what is built in, which other streams would see.
    Tampering,
    /// The handler said so by `problem("…")`, or a check of `problems` did.
    Problem,
}

impl FaultKind {
    /// Stable kebab-case name, for scripts.
    pub fn name(self) -> &'static str {
        match self {
            Self::File => "script-file",
            Self::Syntax => "script-syntax",
            Self::Definition => "script-definition",
            Self::Thrown => "script-threw",
            Self::Time => "script-time",
            Self::Memory => "script-memory",
            Self::Stack => "script-stack",
            Self::State => "script-state",
            Self::Tampering => "script-tampering",
            Self::Problem => "script-problem",
        }
    }
}

/// A script that could not go on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    pub kind: FaultKind,
    /// What the script said, or a sentence without its full stop.
    pub message: String,
    pub place: Option<Place>,
    /// Innermost first; the engine's own calls are left out.
    pub stack: Vec<Frame>,
    /// The path of the state's field that the problem names.
    pub field: Option<Arc<str>>,
}

impl Fault {
    pub fn new(kind: FaultKind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into(), place: None, stack: Vec::new(), field: None }
    }

    /// The stack as lines like `at add (account.js:3:14)`.
    pub fn lines(&self) -> Vec<String> {
        self.stack.iter().map(ToString::to_string).collect()
    }
}

/// As a line of a stack.
impl fmt::Display for Frame {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match (&*self.function, &self.place) {
            ("", Some(place)) => write!(f, "at {place}"),
            (function, Some(place)) => write!(f, "at {function} ({place})"),
            (function, None) => write!(f, "at {function}"),
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match &self.place {
            Some(place) => write!(f, "{} ({place})", self.message),
            None => f.write_str(&self.message),
        }
    }
}

impl std::error::Error for Fault {}
