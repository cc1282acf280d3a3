//! The options after the `?` of a connection string: which there are, what they take, and which the client cannot bear.

use crate::store::cluster::NodePreference;
use crate::store::{ConnectionStringFault, DropReason, LeftOut, OptionValues, in_home};
use std::path::Path;

/// The options that the client is given.
#[derive(Debug, Clone)]
pub(in crate::store) struct Options(Vec<(String, String)>);

/// Every option that some official client knows.
const KNOWN: [&str; 15] = [
    "tls",
    "tlsVerifyCert",
    "tlsCaFile",
    "userCertFile",
    "userKeyFile",
    "connectionName",
    "nodePreference",
    "maxDiscoverAttempts",
    "discoveryInterval",
    "gossipTimeout",
    "keepAliveInterval",
    "keepAliveTimeout",
    "defaultDeadline",
    "throwOnAppendFailure",
    "batchAppendSize",
];

/// Options that name a file.
pub const FILE_OPTIONS: [&str; 3] = ["tlsCaFile", "userCertFile", "userKeyFile"];

pub fn is_known(name: &str) -> bool {
    KNOWN.iter().any(|known| known.eq_ignore_ascii_case(name))
}

/// What is wrong with an option that is misspelt or whose value the client refuses.
pub fn fault(name: &str, value: &str) -> Option<ConnectionStringFault> {
    if !is_known(name) {
        let low = name.to_ascii_lowercase();
        // One letter swapped, missing, doubled or wrong.
        let near = KNOWN.iter().find(|known| strsim::osa_distance(&known.to_ascii_lowercase(), &low) == 1)?;
        return Some(ConnectionStringFault::Misspelt { name: name.to_owned(), meant: near });
    }
    let (fine, takes) = match name.to_ascii_lowercase().as_str() {
        "tls" | "tlsverifycert" | "throwonappendfailure" => {
            (value.eq_ignore_ascii_case("true") || value.eq_ignore_ascii_case("false"), OptionValues::Bool)
        }
        "nodepreference" => (
            ["leader", "follower", "random", "readonlyreplica"]
                .contains(&value.to_ascii_lowercase().as_str()),
            OptionValues::NodePreference,
        ),
        "maxdiscoverattempts" | "discoveryinterval" | "gossiptimeout" | "batchappendsize" => {
            (value.parse::<u32>().is_ok(), OptionValues::Number)
        }
        "keepaliveinterval" | "keepalivetimeout" | "defaultdeadline" => {
            (value.parse::<i64>().is_ok_and(|millis| millis >= -1), OptionValues::Millis)
        }
        _ => return None,
    };
    (!fine).then(|| {
        let value = crate::record::json::one_line(value.as_bytes(), 40);
        ConnectionStringFault::BadValue { name: name.to_owned(), value, takes }
    })
}

/// Reason to drop an option that makes eventstore 4.0 fail; `None` keeps it.
fn dropped(name: &str, value: &str) -> Option<DropReason> {
    let (fine, why) = match name.to_ascii_lowercase().as_str() {
        "defaultdeadline" => (value.parse().is_ok_and(|millis: i64| millis > 0), DropReason::Deadline),
        "keepaliveinterval" | "keepalivetimeout" => (
            // -1 switches it off.
            value.parse().is_ok_and(|millis: i64| millis >= 10_000 || millis == -1),
            DropReason::KeepAlive,
        ),
        "maxdiscoverattempts" => {
            (value.parse().is_ok_and(|attempts: u32| attempts >= 2), DropReason::OneAttempt)
        }
        "connectionname" => {
            (value.is_ascii() && !value.contains(|c: char| c.is_ascii_control()), DropReason::NotAscii)
        }
        "throwonappendfailure" | "batchappendsize" => (false, DropReason::Meaningless),
        _ => (is_known(name), DropReason::Unknown),
    };
    (!fine).then_some(why)
}

/// The option where it is left out; one that is at fault is refused instead.
pub fn left_out(name: &str, value: &str) -> Option<LeftOut> {
    let why = dropped(name, value).filter(|_| fault(name, value).is_none())?;
    Some(match why {
        DropReason::Unknown => {
            let name = crate::record::json::one_line(name.as_bytes(), 40);
            LeftOut { name, value: None, why }
        }
        why => LeftOut { name: name.to_owned(), value: Some(value.to_owned()), why },
    })
}

impl Options {
    /// Drops what the client cannot bear and adds what it needs; a file's `~` is the home folder.
    pub fn of(mut given: Vec<(String, String)>) -> Self {
        given.retain(|(name, value)| dropped(name, value).is_none());
        for (name, value) in &mut given {
            if matches!(name.to_ascii_lowercase().as_str(), "tls" | "tlsverifycert") {
                value.make_ascii_lowercase();
            }
            if FILE_OPTIONS.iter().any(|file| file.eq_ignore_ascii_case(name)) {
                *value = in_home(Path::new(value)).to_string_lossy().into_owned();
            }
        }
        if !given.iter().any(|(name, _)| name.eq_ignore_ascii_case("discoveryInterval")) {
            given.push(("discoveryInterval".to_owned(), "0".to_owned()));
        }
        Self(given)
    }

    /// The value of an option, by its name in any case; the last one counts, as in the client.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0
            .iter()
            .rev()
            .find(|(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }

    pub fn tls(&self) -> bool {
        self.get("tls") != Some("false")
    }

    /// Whether the server's certificate must be valid.
    pub fn verifies(&self) -> bool {
        self.get("tlsVerifyCert") != Some("false")
    }

    pub fn node_preference(&self) -> NodePreference {
        let given = self.get("nodePreference").unwrap_or_default().to_ascii_lowercase();
        match given.as_str() {
            "follower" => NodePreference::Follower,
            "readonlyreplica" => NodePreference::ReadOnlyReplica,
            "random" => NodePreference::Random,
            _ => NodePreference::Leader,
        }
    }

    /// The same with another value of one option.
    pub fn with(&self, name: &str, value: &str) -> Self {
        let mut options = self.clone();
        options.0.retain(|(known, _)| !known.eq_ignore_ascii_case(name));
        options.0.push((name.to_owned(), value.to_owned()));
        options
    }

    pub fn query(&self) -> String {
        url::form_urlencoded::Serializer::new(String::new()).extend_pairs(&self.0).finish()
    }
}
