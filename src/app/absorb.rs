//! What the store says, taken in.

use super::{App, Effect, InFlight, Opened, Outcome};
use crate::aggregate::{CommandForm, Target};
use crate::decision::Append;
use crate::history::{Chunk, Cursor};
use crate::record::Revision;
use crate::store::{AppendError, Connection, Life, Presence, StreamRow, Ticket, Update, Written};
use uuid::Uuid;

impl App {
    /// The one door for what the store says; the only place where a timeline grows.
    pub fn absorb(&mut self, update: Update) -> Vec<Effect> {
        match update {
            Update::Connection(connection) => self.connected(connection),
            Update::Relisted => self.relisted(),
            Update::AnotherDatabase => {
                self.relisted();
                self.another_database();
            }
            Update::FormerStream { ticket } if self.opened_as(ticket).is_some() => self.another_database(),
            Update::FormerStream { .. } | Update::Categories { .. } => {}
            Update::Rows(rows) => return self.rows(rows),
            Update::Listing(listing) => self.listing = listing,
            Update::Pulse { at, latency, head } => {
                self.answered = Some(at);
                self.latency = Some(latency);
                self.head = head;
            }
            Update::Chunk { ticket, chunk } => self.chunk(ticket, *chunk),
            Update::Life { ticket, life, last } => return self.life(ticket, life, last),
            Update::Appended { ticket, result } => return self.appended(ticket, result),
        }
        Vec::new()
    }

    fn connected(&mut self, connection: Connection) {
        if let Connection::Online { declaration, .. } = &connection {
            self.declaration = Some(declaration.clone());
        }
        self.connection = connection;
    }

    /// The list is read anew.
    fn relisted(&mut self) {
        self.list.clear();
        self.listing.seen = 0;
        self.listing.caught_up = false;
        self.listing.confirmed = None;
    }

    /// What was read of the open stream is another history: it stays, and is neither followed nor written to.
    fn another_database(&mut self) {
        self.notice = Some(super::Notice::failure("This server now holds another database."));
        // A stream of which nothing was read yet is read from the new one.
        if let Some(opened) = self.opened.as_mut().filter(|opened| !opened.timeline.is_empty()) {
            opened.is_former = true;
        }
    }

    /// A followed stream is not told that it was deleted or that its first events expired: the list is.
    fn rows(&mut self, rows: Vec<StreamRow>) -> Vec<Effect> {
        let mut reopen = None;
        for row in rows {
            if let Some(opened) = self.opened.as_mut().filter(|o| o.stream == row.stream && !o.is_former) {
                match row.presence {
                    Presence::Deleted => opened.life = Life::SoftDeleted,
                    Presence::Tombstoned => opened.life = Life::Tombstoned,
                    Presence::Live if opened.life == Life::SoftDeleted => {
                        reopen = Some((row.stream.clone(), Cursor::Live));
                    }
                    Presence::Live if opened.has_lost_events(row.first) => {
                        reopen = Some((row.stream.clone(), opened.cursor));
                    }
                    Presence::Live => {}
                }
            }
            self.list.put(row);
        }
        if let Some((stream, cursor)) = reopen {
            let read_from = self.list.find(&stream).map(|row| row.first);
            self.open(stream, cursor);
            if let Some(opened) = &mut self.opened {
                opened.read_from = read_from;
            }
        }
        Vec::new()
    }

    fn opened_as(&mut self, ticket: Ticket) -> Option<&mut Opened> {
        self.opened.as_mut().filter(|opened| opened.ticket == ticket)
    }

    fn chunk(&mut self, ticket: Ticket, chunk: Chunk) {
        let Some(opened) = self.opened_as(ticket) else { return };
        opened.provenance = opened.provenance.and(chunk.provenance());
        opened.timeline.append(chunk);
    }

    fn life(&mut self, ticket: Ticket, life: Life, last: Option<Revision>) -> Vec<Effect> {
        let Some(opened) = self.opened_as(ticket) else { return Vec::new() };
        let read = life != Life::Reading;
        if life == Life::Live {
            // It exists, and nothing of it can be read.
            opened.timeline.begins_truncated();
        }
        opened.life = life;
        opened.last = last.or(opened.last);
        match self.pending_revision.take_if(|_| read) {
            Some(revision) => self.go_to_revision(revision),
            None => Vec::new(),
        }
    }

    fn appended(&mut self, ticket: Ticket, result: Result<Written, AppendError>) -> Vec<Effect> {
        let Some(sent) = self.dock.in_flight.take_if(|sent| sent.ticket == ticket) else {
            return self.settled(ticket, result);
        };
        self.dock.expected = None;
        // The next write is another one; one of unknown fate keeps its own ids.
        self.dock.event_id = Uuid::new_v4();
        let InFlight { append, decided_at, .. } = sent.clone();
        let written = match result {
            Err(AppendError::Unknown(why)) => {
                self.keep_open(sent, why);
                return Vec::new();
            }
            Err(error) => {
                let conflict = matches!(error, AppendError::Conflict { .. });
                let shown = self.opened.as_ref().is_some_and(|opened| opened.stream == append.stream);
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
        if let Some(form) = creates.filter(|form| self.dock.form == *form) {
            self.dock.clear_texts(form);
        }
        let effects = if creates.is_some() { self.select(stream) } else { Vec::new() };
        self.dock.outcome = Some(Outcome::Appended { append, written });
        effects
    }

    /// The command that begins an aggregate by what the write appends.
    fn creating_form(&self, append: &Append) -> Option<usize> {
        let forms = &self.registry.for_stream(&append.stream).schema().commands;
        let appended =
            |form: &CommandForm| append.events.iter().any(|event| form.appends.contains(&event.event_type));
        forms.iter().position(|form| form.target == Target::New && appended(form))
    }
}
