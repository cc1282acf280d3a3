//! The composition root: runtime, sandbox, then window or terminal; the only place that knows them all.

mod api;
mod certificate;
mod complaint;
mod connection;
mod development;
mod listening;
mod private_folder;
mod sandbox;
mod serve;

pub use sandbox::Sandbox;

use complaint::complain;
use private_folder::make_private;

use crate::cli::{Action, Invocation, List, Verb};
use crate::record::{Revision, StreamName};
use crate::sentences::{append_error, left_out};
use crate::store::{ConnectionCause, Journal, Resolve, StoreError, Target};
use crate::terminal::{self, Failure};
use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// How long a stuck task may hold up the end of the program.
const PATIENCE: Duration = Duration::from_secs(2);

/// Does what was asked; the exit code is part of the command line's contract.
pub fn run(invocation: Invocation, started: Instant) -> ExitCode {
    trace();
    let result = start(invocation, started);
    if let Err(failure) = &result
        && let Some(text) = failure.text()
    {
        complain(text);
    }
    ExitCode::from(result.map_or_else(|failure| failure.exit_code(), |()| 0))
}

fn trace() {
    let filter = tracing_subscriber::EnvFilter::try_from_default_env();
    // What the client library logs is told again, in our words, by the error that it returns.
    let mut filter = filter
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("warn,eventstore=off,hindsight::api=info"));
    // What is on the wire holds passwords, so these stay silent whatever is asked for.
    for quiet in ["h2=warn", "hyper=warn", "hyper_util=warn", "reqwest=warn", "tower=warn", "tonic=warn"] {
        if let Ok(directive) = quiet.parse() {
            filter = filter.add_directive(directive);
        }
    }
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .init();
}

fn start(invocation: Invocation, started: Instant) -> Result<(), Failure> {
    let data_dir = data_dir(invocation.data_dir)?;
    if needs_folder(&invocation.action) {
        make(&data_dir)?;
    }
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().map_err(
            |error| {
                Failure::Server(format!("The program cannot start its threads: {error}. Free some memory."))
            },
        )?;
    let target = match &invocation.action {
        Action::Serve(_) | Action::Journal(_) => Target::Sandbox,
        Action::Window { .. } | Action::Verb(_) | Action::Api(_) => connection::target(invocation.database)?,
    };
    if let Target::Server(url) = &target
        // The connection test says it itself.
        && !matches!(invocation.action, Action::Verb(Verb::Doctor(_)))
    {
        for option in url.left_out() {
            complain(&left_out(&option));
        }
    }
    let journal = Journal::in_folder(&data_dir, append_error);
    let sandbox = Arc::new(Sandbox::new(data_dir.join("sandbox.db")));
    let result = match invocation.action {
        Action::Serve(options) => runtime.block_on(serve::serve(options, &data_dir)),
        Action::Api(options) => {
            let resolver = resolver(&sandbox, &target);
            runtime.block_on(api::serve(&options, resolver, &data_dir))
        }
        Action::Journal(options) => terminal::journal(&options, &journal),
        Action::Verb(verb) => runtime.block_on(terminal::run(verb, resolver(&sandbox, &target), &journal)),
        Action::Window { category, stream, at } => {
            let options = Opening { target, category, stream, at, data_dir, started };
            window_or_text(options, runtime.handle(), &sandbox)
        }
    };
    // The window and the store are gone by now: nobody uses the node any more.
    runtime.block_on(sandbox.shutdown());
    runtime.shutdown_timeout(PATIENCE);
    result
}

/// Where the sandbox and the settings live.
fn data_dir(named: Option<PathBuf>) -> Result<PathBuf, Failure> {
    named
        .or_else(|| Some(directories::ProjectDirs::from("", "", "hindsight")?.data_dir().to_owned()))
        .ok_or_else(|| Failure::Usage("There is no home folder. Name a folder with --data-dir.".to_owned()))
}

/// A node that keeps nothing, or all of it elsewhere, leaves no folder behind.
fn needs_folder(action: &Action) -> bool {
    let Action::Serve(serve) = action else { return true };
    serve.dev || !(serve.memory || serve.file.is_some())
}

/// Makes the folder, readable by its owner only.
fn make(folder: &Path) -> Result<(), Failure> {
    make_private(folder).map_err(|error| {
        let folder = folder.display();
        Failure::Usage(format!("The folder {folder} cannot be used: {error}. Name another with --data-dir."))
    })
}

/// How the terminal finds its database.
fn resolver(sandbox: &Arc<Sandbox>, target: &Target) -> Resolve {
    match target {
        Target::Sandbox => sandbox_resolver(sandbox),
        Target::Server(url) => {
            let url = url.clone();
            Arc::new(move || Box::pin(std::future::ready(Ok(url.clone()))))
        }
    }
}

fn sandbox_resolver(sandbox: &Arc<Sandbox>) -> Resolve {
    let sandbox = Arc::clone(sandbox);
    Arc::new(move || {
        let sandbox = Arc::clone(&sandbox);
        Box::pin(async move {
            let resolved = sandbox.resolve().await.map(Into::into);
            resolved.map_err(|fault| StoreError::Unreachable(ConnectionCause::Sandbox(fault)))
        })
    })
}

/// What the window is opened with.
struct Opening {
    target: Target,
    category: Option<String>,
    stream: Option<StreamName>,
    at: Option<Revision>,
    data_dir: PathBuf,
    started: Instant,
}

fn window_or_text(
    opening: Opening,
    runtime: &tokio::runtime::Handle,
    sandbox: &Arc<Sandbox>,
) -> Result<(), Failure> {
    let resolve = resolver(sandbox, &opening.target);
    let journal = Journal::in_folder(&opening.data_dir, append_error);
    let category = opening.category.clone().unwrap_or_else(|| crate::aggregate::BUILT_IN.to_owned());
    let why = if has_display() {
        match open_window(opening, runtime, sandbox) {
            Ok(()) => return Ok(()),
            Err(error) => format!("The window cannot be opened: {error}."),
        }
    } else {
        "No display is available.".to_owned()
    };
    complain(&format!("{why} This is the text view; `hindsight --help` lists what the terminal can do."));
    let list = Verb::List(List::of(category));
    runtime.block_on(terminal::run(list, resolve, &journal))
}

fn has_display() -> bool {
    let named = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    !cfg!(target_os = "linux") || named("DISPLAY") || named("WAYLAND_DISPLAY")
}

fn open_window(
    opening: Opening,
    runtime: &tokio::runtime::Handle,
    sandbox: &Arc<Sandbox>,
) -> Result<(), String> {
    let reset = Arc::clone(sandbox);
    let options = crate::shell::Options {
        target: opening.target,
        stream: opening.stream,
        at: opening.at,
        category: opening.category,
        runtime: runtime.clone(),
        // A real server is reached by its own string; this finds the sandbox, which the window can always turn to.
        resolve: sandbox_resolver(sandbox),
        reset: Arc::new(move || {
            let sandbox = Arc::clone(&reset);
            Box::pin(async move { sandbox.reset().await })
        }),
        data_dir: opening.data_dir,
        started: opening.started,
    };
    crate::shell::open(options).map_err(|error| error.to_string())
}
