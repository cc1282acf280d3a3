//! The command dock: what is typed, decided and sent.

use super::{App, DecideAt, Decision, Dialog, Effect, Form, InFlight, Intent, Opened, Outcome, WriteMode};
use crate::domain::OrderFold;
use crate::record::Revision;
use crate::store::{Append, Connection, Request, Target};
use uuid::Uuid;

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
            Intent::Expected(expected) => {
                self.dock.expected = expected;
                self.dock.outcome = None;
                return Vec::new();
            }
            Intent::TypedName(text) => {
                self.dock.typed_name = text;
                return Vec::new();
            }
            Intent::Who(text) => {
                self.settings.who = Some(text);
                return vec![Effect::Save];
            }
            Intent::Place(text) => {
                self.settings.place = Some(text);
                return vec![Effect::Save];
            }
            // What was expected and said is forgotten below; the form decides on what is there now.
            Intent::DecideAgain => {
                self.dock.decide_at = DecideAt::Head;
                self.dock.fresh_order = Uuid::new_v4();
            }
            Intent::Resend => return self.resend(),
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
        if self.would_write_into_links() {
            return Some("This stream holds links to other streams. Nothing is written to it.".to_owned());
        }
        let past = self.dock.form == Form::Pay && self.dock.decide_at == DecideAt::Playhead;
        past.then(|| "A dry run at the playhead writes nothing. Decide at the head to append.".to_owned())
    }

    /// Whether the command's own stream points to other streams.
    fn would_write_into_links(&self) -> bool {
        let opened = self.opened.as_ref().filter(|opened| opened.holds_links);
        let into = |opened: &Opened| {
            let command = self.command();
            command.is_ok_and(|command| OrderFold::stream_of(command.order_id()) == opened.stream.as_str())
        };
        opened.is_some_and(into)
    }

    fn append(&mut self) -> Vec<Effect> {
        let preview = self.preview();
        let outcome = match preview.decision {
            Decision::Incomplete(what) => Outcome::Invalid(what.to_owned()),
            Decision::Invalid(error) => Outcome::Invalid(error.to_string()),
            Decision::Refused(refusal) => Outcome::Refused(refusal),
            Decision::Unread => return self.read_first(),
            Decision::Accepted(append) => match self.write_blocked() {
                Some(why) => Outcome::NotSent(why),
                None => return self.confirm_or_send(append, preview.at),
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

    fn confirm_or_send(&mut self, append: Append, decided_at: Option<Revision>) -> Vec<Effect> {
        if self.write_mode() == WriteMode::Confirm {
            self.dock.typed_name.clear();
            self.dialog = Some(Dialog::ConfirmAppend { append, decided_at });
            return Vec::new();
        }
        self.send(append, decided_at)
    }

    /// Whether the confirmation may be given: production asks for the stream's name.
    pub fn may_confirm(&self, append: &Append) -> bool {
        self.production().is_none() || self.dock.typed_name.trim() == append.stream.as_str()
    }

    fn confirmed(&mut self) -> Vec<Effect> {
        match self.dialog.take() {
            Some(Dialog::ConfirmAppend { append, decided_at }) if self.may_confirm(&append) => {
                match self.write_blocked() {
                    None => self.send(append, decided_at),
                    Some(why) => {
                        self.dock.outcome = Some(Outcome::NotSent(why));
                        Vec::new()
                    }
                }
            }
            other => {
                self.dialog = other;
                Vec::new()
            }
        }
    }

    /// The write that got lost or was not done, once more and unchanged.
    fn resend(&mut self) -> Vec<Effect> {
        match (&self.dock.outcome, self.write_blocked()) {
            (Some(Outcome::Failed { append, decided_at, .. }), None) => {
                let (append, decided_at) = (append.clone(), *decided_at);
                self.confirm_or_send(append, decided_at)
            }
            (_, Some(why)) => {
                self.notice = Some(why);
                Vec::new()
            }
            _ => Vec::new(),
        }
    }

    fn send(&mut self, append: Append, decided_at: Option<Revision>) -> Vec<Effect> {
        let ticket = self.ticket();
        self.dock.outcome = None;
        self.dock.in_flight = Some(InFlight { ticket, append: append.clone(), decided_at });
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
