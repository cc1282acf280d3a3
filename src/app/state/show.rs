//! What is shown to others.

use super::app::App;
use crate::aggregate::state_json;
use crate::app::failure::Failure;
use crate::app::intent::Effect;
use crate::app::showing::{HistoryText, ShowIntent, Showing, WrittenHistory};
use crate::history::MarkdownTable;
use crate::record::{count, plural};
use std::path::PathBuf;

impl App {
    pub(super) fn show_intent(&mut self, intent: ShowIntent) -> Vec<Effect> {
        match intent {
            ShowIntent::Present => self.view.showing = self.view.showing.toggled(self.opened().is_some()),
            ShowIntent::List(list) => self.view.showing = self.view.showing.with_list(list),
            ShowIntent::ReduceMotion => {
                self.settings.reduced_motion = !self.settings.reduced_motion;
                let said = if self.settings.reduced_motion {
                    "Motion is reduced: no transitions and no blinking."
                } else {
                    "Motion is no longer reduced."
                };
                self.view.say(said);
                return vec![Effect::Save];
            }
            ShowIntent::CopyState => return self.copy_state(),
            ShowIntent::CopyHistory => {
                return self
                    .history_text()
                    .into_iter()
                    .map(|text| Effect::WriteHistory(Box::new(text)))
                    .collect();
            }
            ShowIntent::CopyPicture => return vec![Effect::CopyPicture],
            ShowIntent::SavePicture => return vec![Effect::SavePicture],
        }
        Vec::new()
    }

    /// How much of the window is shown.
    pub fn showing(&self) -> Showing {
        self.view.showing
    }

    fn copy_state(&mut self) -> Vec<Effect> {
        let fields = self.opened().and_then(|opened| opened.frame().fields.as_deref());
        let Some(text) = fields.map(state_json) else { return Vec::new() };
        self.view.say("Copied the state as JSON.");
        vec![Effect::Copy(text)]
    }

    fn history_text(&self) -> Option<HistoryText> {
        let opened = self.opened().filter(|opened| !opened.timeline().is_empty())?;
        let timeline = opened.timeline();
        Some(HistoryText {
            aggregate: timeline.aggregate().clone(),
            stream: opened.stream().clone(),
            segment: timeline.segment(0..timeline.len().min(MarkdownTable::MOST)),
            events: timeline.len(),
        })
    }

    pub(super) fn history_written(&mut self, written: Result<WrittenHistory, Failure>) -> Vec<Effect> {
        match written {
            Ok(WrittenHistory { text, written, events }) => {
                let some = if written < events {
                    format!("the first {} of ", count(written as u64))
                } else {
                    String::new()
                };
                self.view.say(format!("Copied {some}{} as Markdown.", plural(events as u64, "event")));
                vec![Effect::Copy(text)]
            }
            Err(why) => {
                self.view.fail(why);
                Vec::new()
            }
        }
    }

    pub(super) fn picture_saved(&mut self, saved: Result<Option<PathBuf>, Failure>) {
        match saved {
            Ok(Some(file)) => self.view.say(format!("Wrote the picture to {}.", file.display())),
            Ok(None) => {}
            Err(why) => self.view.fail(why),
        }
    }
}
