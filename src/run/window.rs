//! The window, or the text view where there is no display.

use super::complaint::complain;
use super::connection::with_password;
use super::definitions;
use super::history_file;
use super::sandbox::{Sandbox, resolver, sandbox_resolver};
use super::settings_file;
use crate::app::{self, FirstLook};
use crate::cli::{List, Verb};
use crate::definition_files::{DefinitionFiles, DefinitionReader};
use crate::node::paid_twice;
use crate::record::{Revision, StreamName};
use crate::sentences::append_error;
use crate::shell::STORAGE;
use crate::store::{self, Journal, KeptLists, Target};
use crate::terminal::{self, Failure};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;
use tokio::runtime::Handle;
use tokio::sync::mpsc;

/// What the window is opened with.
pub struct Opening {
    pub target: Target,
    pub category: Option<String>,
    pub stream: Option<StreamName>,
    pub at: Option<Revision>,
    pub data_dir: PathBuf,
    /// Of definitions.
    pub folders: Vec<PathBuf>,
    pub started: Instant,
    /// What the program says by itself.
    pub told: (mpsc::Sender<app::Failure>, mpsc::Receiver<app::Failure>),
}

pub fn window_or_text(opening: Opening, runtime: &Handle, sandbox: &Arc<Sandbox>) -> Result<(), Failure> {
    let target = opening.target.clone();
    let journal = Journal::in_folder(&opening.data_dir, append_error);
    let lists = KeptLists::in_folder(&opening.data_dir);
    let (folders, data_dir) = (opening.folders.clone(), opening.data_dir.clone());
    let category = opening.category.clone().unwrap_or_else(|| crate::aggregate::BUILT_IN.to_owned());
    let why = if has_display() {
        set_aside_unreadable(&opening)?;
        match open_window(opening, runtime, sandbox) {
            Ok(()) => return Ok(()),
            Err(error) => format!("The window cannot be opened: {error}."),
        }
    } else {
        "No display is available.".to_owned()
    };
    complain(&format!("{why} This is the text view; `hindsight --help` lists what the terminal can do."));
    let resolve = resolver(sandbox, &with_password(target)?);
    let list = Verb::List(List::of(category));
    let files = settings_file::read(&data_dir).unwrap_or_default().definition_files;
    let definitions = definitions::read(&DefinitionFiles { folders, files });
    let origin = store::here();
    runtime.block_on(terminal::run(
        list,
        terminal::Opened { resolve, journal, lists, definitions, origin, served: None },
    ))
}

/// The window would write over them.
fn set_aside_unreadable(opening: &Opening) -> Result<(), Failure> {
    let aside = settings_file::set_aside_unreadable(&opening.data_dir).map_err(|error| {
        let file = opening.data_dir.join(STORAGE);
        let file = file.display();
        Failure::Usage(format!(
            "The settings in {file} cannot be read, and not be renamed either: {error}. Move the file away."
        ))
    })?;
    if let Some(aside) = aside {
        // It waits there for the window.
        drop(opening.told.0.try_send(aside));
    }
    Ok(())
}

/// The sample order that was paid twice, before its second payment.
pub fn first_look() -> FirstLook {
    let (stream, second) = paid_twice();
    let at = Revision(second.saturating_sub(1));
    FirstLook { stream: StreamName::new(&stream), at, next: "second payment" }
}

fn has_display() -> bool {
    let named = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    !cfg!(target_os = "linux") || named("DISPLAY") || named("WAYLAND_DISPLAY")
}

fn open_window(opening: Opening, runtime: &Handle, sandbox: &Arc<Sandbox>) -> Result<(), String> {
    let reset = Arc::clone(sandbox);
    let settings = settings_file::read(&opening.data_dir).unwrap_or_default();
    let definition_files =
        DefinitionFiles { folders: opening.folders, files: settings.definition_files.clone() };
    let is_first = settings.is_first_start() && opening.target == Target::Sandbox;
    let first_look = (is_first && opening.category.is_none()).then(first_look);
    let mut definitions = DefinitionReader::default();
    definitions.read(&definition_files);
    let options = crate::shell::Options {
        target: opening.target,
        stream: opening.stream,
        at: opening.at,
        first_look,
        category: opening.category,
        runtime: runtime.clone(),
        // A real server is reached by its own string; this finds the sandbox, which the window can always turn to.
        resolve: sandbox_resolver(sandbox),
        reset: Arc::new(move || {
            let sandbox = Arc::clone(&reset);
            Box::pin(async move { sandbox.reset().await })
        }),
        open_file: Arc::new(|file| Box::pin(async move { history_file::open(&file).await })),
        settings,
        data_dir: opening.data_dir,
        definition_files,
        definitions,
        started: opening.started,
        failures: opening.told.1,
    };
    let _held = settings_file::held_by_window(&options.data_dir);
    crate::shell::open(options).map_err(|error| error.to_string())
}
