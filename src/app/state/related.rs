//! What belongs together with the event at the playhead, or with an id.

use super::app::App;
use crate::app::intent::{Dialog, Effect, Tab, TimeIntent};
use crate::app::opened::Opened;
use crate::app::related::{RelatedEvents, RelatedIntent, WITHIN};
use crate::record::{RecordRef, RelatedIds, Revision, StreamName, json};
use crate::store::{RelatedQuestion, RelatedSource, RelatedStep, Sought, Ticket};
use std::sync::Arc;

impl App {
    /// The last search for what belongs together.
    pub fn related(&self) -> Option<&RelatedEvents> {
        self.related.events.as_ref()
    }

    /// What the event at the playhead says of others, while its tab is open.
    pub fn related_ids(&self) -> Option<&RelatedIds> {
        self.related.at.as_ref().map(|(_, ids)| ids)
    }

    pub(super) fn related_question(&self) -> Option<RelatedQuestion> {
        self.related().and_then(RelatedEvents::question).cloned()
    }

    fn record_at_playhead(&self) -> Option<RecordRef<'_>> {
        self.opened().and_then(|opened| opened.frame().record())
    }

    /// The event at the playhead, where it has the correlation.
    fn stands_on(&self, id: &str) -> Option<(StreamName, Revision)> {
        let record = self.record_at_playhead()?;
        let is_of = RelatedIds::of(record.metadata).correlation.as_deref() == Some(id);
        is_of.then(|| (record.stream.clone(), record.revision))
    }

    pub(super) fn related_intent(&mut self, intent: RelatedIntent) -> Vec<Effect> {
        match intent {
            RelatedIntent::Together => {
                let ids = self.record_at_playhead().map(|record| RelatedIds::of(record.metadata));
                match ids.and_then(|ids| ids.correlation) {
                    Some(id) => return self.show_correlation(&id.into()),
                    None => self.view.say("The event here has no $correlationId in its metadata."),
                }
            }
            RelatedIntent::Correlation(id) => return self.show_correlation(&id),
            RelatedIntent::Scan => {
                if let Some(id) = self.related().and_then(RelatedEvents::correlation).cloned() {
                    self.seek_correlation(id, true);
                }
            }
            RelatedIntent::Cause(revision) => return self.go_to_cause(revision),
            RelatedIntent::Around => return self.show_around(),
            RelatedIntent::Within(within) => self.look_within(within),
            RelatedIntent::Stop => self.related.events.iter_mut().for_each(RelatedEvents::stop),
            RelatedIntent::Open(stream, revision) => return self.open_related(stream, revision),
        }
        Vec::new()
    }

    fn seek(&mut self, sought: Sought) {
        let ticket = self.ticket();
        self.related.events = Some(RelatedEvents::new(RelatedQuestion { ticket, sought }));
    }

    fn seek_correlation(&mut self, id: Arc<str>, scans: bool) {
        let stands = self.stands_on(&id);
        self.seek(Sought::Correlation { id, stands, scans });
    }

    fn show_correlation(&mut self, id: &Arc<str>) -> Vec<Effect> {
        let is_shown = |events: &RelatedEvents| {
            events.correlation() == Some(id)
                && *events.source() == RelatedSource::Links
                && !events.is_looking()
        };
        if !self.related().is_some_and(is_shown) {
            self.seek_correlation(id.clone(), true);
        }
        self.view.open(Dialog::Related)
    }

    fn show_around(&mut self) -> Vec<Effect> {
        let Some(record) = self.record_at_playhead() else {
            self.view.say("Select an event first: what was written around it is shown.");
            return Vec::new();
        };
        let sought = Sought::Around {
            stream: record.stream.clone(),
            revision: record.revision,
            position: record.position,
            created: record.created,
            within: WITHIN,
        };
        self.seek(sought);
        self.view.open(Dialog::Related)
    }

    /// The playhead goes to the event that led to this one; where that is of another stream, what belongs together shows it.
    fn go_to_cause(&mut self, revision: Revision) -> Vec<Effect> {
        let Some(record) = self.opened().and_then(|opened| opened.record_at(revision)) else {
            return Vec::new();
        };
        let ids = RelatedIds::of(record.metadata);
        let Some(cause) = ids.causation else {
            self.view.say("The event names no $causationId in its metadata.");
            return Vec::new();
        };
        let known = self.opened().and_then(|opened| cause_before(opened, revision, &cause));
        if let Some(revision) = known {
            return self.time_intent(&TimeIntent::GoTo(revision));
        }
        let found = self.related().and_then(|related| related.lanes().of_id(&cause));
        if let Some((stream, revision)) = found.map(|event| (event.stream.clone(), event.revision)) {
            return self.open_related(stream, revision);
        }
        let cause = json::one_line(cause.as_bytes(), 60);
        let Some(id) = ids.correlation else {
            self.view.say(format!(
                "The cause {cause} is not among the events before this one, and without a $correlationId it is looked for nowhere else."
            ));
            return Vec::new();
        };
        self.view.say(format!("The cause {cause} is not in this stream. What belongs together is shown."));
        self.show_correlation(&id.into())
    }

    fn look_within(&mut self, ticks: i64) {
        let sought = self.related().map(|events| events.sought().clone());
        if let Some(Sought::Around { stream, revision, position, created, .. }) = sought {
            self.seek(Sought::Around { stream, revision, position, created, within: ticks });
        }
    }

    /// Opens the stream at the event; the search stays.
    fn open_related(&mut self, stream: StreamName, revision: Revision) -> Vec<Effect> {
        self.view.close();
        self.open_at(stream, revision)
    }

    pub(super) fn related_step(&mut self, ticket: Ticket, step: RelatedStep) {
        if let Some(events) = &mut self.related.events {
            events.step(ticket, step);
        }
    }

    /// Looks for the correlation of the event at the playhead while its tab is open, by the links alone, which costs little.
    pub(super) fn follow_related(&mut self) {
        if self.view.dialog == Some(Dialog::Related) {
            return;
        }
        let is_asked = self.view.tab == Tab::Event && !self.history.playback.playing;
        let here = is_asked.then(|| self.place_at_playhead()).flatten();
        if self.related.at.as_ref().map(|(at, _)| *at) != here {
            let ids = self.record_at_playhead().map(|record| RelatedIds::of(record.metadata));
            self.related.at = here.zip(ids);
        } else if self.is_followed() {
            return;
        }
        let Some(id) = self.related_ids().and_then(|ids| ids.correlation.as_deref()).map(Arc::from) else {
            self.related.events = None;
            return;
        };
        if !self.related().is_some_and(|events| self.shows(events, &id)) {
            self.seek_correlation(id, false);
        }
    }

    fn place_at_playhead(&self) -> Option<(Ticket, Revision)> {
        let revision = self.record_at_playhead()?.revision;
        Some((self.opened().map(Opened::ticket)?, revision))
    }

    /// Whether what is looked for is of the event at the playhead.
    fn is_followed(&self) -> bool {
        let id = self.related_ids().and_then(|ids| ids.correlation.as_deref());
        let shown = self.related().map(|events| events.correlation().map(|id| &**id));
        shown == id.map(Some)
    }

    /// Whether the search holds the event at the playhead, or was asked from it.
    fn shows(&self, events: &RelatedEvents, id: &Arc<str>) -> bool {
        let Some(record) = self.record_at_playhead() else { return false };
        let is_there = || events.lanes().place(record.stream, record.revision).is_some();
        let is_asked = || events.stands() == Some((record.stream, record.revision));
        events.correlation() == Some(id) && (is_asked() || is_there())
    }
}

/// Events before one that are looked at for its cause.
const BEFORE: usize = 100_000;

/// The event of this id before the one of the revision.
fn cause_before(opened: &Opened, revision: Revision, id: &str) -> Option<Revision> {
    let id = uuid::Uuid::try_parse(id).ok()?;
    let end = opened.timeline().index_at(revision)?;
    let mut before = (end.saturating_sub(BEFORE)..end).rev().filter_map(|index| opened.timeline().get(index));
    before.find(|record| record.id == id).map(|record| record.revision)
}
