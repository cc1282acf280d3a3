//! What `--dev` serves with: a certificate by an authority of the data folder's own, and the usual users.

use super::certificate::{self, CERTIFICATE_DAYS, NEAR_DAYS};
use crate::node::User;
use crate::terminal::Failure;
use jiff::Timestamp;
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use rcgen::{Issuer, KeyPair};
use std::fs::File;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

/// The password that a real server starts with.
const PASSWORD: &str = "changeit";
/// The names that each certificate holds.
const NAMES: [&str; 3] = ["localhost", "127.0.0.1", "::1"];
/// What ends or splits a value in a connection string.
const IN_A_VALUE: &AsciiSet = &CONTROLS.add(b' ').add(b'"').add(b'#').add(b'%').add(b'&').add(b'+').add(b'?');

pub fn users() -> Vec<User> {
    let user = |name: &str| User { name: name.into(), password: PASSWORD.into(), admin: name == "admin" };
    ["admin", "ops"].map(user).into()
}

/// The files that TLS needs, PEM.
#[derive(Debug)]
pub struct Identity {
    authority: PathBuf,
    pub certificate: PathBuf,
    pub key: PathBuf,
    /// While it is held, no other program replaces the files.
    _lock: File,
}

impl Identity {
    /// Takes what is in the folder; makes what is missing, of other names, or near its end.
    pub fn in_folder(folder: &Path, host: &str) -> Result<Self, Failure> {
        let failed = |error: io::Error| {
            let folder = folder.display();
            Failure::Server(format!(
                "The certificates of --dev cannot be kept in {folder}: {error}. Name another folder with --data-dir."
            ))
        };
        std::path::absolute(folder)
            .and_then(|folder| Self::at(&folder, host, Timestamp::now()))
            .map_err(failed)
    }

    fn at(folder: &Path, host: &str, now: Timestamp) -> io::Result<Self> {
        super::private_files::make_private(folder)?;
        let file = |name: &str| folder.join(name);
        // Two that start at once make one authority.
        let lock = owned(&file("lock"))?;
        lock.lock()?;
        let (authority, certificate, key) = (file("ca.pem"), file("server.pem"), file("server.key"));
        let identity = Self { authority, certificate, key, _lock: lock };
        let issuer = identity.issuer(&file("ca.key"), now)?;
        let names = NAMES.iter().copied().chain((!NAMES.contains(&host)).then_some(host));
        let names: Vec<String> = names.map(str::to_owned).collect();
        let kept =
            certificate::read(&identity.certificate).filter(|kept| certificate::lasts(kept, now, NEAR_DAYS));
        if !kept.is_some_and(|kept| certificate::holds(&kept, &names)) {
            let key = KeyPair::generate().map_err(io::Error::other)?;
            let certificate =
                certificate::server(names, now).and_then(|server| server.signed_by(&key, &issuer));
            let certificate = certificate.map_err(io::Error::other)?;
            replace(&identity.certificate, &certificate.pem(), &identity.key, &key)?;
        }
        Ok(identity)
    }

    /// The authority outlives what it signs.
    fn issuer(&self, key_file: &Path, now: Timestamp) -> io::Result<Issuer<'static, KeyPair>> {
        let params = certificate::authority(now)?;
        let kept =
            certificate::read(&self.authority).filter(|kept| certificate::lasts(kept, now, CERTIFICATE_DAYS));
        let key = kept.and_then(|_| KeyPair::from_pem(&std::fs::read_to_string(key_file).ok()?).ok());
        if let Some(key) = key {
            return Ok(Issuer::new(params, key));
        }
        let key = KeyPair::generate().map_err(io::Error::other)?;
        let certificate = params.self_signed(&key).map_err(io::Error::other)?;
        remove(&self.certificate)?;
        replace(&self.authority, &certificate.pem(), key_file, &key)?;
        Ok(Issuer::new(params, key))
    }

    /// A connection string that works as it is, once the node has read its files.
    pub fn into_connection_string(self, host: &str) -> Result<String, Failure> {
        let file = self.authority.to_str().ok_or_else(|| {
            let file = self.authority.display();
            Failure::Usage(format!("The name of {file} is no text. Name another folder with --data-dir."))
        })?;
        let file = utf8_percent_encode(file, IN_A_VALUE);
        Ok(format!("esdb://admin:{PASSWORD}@{host}?tls=true&tlsCaFile={file}"))
    }
}

/// The certificate comes last: without it the key is not used again.
fn replace(certificate: &Path, pem: &str, key_file: &Path, key: &KeyPair) -> io::Result<()> {
    remove(certificate)?;
    for (file, text) in [(key_file, &*key.serialize_pem()), (certificate, pem)] {
        // Made anew, as an old file may be open to others.
        remove(file)?;
        owned(file)?.write_all(text.as_bytes())?;
    }
    Ok(())
}

fn remove(file: &Path) -> io::Result<()> {
    std::fs::remove_file(file).or_else(|e| if e.kind() == io::ErrorKind::NotFound { Ok(()) } else { Err(e) })
}

/// Opened for its owner alone.
fn owned(file: &Path) -> io::Result<File> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(file)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that cannot unwrap should fail")]
mod tests {
    use super::*;

    /// The certificates of authority and server, as they are at this many days from now.
    fn after(days: i64, folder: &Path, host: &str) -> [Vec<u8>; 2] {
        let now = Timestamp::now() + jiff::SignedDuration::from_hours(days * 24);
        let identity = Identity::at(&folder.join("dev"), host, now).unwrap();
        assert!(
            certificate::read(&identity.certificate).is_some_and(|c| certificate::lasts(&c, now, NEAR_DAYS))
        );
        [&identity.authority, &identity.certificate].map(|file| std::fs::read(file).unwrap())
    }

    #[test]
    fn certificates_are_kept_until_they_are_near_their_end() {
        let folder = tempfile::tempdir().unwrap();
        let first = after(0, folder.path(), "localhost");
        assert_eq!(after(360, folder.path(), "::1"), first);
        let [authority, server] = after(370, folder.path(), "localhost");
        assert!(authority == first[0] && server != first[1], "the authority that clients know stays");
        let [old, _] = after(3_240, folder.path(), "localhost");
        assert_eq!(old, authority);
        let [new, _] = after(3_260, folder.path(), "localhost");
        assert_ne!(new, authority, "it would end before what it signs");
    }

    #[test]
    fn another_name_or_a_damaged_file_makes_another_certificate() {
        let folder = tempfile::tempdir().unwrap();
        let [authority, server] = after(0, folder.path(), "localhost");
        let [same, other] = after(0, folder.path(), "192.0.2.7");
        assert!(same == authority && other != server);
        assert_eq!(after(0, folder.path(), "localhost")[1], other, "it holds that name too");
        std::fs::write(folder.path().join("dev/ca.pem"), "no certificate").unwrap();
        let [another, signed] = after(0, folder.path(), "localhost");
        assert!(another != authority && signed != other);
    }
}
