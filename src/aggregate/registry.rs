//! Which aggregate a stream holds.

use super::Aggregate;
use super::generic::Generic;
use super::order::OrderAggregate;
use crate::record::StreamName;
use std::collections::HashMap;
use std::sync::Arc;

/// The category of the aggregate that the program itself brings.
pub const BUILT_IN: &str = super::order::CATEGORY;

/// The aggregates by category; a category without one has the generic one.
#[derive(Debug, Clone)]
pub struct Registry {
    defined: HashMap<Arc<str>, Arc<dyn Aggregate>>,
    generic: Arc<dyn Aggregate>,
}

impl Default for Registry {
    fn default() -> Self {
        let mut registry = Self { defined: HashMap::new(), generic: Arc::new(Generic::default()) };
        registry.define(Arc::new(OrderAggregate::default()));
        registry
    }
}

impl Registry {
    /// In place of what was there for its category.
    pub fn define(&mut self, aggregate: Arc<dyn Aggregate>) {
        self.defined.insert(aggregate.schema().category.clone(), aggregate);
    }

    /// Another one where the streams of the category, or of any with `*`, may be folded otherwise.
    pub fn version(&self, category: &str) -> String {
        if !matches!(category, "" | "*") {
            return self.for_category(category).version().into_owned();
        }
        let mut all: Vec<String> =
            self.defined.iter().map(|(category, own)| format!("{category} {}", own.version())).collect();
        all.sort_unstable();
        all.push(self.generic.version().into_owned());
        all.join("\n")
    }

    pub fn for_stream(&self, stream: &StreamName) -> &Arc<dyn Aggregate> {
        self.for_category(stream.category().unwrap_or_default())
    }

    pub fn for_category(&self, category: &str) -> &Arc<dyn Aggregate> {
        self.defined.get(category).unwrap_or(&self.generic)
    }
}
