//! The certificates and keys of a connection, read before the client reads them: it panics where one cannot be used.

use super::connection_options::Options;
use crate::store::StoreError;
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
const FILE_OPTIONS: [&str; 3] = ["tlsCaFile", "userCertFile", "userKeyFile"];
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
            return Err(wrong(format!(
                "In the connection string {name} is empty. Write the path of a PEM file, or leave it out."
            )));
        }
    }
    let roots = match options.get("tlsCaFile") {
        Some(file) => authorities("tlsCaFile", file)?,
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
            return Err(wrong(format!(
                "The connection string has {given} without {lacks}. Name both, or neither."
            )));
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
    let named = |name: &str| options.get(name).map(|file| content(name, file)).transpose();
    let identity = match (named("userKeyFile")?, named("userCertFile")?) {
        (Some(key), Some(certificate)) => Some([&key[..], &certificate].join(&b'\n')),
        _ => None,
    };
    Ok(PemFiles { authorities: named("tlsCaFile")?, identity })
}

fn wrong(text: String) -> StoreError {
    StoreError::ConnectionString(text)
}

/// The content of a file; the sentence says what is wrong with it.
fn content(name: &str, file: &str) -> Result<Vec<u8>, StoreError> {
    let why = match std::fs::metadata(file) {
        Ok(found) if found.is_dir() => "is a folder. Name the file in it.".to_owned(),
        // A pipe can be read once, and the client reads it too.
        Ok(found) if !found.is_file() => "is no regular file. Copy it to one.".to_owned(),
        Ok(found) if found.len() == 0 => "is empty. Name a PEM file.".to_owned(),
        Ok(found) if found.len() > MOST => "is too large for a PEM file. Check the path.".to_owned(),
        Ok(_) => match std::fs::read(file) {
            Ok(content) => return Ok(content),
            Err(error) => unreadable(file, &error),
        },
        Err(error) => unreadable(file, &error),
    };
    Err(wrong(format!("The file {file:?} of {name} {why}")))
}

fn unreadable(file: &str, error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::NotFound => {
            let relative = Path::new(file).is_relative();
            let folder = std::env::current_dir().ok().filter(|_| relative);
            let from = folder.map(|folder| format!(" in {}", folder.display())).unwrap_or_default();
            format!("does not exist{from}. Correct the path.")
        }
        std::io::ErrorKind::PermissionDenied => "may not be read. Ask for the right to read it.".to_owned(),
        _ => format!("cannot be read: {error}. Check it."),
    }
}

fn no_pem(name: &str, file: &str, content: &[u8], error: &pem::Error) -> StoreError {
    // DER begins with a SEQUENCE.
    let fix = if content.starts_with(&[0x30]) {
        "it looks like DER. Convert it with openssl".to_owned()
    } else {
        // The error would repeat bytes of the file, which may be a key.
        let what = match error {
            pem::Error::NoItemsFound => "it has no -----BEGIN … line",
            _ => "a section between -----BEGIN … and -----END … is broken",
        };
        format!("{what}. Replace it")
    };
    wrong(format!("The file {file:?} of {name} is no PEM file: {fix}."))
}

fn chain(name: &str, file: &str) -> Result<Vec<CertificateDer<'static>>, StoreError> {
    let content = content(name, file)?;
    let chain = CertificateDer::pem_slice_iter(&content).collect::<Result<Vec<_>, _>>();
    let chain = chain.map_err(|error| no_pem(name, file, &content, &error))?;
    if !chain.is_empty() {
        return Ok(chain);
    }
    if !content.windows(10).any(|window| window == b"-----BEGIN") {
        return Err(no_pem(name, file, &content, &pem::Error::NoItemsFound));
    }
    Err(wrong(format!(
        "The file {file:?} of {name} holds no certificate. Name the one with -----BEGIN CERTIFICATE-----."
    )))
}

fn authorities(name: &str, file: &str) -> Result<RootCertStore, StoreError> {
    trusted(chain(name, file)?).map_err(|error| {
        wrong(format!(
            "The file {file:?} of {name} holds a certificate that cannot be used: {error}. Replace it."
        ))
    })
}

fn trusted(chain: Vec<CertificateDer<'static>>) -> Result<RootCertStore, Error> {
    let mut roots = RootCertStore::empty();
    chain.into_iter().try_for_each(|certificate| roots.add(certificate))?;
    Ok(roots)
}

/// The authorities of this machine, where they are needed; without TLS the client only must not fail on them.
fn system(needed: bool) -> Result<RootCertStore, StoreError> {
    let fix = "Or name an authority with tlsCaFile=….";
    let found = rustls_native_certs::load_native_certs();
    let why = match (found.errors.first(), trusted(found.certs)) {
        (None, Ok(roots)) if !needed || !roots.is_empty() => {
            SYSTEM_IS_FINE.store(!roots.is_empty(), Ordering::Relaxed);
            return Ok(roots);
        }
        (Some(error), _) => error.to_string(),
        (None, Err(error)) => error.to_string(),
        (None, Ok(_)) => "there are none".to_owned(),
    };
    if let Some(file) = std::env::var_os(FILE_VARIABLE) {
        let name = format!("the environment variable {FILE_VARIABLE}");
        if let Err(error) = authorities(&name, &file.to_string_lossy()) {
            return Err(wrong(format!("{error} {fix}")));
        }
    }
    Err(wrong(match std::env::var_os(FOLDER_VARIABLE) {
        Some(folder) => format!(
            "The certificates in {:?}, of the environment variable {FOLDER_VARIABLE}, cannot be used: {why}. Correct it. {fix}",
            folder.to_string_lossy()
        ),
        None => format!(
            "The certificates of this machine's authorities cannot be used: {why}. Install ca-certificates. {fix}"
        ),
    }))
}

/// The certificate and key that the client shows to the server.
fn user(certificate: &str, key: &str) -> Result<CertifiedKey, StoreError> {
    let chain = chain("userCertFile", certificate)?;
    let content = content("userKeyFile", key)?;
    let secret = PrivateKeyDer::from_pem_slice(&content).map_err(|error| match error {
        pem::Error::NoItemsFound if content.windows(20).any(|w| w == b"BEGIN ENCRYPTED PRIV") => wrong(format!(
            "The file {key:?} of userKeyFile holds an encrypted key. Decrypt it with `openssl pkey`, and name the result."
        )),
        pem::Error::NoItemsFound if content.windows(10).any(|w| w == b"-----BEGIN") => wrong(format!(
            "The file {key:?} of userKeyFile holds no private key. Name the one with -----BEGIN PRIVATE KEY-----."
        )),
        error => no_pem("userKeyFile", key, &content, &error),
    })?;
    CertifiedKey::from_der(chain, secret, &provider()).map_err(|error| match error {
        Error::InconsistentKeys(_) => wrong(format!(
            "The key in {key:?} (userKeyFile) does not belong to the certificate in {certificate:?} (userCertFile). Name the two of one user."
        )),
        Error::InvalidCertificate(error) => wrong(format!(
            "The file {certificate:?} of userCertFile holds a certificate that cannot be used: {error}. Replace it."
        )),
        error => wrong(format!("The key in the file {key:?} of userKeyFile cannot be used: {error}. Replace it.")),
    })
}
