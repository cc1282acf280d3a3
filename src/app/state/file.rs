//! A stream written into a file, and a file opened as a database.

use super::app::App;
use crate::app::exporting::{Exporting, file_name};
use crate::app::failure::Failure;
use crate::app::intent::{Effect, FileIntent};
use crate::record::{StreamName, json};
use crate::store::{Export, ExportStep, ServedFile, Target, Ticket};
use std::path::PathBuf;

impl App {
    /// What is open stays so until a file is read.
    pub(super) fn file_intent(&mut self, intent: FileIntent) -> Vec<Effect> {
        match intent {
            FileIntent::Choose => vec![Effect::ChooseHistory],
            FileIntent::Open(file) => vec![Effect::OpenHistory(file)],
            FileIntent::Export => {
                let stream = self.opened().map(|opened| opened.stream.clone());
                stream
                    .map(|stream| Effect::ChooseExport(stream.clone(), file_name(&stream)))
                    .into_iter()
                    .collect()
            }
            FileIntent::CancelExport => {
                if self.view.exporting.take().is_some() {
                    self.view.say("The export was cancelled; no file was written.");
                }
                Vec::new()
            }
        }
    }

    pub(super) fn history_file_chosen(&mut self, chosen: Result<Option<PathBuf>, Failure>) -> Vec<Effect> {
        match chosen {
            Ok(file) => file.map(Effect::OpenHistory).into_iter().collect(),
            Err(why) => {
                self.view.fail(why);
                Vec::new()
            }
        }
    }

    pub(super) fn file_opened(&mut self, opened: Result<ServedFile, Failure>) -> Vec<Effect> {
        match opened {
            Ok(file) => self.connect(Target::File(file)),
            Err(why) => {
                self.view.fail(why);
                Vec::new()
            }
        }
    }

    pub(super) fn export_to(&mut self, stream: StreamName, chosen: Result<Option<PathBuf>, Failure>) {
        match chosen {
            Ok(Some(file)) => {
                let ticket = self.ticket();
                self.view.exporting = Some(Exporting::new(Export { ticket, stream, file }));
            }
            Ok(None) => {}
            Err(why) => self.view.fail(why),
        }
    }

    pub(super) fn exported_step(&mut self, ticket: Ticket, step: ExportStep) {
        let Some(exporting) = self.view.exporting.as_mut().filter(|known| known.export.ticket == ticket)
        else {
            return;
        };
        let ended = match step {
            ExportStep::Events { written, of } => {
                (exporting.written, exporting.of) = (written, of);
                return;
            }
            ExportStep::Ended(ended) => ended,
        };
        let Some(Exporting { export: Export { stream, file, .. }, .. }) = self.view.exporting.take() else {
            return;
        };
        match ended {
            Ok(count) => {
                let stream = json::one_line(stream.as_str().as_bytes(), 200);
                let events = if count == 1 { "1 event".to_owned() } else { format!("{count} events") };
                self.view.say(format!("Exported {events} of {stream} to {}.", file.display()));
            }
            Err(fault) => self.view.fail(Failure::Export { stream, file, fault: fault.into() }),
        }
    }

    /// The export that is under way.
    pub fn exporting(&self) -> Option<&Exporting> {
        self.view.exporting.as_ref()
    }
}
