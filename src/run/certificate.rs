//! Certificates for development: what is in them, and whether one still serves.

use jiff::{Timestamp, ToSpan as _, tz::TimeZone};
use rcgen::{BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, KeyUsagePurpose};
use std::io;
use std::net::IpAddr;
use std::path::Path;
use tokio_rustls::rustls::pki_types::{CertificateDer, pem::PemObject as _};
use x509_cert::Certificate;
use x509_cert::der::Decode as _;
use x509_cert::ext::pkix::{SubjectAltName, name::GeneralName};

/// How long an authority and a certificate are valid; some systems take no certificate of more than 398 days.
const AUTHORITY_DAYS: i64 = 3650;
pub const CERTIFICATE_DAYS: i64 = 397;
/// A certificate that ends sooner is made anew.
pub const NEAR_DAYS: i64 = 30;

pub fn authority(now: Timestamp) -> io::Result<CertificateParams> {
    let mut params = valid(CertificateParams::default(), now, AUTHORITY_DAYS)?;
    params.distinguished_name.push(DnType::CommonName, "Hindsight development authority");
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    Ok(params)
}

pub fn server(names: Vec<String>, now: Timestamp) -> Result<CertificateParams, rcgen::Error> {
    let params = CertificateParams::new(names)?;
    let mut params = valid(params, now, CERTIFICATE_DAYS).map_err(|_| rcgen::Error::Time)?;
    params.distinguished_name.push(DnType::CommonName, "Hindsight sandbox");
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    params.use_authority_key_identifier_extension = true;
    Ok(params)
}

/// From a day ago, as clocks differ.
fn valid(mut params: CertificateParams, now: Timestamp, days: i64) -> io::Result<CertificateParams> {
    let today = TimeZone::UTC.to_datetime(now).date();
    let day = |days: i64| -> io::Result<_> {
        let date = today.checked_add(days.days()).map_err(io::Error::other)?;
        let unsigned = |n: i8| u8::try_from(n).map_err(io::Error::other);
        Ok(rcgen::date_time_ymd(date.year().into(), unsigned(date.month())?, unsigned(date.day())?))
    };
    params.not_before = day(-1)?;
    params.not_after = day(days)?;
    Ok(params)
}

/// `None` where there is no certificate that can be read.
pub fn read(file: &Path) -> Option<Certificate> {
    Certificate::from_der(&CertificateDer::from_pem_file(file).ok()?).ok()
}

pub fn lasts(certificate: &Certificate, now: Timestamp, days: i64) -> bool {
    let end = certificate.tbs_certificate().validity().not_after.to_unix_duration().as_secs();
    i64::try_from(end).is_ok_and(|end| end > now.as_second() + days * 86_400)
}

pub fn holds(certificate: &Certificate, names: &[String]) -> bool {
    let found = certificate.tbs_certificate().get_extension::<SubjectAltName>().ok().flatten();
    let found: Vec<_> = found.map(|(_, found)| found.0).unwrap_or_default();
    names.iter().all(|name| match name.parse::<IpAddr>() {
        Ok(IpAddr::V4(ip)) => found.iter().any(|f| is_address(f, &ip.octets())),
        Ok(IpAddr::V6(ip)) => found.iter().any(|f| is_address(f, &ip.octets())),
        Err(_) => found.iter().any(|f| matches!(f, GeneralName::DnsName(f) if f.as_str() == name)),
    })
}

fn is_address(name: &GeneralName, octets: &[u8]) -> bool {
    matches!(name, GeneralName::IpAddress(address) if address.as_bytes() == octets)
}
