//! Connection strings as people write them, made safe for the client crate.

use super::StoreError;
use eventstore::Credentials;
use percent_encoding::percent_decode_str;
use url::Url;

/// What the client is given; credentials apart, because the client does not decode them.
#[derive(Clone)]
pub struct Prepared {
    pub url: String,
    pub credentials: Option<Credentials>,
    pub tls: bool,
}

const FORM: &str = "Write it like esdb://localhost:2113?tls=false.";

/// Guards the traps of the client: schemes it does not know, its wait before the first call, options that kill it.
pub fn prepare(text: &str) -> Result<Prepared, StoreError> {
    let wrong = |why: &str| StoreError::ConnectionString(format!("The connection string {why}. {FORM}"));
    let Some((scheme, rest)) = text.trim().split_once("://") else {
        return Err(wrong("has no scheme"));
    };
    let scheme = match scheme {
        "esdb" | "kurrentdb" | "kurrent" | "kdb" => "esdb",
        "esdb+discover" | "kurrentdb+discover" | "kurrent+discover" | "kdb+discover" => "esdb+discover",
        other => return Err(wrong(&format!("starts with {other:?}, which is no EventStoreDB scheme"))),
    };
    let (authority, query) = split_authority(rest);
    let (userinfo, hosts) = authority.rsplit_once('@').map_or((None, authority), |(u, h)| (Some(u), h));
    if hosts.is_empty() {
        return Err(wrong("names no host"));
    }
    let options = options(query);
    let tls = !options.iter().any(|(k, v)| k.eq_ignore_ascii_case("tls") && v.eq_ignore_ascii_case("false"));
    let query: String = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(&options).finish();
    let url = format!("{scheme}://{hosts}?{query}");
    if !hosts.contains(',') && Url::parse(&url).is_err() {
        return Err(wrong(&format!("has a host or port that cannot be read: {hosts:?}")));
    }
    Ok(Prepared { url, credentials: userinfo.map(credentials), tls })
}

fn split_authority(rest: &str) -> (&str, &str) {
    let (before, query) = rest.split_once('?').unwrap_or((rest, ""));
    // A password may hold a slash; only one after the last `@` ends the hosts.
    let hosts = before.rfind('@').map_or(0, |at| at + 1);
    let end = before[hosts..].find('/').map_or(before.len(), |at| hosts + at);
    (&before[..end], query)
}

fn credentials(userinfo: &str) -> Credentials {
    let (user, password) = userinfo.split_once(':').unwrap_or((userinfo, ""));
    let decoded = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
    Credentials::new(decoded(user), decoded(password))
}

/// Why the client cannot bear an option, where it cannot: it is left out.
fn unbearable(name: &str, value: &str) -> Option<&'static str> {
    let (fine, why) = match name.to_ascii_lowercase().as_str() {
        "defaultdeadline" => (
            value.parse().is_ok_and(|millis: i64| millis > 0),
            "the deadline must be over 0 ms; Hindsight's own deadlines hold",
        ),
        "keepaliveinterval" | "keepalivetimeout" => (
            value.parse().is_ok_and(|millis: i64| millis >= 10_000),
            "servers close connections that ask more often than every 10,000 ms",
        ),
        "maxdiscoverattempts" => (
            value.parse().is_ok_and(|attempts: u32| attempts >= 2),
            "with one attempt the client never connects",
        ),
        "connectionname" => (
            value.is_ascii() && !value.contains(|c: char| c.is_ascii_control()),
            "the name must be plain ASCII",
        ),
        _ => return None,
    };
    (!fine).then_some(why)
}

/// What of a connection string is left out and why, a sentence each.
pub fn left_out(text: &str) -> Vec<String> {
    let query = text.trim().split_once("://").map_or("", |(_, rest)| split_authority(rest).1);
    let options = url::form_urlencoded::parse(query.as_bytes());
    options
        .filter_map(|(name, value)| {
            let why = unbearable(&name, &value)?;
            Some(format!("{name}={value} is left out: {why}."))
        })
        .collect()
}

/// Drops what the client cannot bear and adds what it needs.
fn options(query: &str) -> Vec<(String, String)> {
    let mut options: Vec<(String, String)> =
        url::form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    options.retain(|(name, value)| unbearable(name, value).is_none());
    if !options.iter().any(|(name, _)| name.eq_ignore_ascii_case("discoveryinterval")) {
        options.push(("discoveryInterval".to_owned(), "0".to_owned()));
    }
    options
}

/// Host and port only, for display; never user, password or options.
pub fn display_address(connection_string: &str) -> String {
    let rest = connection_string.split_once("://").map_or(connection_string, |(_, rest)| rest);
    split_authority(without_userinfo(rest)).0.to_owned()
}

/// What follows `user:password@`, also where the password holds a raw `/`, `?` or `@`; without a scheme.
pub fn without_userinfo(rest: &str) -> &str {
    let before = rest.split('?').next().unwrap_or(rest);
    let is_host = |part: &str| part.rsplit_once(':').is_none_or(|(_, port)| port.parse::<u16>().is_ok());
    let end = before.rfind('@').or_else(|| rest.rfind('@').filter(|_| !before.split(',').all(is_host)));
    end.map_or(rest, |at| &rest[at + 1..])
}
