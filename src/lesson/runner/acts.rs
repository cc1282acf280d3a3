//! The acts of a step, against the server.

use super::{Refused, Runner, words};
use crate::aggregate::InputError;
use crate::decision::{self, Expected, Head, Identity, Origin, Proposed, StaleWrite};
use crate::lesson::model::{Act, Append, Expecting, Send};
use crate::lesson::outcome::{Card, CardKind, Choice};
use crate::lesson::run::Why;
use crate::lesson::sentence::Sentence;
use crate::store::{AppendError, Permit, Session, Written};
use std::sync::Arc;

/// Where, as the metadata of a lesson's events says it.
const PLACE: &str = "lesson";

/// A write on its way, and what its card is to say.
struct Sending {
    append: decision::Append,
    stream: usize,
    by: Option<Arc<str>>,
    writer: Option<usize>,
    loses_answer: bool,
    kind: CardKind,
    choice: Option<Choice>,
}

impl Runner {
    pub(super) async fn perform_act(&mut self, session: &Session, act: &Act) -> Result<(), Why> {
        match act {
            Act::Append(append) => self.append(session, append).await,
            Act::Read { writer, stream } => self.read(session, *writer, *stream).await,
            Act::Decide { writer, command, texts } => self.decide(*writer, command, texts),
            Act::Send(send) => self.send(session, send).await,
            Act::Disable(name) => {
                self.stopped = Some(session.stop_projection(name).await?);
                self.notes.push(Sentence::default().text("Stopped ").code(&name).text("."));
                Ok(())
            }
            Act::Enable(name) => {
                self.start(session).await?;
                self.notes.push(Sentence::default().text("Started ").code(&name).text(" again."));
                Ok(())
            }
        }
    }

    async fn append(&mut self, session: &Session, act: &Append) -> Result<(), Why> {
        let label = act.id.as_deref().map_or_else(|| self.label("append"), |id| format!("id {id}"));
        let who = act.by.as_deref().unwrap_or(PLACE);
        let metadata = serde_json::json!({ "who": who, "where": PLACE }).to_string();
        let event = Proposed {
            id: self.event_id(&label),
            event_type: act.event_type.clone(),
            data: self.filled(&act.data).into_bytes().into(),
            metadata: metadata.into_bytes().into(),
        };
        let writer = act.by.as_ref().and_then(|by| self.lesson.writers.iter().position(|name| name == by));
        let append =
            decision::Append { stream: self.stream(act.stream), expected: act.expected, events: vec![event] };
        self.write(
            session,
            Sending {
                append,
                stream: act.stream,
                by: act.by.clone(),
                writer,
                loses_answer: act.loses_answer,
                kind: CardKind::Append,
                choice: None,
            },
        )
        .await
    }

    /// Of the act that is done now.
    fn label(&self, what: &str) -> String {
        format!("{what} {} {}", self.step, self.act)
    }

    async fn read(&mut self, session: &Session, writer: usize, stream: usize) -> Result<(), Why> {
        let timeline = self.timeline(session, stream).await?;
        let at = timeline.last_revision();
        let kind = if self.cards.has_read(writer, stream) { CardKind::ReadAgain } else { CardKind::Read };
        let aggregate = &**timeline.aggregate();
        let seen = words::seen(aggregate, timeline.head(), at);
        let name = self.writer_name(writer);
        self.notes.push(words::read_by(&name, &seen));
        let card = Card { lines: vec![seen], ..words::card(kind) };
        self.cards.push_read(self.step, writer, stream, at, card);
        if let Some(writer) = self.writers.get_mut(writer) {
            writer.read = Some((stream, timeline));
        }
        Ok(())
    }

