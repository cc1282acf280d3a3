//! Why a TLS connection does not come about: a handshake that goes on after a bad certificate, and what was seen in it.

use super::certificates::{Trust, provider};
use super::connection_options::Options;
use crate::store::{CertificateName, NoHandshake, TlsCause};
use std::io;
use std::net::IpAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use tokio_rustls::rustls::client::{ResolvesClientCert, WebPkiServerVerifier};
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use tokio_rustls::rustls::sign::CertifiedKey;
use tokio_rustls::rustls::{
    AlertDescription, CertificateError, ClientConfig, DigitallySignedStruct, Error, SignatureScheme,
};
use x509_cert::TbsCertificate;
use x509_cert::der::Decode as _;
use x509_cert::ext::pkix::{SubjectAltName, name::GeneralName};

/// How HTTP/2 begins, with empty settings; whoever speaks it answers with its own.
pub(in crate::store) const GREETING: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0";
/// How long a server may take for the handshake, and then to refuse a certificate.
const PATIENCE: Duration = Duration::from_secs(2);

/// What a handshake showed.
pub(in crate::store) enum Handshake {
    /// The connection can be used.
    Fine,
    /// The server spoke no TLS, or broke off.
    Failed(NoHandshake),
    /// TLS came about, and this is wrong with it.
    Refused(TlsCause),
}

/// Keeps what the server showed, and accepts it, to see what comes after.
#[derive(Debug)]
struct Recorder {
    /// `None` where no authority is known.
    verifier: Option<Arc<WebPkiServerVerifier>>,
    schemes: Vec<SignatureScheme>,
    seen: Mutex<Option<Seen>>,
    user: Option<Arc<CertifiedKey>>,
    /// Whether the server asked for a client certificate.
    asked: AtomicBool,
}

#[derive(Debug, Clone)]
struct Seen {
    certificate: CertificateDer<'static>,
    judged: Result<(), Error>,
}

impl Recorder {
    fn of(trust: &Trust) -> Self {
        let builder = WebPkiServerVerifier::builder_with_provider(trust.roots.clone().into(), provider());
        let schemes = provider().signature_verification_algorithms.supported_schemes();
        Self {
            verifier: builder.build().ok(),
            schemes,
            seen: Mutex::default(),
            user: trust.user.clone(),
            asked: AtomicBool::default(),
        }
    }

