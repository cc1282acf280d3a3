//! Everything a person can want, whether by button, key, menu or palette; each group is handled where its state is.

use super::asking::{AskIntent, Work};
use super::connections::{ConnectionColor, ConnectionKey, WriteMode};
use super::database::DatabaseIntent;
use super::event_columns::EventColumns;
use super::lesson::LessonIntent;
use super::list::{Facet, Sort};
use super::panel_sizes::SizedPanel;
use super::password::Password;
use super::playback::LoopRange;
use super::problems::ProblemsIntent;
use super::related::RelatedIntent;
use super::showing::{HistoryText, ShowIntent};
use super::write::{DecideAt, InFlight};
use crate::decision::{Append, Expected};
use crate::lesson::Run;
use crate::record::{Created, Revision, StreamName};
use crate::store::{ChangeKind, ConnectionString, Denial, Target, Ticket};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

#[derive(Debug, Clone, PartialEq)]
pub enum Intent {
    Connection(ConnectionIntent),
    List(ListIntent),
    Time(TimeIntent),
    View(ViewIntent),
    Command(CommandIntent),
    Definition(DefinitionIntent),
    Ask(AskIntent),
    Related(RelatedIntent),
    Database(DatabaseIntent),
    File(FileIntent),
    Lesson(LessonIntent),
    Show(ShowIntent),
}

impl Intent {
    /// Opens the stream at the event of this revision.
    pub fn open_at(stream: StreamName, revision: Revision) -> [Self; 2] {
        [Self::List(ListIntent::Select(stream)), Self::Time(TimeIntent::GoTo(revision))]
    }
}

/// A history that was exported.
#[derive(Debug, Clone, PartialEq)]
pub enum FileIntent {
    /// Asks for one.
    Choose,
    Open(PathBuf),
    /// Asks where the open stream is to be written.
    Export,
    CancelExport,
}

#[derive(Debug, Clone, PartialEq)]
pub enum DefinitionIntent {
    /// Asks for a file.
    Choose,
    /// A file beside those of the folders, from now on.
    Add(PathBuf),
    Forget(PathBuf),
    /// The streams of a file's definition, folded by another one, too.
    FoldWith(Arc<str>, FoldWith),
    StopComparing,
}

/// By what a definition's streams are folded beside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FoldWith {
    /// A file that is asked for.
    ChosenFile,
    /// The definition of this file.
    Definition(Arc<str>),
    /// What would count if it were not there.
    WithoutIt,
}

#[derive(Debug, Clone, PartialEq)]
pub enum ConnectionIntent {
    Connect(Target),
    RetryNow,
    ResetSandbox,
    WriteMode(WriteMode),
    /// Whether a database that does not say is no production.
    NotProduction(bool),
    /// The connection that is known by this key.
    ConnectTo(ConnectionKey),
    /// This connection gets a name, and is kept for it.
    SaveAs(ConnectionString, String),
    /// An empty text takes the name away.
    Rename(ConnectionKey, String),
    Recolor(ConnectionKey, Option<ConnectionColor>),
    Forget(ConnectionKey),
    /// Asks for the password of this connection's user, as another one.
    AskPassword,
    /// The password that the dialog asked for; with `keep` the keyring gets it once the server accepts it.
    LogIn {
        password: Password,
        keep: bool,
    },
    /// The named ones into a file, and from one.
    Export,
    Import,
}

#[derive(Debug, Clone, PartialEq)]
pub enum ListIntent {
    Filter(String),
    Facet(Facet),
    /// The time, for a filter that asks how long ago the last event was.
    Clock(Created),
    /// No text and no facet.
    ClearFilter,
    Sort(Sort),
    /// The order as it is, the other way round.
    ReverseSort,
    /// The text before the first `-` of the streams' names; `*` for every stream.
    Category(String),
    Select(StreamName),
    /// So many rows down, or up.
    SelectNext(i64),
    CloseStream,
    /// Of the open stream: what was read stays, the rest is left.
    StopReading,
    ReadOn,
    /// In which streams the condition was ever true: reads every event of the list.
    AskEver,
    StopAskingEver,
}

#[derive(Debug, Clone, PartialEq)]
pub enum TimeIntent {
    Step(i64),
    Oldest,
    Newest,
    GoTo(Revision),
    /// The last event that was stored until then.
    GoToTime(Created),
    /// The whole window at a moment: the list as it was, the open stream at its last event until then. `None` is now.
    AsOf(Option<Created>),
    /// What changed between two moments, in all streams of the list; without the later one until now.
    Changes {
        from: Created,
        to: Option<Created>,
    },
    /// Before the first event.
    GoToOrigin,
    NextProblem,
    PreviousProblem,
    PlayPause,
    /// Events a second, or how many times faster than it happened.
    Speed(u32),
    /// The next faster speed, or the next slower one.
    OtherSpeed(bool),
    PlayByTime(bool),
    OtherScale,
    /// The track shows so many times as much, with the same event at this place of it, or at the playhead.
    Zoom {
        times: f64,
        around: Option<f64>,
    },
    /// So many of the track's widths further on.
    Pan(f64),
    /// The track shows the whole history.
    ShowAll,
    /// Playback goes round in it, or runs to the end.
    Loop(Option<LoopRange>),
    /// The loop begins at the playhead, or ends there.
    LoopHere {
        begins: bool,
    },
    /// Seconds of a frame while playing.
    Tick(f64),
}

