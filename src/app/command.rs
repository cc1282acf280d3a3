//! From the dock's form to a decision and the exact write, on the state that is shown.

use super::{App, DecideAt, Form, Opened};
use crate::domain::{
    Order, OrderCommand, OrderEvent, OrderFold, OrderId, Refusal, Total, UserId, ValueError, allowed, decide,
    initial,
};
use crate::record::{Revision, StreamName};
use crate::store::{Append, Cause, Expected, Identity, Life, StoreError, propose};

/// What the command in the form would do, before anything is sent.
#[derive(Debug, Clone, PartialEq)]
pub enum Decision {
    /// Nothing to judge yet: a field is empty.
    Incomplete(&'static str),
    Invalid(ValueError),
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

    pub(super) fn command(&self) -> Result<OrderCommand, Decision> {
        let dock = &self.dock;
        let invalid = Decision::Invalid;
        if dock.form == Form::Pay {
            // An id that names what is there is taken to the byte; the empty one only where its order is open.
            let order_id = OrderId::stored(&dock.order);
            let is_open =
                self.opened.as_ref().is_some_and(|o| o.stream.as_str() == OrderFold::stream_of(&order_id));
            if dock.order.is_empty() && !is_open {
                return Err(Decision::Incomplete("Name the order to pay, or select one."));
            }
            return Ok(OrderCommand::Pay { order_id });
        }
        if dock.user.trim().is_empty() || dock.total.trim().is_empty() {
            return Err(Decision::Incomplete("Type a user and a total."));
        }
        let typed = dock.new_id.as_str();
        let order_id = if typed.is_empty() {
            OrderId::stored(&dock.fresh_order.to_string())
        } else {
            OrderId::parse(typed).map_err(invalid)?
        };
        let user_id = UserId::parse(&dock.user).map_err(invalid)?;
        Ok(OrderCommand::Create { order_id, user_id, total: Total::parse(&dock.total).map_err(invalid)? })
    }

    fn decide(&self, command: &OrderCommand) -> Preview {
        let stream = OrderFold::stream_of(command.order_id());
        let opened = self.opened.as_ref().filter(|opened| opened.stream.as_str() == stream);
        let Some(opened) = opened else { return self.decide_unopened(command, &stream) };
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
        let at = index.and_then(|i| opened.timeline.get(i)).map(|record| record.revision);
        let until = |r| format!("Up to revision {r} it would have appended {}.", appends(command));
        let state = opened.timeline.state_at(index);
        let decided = Expected::decided_at(at);
        let expected = self.dock.expected.unwrap_or(decided);
        let cause = index.and_then(|i| opened.timeline.get(i)).map(Cause::from);
        let revision = |i: usize| opened.timeline.get(i).map(|record| record.revision);
        match decide(&state, command) {
            Ok(events) => Preview {
                decision: Decision::Accepted(self.write(&opened.stream, expected, &events, cause)),
                at,
                accepted_until: self.accepted_until(opened, index, command).and_then(revision).map(until),
                because: None,
            },
            Err(refusal) => {
                let because = refusal.because_of().and_then(|field| opened.timeline.setter(field, index));
                let last = because
                    .and_then(|i| i.checked_sub(1))
                    .filter(|&i| allowed(&opened.timeline.state_at(Some(i)), command));
                Preview {
                    decision: Decision::Refused(refusal),
                    at,
                    accepted_until: last.and_then(revision).map(until),
                    because: because.and_then(revision),
                }
            }
        }
    }

    /// A new order needs no history; an order that is not open is opened first.
    fn decide_unopened(&self, command: &OrderCommand, stream: &str) -> Preview {
        let listed = self.list.find(&StreamName::new(stream));
        let fresh = matches!(command, OrderCommand::Create { .. }) && listed.is_none();
        let decision = if fresh {
            let state: Order = initial(command.order_id().clone());
            match decide(&state, command) {
                Ok(events) => {
                    let expected = self.dock.expected.unwrap_or(Expected::NoStream);
                    Decision::Accepted(self.write(&StreamName::new(stream), expected, &events, None))
                }
                Err(refusal) => Decision::Refused(refusal),
            }
        } else {
            Decision::Unread
        };
        Preview { decision, at: None, accepted_until: None, because: None }
    }

    /// In a dry run in the past: the last revision at which the command is still accepted.
    fn accepted_until(&self, opened: &Opened, index: Option<usize>, command: &OrderCommand) -> Option<usize> {
        if self.dock.decide_at == DecideAt::Head {
            return None;
        }
        let refused = opened
            .timeline
            .setters_after(index)
            .find(|&i| !allowed(&opened.timeline.state_at(Some(i)), command));
        refused.map_or(opened.timeline.len(), |i| i).checked_sub(1)
    }

    /// The write as it will be sent.
    fn write(
        &self,
        stream: &StreamName,
        expected: Expected,
        events: &[OrderEvent],
        cause: Option<Cause>,
    ) -> Append {
        let identity = Identity { event_id: self.dock.event_id, cause, origin: &self.origin() };
        propose(stream, expected, events, identity)
    }
}

fn appends(command: &OrderCommand) -> &'static str {
    match command {
        OrderCommand::Create { .. } => "OrderCreated",
        OrderCommand::Pay { .. } => "OrderPaid",
    }
}
