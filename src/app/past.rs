//! The list as it was at a moment, while the window stands there.

use super::list::List;
use crate::history::Cursor;
use crate::record::{Created, StreamName};
use crate::store::{Listing, PastQuestion, PastStep, StoreError, Ticket};

/// Where in time the list stands; now, where nothing was asked for.
#[derive(Debug, Default)]
pub struct Past {
    stay: Option<Stay>,
    /// The open stream and its playhead before, to go back to.
    before: Option<(StreamName, Cursor)>,
}

#[derive(Debug)]
struct Stay {
    ticket: Ticket,
    asked: Created,
    shown: Option<Shown>,
    /// All rows of a first moment, until they are there.
    filling: Option<List>,
    /// Events that were read for it.
    events: u64,
}

#[derive(Debug)]
struct Shown {
    at: Created,
    list: List,
    listing: Listing,
}

/// What a step of the store leads to.
#[derive(Debug, PartialEq)]
pub(super) enum Led {
    Nowhere,
    /// The window stands at another moment.
    To(Created),
    /// What was asked for is not shown; whether the window stands in the past nevertheless.
    Failed(StoreError),
}

impl Past {
    /// The moment that is asked for, shown or not.
    pub fn asked(&self) -> Option<Created> {
        self.stay.as_ref().map(|stay| stay.asked)
    }

    /// The moment of which the list is.
    pub fn shown(&self) -> Option<Created> {
        self.stay.as_ref()?.shown.as_ref().map(|shown| shown.at)
    }

    /// Events that were read so far for a moment that is not shown yet.
    pub fn reading(&self) -> Option<u64> {
        let stay = self.stay.as_ref()?;
        (self.shown() != Some(stay.asked)).then_some(stay.events)
    }

    /// Streams of a first moment that are there so far, once its events are read.
    pub fn filling(&self) -> Option<usize> {
        self.stay.as_ref()?.filling.as_ref().map(List::len)
    }

    pub(super) fn list(&self) -> Option<&List> {
        self.stay.as_ref()?.shown.as_ref().map(|shown| &shown.list)
    }

    pub(super) fn list_mut(&mut self) -> Option<&mut List> {
        self.stay.as_mut()?.shown.as_mut().map(|shown| &mut shown.list)
    }

    pub(super) fn listing(&self) -> Option<&Listing> {
        self.stay.as_ref()?.shown.as_ref().map(|shown| &shown.listing)
    }

    pub(super) fn question(&self) -> Option<PastQuestion> {
        self.stay.as_ref().map(|stay| PastQuestion { stay: stay.ticket, at: stay.asked })
    }

    /// Asks for a moment; where the window comes from now, what it stands on is remembered.
    pub(super) fn ask(&mut self, ticket: Ticket, at: Created, stands: Option<(StreamName, Cursor)>) {
        if let Some(stay) = &mut self.stay {
            stay.asked = at;
        } else {
            self.stay = Some(Stay { ticket, asked: at, shown: None, filling: None, events: 0 });
            self.before = stands;
        }
    }

    /// The same moment of another list.
    pub(super) fn ask_again(&mut self, ticket: Ticket) {
        if let Some(stay) = &mut self.stay {
            *stay = Stay { ticket, asked: stay.asked, shown: None, filling: None, events: 0 };
        }
    }

    /// Goes back to now; what the window stood on before.
    pub(super) fn leave(&mut self) -> Option<(StreamName, Cursor)> {
        self.stay = None;
        self.before.take()
    }

    pub(super) fn read(&mut self, events: u64) {
        if let Some(stay) = &mut self.stay {
            stay.events = events;
        }
    }

    /// Takes in what the store says; `now` is the list of now, as which a first one is shown, and `empty` makes one.
    pub(super) fn step(
        &mut self,
        ticket: Ticket,
        step: PastStep,
        now: &List,
        empty: impl FnOnce() -> List,
    ) -> Led {
        let Some(stay) = self.stay.as_mut().filter(|stay| stay.ticket == ticket) else { return Led::Nowhere };
        let list = match (&mut stay.filling, &mut stay.shown) {
            (Some(list), _) => Some(list),
            (None, shown) => shown.as_mut().map(|shown| &mut shown.list),
        };
        match step {
            PastStep::Begins => stay.filling = Some(empty()),
            PastStep::Rows(rows) => {
                if let Some(list) = list {
                    for row in rows {
                        list.put(row);
                    }
                }
            }
            PastStep::Absent(streams) => {
                if let Some(list) = list {
                    for stream in &streams {
                        list.take_out(stream);
                    }
                }
            }
            PastStep::At { at, listing } => return stay.arrive(at, listing, now),
            PastStep::Failed(why) => {
                match &stay.shown {
                    Some(shown) => stay.asked = shown.at,
                    None => drop(self.leave()),
                }
                return Led::Failed(why);
            }
        }
        Led::Nowhere
    }
}

impl Stay {
    fn arrive(&mut self, at: Created, listing: Listing, now: &List) -> Led {
        let before = self.shown.as_ref().map(|shown| shown.at);
        if let Some(mut list) = self.filling.take() {
            list.set_clock(at);
            list.show_like(self.shown.as_ref().map_or(now, |shown| &shown.list));
            self.shown = Some(Shown { at, list, listing });
        } else if let Some(shown) = &mut self.shown {
            (shown.at, shown.listing) = (at, listing);
            shown.list.set_clock(at);
        }
        // Events that came in late change rows, and move no playhead.
        if before == Some(at) { Led::Nowhere } else { Led::To(at) }
    }
}
