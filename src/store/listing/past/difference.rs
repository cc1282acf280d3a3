//! What two moments of the list differ in, stream by stream.

use super::{Past, TURN};
use crate::aggregate::State;
use crate::history::changes;
use crate::record::Created;
use crate::store::{ChangeKind, Presence, StreamChange, StreamRow};
use std::time::Instant;

/// The streams of which the two moments may differ, while they are looked at.
#[derive(Debug)]
pub struct Difference {
    from: Created,
    to: Created,
    places: Vec<u32>,
    next: usize,
    /// Of the stream that is looked at, as it was at the first moment.
    before: Option<(Option<StreamRow>, Option<State>)>,
    pub found: Vec<StreamChange>,
}

impl Difference {
    /// Streams that are looked at in all.
    pub fn streams(&self) -> u64 {
        self.places.len() as u64
    }
}

impl Past {
    /// Between two moments, of which the earlier one is the first.
    pub(super) fn begin_difference(&mut self, one: Created, other: Created) -> Difference {
        let (from, to) = (one.min(other), one.max(other));
        self.index_until(to);
        self.is_displaced = true;
        let mut places = self.index.between(&self.events, from, to);
        places.extend(&self.aging);
        places.sort_unstable();
        places.dedup();
        Difference { from, to, places, next: 0, before: None, found: Vec::new() }
    }

    /// Looks at streams for one turn; whether all are looked at.
    pub(super) fn compare(&mut self, difference: &mut Difference) -> bool {
        let began = Instant::now();
        while let Some(&place) = difference.places.get(difference.next) {
            match difference.before.take() {
                None => difference.before = self.seen(place, difference.from),
                before => match self.seen(place, difference.to) {
                    None => difference.before = before,
                    Some(after) => {
                        difference.next += 1;
                        difference.found.extend(before.and_then(|before| self.change(place, before, after)));
                    }
                },
            }
            if began.elapsed() > TURN {
                return false;
            }
        }
        true
    }

    /// The row and the state of a stream at a moment; `None` before it is folded up to there.
    fn seen(&mut self, place: u32, at: Created) -> Option<(Option<StreamRow>, Option<State>)> {
        if !self.stand(place, at) {
            return None;
        }
        let (name, stream) = self.streams.get_index_mut(place as usize)?;
        let row = stream.row(name, at);
        let is_live = row.as_ref().is_some_and(|row| row.presence == Presence::Live);
        let state = stream.fold().filter(|_| is_live).map(|fold| fold.stream.state(at).clone());
        Some((row, state))
    }

    fn change(
        &self,
        place: u32,
        (before, earlier): (Option<StreamRow>, Option<State>),
        (after, later): (Option<StreamRow>, Option<State>),
    ) -> Option<StreamChange> {
        let kind = kind(before.as_ref(), after.as_ref())?;
        let (name, _) = self.streams.get_index(place as usize)?;
        let aggregate = &**self.registry.for_stream(name);
        let fields = match (kind, later) {
            (ChangeKind::New | ChangeKind::Changed, Some(later)) => {
                let earlier = earlier.unwrap_or_else(|| aggregate.initial(name));
                changes(aggregate, &earlier, &later)
            }
            _ => Vec::new(),
        };
        Some(StreamChange { stream: name.clone(), kind, before, after, fields })
    }
}

fn kind(before: Option<&StreamRow>, after: Option<&StreamRow>) -> Option<ChangeKind> {
    let is_gone = |row: &StreamRow| matches!(row.presence, Presence::Deleted | Presence::Tombstoned);
    match (before, after) {
        (None, None) => None,
        (Some(before), Some(after)) if before == after => None,
        (Some(before), _) if before.presence == Presence::Unknown => Some(ChangeKind::Unknown),
        (None, Some(after)) if is_gone(after) => Some(ChangeKind::Gone),
        (None, Some(_)) => Some(ChangeKind::New),
        (Some(_), None) => Some(ChangeKind::Gone),
        (Some(before), Some(after)) => Some(match (is_gone(before), is_gone(after)) {
            (false, true) => ChangeKind::Gone,
            (true, false) => ChangeKind::New,
            _ => ChangeKind::Changed,
        }),
    }
}
