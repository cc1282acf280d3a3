//! A connection string with one part changed; what is not changed stays as it was typed, the password too.

use super::connection_string::{ConnectionString, Parts, is_scheme, take_apart};
use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use std::ops::Range;

impl ConnectionString {
    /// With this scheme in place of its own, or of none.
    #[must_use]
    pub fn with_scheme(&self, scheme: &str) -> Self {
        let rest = match self.as_typed().split_once("://") {
            Some((old, rest)) if is_scheme(old) => rest,
            _ => self.as_typed(),
        };
        format!("{scheme}://{rest}").into()
    }

    /// With another way to find the node that leads: `+discover` behind the scheme, or not.
    #[must_use]
    pub fn with_discovery(&self, discovers: bool) -> Self {
        let Ok(parts) = take_apart(self.as_typed()) else { return self.clone() };
        let plain = parts.scheme.split('+').next().unwrap_or(parts.scheme);
        self.with_scheme(&if discovers { format!("{plain}+discover") } else { plain.to_owned() })
    }

    /// With this value of an option in place of its own; `None` leaves the option out.
    #[must_use]
    pub fn with_option(&self, name: &str, value: Option<&str>) -> Self {
        let Ok(parts) = take_apart(self.as_typed()) else { return self.clone() };
        let is_other = |pair: &&str| {
            let known = pair.split_once('=').map_or(*pair, |(name, _)| name);
            !pair.is_empty() && !decoded(known).eq_ignore_ascii_case(name)
        };
        let mut pairs: Vec<_> = parts.query.split('&').filter(is_other).map(str::to_owned).collect();
        pairs.extend(value.map(|value| format!("{name}={}", encoded(value))));
        written(&Parts { query: &pairs.join("&"), ..parts })
    }

    /// With an option under another name.
    #[must_use]
    pub fn with_option_renamed(&self, from: &str, to: &str) -> Self {
        let Ok(parts) = take_apart(self.as_typed()) else { return self.clone() };
        let renamed = |pair: &str| match pair.split_once('=') {
            Some((name, value)) if decoded(name) == from => format!("{to}={value}"),
            _ => pair.to_owned(),
        };
        let pairs: Vec<_> = parts.query.split('&').map(renamed).collect();
        written(&Parts { query: &pairs.join("&"), ..parts })
    }

    /// With other hosts in place of the one of `node`; without it where there are none.
    #[must_use]
    pub fn with_node(&self, node: &str, others: &str) -> Self {
        let Ok(parts) = take_apart(self.as_typed()) else { return self.clone() };
        let hosts = parts.hosts.split(',').filter_map(|host| {
            let is_it = Parts { hosts: host, ..parts }.with_ports() == node;
            if is_it { Some(others).filter(|others| !others.is_empty()) } else { Some(host) }
        });
        let hosts = hosts.collect::<Vec<_>>().join(",");
        if hosts.is_empty() { self.clone() } else { written(&Parts { hosts: &hosts, ..parts }) }
    }

    /// With this host alone.
    #[must_use]
    pub fn with_hosts(&self, hosts: &str) -> Self {
        let Ok(parts) = take_apart(self.as_typed()) else { return self.clone() };
        written(&Parts { hosts, ..parts })
    }

    /// With this user, whose password is still to be typed.
    #[must_use]
    pub fn with_user(&self, user: &str) -> Self {
        let Ok(parts) = take_apart(self.as_typed()) else { return self.clone() };
        written(&Parts { userinfo: Some(&encoded(user)), ..parts })
    }

    /// Where the password stands in a text that is typed, in bytes; while it is not whole or in doubt, what may be one.
    pub fn password_range(text: &str) -> Option<Range<usize>> {
        let from = text.find("://").map_or(0, |at| at + 3);
        let rest = &text[from..];
        let password = rest.find(':')? + 1;
        let may_be_port = || rest[password..].starts_with(|c: char| c.is_ascii_digit());
        let end = match take_apart(text) {
            Ok(parts) => parts.userinfo?.len(),
            Err(_) => match rest.rfind('@') {
                Some(at) => at,
                None if rest.starts_with('[') || may_be_port() => return None,
                None => rest.len(),
            },
        };
        (password <= end).then(|| from + password..from + end)
    }

    /// Whether it can be read, be it right or wrong otherwise.
    pub fn is_readable(&self) -> bool {
        take_apart(self.as_typed()).is_ok()
    }
}

fn written(parts: &Parts<'_>) -> ConnectionString {
    let Parts { scheme, userinfo, hosts, query } = parts;
    let login = userinfo.map(|userinfo| format!("{userinfo}@")).unwrap_or_default();
    let question = if query.is_empty() { "" } else { "?" };
    format!("{scheme}://{login}{hosts}{question}{query}").into()
}

fn decoded(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}

/// A path stays readable.
fn encoded(text: &str) -> String {
    const PLAIN: &percent_encoding::AsciiSet =
        &NON_ALPHANUMERIC.remove(b'/').remove(b'.').remove(b'-').remove(b'_').remove(b'~');
    utf8_percent_encode(text, PLAIN).to_string()
}

/// The scheme that a misspelt one, or a web page's, stands for.
pub fn scheme_meant(scheme: &str) -> Option<&'static str> {
    const SCHEMES: [&str; 5] = ["esdb", "esdb+discover", "kurrentdb", "kurrentdb+discover", "kurrent"];
    let low = scheme.to_ascii_lowercase();
    if ["http", "https", "tcp", "grpc", "eventstore"].contains(&&*low) {
        return Some("esdb");
    }
    SCHEMES
        .into_iter()
        .filter(|known| strsim::osa_distance(known, &low) <= 2)
        .min_by_key(|known| strsim::osa_distance(known, &low))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_found_while_it_is_typed() {
        let found = |text: &str| ConnectionString::password_range(text).map(|range| text[range].to_owned());
        for (text, password) in [
            ("esdb://admin:changeit@host:2113?tls=true", Some("changeit")),
            ("esdb://admin:p@ss/w?rd#@host:2113", Some("p@ss/w?rd#")),
            ("  esdb://admin:pässwörd@host", Some("pässwörd")),
            ("admin:changeit@host", Some("changeit")),
            ("esdb://admin:chan", Some("chan")),
            ("esdb://admin:", Some("")),
            ("esdb://admin:12@", Some("12")),
            ("esdb://admin:changeit@ho st", Some("changeit")),
            ("esdb://host:2113,other:2113?tls=true", None),
            ("esdb://host:21", None),
            ("esdb://[::1", None),
            ("esdb://[::1]:2113", None),
            ("esdb://admin@host:2113", None),
            ("esdb", None),
            ("", None),
        ] {
            assert_eq!(found(text).as_deref(), password, "{text}");
        }
    }
}
