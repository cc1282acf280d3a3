//! The command dock: what is typed, decided and sent.

use super::app::App;
use crate::aggregate::Target as CommandTarget;
use crate::app::connections::WriteMode;
use crate::app::failure::Failure;
use crate::app::intent::{CommandIntent, Dialog, Effect};
use crate::app::open_writes::OpenWrite;
use crate::app::preview::{Decided, Decision};
use crate::app::write::{DecideAt, InFlight, Outcome};
use crate::decision::Append;
use crate::record::{Revision, StreamName};
use crate::store::Ticket;

impl App {
    pub(super) fn command_intent(&mut self, intent: CommandIntent) -> Vec<Effect> {
        match intent {
            CommandIntent::Append => return self.append(),
            CommandIntent::ConfirmAppend => return self.confirmed(),
            CommandIntent::Form(form) => self.dock.choose(self.commanded().clone().schema(), form),
            CommandIntent::Field(form, field, text) => {
                let aggregate = self.commanded().clone();
                self.dock.set_text(aggregate.schema(), form, field, text);
                if aggregate.schema().commands.get(form).is_some_and(|form| form.id == field) {
                    // A revision is of the stream that was named before.
                    self.dock.expect(aggregate.schema(), form, None);
                }
            }
            CommandIntent::DecideAt(at) => {
                self.dock.decide_at = at;
                self.dock.expect_as_decided();
            }
            CommandIntent::Expected(expected) => {
                let form = self.form_at();
                self.dock.expect(self.commanded().clone().schema(), form, expected);
            }
            CommandIntent::Clear => {
                let form = self.form_at();
                self.dock.clear(self.commanded().clone().schema(), form);
            }
            CommandIntent::TypedName(text) => {
                self.dock.typed_name = text;
                return Vec::new();
            }
            CommandIntent::Who(text) => {
                self.settings.who = Some(text);
                return vec![Effect::Save];
            }
            CommandIntent::Place(text) => {
                self.settings.place = Some(text);
                return vec![Effect::Save];
            }
            CommandIntent::DecideAgain => {
                self.dock.expect_as_decided();
                self.dock.decide_again();
            }
            CommandIntent::Withdraw => self.dock.withdraw(),
            CommandIntent::Resend(ticket) => return self.resend(ticket),
            CommandIntent::ForgetWrite(ticket) => return self.forget_write(ticket),
        }
        self.dock.outcome = None;
        Vec::new()
    }

    /// Why the command in the form cannot be written now, and what to do.
    pub fn write_blocked(&self) -> Option<String> {
        if let Some(why) = self.cannot_write() {
            return Some(why);
        }
        if self.opened().is_some_and(|opened| opened.is_former && self.writes_to() == Some(&opened.stream)) {
            return Some(
                "This stream was read from a database that is no longer there. Close it, or open it again."
                    .to_owned(),
            );
        }
        if self.writes_to().is_some_and(|stream| self.open_write_to(stream).is_some()) {
            return Some(
                "It is not known yet whether the last write to this stream was done. Wait, or try that one again."
                    .to_owned(),
            );
        }
        let past = self.decides_on_existing() && self.dock.decide_at == DecideAt::Playhead;
        past.then(|| "A dry run at the playhead writes nothing. Decide at the head to append.".to_owned())
    }

    /// Why nothing at all can be written now.
    fn cannot_write(&self) -> Option<String> {
        if self.dock.in_flight.is_some() {
            return Some("The last write is still on its way. Wait for its answer.".to_owned());
        }
        self.connection.cannot_write(&self.settings).map(str::to_owned)
    }

    /// Whether the command in the form goes to an aggregate that is there.
    pub fn decides_on_existing(&self) -> bool {
        self.form().is_some_and(|form| form.target == CommandTarget::Existing)
    }

    /// The stream of the command in the form.
    pub fn writes_to(&self) -> Option<&StreamName> {
        self.preview().stream.as_ref()
    }

    /// The same write with the same ids, once more.
    fn resend(&mut self, ticket: Ticket) -> Vec<Effect> {
        let Some(open) = self.open_writes().find(|open| open.ticket == ticket).cloned() else {
            return Vec::new();
        };
        if let Some(why) = self.cannot_write() {
            self.view.fail(Failure::Blocked(why));
            return Vec::new();
        }
        let OpenWrite { append, decided_at, .. } = open;
        self.confirm_or_send(append, decided_at, Some(ticket))
    }

