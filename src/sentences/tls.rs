//! Why a TLS connection does not come about.

use crate::record::json::one_line;
use crate::store::{CertificateName, PublicKey, ServerCertificate, TlsCause};

/// Names of a certificate that are shown.
const MOST_NAMES: usize = 8;
const MOST_CHARS: usize = 200;
const UNREAD: &str = "what cannot be read";

pub fn tls_cause(node: &str, cause: &TlsCause) -> String {
    match cause {
        TlsCause::InvalidName(host) => format!(
            "{host:?} cannot be a name in a certificate. Use the server's name as its certificate has it."
        ),
        TlsCause::OfferRefused(error) => {
            format!("{node} refuses TLS as this client offers it: {error}. Check the server's TLS settings.")
        }
        TlsCause::ClientCertificateMissing { alert } => format!(
            "{node} asks for a client certificate ({alert}). Name yours with userCertFile=… and userKeyFile=…."
        ),
        TlsCause::ClientCertificateUntrusted { file } => format!(
            "{node} refuses the client certificate {file:?}: it does not trust the authority that signed it. Use one that it trusts."
        ),
        TlsCause::ClientCertificateExpired { file } => {
            format!("{node} refuses the client certificate {file:?}: it has expired. Renew it.")
        }
        TlsCause::ClientCertificateRefused { file, alert } => format!(
            "{node} refuses the client certificate {file:?} ({alert}). Use one that is meant for its clients."
        ),
        TlsCause::Expired { not_after } => format!(
            "The certificate of {node} expired on {}. Renew it on the server, or check the clock of this machine.",
            date(*not_after)
        ),
        TlsCause::NotValidYet { not_before } => format!(
            "The certificate of {node} is valid only from {}. Check the clocks of this machine and of the server.",
            date(*not_before)
        ),
        TlsCause::WrongName { host, names } => format!(
            "The certificate of {node} is not for {host:?}: it holds {}. Connect by one of these names.",
            names.as_deref().map_or_else(|| UNREAD.to_owned(), listed)
        ),
        TlsCause::UnknownIssuer { issuer, self_signed, ca_file } => {
            let by = if *self_signed { "by itself, as" } else { "by" };
            let fix = match ca_file {
                Some(file) => format!("who is not in {file:?}. Name the right authority with tlsCaFile=…."),
                None => {
                    "whom this machine does not trust. Name the authority's certificate with tlsCaFile=…."
                        .to_owned()
                }
            };
            let issuer = issuer
                .as_ref()
                .map_or_else(|| UNREAD.to_owned(), |issuer| one_line(issuer.as_bytes(), MOST_CHARS));
            format!("The certificate of {node} is signed {by} {issuer:?}, {fix}")
        }
        TlsCause::Unusable(error) => {
            format!("The certificate of {node} cannot be used: {error}. Replace it on the server.")
        }
    }
}

/// What is wrong with a certificate, as part of a sentence.
pub fn doubt(cause: &TlsCause) -> String {
    match cause {
        TlsCause::Expired { not_after } => format!("it expired on {}", date(*not_after)),
        TlsCause::NotValidYet { not_before } => format!("it is valid only from {}", date(*not_before)),
        TlsCause::WrongName { host, names } => {
            let holds = names.as_deref().map_or_else(|| UNREAD.to_owned(), listed);
            format!("it is not for {host:?}, it holds {holds}")
        }
        TlsCause::UnknownIssuer { self_signed: true, .. } => "it is signed by itself".to_owned(),
        TlsCause::UnknownIssuer { .. } => "nobody whom this machine trusts has signed it".to_owned(),
        TlsCause::Unusable(error) => error.clone(),
        TlsCause::InvalidName(_)
        | TlsCause::OfferRefused(_)
        | TlsCause::ClientCertificateMissing { .. }
        | TlsCause::ClientCertificateUntrusted { .. }
        | TlsCause::ClientCertificateExpired { .. }
        | TlsCause::ClientCertificateRefused { .. } => "it cannot be told what it is".to_owned(),
    }
}

/// Whose certificate it is, in a sentence.
pub fn certificate_line(certificate: &ServerCertificate) -> String {
    let (names, key) = (listed(&certificate.names), public_key(&certificate.key));
    let issuer = one_line(certificate.issuer.as_bytes(), MOST_CHARS);
    format!(
        "The certificate is for {names}, signed by {issuer:?}, valid until {}; its key is {key}.",
        date(certificate.not_after)
    )
}

/// What stands in a certificate: what it is, and its text.
pub fn certificate_parts(certificate: &ServerCertificate) -> [(&'static str, String); 5] {
    let line = |text: &str| one_line(text.as_bytes(), MOST_CHARS);
    [
        ("Subject", line(&certificate.subject)),
        ("Issuer", line(&certificate.issuer)),
        ("Names", listed(&certificate.names)),
        ("Valid", format!("{} to {}", date(certificate.not_before), date(certificate.not_after))),
        ("Key", public_key(&certificate.key)),
    ]
}

fn public_key(key: &PublicKey) -> String {
    match key {
        PublicKey::Rsa(bits) => format!("RSA {bits} bits"),
        PublicKey::Ec(bits) => format!("EC P-{bits}"),
        PublicKey::Ed25519 => "Ed25519".to_owned(),
        PublicKey::Other(algorithm) => {
            format!("of the algorithm {}", one_line(algorithm.as_bytes(), MOST_CHARS))
        }
    }
}

fn listed(names: &[CertificateName]) -> String {
    let mut shown: Vec<_> = names.iter().take(MOST_NAMES).map(shown).collect();
    if names.len() > MOST_NAMES {
        shown.push("more".to_owned());
    }
    if shown.is_empty() { "no name".to_owned() } else { shown.join(", ") }
}

fn shown(name: &CertificateName) -> String {
    match name {
        CertificateName::Dns(name) => format!("{:?}", one_line(name.as_bytes(), MOST_CHARS)),
        CertificateName::Ip(address) => address.to_string(),
    }
}

/// The moment in UTC, to the minute.
fn date(seconds: u64) -> String {
    let moment = i64::try_from(seconds).ok().and_then(|seconds| jiff::Timestamp::from_second(seconds).ok());
    moment.map_or_else(
        || "an unreadable date".to_owned(),
        |moment| moment.strftime("%Y-%m-%d %H:%M UTC").to_string(),
    )
}
