//! A state's text as named fields, and what one text changed of another.

use crate::aggregate::{Field, Value, quoted};
use std::borrow::Cow;
use std::sync::Arc;

/// The name of a state that is no object.
const WHOLE: &str = "state";
/// Objects below this depth are kept as the token that they are.
const MAX_DEPTH: usize = 32;

/// A name and a value as they are written.
type Member<'a> = (&'a str, &'a str);

/// The members of an object, `None` where the text is anything else.
fn members(text: &str) -> Option<Vec<Member<'_>>> {
    let bytes = text.as_bytes();
    let mut at = blank(bytes, 0);
    if bytes.get(at) != Some(&b'{') {
        return None;
    }
    let mut all = Vec::with_capacity(8);
    at = blank(bytes, at + 1);
    if bytes.get(at) == Some(&b'}') {
        return Some(all);
    }
    loop {
        let name = at;
        at = value_end(bytes, at)?;
        let name = text.get(name..at).filter(|name| name.starts_with('"'))?;
        at = blank(bytes, at);
        if bytes.get(at) != Some(&b':') {
            return None;
        }
        let value = blank(bytes, at + 1);
        at = value_end(bytes, value)?;
        all.push((name, text.get(value..at)?));
        at = blank(bytes, at);
        match bytes.get(at)? {
            b',' => at = blank(bytes, at + 1),
            b'}' => return Some(all),
            _ => return None,
        }
    }
}

fn blank(bytes: &[u8], mut at: usize) -> usize {
    while bytes.get(at).is_some_and(u8::is_ascii_whitespace) {
        at += 1;
    }
    at
}

/// The end of the value that begins here.
fn value_end(bytes: &[u8], from: usize) -> Option<usize> {
    let (mut at, mut depth) = (from, 0_usize);
    loop {
        match bytes.get(at)? {
            b'"' => {
                at = string_end(bytes, at)?;
                if depth == 0 {
                    return Some(at);
                }
                continue;
            }
            b'{' | b'[' => depth += 1,
            b'}' | b']' => {
                if depth == 0 {
                    return (at > from).then_some(at);
                }
                depth -= 1;
                if depth == 0 {
                    return Some(at + 1);
                }
            }
            b',' | b' ' | b'\n' | b'\r' | b'\t' if depth == 0 => return (at > from).then_some(at),
            _ => {}
        }
        at += 1;
    }
}

