//! The command table: everything that has a name, a key or a place in the palette, once; buttons, menus, keys, the list of keys
//! and the palette all read it.

use super::asking::AskIntent;
use super::intent::{ConnectionIntent, Dialog, FileIntent, Intent, ListIntent, Tab, TimeIntent, ViewIntent};
use super::keys::{Chord, Key};
use super::lesson::LessonIntent;
use super::list::Sort;
use super::related::RelatedIntent;
use super::showing::ShowIntent;

/// What a person can do by name or key, whatever is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    Play,
    StepBack,
    StepForward,
    TenBack,
    TenForward,
    Oldest,
    Newest,
    Origin,
    NextProblem,
    PreviousProblem,
    Slower,
    Faster,
    OtherScale,
    ZoomIn,
    ZoomOut,
    ShowAll,
    PanBack,
    PanForward,
    LoopFrom,
    LoopTo,
    ClearLoop,
    StreamAbove,
    StreamBelow,
    Filter,
    ClearFilter,
    SortByName,
    Categories,
    AsOf,
    Now,
    Palette,
    State,
    Changes,
    Event,
    Raw,
    Compare,
    NextTurn,
    PreviousTurn,
    Turns,
    Ever,
    Problems,
    Together,
    Around,
    NextChange,
    PreviousChange,
    Pin,
    Unpin,
    CopyData,
    Find,
    StopReading,
    ReadOn,
    Retry,
    Connect,
    LogIn,
    Connection,
    ExportConnections,
    ImportConnections,
    OpenFile,
    ExportStream,
    CancelExport,
    ResetSandbox,
    Journal,
    Database,
    Definitions,
    Lessons,
    LessonStream,
    ToggleTheme,
    ReduceMotion,
    Present,
    CopyState,
    CopyHistory,
    CopyPicture,
    SavePicture,
    Keys,
    Close,
}

/// One line of the table.
#[derive(Debug)]
pub struct Entry {
    pub action: Action,
    /// As buttons, menus and the palette call it.
    pub name: &'static str,
    /// What it does, as the palette and the list of keys say it.
    pub about: &'static str,
    pub chord: Option<Chord>,
    /// What else the palette takes for it, in lower case.
    pub words: &'static [&'static str],
}

const fn entry(action: Action, name: &'static str, about: &'static str) -> Entry {
    Entry { action, name, about, chord: None, words: &[] }
}

impl Entry {
    const fn plain(self, key: Key) -> Self {
        Self { chord: Some(Chord::plain(key)), ..self }
    }

    const fn shift(self, key: Key) -> Self {
        Self { chord: Some(Chord::shift(key)), ..self }
    }

    const fn ctrl(self, key: Key) -> Self {
        Self { chord: Some(Chord::ctrl(key)), ..self }
    }

    const fn words(self, words: &'static [&'static str]) -> Self {
        Self { words, ..self }
    }
}

use Action as A;