#[derive(Debug, Clone, PartialEq)]
pub enum ViewIntent {
    Tab(Tab),
    /// The theme after the one that is shown.
    NextTheme,
    /// What the system's own theme is.
    SystemIsDark(bool),
    Open(Dialog),
    CloseDialog,
    /// Whether this connection string leads to a database.
    Probe(ConnectionString),
    /// Another one is typed.
    ForgetProbe,
    /// The file of a certificate authority.
    ChooseFile,
    /// While the dialog is open.
    CountCategories,
    /// The exact bytes of the event under the cursor.
    CopyData,
    /// The same of another event of the open stream.
    CopyDataOf(Revision),
    Copy(String),
    /// Those of the event table.
    Columns(EventColumns),
    /// A panel was dragged to this size.
    PanelSize(SizedPanel, f32),
    /// Of what changed between two moments, only this.
    ShowChanges(Option<ChangeKind>),
    Problems(ProblemsIntent),
    DismissNotice,
    /// What the window says of the sandbox is known.
    DismissIntroduction,
    /// In which the notice could be read.
    TimePassed(Duration),
}

/// The inspector's tabs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Tab {
    #[default]
    State,
    Changes,
    Event,
    Raw,
    Compare,
}

/// What lies over the window until it is answered.
#[derive(Debug, Clone, PartialEq)]
pub enum Dialog {
    /// Which database, and its nodes.
    Connection,
    Connect,
    /// The password of the user in this string, which holds none.
    LogIn {
        string: ConnectionString,
        /// Why the one before is not accepted.
        refused: Option<Denial>,
    },
    Keys,
    ConfirmReset,
    ConfirmAppend {
        append: Append,
        decided_at: Option<Revision>,
        /// The write of unknown fate that this one repeats.
        repeats: Option<Ticket>,
    },
    Palette,
    /// Another category to list.
    Categories,
    Journal,
    /// The user's definition files.
    Definitions,
    /// What two definitions make of the same streams.
    Comparison,
    /// A moment is typed, at which the list is shown.
    AsOf,
    /// What changed between two moments.
    MomentDifference,
    /// Every revision at which the condition turns.
    Turns,
    /// In which streams of the list the condition was ever true.
    Ever,
    /// Of all streams of the list.
    Problems,
    /// What is written now, a search over everything, projections and parked messages.
    Database,
    /// Events that belong together.
    Related,
    /// The lessons that can be started.
    Lessons,
}

#[derive(Debug, Clone, PartialEq)]
pub enum CommandIntent {
    /// The command of this place among the aggregate's.
    Form(usize),
    /// The text of a field: the command's place, the field's, and what is typed.
    Field(usize, usize, String),
    /// Empties the fields of the command but for the one that names the stream.
    Clear,
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
    /// The write that waits to be sent is wanted no more.
    Withdraw,
    /// A write of unknown fate once more, with the same event ids.
    Resend(Ticket),
    /// A write of unknown fate is no longer looked for.
    ForgetWrite(Ticket),
}

/// What the state asks of the shell.
#[derive(Debug)]
pub enum Effect {
    /// Is under way only once the store has taken it.
    Append(Box<InFlight>),
    Copy(String),
    /// Answered once, as are the next two, each with its number.
    ResetSandbox,
    ChooseFile(u64),
    ReadJournal(u64),
    /// Asks for a file, and writes this text into it.
    ExportConnections(String),
    /// Asks for a file, and answers its bytes.
    ImportConnections,
    /// Tests whether the string leads to a database where the category can be listed; answered by steps.
    Probe(u64, ConnectionString, String),
    /// Of the keyring: the password of an entry, one to keep, and one to forget.
    ReadPassword(u64, String),
    KeepPassword(String, Password),
    ForgetPassword(String),
    /// Asks for a definition file, and answers its path.
    ChooseDefinition,
    /// Asks for a file, and answers its definition, which this one is compared with.
    ChooseOtherDefinition(Arc<str>),
    /// Asks for a file of this name, and answers its path: this stream is written there.
    ChooseExport(StreamName, String),
    /// Asks for a history file, and answers its path.
    ChooseHistory,
    /// Reads a history file, and answers how it is served.
    OpenHistory(PathBuf),
    /// The definition files beside those of the folders are these.
    WatchDefinitions(Vec<PathBuf>),
    /// Work on the open stream's past, beside the frames.
    Ask(Box<Work>),
    /// Reads the lessons of the folder, and answers them.
    ReadLessons(u64),
    /// Does the next step of the run, and answers what it came to.
    PerformStep(Box<Run>),
    /// What the lesson changed of the sandbox itself is undone.
    EndLesson,
    /// Makes the text beside the frames, and answers it.
    WriteHistory(Box<HistoryText>),
    /// Copies a picture of the next frame, or asks for a file for it.
    CopyPicture,
    SavePicture,
    /// Settings changed: keep them.
    Save,
}
