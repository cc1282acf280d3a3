//! Everything a person can want, whether by button, key or palette.

use super::{DecideAt, Dialog, Facet, Form, InFlight, Sort, Tab, Theme, WriteMode};
use crate::record::{Revision, StreamName};
use crate::store::{Expected, Target, Ticket};

#[derive(Debug, Clone, PartialEq)]
pub enum Intent {
    // The connection.
    Connect(Target),
    RetryNow,
    ResetSandbox,
    // The stream list.
    Filter(String),
    Facet(Facet),
    Sort(Sort),
    Category(String),
    Select(StreamName),
    SelectNext(i64),
    CloseStream,
    // Time.
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
    /// The frame's time went on by this many seconds while playing.
    Tick(f64),
    // Looking.
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
    // Commands.
    Form(Form),
    User(String),
    Total(String),
    NewOrderId(String),
    Order(String),
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
    WriteMode(WriteMode),
    /// Whether a database that does not say is no production.
    NotProduction(bool),
}

/// What a door asks of the shell.
#[derive(Debug)]
pub enum Effect {
    /// Is under way only once the store has taken it: [`super::App::sent`] tells.
    Append(Box<InFlight>),
    Copy(String),
    ResetSandbox,
    /// Settings changed: keep them.
    Save,
}
