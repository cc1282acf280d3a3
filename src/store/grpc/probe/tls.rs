//! A TLS handshake that goes on after a bad certificate, and what was seen in it.

use super::certificate;
use super::opening::{Opening, greet};
use crate::store::grpc::certificates::{Trust, provider};
use crate::store::grpc::connection_options::Options;
use crate::store::{NoHandshake, ServerCertificate, TlsCause};
use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use tokio_rustls::rustls::client::{ResolvesClientCert, WebPkiServerVerifier};
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use tokio_rustls::rustls::sign::CertifiedKey;
use tokio_rustls::rustls::{
    AlertDescription, CertificateError, ClientConfig, DigitallySignedStruct, Error, SignatureScheme,
};

const HTTP2: &[u8] = b"h2";
/// How long a server may take for the handshake.
const PATIENCE: Duration = Duration::from_secs(2);

/// What a handshake showed.
pub struct Handshake {
    /// `None` where the server showed none that can be read.
    pub certificate: Option<ServerCertificate>,
    /// What is wrong with the certificate, whether it has to be right or not.
    pub doubt: Option<TlsCause>,
    pub end: End,
}

/// How a handshake ended.
pub enum End {
    /// TLS came about, and the server said this first.
    Opened(Opening),
    /// The server speaks TLS, and no HTTP/2 over it.
    NoHttp2,
    /// The server speaks TLS, and not with this client.
    Refused(TlsCause),
    /// The server spoke no TLS, or broke off.
    Failed(NoHandshake),
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

/// TLS with a server whatever its certificate is, and what it says first.
pub async fn handshake(socket: TcpStream, host: &str, trust: &Trust, options: &Options) -> Handshake {
    shake(socket, host, trust, options, &[HTTP2]).await
}

/// The same without asking for HTTP/2.
pub async fn handshake_without_http2(
    socket: TcpStream,
    host: &str,
    trust: &Trust,
    options: &Options,
) -> Handshake {
    shake(socket, host, trust, options, &[]).await
}

/// A connection for a call that holds no secret: whatever certificate is shown is accepted.
pub async fn secure(socket: TcpStream, host: &str, trust: &Trust) -> io::Result<TlsStream<TcpStream>> {
    let name = server_name(host).ok_or(io::ErrorKind::InvalidInput)?;
    let config = config(&Arc::new(Recorder::of(trust)), &[HTTP2]).map_err(io::Error::other)?;
    timeout(PATIENCE, TlsConnector::from(Arc::new(config)).connect(name, socket)).await?
}

fn server_name(host: &str) -> Option<ServerName<'static>> {
    ServerName::try_from(host.trim_matches(['[', ']']).to_owned()).ok()
}

async fn shake(
    socket: TcpStream,
    host: &str,
    trust: &Trust,
    options: &Options,
    protocols: &[&[u8]],
) -> Handshake {
    let unseen = |end| Handshake { certificate: None, doubt: None, end };
    let Some(name) = server_name(host) else {
        return unseen(End::Refused(TlsCause::InvalidName(host.to_owned())));
    };
    let recorder = Arc::new(Recorder::of(trust));
    let config = match config(&recorder, protocols) {
        Ok(config) => config,
        Err(error) => return unseen(End::Failed(NoHandshake::Broken(error.to_string()))),
    };
    let end = end(exchange(socket, name, config).await, &recorder, options);
    let Some(Seen { certificate, judged }) = recorder.seen() else { return unseen(end) };
    let certificate = certificate::read(&certificate);
    let doubt = judged.err().map(|error| certificate_cause(host, certificate.as_ref(), &error, options));
    Handshake { certificate, doubt, end }
}

fn end(exchanged: Option<io::Result<Opening>>, recorder: &Recorder, options: &Options) -> End {
    let error = match exchanged {
        None => return End::Failed(NoHandshake::Silent),
        Some(Ok(opening)) => return End::Opened(opening),
        Some(Err(error)) => error,
    };
    match tls_error(&error) {
        Some(Error::AlertReceived(AlertDescription::NoApplicationProtocol)) => End::NoHttp2,
        Some(Error::AlertReceived(alert)) if recorder.asked.load(Ordering::Relaxed) => {
            End::Refused(alert_cause(*alert, options))
        }
        Some(error @ Error::AlertReceived(_)) => End::Refused(TlsCause::OfferRefused(error.to_string())),
        _ => End::Failed(NoHandshake::Broken(error.to_string())),
    }
}

fn config(recorder: &Arc<Recorder>, protocols: &[&[u8]]) -> Result<ClientConfig, Error> {
    let mut config = ClientConfig::builder_with_provider(provider())
        .with_safe_default_protocol_versions()?
        .dangerous()
        .with_custom_certificate_verifier(recorder.clone())
        .with_client_cert_resolver(recorder.clone());
    config.alpn_protocols = protocols.iter().map(|protocol| protocol.to_vec()).collect();
    Ok(config)
}

/// The handshake, and the first bytes after it: with TLS 1.3 a server refuses the client's certificate only there.
/// `None` where it is not answered.
async fn exchange(
    socket: TcpStream,
    name: ServerName<'static>,
    config: ClientConfig,
) -> Option<io::Result<Opening>> {
    let connector = TlsConnector::from(Arc::new(config));
    let mut stream = match timeout(PATIENCE, connector.connect(name, socket)).await.ok()? {
        Ok(stream) => stream,
        Err(error) => return Some(Err(error)),
    };
    match greet(&mut stream).await {
        // What a server says of HTTP/2 is no fault of TLS.
        Err(error) if tls_error(&error).is_none() => Some(Ok(Opening::Closed)),
        answer => Some(answer),
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
    certificate: Option<&ServerCertificate>,
    error: &Error,
    options: &Options,
) -> TlsCause {
    let Error::InvalidCertificate(error) = error else { return TlsCause::Unusable(error.to_string()) };
    match error {
        CertificateError::ExpiredContext { not_after, .. } => {
            TlsCause::Expired { not_after: not_after.as_secs() }
        }
        CertificateError::NotValidYetContext { not_before, .. } => {
            TlsCause::NotValidYet { not_before: not_before.as_secs() }
        }
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            TlsCause::WrongName { host: host.to_owned(), names: certificate.map(|found| found.names.clone()) }
        }
        CertificateError::UnknownIssuer => TlsCause::UnknownIssuer {
            issuer: certificate.map(|found| found.issuer.clone()),
            self_signed: certificate.is_some_and(ServerCertificate::is_self_signed),
            ca_file: options.get("tlsCaFile").map(str::to_owned),
        },
        error => TlsCause::Unusable(error.to_string()),
    }
}
