//! What a connection string asks for that is not safe.

/// What is in force and not safe.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Risk {
    /// `tlsVerifyCert=false`: whoever answers is taken for the server.
    AnyCertificate,
    /// A password without TLS.
    PlainPassword,
}
