//! A state that only its aggregate can look into, and how it shows itself.

use std::any::Any;
use std::borrow::Cow;
use std::fmt::{self, Debug};
use std::sync::Arc;

/// A rehydrated aggregate; a clone shares it until one of the two changes.
#[derive(Clone)]
pub struct State(Arc<dyn Inner>);

trait Inner: Any + Debug + Send + Sync {}

impl<T: Any + Debug + Send + Sync> Inner for T {}

impl Debug for State {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl State {
    pub fn new<T: Any + Debug + Send + Sync>(state: T) -> Self {
        Self(Arc::new(state))
    }

    /// Whether both are the same one, unchanged since.
    pub fn is(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    /// `None` where the state is another aggregate's.
    pub fn get<T: Any>(&self) -> Option<&T> {
        (&*self.0 as &dyn Any).downcast_ref()
    }

    /// Copies it first where it is shared.
    pub fn get_mut<T: Any + Debug + Send + Sync + Clone>(&mut self) -> Option<&mut T> {
        if Arc::get_mut(&mut self.0).is_none() {
            self.0 = Arc::new(self.get::<T>()?.clone());
        }
        (Arc::get_mut(&mut self.0)? as &mut dyn Any).downcast_mut()
    }
}

/// A named value of a state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    pub name: Arc<str>,
    /// Names from the root joined by points; unique within a state.
    pub path: Arc<str>,
    pub value: Value,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// JSON text, its number tokens as they were stored; arrays and empty objects too.
    Token(Arc<str>),
    /// Never empty.
    Object(Vec<Field>),
}

impl Field {
    /// A field of the root.
    pub fn token(name: &Arc<str>, token: impl Into<Arc<str>>) -> Self {
        Self { name: name.clone(), path: name.clone(), value: Value::Token(token.into()) }
    }

    fn visit<'a>(&'a self, leaf: &mut impl FnMut(&'a Arc<str>, &'a Arc<str>)) {
        match &self.value {
            Value::Token(token) => leaf(&self.path, token),
            Value::Object(fields) => fields.iter().for_each(|field| field.visit(leaf)),
        }
    }
}

/// Every value that is no object, by its path, in the order of the fields.
pub fn leaves(fields: &[Field]) -> Vec<(&Arc<str>, &Arc<str>)> {
    let mut all = Vec::with_capacity(fields.len());
    for field in fields {
        field.visit(&mut |path, token| all.push((path, token)));
    }
    all
}

/// A name as a part of a path: quoted where it could be taken for something else.
pub fn quoted(name: &str) -> Cow<'_, str> {
    let plain = !name.is_empty() && !name.contains(|c: char| c == '.' || c == '"' || c.is_whitespace());
    if plain { Cow::Borrowed(name) } else { Cow::Owned(serde_json::Value::from(name).to_string()) }
}

/// The path of a field by its name, within the field of the parent's path.
pub fn path_of(parent: Option<&str>, name: &str) -> Arc<str> {
    match parent {
        Some(parent) => format!("{parent}.{}", quoted(name)).into(),
        None => quoted(name).into(),
    }
}
