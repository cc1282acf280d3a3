//! A definition compared with another one.

use super::app::App;
use crate::aggregate::script::{Definition, Folds};
use crate::aggregate::{Aggregate, Fault, FaultKind, Registry};
use crate::app::comparison::{Comparison, OtherFold};
use crate::app::failure::Failure;
use crate::app::intent::{Effect, FoldWith};
use crate::record::json;
use crate::store::ComparedFolds;
use std::sync::Arc;

/// Why a definition of several streams is compared with none.
const ONE_STATE: &str = "it folds several streams into one state, so that no stream can be compared with it. Choose one that folds streams";

impl App {
    pub(super) fn fold_with(&mut self, file: &Arc<str>, with: &FoldWith) -> Vec<Effect> {
        match with {
            FoldWith::ChosenFile => return vec![Effect::ChooseOtherDefinition(file.clone())],
            FoldWith::Definition(other) => match self.definitions.get(other).cloned() {
                Some(other) => self.compare_definitions(file, &other),
                None => self.say_gone(other),
            },
            FoldWith::WithoutIt => {
                let other = Registry::new(&self.definitions.without(file));
                self.compare(file, OtherFold::WithoutIt, other);
            }
        }
        Vec::new()
    }

    /// The file that was asked for is read.
    pub(super) fn other_definition(
        &mut self,
        file: &Arc<str>,
        other: Result<Option<Arc<Definition>>, Failure>,
    ) {
        match other {
            Ok(Some(other)) => self.compare_definitions(file, &other),
            Ok(None) => {}
            Err(Failure::Definition { file: other, fault, .. }) => self.cannot_compare(file, &other, fault),
            Err(why) => self.view.fail(why),
        }
    }

    fn compare_definitions(&mut self, file: &Arc<str>, other: &Definition) {
        match other.folds() {
            Folds::Streams(_, aggregate) => {
                let aggregate: Arc<dyn Aggregate> = aggregate.clone();
                self.compare(file, OtherFold::File(other.file().clone()), Registry::of_one(aggregate));
            }
            Folds::Partitions(_) => {
                let fault = Arc::new(Fault::new(FaultKind::Definition, ONE_STATE));
                self.cannot_compare(file, other.file(), fault);
            }
        }
    }

    fn compare(&mut self, file: &Arc<str>, name: OtherFold, other: Registry) {
        let definition = self.definitions.get(file).cloned();
        match definition.as_deref().map(Definition::folds) {
            Some(Folds::Streams(scope, one)) => {
                let (ticket, scope) = (self.ticket(), scope.clone());
                let folds = ComparedFolds { ticket, scope, one: one.clone(), other };
                self.view.compare(Comparison::new(file.clone(), name, folds));
            }
            Some(Folds::Partitions(_)) | None => self.say_gone(file),
        }
    }

    fn cannot_compare(&mut self, file: &Arc<str>, other: &Arc<str>, fault: Arc<Fault>) {
        let why = Failure::Definition { file: other.clone(), fault, counts: false };
        self.view.compare(Comparison::failed(file.clone(), OtherFold::File(other.clone()), why));
    }

    /// A file was changed while it was chosen.
    fn say_gone(&mut self, file: &str) {
        let shown = json::one_line(file.as_bytes(), 200);
        self.view.say(format!("{shown} folds no streams any more. Compare another definition."));
    }
}