    fn forget_write(&mut self, ticket: Ticket) -> Vec<Effect> {
        self.open_writes.take(ticket);
        Vec::new()
    }

    fn append(&mut self) -> Vec<Effect> {
        let preview = self.preview().clone();
        let outcome = match preview.decision {
            Decision::Incomplete(what) => Outcome::Invalid(what.to_string()),
            Decision::Invalid(error) => Outcome::Invalid(error),
            Decision::Declined(declined) => Outcome::Declined(declined),
            Decision::Unread => return self.read_first(),
            Decision::Reading => {
                Outcome::NotSent("The stream is still being read. Wait a moment.".to_owned())
            }
            Decision::Stopped => Outcome::NotSent(
                "The stream was not read to its end. Read on, and it is decided on all of it.".to_owned(),
            ),
            Decision::Unreadable(why) => Outcome::Unreadable(why),
            Decision::Accepted(append) => {
                if let Some(why) = self.write_blocked() {
                    Outcome::NotSent(why)
                } else {
                    let form = self.form_at();
                    self.dock.note_values(self.commanded().clone().schema(), form);
                    return self.confirm_or_send(append, preview.at, None);
                }
            }
        };
        self.dock.outcome = Some(outcome);
        Vec::new()
    }

    /// The command's stream is not open: it is opened, so that the decision is made on what is shown.
    fn read_first(&mut self) -> Vec<Effect> {
        let Some(stream) = self.writes_to().cloned() else { return Vec::new() };
        let effects = self.select(stream);
        self.dock.outcome =
            Some(Outcome::NotSent("The stream is read first. Look at it, then append.".to_owned()));
        effects
    }

    fn confirm_or_send(
        &mut self,
        append: Append,
        decided_at: Option<Revision>,
        repeats: Option<Ticket>,
    ) -> Vec<Effect> {
        if self.write_mode() == WriteMode::Confirm {
            self.dock.typed_name.clear();
            self.view.dialog = Some(Dialog::ConfirmAppend { append, decided_at, repeats });
            return Vec::new();
        }
        self.send(append, decided_at, repeats)
    }

    /// Whether the confirmation may be given: production asks for the stream's name, as it is or as it is shown.
    pub fn may_confirm(&self, append: &Append) -> bool {
        let (typed, stream) = (self.dock.typed_name.as_str(), append.stream.as_str());
        self.guarded().is_none() || typed == stream || typed == crate::record::json::safe(stream)
    }

    fn confirmed(&mut self) -> Vec<Effect> {
        match self.view.dialog.take() {
            Some(Dialog::ConfirmAppend { append, decided_at, repeats }) if self.may_confirm(&append) => {
                let blocked = if repeats.is_some() { self.cannot_write() } else { self.write_blocked() };
                match blocked {
                    None => self.send(append, decided_at, repeats),
                    Some(why) => {
                        self.dock.outcome = Some(Outcome::NotSent(why));
                        Vec::new()
                    }
                }
            }
            other => {
                self.view.dialog = other;
                Vec::new()
            }
        }
    }

    fn send(&mut self, append: Append, decided_at: Option<Revision>, repeats: Option<Ticket>) -> Vec<Effect> {
        let ticket = self.ticket();
        let permit = self.connection.permit(&self.settings);
        let target = self.connection.target.clone();
        vec![Effect::Append(Box::new(InFlight {
            ticket,
            target,
            append,
            decided_at,
            permit,
            repeats,
            waits: None,
            is_withdrawn: false,
        }))]
    }

    /// Whether the store took a write; where it did not, nothing happened and all that was typed is still there.
    pub fn sent(&mut self, write: InFlight, taken: bool) {
        self.decided = Decided::default();
        if taken {
            if let Some(repeated) = write.repeats {
                self.open_writes.take(repeated);
            }
            self.dock.outcome = None;
            self.dock.in_flight = Some(write);
        } else {
            let busy = "The connection is busy and did not take this. Try again.".to_owned();
            self.dock.outcome = Some(Outcome::NotSent(busy));
        }
    }
}
