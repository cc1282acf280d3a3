//! A field of a state, named by a person: by its exact name, else without case where only one field fits.

use super::state::{Field, Value, path_of};
use std::borrow::Cow;
use std::sync::Arc;

/// Slips of the hand in a name that is still taken for another one, and the longest paths that are looked at for that, in bytes.
const NEAR: usize = 2;
const MOST_COMPARED: usize = 100;

/// The names from the root of a state to a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldPath {
    /// As [`path_of`] makes it.
    text: Arc<str>,
    parts: Box<[String]>,
}

impl FieldPath {
    /// `None` where there is no name.
    pub fn new(parts: Vec<String>) -> Option<Self> {
        let join = |parent: Option<Arc<str>>, name: &String| Some(path_of(parent.as_deref(), name));
        let text = parts.iter().fold(None, join)?;
        Some(Self { text, parts: parts.into() })
    }

    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Never empty.
    pub fn parts(&self) -> &[String] {
        &self.parts
    }

    /// The path among these that is nearest, where one is so near that it may be meant.
    pub fn nearest(&self, known: impl IntoIterator<Item = Arc<str>>) -> Option<Arc<str>> {
        let low = self.text.to_lowercase();
        let most = NEAR.min(low.chars().count() / 2);
        let distance = |path: &str| strsim::osa_distance(&path.to_lowercase(), &low);
        let short =
            known.into_iter().filter(|path| path.len() <= MOST_COMPARED && low.len() <= MOST_COMPARED);
        let near = short.map(|path| (distance(&path), path)).filter(|(distance, _)| *distance <= most);
        near.min_by_key(|(distance, _)| *distance).map(|(_, path)| path)
    }

    /// Whether a change at this path may be one of this field: of itself, of one inside it, or of one that holds it.
    pub fn is_touched_by(&self, changed: &str) -> bool {
        if self.text.is_ascii() && changed.is_ascii() {
            return is_within(&self.text, changed) || is_within(changed, &self.text);
        }
        let (own, changed) = (self.text.to_lowercase(), changed.to_lowercase());
        is_within(&own, &changed) || is_within(&changed, &own)
    }

    /// Whether the path is this field or one inside it.
    pub fn holds(&self, path: &str) -> bool {
        if self.text.is_ascii() && path.is_ascii() {
            return is_within(path, &self.text);
        }
        is_within(&path.to_lowercase(), &self.text.to_lowercase())
    }
}

/// Whether one path is the other or inside it, ASCII case aside.
fn is_within(path: &str, outer: &str) -> bool {
    let (path, outer) = (path.as_bytes(), outer.as_bytes());
    path.split_at_checked(outer.len()).is_some_and(|(start, rest)| {
        start.eq_ignore_ascii_case(outer) && rest.first().is_none_or(|&byte| byte == b'.')
    })
}

/// Whether the names are the same without case.
fn is_same(a: &str, b: &str) -> bool {
    if a.is_ascii() && b.is_ascii() {
        return a.eq_ignore_ascii_case(b);
    }
    a.to_lowercase() == b.to_lowercase()
}

/// The value of this name, else the only one of that name without case.
pub(super) fn named<'n, T>(all: impl IntoIterator<Item = (&'n str, T)>, name: &str) -> Option<T> {
    let (mut other, mut are_many) = (None, false);
    for (known, value) in all {
        if known == name {
            return Some(value);
        }
        if is_same(known, name) {
            are_many |= other.is_some();
            other = Some(value);
        }
    }
    other.filter(|_| !are_many)
}

/// The token at the path; fields inside it as a JSON object.
pub(super) fn token_in(fields: &[Field], parts: &[String]) -> Option<Arc<str>> {
    let (name, rest) = parts.split_first()?;
    let field = named(fields.iter().map(|field| (&*field.name, field)), name)?;
    match (&field.value, rest) {
        (Value::Token(token), []) => Some(token.clone()),
        (Value::Object(fields), []) => Some(object(fields).into()),
        (Value::Token(token), rest) => token_within(token, rest).map(Arc::from),
        (Value::Object(fields), rest) => token_in(fields, rest),
    }
}

/// The token at the path within an object's text.
pub(super) fn token_within<'a>(text: &'a str, parts: &[String]) -> Option<Cow<'a, str>> {
    let Some((name, rest)) = parts.split_first() else { return Some(Cow::Borrowed(text)) };
    let members = super::members::scan(text.as_bytes()).ok()??;
    // Of a repeated name the last one counts.
    let value = named(members.iter().rev().map(|(name, value)| (&**name, value.get())), name)?;
    token_within(value, rest)
}

fn object(fields: &[Field]) -> String {
    let member = |field: &Field| {
        let name = serde_json::Value::from(&*field.name);
        match &field.value {
            Value::Token(token) => format!("{name}:{token}"),
            Value::Object(fields) => format!("{name}:{}", object(fields)),
        }
    };
    format!("{{{}}}", fields.iter().map(member).collect::<Vec<_>>().join(","))
}
