//! The whole sentence of a problem.

use crate::aggregate::Problem;
use crate::record::Revision;

/// What contradicts, since which revision, and what it means for the state after the event before.
pub fn problem_sentence(problem: &Problem, since: Option<Revision>, before: Option<Revision>) -> String {
    let since = since.map_or_else(String::new, |revision| format!(" at revision {revision}"));
    let kept = before.map_or_else(
        || "The state stays empty.".to_owned(),
        |revision| format!("The state stays as it was after revision {revision}."),
    );
    format!("{}{since}. {kept}", problem.text)
}
