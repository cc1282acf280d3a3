//! Why the list of connections was not changed, or not carried to a file.

use super::store_error;
use crate::app::ConnectionFault;
use crate::record::json::one_line;

pub fn connection_fault(fault: &ConnectionFault) -> String {
    match fault {
        ConnectionFault::NoName => "The connection has no name. Type one, like staging.".to_owned(),
        ConnectionFault::LongName(most) => {
            format!("The name of a connection has at most {most} characters. Shorten it.")
        }
        ConnectionFault::UnusableName => {
            "This cannot be the name of a connection: it begins with -, holds @ or ://, or a hidden character. Use another, like staging.".to_owned()
        }
        ConnectionFault::NameTaken(name) => {
            format!("Another connection is called {name:?}. Use another name, or rename that one first.")
        }
        ConnectionFault::Unknown { near } if near.is_empty() => format!(
            "There is no connection of this name, and none has one yet. {WRITE_URL}, or name one: hindsight connections add NAME URL."
        ),
        ConnectionFault::Unknown { near } => {
            format!("There is no connection of this name. Did you mean {}? {WRITE_URL}.", near.join(", "))
        }
        ConnectionFault::UnknownColor => {
            "There is no such colour. Use grey, blue, green, amber, red or violet.".to_owned()
        }
        ConnectionFault::Unusable(error) => store_error(error),
        ConnectionFault::NoList(why) => format!(
            "This is no list of connections that Hindsight exported: {}. Nothing was imported.",
            one_line(why.as_bytes(), 200)
        ),
        ConnectionFault::LaterVersion(version) => format!(
            "This list of connections has version {version}, of a later Hindsight. Nothing was imported; update this one."
        ),
        ConnectionFault::LargeFile(most) => {
            format!("The file has over {most} bytes, so it is no list of connections. Nothing was imported.")
        }
        ConnectionFault::TooMany(most) => {
            format!("There would be more than {most} connections. Remove some first.")
        }
        ConnectionFault::InFile(place, fault) => {
            format!("Connection {place} of the file: {} Nothing was imported.", connection_fault(fault))
        }
        ConnectionFault::Login => {
            "Its URL holds a user or password. Take them out, and write the user beside it.".to_owned()
        }
        ConnectionFault::HiddenCharacter => {
            "It holds a character that no screen shows. Take it out.".to_owned()
        }
        ConnectionFault::NotRead { file, error } => {
            format!("{} cannot be read: {error}. Choose another file.", file.display())
        }
        ConnectionFault::NotWritten { file, error } => {
            format!("{} cannot be written: {error}. Choose another place.", file.display())
        }
    }
}

const WRITE_URL: &str = "A server is written like esdb://localhost:2113?tls=false";

/// Of a verb that would write over a named connection.
pub fn read_only(name: &str) -> String {
    format!(
        "Not written: the connection {name:?} is read-only. Change its write mode in the window, or connect by its URL."
    )
}
