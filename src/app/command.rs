//! From the dock's form to a decision and the exact write, on the state that is shown.

use super::{App, DecideAt, Opened};
use crate::aggregate::{Command, CommandForm, InputError, Refusal, Target};
use crate::decision::{Append, Cause, Declined, Expected, Head, Identity};
use crate::record::{Provenance, Revision};
use crate::store::{Life, StoreError};

/// What the command in the form would do, before anything is sent.
#[derive(Debug, Clone, PartialEq)]
pub enum Decision {
    /// Nothing to judge yet: a field is empty.
    Incomplete(&'static str),
    /// A field cannot be read; the sentence names it and the fix.
    Invalid(String),
    Refused(Refusal),
    /// The stream that the command needs is not open; Append opens it.
    Unread,
    /// It is open and not read yet.
    Reading,
    /// It is open and cannot be read, for this reason: nothing is decided on what is not known.
    Unreadable(StoreError),
    Accepted(Append),
}

/// The decision with what explains it.
#[derive(Debug, Clone, PartialEq)]
pub struct Preview {
    pub decision: Decision,
    /// The revision that the decision was made at.
    pub at: Option<Revision>,
    /// "Up to revision 1 it would have appended `OrderPaid`."
    pub accepted_until: Option<String>,
    /// The revision whose event refuses the command.
    pub because: Option<Revision>,
}

impl App {
    /// What Append would do now; pure, so it can be asked each frame.
    pub fn preview(&self) -> Preview {
        let command = match self.command() {
            Ok(command) => command,
            Err(decision) => return Preview { decision, at: None, accepted_until: None, because: None },
        };
        self.decide(&command)
    }

    pub(super) fn command(&self) -> Result<Command, Decision> {
        let aggregate = self.commanded();
        let form = self.form().ok_or(Decision::Incomplete("This category has no commands."))?;
        let at = self.form_at();
        let texts: Vec<&str> = (0..form.fields.len()).map(|field| self.dock.text(at, field)).collect();
        if !self.is_filled_in(form, &texts) {
            return Err(Decision::Incomplete(form.incomplete));
        }
        aggregate.command(form, &texts, &self.dock.fresh_id.to_string()).map_err(|error| match error {
            InputError::Incomplete(what) => Decision::Incomplete(what),
            InputError::Invalid(text) => Decision::Invalid(text),
        })
    }

    /// The place of the form that is shown.
    pub fn form_at(&self) -> usize {
        let last = self.commanded().schema().commands.len().saturating_sub(1);
        self.dock.form.min(last)
    }

    /// Every required field; an empty id names a stream where that one is open.
    fn is_filled_in(&self, form: &CommandForm, texts: &[&str]) -> bool {
        let names_open = || {
            let named = |opened: &Opened| opened.stream.category().is_some() && opened.stream.id().is_empty();
            self.opened.as_ref().is_some_and(named)
        };
        form.fields.iter().zip(texts).enumerate().all(|(at, (field, text))| {
            if form.target == Target::Existing && at == form.id {
                return !text.is_empty() || names_open();
            }
            !field.required || !text.trim().is_empty()
        })
    }

    fn decide(&self, command: &Command) -> Preview {
        let opened = self.opened.as_ref().filter(|opened| opened.stream == command.stream);
        let Some(opened) = opened else { return self.decide_unopened(command) };
        let undecided = match &opened.life {
            Life::Reading => Some(Decision::Reading),
            Life::Failed(why) => Some(Decision::Unreadable(why.clone())),
            _ => None,
        };
        if let Some(decision) = undecided {
            return Preview { decision, at: None, accepted_until: None, because: None };
        }
        let index = match self.dock.decide_at {
            DecideAt::Head => opened.timeline.len().checked_sub(1),
            DecideAt::Playhead => opened.index(),
        };
        let revision = |i: usize| opened.timeline.get(i).map(|record| record.revision);
        let at = index.and_then(revision);
        let until = |r| format!("Up to revision {r} it would have appended {}.", self.appends());
        match self.write(&head(opened, index), command) {
            Ok(append) => Preview {
                decision: Decision::Accepted(append),
                at,
                accepted_until: self.accepted_until(opened, index, command).and_then(revision).map(until),
                because: None,
            },
            Err(refusal) => {
                let because =
                    refusal.because_of.as_ref().and_then(|field| opened.timeline.setter(field, index));
                let last =
                    because.and_then(|i| i.checked_sub(1)).filter(|&i| accepts(opened, Some(i), command));
                Preview {
                    decision: Decision::Refused(refusal),
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
            let aggregate = &**self.registry.for_stream(&command.stream);
            let state = aggregate.initial(&command.stream);
            let head = Head {
                aggregate,
                state,
                revision: None,
                cause: None,
                tombstoned: false,
                provenance: Provenance::default(),
            };
            self.write(&head, command).map_or_else(Decision::Refused, Decision::Accepted)
        } else {
            Decision::Unread
        };
        Preview { decision, at: None, accepted_until: None, because: None }
    }

    /// In a dry run in the past: the last revision at which the command is still accepted.
    fn accepted_until(&self, opened: &Opened, index: Option<usize>, command: &Command) -> Option<usize> {
        if self.dock.decide_at == DecideAt::Head {
            return None;
        }
        let refused = opened.timeline.setters_after(index).find(|&i| !accepts(opened, Some(i), command));
        refused.map_or(opened.timeline.len(), |i| i).checked_sub(1)
    }

    /// The write as it will be sent.
    fn write(&self, head: &Head<'_>, command: &Command) -> Result<Append, Refusal> {
        let identity = Identity { event_id: self.dock.event_id, origin: &self.origin() };
        let append = head.decide(command, None, &identity).map_err(|declined| match declined {
            Declined::Refused(refusal) => refusal,
            // The dock tells what the database forbids by itself: the head is not asked for it.
            Declined::Tombstoned | Declined::Derived | Declined::Conflict { .. } => {
                Refusal { text: "the stream takes no events".to_owned(), because_of: None }
            }
        })?;
        let expected = self.dock.expected.unwrap_or_else(|| Expected::decided_at(head.revision));
        Ok(Append { expected, ..append })
    }

    /// The event that the command in the form appends.
    fn appends(&self) -> &str {
        self.form().and_then(|form| form.appends.first()).map_or("an event", |event_type| event_type)
    }
}

/// What is known at a record of the open stream, or before its first.
fn head(opened: &Opened, index: Option<usize>) -> Head<'_> {
    let record = index.and_then(|index| opened.timeline.get(index));
    Head {
        aggregate: &**opened.timeline.aggregate(),
        state: opened.timeline.state_at(index),
        revision: record.map(|record| record.revision),
        cause: record.map(Cause::from),
        tombstoned: false,
        provenance: Provenance::default(),
    }
}

fn accepts(opened: &Opened, index: Option<usize>, command: &Command) -> bool {
    head(opened, index).accepts(command)
}
