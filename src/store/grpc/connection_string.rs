//! Connection strings as people write them: taken apart only where there is no doubt, shown without secrets, made safe for the client crate.

use super::connection_options::{self, Options};
use crate::store::cluster::NodeState;
use crate::store::{ConnectionStringFault as Fault, LeftOut, Risk, StoreError};
use eventstore::Credentials;
use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use std::fmt;
use std::sync::Arc;
use url::Url;

/// A connection string as it was given; may hold a password, so `Debug` and `Display` leave user and password out.
#[derive(Clone, PartialEq, Eq)]
pub struct ConnectionString(Arc<str>);

/// What the client is given; credentials apart, because the client does not decode them.
#[derive(Clone)]
pub(in crate::store) struct Prepared {
    pub url: String,
    pub credentials: Option<Credentials>,
    pub login: Option<(String, String)>,
    /// Host and port of each node.
    pub hosts: String,
    pub options: Options,
}

const DEFAULT_PORT: &str = "2113";

impl From<Fault> for StoreError {
    fn from(fault: Fault) -> Self {
        Self::ConnectionString(fault)
    }
}

/// The parts of a connection string, none of them decoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Parts<'a> {
    /// As typed.
    pub scheme: &'a str,
    pub userinfo: Option<&'a str>,
    pub hosts: &'a str,
    pub query: &'a str,
}

/// How much a query looks like options.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Query {
    /// Absent, or every name is an option's.
    Known,
    /// Pairs with a name that is no option's, misspelt perhaps.
    Unknown,
    /// No list of pairs.
    Broken,
}

impl Query {
    fn of(text: &str) -> Self {
        let mut found = Self::Known;
        for pair in text.split('&').filter(|pair| !pair.is_empty()) {
            let Some((name, _)) = pair.split_once('=') else { return Self::Broken };
            if name.is_empty() || !name.chars().all(|c| c.is_ascii_alphanumeric() || "-_%".contains(c)) {
                return Self::Broken;
            }
            if !connection_options::is_known(name) {
                found = Self::Unknown;
            }
        }
        found
    }
}

/// `host`, `host:port` or `[address]:port`, and more of them after commas.
fn are_hosts(text: &str) -> bool {
    let is_port = |text: &str| text.parse::<u16>().is_ok_and(|port| port > 0) && !text.starts_with('+');
    let is_name = |text: &str| {
        !text.is_empty() && text.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '.' | '_'))
    };
    text.split(',').all(|host| {
        if let Some((address, rest)) = host.strip_prefix('[').and_then(|host| host.split_once(']')) {
            let port = rest.strip_prefix(':').is_some_and(is_port);
            return address.parse::<std::net::Ipv6Addr>().is_ok() && (rest.is_empty() || port);
        }
        host.rsplit_once(':').map_or(is_name(host), |(name, port)| is_name(name) && is_port(port))
    })
}

/// Whether the client can be given this host and port: anything else makes its task panic.
pub fn is_node(address: &str) -> bool {
    address.is_ascii() && are_hosts(address) && Url::parse(&format!("esdb://{address}")).is_ok()
}

/// One way to read what follows the scheme: where the user and password end.
fn reading<'a>(scheme: &'a str, rest: &'a str, at: Option<usize>) -> Option<(Parts<'a>, Query)> {
    let after = at.map_or(rest, |at| &rest[at + 1..]);
    let (place, query) = after.split_once('?').unwrap_or((after, ""));
    let hosts = place.strip_suffix('/').unwrap_or(place);
    let parts = Parts { scheme, userinfo: at.map(|at| &rest[..at]), hosts, query };
    Some((parts, Query::of(query))).filter(|_| are_hosts(hosts))
}

/// A password may hold a raw `@`, `/`, `?` or `#`: every reading is tried, and one is chosen only where nothing speaks against it.
pub(super) fn take_apart(text: &str) -> Result<Parts<'_>, Fault> {
    let text = text.trim();
    let low = text.to_ascii_lowercase();
    let old = ["connectto=", "usercredentials=", "gossipseeds="].iter().any(|name| low.contains(name));
    let Some((scheme, rest)) = text.split_once("://").filter(|(scheme, _)| is_scheme(scheme)) else {
        return Err(if old { Fault::OldForm } else { Fault::NoScheme });
    };
    if client_scheme(scheme).is_none() {
        return Err(Fault::UnknownScheme(scheme.to_owned()));
    }
    if matches!(rest, "" | "/") || rest.starts_with('?') {
        return Err(Fault::NoHost);
    }
    let ends = rest.match_indices('@').map(|(at, _)| Some(at));
    let found: Vec<_> =
        std::iter::once(None).chain(ends).filter_map(|at| reading(scheme, rest, at)).collect();
    let known = found.iter().position(|(_, query)| *query == Query::Known);
    let doubt = |before: usize| found[..before].iter().any(|(_, query)| *query == Query::Unknown);
    match (known, &found[..]) {
        (Some(at), _) if !doubt(at) => Ok(found[at].0),
        (None, [(parts, Query::Unknown)]) => Ok(*parts),
        (None, []) => {
            Err(if rest.ends_with('@') || rest.contains("@?") { Fault::NoHost } else { Fault::Host })
        }
        _ => Err(Fault::Ambiguous),
    }
}

