//! The path of a value, as conditions write it: `a.b."c d"[3]`.

use super::folds::{closes, opens};
use super::tokens::line_tokens;
use super::work::{CHECKED, Wanted};
use crate::record::json;

/// How a value is found in the one around it.
#[derive(Clone, Copy)]
enum Step<'a> {
    Root,
    /// The token of its name.
    Name(&'a str),
    Element(usize),
}

/// The value that a row shows, or the one that it ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowValue {
    /// Empty for the root.
    pub path: String,
    /// How many values begin before it.
    pub number: usize,
}

/// Of the line of a JSON text that this place is in; `None` once it is not wanted.
pub fn path(text: &str, place: u32, wanted: Wanted<'_>) -> Option<RowValue> {
    let mut steps: Vec<Step<'_>> = Vec::new();
    // How many elements came before in each value that is open.
    let mut before: Vec<usize> = Vec::new();
    let (mut start, mut checked) = (0, 0);
    // How many values began; where each one that is open began among them.
    let (mut values, mut open) = (0_usize, Vec::new());
    for line in text.split_inclusive('\n') {
        start += line.len();
        let is_end = closes(line);
        if is_end {
            before.pop();
        } else {
            steps.push(step(line, &mut before));
            open.push(values);
            values += 1;
        }
        if start > place as usize {
            break;
        }
        if opens(line) {
            before.push(0);
        } else {
            steps.pop();
            open.pop();
        }
        if start - checked > CHECKED {
            checked = start;
            wanted().then_some(())?;
        }
    }
    Some(RowValue { path: written(&steps), number: open.last().copied().unwrap_or(0) })
}

fn step<'a>(line: &'a str, before: &mut [usize]) -> Step<'a> {
    let Some(count) = before.last_mut() else { return Step::Root };
    *count += 1;
    match line_tokens(line).0 {
        0 => Step::Element(*count - 1),
        key => Step::Name(line.get(..key).unwrap_or_default()),
    }
}

/// As a condition names it; an element by its number, and nothing for the root.
fn written(steps: &[Step<'_>]) -> String {
    let mut path = String::new();
    for step in steps {
        match *step {
            Step::Root => {}
            Step::Element(number) => path.extend(["[", &number.to_string(), "]"]),
            Step::Name(token) => {
                if !path.is_empty() {
                    path.push('.');
                }
                match json::token_text(token).filter(|name| is_plain(name)) {
                    Some(name) => path.push_str(&name),
                    None => path.push_str(token),
                }
            }
        }
    }
    path
}

/// Whether a condition takes the name for a field without quotes.
fn is_plain(name: &str) -> bool {
    let is_first = |c: char| c.is_alphabetic() || c == '_';
    name.starts_with(is_first)
        && name.chars().all(|c| is_first(c) || c.is_numeric())
        && !matches!(name, "true" | "false" | "null")
}
