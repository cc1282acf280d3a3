//! What the parts of a line of JSON are.

use super::json_lines::string_length;
use std::ops::Range;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Token {
    Text,
    Number,
    /// `true`, `false` or `null`.
    Word,
    /// A bracket, or of a text that is no JSON.
    Sign,
}

/// Parts of a row, in bytes of it.
#[derive(Debug, PartialEq, Eq)]
pub struct RowTokens {
    pub key: Range<usize>,
    pub value: Range<usize>,
    pub token: Token,
}

/// Length of the name that a line of JSON begins with, its quotes included, and what its value is.
pub fn line_tokens(line: &str) -> (usize, Token) {
    let bytes = line.as_bytes();
    let string = if bytes.first() == Some(&b'"') { string_length(bytes) } else { 0 };
    let key = if string > 0 && bytes.get(string) == Some(&b':') { string } else { 0 };
    let value = if key > 0 { key + 2 } else { 0 };
    let token = match bytes.get(value) {
        Some(b'"') => Token::Text,
        Some(b'-' | b'0'..=b'9') => Token::Number,
        Some(b't' | b'f' | b'n') => Token::Word,
        _ => Token::Sign,
    };
    (key, token)
}
