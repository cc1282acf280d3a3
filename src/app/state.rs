//! What the window shows.

use super::{List, Notice, OpenWrite, Settings, WriteMode};
use crate::aggregate::{self, Aggregate, CommandForm, Refusal, Registry};
use crate::decision::{Append, Expected, Origin};
use crate::history::{Cursor, Frame, Timeline};
use crate::record::{Position, Provenance, Revision, StreamName};
use crate::store::{
    AppendError, AppendRequest, Connection, Declaration, Denial, Goal, Guarded, Life, Listing, Permit,
    Target, Ticket, Written,
};
use std::collections::HashMap;
use std::time::{Duration, Instant};
use uuid::Uuid;

/// The whole window's state; panels read it, only the two doors change it.
#[derive(Debug)]
pub struct App {
    pub target: Target,
    pub connection: Connection,
    /// Of the last sign of life.
    pub latency: Option<Duration>,
    pub answered: Option<Instant>,
    pub head: Option<Position>,
    pub category: String,
    pub(super) registry: Registry,
    pub list: List,
    pub listing: Listing,
    pub opened: Option<Opened>,
    pub playback: Playback,
    pub tab: Tab,
    pub dock: Dock,
    pub(super) open_writes: Vec<OpenWrite>,
    /// What the database last said of itself; kept over a lost connection.
    pub(super) declaration: Option<Declaration>,
    pub dialog: Option<Dialog>,
    pub settings: Settings,
    /// Who writes, unless the settings say otherwise.
    pub session: Origin,
    /// Goes by itself, with the person's next action, or when it is dismissed.
    pub notice: Option<Notice>,
    pub(super) tickets: u64,
    /// Counts the connections that were asked for.
    pub(super) connections: u64,
    /// Counts how often a person asked to try again.
    pub(super) retries: u64,
    /// The revision to go to once the stream that was asked for has been read.
    pub(super) pending_revision: Option<Revision>,
}

/// The stream that is open.
#[derive(Debug)]
pub struct Opened {
    pub ticket: Ticket,
    pub stream: StreamName,
    pub timeline: Timeline,
    pub cursor: Cursor,
    pub life: Life,
    /// Of the newest event that the server told of, readable or not.
    pub last: Option<Revision>,
    /// It was read from a database that is no longer there.
    pub is_former: bool,
    /// The first readable revision by the list, for which it was read again.
    pub(super) read_from: Option<Revision>,
    /// Whether its events are links or a projection's throughout.
    pub provenance: Provenance,
}

impl Opened {
    /// The index of the record under the cursor.
    pub fn index(&self) -> Option<usize> {
        self.cursor.index(&self.timeline)
    }

    /// Whether the list says that events which are shown can no longer be read.
    pub(super) fn has_lost_events(&self, first: Revision) -> bool {
        self.life == Life::Live
            && self.timeline.first_revision().is_some_and(|shown| shown < first)
            && self.read_from.is_none_or(|from| from < first)
    }

    /// The one thing that state, changes and detail draw.
    pub fn frame(&self) -> Frame<'_> {
        self.timeline.frame(self.index())
    }
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Playback {
    pub playing: bool,
    /// Events a second, or how many times faster than it happened.
    pub speed: u32,
    pub by_time: bool,
    /// Seconds that have gone by since the last step.
    pub(super) elapsed: f64,
}

