//! A state's text as named fields, and what one text changed of another.

use crate::aggregate::field_path::token_within;
use crate::aggregate::members::{Member, Members, scan};
use crate::aggregate::{Field, FieldPath, Value, path_of};
use std::borrow::Cow;
use std::cell::OnceCell;
use std::collections::HashMap;
use std::sync::Arc;

/// The name of a state that is no object.
const WHOLE: &str = "state";
/// Objects below this depth are kept as the token that they are.
const MAX_DEPTH: usize = 32;

/// The members of an object, `None` where the text is anything else.
fn members(text: &str) -> Option<Members<'_>> {
    scan(text.as_bytes()).ok().flatten()
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
    let path = path_of(parent, &name);
    let shown = match inner(Some(value.get()), depth) {
        Some(members) => {
            Value::Object(members.into_iter().map(|member| field(Some(&path), member, depth + 1)).collect())
        }
        None => Value::Token(value.get().into()),
    };
    Field { name: name.into(), path, value: shown }
}

/// The token of a field; that of a state that is no object by its one name.
pub fn token<'a>(text: &'a str, path: &FieldPath) -> Option<Cow<'a, str>> {
    if text.starts_with('{') {
        return token_within(text, path.parts());
    }
    let token = || {
        serde_json::from_str::<serde::de::IgnoredAny>(text)
            .map_or_else(|_| Cow::Owned(serde_json::Value::from(text).to_string()), |_| Cow::Borrowed(text))
    };
    path.as_str().eq_ignore_ascii_case(WHOLE).then(token)
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

/// Members to look up by name.
struct Lookup<'m, 'a> {
    members: &'m [Member<'a>],
    by_name: OnceCell<HashMap<&'m str, &'a str>>,
}

impl<'m, 'a> Lookup<'m, 'a> {
    fn new(members: &'m [Member<'a>]) -> Self {
        Self { members, by_name: OnceCell::new() }
    }

    /// At its place first: names rarely move.
    fn find(&self, place: usize, name: &str) -> Option<&'a str> {
        if let Some((_, value)) = self.members.get(place).filter(|member| member.0 == name) {
            return Some(value.get());
        }
        let all = || self.members.iter().map(|(name, value)| (&**name, value.get())).collect();
        self.by_name.get_or_init(all).get(name).copied()
    }
}

fn between(
    parent: Option<&str>,
    before: &[Member<'_>],
    after: &[Member<'_>],
    depth: usize,
    changed: &mut Vec<Arc<str>>,
) {
    let (old, new) = (Lookup::new(before), Lookup::new(after));
    for (place, (name, value)) in after.iter().enumerate() {
        let old = old.find(place, name);
        if old != Some(value.get()) {
            value_changed(&path_of(parent, name), old, Some(value.get()), depth, changed);
        }
    }
    for (place, (name, value)) in before.iter().enumerate() {
        if new.find(place, name).is_none() {
            value_changed(&path_of(parent, name), Some(value.get()), None, depth, changed);
        }
    }
}

/// The members of a value that is looked into.
fn inner(text: Option<&str>, depth: usize) -> Option<Members<'_>> {
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
