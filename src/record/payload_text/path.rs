//! The path of a value, as RFC 9535 (`JSONPath`) writes it.

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

/// Of the line of a JSON text that this place is in; `None` once it is not wanted.
pub fn path(text: &str, place: u32, wanted: Wanted<'_>) -> Option<String> {
    let mut steps: Vec<Step<'_>> = Vec::new();
    // How many elements came before in each value that is open.
    let mut before: Vec<usize> = Vec::new();
    let (mut start, mut checked) = (0, 0);
    for line in text.split_inclusive('\n') {
        start += line.len();
        let is_end = closes(line);
        if is_end {
            before.pop();
        } else {
            steps.push(step(line, &mut before));
        }
        if start > place as usize {
            break;
        }
        if opens(line) {
            before.push(0);
        } else {
            steps.pop();
        }
        if start - checked > CHECKED {
            checked = start;
            wanted().then_some(())?;
        }
    }
    Some(steps.iter().map(written).collect())
}

fn step<'a>(line: &'a str, before: &mut [usize]) -> Step<'a> {
    let Some(count) = before.last_mut() else { return Step::Root };
    *count += 1;
    match line_tokens(line).0 {
        0 => Step::Element(*count - 1),
        key => Step::Name(line.get(..key).unwrap_or_default()),
    }
}

fn written(step: &Step<'_>) -> String {
    match *step {
        Step::Root => "$".to_owned(),
        Step::Element(number) => format!("[{number}]"),
        Step::Name(token) => {
            let is_first = |c: char| c.is_ascii_alphabetic() || c == '_';
            let is_plain = |name: &str| {
                name.starts_with(is_first) && name.chars().all(|c| is_first(c) || c.is_ascii_digit())
            };
            match json::token_text(token).filter(|name| is_plain(name)) {
                Some(name) => format!(".{name}"),
                None => format!("[{token}]"),
            }
        }
    }
}