    fn decide(&mut self, writer: usize, command: &str, texts: &[String]) -> Result<(), Why> {
        let name = self.writer_name(writer);
        let nothing = || Why::NothingToSend(name.clone());
        let Some((stream, timeline)) = self.writers.get(writer).and_then(|writer| writer.read.as_ref())
        else {
            return Err(nothing());
        };
        let aggregate = &**timeline.aggregate();
        let Some(form) = aggregate.schema().commands.iter().find(|form| *form.name == *command) else {
            return Err(nothing());
        };
        let texts: Vec<String> = texts.iter().map(|text| self.filled(text)).collect();
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        let id = self.stream(*stream);
        let checked = aggregate.command(form, &texts, id.id()).map_err(|error| match error {
            InputError::Incomplete(what) => Why::Command(what.to_string()),
            InputError::Invalid(text) => Why::Command(text),
        })?;
        let origin = Origin { who: name.to_string(), place: PLACE.to_owned() };
        let identity = Identity { event_id: self.event_id(&self.label("decide")), origin: &origin };
        let head = Head::at(timeline, timeline.len().checked_sub(1));
        let decided = head.decide(&checked, None, &identity);
        let stream = *stream;
        let card = words::decided(&form.label, &decided);
        self.notes.push(words::decided_by(&name, &card));
        self.cards.push(self.step, writer, stream, card);
        if let (Ok(append), Some(writer)) = (decided, self.writers.get_mut(writer)) {
            writer.decided = Some(append);
        }
        Ok(())
    }

    async fn send(&mut self, session: &Session, act: &Send) -> Result<(), Why> {
        let name = self.writer_name(act.writer);
        let held = self.writers.get(act.writer);
        let decided = held.and_then(|held| Some((held.decided.clone()?, held.read.as_ref()?.0)));
        let Some((mut append, stream)) = decided else { return Err(Why::NothingToSend(name)) };
        // Read since, another stream's: what was decided goes where it was decided for.
        let stream = self.streams.iter().position(|known| *known == append.stream).unwrap_or(stream);
        if act.new_id {
            for (place, event) in append.events.iter_mut().enumerate() {
                event.id = self.event_id(&format!("{} {place}", self.label("new")));
            }
        }
        let chosen = self.choices.at(self.step).filter(|_| act.choice).unwrap_or(act.expecting);
        if chosen == Expecting::Any {
            append.expected = Expected::Any;
        }
        let ids: Vec<_> = append.events.iter().map(|event| event.id).collect();
        let kind = if self.authors.keys().any(|id| ids.contains(id)) {
            CardKind::AppendAgain
        } else {
            CardKind::Append
        };
        let choice = act.choice.then_some(Choice { step: self.step, chosen });
        let loses_answer = act.loses_answer;
        let sending =
            Sending { append, stream, by: Some(name), writer: Some(act.writer), loses_answer, kind, choice };
        self.write(session, sending).await
    }

    /// Writes, and says what came of it; a refusal is an outcome where it is a writer's.
    async fn write(&mut self, session: &Session, sending: Sending) -> Result<(), Why> {
        let Sending { append, stream, by, writer, loses_answer, kind, choice } = sending;
        let before = self.timeline(session, stream).await?.last_revision();
        let is_repeat = append.events.iter().all(|event| self.taken.contains(&event.id));
        let writing = session.writer().noting(self.sandbox.journal.clone());
        let result = writing.append(&append, Permit::NotProduction).await;
        let types: Vec<Arc<str>> = append.events.iter().map(|event| event.event_type.clone()).collect();
        let card = match &result {
            // The event is written: it is the answer that nobody gets.
            Ok(_) if loses_answer => words::lost(kind, by.as_deref()),
            Ok(Written { revision, .. }) if is_repeat => words::repeated(kind, *revision),
            Ok(Written { revision, .. }) => words::written(kind, &append, before, *revision),
            Err(AppendError::Conflict { expected, actual }) if writer.is_some() => {
                let decided_at = match append.expected {
                    Expected::Exact(revision) => Some(revision),
                    _ => None,
                };
                let stale = StaleWrite { decided_at, expected: *expected, actual: *actual };
                let timeline = self.timeline(session, stream).await?;
                words::refused(kind, &stale, &stale.conflict(Some(&timeline), || None))
            }
            Err(error) => return Err(error.clone().into()),
        };
        for event in &append.events {
            if let Some(by) = &by {
                self.authors.insert(event.id, by.clone());
            }
            if result.is_err() {
                self.refused.retain(|refused| refused.id != event.id);
                self.refused.push(Refused {
                    id: event.id,
                    stream: append.stream.clone(),
                    event_type: event.event_type.clone(),
                    by: by.clone(),
                });
            } else if self.taken.insert(event.id) {
                self.fresh.insert(event.id);
            }
        }
        self.notes.push(words::sent(by.as_deref(), &types, &card));
        if let Some(writer) = writer {
            self.cards.push(self.step, writer, stream, Card { choice, ..card });
        }
        Ok(())
    }
}
