//! Why a TLS connection does not come about.

use std::net::IpAddr;

/// What is wrong with a TLS connection; moments are seconds since 1970, `file` is as the connection string names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TlsCause {
    /// The host as typed cannot stand in a certificate.
    InvalidName(String),
    /// The server refuses every TLS that this client offers; with the library's text.
    OfferRefused(String),
    /// The server asks for a client certificate and none is named; with the name of its alert.
    ClientCertificateMissing {
        alert: String,
    },
    /// The server does not trust the authority of the client's certificate.
    ClientCertificateUntrusted {
        file: String,
    },
    ClientCertificateExpired {
        file: String,
    },
    ClientCertificateRefused {
        file: String,
        alert: String,
    },
    Expired {
        not_after: u64,
    },
    NotValidYet {
        not_before: u64,
    },
    /// The certificate is for other names than the host's; `None` where they cannot be read.
    WrongName {
        host: String,
        names: Option<Vec<CertificateName>>,
    },
    UnknownIssuer {
        /// `None` where it cannot be read.
        issuer: Option<String>,
        self_signed: bool,
        /// The file of authorities that does not hold it; `None` where this machine's were asked.
        ca_file: Option<String>,
    },
    /// Another fault of the certificate; with the library's text.
    Unusable(String),
}

/// A name that a certificate is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CertificateName {
    Dns(String),
    Ip(IpAddr),
}

/// How a server answers that speaks no TLS.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoHandshake {
    Silent,
    /// It broke off; with the text of the error.
    Broken(String),
}
