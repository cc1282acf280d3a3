//! The lines of a connection test: what each found, and what its buttons do.

use super::tls::{certificate_line, doubt};
use super::{denial, left_out, node_state, store_error};
use crate::record::json::one_line;
use crate::store::{Change, Fact, Finding, Members, Step, StepKind, Warning};
use std::net::IpAddr;
use std::time::Duration;

const MOST_CHARS: usize = 1_000;

/// What a line is about.
pub fn step_name(kind: StepKind) -> &'static str {
    match kind {
        StepKind::ConnectionString => "String",
        StepKind::Name => "Name",
        StepKind::Tcp => "TCP",
        StepKind::Tls => "TLS",
        StepKind::Http2 => "HTTP/2",
        StepKind::Gossip => "Gossip",
        StepKind::Login => "Login",
        StepKind::Rights => "Rights",
    }
}

/// What was found, on one line that a screen can show.
pub fn finding(step: &Step) -> String {
    let text = match &step.finding {
        Finding::Passed(fact) => passed(step, fact),
        Finding::Warned(warning) => warned(warning),
        Finding::Failed(error) => store_error(error),
        Finding::NotReached => "not reached".to_owned(),
    };
    one_line(text.as_bytes(), MOST_CHARS)
}

/// As a person takes it in.
pub fn took(time: Duration) -> String {
    let millis = time.as_secs_f64() * 1000.0;
    if millis < 10.0 { format!("{millis:.1} ms") } else { format!("{millis:.0} ms") }
}

fn passed(step: &Step, fact: &Fact) -> String {
    let (host, port) = step.node.rsplit_once(':').unwrap_or((&step.node, "?"));
    match fact {
        Fact::Addresses(addresses) => named(host, addresses),
        Fact::Answers => format!("Port {port} answers."),
        Fact::NoTls => "TLS is off: the connection string says tls=false.".to_owned(),
        Fact::Trusted => step.certificate.as_ref().map_or_else(
            || "The certificate is good.".to_owned(),
            |certificate| certificate_line(certificate),
        ),
        Fact::Http2 { version: Some(version) } => format!("EventStoreDB {version} answers."),
        Fact::Http2 { version: None } => "EventStoreDB answers.".to_owned(),
        Fact::Members(members) => member(members),
        Fact::NoLogin => "No user is named, and none is asked for.".to_owned(),
        Fact::Accepted { user } => format!("The user {user:?} is accepted."),
        Fact::Lists { from, reads_all } => {
            let rights =
                if *reads_all { "$all may be read" } else { "$all may not be read, which is no fault" };
            format!("{rights}: streams are listed by {}.", from.replace('`', ""))
        }
    }
}

fn named(host: &str, addresses: &[IpAddr]) -> String {
    let mut shown: Vec<_> = addresses.iter().map(ToString::to_string).collect();
    shown.dedup();
    if shown == [host.trim_matches(['[', ']'])] {
        return format!("{host} is an address.");
    }
    format!("{host} → {}", shown.join(", "))
}

fn member(members: &Members) -> String {
    let state = node_state(members.state);
    match (&members.leader, members.count) {
        (_, 1) => format!("The only node is a {state}."),
        (Some(leader), count) if state != "leader" => {
            format!("A {state} of {count} nodes; their leader is {leader}.")
        }
        (_, count) => format!("The {state} of {count} nodes."),
    }
}

fn warned(warning: &Warning) -> String {
    match warning {
        Warning::LeftOut(option) => left_out(option),
        Warning::NotVerified(None) => {
            "The certificate is not checked (tlsVerifyCert=false), and need not be left unchecked: it is good."
                .to_owned()
        }
        Warning::NotVerified(Some(cause)) => format!(
            "The certificate is not checked (tlsVerifyCert=false), so anybody on the way can read along: {}.",
            doubt(cause)
        ),
        Warning::PlainPassword { user } => format!(
            "TLS is off (tls=false), so the password of {user:?} can be read by anybody on the way."
        ),
        Warning::NotLeader(members) => format!(
            "{} The connection string names no other node: writes go to the leader.",
            member(members)
        ),
        Warning::NoLeader(members) => {
            let count = members.count;
            let of = if count == 1 { "The only node does not lead".to_owned() } else { format!("None of {count} nodes leads") };
            format!("{of} at this moment: nothing can be written. Wait for the election.")
        }
        Warning::NoGossip => "The node tells nothing of its cluster.".to_owned(),
        Warning::NoList(why) => denial(why),
    }
}

/// What a button does; three dots where something is still to be typed or chosen.
pub fn change(change: &Change) -> String {
    let text = match change {
        Change::Scheme(scheme) => format!("Use {scheme}://"),
        Change::UseTls(true) => "Connect with TLS".to_owned(),
        Change::UseTls(false) => "Connect without TLS".to_owned(),
        Change::ConnectAs { host, .. } => format!("Connect as {host}"),
        Change::Port { port, .. } => format!("Use port {port}"),
        Change::LeaveOutNode(node) => format!("Leave out {node}"),
        Change::ChooseAuthority => "Use another CA file…".to_owned(),
        Change::UseAuthority(path) => format!("Use the CA file {path}"),
        Change::DropOption(name) => format!("Leave out {name}"),
        Change::RenameOption { to, .. } => format!("Write {to}"),
        Change::AskPassword { user } => format!("Type the password of {user}…"),
        Change::Discover => "Find the leader by any node".to_owned(),
        Change::UseLeader(leader) => format!("Connect to the leader {leader}"),
    };
    one_line(text.as_bytes(), MOST_CHARS)
}