impl Playback {
    pub const SPEEDS: [u32; 5] = [1, 2, 5, 10, 50];
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Tab {
    #[default]
    State,
    Changes,
    Event,
    Raw,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Dialog {
    Connect,
    Keys,
    ConfirmReset,
    ConfirmAppend {
        append: Append,
        decided_at: Option<Revision>,
        /// The write of unknown fate that this one repeats.
        repeats: Option<Ticket>,
    },
    Palette,
    Journal,
}

/// On which state a command to what is there is decided; at the playhead it is a dry run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum DecideAt {
    #[default]
    Head,
    Playhead,
}

/// The command dock; what was typed stays until it was appended.
#[derive(Debug, Clone)]
pub struct Dock {
    /// The place of the command among its aggregate's.
    pub form: usize,
    /// What was typed, by command and field.
    pub(super) texts: HashMap<(usize, usize), String>,
    pub decide_at: DecideAt,
    /// What the write expects when the person chose it; else the revision decided at.
    pub expected: Option<Expected>,
    /// Of the next event; another one once a write was answered.
    pub(super) event_id: Uuid,
    /// Of the next aggregate that is given no id.
    pub(super) fresh_id: Uuid,
    /// The stream's name as typed before a write to production.
    pub typed_name: String,
    pub in_flight: Option<InFlight>,
    pub outcome: Option<Outcome>,
}

impl Default for Dock {
    fn default() -> Self {
        Self {
            form: 0,
            texts: HashMap::new(),
            decide_at: DecideAt::default(),
            expected: None,
            event_id: Uuid::new_v4(),
            fresh_id: Uuid::new_v4(),
            typed_name: String::new(),
            in_flight: None,
            outcome: None,
        }
    }
}

impl Dock {
    /// What was typed into a field of a command.
    pub fn text(&self, form: usize, field: usize) -> &str {
        self.texts.get(&(form, field)).map_or("", String::as_str)
    }

    pub(super) fn set_text(&mut self, form: usize, field: usize, text: String) {
        self.texts.insert((form, field), text);
    }

    /// Empties the fields of a command that was carried out.
    pub(super) fn clear_texts(&mut self, form: usize) {
        self.texts.retain(|(of, _), _| *of != form);
        self.fresh_id = Uuid::new_v4();
    }

    /// The commands to what is there are for this stream.
    pub(super) fn name_stream(&mut self, aggregate: &dyn Aggregate, stream: &StreamName) {
        for (at, form) in aggregate.schema().commands.iter().enumerate() {
            if form.target == aggregate::Target::Existing {
                self.set_text(at, form.id, stream.id().to_owned());
            }
        }
    }
}

#[derive(Debug, Clone, PartialEq)]
pub struct InFlight {
    pub ticket: Ticket,
    /// The database that it goes to.
    pub target: Target,
    pub append: Append,
    /// The revision that the decision was made at.
    pub decided_at: Option<Revision>,
    pub permit: Permit,
    /// The write of unknown fate that this one repeats.
    pub repeats: Option<Ticket>,
}

impl InFlight {
    /// What the store is asked.
    pub fn request(&self) -> AppendRequest {
        let (append, permit) = (self.append.clone(), self.permit);
        AppendRequest { ticket: self.ticket, append, permit, again: self.repeats.is_some() }
    }
}

/// How the last command ended; a refusal never looks like a failure.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// A field cannot be read; the sentence names it and the fix.
    Invalid(String),
    Refused(Refusal),
    Appended {
        append: Append,
        written: Written,
    },
    Failed {
        append: Append,
        decided_at: Option<Revision>,
        error: AppendError,
    },
    /// Not sent: read-only, not connected, or the queue is full.
    NotSent(String),
}

impl App {
    pub fn new(target: Target, category: &str, settings: Settings) -> Self {
        let registry = Registry::default();
        Self {
            target,
            connection: Connection::Offline,
            latency: None,
            answered: None,
            head: None,
            category: category.to_owned(),
            list: List::new(registry.for_category(category).clone()),
            registry,
            listing: Listing {
                seen: 0,
                caught_up: false,
                source: String::new(),
                confirmed: None,
                unseen: "",
                warns: false,
                denied: None,
            },
            opened: None,
            playback: Playback { playing: false, speed: 1, by_time: false, elapsed: 0.0 },
            tab: Tab::default(),
            dock: Dock::default(),
            open_writes: Vec::new(),
            declaration: None,
            dialog: None,
            settings,
            session: Origin::default(),
            notice: None,
            tickets: 0,
            connections: 0,
            retries: 0,
            pending_revision: None,
        }
    }

