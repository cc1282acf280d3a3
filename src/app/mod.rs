//! State and intent: everything the window shows and everything a person can want, with no egui and no tokio.
//!
//! Each concern has a struct that changes itself and knows none of the others; [`App`] is composed of them, in `state`, and does
//! what concerns several at once. Four doors lead in: [`App::apply`] takes what a person wants, [`App::absorb`] what the store
//! says, [`App::sent`] whether the store took a write, and [`App::answer`] what was asked for once. What is derived of the
//! state is worked out once after a change and borrowed by every frame.

mod actions;
mod ask_moves;
mod asking;
mod before_lesson;
mod categories;
mod comparison;
mod connection;
mod connections;
mod database;
mod dock;
mod event_columns;
mod ever;
mod exporting;
mod failure;
mod first_look;
mod intent;
mod keys;
mod lesson;
mod list;
mod logins;
mod moment_difference;
mod newest_page;
mod notice;
mod one_shot;
mod open_writes;
mod opened;
mod palette;
mod panel_sizes;
mod password;
mod past;
mod playback;
mod preview;
mod probe;
mod problems;
mod recent_values;
mod related;
mod settings;
mod showing;
mod state;
mod streams;
mod time;
mod time_scale;
mod view;
mod write;

pub use actions::{ACTIONS, Action, Entry};
pub use asking::{
    AskIntent, Asking, Between, Chart, Compared, FieldHistory, Found, ListedState, Pinned, Work,
};
pub use categories::{ALL_STREAMS, Categories, named_category};
pub use comparison::{Comparison, ComparisonState, OtherFold};
pub use connection::FILE_IS_READ_ONLY;
pub use connections::{
    ConnectionColor, ConnectionFault, ConnectionKey, ConnectionList, KnownConnection, MAX_FILE, WriteMode,
    export, import,
};
pub use database::{
    Database, DatabaseIntent, DatabaseTab, LogSearch, LogTail, SearchState, TailFilter, Told,
};
pub use dock::Dock;
pub use event_columns::{EventColumn, EventColumns};
pub use ever::{Ever, EverState};
pub use exporting::Exporting;
pub use failure::{Failure, KeyringFault, PanicReport};
pub use first_look::{FirstLook, Introduction};
pub use intent::{
    CommandIntent, ConnectionIntent, DefinitionIntent, Dialog, Effect, FileIntent, FoldWith, Intent,
    ListIntent, Tab, TimeIntent, ViewIntent,
};
pub use keys::{Chord, Key};
pub use lesson::{LessonIntent, Lessons};
pub use list::{Facet, Fit, List, Sort};
pub use logins::keyring_entry;
pub use moment_difference::{CHANGE_KINDS, DifferenceState, MomentDifference};
pub use notice::{Notice, Said};
pub use one_shot::{Answer, Fetch, OneShot};
pub use open_writes::OpenWrite;
pub use opened::{EventRow, Opened};
pub use palette::{Hit, HitKind, PaletteHits, Take, named_revision};
pub use panel_sizes::{PanelSizes, SizedPanel};
pub use password::Password;
pub use past::Past;
pub use playback::{LoopRange, Playback};
pub use preview::{Decision, Preview};
pub use probe::Probe;
pub use problems::{Problems, ProblemsIntent, ProblemsState};
pub use related::{RelatedEvents, RelatedIntent, RelatedState};
pub use settings::{Settings, Theme};
pub use showing::{HistoryText, ShowIntent, Showing, WrittenHistory};
pub use state::App;
pub use time_scale::{Span, TimeScale, Zoom};
pub use write::{DecideAt, InFlight, Outcome};
