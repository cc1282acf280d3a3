//! What the window says of the connection: which database, which node in which role, and since when something is wrong.

use super::theme::Palette;
use crate::app::{App, Dialog};
use crate::record::{Created, json};
use crate::sentences::{self, Since, node_role, role_among, span};
use crate::store::{Cluster, ClusterNode, Connection, Guarded, StoreError, Target};
use egui::Color32;
use jiff::tz::TimeZone;
use std::time::{Duration, Instant};

/// An answer older than this is told by its age, not by how long it took.
const QUIET: Duration = Duration::from_secs(3);
/// A connection without an answer for this long is called silent.
const SILENT: Duration = Duration::from_secs(5);

/// Longest name of a database.
const NAME: usize = 24;
/// Longest name of a file that is opened.
const FILE: usize = 48;

/// Which kind of database, told apart by name, colour, title and icon.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    Sandbox,
    Server,
    /// One that says so, or that does not say.
    Production,
}

impl Place {
    pub fn of(app: &App) -> Self {
        match app.target() {
            _ if app.guarded().is_some() => Self::Production,
            Target::Sandbox => Self::Sandbox,
            Target::Server(_) | Target::File(_) => Self::Server,
        }
    }
}

/// The database's name: colour never stands alone, so that of production says it too.
pub fn name(app: &App) -> String {
    let named = app.known_connection().and_then(|known| known.name.as_deref());
    let named = named.map(|name| json::one_line(name.as_bytes(), NAME));
    match (app.guarded(), app.target()) {
        (Some(Guarded::Declared(name)), _) => {
            format!("Production {}", json::one_line(name.as_bytes(), NAME))
        }
        (Some(Guarded::Unreadable(_)), _) => {
            named.map_or_else(|| "Production?".to_owned(), |name| format!("Production? {name}"))
        }
        (None, Target::Sandbox) => "Sandbox".to_owned(),
        (None, Target::File(file)) => json::one_line(file.name().as_bytes(), FILE),
        (None, Target::Server(_)) => named.unwrap_or_else(|| "Server".to_owned()),
    }
}

/// The node that is read, else those that are tried.
pub fn address(app: &App) -> &str {
    match app.connection() {
        // What serves a file is of no interest.
        _ if matches!(app.target(), Target::File(_)) => "",
        Connection::Connecting { address }
        | Connection::Online { address, .. }
        | Connection::Waiting { address, .. } => address,
        Connection::Offline => "",
    }
}

/// How the connection is, in a few words.
pub struct Status {
    pub dot: Color32,
    pub color: Color32,
    /// Empty where the name and the address say all.
    pub text: String,
    /// It is not as it should be: the words count more than the address.
    pub is_wrong: bool,
}

pub fn status(app: &App, p: &Palette) -> Status {
    let wrong = |color, text: String| Status { dot: color, color, text, is_wrong: true };
    let leaderless = leaderless(app);
    match app.connection() {
        Connection::Offline => {
            Status { dot: p.faint, color: p.dim, text: "not connected".to_owned(), is_wrong: true }
        }
        Connection::Connecting { .. } => {
            wrong(p.amber, leaderless.unwrap_or_else(|| "connecting".to_owned()))
        }
        Connection::Online { .. } if app.refused().is_some() => wrong(p.red, "login refused".to_owned()),
        Connection::Online { .. } => {
            if let Some(leaderless) = leaderless {
                return wrong(p.amber, leaderless);
            }
            let dot = if app.guarded().is_some() { p.red } else { p.green };
            Status { dot, color: p.dim, text: role(app).unwrap_or_default(), is_wrong: false }
        }
        Connection::Waiting { until, .. } => match leaderless {
            Some(leaderless) => wrong(p.amber, leaderless),
            None => wrong(p.red, retrying(*until)),
        },
    }
}

fn retrying(until: Instant) -> String {
    format!("retrying in {} s", seconds_to(until))
}

/// Whole seconds that are left.
pub fn seconds_to(until: Instant) -> u64 {
    let left = until.saturating_duration_since(Instant::now());
    left.as_secs() + u64::from(left.subsec_nanos() > 0)
}

/// The role of the node that is read, among how many; nothing of a node that is alone.
fn role(app: &App) -> Option<String> {
    let cluster = app.cluster()?;
    role_among(read_node(app, cluster).map(|node| node.state), cluster.nodes.len())
}

