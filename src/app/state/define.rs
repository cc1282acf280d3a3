//! Definitions that changed: what they fold is folded anew, and the playhead stays.

use super::app::App;
use crate::aggregate::script::Definitions;
use crate::aggregate::{Fault, Registry};
use crate::app::failure::Failure;
use crate::app::intent::{DefinitionIntent, Effect};
use crate::app::list::List;
use crate::app::preview::Decided;
use crate::record::{StreamName, json};
use std::path::{Path, PathBuf};
use std::sync::Arc;

fn is_definition(file: &Path) -> bool {
    file.extension().is_some_and(|ending| ending == "js")
}

impl App {
    pub(super) fn definition_intent(&mut self, intent: DefinitionIntent) -> Vec<Effect> {
        let files = &mut self.settings.definition_files;
        match intent {
            DefinitionIntent::FoldWith(file, with) => return self.fold_with(&file, &with),
            DefinitionIntent::StopComparing => {
                self.view.stop_comparing();
                return Vec::new();
            }
            DefinitionIntent::Choose => return vec![Effect::ChooseDefinition],
            DefinitionIntent::Add(file) if !is_definition(&file) => {
                let name = json::one_line(file.to_string_lossy().as_bytes(), 200);
                self.view.say(format!(
                    "{name} is no definition. Drop a file whose name ends in .js, or a history in .jsonl."
                ));
                return Vec::new();
            }
            DefinitionIntent::Add(file) => {
                files.retain(|known| *known != file);
                files.push(file);
            }
            DefinitionIntent::Forget(file) => files.retain(|known| *known != file),
        }
        vec![Effect::WatchDefinitions(files.clone()), Effect::Save]
    }

    pub(super) fn definition_chosen(&mut self, chosen: Result<Option<PathBuf>, Failure>) -> Vec<Effect> {
        match chosen {
            Ok(Some(file)) => self.definition_intent(DefinitionIntent::Add(file)),
            Ok(None) => Vec::new(),
            Err(why) => {
                self.view.fail(why);
                Vec::new()
            }
        }
    }

    /// Definitions were read, for the first time or once more.
    pub(super) fn define(&mut self, definitions: Definitions) {
        let registry = Registry::new(&definitions);
        let category = self.category().to_owned();
        self.tell_faults(&definitions);
        let lists_otherwise = registry.version(&category) != self.registry.version(&category);
        let opened = self.history.opened.as_ref().map(|opened| opened.stream.clone());
        let aggregate = |of: &Registry, stream: &StreamName| of.for_stream(stream).clone();
        let folds_otherwise = opened.as_ref().is_some_and(|stream| {
            aggregate(&registry, stream).version() != aggregate(&self.registry, stream).version()
        });
        let commanded = self.commanded().version().into_owned();
        self.registry = registry;
        self.definitions = definitions;
        self.decided = Decided::default();
        if self.commanded().version() != commanded {
            // Decided by rules that are no longer there.
            self.dock.expect_as_decided();
            self.dock.outcome = None;
        }
        if lists_otherwise {
            self.streams.list = List::new(&category, &self.registry);
        }
        if lists_otherwise || folds_otherwise {
            self.connect_again();
        }
    }

    /// The first definition file that cannot be used.
    pub fn definition_fault(&self) -> Option<Failure> {
        let (file, fault) = self.definitions.faults().next()?;
        Some(unusable(&self.definitions, file, fault))
    }

    /// A file that has become unreadable, or readable again, is told.
    fn tell_faults(&mut self, definitions: &Definitions) {
        let before = &self.definitions;
        let new = definitions.faults().find(|(file, fault)| before.fault(file) != Some(fault));
        let mended = before.faults().find(|(file, _)| definitions.fault(file).is_none());
        let mended = mended.filter(|(file, _)| definitions.get(file).is_some());
        if let Some((file, fault)) = new {
            self.view.fail(unusable(definitions, file, fault));
        } else if let Some((file, _)) = mended {
            let said = format!("Definition {file} is read.");
            self.view.say(said);
        }
    }
}

fn unusable(definitions: &Definitions, file: &Arc<str>, fault: &Arc<Fault>) -> Failure {
    let counts = definitions.get(file).is_some();
    Failure::Definition { file: file.clone(), fault: fault.clone(), counts }
}