    /// Free on the sandbox, read-only on production, confirm elsewhere, unless chosen otherwise; production is never free.
    pub fn write_mode(&self) -> WriteMode {
        let (chosen, usual) = match &self.target {
            Target::Sandbox => (self.settings.sandbox_mode, WriteMode::Free),
            Target::Server(url) => {
                let url = url.to_string();
                let known = self.settings.recent.iter().find(|recent| recent.url == url);
                (known.and_then(|recent| recent.write_mode), WriteMode::Confirm)
            }
        };
        match (chosen, self.guarded()) {
            (None, Some(_)) => WriteMode::ReadOnly,
            (Some(WriteMode::Free), Some(_)) => WriteMode::Confirm,
            (chosen, _) => chosen.unwrap_or(usual),
        }
    }

    /// The aggregate whose commands are offered: the open stream's where that has any, else the category's.
    pub fn commanded(&self) -> &dyn Aggregate {
        let opened = self.opened.as_ref().map(|opened| self.registry.for_stream(&opened.stream));
        let opened = opened.filter(|aggregate| !aggregate.schema().commands.is_empty());
        &**opened.unwrap_or_else(|| self.registry.for_category(&self.category))
    }

    /// The form of the command that is shown; `None` where the aggregate has no commands.
    pub fn form(&self) -> Option<&CommandForm> {
        let forms = &self.commanded().schema().commands;
        forms.get(self.dock.form).or_else(|| forms.first())
    }

    /// What the store should be doing.
    pub fn goal(&self) -> Goal {
        Goal {
            target: self.target.clone(),
            category: self.category.clone(),
            connection: self.connections,
            retry: self.retries,
            opened: self
                .opened
                .as_ref()
                .filter(|opened| !opened.is_former)
                .map(|opened| (opened.ticket, opened.stream.clone())),
            unknown: self.open_writes().map(|open| (open.ticket, open.append.clone())).collect(),
            categories: false,
        }
    }

    /// Why writes to this database are guarded as to production; `None` where they are not.
    pub fn guarded(&self) -> Option<Guarded> {
        let guarded = self.declaration.as_ref()?.guarded()?;
        let lifted = matches!(guarded, Guarded::Unreadable(_)) && self.said_not_production();
        (!lifted).then_some(guarded)
    }

    /// Why the database does not say whether it is production, where it does not.
    pub fn undeclared(&self) -> Option<&str> {
        match &self.declaration {
            Some(Declaration::Unreadable(why)) => Some(why),
            _ => None,
        }
    }

    /// Whether a person said so of this connection.
    pub fn said_not_production(&self) -> bool {
        match &self.target {
            Target::Sandbox => self.settings.sandbox_not_production,
            Target::Server(url) => {
                let url = url.to_string();
                self.settings.recent.iter().any(|recent| recent.url == url && recent.not_production)
            }
        }
    }

    /// Why the database no longer accepts the user, although the connection holds.
    pub fn refused(&self) -> Option<&Denial> {
        let Connection::Online { refused, .. } = &self.connection else { return None };
        refused.as_ref()
    }

    /// Who writes and where, as it goes into the metadata.
    pub fn origin(&self) -> Origin {
        let chosen = |setting: &Option<String>, session: &str| {
            setting.clone().filter(|text| !text.is_empty()).unwrap_or_else(|| session.to_owned())
        };
        Origin {
            who: chosen(&self.settings.who, &self.session.who),
            place: chosen(&self.settings.place, &self.session.place),
        }
    }

    pub fn is_live(&self) -> bool {
        self.opened.as_ref().is_some_and(|opened| opened.cursor == Cursor::Live)
    }

    pub(super) fn ticket(&mut self) -> Ticket {
        self.tickets += 1;
        Ticket(self.tickets)
    }
}
