//! What the server says over plain HTTP. Whether it knows the user: `GET /users/$current` tells a wrong login (401) from
//! missing rights (200), which the client crate says alike. Its connections are kept, so that asking often is cheap.

use super::certificates;
use super::connection_options::Options;
use super::connection_string::Prepared;
use crate::store::cluster::NodeFault;
use std::error::Error as _;
use std::io;
use std::time::{Duration, Instant};
use tokio::sync::{Mutex, OnceCell};

/// How long an answer holds; a denied call does not ask again within it.
const HOLDS: Duration = Duration::from_secs(5);
const DEADLINE: Duration = Duration::from_secs(5);

pub(in crate::store) struct HttpEndpoints {
    login: Option<(String, String)>,
    options: Options,
    http: OnceCell<Option<reqwest::Client>>,
    /// When the server was asked last, and whether it accepted the login.
    last: Mutex<Option<(Instant, Option<bool>)>>,
}

impl HttpEndpoints {
    pub fn new(prepared: &Prepared) -> Self {
        Self {
            login: prepared.login.clone(),
            options: prepared.options.clone(),
            http: OnceCell::new(),
            last: Mutex::default(),
        }
    }

    async fn http(&self) -> Option<&reqwest::Client> {
        self.http.get_or_init(|| client(self.options.clone())).await.as_ref()
    }

    fn url(&self, node: &str, path: &str) -> String {
        let scheme = if self.options.tls() { "https" } else { "http" };
        format!("{scheme}://{node}{path}")
    }

    /// Asks a node without the user; a status other than 200 tells nothing of a cluster.
    pub async fn get(&self, node: &str, path: &str) -> Result<reqwest::Response, NodeFault> {
        let http = self.http().await.ok_or(NodeFault::NoGossip)?;
        match http.get(self.url(node, path)).send().await {
            Ok(answer) if answer.status() == reqwest::StatusCode::OK => Ok(answer),
            Ok(_) => Err(NodeFault::NoGossip),
            Err(error) => Err(fault(&error)),
        }
    }

    /// Whether one of the nodes accepts the user and password; `None` where nobody is named or none says.
    pub async fn accepted(&self, nodes: &[String]) -> Option<bool> {
        let (user, password) = self.login.as_ref()?;
        let mut last = self.last.lock().await;
        if let Some((_, answer)) = last.filter(|(asked, _)| asked.elapsed() < HOLDS) {
            return answer;
        }
        let answer = self.ask(nodes, user, password).await;
        *last = Some((Instant::now(), answer));
        answer
    }

    async fn ask(&self, nodes: &[String], user: &str, password: &str) -> Option<bool> {
        let http = self.http().await?;
        for node in nodes {
            let url = self.url(node, "/users/$current");
            let Ok(answer) = http.get(url).basic_auth(user, Some(password)).send().await else { continue };
            match answer.status().as_u16() {
                200 => return Some(true),
                401 => return Some(false),
                _ => {}
            }
        }
        None
    }
}

/// What lies under the library's error.
fn fault(error: &reqwest::Error) -> NodeFault {
    if error.is_timeout() {
        return NodeFault::Silent;
    }
    let mut source = error.source();
    while let Some(inner) = source {
        match inner.downcast_ref::<io::Error>().map(io::Error::kind) {
            Some(io::ErrorKind::ConnectionRefused) => return NodeFault::Refused,
            Some(io::ErrorKind::TimedOut) => return NodeFault::Silent,
            _ => {}
        }
        source = inner.source();
    }
    if error.is_connect() { NodeFault::Unreachable(root(error)) } else { NodeFault::NoGossip }
}

fn root(error: &reqwest::Error) -> String {
    let mut inner: &dyn std::error::Error = error;
    while let Some(source) = inner.source() {
        inner = source;
    }
    crate::record::json::one_line(inner.to_string().as_bytes(), 200)
}

/// Trusts what the connection string says; `None` where a certificate file cannot be used.
async fn client(options: Options) -> Option<reqwest::Client> {
    // Files are read, and the system's certificates.
    let made = tokio::task::spawn_blocking(move || {
        let verifies = options.verifies();
        let mut builder = reqwest::Client::builder()
            .no_proxy()
            .pool_max_idle_per_host(1)
            .redirect(reqwest::redirect::Policy::none())
            .timeout(DEADLINE)
            .use_rustls_tls()
            // Reading the system's authorities takes time.
            .tls_built_in_root_certs(options.tls())
            .danger_accept_invalid_certs(!verifies);
        let files = certificates::pem_files(&options).ok()?;
        if let Some(pem) = &files.authorities {
            builder = builder.tls_built_in_root_certs(false);
            for authority in reqwest::Certificate::from_pem_bundle(pem).ok()? {
                builder = builder.add_root_certificate(authority);
            }
        }
        if let Some(pem) = &files.identity {
            builder = builder.identity(reqwest::Identity::from_pem(pem).ok()?);
        }
        builder.build().ok()
    });
    made.await.ok().flatten()
}
