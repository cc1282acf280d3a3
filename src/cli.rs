//! The command line as typed values; no behaviour.

mod command_fields;
mod connections;
mod database;
mod export;
mod find;
mod lesson;
mod list;
mod related;
mod serve;
mod write;

pub use connections::{AddConnection, Connections, ListConnections};
pub use database::{ListProjections, Parked, Search, Tail};
pub use export::Export;
pub use find::Find;
pub use lesson::PlayLesson;
pub use list::List;
pub use related::{Around, Correlation};
pub use serve::{Faults, Listen, Login, Serve};
pub use write::{Create, Pay, RunCommand, Writing};

use crate::aggregate::BUILT_IN;
use crate::record::{Revision, StreamName};
use crate::store::ConnectionString;
use clap::{ArgGroup, Args, CommandFactory, Parser, Subcommand};
use std::net::SocketAddr;
use std::path::PathBuf;

/// All that a command line can mean.
#[derive(Debug)]
pub struct Invocation {
    pub data_dir: Option<PathBuf>,
    pub database: Database,
    /// A folder of definitions beside the data folder's.
    pub aggregates: Option<PathBuf>,
    /// More is told on standard error.
    pub verbose: bool,
    pub action: Action,
}

/// Where the connection string comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Database {
    /// `HINDSIGHT_CONNECTION`, or the sandbox where that is not set.
    Environment,
    Given(ConnectionString),
    File(PathBuf),
    /// A connection that was given this name.
    Named(String),
    /// A history that was exported.
    History(PathBuf),
}

#[derive(Debug)]
pub enum Action {
    /// Without a category the one that was listed last, or else the built-in one.
    Window {
        category: Option<String>,
        stream: Option<StreamName>,
        at: Option<Revision>,
    },
    Verb(Verb),
    Serve(Serve),
    Api(Api),
    Journal(ListJournal),
    Connections(Connections),
    Lesson(PlayLesson),
}

/// What the terminal does against a database and then ends.
#[derive(Debug)]
pub enum Verb {
    List(List),
    Find(Find),
    Correlation(Correlation),
    Around(Around),
    Show(Show),
    Export(Export),
    Create(Create),
    Pay(Pay),
    Command(RunCommand),
    Check(Check),
    Doctor(Doctor),
    Tail(Tail),
    Search(Search),
    Projections(ListProjections),
    Parked(Parked),
}

impl Verb {
    /// Whether the user's definitions fold what it shows or decides on; `check` of a file names its own.
    pub fn is_by_definitions(&self) -> bool {
        match self {
            Self::List(_) | Self::Find(_) | Self::Show(_) | Self::Command(_) => true,
            Self::Check(check) => check.category.is_some(),
            Self::Export(_)
            | Self::Create(_)
            | Self::Pay(_)
            | Self::Doctor(_)
            | Self::Tail(_)
            | Self::Search(_)
            | Self::Projections(_)
            | Self::Parked(_)
            | Self::Correlation(_)
            | Self::Around(_) => false,
        }
    }

    pub fn writes(&self) -> bool {
        match self {
            Self::List(_)
            | Self::Find(_)
            | Self::Show(_)
            | Self::Export(_)
            | Self::Check(_)
            | Self::Doctor(_)
            | Self::Tail(_)
            | Self::Search(_)
            | Self::Projections(_)
            | Self::Parked(_)
            | Self::Correlation(_)
            | Self::Around(_) => false,
            Self::Create(create) => !create.writing.dry_run,
            Self::Pay(pay) => !pay.writing.dry_run,
            Self::Command(command) => !command.writing.dry_run && command.name.is_some(),
        }
    }
}

