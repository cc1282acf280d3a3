//! What is wrong with a connection string, and what of it is left out.

use super::CertificateFault;

/// Why a connection string cannot be used, without any part of it that could be a secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ConnectionStringFault {
    NoScheme,
    /// Of the old TCP client.
    OldForm,
    UnknownScheme(String),
    NoHost,
    /// A host or port cannot be read.
    Host,
    /// It can be read in more than one way, as with a raw `@` in the password.
    Ambiguous,
    Misspelt {
        name: String,
        meant: &'static str,
    },
    /// The value is one line of at most 40 characters: more of it may be a secret.
    BadValue {
        name: String,
        value: String,
        takes: OptionValues,
    },
    /// The client does not take it, although nothing is known against it.
    Unusable,
    Certificates(CertificateFault),
}

/// What an option takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OptionValues {
    Bool,
    NodePreference,
    Number,
    /// Milliseconds; -1 switches it off.
    Millis,
}

/// An option that the client is not given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftOut {
    pub name: String,
    /// `None` of a name that nobody knows: its value may be a secret.
    pub value: Option<String>,
    pub why: DropReason,
}

/// Why an option makes eventstore 4.0 fail, or does nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DropReason {
    Unknown,
    /// The client takes only a deadline over 0 ms.
    Deadline,
    /// Servers close connections that ask more often than every 10,000 ms.
    KeepAlive,
    /// With one attempt the client never connects.
    OneAttempt,
    NotAscii,
    /// It means nothing to this client.
    Meaningless,
}