pub(super) fn is_scheme(text: &str) -> bool {
    text.len() <= 32
        && text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || "+.-".contains(c))
}

/// The scheme under which the client knows it.
fn client_scheme(scheme: &str) -> Option<&'static str> {
    match scheme.to_ascii_lowercase().as_str() {
        "esdb" | "kurrentdb" | "kurrent" | "kdb" => Some("esdb"),
        "esdb+discover" | "kurrentdb+discover" | "kurrent+discover" | "kdb+discover" => Some("esdb+discover"),
        _ => None,
    }
}

fn decoded(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}

/// `name:port` as DNS has it: a name of other letters makes the client's task panic.
fn in_ascii(host: String) -> String {
    let Some((name, port)) = host.rsplit_once(':').filter(|_| !host.is_ascii()) else { return host };
    url::Host::parse(name).map_or_else(|_| host.clone(), |name| format!("{name}:{port}"))
}

impl Parts<'_> {
    /// Decoded user and, where a colon stands, password.
    fn login(&self) -> Option<(String, Option<String>)> {
        let userinfo = self.userinfo?;
        let (user, password) = userinfo.split_once(':').map_or((userinfo, None), |(u, p)| (u, Some(p)));
        Some((decoded(user), password.map(decoded)))
    }

    /// Each host with its port: the client gives the last one's port to none of the others.
    pub fn with_ports(&self) -> String {
        let with_port = |host: &str| {
            let name = host.rsplit_once(']').map_or(host, |(_, rest)| rest);
            let with_port =
                if name.contains(':') { host.to_owned() } else { format!("{host}:{DEFAULT_PORT}") };
            in_ascii(with_port)
        };
        self.hosts.split(',').map(with_port).collect::<Vec<_>>().join(",")
    }

    fn options(&self) -> Vec<(String, String)> {
        url::form_urlencoded::parse(self.query.as_bytes()).into_owned().collect()
    }
}

impl Prepared {
    /// The same database by one node and no other; only the leader is asked what a leader must answer.
    pub fn at(&self, node: &str, state: NodeState) -> Self {
        let preference = if state == NodeState::Leader { "leader" } else { "follower" };
        Self { options: self.options.with("nodePreference", preference), ..self.clone() }.alone(node)
    }

    /// The same by one node and no other.
    pub fn alone(&self, node: &str) -> Self {
        let url = format!("esdb://{node}?{}", self.options.query());
        Self { url, hosts: node.to_owned(), ..self.clone() }
    }

    /// Whether each host that is named is one node: with `+discover` one name may stand for several.
    pub fn names_are_nodes(&self) -> bool {
        self.hosts.contains(',') || !self.url.starts_with("esdb+discover:")
    }

    /// Whether the client chooses among nodes that it asks for, and may connect to a host that is not named.
    pub fn is_cluster(&self) -> bool {
        self.hosts.contains(',') || self.url.starts_with("esdb+discover:")
    }
}

impl ConnectionString {
    /// Guards the traps of the client: schemes it does not know, its wait before the first call, options that kill it.
    pub(in crate::store) fn prepare(&self) -> Result<Prepared, StoreError> {
        let parts = take_apart(&self.0)?;
        let given = parts.options();
        if let Some(why) = given.iter().find_map(|(name, value)| connection_options::fault(name, value)) {
            return Err(why.into());
        }
        let login = parts.login().map(|(user, password)| (user, password.unwrap_or_default()));
        let credentials = login.clone().map(|(user, password)| Credentials::new(user, password));
        let options = Options::of(given);
        let scheme = client_scheme(parts.scheme).unwrap_or("esdb");
        let hosts = parts.with_ports();
        let url = format!("{scheme}://{hosts}?{}", options.query());
        if !hosts.split(',').all(is_node) {
            return Err(Fault::Host.into());
        }
        Ok(Prepared { url, credentials, login, hosts, options })
    }

