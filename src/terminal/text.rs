//! Lines that no hostile event can turn into commands to the terminal.

use crate::record::json::safe;
use serde::Serialize;
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::fmt::Write;

/// One line of JSON; stored white space becomes spaces, control and direction-changing characters become JSON escapes.
pub fn json_line(value: &impl Serialize) -> String {
    let mut line = String::new();
    // Our own structs always serialize.
    for c in serde_json::to_string(value).unwrap_or_default().chars() {
        let mut bytes = [0; 4];
        match (c, safe(c.encode_utf8(&mut bytes))) {
            // Within strings these are escaped already: here they only separate tokens.
            ('\n' | '\r' | '\t', _) => line.push(' '),
            (_, Cow::Borrowed(_)) => line.push(c),
            (_, Cow::Owned(_)) => push_escape(&mut line, c),
        }
    }
    line.push('\n');
    line
}

fn push_escape(line: &mut String, c: char) {
    let mut units = [0; 2];
    for unit in c.encode_utf16(&mut units) {
        if write!(line, "\\u{unit:04x}").is_err() {
            tracing::trace!("a string takes all text");
        }
    }
}

/// JSON text as it is; only ever called with text that is JSON.
pub fn raw(json: &str) -> Option<Box<RawValue>> {
    RawValue::from_string(json.to_owned()).ok()
}

/// Columns padded to their widest cell, two spaces apart; `right` names the columns of numbers.
pub fn table(rows: &[Vec<String>], right: &[usize]) -> String {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |column: usize| rows.iter().filter_map(|r| r.get(column)).map(|c| c.chars().count()).max();
    let widths: Vec<usize> = (0..columns).map(|column| width(column).unwrap_or(0)).collect();
    let mut out = String::new();
    for row in rows {
        let mut line = String::new();
        for (column, (cell, &width)) in row.iter().zip(&widths).enumerate() {
            let padding = " ".repeat(width - cell.chars().count());
            let (before, after) = if right.contains(&column) { (&*padding, "") } else { ("", &*padding) };
            line.extend([before, cell, after, "  "]);
        }
        out.push_str(line.trim_end());
        out.push('\n');
    }
    out
}

/// Standard base64 with padding.
pub fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let at = |i: usize| u32::from(chunk.get(i).copied().unwrap_or(0));
        let group = at(0) << 16 | at(1) << 8 | at(2);
        for digit in 0..4 {
            let index = (group >> (18 - 6 * digit)) & 63;
            out.push(if digit > chunk.len() { '=' } else { char::from(DIGITS[index as usize]) });
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_pads_as_the_rfc_says() {
        let encoded = ["", "f", "fo", "foo", "foob"].map(|text| base64(text.as_bytes()));
        assert_eq!(encoded, ["", "Zg==", "Zm8=", "Zm9v", "Zm9vYg=="]);
    }

    #[test]
    fn a_json_line_keeps_its_meaning_and_obeys_nothing() {
        let value = raw("{\n\t\"a\":\"\u{7f}\u{9b}31m\u{202e}\"}");
        assert_eq!(json_line(&value), "{  \"a\":\"\\u007f\\u009b31m\\u202e\"}\n");
    }
}
