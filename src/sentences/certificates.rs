//! What is wrong with the certificates and keys of a connection.

use crate::store::{CertificateFault, FileFault, NamedBy};

const OR_NAME: &str = "Or name an authority with tlsCaFile=….";

pub fn certificate_fault(fault: &CertificateFault) -> String {
    match fault {
        CertificateFault::NoPath(name) => format!(
            "In the connection string {name} is empty. Write the path of a PEM file, or leave it out."
        ),
        CertificateFault::Lone { given, lacks } => {
            format!("The connection string has {given} without {lacks}. Name both, or neither.")
        }
        CertificateFault::File { named_by: NamedBy::Option(name), file, fault } => {
            file_fault(name, file, fault)
        }
        CertificateFault::File { named_by: NamedBy::EnvironmentVariable(name), file, fault } => {
            format!("{} {OR_NAME}", file_fault(&format!("the environment variable {name}"), file, fault))
        }
        CertificateFault::OtherKey { key, certificate } => format!(
            "The key in {key:?} (userKeyFile) does not belong to the certificate in {certificate:?} (userCertFile). Name the two of one user."
        ),
        CertificateFault::Authorities { why } => format!(
            "The certificates of this machine's authorities cannot be used: {}. Install ca-certificates. {OR_NAME}",
            reason(why.as_deref())
        ),
        CertificateFault::AuthorityFolder { variable, folder, why } => format!(
            "The certificates in {folder:?}, of the environment variable {variable}, cannot be used: {}. Correct it. {OR_NAME}",
            reason(why.as_deref())
        ),
    }
}

fn reason(why: Option<&str>) -> &str {
    why.unwrap_or("there are none")
}

fn file_fault(name: &str, file: &str, fault: &FileFault) -> String {
    let said = match fault {
        FileFault::Folder => "is a folder. Name the file in it.".to_owned(),
        FileFault::NotRegular => "is no regular file. Copy it to one.".to_owned(),
        FileFault::Empty => "is empty. Name a PEM file.".to_owned(),
        FileFault::TooLarge => "is too large for a PEM file. Check the path.".to_owned(),
        FileFault::Missing(folder) => {
            let from = folder.as_ref().map(|folder| format!(" in {}", folder.display())).unwrap_or_default();
            format!("does not exist{from}. Correct the path.")
        }
        FileFault::NotAllowed => "may not be read. Ask for the right to read it.".to_owned(),
        FileFault::Unreadable(error) => format!("cannot be read: {error}. Check it."),
        FileFault::Der => "is no PEM file: it looks like DER. Convert it with openssl.".to_owned(),
        FileFault::NoPem => "is no PEM file: it has no -----BEGIN … line. Replace it.".to_owned(),
        FileFault::BrokenPem => {
            "is no PEM file: a section between -----BEGIN … and -----END … is broken. Replace it.".to_owned()
        }
        FileFault::NoCertificate => {
            "holds no certificate. Name the one with -----BEGIN CERTIFICATE-----.".to_owned()
        }
        FileFault::UnusableCertificate(error) => {
            format!("holds a certificate that cannot be used: {error}. Replace it.")
        }
        FileFault::EncryptedKey => {
            "holds an encrypted key. Decrypt it with `openssl pkey`, and name the result.".to_owned()
        }
        FileFault::NoKey => "holds no private key. Name the one with -----BEGIN PRIVATE KEY-----.".to_owned(),
        FileFault::UnusableKey(error) => {
            return format!("The key in the file {file:?} of {name} cannot be used: {error}. Replace it.");
        }
    };
    format!("The file {file:?} of {name} {said}")
}
