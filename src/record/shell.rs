//! Text as one word of a POSIX shell's command line.

use super::json::safe;
use std::fmt::Write;

/// The word as it is where that is plain, else in quotes; what a terminal would obey becomes an escape of `$'…'`.
pub fn shell_word(text: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_./:@%+=,".contains(c);
    if !text.is_empty() && text.chars().all(is_plain) {
        return text.to_owned();
    }
    if safe(text) == text {
        return format!("'{}'", text.replace('\'', r"'\''"));
    }
    let mut out = "$'".to_owned();
    for c in text.chars() {
        match c {
            '\\' | '\'' => out.extend(['\\', c]),
            c if safe(c.encode_utf8(&mut [0; 4])).chars().eq([c]) => out.push(c),
            c => {
                for byte in c.encode_utf8(&mut [0; 4]).bytes() {
                    // Writing to a string cannot fail.
                    write!(out, "\\x{byte:02x}").unwrap_or_default();
                }
            }
        }
    }
    out.push('\'');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_quoted_where_a_shell_or_a_terminal_would_read_more_into_it() {
        for (text, word) in [
            ("order-7f3c21d8", "order-7f3c21d8"),
            ("", "''"),
            ("用户 42", "'用户 42'"),
            ("it's $HOME", r"'it'\''s $HOME'"),
            ("a\u{1b}[2Jb'", r"$'a\x1b[2Jb\''"),
        ] {
            assert_eq!(shell_word(text), word);
        }
    }
}
