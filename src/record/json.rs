//! JSON without loss: number tokens, key order and repeated keys survive; hostile text becomes harmless.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::fmt::Write;

/// The bytes as verbatim JSON text, `None` where they are no JSON.
pub fn verbatim(data: &[u8]) -> Option<&RawValue> {
    serde_json::from_str(std::str::from_utf8(data).ok()?).ok()
}

/// Larger data is shown as it is stored, its line ends as escapes.
const MAX_COMPACT: usize = 1 << 16;

/// Text on one line, control and invisible characters shown as escapes so that no terminal or table obeys them.
pub fn one_line(data: &[u8], max_chars: usize) -> String {
    let mut out = String::new();
    let text = String::from_utf8_lossy(&data[..data.len().min(max_chars.saturating_mul(4))]);
    let text = if data.len() <= MAX_COMPACT && text.contains('\n') && verbatim(data).is_some() {
        Cow::Owned(compact(&text))
    } else {
        text
    };
    let mut before = ' ';
    for c in text.chars().take(max_chars) {
        push_safe(&mut out, c, before);
        before = c;
    }
    out
}

/// JSON that was written on several lines, on one; every token stays as it is.
fn compact(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    let (mut in_string, mut escaped) = (false, false);
    let mut rest = json;
    while let Some(c) = rest.chars().next() {
        let space = rest.len() - rest.trim_start_matches([' ', '\n', '\r', '\t']).len();
        if !in_string && space > 0 {
            let (run, after) = rest.split_at(space);
            match run.contains('\n') {
                true if out.ends_with([',', ':']) => out.push(' '),
                true => {}
                false => out.push_str(run),
            }
            rest = after;
            continue;
        }
        in_string = if c == '"' && !escaped { !in_string } else { in_string };
        escaped = in_string && c == '\\' && !escaped;
        out.push(c);
        rest = &rest[c.len_utf8()..];
    }
    out
}

/// The text of a JSON string token; half of a surrogate pair, which no text can hold, stays the escape that it is.
pub fn text(token: &RawValue) -> Option<String> {
    let token = token.get();
    if let Ok(text) = serde_json::from_str(token) {
        return Some(text);
    }
    let mut out = String::new();
    let mut rest = token.strip_prefix('"')?.strip_suffix('"')?;
    while let Some(at) = rest.find('\\') {
        out.push_str(&rest[..at]);
        let unit = |from: usize| {
            let digits = rest.get(from..from + 6)?.strip_prefix("\\u")?;
            u16::from_str_radix(digits, 16).ok()
        };
        let (escape, length) = match (unit(at), unit(at + 6)) {
            (Some(0xd800..=0xdbff), Some(0xdc00..=0xdfff)) => (None, 12),
            (Some(0xd800..=0xdfff), _) => (Some(&rest[at..at + 6]), 6),
            (Some(_), _) => (None, 6),
            (None, _) => (None, 2),
        };
        let part = rest.get(at..at + length)?;
        match escape {
            Some(half) => out.push_str(half),
            None => out.push_str(&serde_json::from_str::<String>(&format!("\"{part}\"")).ok()?),
        }
        rest = &rest[at + length..];
    }
    out.push_str(rest);
    Some(out)
}

/// The same, copied only where it has escapes.
pub fn borrowed_text(token: &RawValue) -> Option<Cow<'_, str>> {
    let plain = token.get().strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    match plain.filter(|text| !text.contains('\\')) {
        Some(text) => Some(Cow::Borrowed(text)),
        None => text(token).map(Cow::Owned),
    }
}

/// The text of a token that is a JSON string; copied only where it has escapes.
pub fn token_text(token: &str) -> Option<Cow<'_, str>> {
    let inside = token.strip_prefix('"')?.strip_suffix('"')?;
    if !inside.contains('\\') {
        return Some(Cow::Borrowed(inside));
    }
    verbatim(token.as_bytes()).and_then(text).map(Cow::Owned)
}

/// The text of a name in an object.
pub fn name(token: &RawValue) -> Cow<'_, str> {
    borrowed_text(token).unwrap_or_else(|| Cow::Borrowed(token.get()))
}

/// The text with control, direction-changing and invisible characters shown as escapes.
pub fn safe(text: &str) -> Cow<'_, str> {
    if !text.contains(|c| unsafe_char(c) || is_joiner(c)) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut before = ' ';
    for c in text.chars() {
        push_safe(&mut out, c, before);
        before = c;
    }
    Cow::Owned(out)
}

fn push_safe(out: &mut String, c: char, before: char) {
    // A joiner belongs to the sign before it: in scripts and emoji it is seen, beside ASCII it hides.
    let hides = unsafe_char(c) || (is_joiner(c) && before.is_ascii());
    if hides { out.extend(c.escape_unicode()) } else { out.push(c) }
}

fn is_joiner(c: char) -> bool {
    matches!(c, '\u{200c}' | '\u{200d}' | '\u{fe00}'..='\u{fe0f}')
}

fn unsafe_char(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{2028}' | '\u{2029}')
        || matches!(
            c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180e}'
        )
        || matches!(c, '\u{200b}' | '\u{2060}'..='\u{2065}' | '\u{206a}'..='\u{206f}' | '\u{3164}' | '\u{feff}' | '\u{ffa0}')
        || matches!(c, '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
}

/// Like [`safe`], keeping line ends.
pub fn safe_lines(text: &str) -> String {
    text.lines().map(safe).collect::<Vec<_>>().join("\n")
}

/// Stored bytes as a JSON value: verbatim where they are JSON, else `{"base64": …}`.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub enum Payload<'a> {
    Json(&'a RawValue),
    Bytes { base64: String },
}

impl<'a> From<&'a [u8]> for Payload<'a> {
    fn from(bytes: &'a [u8]) -> Self {
        verbatim(bytes).map_or_else(|| Self::Bytes { base64: STANDARD.encode(bytes) }, Self::Json)
    }
}

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_of_several_lines_becomes_one_that_can_be_read() {
        let pretty = b"{\n  \"a\": [\n    1.50,\n    \"x\\n  \\\"y\"\n  ],\r\n\t\"b\": { }\n}";
        assert_eq!(one_line(pretty, 99), r#"{"a": [1.50, "x\n  \"y"], "b": { }}"#);
        assert_eq!(one_line(b"no\njson", 99), "no\\u{a}json");
    }

    #[test]
    fn halves_of_surrogate_pairs_are_kept_and_seen() {
        for (token, shown) in [
            (r#""bob \ud83d""#, Some(r"bob \ud83d")),
            (r#""\udc00\ud83d\ude00\u0041\n""#, Some("\\udc00\u{1f600}A\n")),
            (r#""\ud83d\u0041""#, Some(r"\ud83dA")),
            (r#""plain""#, Some("plain")),
            ("7", None),
        ] {
            assert_eq!(verbatim(token.as_bytes()).and_then(text).as_deref(), shown, "{token}");
        }
    }

    #[test]
    fn what_cannot_be_seen_is_shown() {
        assert_eq!(safe("\u{feff}a\u{200b}b\u{200d}c"), r"\u{feff}a\u{200b}b\u{200d}c");
        assert_eq!(safe("👩\u{200d}💻 ❤\u{fe0f}"), "👩\u{200d}💻 ❤\u{fe0f}", "joined signs are seen");
    }

    #[test]
    fn a_json_line_keeps_its_meaning_and_obeys_nothing() {
        let value = raw("{\n\t\"a\":\"\u{7f}\u{9b}31m\u{202e}\"}");
        assert_eq!(json_line(&value), "{  \"a\":\"\\u007f\\u009b31m\\u202e\"}\n");
    }
}
