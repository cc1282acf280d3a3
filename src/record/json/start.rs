//! The beginning of large JSON on several lines, at a cost that does not grow with what is not shown.

/// Deeper values are indented no further.
const MOST_INDENT: usize = 32;

/// The beginning of an object or array on several lines, every token as it was stored, up to about so many bytes; the rest is
/// not looked at, so it may be no JSON. `None` where something else begins there.
pub fn pretty_start(data: &[u8], most: usize) -> Option<String> {
    // Of blanks between tokens, at most as many again are skipped.
    let end = data.len().min(most.saturating_mul(2));
    let text = String::from_utf8_lossy(&data[..end]);
    let text = text.trim_start();
    if !text.starts_with(['{', '[']) {
        return None;
    }
    let mut out = Indented { text: String::with_capacity(most), depth: 0 };
    let (mut in_string, mut escaped) = (false, false);
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next().filter(|_| out.text.len() < most) {
        if in_string {
            out.text.push(c);
            (in_string, escaped) = (escaped || c != '"', c == '\\' && !escaped);
            continue;
        }
        match c {
            ' ' | '\n' | '\r' | '\t' => {}
            '"' => {
                in_string = true;
                out.text.push(c);
            }
            '{' | '[' => {
                out.text.push(c);
                while chars.next_if(char::is_ascii_whitespace).is_some() {}
                match chars.next_if(|c| matches!(c, '}' | ']')) {
                    Some(end) => out.text.push(end),
                    None => out.line(out.depth + 1),
                }
            }
            '}' | ']' => {
                out.line(out.depth.saturating_sub(1));
                out.text.push(c);
            }
            ',' => {
                out.text.push(c);
                out.line(out.depth);
            }
            ':' => out.text.push_str(": "),
            other => out.text.push(other),
        }
    }
    Some(out.text)
}

struct Indented {
    text: String,
    depth: usize,
}

impl Indented {
    fn line(&mut self, depth: usize) {
        self.depth = depth;
        self.text.push('\n');
        (0..depth.min(MOST_INDENT)).for_each(|_| self.text.push_str("  "));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::json::pretty;

    #[test]
    fn whole_json_is_as_it_is_elsewhere() {
        for json in [
            r#"{"a":1,"b":[1.10,2,{"c":"x, {\"y\": [1]}\\"}],"d":{},"e":[],"f":[[]],"g":null}"#,
            "[1,\n 2 ,\t{} , \"\\u00e9\"]",
        ] {
            assert_eq!(pretty_start(json.as_bytes(), 10_000), pretty(json.as_bytes()), "{json}");
        }
    }

    #[test]
    fn it_costs_what_is_shown() {
        let large = format!(r#"{{"items":[{}1]}}"#, "1234567,".repeat(1_000_000));
        let start = pretty_start(large.as_bytes(), 1_000).unwrap_or_default();
        assert!(start.len() < 1_100 && start.starts_with("{\n  \"items\": [\n    1234567,\n"), "{start}");
        for odd in ["", "  ", "hello", "\"text", "12"] {
            assert_eq!(pretty_start(odd.as_bytes(), 100), None, "{odd}");
        }
        for hostile in ["{", "[[[[", "]]]}", "{\"", "{\"a\\", "}{\u{202e}"] {
            pretty_start(hostile.as_bytes(), 100);
        }
        pretty_start("[".repeat(1_000_000).as_bytes(), 20_000);
    }
}
