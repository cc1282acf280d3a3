//! Everything a person can want, whether by button, key, menu or palette; each group is handled where its state is.

use super::{DecideAt, Dialog, Facet, InFlight, Sort, Tab, Theme, WriteMode};
use crate::decision::Expected;
use crate::record::{Revision, StreamName};
use crate::store::{Target, Ticket};

#[derive(Debug, Clone, PartialEq)]
pub enum Intent {
    Connection(ConnectionIntent),
    List(ListIntent),
    Time(TimeIntent),
    View(ViewIntent),
    Command(CommandIntent),
}

#[derive(Debug, Clone, PartialEq)]
pub enum ConnectionIntent {
    Connect(Target),
    RetryNow,
    ResetSandbox,
    WriteMode(WriteMode),
    /// Whether a database that does not say is no production.
    NotProduction(bool),
}

#[derive(Debug, Clone, PartialEq)]
pub enum ListIntent {
    Filter(String),
    Facet(Facet),
    Sort(Sort),
    /// The text before the first `-` of the streams' names; `*` for every stream.
    Category(String),
    Select(StreamName),
    /// So many rows down, or up.
    SelectNext(i64),
    CloseStream,
}

#[derive(Debug, Clone, PartialEq)]
pub enum TimeIntent {
    Step(i64),
    Oldest,
    Newest,
    GoTo(Revision),
    /// Before the first event.
    GoToOrigin,
    NextProblem,
    PreviousProblem,
    PlayPause,
    Speed(u32),
    PlayByTime(bool),
    /// Seconds of a frame while playing.
    Tick(f64),
}

#[derive(Debug, Clone, PartialEq)]
pub enum ViewIntent {
    Tab(Tab),
    Theme(Theme),
    Open(Dialog),
    CloseDialog,
    /// The palette's text was entered.
    GoToAnything(String),
    /// The exact bytes of the event under the cursor.
    CopyData,
    Copy(String),
    DismissNotice,
}

#[derive(Debug, Clone, PartialEq)]
pub enum CommandIntent {
    /// The command of this place among the aggregate's.
    Form(usize),
    /// The text of a field: the command's place, the field's, and what is typed.
    Field(usize, usize, String),
    DecideAt(DecideAt),
    /// `None`: exactly the revision decided at.
    Expected(Option<Expected>),
    /// Who writes and where, for the metadata.
    Who(String),
    Place(String),
    Append,
    /// The confirmation was given.
    ConfirmAppend,
    /// The stream's name, typed before a write to production.
    TypedName(String),
    /// After a conflict: on what is there now.
    DecideAgain,
    /// A write of unknown fate once more, with the same event ids.
    Resend(Ticket),
    /// A write of unknown fate is no longer looked for.
    ForgetWrite(Ticket),
}

/// What [`super::App::apply`] and [`super::App::absorb`] ask of the shell.
#[derive(Debug)]
pub enum Effect {
    /// Is under way only once the store has taken it: [`super::App::sent`] tells.
    Append(Box<InFlight>),
    Copy(String),
    ResetSandbox,
    /// Settings changed: keep them.
    Save,
}