    fn seen(&self) -> Option<Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl ServerCertVerifier for Recorder {
    fn verify_server_cert(
        &self,
        certificate: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        ocsp: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let judged = match &self.verifier {
            Some(verifier) => {
                verifier.verify_server_cert(certificate, intermediates, name, ocsp, now).map(drop)
            }
            None => Err(CertificateError::UnknownIssuer.into()),
        };
        let seen = Seen { certificate: certificate.clone().into_owned(), judged };
        *self.seen.lock().unwrap_or_else(PoisonError::into_inner) = Some(seen);
        Ok(ServerCertVerified::assertion())
    }

    // Nothing is sent over this connection that a forged signature could reach.
    fn verify_tls12_signature(
        &self,
        _message: &[u8],
        _certificate: &CertificateDer<'_>,
        _signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn verify_tls13_signature(
        &self,
        _message: &[u8],
        _certificate: &CertificateDer<'_>,
        _signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.schemes.clone()
    }
}

impl ResolvesClientCert for Recorder {
    fn resolve(&self, _authorities: &[&[u8]], _schemes: &[SignatureScheme]) -> Option<Arc<CertifiedKey>> {
        self.asked.store(true, Ordering::Relaxed);
        self.user.clone()
    }

    fn has_certs(&self) -> bool {
        true
    }
}

/// Shakes hands with `host`, which the socket leads to, as the client would.
pub(in crate::store) async fn handshake(
    socket: TcpStream,
    host: &str,
    trust: &Trust,
    options: &Options,
) -> Handshake {
    let Ok(name) = ServerName::try_from(host.trim_matches(['[', ']']).to_owned()) else {
        return Handshake::Refused(TlsCause::InvalidName(host.to_owned()));
    };
    let recorder = Arc::new(Recorder::of(trust));
    let config = match config(&recorder) {
        Ok(config) => config,
        Err(error) => return Handshake::Failed(NoHandshake::Broken(error.to_string())),
    };
    let ended = exchange(socket, name, config).await;
    if let Some(Seen { certificate, judged: Err(error) }) = &recorder.seen()
        && options.verifies()
    {
        return Handshake::Refused(certificate_cause(host, certificate, error, options));
    }
    match ended {
        None => Handshake::Failed(NoHandshake::Silent),
        Some(Ok(())) => Handshake::Fine,
        Some(Err(error)) => match tls_error(&error) {
            Some(Error::AlertReceived(alert)) if recorder.asked.load(Ordering::Relaxed) => {
                Handshake::Refused(alert_cause(*alert, options))
            }
            Some(error @ Error::AlertReceived(_)) => {
                Handshake::Refused(TlsCause::OfferRefused(error.to_string()))
            }
            _ => Handshake::Failed(NoHandshake::Broken(error.to_string())),
        },
    }
}

fn config(recorder: &Arc<Recorder>) -> Result<ClientConfig, Error> {
    let mut config = ClientConfig::builder_with_provider(provider())
        .with_safe_default_protocol_versions()?
        .dangerous()
        .with_custom_certificate_verifier(recorder.clone())
        .with_client_cert_resolver(recorder.clone());
    config.alpn_protocols = vec![b"h2".to_vec()];
    Ok(config)
}

/// The handshake, and the first bytes after it: with TLS 1.3 a server refuses the client's certificate only there.
/// `None` where it is not answered.
async fn exchange(
    socket: TcpStream,
    name: ServerName<'static>,
    config: ClientConfig,
) -> Option<io::Result<()>> {
    let connector = TlsConnector::from(Arc::new(config));
    let mut stream = match timeout(PATIENCE, connector.connect(name, socket)).await.ok()? {
        Ok(stream) => stream,
        Err(error) => return Some(Err(error)),
    };
    let mut first = [0];
    let answer = async {
        stream.write_all(GREETING).await?;
        stream.flush().await?;
        stream.read_exact(&mut first).await
    };
    match timeout(PATIENCE / 2, answer).await {
        Ok(Err(error)) if tls_error(&error).is_some() => Some(Err(error)),
        // A server that says nothing of HTTP/2 is no fault of TLS.
        _ => Some(Ok(())),
    }
}

fn tls_error(error: &io::Error) -> Option<&Error> {
    error.get_ref()?.downcast_ref()
}

fn alert_cause(alert: AlertDescription, options: &Options) -> TlsCause {
    let Some(file) = options.get("userCertFile").map(str::to_owned) else {
        return TlsCause::ClientCertificateMissing { alert: format!("{alert:?}") };
    };
    match alert {
        AlertDescription::UnknownCA => TlsCause::ClientCertificateUntrusted { file },
        AlertDescription::CertificateExpired => TlsCause::ClientCertificateExpired { file },
        alert => TlsCause::ClientCertificateRefused { file, alert: format!("{alert:?}") },
    }
}

/// What is wrong with the server's certificate.
fn certificate_cause(
    host: &str,
    certificate: &CertificateDer<'_>,
    error: &Error,
    options: &Options,
) -> TlsCause {
    let Error::InvalidCertificate(error) = error else { return TlsCause::Unusable(error.to_string()) };
    let certificate = x509_cert::Certificate::from_der(certificate).ok();
    let certificate = certificate.as_ref().map(x509_cert::Certificate::tbs_certificate);
    match error {
        CertificateError::ExpiredContext { not_after, .. } => {
            TlsCause::Expired { not_after: not_after.as_secs() }
        }
        CertificateError::NotValidYetContext { not_before, .. } => {
            TlsCause::NotValidYet { not_before: not_before.as_secs() }
        }
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            TlsCause::WrongName { host: host.to_owned(), names: certificate.map(names) }
        }
        CertificateError::UnknownIssuer => TlsCause::UnknownIssuer {
            issuer: certificate.map(|certificate| certificate.issuer().to_string()),
            self_signed: certificate.is_some_and(|found| found.issuer() == found.subject()),
            ca_file: options.get("tlsCaFile").map(str::to_owned),
        },
        error => TlsCause::Unusable(error.to_string()),
    }
}

fn names(certificate: &TbsCertificate) -> Vec<CertificateName> {
    let alternative = certificate.get_extension::<SubjectAltName>();
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
