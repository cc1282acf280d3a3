//! Strings as the server writes them into a state.

/// A JSON string token; what the server escapes is escaped, in upper case.
pub fn push(out: &mut String, text: &str) {
    out.push('"');
    let mut plain = 0;
    for (at, c) in text.char_indices().filter(|(_, c)| needs_escape(*c)) {
        out.push_str(&text[plain..at]);
        plain = at + c.len_utf8();
        push_escaped(out, c);
    }
    out.push_str(&text[plain..]);
    out.push('"');
}

fn push_escaped(out: &mut String, c: char) {
    match c {
        '"' => out.push_str("\\\""),
        '\\' => out.push_str("\\\\"),
        '\u{8}' => out.push_str("\\b"),
        '\t' => out.push_str("\\t"),
        '\n' => out.push_str("\\n"),
        '\u{c}' => out.push_str("\\f"),
        '\r' => out.push_str("\\r"),
        _ => {
            let mut units = [0; 2];
            c.encode_utf16(&mut units).iter().for_each(|unit| push_unit(out, *unit));
        }
    }
}

fn push_unit(out: &mut String, unit: u16) {
    out.push_str("\\u");
    for shift in [12, 8, 4, 0] {
        let digit = char::from_digit(u32::from(unit >> shift) & 0xf, 16).unwrap_or('0');
        out.push(digit.to_ascii_uppercase());
    }
}

/// Control characters, separators but the space, private use, and all beyond the basic plane.
fn needs_escape(c: char) -> bool {
    let is_separator = matches!(
        c,
        '\u{1680}' | '\u{2000}'..='\u{200a}' | '\u{2028}' | '\u{2029}' | '\u{202f}' | '\u{205f}' | '\u{3000}'
    );
    let is_private = matches!(c, '\u{e000}'..='\u{f8ff}' | '\u{fdd0}'..='\u{fdef}' | '\u{fffe}'..);
    matches!(c, '"' | '\\' | '\0'..='\u{1f}' | '\u{7f}'..='\u{a0}') || is_separator || is_private
}

/// The same for a token that the engine quoted because it holds half of a surrogate pair: `\uFFFD` stands for that.
pub fn push_quoted(out: &mut String, token: &str) {
    let inside = token.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(token);
    let mut text = String::with_capacity(inside.len());
    out.push('"');
    let mut rest = inside;
    let flush = |text: &mut String, out: &mut String| {
        let mut token = String::new();
        push(&mut token, text);
        out.push_str(&token[1..token.len() - 1]);
        text.clear();
    };
    while let Some(at) = rest.find('\\') {
        text.push_str(&rest[..at]);
        let escape = rest.get(at..at + 6).filter(|escape| escape.starts_with("\\u"));
        let length = if escape.is_some() { 6 } else { 2 };
        let unit = escape.and_then(|escape| u16::from_str_radix(&escape[2..], 16).ok());
        if unit.is_some_and(|unit| (0xd800..=0xdfff).contains(&unit)) {
            flush(&mut text, out);
            out.push_str("\\uFFFD");
        } else if let Some(part) = rest.get(at..at + length) {
            text.push_str(&serde_json::from_str::<String>(&format!("\"{part}\"")).unwrap_or_default());
        }
        rest = rest.get(at + length..).unwrap_or_default();
    }
    text.push_str(rest);
    flush(&mut text, out);
    out.push('"');
}

#[cfg(test)]
mod tests {
    #[test]
    fn what_the_server_escapes_is_escaped() {
        let mut out = String::new();
        super::push(&mut out, "a\"\\\n\u{0}\u{2028}\u{a0}用户<é>\u{1f600}");
        assert_eq!(out, r#""a\"\\\n\u0000\u2028\u00A0用户<é>\uD83D\uDE00""#);
    }

    #[test]
    fn half_a_surrogate_pair_becomes_the_replacement() {
        let mut out = String::new();
        super::push_quoted(&mut out, r#""bob \ud83d \\ud83d \"x\u0000""#);
        assert_eq!(out, r#""bob \uFFFD \\ud83d \"x\u0000""#);
    }
}
