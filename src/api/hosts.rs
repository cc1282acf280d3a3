//! Who may ask: programs, and pages of this service itself, under a name that the listener answers to.

use super::error::RequestError;
use crate::record::json::safe;
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderName, header};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

/// The port of an `http` address without one.
const HTTP_PORT: u16 = 80;
const LOOPBACK: [IpAddr; 2] = [IpAddr::V4(Ipv4Addr::LOCALHOST), IpAddr::V6(Ipv6Addr::LOCALHOST)];
const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// A host as browsers compare them.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Host {
    Ip(IpAddr),
    /// In lower case, without the dot at the end.
    Name(String),
}

/// Host and port, the default one written out.
#[derive(Debug, PartialEq, Eq)]
struct Address {
    host: Host,
    port: u16,
}

impl Address {
    /// The value of a `Host` header, or the authority of a request's target.
    fn parse(text: &str) -> Option<Self> {
        let (host, port) = parts(text)?;
        Some(Self { host, port: port.unwrap_or(HTTP_PORT) })
    }

    /// The value of an `Origin` header, where it is one over plain HTTP.
    fn of_origin(origin: &str) -> Option<Self> {
        let (scheme, authority) = origin.split_once("://")?;
        Self::parse(authority).filter(|_| scheme.eq_ignore_ascii_case("http"))
    }
}

/// Host and port of `host[:port]`; nothing else may be in it, no user either.
fn parts(text: &str) -> Option<(Host, Option<u16>)> {
    let (host, port) = match text.rsplit_once(':') {
        // The last colon of an IPv6 address without a port is inside the brackets.
        Some((host, port)) if !port.contains(']') => (host, port),
        _ => (text, ""),
    };
    // A sign would be taken for part of a number.
    let digits = port.bytes().all(|byte| byte.is_ascii_digit());
    let port = if port.is_empty() { None } else { Some(port.parse().ok().filter(|_| digits)?) };
    Some((Host::parse(host)?, port))
}

impl Host {
    fn parse(text: &str) -> Option<Self> {
        if let Some(inside) = text.strip_prefix('[') {
            let ip: Ipv6Addr = inside.strip_suffix(']')?.parse().ok()?;
            return Some(Self::Ip(IpAddr::from(ip).to_canonical()));
        }
        let text = text.strip_suffix('.').unwrap_or(text);
        if let Ok(ip) = text.parse::<Ipv4Addr>() {
            return Some(Self::Ip(ip.into()));
        }
        let letter = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
        let named = text.chars().all(letter) && text.split('.').all(|label| !label.is_empty());
        named.then(|| Self::Name(text.to_ascii_lowercase()))
    }
}

/// A further name under which clients reach the listener; without a port, with the listener's own or that of HTTP.
#[derive(Debug, Clone)]
pub struct HostName {
    host: Host,
    port: Option<u16>,
}

impl std::str::FromStr for HostName {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("{text:?} is no host. Write NAME or NAME:PORT, like orders.example:8080");
        let (host, port) = parts(text).filter(|_| !text.ends_with(':')).ok_or_else(wrong)?;
        Ok(Self { host, port })
    }
}

/// The hosts that the listener answers to.
#[derive(Debug)]
pub struct Hosts {
    listener: SocketAddr,
    named: Vec<HostName>,
    /// The machine's own name.
    machine: Option<Host>,
}

impl Hosts {
    pub fn of(listener: SocketAddr, named: Vec<HostName>) -> Self {
        let machine = gethostname::gethostname().to_str().and_then(Host::parse);
        Self { listener, named, machine }
    }