/// Shift before plain: a plain chord would take the shifted key too.
pub const ACTIONS: [Entry; 74] = [
    entry(A::Play, "Play", "play or pause").plain(Key::Space).words(&["pause"]),
    entry(A::TenBack, "Ten back", "ten events back").shift(Key::Left),
    entry(A::TenForward, "Ten forward", "ten events forward").shift(Key::Right),
    entry(A::StepBack, "Step back", "one event back").plain(Key::Left),
    entry(A::StepForward, "Step forward", "one event forward").plain(Key::Right),
    entry(A::Oldest, "Oldest", "the oldest event").plain(Key::Home),
    entry(A::Newest, "Newest", "the newest event, and those that follow").plain(Key::End).words(&["live"]),
    entry(A::Origin, "Origin", "before the first event"),
    entry(A::PreviousProblem, "Previous problem", "the problem before").shift(Key::Sign('N')),
    entry(A::NextProblem, "Next problem", "the next problem").plain(Key::Sign('N')),
    entry(A::Slower, "Slower", "play slower").plain(Key::Sign('<')),
    entry(A::Faster, "Faster", "play faster").plain(Key::Sign('>')),
    entry(A::Together, "Belongs together", "all events of the correlation, over all streams")
        .shift(Key::Sign('T'))
        .words(&["correlation", "causation"]),
    entry(A::Around, "What else happened", "what was written to the database around the event")
        .plain(Key::Sign('W'))
        .words(&["around", "then"]),
    entry(A::OtherScale, "By event or by time", "the track by event or by time").plain(Key::Sign('T')),
    entry(A::ZoomIn, "Zoom in", "less of the track, larger").plain(Key::Sign('+')),
    entry(A::ZoomOut, "Zoom out", "more of the track").plain(Key::Sign('-')),
    entry(A::LessonStream, "Open the stream", "the lesson's stream in the ordinary window")
        .shift(Key::Sign('O')),
    entry(A::ShowAll, "Show all", "the whole track").plain(Key::Sign('0')).words(&["reset zoom"]),
    entry(A::PanBack, "Pan back", "the part of the track before").plain(Key::Sign(',')),
    entry(A::PanForward, "Pan forward", "the part of the track after").plain(Key::Sign('.')),
    entry(A::LoopFrom, "Loop from here", "loop from this event on").plain(Key::Sign('I')),
    entry(A::LoopTo, "Loop to here", "loop up to this event").plain(Key::Sign('O')),
    entry(A::ClearLoop, "Clear loop", "play to the end again"),
    entry(A::StreamAbove, "Stream above", "the stream above").plain(Key::Up),
    entry(A::StreamBelow, "Stream below", "the stream below").plain(Key::Down),
    entry(A::Filter, "Filter streams", "filter the streams").plain(Key::Sign('/')),
    entry(A::ClearFilter, "Clear filter", "show every stream of the list"),
    entry(A::SortByName, "Sort by name", "sort the list"),
    entry(A::Lessons, "Lessons", "stories told by real events in the sandbox, step by step")
        .shift(Key::Sign('L'))
        .words(&["learn", "teach", "tutorial"]),
    entry(A::Categories, "Category", "list another category").plain(Key::Sign('L')),
    entry(A::AsOf, "As of a moment", "the list as it was at a moment, or what changed since")
        .plain(Key::Sign('A'))
        .words(&["past", "time", "changes"]),
    entry(A::Now, "Back to now", "the list as it is now"),
    entry(A::Palette, "Go to anything", "go to anything").ctrl(Key::Sign('K')),
    entry(A::State, "State", "the state at the playhead").plain(Key::Sign('1')),
    entry(A::Changes, "Changes", "what the event changed").plain(Key::Sign('2')),
    entry(A::Event, "Event", "the event's data and metadata").plain(Key::Sign('3')),
    entry(A::Raw, "Raw", "the event's bytes").plain(Key::Sign('4')),
    entry(A::Compare, "Compare", "two revisions side by side").plain(Key::Sign('5')),
    entry(A::PreviousTurn, "Previous turn", "where the condition turned before").plain(Key::Sign('[')),
    entry(A::NextTurn, "Next turn", "where the condition turns next").plain(Key::Sign(']')),
    entry(A::Turns, "All turns", "every revision at which the condition turns"),
    entry(A::Ever, "Ever true", "in which streams the condition was ever true, and where first")
        .words(&["first time", "condition"]),
    entry(A::Problems, "Problems", "the problems of all streams of the list")
        .shift(Key::Sign('P'))
        .words(&["errors", "wrong"]),
    entry(A::PreviousChange, "Previous change", "the change of the field before").shift(Key::Sign('C')),
    entry(A::NextChange, "Next change", "the next change of the field").plain(Key::Sign('C')),
    entry(A::Pin, "Pin revision", "compare this revision with others").plain(Key::Sign('P')),
    entry(A::Unpin, "Unpin revision", "compare no longer"),
    entry(A::CopyData, "Copy data", "copy the event's exact data").ctrl(Key::Sign('C')),
    entry(A::Find, "Find in event", "find text in the event's data").ctrl(Key::Sign('F')),
    entry(A::StopReading, "Stop reading", "keep what was read of the open stream").words(&["cancel"]),
    entry(A::ReadOn, "Read on", "the rest of the open stream"),
    entry(A::Retry, "Retry now", "try again: the connection, what was denied")
        .plain(Key::F5)
        .words(&["retry"]),
    entry(A::Connect, "Connect", "to another database"),
    entry(A::LogIn, "Log in", "with another password").words(&["password", "login"]),
    entry(A::Connection, "Connection", "which database, and how its nodes are").words(&["nodes", "cluster"]),
    entry(A::ExportConnections, "Export connections", "the named servers into a file, without passwords"),
    entry(A::ImportConnections, "Import connections", "the named servers of a file"),
    entry(A::OpenFile, "Open file", "a stream that was exported").words(&["open", "history"]),
    entry(A::ExportStream, "Export stream", "the open stream into a file, without loss")
        .words(&["export", "save"]),
    entry(A::CancelExport, "Cancel export", "no file is written"),
    entry(A::ResetSandbox, "Reset sandbox", "write the samples anew"),
    entry(A::Journal, "Journal", "what this program wrote"),
    entry(
        A::Database,
        "Database",
        "what is written now, a search over everything, projections, parked messages",
    )
    .plain(Key::Sign('B'))
    .words(&["tail", "search", "projections", "parked"]),
    entry(A::Definitions, "Definitions", "the files that fold streams by your own rules")
        .plain(Key::Sign('D'))
        .words(&["aggregates", "javascript", "projection", "script"]),
    entry(A::ToggleTheme, "Toggle theme", "dark, light, or as the system"),
    entry(A::ReduceMotion, "Reduced motion", "no transitions and no blinking, or both again")
        .words(&["animation", "accessibility"]),
    entry(A::Present, "Present", "larger, with nothing but the stream, and with the keys that are pressed")
        .plain(Key::F11)
        .words(&["presentation", "full screen", "teach"]),
    entry(A::CopyState, "Copy state", "copy the state at the playhead as JSON").words(&["json"]),
    entry(A::CopyHistory, "Copy history as Markdown", "copy a table of the open stream's events")
        .words(&["export", "table"]),
    entry(A::CopyPicture, "Copy picture", "copy a picture of the window").words(&["screenshot", "image"]),
    entry(A::SavePicture, "Save picture", "write a picture of the window into a file").words(&[
        "screenshot",
        "image",
        "png",
    ]),
    entry(A::Keys, "Keys", "this list").plain(Key::Sign('?')).words(&["help"]),
    entry(
        A::Close,
        "Close",
        "leave a field, close, clear the filter, the loop or the command, unpin, cancel a write that waits, back to now",
    )
    .plain(Key::Escape),
];

