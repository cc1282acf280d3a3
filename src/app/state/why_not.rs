//! Why an action of the command table would do nothing now: what greys out its button, and what the palette says beside it.

use super::app::App;
use crate::app::actions::Action;
use crate::app::opened::Opened;
use crate::store::{Life, Target};

const NO_CONDITION: &str = "No condition is asked: type one like Total > 50 into the filter";

impl App {
    /// Why an action would do nothing now, where it would not.
    pub fn why_not(&self, action: Action) -> Option<&'static str> {
        let index = self.opened().and_then(Opened::row_at_cursor);
        let length = self.opened().map_or(0, Opened::row_count);
        let unless = |holds: bool, why| nothing_to_step(self.opened()).or(holds.then_some(why));
        match action {
            Action::StepBack | Action::TenBack | Action::Origin => {
                unless(index.is_none(), "Nothing is before this")
            }
            Action::Oldest => unless(index == Some(0), "This is the oldest event"),
            Action::StepForward | Action::TenForward => {
                unless(index.map_or(0, |i| i + 1) >= length, "This is the newest event")
            }
            Action::Newest => unless(self.is_live(), "Already on the newest event"),
            Action::Slower | Action::Faster => {
                let other = self.playback().other_speed(action == Action::Faster);
                other.is_none().then_some("There is no such speed")
            }
            Action::Play
            | Action::NextProblem
            | Action::PreviousProblem
            | Action::ZoomIn
            | Action::OtherScale
            | Action::LoopFrom
            | Action::LoopTo
            | Action::CopyHistory => nothing_to_step(self.opened()),
            Action::ZoomOut | Action::ShowAll | Action::PanBack | Action::PanForward => {
                let shows_all = self.time_scale().is_none_or(|scale| scale.shows_all());
                unless(shows_all, "The whole history is shown")
            }
            Action::ClearLoop => self.loop_range().is_none().then_some("Nothing is looped"),
            Action::CopyData | Action::Pin | Action::Together | Action::Around => {
                unless(index.is_none(), "No event is selected")
            }
            Action::StopReading => {
                unless(!self.opened().is_some_and(Opened::is_being_read), "Nothing is being read")
            }
            Action::ReadOn => {
                unless(!self.opened().is_some_and(Opened::is_stopped), "No reading was stopped")
            }
            Action::LessonStream => (!self.lessons.is_running()).then_some("No lesson is under way"),
            Action::Now => self.past().asked().is_none().then_some("The list is as it is now"),
            Action::ExportStream if self.exporting().is_some() => Some("Another export is under way"),
            Action::ExportStream => self.opened().is_none().then_some("No stream is open"),
            Action::CancelExport => self.exporting().is_none().then_some("Nothing is exported"),
            Action::ClearFilter => (!self.list().is_filtered()).then_some("Nothing is filtered"),
            Action::ExportConnections => {
                self.settings().recent.named().next().is_none().then_some("No connection has a name yet")
            }
            Action::LogIn => {
                let names_user = matches!(self.target(), Target::Server(string) if string.user().is_some());
                (!names_user).then_some("This connection names no user")
            }
            Action::ResetSandbox => (*self.target() != Target::Sandbox).then_some("This is not the sandbox"),
            Action::NextTurn | Action::PreviousTurn | Action::Turns => {
                let asks = self.asking().condition().is_some();
                unless(!asks, NO_CONDITION)
            }
            Action::Ever => self.list().condition().is_none().then_some(NO_CONDITION),
            Action::Problems => {
                (self.list().problems() == 0).then_some("No stream of the list has a problem")
            }
            Action::NextChange | Action::PreviousChange => {
                unless(self.asking().field().is_none(), "No field is chosen: click one in the state")
            }
            Action::CopyState => {
                let state = self.opened().and_then(|opened| opened.frame().fields.as_ref());
                state.is_none().then_some("There is no state here")
            }
            Action::Unpin => self.asking().pinned().is_none().then_some("No revision is pinned"),
            Action::StreamAbove
            | Action::StreamBelow
            | Action::Filter
            | Action::Find
            | Action::SortByName
            | Action::Categories
            | Action::AsOf
            | Action::Palette
            | Action::State
            | Action::Changes
            | Action::Event
            | Action::Raw
            | Action::Compare
            | Action::Retry
            | Action::Connect
            | Action::Connection
            | Action::ImportConnections
            | Action::OpenFile
            | Action::Journal
            | Action::Lessons
            | Action::Database
            | Action::Definitions
            | Action::ToggleTheme
            | Action::ReduceMotion
            | Action::Present
            | Action::CopyPicture
            | Action::SavePicture
            | Action::Keys
            | Action::Close => None,
        }
    }
}

/// Why there is nothing to step through or to play, where there is not.
fn nothing_to_step(opened: Option<&Opened>) -> Option<&'static str> {
    let Some(opened) = opened else { return Some("No stream is open") };
    let why = match opened.life() {
        _ if !opened.timeline().is_empty() => return None,
        Life::Reading => "The events are still on their way",
        Life::Failed(_) => "This stream cannot be read",
        Life::Missing => "It has no event to step to: this stream does not exist",
        Life::SoftDeleted | Life::Tombstoned => "This stream is deleted",
        Life::Live => "No events of this stream can be read",
    };
    Some(why)
}
