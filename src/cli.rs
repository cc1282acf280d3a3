//! The command line as typed values; no behaviour.

use crate::aggregate::BUILT_IN;
use crate::record::{Revision, StreamName};
use crate::store::ConnectionString;
use clap::{Args, Parser, Subcommand};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::str::FromStr;

/// All that a command line can mean.
#[derive(Debug)]
pub struct Invocation {
    pub data_dir: Option<PathBuf>,
    pub database: Database,
    pub action: Action,
}

/// Where the connection string comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Database {
    /// `HINDSIGHT_CONNECTION`, or the sandbox where that is not set.
    Environment,
    Given(ConnectionString),
    File(PathBuf),
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
}

/// What the terminal does against a database and then ends.
#[derive(Debug)]
pub enum Verb {
    List(List),
    Show(Show),
    Create(Create),
    Pay(Pay),
    Doctor(Doctor),
}

/// Inspector for event-sourced aggregates in `EventStoreDB`; without a command it opens the window.
#[derive(Debug, Parser)]
#[command(name = "hindsight", version, about)]
#[command(
    after_help = "Exit codes: 0 done, 2 usage, 3 refused, 4 conflict, 5 not reachable or server error, 6 not written because it may be production, 7 not known whether it was written."
)]
struct Arguments {
    /// Connection string, like <esdb://localhost:2113?tls=false>, or @FILE that holds one; without it
    /// `HINDSIGHT_CONNECTION`, or else the built-in sandbox. A password here is in every list of processes
    #[arg(short, long, global = true, value_name = "URL|@FILE")]
    connection: Option<String>,
    /// Folder of the sandbox and the settings
    #[arg(long, global = true, value_name = "DIR")]
    data_dir: Option<PathBuf>,
    /// Category that the window lists, the text before the first `-` of a stream's name; * for all streams
    #[arg(long, value_name = "NAME")]
    category: Option<String>,
    /// Stream that the window opens
    #[arg(long, value_name = "NAME")]
    stream: Option<String>,
    /// Revision that the window stands at
    #[arg(long, value_name = "REVISION", requires = "stream")]
    at: Option<u64>,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// List the streams of a category with their state
    List(List),
    /// Show a stream step by step: event, state, what changed, problem
    Show(Show),
    /// Create an order
    Create(Create),
    /// Pay an order
    Pay(Pay),
    /// Test the connection: name, TCP, TLS, HTTP/2, gossip, login and rights, each with what would help
    Doctor(Doctor),
    /// Serve the sandbox alone, until Ctrl-C
    Serve(Serve),
    /// Serve the orders over HTTP, until Ctrl-C
    Api(Api),
    /// Show what was written from this data folder: when, where, what, and the answer
    Journal(ListJournal),
}

