//! Definition files, read.

use super::fold::ScriptAggregate;
use super::host::Limits;
use super::projection::Projection;
use super::reading::{Program, Scope, Script};
use crate::aggregate::{Fault, FaultKind};
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

/// Longer texts are no definition, in bytes.
pub const MOST_TEXT: usize = 1 << 20;

/// What a definition folds.
#[derive(Debug)]
pub enum Folds {
    /// Streams, each by itself.
    Streams(Scope, Arc<ScriptAggregate>),
    /// Several streams into one state, or into partitions that a function names: no stream shows it.
    Partitions(Arc<Program>),
}

/// A definition file that was read.
#[derive(Debug)]
pub struct Definition {
    script: Script,
    folds: Folds,
}

impl Definition {
    pub fn read(script: Script) -> Result<Self, Fault> {
        if script.text.len() > MOST_TEXT {
            let longest = MOST_TEXT >> 20;
            return Err(Fault::new(FaultKind::Syntax, format!("the file is larger than {longest} MiB")));
        }
        let aggregate = ScriptAggregate::new(script.clone(), Limits::default())?;
        let folds = match aggregate.program().scope() {
            Some(scope) => Folds::Streams(scope, Arc::new(aggregate)),
            None => Folds::Partitions(aggregate.program().clone()),
        };
        Ok(Self { script, folds })
    }

    /// The file's name, like `accounts.js`.
    pub fn file(&self) -> &Arc<str> {
        &self.script.file
    }

    /// The file's name without its ending.
    pub fn name(&self) -> &str {
        self.script.file.strip_suffix(".js").unwrap_or(&self.script.file)
    }

    pub fn folds(&self) -> &Folds {
        &self.folds
    }

    /// All that it reads, from the first event on.
    pub fn projection(&self) -> Result<Projection, Fault> {
        Projection::new(self.script.clone(), Limits::default())
    }
}

/// Two definitions for the same streams.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conflict {
    pub scope: Scope,
    /// The file that counts.
    pub file: Arc<str>,
    pub replaced: Arc<str>,
}

impl fmt::Display for Conflict {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let Self { scope, file, replaced } = self;
        write!(f, "{replaced} and {file} both define {scope}; {file} counts, the later one by name")
    }
}

/// Definition files by name, with the faults of those that cannot be read. One that can no longer be read counts as it was
/// before, so that a text half written ends no fold.
#[derive(Debug, Clone, Default)]
pub struct Definitions(BTreeMap<Arc<str>, DefinitionFile>);

#[derive(Debug, Clone, Default)]
struct DefinitionFile {
    /// That was read last; `None` where the file cannot be.
    text: Option<Arc<str>>,
    definition: Option<Arc<Definition>>,
    fault: Option<Arc<Fault>>,
}

impl Definitions {
    /// All but the one of this file.
    #[must_use]
    pub fn without(&self, file: &str) -> Self {
        let mut others = self.0.clone();
        others.remove(file);
        Self(others)
    }

    /// The definitions of these files, and those that cannot be read; a text that was read before is not read again.
    #[must_use]
    pub fn with(
        &self,
        scripts: impl IntoIterator<Item = Script>,
        unread: impl IntoIterator<Item = (Arc<str>, Arc<Fault>)>,
    ) -> Self {
        let scripts = scripts.into_iter().map(|script| (script.file.clone(), self.read(script)));
        let unread = unread.into_iter().map(|(file, fault)| {
            let definition = self.get(&file).cloned();
            (file, DefinitionFile { text: None, definition, fault: Some(fault) })
        });
        Self(scripts.chain(unread).collect())
    }

    fn read(&self, script: Script) -> DefinitionFile {
        let known = self.0.get(&script.file);
        let text = Some(script.text.clone());
        if let Some(known) = known.filter(|known| known.text == text) {
            return known.clone();
        }
        match Definition::read(script) {
            Ok(definition) => DefinitionFile { text, definition: Some(Arc::new(definition)), fault: None },
            Err(fault) => {
                let definition = known.and_then(|known| known.definition.clone());
                DefinitionFile { text, definition, fault: Some(Arc::new(fault)) }
            }
        }
    }

    /// In the order of their names: the definition that counts, and the fault of the file as it is now.
    pub fn files(&self) -> impl Iterator<Item = (&Arc<str>, Option<&Arc<Definition>>, Option<&Arc<Fault>>)> {
        self.0.iter().map(|(name, file)| (name, file.definition.as_ref(), file.fault.as_ref()))
    }

    /// In the order of their names.
    pub fn all(&self) -> impl Iterator<Item = &Arc<Definition>> {
        self.0.values().filter_map(|file| file.definition.as_ref())
    }

    pub fn get(&self, file: &str) -> Option<&Arc<Definition>> {
        self.0.get(file)?.definition.as_ref()
    }

    /// By file; each stands at its place in that file.
    pub fn faults(&self) -> impl Iterator<Item = (&Arc<str>, &Arc<Fault>)> {
        self.0.iter().filter_map(|(name, file)| Some((name, file.fault.as_ref()?)))
    }

    /// Why the file cannot be read, where it cannot.
    pub fn fault(&self, file: &str) -> Option<&Arc<Fault>> {
        self.0.get(file)?.fault.as_ref()
    }

    /// Of several files for the same streams the last one by name counts.
    pub fn conflicts(&self) -> Vec<Conflict> {
        let mut last: BTreeMap<&Scope, &Arc<str>> = BTreeMap::new();
        let mut conflicts = Vec::new();
        for definition in self.all() {
            let Folds::Streams(scope, _) = definition.folds() else { continue };
            let file = definition.file();
            if let Some(replaced) = last.insert(scope, file) {
                let (file, replaced) = (file.clone(), replaced.clone());
                conflicts.push(Conflict { scope: scope.clone(), file, replaced });
            }
        }
        conflicts
    }
}
