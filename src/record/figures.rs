//! Numbers as they are shown.

use super::json;

/// `12345` as `12,345`.
pub fn count(n: u64) -> String {
    thousands(&n.to_string())
}

/// A plain number below 1e15 with separators; every other token verbatim, safe for the screen.
pub fn number(token: &str) -> String {
    let (whole, fraction) = token.split_once('.').map_or((token, None), |(w, f)| (w, Some(f)));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    if !digits(whole) || whole.len() > 15 || fraction.is_some_and(|f| !digits(f)) {
        return json::one_line(token.as_bytes(), 40);
    }
    fraction.map_or_else(|| thousands(whole), |f| format!("{}.{f}", thousands(whole)))
}

/// `1 event`, `2 events`.
pub fn plural(n: u64, one: &str) -> String {
    format!("{} {one}{}", count(n), if n == 1 { "" } else { "s" })
}

fn thousands(digits: &str) -> String {
    let mut out = String::new();
    for (i, c) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(c);
    }
    out
}
