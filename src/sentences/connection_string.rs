//! What is wrong with a connection string, and what of it is left out.

use super::certificates::certificate_fault;
use crate::store::{ConnectionStringFault, DropReason, LeftOut, OptionValues};

const FORM: &str = "Write it like esdb://localhost:2113?tls=false.";

pub fn connection_string_fault(fault: &ConnectionStringFault) -> String {
    match fault {
        ConnectionStringFault::NoScheme => format!("The connection string has no scheme. {FORM}"),
        ConnectionStringFault::OldForm => {
            format!("The connection string is one of the old TCP client. {FORM}")
        }
        ConnectionStringFault::UnknownScheme(scheme) => format!(
            "The connection string starts with {scheme:?}, which is no EventStoreDB scheme. {FORM}"
        ),
        ConnectionStringFault::NoHost => format!("The connection string names no host. {FORM}"),
        ConnectionStringFault::Host => {
            format!("The connection string has a host or port that cannot be read. {FORM}")
        }
        ConnectionStringFault::Unusable => format!("The connection string cannot be used. {FORM}"),
        ConnectionStringFault::Ambiguous => {
            "The connection string can be read in more than one way. In user and password, write @ as %40, / as %2F, ? as %3F and # as %23."
                .to_owned()
        }
        ConnectionStringFault::Misspelt { name, meant } => format!(
            "The connection string has an option {name:?}, which is {meant} misspelt. Correct it."
        ),
        ConnectionStringFault::BadValue { name, value, takes } => {
            format!("In the connection string {name} is {value:?}. It takes {}.", values(*takes))
        }
        ConnectionStringFault::Certificates(fault) => certificate_fault(fault),
    }
}

fn values(takes: OptionValues) -> &'static str {
    match takes {
        OptionValues::Bool => "true or false",
        OptionValues::NodePreference => "leader, follower, random or readOnlyReplica",
        OptionValues::Number => "a whole number",
        OptionValues::Millis => "milliseconds, or -1",
    }
}

pub fn left_out(option: &LeftOut) -> String {
    let why = match option.why {
        DropReason::Unknown => "there is no such option",
        DropReason::Deadline => "the deadline must be over 0 ms; Hindsight's own deadlines hold",
        DropReason::KeepAlive => "servers close connections that ask more often than every 10,000 ms",
        DropReason::OneAttempt => "with one attempt the client never connects",
        DropReason::NotAscii => "the name must be plain ASCII",
        DropReason::Meaningless => "it means nothing to this client",
    };
    let name = &option.name;
    match &option.value {
        Some(value) => format!("{name}={value} is left out: {why}."),
        None => format!("{name} is left out: {why}."),
    }
}