/// The node that is read, as the leader or what else it is; nothing of a node that is alone.
pub fn node(app: &App) -> Option<String> {
    let cluster = app.cluster().filter(|cluster| cluster.nodes.len() > 1)?;
    let role = read_node(app, cluster).and_then(|node| node_role(node.state)).unwrap_or("node");
    Some(format!("{role} {}", json::safe(address(app))))
}

/// `, 3 nodes`; nothing of a node that is alone.
pub fn nodes(app: &App) -> String {
    let nodes = app.cluster().map_or(0, |cluster| cluster.nodes.len());
    if nodes > 1 { format!(", {nodes} nodes") } else { String::new() }
}

/// The node that is read.
pub fn read_node<'a>(app: &App, cluster: &'a Cluster) -> Option<&'a ClusterNode> {
    match &cluster.nodes[..] {
        [alone] => Some(alone),
        _ => cluster.node(address(app)),
    }
}

/// Since when nobody leads and what can be done meanwhile, where that is what stands in the way.
pub fn leaderless(app: &App) -> Option<String> {
    let since = app.leaderless_since();
    let is_asked = match app.connection() {
        Connection::Waiting { why, .. } => *why == StoreError::NoLeader,
        Connection::Online { .. } => since.is_some() && !leader_is_read(app),
        Connection::Connecting { .. } => since.is_some(),
        Connection::Offline => false,
    };
    let meanwhile = match app.connection() {
        Connection::Waiting { until, .. } => format!("reading only, {}", retrying(*until)),
        // What is on screen stays, although nodes that elect refuse to read.
        _ => "reading only".to_owned(),
    };
    let age = since.map(|since| since.elapsed());
    is_asked.then(|| format!("{}: {meanwhile}", sentences::leaderless(app.cluster(), age)))
}

/// A leader that is slow to tell of its cluster, and is read all the same.
fn leader_is_read(app: &App) -> bool {
    let leader = app.cluster().and_then(Cluster::named_leader);
    leader.is_some_and(|leader| &*leader.address == address(app)) && quiet(app).is_none()
}

/// When the server answered last, where what is shown may no longer be so.
pub fn stale(app: &App) -> Option<Since> {
    let online = matches!(app.connection(), Connection::Online { .. });
    let answered = app.answered()?;
    (!online || answered.elapsed() > SILENT).then(|| since(answered))
}

/// How old the last answer is, where that is long.
pub fn quiet(app: &App) -> Option<Duration> {
    app.answered().map(|at| at.elapsed()).filter(|age| *age > QUIET)
}

/// How long the last sign of life took, or how long ago it was.
pub fn life(app: &App) -> Option<String> {
    match (quiet(app), app.latency()) {
        (Some(age), _) if age > SILENT => Some(format!("silent for {}", span(age))),
        (Some(age), _) => Some(format!("last answer {} ago", span(age))),
        (None, latency) => latency.map(|latency| format!("{:.1} ms", latency.as_secs_f64() * 1000.0)),
    }
}

/// A moment on the clock of this machine; with its day where that is long ago.
pub fn since(then: Instant) -> Since {
    let age = then.elapsed();
    let ticks = i64::try_from(age.as_nanos() / 100).unwrap_or(i64::MAX);
    let at = Created(Created::now().0.saturating_sub(ticks));
    let zone = TimeZone::system();
    let text = if age.as_secs() < 86_400 / 2 { at.clock(&zone) } else { at.date_time(&zone) };
    let clock = text.split('.').next().unwrap_or_default().to_owned();
    Since { clock, age }
}

/// How long a frame may stand while nothing comes in: what it says of ages and countdowns must stay true.
pub fn stands_for(app: &App) -> Duration {
    let online = matches!(app.connection(), Connection::Online { .. });
    let waiting = matches!(app.connection(), Connection::Waiting { .. });
    let counts = waiting || leaderless(app).is_some() || (!online && app.answered().is_some());
    let seconds = match () {
        () if counts || (online && quiet(app).is_some()) => 1,
        () if online && app.dialog() == Some(&Dialog::Connection) && !is_calm(app) => 1,
        () if online => 60,
        () => 30,
    };
    Duration::from_secs(seconds)
}

/// Whether no node's line in the panel has an age.
fn is_calm(app: &App) -> bool {
    app.cluster().is_none_or(|cluster| cluster.nodes.iter().all(|node| node.answers() && node.state.reads()))
}
