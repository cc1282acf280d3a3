//! From the dock's form to a decision and the exact write, on the state that is shown.

use super::dock::Dock;
use super::list::List;
use super::opened::Opened;
use super::write::{DecideAt, Outcome};
use crate::aggregate::{Aggregate, Command, CommandForm, InputError, Registry, State, Target};
use crate::decision::{Append, Conflict, Declined, Head, Identity, Origin, StaleWrite};
use crate::history::Replay;
use crate::record::{Revision, StreamName};
use crate::store::{AppendError, Life, StoreError};
use std::cell::OnceCell;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Records that are folded to tell until when a command would have been accepted: a frame must not wait for it.
const MOST_LOOKED_AT: usize = 2_000;
/// For the same reason, longest time of it: a definition decides as slowly as it is written.
const LONGEST_LOOK: Duration = Duration::from_millis(4);

/// What the command in the form would do, before anything is sent.
#[derive(Debug, Clone, PartialEq)]
pub enum Decision {
    /// Nothing to judge yet: a field is empty.
    Incomplete(Arc<str>),
    /// A field cannot be read; the sentence names it and the fix.
    Invalid(String),
    Declined(Declined),
    /// The stream that the command needs is not open; Append opens it.
    Unread,
    /// It is open and not read yet.
    Reading,
    /// It is open, and reading was stopped before its end.
    Stopped,
    /// It is open and cannot be read, for this reason: nothing is decided on what is not known.
    Unreadable(StoreError),
    Accepted(Append),
}

/// The decision with what explains it.
#[derive(Debug, Clone, PartialEq)]
pub struct Preview {
    /// The stream that the command is for, where it can be read.
    pub stream: Option<StreamName>,
    pub decision: Decision,
    /// The revision that the decision was made at.
    pub at: Option<Revision>,
    /// A sentence: up to which revision it would have appended, and what.
    pub accepted_until: Option<String>,
    /// The revision whose event refuses the command.
    pub because: Option<Revision>,
}

impl Preview {
    fn of(decision: Decision) -> Self {
        Self { stream: None, decision, at: None, accepted_until: None, because: None }
    }
}

/// What was worked out since the last change that may make it another.
#[derive(Debug, Default)]
pub(super) struct Decided {
    pub preview: OnceCell<Preview>,
    pub conflict: OnceCell<Option<Conflict>>,
}

/// All that the decision is made of.
pub(super) struct Basis<'a> {
    pub registry: &'a Registry,
    /// The aggregate whose commands are offered.
    pub aggregate: &'a dyn Aggregate,
    pub dock: &'a Dock,
    pub opened: Option<&'a Opened>,
    pub list: &'a List,
    pub origin: Origin,
}

