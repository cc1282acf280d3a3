//! Certificate files that cannot be used are named before the client reads them, and each failure of TLS says what it is.

use crate::cli::{program, text};
use crate::diagnosis::diagnose;
use crate::run;
use hindsight::node::{Config, Node, Security};
use hindsight::sentences::store_error;
use hindsight::store::{Session, StoreError};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair, date_time_ymd};
use std::fs;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use tempfile::TempDir;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject};
use tokio_rustls::rustls::server::WebPkiClientVerifier;
use tokio_rustls::rustls::{RootCertStore, ServerConfig, crypto::aws_lc_rs};

/// A folder with an authority, and what it signs.
pub struct Authority {
    pub folder: TempDir,
    issuer: CertifiedIssuer<'static, KeyPair>,
}

impl Authority {
    pub fn new(name: &str) -> Self {
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.distinguished_name.push(DnType::CommonName, name);
        let issuer = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
        let authority = Self { folder: tempfile::tempdir().unwrap(), issuer };
        authority.write("ca.pem", authority.issuer.pem());
        authority
    }

    pub fn write(&self, file: &str, content: impl AsRef<[u8]>) -> String {
        let path = self.folder.path().join(file);
        fs::write(&path, content).unwrap();
        path.to_str().unwrap().to_owned()
    }

    pub fn file(&self, file: &str) -> String {
        self.folder.path().join(file).to_str().unwrap().to_owned()
    }

    /// Files of a certificate and its key.
    pub fn sign(
        &self,
        file: &str,
        names: &[&str],
        change: impl FnOnce(&mut CertificateParams),
    ) -> (PathBuf, PathBuf) {
        let names: Vec<_> = names.iter().map(|&name| name.to_owned()).collect();
        let mut params = CertificateParams::new(names).unwrap();
        change(&mut params);
        let key = KeyPair::generate().unwrap();
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        let certificate = self.write(&format!("{file}.pem"), certificate.pem());
        (certificate.into(), self.write(&format!("{file}.key"), key.serialize_pem()).into())
    }

    pub async fn node(&self, names: &[&str], change: impl FnOnce(&mut CertificateParams)) -> Node {
        let security = Security { tls: Some(self.sign("server", names, change)), ..Security::default() };
        Node::start_secured(Config::default(), security).await.unwrap()
    }

    /// Of a server that asks for no certificate of its clients.
    pub fn server_config(&self, names: &[&str]) -> ServerConfig {
        let (certificate, key) = self.sign("plain", names, |_| {});
        let chain = CertificateDer::pem_file_iter(certificate).unwrap().collect::<Result<_, _>>().unwrap();
        ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(chain, PrivateKeyDer::from_pem_file(key).unwrap())
            .unwrap()
    }

    /// A server that takes only clients whose certificate this authority signed.
    pub async fn strict_server(&self) -> SocketAddr {
        let (certificate, key) = self.sign("strict", &["127.0.0.1"], |_| {});
        let provider = Arc::new(aws_lc_rs::default_provider());
        let mut roots = RootCertStore::empty();
        roots.add(self.issuer.der().clone()).unwrap();
        let clients =
            WebPkiClientVerifier::builder_with_provider(roots.into(), provider.clone()).build().unwrap();
        let chain = CertificateDer::pem_file_iter(certificate).unwrap().collect::<Result<_, _>>().unwrap();
        let mut config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_client_cert_verifier(clients)
            .with_single_cert(chain, PrivateKeyDer::from_pem_file(key).unwrap())
            .unwrap();
        config.alpn_protocols = vec![b"h2".to_vec()];
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                let acceptor = acceptor.clone();
                tokio::spawn(async move {
                    let stream = acceptor.accept(socket).await?;
                    tokio::io::copy(&mut tokio::io::split(stream).0, &mut tokio::io::sink()).await
                });
            }
        });
        address
    }
}

pub async fn refusal(url: &str) -> String {
    match diagnose(url).await.obstacle() {
        Some(error @ StoreError::Unreachable(_)) => store_error(error),
        other => panic!("{url}: {other:?}"),
    }
}

pub async fn wrong(url: &str) -> String {
    match Session::connect(url).await.map(|session| session.server()) {
        Err(error @ StoreError::ConnectionString(_)) => store_error(&error),
        other => panic!("{url}: {other:?}"),
    }
}

#[test]
fn a_certificate_of_an_authority_that_is_named_is_accepted() {
    run(async {
        let authority = Authority::new("Acme Root");
        let node = authority.node(&["127.0.0.1"], |_| {}).await;
        let (certificate, key) = authority.sign("ann", &["ann"], |_| {});
        for more in [
            String::new(),
            format!("&userCertFile={}&userKeyFile={}", certificate.display(), key.display()),
            "&tlsVerifyCert=False".to_owned(),
        ] {
            let url =
                format!("esdb://{}?TLS=True&TlsCaFILE={}{more}", node.address(), authority.file("ca.pem"));
            let found = diagnose(&url).await;
            assert!(found.connects(), "{url}: {found:?}");
        }
    });
}

