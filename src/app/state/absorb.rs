//! What the store says, taken in.

use super::app::App;
use crate::aggregate::{CommandForm, Target};
use crate::app::failure::Failure;
use crate::app::intent::Effect;
use crate::app::open_writes::OpenWrite;
use crate::app::opened::Opened;
use crate::app::preview::Decided;
use crate::app::write::{InFlight, Outcome};
use crate::decision::Append;
use crate::history::Chunk;
use crate::record::Revision;
use crate::store::{AppendError, Life, StoreError, Ticket, Update, Written};
use uuid::Uuid;

impl App {
    /// The one door for what the store says; the only place where a timeline grows.
    pub fn absorb(&mut self, update: Update) -> Vec<Effect> {
        let mut effects = self.take_in(update);
        self.ask_on(&mut effects);
        effects
    }

    fn take_in(&mut self, update: Update) -> Vec<Effect> {
        if self.may_decide_otherwise(&update) {
            self.decided = Decided::default();
        }
        match update {
            Update::Connection(connection) => {
                self.connection.is(connection);
                return self.login_told();
            }
            Update::Cluster(cluster) => self.connection.nodes_are(cluster),
            Update::AppendWaits { ticket, why } => {
                if let Some(write) = self.dock.in_flight.as_mut().filter(|write| write.ticket == ticket) {
                    write.waits = Some(why);
                }
            }
            Update::Relisted => self.streams.relisted(),
            Update::AnotherDatabase => {
                self.leave_past();
                self.database.forget();
                self.streams.relisted();
                self.streams.ever = None;
                self.view.close_asked_of_list();
                self.another_database();
            }
            Update::FormerStream { ticket } if self.opened_as(ticket).is_some() => self.another_database(),
            Update::FormerStream { .. } => {}
            Update::Rows(rows) => self.rows(rows),
            Update::Listing(listing) => self.streams.listing = listing,
            Update::Categories { categories, complete } => {
                self.streams.categories.count(categories, complete);
            }
            Update::Compared { ticket, step } => {
                if let Some(comparison) = &mut self.view.comparison {
                    comparison.step(ticket, step);
                }
            }
            Update::Log { ticket, step } => self.database.step(ticket, step),
            Update::Related { ticket, step } => self.related_step(ticket, step),
            Update::PastRead { events } => {
                self.past.read(events);
                self.view.difference.iter_mut().for_each(|difference| difference.read(events));
                self.streams.ever.iter_mut().for_each(|ever| ever.read(events));
            }
            Update::Past { stay, step } => return self.past_step(stay, step),
            Update::Difference { ticket, step } => {
                if let Some(difference) = &mut self.view.difference {
                    difference.step(ticket, step);
                }
            }
            Update::Exported { ticket, step } => self.exported_step(ticket, step),
            Update::Ever { ticket, step } => self.ever_step(ticket, step),
            Update::Problems { ticket, step } => self.problems_step(ticket, step),
            Update::Pulse { at, latency, head } => {
                self.connection.answered = Some(at);
                self.connection.latency = Some(latency);
                self.connection.head = head;
            }
            Update::Chunk { ticket, chunk } => self.chunk(ticket, *chunk),
            Update::Newest { ticket, records } => {
                if let Some(opened) = self.opened_as(ticket) {
                    opened.show_newest(records);
                }
            }
            Update::Life { ticket, life, last } => return self.life(ticket, life, last),
            Update::Appended { ticket, result } => return self.appended(ticket, result),
        }
        Vec::new()
    }

    /// Whether the update may make another decision of the one that is shown.
    fn may_decide_otherwise(&self, update: &Update) -> bool {
        match update {
            Update::Connection(_)
            | Update::Cluster(_)
            | Update::Listing(_)
            | Update::Categories { .. }
            | Update::Compared { .. }
            | Update::Log { .. }
            | Update::Related { .. }
            | Update::PastRead { .. }
            | Update::Difference { .. }
            | Update::Exported { .. }
            | Update::Ever { .. }
            | Update::Problems { .. }
            | Update::Newest { .. }
            | Update::Pulse { .. } => false,
            // Rows come in all the time; those of its own stream and of the open one count.
            Update::Rows(rows) => {
                let decided = self.decided.preview.get().and_then(|preview| preview.stream.as_ref());
                let opened = self.opened().map(Opened::stream);
                rows.iter().any(|row| [decided, opened].contains(&Some(&row.stream)))
            }
            Update::Relisted
            | Update::Past { .. }
            | Update::AnotherDatabase
            | Update::FormerStream { .. }
            | Update::Chunk { .. }
            | Update::Life { .. }
            | Update::AppendWaits { .. }
            | Update::Appended { .. } => true,
        }
    }

