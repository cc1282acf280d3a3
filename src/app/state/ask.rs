//! What is asked of the open stream's past, and what was found.

use super::app::App;
use crate::app::asking::{AskIntent, Found, ListedState, Pinned};
use crate::app::failure::Failure;
use crate::app::intent::{Effect, Tab};
use crate::record::StreamName;

impl App {
    pub(super) fn ask_intent(&mut self, intent: AskIntent) -> Vec<Effect> {
        if let AskIntent::Pin(pinned) = &intent
            && let Err(why) = self.can_pin(pinned)
        {
            self.view.say(why);
            return Vec::new();
        }
        let pins = matches!(intent, AskIntent::Pin(_) | AskIntent::PinHere);
        match self.history.ask(intent) {
            Ok(()) if pins => self.view.tab = Tab::Compare,
            Ok(()) => {}
            Err(why) => self.view.say(why),
        }
        Vec::new()
    }

    fn can_pin(&self, pinned: &Pinned) -> Result<(), String> {
        match pinned {
            Pinned::Stream(stream) if self.streams.list.find(stream).is_none() => Err(format!(
                "No stream {stream} is listed. Type the whole name of one that is, or list its category."
            )),
            Pinned::Revision(revision) => {
                let timeline = self.opened().ok_or("Open a stream first.")?.timeline();
                match (timeline.first_revision(), timeline.last_revision()) {
                    (Some(first), Some(last)) if (first..=last).contains(revision) => Ok(()),
                    (Some(first), Some(last)) => Err(format!(
                        "There is no revision {revision} to pin. This stream has revisions {first} to {last}."
                    )),
                    _ => Err("No event of this stream is read yet. Pin one once it is.".to_owned()),
                }
            }
            Pinned::Stream(_) => Ok(()),
        }
    }

    pub(super) fn found(&mut self, number: u64, found: Result<Found, Failure>) {
        match found {
            Ok(found) => self.history.asking.take(number, Some(found)),
            Err(why) => {
                self.history.asking.take(number, None);
                self.view.fail(why);
            }
        }
    }

    fn listed_state(&self, stream: &StreamName) -> Option<ListedState> {
        let state = self.streams.list.find(stream)?.state.clone()?;
        Some(ListedState { aggregate: self.registry.for_stream(stream).clone(), state })
    }

    /// The next piece of work on the open stream's past, where there is some and none is under way.
    pub(super) fn ask_on(&mut self, effects: &mut Vec<Effect>) {
        self.forget_other_ever();
        self.follow_related();
        let listed = match self.history.asking.pinned() {
            Some(Pinned::Stream(stream)) => self.listed_state(stream),
            Some(Pinned::Revision(_)) | None => None,
        };
        self.history.asking.set_listed(listed);
        let condition = self.streams.list.condition();
        let work = self.history.asking.go_on(self.history.opened.as_ref(), condition);
        effects.extend(work.map(|work| Effect::Ask(Box::new(work))));
    }
}
