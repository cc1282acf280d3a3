//! What the server says over plain HTTP. Whether it knows the user: `GET /users/$current` tells a wrong login (401) from missing rights (200), which the client crate says alike.
//! `GET /gossip` names the members of a cluster.

use super::certificates;
use super::connection_options::Options;
use super::connection_string::Prepared;
use std::time::{Duration, Instant};
use tokio::sync::{Mutex, OnceCell};

/// How long an answer holds; a denied call does not ask again within it.
const HOLDS: Duration = Duration::from_secs(5);
const DEADLINE: Duration = Duration::from_secs(5);

/// Longest gossip that is read, in bytes.
const MOST_GOSSIP: usize = 1 << 20;

#[derive(serde::Deserialize)]
struct Gossip {
    members: Vec<Member>,
}

#[derive(serde::Deserialize)]
struct Member {
    #[serde(rename = "httpEndPointIp")]
    host: String,
    #[serde(rename = "httpEndPointPort")]
    port: u32,
}

/// `host:port`, or `[host]:port` where the host is an IPv6 address.
pub(in crate::store) fn address(host: &str, port: u32) -> String {
    if host.contains(':') && !host.starts_with('[') {
        format!("[{host}]:{port}")
    } else {
        format!("{host}:{port}")
    }
}

pub(in crate::store) struct HttpEndpoints {
    login: Option<(String, String)>,
    hosts: String,
    options: Options,
    http: OnceCell<Option<reqwest::Client>>,
    /// When the server was asked last, and whether it accepted the login.
    last: Mutex<Option<(Instant, Option<bool>)>>,
}

impl HttpEndpoints {
    pub fn new(prepared: &Prepared) -> Self {
        Self {
            login: prepared.login.clone(),
            hosts: prepared.hosts.clone(),
            options: prepared.options.clone(),
            http: OnceCell::new(),
            last: Mutex::default(),
        }
    }

    /// Whether the server accepts the user and password; `None` where nobody is named or it does not say.
    pub async fn accepted(&self) -> Option<bool> {
        let (user, password) = self.login.as_ref()?;
        let mut last = self.last.lock().await;
        if let Some((_, answer)) = last.filter(|(asked, _)| asked.elapsed() < HOLDS) {
            return answer;
        }
        let answer = self.ask(user, password).await;
        *last = Some((Instant::now(), answer));
        answer
    }

    /// Host and port of each member of the cluster; empty where nobody says.
    pub async fn members(&self) -> Vec<String> {
        let Some(http) = self.http.get_or_init(|| client(self.options.clone())).await else {
            return Vec::new();
        };
        for host in self.hosts.split(',') {
            let url = format!("{}://{host}/gossip?format=json", self.scheme());
            let Ok(mut answer) = http.get(url).send().await else { continue };
            let mut body = Vec::new();
            while let Ok(Some(chunk)) = answer.chunk().await
                && body.len() + chunk.len() <= MOST_GOSSIP
            {
                body.extend_from_slice(&chunk);
            }
            if let Ok(gossip) = serde_json::from_slice::<Gossip>(&body) {
                return gossip.members.iter().map(|member| address(&member.host, member.port)).collect();
            }
        }
        Vec::new()
    }

    fn scheme(&self) -> &'static str {
        if self.options.tls() { "https" } else { "http" }
    }

    async fn ask(&self, user: &str, password: &str) -> Option<bool> {
        let http = self.http.get_or_init(|| client(self.options.clone())).await.as_ref()?;
        let scheme = self.scheme();
        for host in self.hosts.split(',') {
            let url = format!("{scheme}://{host}/users/$current");
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

/// Trusts what the connection string says; `None` where a certificate file cannot be used.
async fn client(options: Options) -> Option<reqwest::Client> {
    // Files are read, and the system's certificates.
    let made = tokio::task::spawn_blocking(move || {
        let verifies = options.verifies();
        let mut builder = reqwest::Client::builder()
            .no_proxy()
            .pool_max_idle_per_host(0)
            .redirect(reqwest::redirect::Policy::none())
            .timeout(DEADLINE)
            .use_rustls_tls()
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
