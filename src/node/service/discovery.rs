//! What a client asks before it works: features, gossip, statistics.

use super::{Reached, Shared, status};
use crate::node::{
    access::Caller,
    cluster::{Member, Role},
    log::ticks,
    proto::{
        client::Empty,
        gossip::{ClusterInfo, EndPoint, MemberInfo, gossip_server::Gossip, member_info::VNodeState},
        monitoring::{StatsReq, StatsResp, monitoring_server::Monitoring},
        server_features::{SupportedMethod, SupportedMethods, server_features_server::ServerFeatures},
    },
};
use futures::{Stream, stream};
use std::{collections::BTreeMap, net::SocketAddr, pin::Pin, time::Duration};
use tonic::{Request, Response, Status};

/// The release whose behaviour this node has.
pub const VERSION: &str = "24.10.4";
const STREAMS: &str = "event_store.client.streams.streams";
const USERS: &str = "event_store.client.users.users";
const METHODS: [(&str, &str, &[&str]); 16] = [
    (STREAMS, "read", &["position", "events"]),
    (STREAMS, "append", &[]),
    (STREAMS, "batchappend", &["deadline_duration"]),
    (STREAMS, "delete", &[]),
    (STREAMS, "tombstone", &[]),
    ("event_store.client.gossip.gossip", "read", &[]),
    ("event_store.client.server_features.serverfeatures", "getsupportedmethods", &[]),
    ("event_store.client.monitoring.monitoring", "stats", &[]),
    (USERS, "create", &[]),
    (USERS, "update", &[]),
    (USERS, "delete", &[]),
    (USERS, "disable", &[]),
    (USERS, "enable", &[]),
    (USERS, "details", &[]),
    (USERS, "changepassword", &[]),
    (USERS, "resetpassword", &[]),
];

#[tonic::async_trait]
impl ServerFeatures for Shared {
    async fn get_supported_methods(&self, _: Request<Empty>) -> Result<Response<SupportedMethods>, Status> {
        let methods = METHODS.iter().map(|(service, method, features)| SupportedMethod {
            method_name: (*method).into(),
            service_name: (*service).into(),
            features: features.iter().map(|f| (*f).into()).collect(),
        });
        let answer =
            SupportedMethods { methods: methods.collect(), event_store_server_version: VERSION.into() };
        Ok(Response::new(answer))
    }
}

#[tonic::async_trait]
impl Gossip for Shared {
    async fn read(&self, request: Request<Empty>) -> Result<Response<ClusterInfo>, Status> {
        let own = || Reached { host: self.address.ip().to_string(), port: self.address.port() };
        let reached = request.extensions().get().cloned().unwrap_or_else(own);
        let members = self.cluster.members().into_iter().map(|(member, role)| MemberInfo {
            instance_id: Some(super::convert::Ids::Structured.write(member.id.into_bytes())),
            time_stamp: ticks(),
            state: match role {
                Role::Leader => VNodeState::Leader,
                Role::Follower => VNodeState::Follower,
                Role::Unknown => VNodeState::Unknown,
            }
            .into(),
            is_alive: true,
            http_end_point: Some(EndPoint {
                address: reached.host.clone(),
                port: reached.port_of(&member, self.address).into(),
            }),
        });
        Ok(Response::new(ClusterInfo { members: members.collect() }))
    }
}

impl Reached {
    /// Whatever is between may change the port of the member that was asked; the others are known by their own.
    pub fn port_of(&self, member: &Member, asked: SocketAddr) -> u16 {
        if member.address == asked { self.port } else { member.address.port() }
    }
}

#[tonic::async_trait]
impl Monitoring for Shared {
    type StatsStream = Pin<Box<dyn Stream<Item = Result<StatsResp, Status>> + Send>>;

    async fn stats(&self, request: Request<StatsReq>) -> Result<Response<Self::StatsStream>, Status> {
        if *super::caller(&request) == Caller::Anonymous {
            return Err(status::access_denied());
        }
        let limits = self.limits(&request);
        // Zero would mean as fast as possible.
        let period =
            Duration::from_millis(request.into_inner().refresh_time_period_in_ms.clamp(100, 86_400_000));
        let timer = tokio::time::interval(period);
        let answers = stream::unfold(Some((self.clone(), timer, limits)), |state| async {
            let (node, mut timer, mut limits) = state?;
            let end = limits.deadline;
            let ended = async {
                match end {
                    Some(at) => tokio::time::sleep_until(at).await,
                    None => std::future::pending().await,
                }
            };
            let over = tokio::select! {
                _ = timer.tick() => None,
                () = ended => Some(status::deadline()),
                _ = limits.stopping.wait_for(|s| *s) => Some(status::not_ready()),
            };
            Some(match over {
                None => (Ok(StatsResp { stats: stats(&node) }), Some((node, timer, limits))),
                Some(status) => (Err(status), None),
            })
        });
        Ok(Response::new(Box::pin(answers)))
    }
}

/// Figures under the real server's names, in its flat form.
pub fn stats(node: &Shared) -> BTreeMap<String, String> {
    let index = node.log.index();
    let figures = [
        ("proc-id", std::process::id().to_string()),
        ("proc-mem", resident().to_string()),
        ("proc-threadsCount", listed("/proc/self/status", "Threads:").to_string()),
        ("proc-upTime", node.started.elapsed().as_secs().to_string()),
        ("sys-freeMem", (listed("/proc/meminfo", "MemAvailable:") * 1024).to_string()),
        ("sys-totalMem", (listed("/proc/meminfo", "MemTotal:") * 1024).to_string()),
        ("es-streams-count", index.streams.len().to_string()),
        ("es-events-count", index.log.len().to_string()),
    ];
    figures.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

/// The number behind a word in a file of the system, 0 where there is none.
fn listed(file: &str, word: &str) -> u64 {
    let text = std::fs::read_to_string(file).unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix(word));
    line.and_then(|rest| rest.split_whitespace().next()?.parse().ok()).unwrap_or(0)
}

/// Resident memory in bytes, where the system tells.
fn resident() -> u64 {
    let pages = std::fs::read_to_string("/proc/self/statm").ok();
    let pages = pages.and_then(|text| text.split_whitespace().nth(1)?.parse::<u64>().ok());
    pages.map_or(0, |n| n * 4096)
}