/// Inspector for event-sourced aggregates in `EventStoreDB`; without a command it opens the window.
#[derive(Debug, Parser)]
#[command(name = "hindsight", version, about)]
#[command(
    after_help = "Exit codes: 0 done, 1 problems found by `check` or nothing found by `find`, `search`, `correlation` or `around`, 2 usage, 3 refused, 4 conflict, 5 not reachable or server error, 6 not written because it may be production, 7 not known whether it was written."
)]
struct Arguments {
    /// Connection string, like <esdb://localhost:2113?tls=false>, @FILE that holds one, the name of a connection, or a history file (.jsonl);
    /// without it `HINDSIGHT_CONNECTION`, or else the built-in sandbox. A password here is in every list of processes
    #[arg(short, long, global = true, value_name = "URL|@FILE|NAME")]
    connection: Option<String>,
    /// Folder of the sandbox and the settings
    #[arg(long, global = true, value_name = "DIR")]
    data_dir: Option<PathBuf>,
    /// Folder of definitions, NAME.js each, beside `aggregates` in the data folder
    #[arg(long, global = true, value_name = "DIR")]
    aggregates: Option<PathBuf>,
    /// Tell on standard error what the program does; of `serve`, each call that is refused
    #[arg(long, global = true)]
    verbose: bool,
    /// Category that the window lists, the text before the first `-` of a stream's name; * for all streams
    #[arg(long, value_name = "NAME")]
    category: Option<String>,
    /// Stream that the window opens
    #[arg(long, value_name = "NAME")]
    stream: Option<String>,
    /// Revision that the window stands at
    #[arg(long, value_name = "REVISION", requires = "stream")]
    at: Option<u64>,
    /// A history that `hindsight export` wrote, to open in place of a database
    #[arg(value_name = "FILE", conflicts_with = "connection", value_parser = history_file)]
    file: Option<PathBuf>,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// List the streams of a category with their state
    List(List),
    /// Find the streams whose state meets a condition, like 'Total > 50 && !Paid'; exit code 1 where there are none
    Find(Find),
    /// Show all events of a correlation id, over all streams; exit code 1 where there are none
    Correlation(Correlation),
    /// Show what else was written to the database shortly before and after an event
    Around(Around),
    /// Show a stream step by step: event, state, what changed, problem
    Show(Show),
    /// Write a stream into a file, without loss
    Export(Export),
    /// Create an order
    Create(Create),
    /// Pay an order
    Pay(Pay),
    /// Run a command of an aggregate, with its fields as --FIELD VALUE; without a name the commands are listed
    #[command(name = "command")]
    Run(RunCommand),
    /// Report the problems of streams, folded by a definition file or as they are listed; exit code 1 where there are any
    Check(Check),
    /// Test the connection: name, TCP, TLS, HTTP/2, gossip, login and rights, each with what would help
    Doctor(Doctor),
    /// Show what is written now, everywhere, until Ctrl-C
    Tail(Tail),
    /// Search all events for a text or a condition on the event, like 'data.Total > 50'; exit code 1 where there are none
    Search(Search),
    /// The projections: state, how far behind, and the streams of their results
    Projections(ListProjections),
    /// The parked messages of persistent subscriptions: why, since when, and the event that each stands for
    Parked(Parked),
    /// Serve the sandbox alone, until Ctrl-C
    Serve(Serve),
    /// Serve the orders over HTTP, until Ctrl-C
    Api(Api),
    /// Show what was written from this data folder: when, where, what, and the answer
    Journal(ListJournal),
    /// The connections that have a name
    #[command(subcommand)]
    Connections(Connections),
    /// Play a lesson on event sourcing, on a sandbox of its own; without a name the lessons are listed
    Lesson(PlayLesson),
}

#[derive(Debug, Args)]
pub struct Show {
    /// Full name of the stream, like account-1, or the id alone of one in the category
    pub stream: String,
    /// Category of an id that is given alone
    #[arg(long, value_name = "NAME", default_value = BUILT_IN)]
    pub category: String,
    /// Last revision to show, or the moment until which, like "yesterday 12:00"; a number alone is a revision
    #[arg(long, value_name = "REVISION|MOMENT")]
    pub at: Option<String>,
    /// One JSON object a line
    #[arg(long)]
    pub json: bool,
    /// A Markdown table of at most 10,000 events, times in UTC
    #[arg(long, conflicts_with = "json")]
    pub markdown: bool,
}

