//! Why the list of connections was not changed, or not carried to a file.

use crate::store::StoreError;
use std::path::PathBuf;

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ConnectionFault {
    /// Nothing was typed.
    NoName,
    /// It is over so many characters.
    LongName(usize),
    /// It would be read as a connection string, a file or an option, or has a hidden character.
    UnusableName,
    /// Another connection has this name.
    NameTaken(String),
    /// No connection has the name that was asked for; these are like it, or else all.
    Unknown {
        near: Vec<String>,
    },
    UnknownColor,
    /// The connection string cannot be used.
    Unusable(StoreError),
    /// The file is no list of connections, for this reason.
    NoList(String),
    /// Of a later version of this program.
    LaterVersion(u64),
    /// The file has over so many bytes.
    LargeFile(u64),
    /// The list would have more connections than this.
    TooMany(usize),
    /// One of the file's, by its place from 1 and its own fault.
    InFile(usize, Box<ConnectionFault>),
    /// User or password stand in a connection string of the file.
    Login,
    /// A character that no screen shows, or that turns the text around.
    HiddenCharacter,
    NotRead {
        file: PathBuf,
        error: String,
    },
    NotWritten {
        file: PathBuf,
        error: String,
    },
}