impl Basis<'_> {
    /// What Append would do now.
    pub fn preview(&self) -> Preview {
        match self.command() {
            Ok(command) => Preview { stream: Some(command.stream.clone()), ..self.decide(&command) },
            Err(decision) => Preview::of(decision),
        }
    }

    fn command(&self) -> Result<Command, Decision> {
        let form = self.form().ok_or(Decision::Incomplete("This category has no commands.".into()))?;
        let at = self.form_at();
        let text = |field| self.dock.text(self.aggregate.schema(), at, field);
        let texts: Vec<&str> = (0..form.fields.len()).map(text).collect();
        if !self.is_filled_in(form, &texts) {
            return Err(Decision::Incomplete(form.incomplete.clone()));
        }
        self.aggregate.command(form, &texts, &self.dock.fresh_id.to_string()).map_err(|error| match error {
            InputError::Incomplete(what) => Decision::Incomplete(what),
            InputError::Invalid(text) => Decision::Invalid(text),
        })
    }

    fn form_at(&self) -> usize {
        self.dock.form_at(self.aggregate.schema())
    }

    /// The form that is shown.
    fn form(&self) -> Option<&CommandForm> {
        self.aggregate.schema().commands.get(self.form_at())
    }

    /// Every required field; an empty id names a stream where that one is open.
    fn is_filled_in(&self, form: &CommandForm, texts: &[&str]) -> bool {
        let names_open = || {
            let named = |opened: &Opened| opened.stream.category().is_some() && opened.stream.id().is_empty();
            self.opened.is_some_and(named)
        };
        form.fields.iter().zip(texts).enumerate().all(|(at, (field, text))| {
            if form.target == Target::Existing && at == form.id {
                return !text.is_empty() || names_open();
            }
            !field.required || !text.trim().is_empty()
        })
    }

    fn decide(&self, command: &Command) -> Preview {
        let opened = self.opened.filter(|opened| opened.stream == command.stream);
        let Some(opened) = opened else { return self.decide_unopened(command) };
        let undecided = match &opened.life {
            _ if opened.is_refolded() => Some(Decision::Reading),
            Life::Reading if opened.is_stopped() => Some(Decision::Stopped),
            Life::Reading => Some(Decision::Reading),
            Life::Failed(why) => Some(Decision::Unreadable(why.clone())),
            _ => None,
        };
        if let Some(decision) = undecided {
            return Preview::of(decision);
        }
        let index = match self.dock.decide_at {
            DecideAt::Head => opened.newest(),
            DecideAt::Playhead => opened.index(),
        };
        let revision = |i: usize| opened.timeline().get(i).map(|record| record.revision);
        let at = index.and_then(revision);
        let until = |r| format!("Up to revision {r} it would have appended {}.", self.appends());
        match self.write(&opened.head(index), command) {
            Ok(append) => Preview {
                stream: None,
                decision: Decision::Accepted(append),
                at,
                accepted_until: self.accepted_until(opened, index, command).and_then(revision).map(until),
                because: None,
            },
            Err(declined) => {
                let because = setter(opened, &declined, index);
                let last =
                    because.and_then(|i| i.checked_sub(1)).filter(|&i| accepts(opened, Some(i), command));
                Preview {
                    stream: None,
                    decision: Decision::Declined(declined),
                    at,
                    accepted_until: last.and_then(revision).map(until),
                    because: because.and_then(revision),
                }
            }
        }
    }

    /// A new aggregate needs no history; one that is not open is opened first.
    fn decide_unopened(&self, command: &Command) -> Preview {
        let fresh = command.creates && self.list.find(&command.stream).is_none();
        let decision = if fresh {
            let aggregate = self.registry.for_stream(&command.stream).clone();
            let replay = Replay::new(aggregate, command.stream.clone());
            self.write(&Head::after(&replay, None), command)
                .map_or_else(Decision::Declined, Decision::Accepted)
        } else {
            Decision::Unread
        };
        Preview::of(decision)
    }

    /// In a dry run in the past: the last revision at which the command is still accepted.
    fn accepted_until(&self, opened: &Opened, index: Option<usize>, command: &Command) -> Option<usize> {
        if self.dock.decide_at == DecideAt::Head {
            return None;
        }
        let timeline = opened.timeline();
        let began = Instant::now();
        let is_late = || began.elapsed() > LONGEST_LOOK;
        let ends = |state: &State| is_late() || timeline.aggregate().decide(state, command).is_err();
        let refused = timeline.first_after(index, MOST_LOOKED_AT, ends).ok().filter(|_| !is_late())?;
        refused.unwrap_or(timeline.len()).checked_sub(1)
    }

    /// The write as it will be sent.
    fn write(&self, head: &Head<'_>, command: &Command) -> Result<Append, Declined> {
        let append = self.judge(head, command)?;
        let expected = self.dock.expected(self.aggregate.schema(), self.form_at()).unwrap_or(append.expected);
        Ok(Append { expected, ..append })
    }

    fn judge(&self, head: &Head<'_>, command: &Command) -> Result<Append, Declined> {
        head.decide(command, None, &Identity { event_id: self.dock.event_id, origin: &self.origin })
    }

    /// What the last write's conflict was about, and what its command would do now.
    pub fn conflict(&self) -> Option<Conflict> {
        let Some(Outcome::Failed { append, decided_at, error }) = &self.dock.outcome else { return None };
        let AppendError::Conflict { expected, actual } = *error else { return None };
        let opened = self.opened.filter(|opened| opened.stream == append.stream);
        let decide = |opened: &Opened| {
            let command = self.command().ok().filter(|command| command.stream == opened.stream)?;
            Some(self.judge(&opened.head(opened.newest()), &command))
        };
        let stale = StaleWrite { decided_at: *decided_at, expected, actual };
        Some(stale.conflict(opened.map(Opened::timeline), || opened.and_then(decide)))
    }

    /// The event that the command in the form appends.
    fn appends(&self) -> &str {
        self.form().and_then(|form| form.appends.first()).map_or("an event", |event_type| event_type)
    }
}

/// The record that set the field which refuses the command.
fn setter(opened: &Opened, declined: &Declined, index: Option<usize>) -> Option<usize> {
    let Declined::Refused(refusal) = declined else { return None };
    opened.timeline().setter(refusal.because_of.as_ref()?, index)
}

fn accepts(opened: &Opened, index: Option<usize>, command: &Command) -> bool {
    let timeline = opened.timeline();
    timeline.aggregate().decide(&timeline.state_at(index), command).is_ok()
}