#[derive(Debug, Args)]
#[command(group = ArgGroup::new("streams").required(true))]
pub struct Check {
    /// The definition, like accounts.js
    #[arg(group = "streams")]
    pub file: Option<PathBuf>,
    /// Without a file: the streams of this category by the folds that count; * for all streams
    #[arg(long, value_name = "NAME", group = "streams", conflicts_with_all = ["other", "stream"])]
    pub category: Option<String>,
    /// Another definition of the same streams: where their states differ is told, too
    #[arg(long = "with", value_name = "FILE")]
    pub other: Option<PathBuf>,
    /// Only this stream
    #[arg(long, value_name = "NAME", conflicts_with = "all")]
    pub stream: Option<String>,
    /// Every stream that the definition is for, as without --stream
    #[arg(long)]
    pub all: bool,
    /// One JSON object a line
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub struct Doctor {
    /// Category that is to be listed; * for all streams
    #[arg(long, value_name = "NAME", default_value = BUILT_IN)]
    pub category: String,
    /// One JSON object a line, as it happens
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub struct Api {
    /// Address to listen on; port 0 takes any free one
    #[arg(long, default_value = "127.0.0.1:8080", value_name = "ADDRESS")]
    pub listen: SocketAddr,
    /// Name that clients reach the listener under, besides its own; may be repeated
    #[arg(long = "host", value_name = "NAME[:PORT]")]
    pub hosts: Vec<String>,
    /// Write to a database that declares itself production, too
    #[arg(long)]
    pub production: bool,
}

#[derive(Debug, Args)]
pub struct ListJournal {
    /// One JSON object a line
    #[arg(long)]
    pub json: bool,
}

fn program() -> clap::Command {
    Arguments::command()
}

/// Whether `--NAME` after `command` is an option of the program, so that no field is given by it.
pub fn is_option(name: &str) -> bool {
    command_fields::is_option(name, &program())
}

/// The process's arguments; ends the process on `--help`, `--version` and usage errors (exit 2).
pub fn parse() -> Invocation {
    let (arguments, fields) = command_fields::split(std::env::args_os(), &program())
        .unwrap_or_else(|error| without_secrets(&error));
    let mut arguments = Arguments::try_parse_from(arguments).unwrap_or_else(|error| without_secrets(&error));
    if let Some(Command::Run(command)) = &mut arguments.command {
        command.fields = fields;
    }
    if arguments.command.is_some() && (arguments.stream.is_some() || arguments.category.is_some()) {
        let text = "--category, --stream and --at before a command belong to the window. Give them after the command.\n";
        clap::Error::raw(clap::error::ErrorKind::ArgumentConflict, text).exit();
    }
    arguments.into()
}

/// Ends the process with the error; an argument that may be a connection string is not repeated as it is.
fn without_secrets(error: &clap::Error) -> ! {
    if !error.use_stderr() {
        error.exit();
    }
    let mut text = error.render().to_string();
    for argument in std::env::args_os().skip(1) {
        let argument = argument.to_string_lossy();
        let value =
            argument.split_once('=').filter(|(name, _)| name.starts_with('-')).map(|(_, value)| value);
        let value = value.unwrap_or(&argument);
        if ConnectionString::may_be(value) {
            text = text.replace(value, &ConnectionString::from(value).to_string());
        }
    }
    let text = crate::record::json::safe_lines(text.strip_prefix("error: ").unwrap_or(&text));
    clap::Error::raw(error.kind(), format!("{text}\n")).exit();
}

/// With this at its end, what is named as a connection is a history that was exported.
const HISTORY: &str = ".jsonl";

/// A connection string is refused, so that no error about a file repeats its password.
fn history_file(text: &str) -> Result<PathBuf, String> {
    let is_file = text.ends_with(HISTORY) && !text.contains("://");
    if ConnectionString::may_be(text) && !is_file {
        return Err("a connection string is given with -c".to_owned());
    }
    Ok(text.into())
}

impl From<Option<String>> for Database {
    fn from(given: Option<String>) -> Self {
        match given {
            None => Self::Environment,
            Some(text) => match text.strip_prefix('@') {
                Some(file) => Self::File(file.into()),
                None if text.ends_with(HISTORY) => Self::History(text.into()),
                None if ConnectionString::may_be(&text) => Self::Given(text.into()),
                None => Self::Named(text),
            },
        }
    }
}

impl From<Arguments> for Invocation {
    fn from(arguments: Arguments) -> Self {
        let action = match arguments.command {
            None => Action::Window {
                category: arguments.category,
                stream: arguments.stream.as_deref().map(StreamName::new),
                at: arguments.at.map(Revision),
            },
            Some(Command::List(list)) => Action::Verb(Verb::List(list)),
            Some(Command::Find(find)) => Action::Verb(Verb::Find(find)),
            Some(Command::Correlation(correlation)) => Action::Verb(Verb::Correlation(correlation)),
            Some(Command::Around(around)) => Action::Verb(Verb::Around(around)),
            Some(Command::Show(show)) => Action::Verb(Verb::Show(show)),
            Some(Command::Export(export)) => Action::Verb(Verb::Export(export)),
            Some(Command::Create(create)) => Action::Verb(Verb::Create(create)),
            Some(Command::Pay(pay)) => Action::Verb(Verb::Pay(pay)),
            Some(Command::Run(command)) => Action::Verb(Verb::Command(command)),
            Some(Command::Check(check)) => Action::Verb(Verb::Check(check)),
            Some(Command::Doctor(doctor)) => Action::Verb(Verb::Doctor(doctor)),
            Some(Command::Tail(tail)) => Action::Verb(Verb::Tail(tail)),
            Some(Command::Search(search)) => Action::Verb(Verb::Search(search)),
            Some(Command::Projections(projections)) => Action::Verb(Verb::Projections(projections)),
            Some(Command::Parked(parked)) => Action::Verb(Verb::Parked(parked)),
            Some(Command::Serve(serve)) => Action::Serve(serve),
            Some(Command::Api(api)) => Action::Api(api),
            Some(Command::Journal(journal)) => Action::Journal(journal),
            Some(Command::Connections(connections)) => Action::Connections(connections),
            Some(Command::Lesson(lesson)) => Action::Lesson(lesson),
        };
        let Arguments { data_dir, connection, aggregates, verbose, file, .. } = arguments;
        let database = file.map_or_else(|| connection.into(), Database::History);
        Self { data_dir, database, aggregates, verbose, action }
    }
}
