//! A problem as a program reads it.

use crate::aggregate::{self, Fault};

#[derive(serde::Serialize)]
pub struct Problem<'a> {
    kind: &'static str,
    text: &'a str,
    /// Only of a script: where it stopped.
    #[serde(skip_serializing_if = "Option::is_none")]
    fault: Option<ScriptFault<'a>>,
}

impl<'a> Problem<'a> {
    /// With its whole sentence.
    pub fn new(problem: &'a aggregate::Problem, text: &'a str) -> Self {
        Self { kind: problem.kind, text, fault: problem.fault.as_deref().map(ScriptFault::from) }
    }
}

#[derive(serde::Serialize)]
pub struct ScriptFault<'a> {
    message: &'a str,
    file: Option<&'a str>,
    line: Option<u32>,
    column: Option<u32>,
    stack: Vec<String>,
}

impl<'a> From<&'a Fault> for ScriptFault<'a> {
    fn from(fault: &'a Fault) -> Self {
        let place = fault.place.as_ref();
        Self {
            message: &fault.message,
            file: place.map(|place| &*place.file),
            line: place.map(|place| place.line),
            column: place.map(|place| place.column),
            stack: fault.lines(),
        }
    }
}
