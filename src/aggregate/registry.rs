//! Which aggregate a stream holds.

use super::Aggregate;
use super::generic::Generic;
use super::order::OrderAggregate;
use super::script::{Definitions, Folds, Scope};
use crate::record::StreamName;
use std::collections::HashMap;
use std::sync::Arc;

/// The category of the aggregate that the program itself brings.
pub const BUILT_IN: &str = super::order::CATEGORY;

/// The aggregates, by what they are defined for. The closest one counts: the stream's own, else its category's, which takes the
/// place of a built-in one, else the one for all streams, else the generic one. Of two for the same the last one counts; system
/// streams have only those of their own.
/// A clone is the same one, which is all that equality asks for.
#[derive(Debug, Clone)]
pub struct Registry(Arc<Aggregates>);

#[derive(Debug, Clone)]
struct Aggregates {
    streams: HashMap<Arc<str>, Arc<dyn Aggregate>>,
    categories: HashMap<Arc<str>, Arc<dyn Aggregate>>,
    all: Option<Arc<dyn Aggregate>>,
    generic: Arc<dyn Aggregate>,
}

impl PartialEq for Registry {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Default for Registry {
    fn default() -> Self {
        let mut registry = Self(Arc::new(Aggregates {
            streams: HashMap::new(),
            categories: HashMap::new(),
            all: None,
            generic: Arc::new(Generic::default()),
        }));
        registry.define(Arc::new(OrderAggregate::default()));
        registry
    }
}

impl Registry {
    /// The built-in aggregates and these definitions.
    pub fn new(definitions: &Definitions) -> Self {
        let mut registry = Self::default();
        for definition in definitions.all() {
            match definition.folds() {
                Folds::Streams(scope, aggregate) => registry.define_for(scope, aggregate.clone()),
                Folds::Partitions(_) => {}
            }
        }
        registry
    }

    /// This one for every stream.
    pub fn of_one(aggregate: Arc<dyn Aggregate>) -> Self {
        let (streams, categories) = (HashMap::new(), HashMap::new());
        Self(Arc::new(Aggregates { streams, categories, all: None, generic: aggregate }))
    }

    /// For its category.
    pub fn define(&mut self, aggregate: Arc<dyn Aggregate>) {
        self.define_for(&Scope::Category(aggregate.schema().category.clone()), aggregate);
    }

    fn define_for(&mut self, scope: &Scope, aggregate: Arc<dyn Aggregate>) {
        let own = Arc::make_mut(&mut self.0);
        match scope {
            Scope::Stream(stream) => drop(own.streams.insert(stream.clone(), aggregate)),
            Scope::Category(category) => drop(own.categories.insert(category.clone(), aggregate)),
            Scope::All => own.all = Some(aggregate),
        }
    }

    /// Another one where the streams of the category, or of any with `*`, may be folded otherwise.
    pub fn version(&self, category: &str) -> String {
        let every = matches!(category, "" | "*");
        let is_of = |stream: &str| every || StreamName::new(stream).category() == Some(category);
        let streams = self.0.streams.iter().filter(|(stream, _)| is_of(stream));
        let categories = self.0.categories.iter().filter(|_| every);
        let mut all: Vec<String> =
            streams.chain(categories).map(|(of, own)| format!("{of} {}", own.version())).collect();
        all.sort_unstable();
        all.push(self.for_category(if every { "" } else { category }).version().into_owned());
        all.join("\n")
    }

    /// Those that are defined, the built-in ones and those of the user, each once, by category.
    pub fn defined(&self) -> impl Iterator<Item = &Arc<dyn Aggregate>> {
        let mut categories: Vec<_> = self.0.categories.iter().collect();
        categories.sort_unstable_by_key(|(category, _)| *category);
        let categories = categories.into_iter().map(|(_, aggregate)| aggregate);
        let streams = self.0.streams.values();
        categories.chain(streams).chain(&self.0.all)
    }

    pub fn for_stream(&self, stream: &StreamName) -> &Arc<dyn Aggregate> {
        match self.0.streams.get(stream.as_str()) {
            Some(own) => own,
            None if stream.is_system() => &self.0.generic,
            None => self.for_category(stream.category().unwrap_or_default()),
        }
    }

    pub fn for_category(&self, category: &str) -> &Arc<dyn Aggregate> {
        self.0.categories.get(category).or(self.0.all.as_ref()).unwrap_or(&self.0.generic)
    }
}
