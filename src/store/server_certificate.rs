//! A server's certificate, as far as it can be read.

use super::CertificateName;

/// Texts are the server's own: hostile until they are made safe.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServerCertificate {
    pub subject: String,
    pub issuer: String,
    pub names: Vec<CertificateName>,
    /// Seconds since 1970.
    pub not_before: u64,
    /// Seconds since 1970.
    pub not_after: u64,
    pub key: PublicKey,
}

/// Kind and size of a key, in bits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PublicKey {
    Rsa(usize),
    /// On a NIST curve.
    Ec(usize),
    Ed25519,
    /// The algorithm's object identifier.
    Other(String),
}

impl ServerCertificate {
    /// Whether it names itself as its issuer.
    pub fn is_self_signed(&self) -> bool {
        self.issuer == self.subject
    }
}
