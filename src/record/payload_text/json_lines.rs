//! JSON on several lines in one pass over its bytes, every token as it was stored.

use super::folds::{closes, opens};
use super::work::{CHECKED, Wanted};
use crate::record::json::verbatim;
use std::borrow::Cow;
use std::fmt::Write;

/// The lines of what is JSON, each with its end and its tokens as they are written; `None` once they are not wanted.
pub fn lines(json: &str, write: fn(&str) -> Cow<'_, str>, wanted: Wanted<'_>) -> Option<String> {
    let mut out = String::with_capacity(json.len() + json.len() / 8);
    let bytes = json.as_bytes();
    let (mut at, mut checked) = (0, 0);
    while let Some(&byte) = bytes.get(at) {
        if at - checked > CHECKED {
            checked = at;
            wanted().then_some(())?;
        }
        let end = end(bytes, at);
        let token = json.get(at..end).unwrap_or_default();
        at = end;
        match byte {
            b' ' | b'\n' | b'\r' | b'\t' => {}
            b'{' | b'[' => {
                out.push_str(token);
                at += bytes[at..].iter().take_while(|byte| byte.is_ascii_whitespace()).count();
                if let Some(close @ (b'}' | b']')) = bytes.get(at) {
                    out.push(char::from(*close));
                    at += 1;
                } else {
                    out.push('\n');
                }
            }
            b'}' | b']' => {
                out.push('\n');
                out.push_str(token);
            }
            b',' => {
                out.push_str(token);
                out.push('\n');
            }
            b':' => out.push_str(": "),
            _ => out.push_str(&write(token)),
        }
    }
    out.push('\n');
    Some(out)
}

/// Where the token that begins here ends.
pub fn end(bytes: &[u8], at: usize) -> usize {
    let rest = &bytes[at..];
    let length = match rest.first() {
        Some(b'"') => string_length(rest),
        Some(b'{' | b'}' | b'[' | b']' | b',' | b':' | b' ' | b'\n' | b'\r' | b'\t') => 1,
        _ => rest.iter().position(|byte| b"{}[],:\" \n\r\t".contains(byte)).unwrap_or(rest.len()),
    };
    at + length
}

pub fn string_length(string: &[u8]) -> usize {
    let mut at = 1;
    while let Some(found) = string.get(at..).and_then(|rest| memchr::memchr2(b'"', b'\\', rest)) {
        at += found;
        if string[at] == b'"' {
            return at + 1;
        }
        at += 2;
    }
    string.len()
}

/// JSON on several lines, every token exactly as it is stored; `None` where it is no JSON.
pub fn pretty(data: &[u8]) -> Option<String> {
    let text = lines(verbatim(data)?.get(), as_stored, &|| true)?;
    let mut out = String::with_capacity(text.len() * 2);
    let mut depth = 0_usize;
    for line in text.split_inclusive('\n') {
        depth = depth.saturating_sub(usize::from(closes(line)));
        write!(out, "{:1$}{line}", "", depth * 2).ok()?;
        depth += usize::from(opens(line));
    }
    Some(out)
}

fn as_stored(token: &str) -> Cow<'_, str> {
    Cow::Borrowed(token)
}