#[derive(Debug, Args)]
pub struct List {
    /// Category, the text before the first `-` of a stream's name; * for all streams
    #[arg(long, value_name = "NAME", default_value = BUILT_IN)]
    pub category: String,
    /// Only streams in this status, like paid, live or deleted
    #[arg(long, value_name = "WORD")]
    pub status: Option<String>,
    /// Only what belongs to this user, where the category knows users
    #[arg(long, allow_hyphen_values = true)]
    pub user: Option<String>,
    /// Only streams whose name, fields and status contain each of these words
    #[arg(long, value_name = "WORDS")]
    pub filter: Option<String>,
    /// Order: name, last-event, events, status, problems or a column
    #[arg(long, value_name = "BY", default_value = "name")]
    pub sort: String,
    /// At most so many streams
    #[arg(long, value_name = "COUNT")]
    pub limit: Option<usize>,
    /// One JSON object a line
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub struct Show {
    /// Full name of the stream, like account-1, or the id alone of one in the category
    pub stream: String,
    /// Category of an id that is given alone
    #[arg(long, value_name = "NAME", default_value = BUILT_IN)]
    pub category: String,
    /// Last revision to show
    #[arg(long, value_name = "REVISION")]
    pub at: Option<u64>,
    /// One JSON object a line
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub struct Create {
    /// Who orders
    #[arg(long, allow_hyphen_values = true)]
    pub user: String,
    /// What the order costs, like 99.90
    #[arg(long, allow_hyphen_values = true)]
    pub total: String,
    /// Write to a database that declares itself production, too
    #[arg(long)]
    pub production: bool,
    /// Order id; a new UUID without it
    #[arg(long, allow_hyphen_values = true)]
    pub id: Option<String>,
    /// Decide and show, write nothing
    #[arg(long)]
    pub dry_run: bool,
    /// One JSON object a line
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub struct Pay {
    /// The order id, the text after `order-`
    pub order_id: String,
    /// Write to a database that declares itself production, too
    #[arg(long)]
    pub production: bool,
    /// Revision that the stream must be at
    #[arg(long, value_name = "REVISION")]
    pub expect: Option<u64>,
    /// Decide and show, write nothing
    #[arg(long)]
    pub dry_run: bool,
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
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub struct Serve {
    /// Host and port to listen on, like localhost:2113; port 0 takes any free one
    #[arg(long, default_value = "127.0.0.1:2113", value_name = "HOST:PORT")]
    pub listen: Listen,
    /// File that keeps the events; the sandbox's own without it
    #[arg(long, conflicts_with = "memory")]
    pub file: Option<PathBuf>,
    /// Keep nothing
    #[arg(long)]
    pub memory: bool,
    /// Fill a new file with sample orders
    #[arg(long)]
    pub samples: bool,
    /// For development: TLS by a certificate of our own for this machine, and the users admin and ops with the
    /// password changeit
    #[arg(long, conflicts_with_all = ["tls_cert", "tls_key", "users"])]
    pub dev: bool,
    /// Certificate chain (PEM): serve with TLS
    #[arg(long, value_name = "FILE", requires = "tls_key")]
    pub tls_cert: Option<PathBuf>,
    /// Key of the certificate (PEM)
    #[arg(long, value_name = "FILE", requires = "tls_cert")]
    pub tls_key: Option<PathBuf>,
    /// Someone who may log in, with a file that holds the password; `admin` is the administrator
    #[arg(long = "user", value_name = "NAME:PASSWORD_FILE", value_parser = login)]
    pub users: Vec<Login>,
    /// Acknowledge packets late, as a real server does: clients that leave Nagle on wait about 40 ms a call
    #[arg(long)]
    pub lazy_ack: bool,
    /// End when standard input is closed, so with the program that started it
    #[arg(long)]
    pub exit_with_stdin: bool,
    #[command(flatten)]
    pub faults: Faults,
}

/// What the clients of `serve` are to suffer, to test how they take it, and whether it is told.
#[derive(Debug, Args)]
pub struct Faults {
    /// Refuse appends above this size, as a real server does above 1048576
    #[arg(long, value_name = "BYTES", value_parser = append_size)]
    pub max_append_size: Option<usize>,
    /// Refuse writes, as a read-only replica does that knows no leader
    #[arg(long)]
    pub read_only: bool,
    /// Answer this share of the calls with UNAVAILABLE, 0 to 1: half of them are done all the same. Each append of a
    /// `BatchAppend` counts. Gossip and `ServerFeatures` never fail, so that clients can connect
    #[arg(long, value_name = "FRACTION", default_value = "0", hide_default_value = true, value_parser = share)]
    pub fail_rate: f64,
    /// Which calls fail: the same seed and the same calls give the same failures
    #[arg(long, value_name = "NUMBER", default_value = "0", hide_default_value = true)]
    pub fail_seed: u64,
    /// Let each answer wait this many milliseconds, other than Gossip and `ServerFeatures`
    #[arg(long, value_name = "MS", default_value = "0", hide_default_value = true, value_parser = milliseconds)]
    pub latency: std::time::Duration,
    /// Tell on standard error of each call that is refused
    #[arg(long)]
    pub verbose: bool,
}

fn append_size(text: &str) -> Result<usize, String> {
    let bytes = text.parse().ok().filter(|bytes| (1..=16 << 20).contains(bytes));
    bytes.ok_or_else(|| "write a number of bytes from 1 to 16777216, like 1048576".to_owned())
}

fn share(text: &str) -> Result<f64, String> {
    let share = text.parse().ok().filter(|share| (0.0..=1.0).contains(share));
    share.ok_or_else(|| "write a fraction from 0 to 1, like 0.1".to_owned())
}

fn milliseconds(text: &str) -> Result<std::time::Duration, String> {
    let time = text.parse().ok().filter(|time| *time <= 3_600_000).map(std::time::Duration::from_millis);
    time.ok_or_else(|| "write whole milliseconds up to 3600000, like 250".to_owned())
}

/// Where to listen, as typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listen {
    /// A name, or an address without brackets.
    pub host: String,
    pub port: u16,
}

impl FromStr for Listen {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong =
            "write it as HOST:PORT, like localhost:2113, [::1]:2113, or localhost:0 for any free port";
        if let Ok(address) = text.parse::<SocketAddr>() {
            return Ok(Self { host: address.ip().to_string(), port: address.port() });
        }
        let (host, port) = text.rsplit_once(':').ok_or(wrong)?;
        let named = host.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_'));
        let port = port.parse().map_err(|_| wrong)?;
        if host.is_empty() || !named { Err(wrong) } else { Ok(Self { host: host.to_owned(), port }) }
    }
}

/// A user and where the password is kept, so that it is in no list of processes.
#[derive(Debug, Clone)]
pub struct Login {
    pub name: String,
    pub password_file: PathBuf,
}

fn login(text: &str) -> Result<Login, String> {
    match text.split_once(':') {
        Some((name, file)) if !name.is_empty() && !file.is_empty() => {
            Ok(Login { name: name.to_owned(), password_file: file.into() })
        }
        _ => Err("write it as NAME:PASSWORD_FILE, like admin:./password.txt".to_owned()),
    }
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

/// The process's arguments; ends the process on `--help`, `--version` and usage errors (exit 2).
pub fn parse() -> Invocation {
    let arguments = Arguments::try_parse().unwrap_or_else(|error| without_secrets(&error));
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

impl From<Option<String>> for Database {
    fn from(given: Option<String>) -> Self {
        match given {
            None => Self::Environment,
            Some(text) => match text.strip_prefix('@') {
                Some(file) => Self::File(file.into()),
                None => Self::Given(text.into()),
            },
        }
    }
}

impl List {
    /// All streams of the category as text, by name.
    pub fn of(category: String) -> Self {
        let sort = "name".to_owned();
        Self { category, status: None, user: None, filter: None, sort, limit: None, json: false }
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
            Some(Command::Show(show)) => Action::Verb(Verb::Show(show)),
            Some(Command::Create(create)) => Action::Verb(Verb::Create(create)),
            Some(Command::Pay(pay)) => Action::Verb(Verb::Pay(pay)),
            Some(Command::Doctor(doctor)) => Action::Verb(Verb::Doctor(doctor)),
            Some(Command::Serve(serve)) => Action::Serve(serve),
            Some(Command::Api(api)) => Action::Api(api),
            Some(Command::Journal(journal)) => Action::Journal(journal),
        };
        Self { data_dir: arguments.data_dir, database: arguments.connection.into(), action }
    }
}
