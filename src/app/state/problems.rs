//! The problems of all streams of the list.

use super::app::App;
use crate::app::intent::{Dialog, Effect};
use crate::app::problems::{Problems, ProblemsIntent};
use crate::store::{ProblemStep, Ticket};

impl App {
    /// The problems of the list, while their view is open.
    pub fn problems(&self) -> Option<&Problems> {
        self.view.problems.as_ref()
    }

    /// Asks for those of the streams that the list counts, at the moment where it stands.
    pub(super) fn open_problems(&mut self) -> Vec<Effect> {
        let (streams, expected) = (self.list().with_problems(), self.list().problems());
        let (ticket, until) = (self.ticket(), self.past.shown());
        let effects = self.view.open(Dialog::Problems);
        self.view.problems = Some(Problems::new(ticket, streams.into(), until, expected));
        effects
    }

    pub(super) fn problems_intent(&mut self, intent: ProblemsIntent) -> Vec<Effect> {
        let Some(problems) = &mut self.view.problems else { return Vec::new() };
        let place = match intent {
            ProblemsIntent::Kind(kind) => {
                let words = problems.words().to_owned();
                problems.show(kind, words);
                return Vec::new();
            }
            ProblemsIntent::Words(words) => {
                problems.show(problems.kind(), words);
                return Vec::new();
            }
            ProblemsIntent::Open(place) => Some(place),
            ProblemsIntent::Next => problems.beside(true),
            ProblemsIntent::Previous => problems.beside(false),
        };
        let found = place.and_then(|place| problems.go_to(place));
        let Some((stream, revision)) = found.map(|found| (found.stream.clone(), found.revision)) else {
            let side = if intent == ProblemsIntent::Previous { "before" } else { "after" };
            self.view.say(format!("There is no problem {side} this one."));
            return Vec::new();
        };
        if matches!(intent, ProblemsIntent::Open(_)) {
            self.view.close();
        }
        self.open_at(stream, revision)
    }

    pub(super) fn problems_step(&mut self, ticket: Ticket, step: ProblemStep) {
        if let Some(problems) = &mut self.view.problems {
            problems.step(ticket, step);
        }
    }
}
