//! Where the playhead goes by what is asked of the history.

use crate::app::asking::{AskIntent, Asking, Pinned};
use crate::app::opened::Opened;
use crate::app::time::History;
use crate::history::Cursor;

impl History {
    /// A sentence where there is nothing to go to.
    pub fn ask(&mut self, intent: AskIntent) -> Result<(), String> {
        match intent {
            AskIntent::NextTurn => self.go_by(next_turn),
            AskIntent::PreviousTurn => self.go_by(previous_turn),
            AskIntent::NextChange => self.go_by(next_change),
            AskIntent::PreviousChange => self.go_by(previous_change),
            AskIntent::NextBetween(event_type) => {
                self.go_by(|asking, opened| next_between(asking, opened, &event_type))
            }
            AskIntent::Field(path) => {
                self.asking.choose_field(path);
                Ok(())
            }
            AskIntent::InView(places) => {
                self.asking.look_at(places);
                Ok(())
            }
            AskIntent::Pin(pinned) => {
                self.asking.pin(Some(pinned));
                Ok(())
            }
            AskIntent::PinHere => self.pin_here(),
            AskIntent::Unpin => {
                self.asking.pin(None);
                Ok(())
            }
        }
    }

    fn go_by(&mut self, find: impl FnOnce(&Asking, &Opened) -> Result<usize, String>) -> Result<(), String> {
        let Some(opened) = &self.opened else { return Err("Open a stream first.".to_owned()) };
        let index = find(&self.asking, opened)?;
        self.travel(|opened| Ok(Cursor::on(opened.timeline(), Some(index))))
    }

    fn pin_here(&mut self) -> Result<(), String> {
        let here = self.opened.as_ref().and_then(|opened| opened.frame().record());
        let Some(record) = here else {
            return Err("No event is at the playhead. Go to one, then pin its revision.".to_owned());
        };
        self.asking.pin(Some(Pinned::Revision(record.revision)));
        Ok(())
    }
}

const NO_CONDITION: &str = "No condition is asked. Type one like Total > 50 into the filter of the list.";
const NO_FIELD: &str = "No field is chosen. Click one in the state.";

fn next_turn(asking: &Asking, opened: &Opened) -> Result<usize, String> {
    let condition = asking.condition().ok_or(NO_CONDITION)?;
    let turns = asking.turns();
    let next = turns.place_after(opened.index()).and_then(|place| turns.get(place));
    next.map(|(index, _)| index).ok_or_else(|| {
        if turns.judged() < opened.timeline().len() {
            return "The events after this one are not judged yet. Try again in a moment.".to_owned();
        }
        format!("{} does not turn after this revision.", condition.text())
    })
}

fn previous_turn(asking: &Asking, opened: &Opened) -> Result<usize, String> {
    let condition = asking.condition().ok_or(NO_CONDITION)?;
    let turns = asking.turns();
    let before = opened.index().and_then(|index| turns.place_before(index));
    let found = before.and_then(|place| turns.get(place)).map(|(index, _)| index);
    found.ok_or_else(|| format!("{} does not turn before this revision.", condition.text()))
}

fn next_change(asking: &Asking, opened: &Opened) -> Result<usize, String> {
    let field = asking.field().ok_or(NO_FIELD)?;
    let found = field.change_after(opened.index());
    found.ok_or_else(|| format!("{} does not change after this revision.", field.path()))
}

fn previous_change(asking: &Asking, opened: &Opened) -> Result<usize, String> {
    let field = asking.field().ok_or(NO_FIELD)?;
    let found = opened.index().and_then(|index| field.change_before(index));
    found.ok_or_else(|| format!("{} does not change before this revision.", field.path()))
}

/// The one after the playhead, or the first of all where none follows.
fn next_between(asking: &Asking, opened: &Opened, event_type: &str) -> Result<usize, String> {
    let timeline = opened.timeline();
    let pinned = match asking.pinned() {
        Some(Pinned::Revision(revision)) => timeline.index_at(*revision),
        Some(Pinned::Stream(_)) | None => None,
    };
    let pinned = pinned.ok_or("No revision is pinned. Pin one first.")?;
    let here = opened.index().map_or(0, |index| index + 1);
    let (from, to) = if pinned < here { (pinned + 1, here) } else { (here, pinned + 1) };
    let first = |from| timeline.density().first_of_type(event_type, from).filter(|&index| index < to);
    let after = if here < to { first(here) } else { None };
    after
        .or_else(|| first(from))
        .ok_or_else(|| format!("There is no {event_type} between the two revisions."))
}