#[test]
fn an_unknown_authority_is_named_as_the_certificate_says_it() {
    run(async {
        let (authority, other) = (Authority::new("Acme Root"), Authority::new("Other Root"));
        let node = authority.node(&["127.0.0.1"], |_| {}).await;
        let at = node.address();
        assert_eq!(
            refusal(&format!("esdb://{at}")).await,
            format!(
                "The certificate of {at} is signed by \"CN=Acme Root\", whom this machine does not trust. Name the authority's certificate with tlsCaFile=…."
            )
        );
        let file = other.file("ca.pem");
        let said = refusal(&format!("esdb://{at}?tlsCaFile={file}")).await;
        assert!(said.contains(&format!("\"CN=Acme Root\", who is not in {file:?}")), "{said}");
    });
}

#[test]
fn of_several_hosts_the_one_that_answers_wrongly_is_named_before_one_that_is_down() {
    run(async {
        let authority = Authority::new("Acme Root");
        let node = authority.node(&["127.0.0.1"], |_| {}).await;
        let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let said = refusal(&format!("esdb://{free},{}", node.address())).await;
        assert!(said.contains("is signed by \"CN=Acme Root\""), "{said}");
    });
}

#[test]
fn a_certificate_for_other_names_says_which_it_holds() {
    run(async {
        let authority = Authority::new("Acme Root");
        let node = authority.node(&["db.example", "10.0.0.7", "::1"], |_| {}).await;
        let at = node.address();
        assert_eq!(
            refusal(&format!("esdb://{at}?tlsCaFile={}", authority.file("ca.pem"))).await,
            format!(
                "The certificate of {at} is not for \"127.0.0.1\": it holds \"db.example\", 10.0.0.7, ::1. Connect by one of these names."
            )
        );
    });
}

#[test]
fn a_certificate_out_of_its_time_says_the_date() {
    run(async {
        let authority = Authority::new("Acme Root");
        let file = authority.file("ca.pem");
        let past = |params: &mut CertificateParams| params.not_after = date_time_ymd(2024, 3, 1);
        let node = authority.node(&["127.0.0.1"], past).await;
        let at = node.address();
        let said = refusal(&format!("esdb://{at}?tlsCaFile={file}")).await;
        assert!(
            said.starts_with(&format!("The certificate of {at} expired on 2024-03-01 00:00 UTC.")),
            "{said}"
        );
        let future = |params: &mut CertificateParams| params.not_before = date_time_ymd(2199, 3, 1);
        let node = authority.node(&["127.0.0.1"], future).await;
        let said = refusal(&format!("esdb://{}?tlsCaFile={file}", node.address())).await;
        assert!(said.contains("is valid only from 2199-03-01 00:00 UTC."), "{said}");
    });
}

#[test]
fn a_client_certificate_that_is_required_or_refused_is_told_so() {
    run(async {
        let (authority, other) = (Authority::new("Acme Root"), Authority::new("Other Root"));
        let at = authority.strict_server().await;
        let url = format!("esdb://{at}?tlsCaFile={}", authority.file("ca.pem"));
        let said = refusal(&url).await;
        assert!(said.contains("asks for a client certificate (CertificateRequired). Name yours"), "{said}");
        let (certificate, key) = other.sign("eve", &["eve"], |_| {});
        let said =
            refusal(&format!("{url}&userCertFile={}&userKeyFile={}", certificate.display(), key.display()))
                .await;
        assert!(said.contains(&format!("refuses the client certificate {certificate:?}")), "{said}");
    });
}

#[test]
fn a_server_that_wants_tls_is_told_from_one_that_does_not() {
    run(async {
        let authority = Authority::new("Acme Root");
        let node = authority.node(&["127.0.0.1"], |_| {}).await;
        let at = node.address();
        assert_eq!(
            refusal(&format!("esdb://{at}?tls=false")).await,
            format!("{at} answers only with TLS. Remove tls=false from the connection string.")
        );
        let plain = Node::start(Config::default()).await.unwrap();
        let said = refusal(&format!("esdb://{}", plain.address())).await;
        assert!(said.contains("answers without TLS. Add tls=false"), "{said}");
    });
}

