//! The command table: everything that has a name, a key or a place in the palette, once; buttons, menus, keys, the list of keys
//! and the palette all read it.

use super::intent::{
    CommandIntent, ConnectionIntent, Dialog, FileIntent, Intent, ListIntent, Tab, TimeIntent, ViewIntent,
};
use super::keys::{Chord, Key};
use super::list::Sort;
use crate::aggregate::CommandForm;

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
    Palette,
    State,
    Changes,
    Event,
    Raw,
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
    Definitions,
    ToggleTheme,
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
    /// Whether the palette offers it; keys of a list or a field mean nothing there.
    pub in_palette: bool,
}

const fn entry(action: Action, name: &'static str, about: &'static str) -> Entry {
    Entry { action, name, about, chord: None, words: &[], in_palette: true }
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

    const fn only_a_key(self) -> Self {
        Self { in_palette: false, ..self }
    }
}

use Action as A;

/// Shift before plain: a plain chord would take the shifted key too.
pub const ACTIONS: [Entry; 51] = [
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
    entry(A::OtherScale, "By event or by time", "the track by event or by time").plain(Key::Sign('T')),
    entry(A::ZoomIn, "Zoom in", "less of the track, larger").plain(Key::Sign('+')),
    entry(A::ZoomOut, "Zoom out", "more of the track").plain(Key::Sign('-')),
    entry(A::ShowAll, "Show all", "the whole track").plain(Key::Sign('0')).words(&["reset zoom"]),
    entry(A::PanBack, "Pan back", "the part of the track before").plain(Key::Sign(',')),
    entry(A::PanForward, "Pan forward", "the part of the track after").plain(Key::Sign('.')),
    entry(A::LoopFrom, "Loop from here", "loop from this event on").plain(Key::Sign('I')),
    entry(A::LoopTo, "Loop to here", "loop up to this event").plain(Key::Sign('O')),
    entry(A::ClearLoop, "Clear loop", "play to the end again"),
    entry(A::StreamAbove, "Stream above", "the stream above").plain(Key::Up).only_a_key(),
    entry(A::StreamBelow, "Stream below", "the stream below").plain(Key::Down).only_a_key(),
    entry(A::Filter, "Filter streams", "filter the streams").plain(Key::Sign('/')).only_a_key(),
    entry(A::ClearFilter, "Clear filter", "show every stream of the list"),
    entry(A::SortByName, "Sort by name", "sort the list"),
    entry(A::Categories, "Category", "list another category").plain(Key::Sign('L')),
    entry(A::Palette, "Go to anything", "go to anything").ctrl(Key::Sign('K')).only_a_key(),
    entry(A::State, "State", "the state at the playhead").plain(Key::Sign('1')),
    entry(A::Changes, "Changes", "what the event changed").plain(Key::Sign('2')),
    entry(A::Event, "Event", "the event's data and metadata").plain(Key::Sign('3')),
    entry(A::Raw, "Raw", "the event's bytes").plain(Key::Sign('4')),
    entry(A::CopyData, "Copy data", "copy the event's exact data").ctrl(Key::Sign('C')),
    entry(A::Find, "Find in event", "find text in the event's data").ctrl(Key::Sign('F')).only_a_key(),
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
    entry(A::Definitions, "Definitions", "the files that fold streams by your own rules")
        .plain(Key::Sign('D'))
        .words(&["aggregates", "javascript", "projection", "script"]),
    entry(A::ToggleTheme, "Toggle theme", "dark, light, or as the system"),
    entry(A::Keys, "Keys", "this list").plain(Key::Sign('?')).words(&["help"]),
    entry(A::Close, "Close", "close, clear the filter or the loop, cancel a write that waits")
        .plain(Key::Escape)
        .only_a_key(),
];

impl Action {
    /// What it asks for; `None` where the field or dialog that has the focus does it by itself.
    pub fn intent(self) -> Option<Intent> {
        let time = |intent| Some(Intent::Time(intent));
        let open = |dialog| Some(Intent::View(ViewIntent::Open(dialog)));
        let tab = |tab| Some(Intent::View(ViewIntent::Tab(tab)));
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
            Self::Palette => open(Dialog::Palette),
            Self::State => tab(Tab::State),
            Self::Changes => tab(Tab::Changes),
            Self::Event => tab(Tab::Event),
            Self::Raw => tab(Tab::Raw),
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
            Self::Definitions => open(Dialog::Definitions),
            Self::ToggleTheme => Some(Intent::View(ViewIntent::NextTheme)),
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

/// What a text that names an action or a command asks for.
pub(super) fn named(text: &str, forms: &[CommandForm]) -> Option<Intent> {
    let low = text.to_lowercase();
    if let Some(form) = forms.iter().position(|form| form.label.to_lowercase() == low) {
        return Some(Intent::Command(CommandIntent::Form(form)));
    }
    let known = |entry: &&Entry| entry.name.to_lowercase() == low || entry.words.contains(&&*low);
    ACTIONS.iter().filter(|entry| entry.in_palette).find(known)?.action.intent()
}
