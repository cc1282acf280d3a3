//! The command dock: what is typed, decided and sent.

use super::{App, DecideAt, Decision, Dialog, Effect, Form, InFlight, Intent, Outcome, WriteMode};
use crate::store::{Append, Connection, Request, Target};

impl App {
    pub(super) fn command_intent(&mut self, intent: Intent) -> Vec<Effect> {
        match intent {
            Intent::Append => return self.append(),
            Intent::ConfirmAppend => return self.confirmed(),
            Intent::WriteMode(mode) => return self.set_write_mode(mode),
            Intent::Form(form) => self.dock.form = form,
            Intent::User(text) => self.dock.user = text,
            Intent::Total(text) => self.dock.total = text,
            Intent::NewOrderId(text) => self.dock.new_id = text,
            Intent::Order(text) => self.dock.order = text,
            Intent::DecideAt(at) => self.dock.decide_at = at,
            Intent::Expected(revision) => {
                self.dock.expected = revision;
                return Vec::new();
            }
            _ => return Vec::new(),
        }
        self.dock.expected = None;
        self.dock.outcome = None;
        Vec::new()
    }

    /// Why nothing can be written now, and what to do.
    pub fn write_blocked(&self) -> Option<String> {
        if self.dock.in_flight.is_some() {
            return Some("The last write is still on its way. Wait for its answer.".to_owned());
        }
        if self.write_mode() == WriteMode::ReadOnly {
            return Some("This connection is read-only. Change it in the top bar to write.".to_owned());
        }
        if !matches!(self.connection, Connection::Online { .. }) {
            return Some("Not connected: nothing can be written. Wait, or retry now.".to_owned());
        }
        let past = self.dock.form == Form::Pay && self.dock.decide_at == DecideAt::Playhead;
        past.then(|| "A dry run at the playhead writes nothing. Decide at the head to append.".to_owned())
    }

    fn append(&mut self) -> Vec<Effect> {
        let outcome = match self.preview().decision {
            Decision::Incomplete(what) => Outcome::Invalid(what.to_owned()),
            Decision::Invalid(error) => Outcome::Invalid(error.to_string()),
            Decision::Refused(refusal) => Outcome::Refused(refusal),
            Decision::Unread => return self.read_first(),
            Decision::Accepted(append) => match self.write_blocked() {
                Some(why) => Outcome::NotSent(why),
                None => return self.confirm_or_send(append),
            },
        };
        self.dock.outcome = Some(outcome);
        Vec::new()
    }

    /// The command's stream is not open: it is opened, so that the decision is made on what is shown.
    fn read_first(&mut self) -> Vec<Effect> {
        let id = if self.dock.form == Form::Pay { &self.dock.order } else { &self.dock.new_id };
        let stream = crate::record::StreamName::new(&format!("order-{}", id.trim()));
        let effects = self.select(stream);
        self.dock.outcome =
            Some(Outcome::NotSent("The order is read first. Look at it, then append.".to_owned()));
        effects
    }

    fn confirm_or_send(&mut self, append: Append) -> Vec<Effect> {
        let append = self.with_fresh_id(append);
        if self.write_mode() == WriteMode::Confirm {
            self.dialog = Some(Dialog::ConfirmAppend(append));
            return Vec::new();
        }
        self.send(append)
    }

    fn confirmed(&mut self) -> Vec<Effect> {
        match self.dialog.take() {
            Some(Dialog::ConfirmAppend(append)) => match self.write_blocked() {
                None => self.send(append),
                Some(why) => {
                    self.dock.outcome = Some(Outcome::NotSent(why));
                    Vec::new()
                }
            },
            other => {
                self.dialog = other;
                Vec::new()
            }
        }
    }

    fn send(&mut self, append: Append) -> Vec<Effect> {
        let ticket = self.ticket();
        self.dock.outcome = None;
        self.dock.in_flight = Some(InFlight { ticket, append: append.clone() });
        vec![Effect::Send(Request::Append { ticket, append })]
    }

    /// The store's queue was full: nothing happened, and what was typed is still there.
    pub fn unsent(&mut self, request: &Request) {
        let busy = "The connection is busy and did not take this. Try again.".to_owned();
        if matches!(request, Request::Append { .. }) {
            self.dock.in_flight = None;
            self.dock.outcome = Some(Outcome::NotSent(busy));
        } else {
            self.notice = Some(busy);
        }
    }

    fn set_write_mode(&mut self, mode: WriteMode) -> Vec<Effect> {
        match self.target.clone() {
            Target::Sandbox => self.settings.sandbox_mode = Some(mode),
            Target::Server(url) => *self.settings.mode_of(&url) = Some(mode),
        }
        self.dock.outcome = None;
        vec![Effect::Save]
    }
}
