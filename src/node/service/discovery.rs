//! What a client asks before it works: features, gossip, statistics.

use super::{
    call::{Limits, Reached},
    convert::Ids,
    shared::Shared,
};
use crate::node::{
    cluster::Role,
    log::{outside, ticks},
    proto::{
        client::Empty,
        gossip::{ClusterInfo, EndPoint, MemberInfo, gossip_server::Gossip, member_info::VNodeState},
        monitoring::{StatsReq, StatsResp, monitoring_server::Monitoring},
        server_features::{SupportedMethod, SupportedMethods, server_features_server::ServerFeatures},
    },
};
use futures::{Stream, stream};
use std::{collections::BTreeMap, pin::Pin, time::Duration};
use tonic::{Request, Response, Status};

/// The release whose behaviour this node has.
pub const VERSION: &str = "24.10.4";
/// A method, and what of it clients have to ask for.
type Method = (&'static str, &'static [&'static str]);
const GROUPS: &[&str] = &["stream", "all"];
const SERVICES: [(&str, &[Method]); 8] = [
    (
        "event_store.client.streams.streams",
        &[
            ("read", &["position", "events"]),
            ("append", &[]),
            ("batchappend", &["deadline_duration"]),
            ("delete", &[]),
            ("tombstone", &[]),
        ],
    ),
    ("event_store.client.gossip.gossip", &[("read", &[])]),
    ("event_store.client.server_features.serverfeatures", &[("getsupportedmethods", &[])]),
    ("event_store.client.monitoring.monitoring", &[("stats", &[])]),
    (
        "event_store.client.users.users",
        &[
            ("create", &[]),
            ("update", &[]),
            ("delete", &[]),
            ("disable", &[]),
            ("enable", &[]),
            ("details", &[]),
            ("changepassword", &[]),
            ("resetpassword", &[]),
        ],
    ),
    (
        "event_store.client.operations.operations",
        &[
            ("startscavenge", &[]),
            ("stopscavenge", &[]),
            ("mergeindexes", &[]),
            ("resignnode", &[]),
            ("setnodepriority", &[]),
            ("restartpersistentsubscriptions", &[]),
        ],
    ),
    // Not `create`: there are none but the standard ones.
    (
        "event_store.client.projections.projections",
        &[
            ("update", &[]),
            ("delete", &[]),
            ("statistics", &[]),
            ("disable", &[]),
            ("enable", &[]),
            ("reset", &[]),
            ("state", &[]),
            ("result", &[]),
            ("restartsubsystem", &[]),
        ],
    ),
    // Not `create`: there are none.
    (
        "event_store.client.persistent_subscriptions.persistentsubscriptions",
        &[
            ("update", GROUPS),
            ("delete", GROUPS),
            ("read", GROUPS),
            ("getinfo", GROUPS),
            ("replayparked", GROUPS),
            ("list", GROUPS),
            ("restartsubsystem", GROUPS),
        ],
    ),
];

/// Whether there is such a service at all.
pub fn serves(service: &str) -> bool {
    SERVICES.iter().any(|(known, _)| service.eq_ignore_ascii_case(known))
}

#[tonic::async_trait]
impl ServerFeatures for Shared {
    async fn get_supported_methods(&self, _: Request<Empty>) -> Result<Response<SupportedMethods>, Status> {
        let methods = SERVICES.iter().flat_map(|(service, methods)| {
            methods.iter().map(|(method, features)| SupportedMethod {
                method_name: (*method).into(),
                service_name: (*service).into(),
                features: features.iter().map(|f| (*f).into()).collect(),
            })
        });
        let answer =
            SupportedMethods { methods: methods.collect(), event_store_server_version: VERSION.into() };
        Ok(Response::new(answer))
    }
}

#[tonic::async_trait]
impl Gossip for Shared {
    async fn read(&self, request: Request<Empty>) -> Result<Response<ClusterInfo>, Status> {
        let reached = Reached::of(&request, self.address);
        let members = self.cluster.gossip(self.address).into_iter().map(|told| MemberInfo {
            instance_id: Some(Ids::Structured.write(told.member.id.into_bytes())),
            time_stamp: ticks(),
            state: state(told.role).into(),
            is_alive: told.is_alive,
            http_end_point: Some(EndPoint {
                address: reached.host.clone(),
                port: reached.port_of(&told.member, self.address).into(),
            }),
        });
        Ok(Response::new(ClusterInfo { members: members.collect() }))
    }
}

fn state(role: Role) -> VNodeState {
    match role {
        Role::Initializing => VNodeState::Initializing,
        Role::DiscoverLeader => VNodeState::DiscoverLeader,
        Role::Unknown => VNodeState::Unknown,
        Role::PreReplica => VNodeState::PreReplica,
        Role::CatchingUp => VNodeState::CatchingUp,
        Role::Clone => VNodeState::Clone,
        Role::Follower => VNodeState::Follower,
        Role::PreLeader => VNodeState::PreLeader,
        Role::Leader => VNodeState::Leader,
        Role::ResigningLeader => VNodeState::ResigningLeader,
        Role::ReadOnlyReplica => VNodeState::ReadOnlyReplica,
        Role::ReadOnlyLeaderless => VNodeState::ReadOnlyLeaderless,
    }
}

#[tonic::async_trait]
impl Monitoring for Shared {
    type StatsStream = Pin<Box<dyn Stream<Item = Result<StatsResp, Status>> + Send>>;

    async fn stats(&self, request: Request<StatsReq>) -> Result<Response<Self::StatsStream>, Status> {
        let limits = Limits::of(&request, &self.stopping);
        // Zero would mean as fast as possible.
        let period =
            Duration::from_millis(request.into_inner().refresh_time_period_in_ms.clamp(100, 86_400_000));
        let timer = tokio::time::interval(period);
        let answers = stream::unfold(Some((self.clone(), timer, limits)), |state| async {
            let (node, mut timer, mut limits) = state?;
            let over = tokio::select! {
                _ = timer.tick() => None,
                over = limits.over() => Some(over),
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
    let started =
        jiff::Timestamp::now() - jiff::SignedDuration::try_from(node.started.elapsed()).unwrap_or_default();
    let figures = [
        ("proc-startTime", started.to_string()),
        ("proc-cpu", used().to_string()),
        ("es-checksum", outside(index.head()).to_string()),
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

/// Share of one processor that this process used since the system started it, in percent.
fn used() -> f64 {
    /// Of the system's clock for such times, everywhere that matters.
    const TICKS: f64 = 100.0;
    let number = |file: &str, at: usize| -> Option<f64> {
        let text = std::fs::read_to_string(file).ok()?;
        // The name of the program may hold spaces.
        let fields = text.rsplit_once(')').map_or(&*text, |(_, rest)| rest);
        fields.split_whitespace().nth(at)?.parse().ok()
    };
    let own = |at| number("/proc/self/stat", at).map(|ticks| ticks / TICKS);
    let share = || Some((own(11)? + own(12)?) / (number("/proc/uptime", 0)? - own(19)?).max(1.0) * 100.0);
    share().map_or(0.0, |share: f64| (share * 100.0).round() / 100.0)
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
