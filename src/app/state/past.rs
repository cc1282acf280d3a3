//! The window at another moment, and what changed between two of them.

use super::app::App;
use crate::app::ever::Ever;
use crate::app::failure::Failure;
use crate::app::intent::{Dialog, Effect, TimeIntent};
use crate::app::list::List;
use crate::app::moment_difference::MomentDifference;
use crate::app::past::{Led, Past};
use crate::app::problems::Problems;
use crate::record::Created;
use crate::store::{PastQuestions, PastStep, Ticket};

impl App {
    /// Where in time the list stands.
    pub fn past(&self) -> &Past {
        &self.past
    }

    /// What changed between two moments, while its dialog is open.
    pub fn moment_difference(&self) -> Option<&MomentDifference> {
        self.view.difference.as_ref()
    }

    pub(super) fn past_questions(&self) -> PastQuestions {
        let difference = self.moment_difference().and_then(MomentDifference::question);
        let ever = self.ever().and_then(Ever::question).cloned();
        let problems = self.problems().and_then(Problems::question).cloned();
        PastQuestions { list: self.past.question(), difference, ever, problems }
    }

    /// The list that is shown.
    pub(super) fn shown_list(&mut self) -> &mut List {
        match self.past.list_mut() {
            Some(list) => list,
            None => &mut self.streams.list,
        }
    }

    /// Takes the whole window to a moment, or back to now.
    pub(super) fn as_of(&mut self, at: Option<Created>) -> Vec<Effect> {
        let Some(at) = at else {
            self.leave_past();
            return Vec::new();
        };
        if !self.has_been(at) {
            return Vec::new();
        }
        self.view.close();
        let effects = self.abandon_lesson();
        let ticket = self.ticket();
        let stands = self.opened().map(|opened| (opened.stream.clone(), opened.cursor()));
        self.past.ask(ticket, at, stands);
        effects
    }

    fn has_been(&mut self, at: Created) -> bool {
        let has_been = at <= Created::now();
        if !has_been {
            let at = at.date_time_offset(&jiff::tz::TimeZone::system());
            self.view.say(format!("{at} is still to come. Give an earlier moment."));
        }
        has_been
    }

    /// What changed between two moments.
    pub(super) fn changes(&mut self, from: Created, to: Option<Created>) -> Vec<Effect> {
        let to = to.unwrap_or_else(Created::now);
        if !self.has_been(from.max(to)) {
            return Vec::new();
        }
        let ticket = self.ticket();
        let effects = self.view.open(Dialog::MomentDifference);
        self.view.difference = Some(MomentDifference::new(ticket, from.min(to), from.max(to)));
        effects
    }

    /// Goes back to now, and to what was stood on before.
    pub(super) fn leave_past(&mut self) {
        let before = self.past.leave();
        self.history.pending_time = None;
        let Some((stream, cursor)) = before else { return };
        if let Some(opened) = self.history.opened.as_mut().filter(|opened| opened.stream == stream) {
            opened.move_to(cursor);
        }
    }

    /// Another list of the same moment, where the window stands in the past.
    pub(super) fn ask_past_again(&mut self) {
        let ticket = self.ticket();
        self.past.ask_again(ticket);
        self.view.close_asked_of_list();
    }

    pub(super) fn past_step(&mut self, stay: Ticket, step: PastStep) -> Vec<Effect> {
        let (category, registry) = (&self.streams.category, &self.registry);
        let empty = || List::new(category, registry);
        match self.past.step(stay, step, &self.streams.list, empty) {
            Led::Nowhere => {}
            Led::To(at) => self.history.stand_at(at),
            Led::Failed(why) => self.view.fail(Failure::Store(why)),
        }
        Vec::new()
    }

    /// The open stream stands where the list does, once it is read.
    pub(super) fn stand_in_past(&mut self) {
        if let Some(at) = self.past.shown() {
            self.history.stand_at(at);
        }
    }

    /// What was waited for until the open stream is read.
    pub(super) fn go_to_pending(&mut self) -> Vec<Effect> {
        let (revision, time) = (self.history.pending_revision.take(), self.history.pending_time.take());
        match (revision, time) {
            (Some(revision), _) => self.time_intent(&TimeIntent::GoTo(revision)),
            (None, Some(time)) => self.time_intent(&TimeIntent::GoToTime(time)),
            (None, None) => Vec::new(),
        }
    }
}
