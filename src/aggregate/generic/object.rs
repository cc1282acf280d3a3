//! A JSON object that later ones are merged into, its tokens as they were stored.

use super::super::field_path::{named, token_within};
use super::super::members::{Members, scan};
use super::super::{Field, Value, path_of};
use indexmap::IndexMap;
use std::borrow::Cow;
use std::sync::Arc;

/// Objects below this depth are kept as the token that they are.
const MAX_DEPTH: usize = 32;

/// Fields by name, in the order in which they first came.
#[derive(Debug, Clone, Default)]
pub struct Object {
    fields: IndexMap<Arc<str>, Node>,
}

#[derive(Debug, Clone)]
struct Node {
    path: Arc<str>,
    value: NodeValue,
}

#[derive(Debug, Clone)]
enum NodeValue {
    Token(Arc<str>),
    /// Never empty.
    Object(Arc<Object>),
}

impl Object {
    /// Takes every member in; of a repeated name the last one counts. The paths that changed are added to `changed`.
    pub fn merge(&mut self, members: Members<'_>, changed: &mut Vec<Arc<str>>) {
        self.merge_at(None, members, 0, changed);
    }

    fn merge_at(
        &mut self,
        parent: Option<&str>,
        members: Members<'_>,
        depth: usize,
        changed: &mut Vec<Arc<str>>,
    ) {
        for (name, value) in members {
            let value = value.get();
            if let Some(node) = self.fields.get_mut(&*name) {
                node.set(value, depth, changed);
            } else {
                let node = Node::new(parent, &name, value, depth, changed);
                self.fields.insert(name.into(), node);
            }
        }
    }

    fn collect_paths(&self, changed: &mut Vec<Arc<str>>) {
        self.fields.values().for_each(|node| node.collect_paths(changed));
    }

    /// The memory that it takes, in bytes; of its names and values each once, though other states may share them.
    pub fn size(&self) -> usize {
        let node = |(name, node): (&Arc<str>, &Node)| {
            let value = match &node.value {
                NodeValue::Token(token) => token.len(),
                NodeValue::Object(object) => object.size(),
            };
            // The map keeps a hash and an index for each, and shared texts have two counts.
            size_of::<(Arc<str>, Node)>() + 5 * size_of::<usize>() + name.len() + node.path.len() + value
        };
        size_of::<Self>() + self.fields.iter().map(node).sum::<usize>()
    }

    /// As JSON, the tokens as they were stored: merged into an empty object, it is this one again.
    pub fn write(&self, out: &mut String) {
        out.push('{');
        for (place, (name, node)) in self.fields.iter().enumerate() {
            if place > 0 {
                out.push(',');
            }
            out.push_str(&serde_json::Value::from(&**name).to_string());
            out.push(':');
            match &node.value {
                NodeValue::Token(token) => out.push_str(token),
                NodeValue::Object(object) => object.write(out),
            }
        }
        out.push('}');
    }

    /// The token at the path; a field's own fields as an object.
    pub fn token(&self, path: &[String]) -> Option<Cow<'_, str>> {
        let (name, rest) = path.split_first()?;
        let exact = self.fields.get(&**name);
        let node = exact.or_else(|| named(self.fields.iter().map(|(known, node)| (&**known, node)), name))?;
        match &node.value {
            NodeValue::Token(token) => token_within(token, rest),
            NodeValue::Object(object) if rest.is_empty() => {
                let mut text = String::new();
                object.write(&mut text);
                Some(Cow::Owned(text))
            }
            NodeValue::Object(object) => object.token(rest),
        }
    }

    pub fn fields(&self) -> Vec<Field> {
        let field = |(name, node): (&Arc<str>, &Node)| Field {
            name: name.clone(),
            path: node.path.clone(),
            value: match &node.value {
                NodeValue::Token(token) => Value::Token(token.clone()),
                NodeValue::Object(object) => Value::Object(object.fields()),
            },
        };
        self.fields.iter().map(field).collect()
    }
}

/// The members of a value that is merged, `None` where it is replaced.
fn members(value: &str, depth: usize) -> Option<Members<'_>> {
    let object = value.starts_with('{') && depth < MAX_DEPTH;
    object.then(|| scan(value.as_bytes()).ok().flatten()).flatten().filter(|members| !members.is_empty())
}

impl Node {
    fn new(parent: Option<&str>, name: &str, value: &str, depth: usize, changed: &mut Vec<Arc<str>>) -> Self {
        let mut node = Self { path: path_of(parent, name), value: NodeValue::Token("".into()) };
        node.set(value, depth, changed);
        node
    }

    fn set(&mut self, value: &str, depth: usize, changed: &mut Vec<Arc<str>>) {
        if let Some(members) = members(value, depth) {
            if let NodeValue::Token(token) = &self.value {
                if !token.is_empty() {
                    changed.push(self.path.clone());
                }
                self.value = NodeValue::Object(Arc::default());
            }
            if let NodeValue::Object(object) = &mut self.value {
                Arc::make_mut(object).merge_at(Some(&self.path), members, depth + 1, changed);
            }
            return;
        }
        match &self.value {
            NodeValue::Token(token) if &**token == value => return,
            // An empty object changes nothing in one that has fields.
            NodeValue::Object(_) if is_empty_object(value) => return,
            NodeValue::Object(object) => object.collect_paths(changed),
            NodeValue::Token(_) => {}
        }
        changed.push(self.path.clone());
        self.value = NodeValue::Token(value.into());
    }

    fn collect_paths(&self, changed: &mut Vec<Arc<str>>) {
        match &self.value {
            NodeValue::Token(_) => changed.push(self.path.clone()),
            NodeValue::Object(object) => object.collect_paths(changed),
        }
    }
}

fn is_empty_object(value: &str) -> bool {
    value
        .strip_prefix('{')
        .and_then(|rest| rest.strip_suffix('}'))
        .is_some_and(|inside| inside.trim().is_empty())
}
