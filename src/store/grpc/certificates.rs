//! The certificates and keys of a connection, read before the client reads them: it panics where one cannot be used.

use super::connection_options::{FILE_OPTIONS, Options};
use crate::store::{CertificateFault, ConnectionStringFault, FileFault, NamedBy, StoreError};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use tokio_rustls::rustls::crypto::{CryptoProvider, aws_lc_rs};
use tokio_rustls::rustls::pki_types::pem::{self, PemObject as _};
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::sign::CertifiedKey;
use tokio_rustls::rustls::{Error, RootCertStore};

/// Longest file that is read, in bytes: bundles of all public authorities have 250 kB.
const MOST: u64 = 16 << 20;
const FILE_VARIABLE: &str = "SSL_CERT_FILE";
const FOLDER_VARIABLE: &str = "SSL_CERT_DIR";

/// What the client trusts, and as whom it shows itself.
pub(in crate::store) struct Trust {
    pub roots: RootCertStore,
    pub user: Option<Arc<CertifiedKey>>,
}

pub(in crate::store) fn provider() -> Arc<CryptoProvider> {
    // Named, as the client panics where another one was installed.
    Arc::new(aws_lc_rs::default_provider())
}

/// Whether this machine's authorities were read once in this process: that takes milliseconds, and each client does it.
static SYSTEM_IS_FINE: AtomicBool = AtomicBool::new(false);

/// Makes sure that the client can read what it reads.
pub(in crate::store) async fn check(options: &Options) -> Result<(), StoreError> {
    let variables = [FILE_VARIABLE, FOLDER_VARIABLE].iter().any(|name| std::env::var_os(name).is_some());
    let named = FILE_OPTIONS.iter().any(|name| options.get(name).is_some());
    if !variables && !named && SYSTEM_IS_FINE.load(Ordering::Relaxed) {
        return Ok(());
    }
    trust(options).await.map(drop)
}

/// Reads the files, on a thread that may wait for a disk.
pub(in crate::store) async fn trust(options: &Options) -> Result<Trust, StoreError> {
    let options = options.clone();
    let reading = tokio::task::spawn_blocking(move || read(&options));
    reading.await.unwrap_or(Err(StoreError::Internal("reading certificates")))
}

/// Reads what the options name, or the system's authorities where they name none; the client does so without TLS too.
fn read(options: &Options) -> Result<Trust, StoreError> {
    for name in FILE_OPTIONS {
        if options.get(name).is_some_and(str::is_empty) {
            return Err(CertificateFault::NoPath(name).into());
        }
    }
    let roots = match options.get("tlsCaFile") {
        Some(file) => authorities(NamedBy::Option("tlsCaFile"), file)?,
        None => system(options.tls() && options.verifies())?,
    };
    let user = match (options.get("userCertFile"), options.get("userKeyFile")) {
        (Some(certificate), Some(key)) => Some(Arc::new(user(certificate, key)?)),
        (None, None) => None,
        (certificate, _) => {
            let (given, lacks) = match certificate {
                Some(_) => ("userCertFile", "userKeyFile"),
                None => ("userKeyFile", "userCertFile"),
            };
            return Err(CertificateFault::Lone { given, lacks }.into());
        }
    };
    Ok(Trust { roots, user })
}

/// The same files as an HTTP client takes them.
pub(in crate::store) struct PemFiles {
    /// In place of the system's authorities.
    pub authorities: Option<Vec<u8>>,
    /// A key and the certificate that belongs to it.
    pub identity: Option<Vec<u8>>,
}

/// Reads the files that the options name; waits for the disk.
pub(in crate::store) fn pem_files(options: &Options) -> Result<PemFiles, StoreError> {
    let named = |name| options.get(name).map(|file| content(NamedBy::Option(name), file)).transpose();
    let identity = match (named("userKeyFile")?, named("userCertFile")?) {
        (Some(key), Some(certificate)) => Some([&key[..], &certificate].join(&b'\n')),
        _ => None,
    };
    Ok(PemFiles { authorities: named("tlsCaFile")?, identity })
}

impl From<CertificateFault> for StoreError {
    fn from(fault: CertificateFault) -> Self {
        Self::ConnectionString(ConnectionStringFault::Certificates(fault))
    }
}

fn wrong(named_by: NamedBy, file: &str, fault: FileFault) -> CertificateFault {
    CertificateFault::File { named_by, file: file.to_owned(), fault }
}

fn content(named_by: NamedBy, file: &str) -> Result<Vec<u8>, CertificateFault> {
    let fault = match std::fs::metadata(file) {
        Ok(found) if found.is_dir() => FileFault::Folder,
        // A pipe can be read once, and the client reads it too.
        Ok(found) if !found.is_file() => FileFault::NotRegular,
        Ok(found) if found.len() == 0 => FileFault::Empty,
        Ok(found) if found.len() > MOST => FileFault::TooLarge,
        Ok(_) => match std::fs::read(file) {
            Ok(content) => return Ok(content),
            Err(error) => unreadable(file, &error),
        },
        Err(error) => unreadable(file, &error),
    };
    Err(wrong(named_by, file, fault))
}