    /// Refuses what another web page sends, and what reaches the listener under a foreign name (DNS rebinding).
    pub fn admit(&self, request: &Request) -> Result<(), RequestError> {
        let host = self.host(request)?;
        let headers = request.headers();
        for origin in headers.get_all(header::ORIGIN) {
            let page = origin.to_str().ok().and_then(Address::of_origin);
            if !page.is_some_and(|from| from == host || self.is_own_page(&from)) {
                return Err(foreign_page("Origin", &origin.to_str().map_or("…".into(), safe)));
            }
        }
        if headers.get_all(header::ORIGIN).iter().count() > 1 {
            return Err(RequestError::Forbidden(
                "The request has more than one Origin. Send one.".to_owned(),
            ));
        }
        for site in headers.get_all(SEC_FETCH_SITE) {
            if !matches!(site.as_bytes(), b"same-origin" | b"none") {
                return Err(foreign_page("Sec-Fetch-Site", &site.to_str().map_or("…".into(), safe)));
            }
        }
        Ok(())
    }

    /// The host that was asked for, where it is the listener's.
    fn host(&self, request: &Request) -> Result<Address, RequestError> {
        let text = only_host(request.headers())?;
        let host = self.answering(text)?;
        let uri = request.uri();
        if uri.scheme_str().is_some_and(|scheme| !scheme.eq_ignore_ascii_case("http")) {
            return Err(RequestError::Forbidden(
                "This service speaks plain HTTP. Ask for http://.".to_owned(),
            ));
        }
        uri.authority().map_or(Ok(host), |target| self.answering(target.as_str()))
    }

    fn answering(&self, text: &str) -> Result<Address, RequestError> {
        Address::parse(text).filter(|at| self.is_own(at) || self.may_be_own(at)).ok_or_else(|| {
            RequestError::Forbidden(format!(
                "This service does not answer to the host {}. Ask for localhost:{}, or start it with --host NAME:PORT.",
                safe(text),
                self.listener.port()
            ))
        })
    }

    fn is_own(&self, at: &Address) -> bool {
        let own = match &at.host {
            Host::Ip(ip) => LOOPBACK.contains(ip) || *ip == self.listener.ip().to_canonical(),
            Host::Name(name) => {
                name == "localhost" || !self.is_loopback() && self.machine.as_ref() == Some(&at.host)
            }
        };
        self.is_named(at) || own && at.port == self.listener.port()
    }

    fn is_named(&self, at: &Address) -> bool {
        let without = [self.listener.port(), HTTP_PORT];
        let port = |named: &HostName| named.port.map_or(without.contains(&at.port), |port| port == at.port);
        self.named.iter().any(|named| named.host == at.host && port(named))
    }

    /// Of a listener that others reach, `localhost` is a page of the client's machine, not of this service.
    fn is_own_page(&self, origin: &Address) -> bool {
        self.is_named(origin) || self.is_loopback() && self.is_own(origin)
    }

    /// A machine has more addresses than the one that is listened on; a name could be anyone's, an address not.
    fn may_be_own(&self, at: &Address) -> bool {
        !self.is_loopback() && matches!(at.host, Host::Ip(_)) && at.port == self.listener.port()
    }

    fn is_loopback(&self) -> bool {
        self.listener.ip().to_canonical().is_loopback()
    }
}

fn only_host(headers: &HeaderMap) -> Result<&str, RequestError> {
    let mut hosts = headers.get_all(header::HOST).iter();
    match (hosts.next().map(|host| host.to_str()), hosts.next()) {
        (Some(Ok(host)), None) => Ok(host),
        (Some(Err(_)), None) => {
            Err(RequestError::Forbidden("The Host is no ASCII text. Send a name.".to_owned()))
        }
        (None, _) => {
            Err(RequestError::Forbidden("The request has no Host. Send one, as HTTP/1.1 does.".to_owned()))
        }
        (Some(_), Some(_)) => {
            Err(RequestError::Forbidden("The request has more than one Host. Send one.".to_owned()))
        }
    }
}

fn foreign_page(name: &str, value: &str) -> RequestError {
    RequestError::Forbidden(format!(
        "{name} is {value}: the request comes from a web page that is not of this service. Ask from a program."
    ))
}