#[test]
fn files_that_are_no_certificates_are_named_with_or_without_tls() {
    run(async {
        let authority = Authority::new("Acme Root");
        let folder = authority.folder.path().display().to_string();
        let (_, key) = authority.sign("ann", &["ann"], |_| {});
        let broken = authority.issuer.pem().replace("-----END", "-----EN");
        for (file, says) in [
            (authority.file("none.pem"), "does not exist. Correct the path."),
            ("none-here.pem".to_owned(), "does not exist in /"),
            (folder, "is a folder."),
            (authority.write("empty.pem", ""), "is empty."),
            (authority.write("text.pem", "hello"), "is no PEM file: it has no -----BEGIN … line."),
            (authority.write("broken.pem", broken), "is no PEM file: a section between"),
            (authority.write("ca.der", authority.issuer.der()), "is no PEM file: it looks like DER."),
            (key.display().to_string(), "holds no certificate."),
            (
                authority.write("bad.pem", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"),
                "holds a certificate that cannot be used",
            ),
        ] {
            for tls in [true, false] {
                let said = wrong(&format!("esdb://localhost:1?tls={tls}&tlsCaFile={file}")).await;
                let start = format!("The file {file:?} of tlsCaFile ");
                assert!(said.starts_with(&start) && said.contains(says), "{said}");
            }
        }
        let said = wrong("esdb://localhost:1?tls=false&tlsCaFile=").await;
        assert!(said.contains("tlsCaFile is empty"), "{said}");
    });
}

#[test]
fn a_user_certificate_needs_its_own_key() {
    run(async {
        let authority = Authority::new("Acme Root");
        let (certificate, key) = authority.sign("ann", &["ann"], |_| {});
        let (_, other) = authority.sign("bob", &["bob"], |_| {});
        let (certificate, key, other) = (certificate.display(), key.display(), other.display());
        let encrypted = "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n";
        let encrypted = authority.write("encrypted.key", encrypted);
        for (options, says) in [
            (format!("userCertFile={certificate}"), "has userCertFile without userKeyFile. Name both"),
            (format!("userKeyFile={key}"), "has userKeyFile without userCertFile. Name both"),
            (format!("userCertFile={certificate}&userKeyFile={other}"), "(userKeyFile) does not belong to"),
            (
                format!("userCertFile={certificate}&userKeyFile={certificate}"),
                "userKeyFile holds no private key",
            ),
            (format!("userCertFile={key}&userKeyFile={key}"), "userCertFile holds no certificate"),
            (
                format!("userCertFile={certificate}&userKeyFile={encrypted}"),
                "holds an encrypted key. Decrypt",
            ),
            (format!("userCertFile={certificate}&userKeyFile=/none.key"), "does not exist"),
        ] {
            let said = wrong(&format!("esdb://localhost:1?tls=false&{options}")).await;
            assert!(said.contains(says), "{options}: {said}");
        }
    });
}

/// In a process of its own, as the variable holds for a whole process.
#[test]
fn a_bad_certificate_variable_is_named_and_ends_with_the_code_of_a_wrong_argument() {
    let folder = tempfile::tempdir().unwrap();
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let list = |tls: bool, variable: &str, value: &str| {
        let mut command = program(&folder);
        command.args(["-c", &format!("esdb://{free}?tls={tls}"), "list"]).env(variable, value);
        let output = command.output().unwrap();
        (output.status.code(), text(&output.stderr))
    };
    for tls in [true, false] {
        let (code, said) = list(tls, "SSL_CERT_FILE", "/none/ca.pem");
        assert_eq!(code, Some(2), "{said}");
        let start = "The file \"/none/ca.pem\" of the environment variable SSL_CERT_FILE does not exist.";
        assert!(said.contains(start) && !said.contains("panicked"), "{said}");
        let (code, said) = list(tls, "SSL_CERT_DIR", "/none/certs");
        assert_eq!(code, Some(2), "{said}");
        assert!(said.contains("\"/none/certs\", of the environment variable SSL_CERT_DIR"), "{said}");
        assert!(!said.contains("panicked"), "{said}");
    }
    let (code, said) = list(false, "SSL_CERT_FILE", "/dev/null");
    assert_eq!(code, Some(5), "without TLS no authority is needed: {said}");
    assert!(said.contains("Nothing listens at"), "{said}");
}

#[test]
fn the_terminal_tells_a_wrong_file_from_a_failed_connection_by_its_exit_code() {
    let authority = Authority::new("Acme Root");
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let node = runtime.block_on(authority.node(&["127.0.0.1"], |_| {}));
    let list = |options: &str| {
        let mut command = program(&authority.folder);
        let output =
            command.args(["-c", &format!("esdb://{}?{options}", node.address()), "list"]).output().unwrap();
        (output.status.code(), text(&output.stderr))
    };
    let (code, said) = list("tlsCaFile=/none.pem");
    assert_eq!(code, Some(2), "{said}");
    let (code, said) = list("");
    assert_eq!(code, Some(5), "{said}");
    assert!(said.contains("is signed by \"CN=Acme Root\""), "{said}");
    let (code, said) = list(&format!("tlsCaFile={}", authority.file("ca.pem")));
    assert_eq!(code, Some(0), "{said}");
}