fn unreadable(file: &str, error: &std::io::Error) -> FileFault {
    match error.kind() {
        std::io::ErrorKind::NotFound => {
            FileFault::Missing(std::env::current_dir().ok().filter(|_| Path::new(file).is_relative()))
        }
        std::io::ErrorKind::PermissionDenied => FileFault::NotAllowed,
        _ => FileFault::Unreadable(error.to_string()),
    }
}

/// The error itself would repeat bytes of the file, which may be a key.
fn no_pem(content: &[u8], error: &pem::Error) -> FileFault {
    match error {
        // DER begins with a SEQUENCE.
        _ if content.starts_with(&[0x30]) => FileFault::Der,
        pem::Error::NoItemsFound => FileFault::NoPem,
        _ => FileFault::BrokenPem,
    }
}

fn chain(named_by: NamedBy, file: &str) -> Result<Vec<CertificateDer<'static>>, CertificateFault> {
    let content = content(named_by, file)?;
    let chain = CertificateDer::pem_slice_iter(&content).collect::<Result<Vec<_>, _>>();
    let chain = chain.map_err(|error| wrong(named_by, file, no_pem(&content, &error)))?;
    if !chain.is_empty() {
        return Ok(chain);
    }
    let is_pem = content.windows(10).any(|window| window == b"-----BEGIN");
    let fault = if is_pem { FileFault::NoCertificate } else { no_pem(&content, &pem::Error::NoItemsFound) };
    Err(wrong(named_by, file, fault))
}

fn authorities(named_by: NamedBy, file: &str) -> Result<RootCertStore, CertificateFault> {
    let unusable = |error: Error| wrong(named_by, file, FileFault::UnusableCertificate(error.to_string()));
    trusted(chain(named_by, file)?).map_err(unusable)
}

fn trusted(chain: Vec<CertificateDer<'static>>) -> Result<RootCertStore, Error> {
    let mut roots = RootCertStore::empty();
    chain.into_iter().try_for_each(|certificate| roots.add(certificate))?;
    Ok(roots)
}

/// The authorities of this machine, where they are needed; without TLS the client only must not fail on them.
fn system(needed: bool) -> Result<RootCertStore, CertificateFault> {
    let found = rustls_native_certs::load_native_certs();
    let why = match (found.errors.first(), trusted(found.certs)) {
        (None, Ok(roots)) if !needed || !roots.is_empty() => {
            SYSTEM_IS_FINE.store(!roots.is_empty(), Ordering::Relaxed);
            return Ok(roots);
        }
        (Some(error), _) => Some(error.to_string()),
        (None, Err(error)) => Some(error.to_string()),
        (None, Ok(_)) => None,
    };
    if let Some(file) = std::env::var_os(FILE_VARIABLE) {
        authorities(NamedBy::EnvironmentVariable(FILE_VARIABLE), &file.to_string_lossy())?;
    }
    Err(match std::env::var_os(FOLDER_VARIABLE) {
        Some(folder) => CertificateFault::AuthorityFolder {
            variable: FOLDER_VARIABLE,
            folder: folder.to_string_lossy().into_owned(),
            why,
        },
        None => CertificateFault::Authorities { why },
    })
}

/// The certificate and key that the client shows to the server.
fn user(certificate: &str, key: &str) -> Result<CertifiedKey, CertificateFault> {
    let wrong_certificate = |fault| wrong(NamedBy::Option("userCertFile"), certificate, fault);
    let wrong_key = |fault| wrong(NamedBy::Option("userKeyFile"), key, fault);
    let chain = chain(NamedBy::Option("userCertFile"), certificate)?;
    let content = content(NamedBy::Option("userKeyFile"), key)?;
    let holds = |text: &[u8]| content.windows(text.len()).any(|window| window == text);
    let secret = PrivateKeyDer::from_pem_slice(&content).map_err(|error| {
        wrong_key(match error {
            pem::Error::NoItemsFound if holds(b"BEGIN ENCRYPTED PRIV") => FileFault::EncryptedKey,
            pem::Error::NoItemsFound if holds(b"-----BEGIN") => FileFault::NoKey,
            error => no_pem(&content, &error),
        })
    })?;
    CertifiedKey::from_der(chain, secret, &provider()).map_err(|error| match error {
        Error::InconsistentKeys(_) => {
            CertificateFault::OtherKey { key: key.to_owned(), certificate: certificate.to_owned() }
        }
        Error::InvalidCertificate(error) => {
            wrong_certificate(FileFault::UnusableCertificate(error.to_string()))
        }
        error => wrong_key(FileFault::UnusableKey(error.to_string())),
    })
}
