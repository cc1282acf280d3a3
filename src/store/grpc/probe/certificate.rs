//! What stands in a server's certificate.

use crate::store::{CertificateName, PublicKey, ServerCertificate};
use std::net::IpAddr;
use tokio_rustls::rustls::pki_types::CertificateDer;
use x509_cert::der::asn1::UintRef;
use x509_cert::der::{self, Decode as _, Reader as _, SliceReader};
use x509_cert::ext::pkix::{SubjectAltName, name::GeneralName};
use x509_cert::{Certificate, TbsCertificate};

const RSA: &str = "1.2.840.113549.1.1.1";
const EC: &str = "1.2.840.10045.2.1";
const ED25519: &str = "1.3.101.112";
/// The NIST curves and the bits of their keys.
const CURVES: [(&str, usize); 3] =
    [("1.2.840.10045.3.1.7", 256), ("1.3.132.0.34", 384), ("1.3.132.0.35", 521)];

/// `None` where it cannot be read.
pub fn read(certificate: &CertificateDer<'_>) -> Option<ServerCertificate> {
    let certificate = Certificate::from_der(certificate).ok()?;
    let content = certificate.tbs_certificate();
    let validity = content.validity();
    Some(ServerCertificate {
        subject: content.subject().to_string(),
        issuer: content.issuer().to_string(),
        names: names(content),
        not_before: validity.not_before.to_unix_duration().as_secs(),
        not_after: validity.not_after.to_unix_duration().as_secs(),
        key: key(content),
    })
}

fn names(content: &TbsCertificate) -> Vec<CertificateName> {
    let alternative = content.get_extension::<SubjectAltName>();
    let names = alternative.ok().flatten().map(|(_, names)| names.0).unwrap_or_default();
    names.iter().filter_map(name).collect()
}

/// A name that a server can have.
fn name(name: &GeneralName) -> Option<CertificateName> {
    match name {
        GeneralName::DnsName(name) => Some(CertificateName::Dns(name.to_string())),
        GeneralName::IpAddress(address) => {
            let bytes = address.as_bytes();
            let v4 = <[u8; 4]>::try_from(bytes).map(IpAddr::from);
            v4.or_else(|_| <[u8; 16]>::try_from(bytes).map(IpAddr::from)).ok().map(CertificateName::Ip)
        }
        _ => None,
    }
}

fn key(content: &TbsCertificate) -> PublicKey {
    let info = content.subject_public_key_info();
    let kind = info.algorithm.oid.to_string();
    let known = match &*kind {
        RSA => modulus_bits(info.subject_public_key.raw_bytes()).ok().map(PublicKey::Rsa),
        EC => {
            let curve = info.algorithm.parameters.as_ref();
            let curve = curve.and_then(|curve| curve.decode_as::<der::oid::ObjectIdentifier>().ok());
            let curve = curve.map(|curve| curve.to_string()).unwrap_or_default();
            CURVES.iter().find(|(known, _)| *known == curve).map(|(_, bits)| PublicKey::Ec(*bits))
        }
        ED25519 => Some(PublicKey::Ed25519),
        _ => None,
    };
    known.unwrap_or(PublicKey::Other(kind))
}

fn modulus_bits(key: &[u8]) -> der::Result<usize> {
    let mut reader = SliceReader::new(key)?;
    reader.sequence(|parts| {
        let modulus = UintRef::decode(parts)?;
        UintRef::decode(parts)?;
        let unused = modulus.as_bytes().first().map_or(0, |byte| byte.leading_zeros() as usize);
        Ok::<_, der::Error>(modulus.as_bytes().len() * 8 - unused)
    })
}
