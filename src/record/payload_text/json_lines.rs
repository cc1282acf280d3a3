//! JSON on several lines in one pass over its bytes, every token as it was stored.

use super::work::{CHECKED, Wanted};
use crate::record::json::safe;

/// The lines of what is JSON, each with its end, and how many values each stands in; `None` once they are not wanted.
pub fn lines(json: &str, wanted: Wanted<'_>) -> Option<(String, Vec<u8>)> {
    let mut out =
        Lines { text: String::with_capacity(json.len() + json.len() / 8), depths: Vec::new(), depth: 0 };
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
                out.text.push_str(token);
                at += bytes[at..].iter().take_while(|byte| byte.is_ascii_whitespace()).count();
                if let Some(close @ (b'}' | b']')) = bytes.get(at) {
                    out.text.push(char::from(*close));
                    at += 1;
                } else {
                    out.end_line();
                    out.depth += 1;
                }
            }
            b'}' | b']' => {
                out.end_line();
                out.depth = out.depth.saturating_sub(1);
                out.text.push_str(token);
            }
            b',' => {
                out.text.push_str(token);
                out.end_line();
            }
            b':' => out.text.push_str(": "),
            _ => out.text.push_str(&safe(token)),
        }
    }
    out.end_line();
    Some((out.text, out.depths))
}

/// Where the token that begins here ends.
fn end(bytes: &[u8], at: usize) -> usize {
    let rest = &bytes[at..];
    let length = match rest.first() {
        Some(b'"') => string_length(rest),
        Some(b'{' | b'}' | b'[' | b']' | b',' | b':' | b' ' | b'\n' | b'\r' | b'\t') => 1,
        _ => rest.iter().position(|byte| b"{}[],:\" \n\r\t".contains(byte)).unwrap_or(rest.len()),
    };
    at + length
}

fn string_length(string: &[u8]) -> usize {
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

struct Lines {
    text: String,
    depths: Vec<u8>,
    depth: usize,
}

impl Lines {
    fn end_line(&mut self) {
        self.depths.push(u8::try_from(self.depth).unwrap_or(u8::MAX));
        self.text.push('\n');
    }
}
