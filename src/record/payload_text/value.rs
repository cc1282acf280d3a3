//! Where a value stands in the JSON that it is a part of.

use super::json_lines::{end, string_length};
use super::work::{CHECKED, Wanted};
use std::ops::Range;

/// The value before which so many begin, in bytes of what is JSON; the inner one is `None` where there are fewer.
#[expect(clippy::option_option, reason = "the outer one is what is not wanted")]
pub fn value_range(json: &[u8], number: usize, wanted: Wanted<'_>) -> Option<Option<Range<usize>>> {
    let (mut at, mut checked, mut values) = (0, 0, 0);
    let (mut depth, mut begun): (usize, Option<(usize, usize)>) = (0, None);
    while let Some(&byte) = json.get(at) {
        if at - checked > CHECKED {
            checked = at;
            wanted().then_some(())?;
        }
        let start = at;
        at = end(json, at);
        match byte {
            b'}' | b']' => {
                depth = depth.saturating_sub(1);
                if let Some((from, outer)) = begun
                    && outer == depth
                {
                    return Some(Some(from..at));
                }
                continue;
            }
            b',' | b':' | b' ' | b'\n' | b'\r' | b'\t' => continue,
            b'"' if is_name(json, start) => continue,
            _ => {}
        }
        let is_it = values == number;
        values += 1;
        if matches!(byte, b'{' | b'[') {
            if is_it {
                begun = Some((start, depth));
            }
            depth += 1;
        } else if is_it {
            return Some(Some(start..at));
        }
    }
    Some(None)
}

/// Whether the string here is the name of a member.
fn is_name(json: &[u8], at: usize) -> bool {
    let rest = json.get(at..).unwrap_or_default();
    let after = rest.get(string_length(rest)..).unwrap_or_default();
    after.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b':')
}
