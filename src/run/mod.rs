//! The composition root: runtime, sandbox, then window or terminal; the only place that knows them all.

mod api;
mod certificate;
mod complaint;
mod connection;
mod connections;
mod definitions;
mod development;
mod history_file;
mod lesson;
mod listening;
mod logging;
mod panic_report;
mod private_files;
mod sandbox;
mod serve;
mod settings_file;
mod window;

pub use history_file::open as open_history_file;
pub use sandbox::Sandbox;
pub use window::first_look;

use sandbox::resolver;

use complaint::complain;
use connection::Chosen;
use window::Opening;

use crate::aggregate::script::Definitions;
use crate::api::Api;
use crate::app::{FILE_IS_READ_ONLY, Settings};
use crate::cli::{Action, Database, Invocation, Verb};
use crate::definition_files::DefinitionFiles;
use crate::record::history_file::Head;
use crate::sentences::{self, append_error, left_out, settings_unread};
use crate::shell::STORAGE;
use crate::store::{self, Journal, KeptLists, ServedFile, Target};
use crate::terminal::{self, Failure};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::mpsc;

/// How long a stuck task may hold up the end of the program.
const PATIENCE: Duration = Duration::from_secs(2);
/// Failures that may wait for the window; a panic that repeats needs no more.
const FAILURES: usize = 16;

/// Does what was asked; the exit code is part of the command line's contract.
pub fn run(invocation: Invocation, started: Instant) -> ExitCode {
    let result = start(invocation, started);
    if let Err(failure) = &result
        && let Some(text) = failure.text()
    {
        complain(text);
    }
    ExitCode::from(result.map_or_else(|failure| failure.exit_code(), |()| 0))
}

fn start(invocation: Invocation, started: Instant) -> Result<(), Failure> {
    private_files::begin();
    let data_dir = data_dir(invocation.data_dir)?;
    let needs_folder = needs_folder(&invocation.action);
    if needs_folder {
        make(&data_dir)?;
    }
    let (to_window, failures) = mpsc::channel(FAILURES);
    panic_report::install(data_dir.clone(), to_window.clone());
    // `serve` means its own lines by it, which nothing else stands between.
    let verbose = invocation.verbose && !matches!(invocation.action, Action::Serve(_));
    logging::start(verbose, needs_folder.then_some(&*data_dir));
    private_files::close(&data_dir);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .thread_name("worker")
        .enable_all()
        .build()
        .map_err(|error| {
            Failure::Server(format!("The program cannot start its threads: {error}. Free some memory."))
        })?;
    let chosen = match &invocation.action {
        Action::Lesson(_) if invocation.database != Database::Environment => {
            let text = "A lesson runs on a sandbox of its own. Leave out the connection.";
            return Err(Failure::Usage(text.to_owned()));
        }
        Action::Serve(_) | Action::Journal(_) | Action::Connections(_) | Action::Lesson(_) => Chosen::SANDBOX,
        Action::Window { .. } | Action::Verb(_) | Action::Api(_) => {
            connection::chosen(invocation.database, &data_dir, &runtime)?
        }
    };
    let Chosen { mut target, read_only, served } = chosen;
    // The window asks for a password itself.
    if !matches!(invocation.action, Action::Window { .. }) {
        target = connection::with_password(target)?;
    }
    if let Target::Server(url) = &target
        // The connection test says it itself.
        && !matches!(invocation.action, Action::Verb(Verb::Doctor(_)))
    {
        for option in url.left_out() {
            complain(&left_out(&option));
        }
    }
    let journal = Journal::in_folder(&data_dir, append_error);
    let folders = definitions::folders(&data_dir, invocation.aggregates)?;
    let sandbox = Arc::new(Sandbox::new(data_dir.join("sandbox.db")));
    let result = match invocation.action {
        Action::Serve(options) => runtime.block_on(serve::serve(options, invocation.verbose, &data_dir)),
        Action::Api(options) => {
            let resolver = resolver(&sandbox, &target);
            let origin = settings(&data_dir).origin(&target, &store::here());
            let lists = served.is_none().then(|| KeptLists::in_folder(&data_dir));
            let api = Api::new(resolver, &data_dir).signed(origin).read_only(read_only).keeping(lists);
            runtime.block_on(api::serve(&options, api))
        }
        Action::Journal(options) => terminal::journal(&options, &journal),
        Action::Connections(verb) => connections::run(verb, &data_dir),
        Action::Lesson(options) => runtime.block_on(lesson::lesson(&options, &data_dir)),
        Action::Verb(verb) if verb.writes() && served.is_some() => {
            Err(Failure::Production(FILE_IS_READ_ONLY.to_owned()))
        }
        Action::Verb(verb) if verb.writes() && read_only.is_some() => {
            Err(Failure::Production(sentences::read_only(&read_only.unwrap_or_default())))
        }
        Action::Verb(verb) => {
            let settings = settings(&data_dir);
            let opened = terminal::Opened {
                resolve: resolver(&sandbox, &target),
                journal,
                lists: KeptLists::in_folder(&data_dir),
                origin: settings.origin(&target, &store::here()),
                definitions: if verb.is_by_definitions() {
                    definitions::read(&DefinitionFiles { folders, files: settings.definition_files })
                } else {
                    Definitions::default()
                },
                served: served.as_ref().map(|file| file.head().clone()),
            };
            runtime.block_on(terminal::run(verb, opened))
        }
        Action::Window { category, stream, at } => {
            let told = (to_window, failures);
            let head = served.as_ref().map(ServedFile::head);
            let stream = stream.or_else(|| head.map(|head| head.stream.clone()));
            let category = category.or_else(|| head.map(category_of));
            let opening = Opening { target, category, stream, at, data_dir, folders, started, told };
            window::window_or_text(opening, runtime.handle(), &sandbox)
        }
    };
    drop(served);
    // The window and the store are gone by now: nobody uses the node any more.
    runtime.block_on(sandbox.shutdown());
    runtime.shutdown_timeout(PATIENCE);
    result
}

/// The category in which the stream of a file is listed.
fn category_of(head: &Head) -> String {
    head.stream.category().unwrap_or("*").to_owned()
}

/// Where the sandbox and the settings live.
fn data_dir(named: Option<PathBuf>) -> Result<PathBuf, Failure> {
    named
        .or_else(|| Some(directories::ProjectDirs::from("", "", "hindsight")?.data_dir().to_owned()))
        .ok_or_else(|| Failure::Usage("There is no home folder. Name a folder with --data-dir.".to_owned()))
}

/// A node that keeps nothing, or all of it elsewhere, leaves no folder behind.
fn needs_folder(action: &Action) -> bool {
    match action {
        Action::Serve(serve) => serve.dev || !(serve.memory || serve.file.is_some()),
        Action::Lesson(_) => false,
        _ => true,
    }
}

/// Makes the folder, readable by its owner only.
fn make(folder: &Path) -> Result<(), Failure> {
    private_files::make_private(folder).map_err(|error| {
        let folder = folder.display();
        Failure::Usage(format!("The folder {folder} cannot be used: {error}. Name another with --data-dir."))
    })
}

/// The settings as the window has them; what is wrong with them is said.
fn settings(data_dir: &Path) -> Settings {
    settings_file::read(data_dir).unwrap_or_else(|why| {
        complain(&settings_unread(&data_dir.join(STORAGE), &why));
        Settings::default()
    })
}