    /// What was read of the open stream is another history: it stays, and is neither followed nor written to.
    fn another_database(&mut self) {
        self.view.fail(Failure::AnotherDatabase);
        // A stream of which nothing was read yet is read from the new one.
        if let Some(opened) = self.history.opened.as_mut().filter(|opened| !opened.timeline().is_empty()) {
            opened.is_former = true;
        }
    }

    fn opened_as(&mut self, ticket: Ticket) -> Option<&mut Opened> {
        self.history.opened.as_mut().filter(|opened| opened.asked == ticket)
    }

    fn chunk(&mut self, ticket: Ticket, chunk: Chunk) {
        if let Some(opened) = self.opened_as(ticket) {
            opened.append(chunk);
        }
    }

    fn life(&mut self, ticket: Ticket, life: Life, last: Option<Revision>) -> Vec<Effect> {
        let Some(opened) = self.opened_as(ticket) else { return Vec::new() };
        let read = life != Life::Reading;
        let is_denied = matches!(life, Life::Failed(StoreError::AccessDenied(_)));
        opened.live_as(life);
        opened.last = last.or(opened.last);
        let stream = opened.stream.clone();
        if read {
            self.streams.list.lock(&stream, is_denied);
        }
        if read { self.go_to_pending() } else { Vec::new() }
    }

    fn appended(&mut self, ticket: Ticket, result: Result<Written, AppendError>) -> Vec<Effect> {
        let Some(sent) = self.dock.in_flight.take_if(|sent| sent.ticket == ticket) else {
            return self.settled(ticket, result);
        };
        self.dock.expect_as_decided();
        // The next write is another one; one of unknown fate keeps its own ids.
        self.dock.event_id = Uuid::new_v4();
        let InFlight { append, decided_at, .. } = sent.clone();
        let written = match result {
            Err(AppendError::Unknown(why)) => {
                self.open_writes.keep(sent, why);
                return Vec::new();
            }
            Err(error) => {
                let conflict = matches!(error, AppendError::Conflict { .. });
                let shown = self.opened().is_some_and(|opened| opened.stream == append.stream);
                // What was appended since is read, so that it can be told.
                let effects =
                    if conflict && !shown { self.select(append.stream.clone()) } else { Vec::new() };
                self.dock.outcome = Some(Outcome::Failed { append, decided_at, error });
                return effects;
            }
            Ok(written) => written,
        };
        let stream = append.stream.clone();
        let creates = self.creating_form(&append);
        if let Some(form) = creates {
            self.dock.appended(self.registry.for_stream(&stream).schema(), form);
        }
        let mut effects = if creates.is_some() { self.select(stream) } else { Vec::new() };
        self.dock.outcome = Some(Outcome::Appended { append, written });
        for (name, value) in std::mem::take(&mut self.dock.asked_values) {
            self.settings.recent_values.remember(&name, &value);
            effects.push(Effect::Save);
        }
        effects.dedup_by(|a, b| matches!((a, b), (Effect::Save, Effect::Save)));
        effects
    }

    /// A write of unknown fate is known now; what is looked at stays.
    fn settled(&mut self, ticket: Ticket, result: Result<Written, AppendError>) -> Vec<Effect> {
        if matches!(result, Err(AppendError::Unknown(_))) {
            return Vec::new();
        }
        let Some(OpenWrite { append, decided_at, .. }) = self.open_writes.take(ticket) else {
            return Vec::new();
        };
        let shown = self.opened().is_some_and(|opened| opened.stream == append.stream);
        let event_type = append.events.first().map(|event| event.event_type.clone());
        let stream = append.stream.clone();
        match result {
            Ok(written) if shown => self.dock.outcome = Some(Outcome::Appended { append, written }),
            Ok(written) => {
                let what = event_type.as_deref().unwrap_or("The event");
                self.view.say(format!("{what} was written to {stream} as revision {}.", written.revision));
            }
            Err(error) if shown => self.dock.outcome = Some(Outcome::Failed { append, decided_at, error }),
            Err(error) => {
                let error = Box::new(error);
                self.view.fail(Failure::NotWritten { event_type, stream, error });
            }
        }
        Vec::new()
    }

    /// The command that begins an aggregate by what the write appends.
    fn creating_form(&self, append: &Append) -> Option<usize> {
        let forms = &self.registry.for_stream(&append.stream).schema().commands;
        let appended =
            |form: &CommandForm| append.events.iter().any(|event| form.appends.contains(&event.event_type));
        forms.iter().position(|form| form.target == Target::New && appended(form))
    }
}