impl Action {
    /// What it asks for; `None` where the field or dialog that has the focus does it by itself.
    pub fn intent(self) -> Option<Intent> {
        let time = |intent| Some(Intent::Time(intent));
        let open = |dialog| Some(Intent::View(ViewIntent::Open(dialog)));
        let tab = |tab| Some(Intent::View(ViewIntent::Tab(tab)));
        let ask = |intent| Some(Intent::Ask(intent));
        let show = |intent| Some(Intent::Show(intent));
        match self {
            Self::Play => time(TimeIntent::PlayPause),
            Self::StepBack => time(TimeIntent::Step(-1)),
            Self::StepForward => time(TimeIntent::Step(1)),
            Self::TenBack => time(TimeIntent::Step(-10)),
            Self::TenForward => time(TimeIntent::Step(10)),
            Self::Oldest => time(TimeIntent::Oldest),
            Self::Newest => time(TimeIntent::Newest),
            Self::Origin => time(TimeIntent::GoToOrigin),
            Self::NextProblem => time(TimeIntent::NextProblem),
            Self::PreviousProblem => time(TimeIntent::PreviousProblem),
            Self::Slower => time(TimeIntent::OtherSpeed(false)),
            Self::Faster => time(TimeIntent::OtherSpeed(true)),
            Self::OtherScale => time(TimeIntent::OtherScale),
            Self::ZoomIn => time(TimeIntent::Zoom { times: 0.5, around: None }),
            Self::ZoomOut => time(TimeIntent::Zoom { times: 2.0, around: None }),
            Self::ShowAll => time(TimeIntent::ShowAll),
            Self::PanBack => time(TimeIntent::Pan(-0.25)),
            Self::PanForward => time(TimeIntent::Pan(0.25)),
            Self::LoopFrom => time(TimeIntent::LoopHere { begins: true }),
            Self::LoopTo => time(TimeIntent::LoopHere { begins: false }),
            Self::ClearLoop => time(TimeIntent::Loop(None)),
            Self::StreamAbove => Some(Intent::List(ListIntent::SelectNext(-1))),
            Self::StreamBelow => Some(Intent::List(ListIntent::SelectNext(1))),
            Self::ClearFilter => Some(Intent::List(ListIntent::ClearFilter)),
            Self::SortByName => Some(Intent::List(ListIntent::Sort(Sort::Name))),
            Self::Categories => open(Dialog::Categories),
            Self::AsOf => open(Dialog::AsOf),
            Self::Now => time(TimeIntent::AsOf(None)),
            Self::Palette => open(Dialog::Palette),
            Self::State => tab(Tab::State),
            Self::Changes => tab(Tab::Changes),
            Self::Event => tab(Tab::Event),
            Self::Raw => tab(Tab::Raw),
            Self::Compare => tab(Tab::Compare),
            Self::NextTurn => ask(AskIntent::NextTurn),
            Self::PreviousTurn => ask(AskIntent::PreviousTurn),
            Self::Turns => open(Dialog::Turns),
            Self::Ever => open(Dialog::Ever),
            Self::Problems => open(Dialog::Problems),
            Self::Together => Some(Intent::Related(RelatedIntent::Together)),
            Self::Around => Some(Intent::Related(RelatedIntent::Around)),
            Self::NextChange => ask(AskIntent::NextChange),
            Self::PreviousChange => ask(AskIntent::PreviousChange),
            Self::Pin => ask(AskIntent::PinHere),
            Self::Unpin => ask(AskIntent::Unpin),
            Self::CopyData => Some(Intent::View(ViewIntent::CopyData)),
            Self::StopReading => Some(Intent::List(ListIntent::StopReading)),
            Self::ReadOn => Some(Intent::List(ListIntent::ReadOn)),
            Self::Retry => Some(Intent::Connection(ConnectionIntent::RetryNow)),
            Self::Connect => open(Dialog::Connect),
            Self::LogIn => Some(Intent::Connection(ConnectionIntent::AskPassword)),
            Self::Connection => open(Dialog::Connection),
            Self::ExportConnections => Some(Intent::Connection(ConnectionIntent::Export)),
            Self::ImportConnections => Some(Intent::Connection(ConnectionIntent::Import)),
            Self::OpenFile => Some(Intent::File(FileIntent::Choose)),
            Self::ExportStream => Some(Intent::File(FileIntent::Export)),
            Self::CancelExport => Some(Intent::File(FileIntent::CancelExport)),
            Self::ResetSandbox => open(Dialog::ConfirmReset),
            Self::Journal => open(Dialog::Journal),
            Self::Database => open(Dialog::Database),
            Self::Definitions => open(Dialog::Definitions),
            Self::Lessons => open(Dialog::Lessons),
            Self::LessonStream => Some(Intent::Lesson(LessonIntent::OpenStream)),
            Self::ToggleTheme => Some(Intent::View(ViewIntent::NextTheme)),
            Self::ReduceMotion => show(ShowIntent::ReduceMotion),
            Self::Present => show(ShowIntent::Present),
            Self::CopyState => show(ShowIntent::CopyState),
            Self::CopyHistory => show(ShowIntent::CopyHistory),
            Self::CopyPicture => show(ShowIntent::CopyPicture),
            Self::SavePicture => show(ShowIntent::SavePicture),
            Self::Keys => open(Dialog::Keys),
            Self::Filter | Self::Find | Self::Close => None,
        }
    }

    /// Its line of the table.
    pub fn entry(self) -> &'static Entry {
        // A test holds that each action has its line.
        ACTIONS.iter().find(|entry| entry.action == self).unwrap_or(&ACTIONS[0])
    }

    pub fn name(self) -> &'static str {
        self.entry().name
    }
}