    /// As it was given, with its password: for the field that it is typed in.
    pub fn as_typed(&self) -> &str {
        &self.0
    }

    /// Host and port of each node, for display; empty where they cannot be told from a password.
    pub fn hosts(&self) -> String {
        take_apart(&self.0).map(|parts| parts.hosts.to_owned()).unwrap_or_default()
    }

    /// Host and port of each node; none where they cannot be told from a password.
    pub(in crate::store) fn nodes(&self) -> Vec<String> {
        let parts = take_apart(&self.0);
        parts.map(|parts| parts.with_ports().split(',').map(str::to_owned).collect()).unwrap_or_default()
    }

    /// What of it is left out and why.
    pub fn left_out(&self) -> Vec<LeftOut> {
        let given = take_apart(&self.0).map(|parts| parts.options()).unwrap_or_default();
        given.iter().filter_map(|(name, value)| connection_options::left_out(name, value)).collect()
    }

    /// What it asks for that is not safe; nothing where it is at fault.
    pub fn risks(&self) -> Vec<Risk> {
        let Ok(Prepared { login, options, .. }) = self.prepare() else { return Vec::new() };
        let has_password = login.is_some_and(|(_, password)| !password.is_empty());
        let risks = [
            (options.tls() && !options.verifies(), Risk::AnyCertificate),
            (!options.tls() && has_password, Risk::PlainPassword),
        ];
        risks.into_iter().filter(|(holds, _)| *holds).map(|(_, risk)| risk).collect()
    }

    /// The user that it names, with a password or without.
    pub fn user(&self) -> Option<String> {
        take_apart(&self.0).ok()?.login().map(|(user, _)| user).filter(|user| !user.is_empty())
    }

    /// The user who stands there without a password.
    pub fn asks_password_of(&self) -> Option<String> {
        let (_, password) = take_apart(&self.0).ok()?.login()?;
        self.user().filter(|_| password.is_none())
    }

    /// Whether user or password stand there.
    pub fn has_login(&self) -> bool {
        take_apart(&self.0).is_ok_and(|parts| parts.userinfo.is_some())
    }

    /// What is wrong with it, as far as its text tells.
    pub fn check(&self) -> Result<(), StoreError> {
        self.prepare().map(drop)
    }

    /// For whoever keeps it in memory.
    pub(crate) fn password(&self) -> Option<String> {
        take_apart(&self.0).ok()?.login()?.1
    }

    /// The same with a password for the user who has none.
    #[must_use]
    pub fn with_password(&self, password: &str) -> Self {
        let Some((user, (scheme, rest))) = take_apart(&self.0)
            .ok()
            .and_then(|parts| Some((parts.userinfo?, self.0.trim().split_once("://")?)))
        else {
            return self.clone();
        };
        let password = utf8_percent_encode(password, NON_ALPHANUMERIC);
        Self(format!("{scheme}://{user}:{password}{}", &rest[user.len()..]).into())
    }

    /// Whether an argument or a line looks like one, so that it must not be repeated to a screen.
    pub fn may_be(text: &str) -> bool {
        let low = text.to_ascii_lowercase();
        low.contains("://") || low.contains("connectto=") || low.contains("credentials=") || low.contains('@')
    }
}

impl From<&str> for ConnectionString {
    fn from(text: &str) -> Self {
        Self(text.trim().into())
    }
}

impl From<String> for ConnectionString {
    fn from(text: String) -> Self {
        text.as_str().into()
    }
}

impl From<&String> for ConnectionString {
    fn from(text: &String) -> Self {
        text.as_str().into()
    }
}

impl From<&Self> for ConnectionString {
    fn from(other: &Self) -> Self {
        other.clone()
    }
}

/// Scheme, hosts and the options that are known; of a text that cannot be taken apart, its scheme alone.
impl fmt::Display for ConnectionString {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let Ok(parts) = take_apart(&self.0) else {
            let scheme =
                self.0.split_once("://").map(|(scheme, _)| scheme).filter(|scheme| is_scheme(scheme));
            return write!(f, "{}://…", scheme.unwrap_or("?"));
        };
        write!(f, "{}://{}", parts.scheme, parts.hosts)?;
        let known =
            |pair: &&str| pair.split_once('=').is_some_and(|(name, _)| connection_options::is_known(name));
        for (place, pair) in parts.query.split('&').filter(known).enumerate() {
            write!(f, "{}{pair}", if place == 0 { '?' } else { '&' })?;
        }
        Ok(())
    }
}

impl fmt::Debug for ConnectionString {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "ConnectionString({self})")
    }
}
