//! Why a TLS connection does not come about: a handshake that goes on after a bad certificate, and what was seen in it.

use super::certificates::{Trust, provider};
use super::connection_options::Options;
use crate::record::json::one_line;
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
use x509_cert::der::Decode as _;
use x509_cert::ext::pkix::{SubjectAltName, name::GeneralName};

/// How HTTP/2 begins, with empty settings; whoever speaks it answers with its own.
pub(in crate::store) const GREETING: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0";
/// How long a server may take for the handshake, and then to refuse a certificate.
const PATIENCE: Duration = Duration::from_secs(2);
/// Names of a certificate that are shown.
const MOST_NAMES: usize = 8;
const MOST_CHARS: usize = 200;

/// What a handshake showed.
pub(in crate::store) enum Handshake {
    /// The connection can be used.
    Fine,
    /// The server spoke no TLS, or broke off; why.
    Failed(String),
    /// TLS came about, and this is wrong with it.
    Refused(String),
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

/// Shakes hands with `host`, which the socket leads to, as the client would; `node` is how the sentences call it.
pub(in crate::store) async fn handshake(
    socket: TcpStream,
    (node, host): (&str, &str),
    trust: &Trust,
    options: &Options,
) -> Handshake {
    let Ok(name) = ServerName::try_from(host.trim_matches(['[', ']']).to_owned()) else {
        return Handshake::Refused(format!(
            "{host:?} cannot be a name in a certificate. Use the server's name as its certificate has it."
        ));
    };
    let recorder = Arc::new(Recorder::of(trust));
    let config = match config(&recorder) {
        Ok(config) => config,
        Err(error) => return Handshake::Failed(error.to_string()),
    };
    let ended = exchange(socket, name, config).await;
    if let Some(Seen { certificate, judged: Err(error) }) = &recorder.seen()
        && options.verifies()
    {
        return Handshake::Refused(certificate_sentence(node, host, certificate, error, options));
    }
    match ended {
        Ok(()) => Handshake::Fine,
        Err(error) => match tls_error(&error) {
            Some(Error::AlertReceived(alert)) if recorder.asked.load(Ordering::Relaxed) => {
                Handshake::Refused(alert_sentence(node, *alert, options))
            }
            Some(error @ Error::AlertReceived(_)) => Handshake::Refused(format!(
                "{node} refuses TLS as this client offers it: {error}. Check the server's TLS settings."
            )),
            _ => Handshake::Failed(error.to_string()),
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
async fn exchange(socket: TcpStream, name: ServerName<'static>, config: ClientConfig) -> io::Result<()> {
    let connector = TlsConnector::from(Arc::new(config));
    let mut stream = match timeout(PATIENCE, connector.connect(name, socket)).await {
        Ok(connected) => connected?,
        Err(_) => return Err(io::Error::new(io::ErrorKind::TimedOut, "the handshake was not answered")),
    };
    let mut first = [0];
    let answer = async {
        stream.write_all(GREETING).await?;
        stream.flush().await?;
        stream.read_exact(&mut first).await
    };
    match timeout(PATIENCE / 2, answer).await {
        Ok(Err(error)) if tls_error(&error).is_some() => Err(error),
        // A server that says nothing of HTTP/2 is no fault of TLS.
        _ => Ok(()),
    }
}

fn tls_error(error: &io::Error) -> Option<&Error> {
    error.get_ref()?.downcast_ref()
}

fn alert_sentence(node: &str, alert: AlertDescription, options: &Options) -> String {
    match (options.get("userCertFile"), alert) {
        (None, _) => format!(
            "{node} asks for a client certificate ({alert:?}). Name yours with userCertFile=… and userKeyFile=…."
        ),
        (Some(file), AlertDescription::UnknownCA) => format!(
            "{node} refuses the client certificate {file:?}: it does not trust the authority that signed it. Use one that it trusts."
        ),
        (Some(file), AlertDescription::CertificateExpired) => {
            format!("{node} refuses the client certificate {file:?}: it has expired. Renew it.")
        }
        (Some(file), alert) => format!(
            "{node} refuses the client certificate {file:?} ({alert:?}). Use one that is meant for its clients."
        ),
    }
}

/// What is wrong with the server's certificate.
fn certificate_sentence(
    node: &str,
    host: &str,
    certificate: &CertificateDer<'_>,
    error: &Error,
    options: &Options,
) -> String {
    let facts = Facts::of(certificate);
    let Error::InvalidCertificate(error) = error else {
        return format!("The certificate of {node} cannot be used: {error}. Replace it on the server.");
    };
    match error {
        CertificateError::ExpiredContext { not_after, .. } => format!(
            "The certificate of {node} expired on {}. Renew it on the server, or check the clock of this machine.",
            date(*not_after)
        ),
        CertificateError::NotValidYetContext { not_before, .. } => format!(
            "The certificate of {node} is valid only from {}. Check the clocks of this machine and of the server.",
            date(*not_before)
        ),
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => format!(
            "The certificate of {node} is not for {host:?}: it holds {}. Connect by one of these names.",
            facts.names
        ),
        CertificateError::UnknownIssuer => {
            let by = if facts.self_signed { "by itself, as" } else { "by" };
            let fix = match options.get("tlsCaFile") {
                Some(file) => format!("who is not in {file:?}. Name the right authority with tlsCaFile=…."),
                None => {
                    "whom this machine does not trust. Name the authority's certificate with tlsCaFile=…."
                        .to_owned()
                }
            };
            format!("The certificate of {node} is signed {by} {:?}, {fix}", facts.issuer)
        }
        error => format!("The certificate of {node} cannot be used: {error}. Replace it on the server."),
    }
}

/// What a certificate says, for people.
struct Facts {
    issuer: String,
    self_signed: bool,
    names: String,
}

impl Facts {
    fn of(certificate: &CertificateDer<'_>) -> Self {
        let unread = "what cannot be read";
        let Ok(certificate) = x509_cert::Certificate::from_der(certificate) else {
            return Self { issuer: unread.to_owned(), self_signed: false, names: unread.to_owned() };
        };
        let certificate = certificate.tbs_certificate();
        let alternative = certificate.get_extension::<SubjectAltName>();
        let names = alternative.ok().flatten().map(|(_, names)| names.0).unwrap_or_default();
        let mut shown: Vec<_> = names.iter().filter_map(shown).take(MOST_NAMES + 1).collect();
        if shown.len() > MOST_NAMES {
            shown.truncate(MOST_NAMES);
            shown.push("more".to_owned());
        }
        let names = if shown.is_empty() { "no name".to_owned() } else { shown.join(", ") };
        Self {
            issuer: one_line(certificate.issuer().to_string().as_bytes(), MOST_CHARS),
            self_signed: certificate.issuer() == certificate.subject(),
            names,
        }
    }
}

/// A name that a server can have.
fn shown(name: &GeneralName) -> Option<String> {
    match name {
        GeneralName::DnsName(name) => Some(format!("{:?}", one_line(name.as_bytes(), MOST_CHARS))),
        GeneralName::IpAddress(address) => {
            let bytes = address.as_bytes();
            let v4 = <[u8; 4]>::try_from(bytes).map(IpAddr::from);
            v4.or_else(|_| <[u8; 16]>::try_from(bytes).map(IpAddr::from)).ok().map(|ip| ip.to_string())
        }
        _ => None,
    }
}

/// The moment in UTC, to the minute.
fn date(at: UnixTime) -> String {
    let seconds = i64::try_from(at.as_secs()).ok();
    let moment = seconds.and_then(|seconds| jiff::Timestamp::from_second(seconds).ok());
    moment.map_or_else(
        || "an unreadable date".to_owned(),
        |moment| moment.strftime("%Y-%m-%d %H:%M UTC").to_string(),
    )
}
