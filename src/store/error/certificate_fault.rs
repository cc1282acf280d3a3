//! What is wrong with the certificates and keys of a connection.

use std::path::PathBuf;

/// What is wrong with the certificates and keys of a connection, or with the files that they are in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CertificateFault {
    /// The option is there without a path.
    NoPath(&'static str),
    /// Of two options that belong together, one.
    Lone {
        given: &'static str,
        lacks: &'static str,
    },
    File {
        named_by: NamedBy,
        file: String,
        fault: FileFault,
    },
    /// The key in `userKeyFile` is not the certificate's.
    OtherKey {
        key: String,
        certificate: String,
    },
    /// This machine's authorities cannot be used, for this reason; `None` where there are none.
    Authorities {
        why: Option<String>,
    },
    /// The same of a folder that an environment variable names.
    AuthorityFolder {
        variable: &'static str,
        folder: String,
        why: Option<String>,
    },
}

/// What names a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NamedBy {
    /// Of the connection string.
    Option(&'static str),
    EnvironmentVariable(&'static str),
}

/// What is wrong with a file; never its content, which may be a key. A `String` is the text of an error.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FileFault {
    Folder,
    NotRegular,
    Empty,
    TooLarge,
    /// With the folder that a relative path was looked for in.
    Missing(Option<PathBuf>),
    NotAllowed,
    Unreadable(String),
    /// It looks like DER.
    Der,
    /// It has no `-----BEGIN` line.
    NoPem,
    /// A section does not end as it began.
    BrokenPem,
    NoCertificate,
    UnusableCertificate(String),
    EncryptedKey,
    NoKey,
    UnusableKey(String),
}