fn string_end(bytes: &[u8], from: usize) -> Option<usize> {
    let mut at = from + 1;
    loop {
        match bytes.get(at)? {
            b'"' => return Some(at + 1),
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
}

/// The text of a name's token.
fn name_of(token: &str) -> Cow<'_, str> {
    let inside = token.trim_matches('"');
    if !token.contains('\\') {
        return Cow::Borrowed(inside);
    }
    serde_json::from_str(token).map_or(Cow::Borrowed(inside), Cow::Owned)
}

fn path_of(parent: Option<&str>, token: &str) -> Arc<str> {
    let name = name_of(token);
    match parent {
        Some(parent) => format!("{parent}.{}", quoted(&name)).into(),
        None => quoted(&name).into(),
    }
}

/// The token of a text that may be no JSON: a string state is kept as it is.
fn token_of(text: &str) -> Arc<str> {
    let is_json = serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok();
    if is_json { text.into() } else { serde_json::Value::from(text).to_string().into() }
}

/// The fields in the order of the state.
pub fn fields(text: &str) -> Vec<Field> {
    match members(text) {
        Some(members) => members.into_iter().map(|member| field(None, member, 0)).collect(),
        None => vec![Field { name: WHOLE.into(), path: WHOLE.into(), value: Value::Token(token_of(text)) }],
    }
}

fn field(parent: Option<&str>, (name, value): Member<'_>, depth: usize) -> Field {
    let path = path_of(parent, name);
    let shown = match inner(Some(value), depth) {
        Some(members) => {
            Value::Object(members.into_iter().map(|member| field(Some(&path), member, depth + 1)).collect())
        }
        None => Value::Token(value.into()),
    };
    Field { name: name_of(name).into(), path, value: shown }
}

/// Adds the paths whose values differ, those that are gone included.
pub fn changes(before: Option<&str>, after: Option<&str>, changed: &mut Vec<Arc<str>>) {
    if before == after {
        return;
    }
    let whole = |text: Option<&str>| text.is_some_and(|text| members(text).is_none());
    if whole(before) || whole(after) {
        changed.push(WHOLE.into());
    }
    let of = |text| Option::and_then(text, members).unwrap_or_default();
    between(None, &of(before), &of(after), 0, changed);
}

fn between(
    parent: Option<&str>,
    before: &[Member<'_>],
    after: &[Member<'_>],
    depth: usize,
    changed: &mut Vec<Arc<str>>,
) {
    let find = |members: &[Member<'_>], place: usize, name: &str| {
        // The same place first: names rarely move.
        let same = members.get(place).filter(|member| member.0 == name);
        same.or_else(|| members.iter().find(|member| member.0 == name)).map(|member| member.1.to_owned())
    };
    for (place, (name, value)) in after.iter().enumerate() {
        let old = match before.get(place) {
            Some((same, old)) if same == name && old == value => continue,
            _ => find(before, place, name),
        };
        if old.as_deref() != Some(value) {
            value_changed(&path_of(parent, name), old.as_deref(), Some(value), depth, changed);
        }
    }
    for (place, (name, value)) in before.iter().enumerate() {
        if after.get(place).is_none_or(|member| member.0 != *name) && find(after, place, name).is_none() {
            value_changed(&path_of(parent, name), Some(value), None, depth, changed);
        }
    }
}

/// The members of a value that is looked into.
fn inner(text: Option<&str>, depth: usize) -> Option<Vec<Member<'_>>> {
    let object = text.filter(|text| depth < MAX_DEPTH && text.starts_with('{'));
    object.and_then(members).filter(|members| !members.is_empty())
}

fn value_changed(
    path: &Arc<str>,
    before: Option<&str>,
    after: Option<&str>,
    depth: usize,
    changed: &mut Vec<Arc<str>>,
) {
    let (old, new) = (inner(before, depth), inner(after, depth));
    if (before.is_some() && old.is_none()) || (after.is_some() && new.is_none()) {
        changed.push(path.clone());
    }
    if old.is_some() || new.is_some() {
        between(Some(path), &old.unwrap_or_default(), &new.unwrap_or_default(), depth + 1, changed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_paths_that_differ_are_told() {
        for (before, after, expected) in [
            (None, Some(r#"{"a":1,"b":{"c":"x,}","d":[1,{}]}}"#), "a b.c b.d"),
            (Some(r#"{"a":1,"b":{"c":2}}"#), Some(r#"{"b":{"c":3},"a":1}"#), "b.c"),
            (Some(r#"{"a":{"x":1,"y":2}}"#), Some(r#"{"a":{}}"#), "a a.x a.y"),
            (Some(r#"{"a":1}"#), None, "a"),
            (Some("ab"), Some("abc"), "state"),
            (Some(r#"{"a b":1}"#), Some(r#"{ "a b" : 2 }"#), "\"a b\""),
        ] {
            let mut changed = Vec::new();
            changes(before, after, &mut changed);
            assert_eq!(changed.join(" "), expected, "{before:?} {after:?}");
        }
    }

    #[test]
    fn a_state_is_shown_by_its_names() {
        let shown = fields(r#"{"a":1E+21,"b":{"c":"\u2028"},"d":{},"e":[1,2]}"#);
        let leaves = crate::aggregate::leaves(&shown);
        let leaves: Vec<String> = leaves.iter().map(|(path, token)| format!("{path}={token}")).collect();
        assert_eq!(leaves, ["a=1E+21", "b.c=\"\\u2028\"", "d={}", "e=[1,2]"]);
        assert_eq!(fields("plain text")[0].value, Value::Token("\"plain text\"".into()));
    }
}
