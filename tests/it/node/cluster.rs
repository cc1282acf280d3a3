//! Ports that are followers, elections, and a leader that changes.

use super::basics::{events, start};
use super::grpc::{Caller, STREAMS, USERS, append, batch, field, fields, numeral, part, read, removal, text};
use crate::run;
use eventstore::{
    AppendToStreamOptions, BatchAppendOptions, Client, Error, ExpectedRevision, ReadStreamOptions,
    SubscribeToStreamOptions, Subscription, SubscriptionEvent,
};
use hindsight::node::{Config, Node, Security, User};
use std::net::SocketAddr;

const LEADER: u64 = 8;
const FOLLOWER: u64 = 6;
const UNKNOWN: u64 = 2;
const NOT_FOUND: Option<u8> = Some(5);
const UNAVAILABLE: Option<u8> = Some(14);

/// Every call that writes.
fn writes(stream: &str) -> Vec<(&'static str, &'static str, Vec<Vec<u8>>)> {
    let user = field(1, field(1, "eve"));
    let mut calls = vec![
        (STREAMS, "Append", append(stream)),
        (STREAMS, "BatchAppend", vec![batch(stream)]),
        (STREAMS, "Delete", vec![removal(stream)]),
        (STREAMS, "Tombstone", vec![removal(stream)]),
    ];
    calls.extend(
        ["Create", "Update", "Delete", "Enable", "Disable", "ChangePassword", "ResetPassword"]
            .map(|method| (USERS, method, vec![user.clone()])),
    );
    calls
}

async fn refused_by(follower: &Caller, leader: SocketAddr, stream: &str) {
    for (service, method, messages) in writes(stream) {
        let answer = follower.call(service, method, &messages).await;
        assert_eq!((answer.status(), answer.trailers_only), (NOT_FOUND, true), "{method}: {answer:?}");
        assert_eq!(answer.message(), "Leader info available", "{method}");
        assert_eq!(answer.trailer("exception"), Some("not-leader"), "{method}");
        assert_eq!(answer.trailer("leader-endpoint-host"), Some("127.0.0.1"), "{method}");
        assert_eq!(answer.trailer("leader-endpoint-port"), Some(&*leader.port().to_string()), "{method}");
    }
}

#[test]
fn a_follower_refuses_writes_with_the_leaders_address() {
    run(async {
        let (node, client) = start(Config::default()).await;
        let follower = Caller::new(node.follower().await.unwrap());
        refused_by(&follower, node.address(), "s").await;
        let mut read = client.read_stream("s", &ReadStreamOptions::default()).await.unwrap();
        assert!(matches!(read.next().await, Err(Error::ResourceNotFound)), "nothing was written");
        node.shutdown().await;
    });
}

#[test]
fn a_follower_knows_the_users_and_refuses_who_may_not_write_anyway() {
    run(async {
        let ann = User { name: "ann".into(), password: "changeit".into(), admin: false };
        let security = Security { users: vec![ann], ..Security::default() };
        let node = Node::start_secured(Config::default(), security).await.unwrap();
        let follower = Caller::new(node.follower().await.unwrap());
        let status =
            |caller: Caller| async move { caller.call(STREAMS, "Append", &append("s")).await.status() };
        assert_eq!(status(follower.clone().login("ann:changeit")).await, NOT_FOUND);
        assert_eq!(status(follower.clone().login("ann:wrong")).await, Some(16));
        assert_eq!(status(follower).await, Some(7));
    });
}

#[test]
fn a_follower_reads_unless_the_leader_is_asked_for() {
    run(async {
        let (node, client) = start(Config::default()).await;
        let follower = Caller::new(node.follower().await.unwrap());
        client.append_to_stream("s", &AppendToStreamOptions::default(), events(3)).await.unwrap();
        for header in [None, Some("false"), Some("nonsense")] {
            let caller = header.map_or(follower.clone(), |h| follower.clone().header("requires-leader", h));
            let answer = caller.call(STREAMS, "Read", &[read("s", Some(9))]).await;
            assert_eq!((answer.status(), answer.messages.len()), (Some(0), 3), "{header:?}");
        }
        for (header, count) in [("true", Some(9)), ("True", Some(9)), ("true", None)] {
            let caller = follower.clone().header("requires-leader", header);
            let answer = caller.call(STREAMS, "Read", &[read("s", count)]).await;
            assert_eq!(answer.status(), NOT_FOUND, "{header}");
            assert_eq!(answer.trailer("exception"), Some("not-leader"));
        }
        let leader = Caller::new(node.address()).header("requires-leader", "true");
        assert_eq!(leader.call(STREAMS, "Read", &[read("s", Some(9))]).await.status(), Some(0));
    });
}

/// Ports and states that the port tells of, over gRPC and HTTP alike.
async fn gossip(at: SocketAddr) -> Vec<(u16, u64)> {
    let answer = Caller::new(at).call("event_store.client.gossip.Gossip", "Read", &[Vec::new()]).await;
    let members = fields(&answer.messages[0]).len();
    let mut told: Vec<_> = (0..members)
        .map(|n| match &fields(&answer.messages[0])[n] {
            (1, super::grpc::Value::Bytes(member)) => {
                let end = part(member, 5).unwrap();
                assert_eq!(text(&end, 1).as_deref(), Some("127.0.0.1"));
                let port = u16::try_from(numeral(&end, 2).unwrap()).unwrap();
                (port, numeral(member, 3).unwrap())
            }
            other => panic!("{other:?}"),
        })
        .collect();
    let page = super::access::get(at, "/gossip", None).await;
    let page: serde_json::Value = serde_json::from_str(page.split_once("\r\n\r\n").unwrap().1).unwrap();
    let mut shown: Vec<_> = (page["members"].as_array().unwrap().iter())
        .map(|m| {
            let state = match m["state"].as_str().unwrap() {
                "Leader" => LEADER,
                "Follower" => FOLLOWER,
                "ReadOnlyReplica" => READ_ONLY_REPLICA,
                "ReadOnlyLeaderless" => READ_ONLY_LEADERLESS,
                _ => UNKNOWN,
            };
            (u16::try_from(m["httpEndPointPort"].as_u64().unwrap()).unwrap(), state)
        })
        .collect();
    told.sort_unstable();
    shown.sort_unstable();
    assert_eq!(told, shown);
    told
}

#[test]
fn gossip_of_every_port_shows_all_members() {
    run(async {
        let node = Node::start(Config::default()).await.unwrap();
        let follower = node.follower().await.unwrap();
        for (leader, other) in [(node.address(), follower), (follower, node.address())] {
            assert!(node.lead(leader));
            let mut expected = [(leader.port(), LEADER), (other.port(), FOLLOWER)];
            expected.sort_unstable();
            for at in [leader, other] {
                assert_eq!(gossip(at).await, expected);
            }
            let state = |at| async move { super::access::get(at, "/info", None).await };
            assert!(state(leader).await.contains(r#""state": "leader""#));
            assert!(state(other).await.contains(r#""state": "follower""#));
        }
        assert!(!node.lead(SocketAddr::from(([127, 0, 0, 1], 1))), "no member has that address");
    });
}

async fn subscribe(at: SocketAddr) -> Subscription {
    let client =
        Client::new(format!("esdb://{at}?tls=false&nodePreference=random").parse().unwrap()).unwrap();
    let mut subscription = client.subscribe_to_stream("s", &SubscribeToStreamOptions::default()).await;
    while !matches!(subscription.next_subscription_event().await.unwrap(), SubscriptionEvent::CaughtUp) {}
    subscription
}

async fn next_revision(subscription: &mut Subscription) -> u64 {
    loop {
        if let SubscriptionEvent::EventAppeared(event) = subscription.next_subscription_event().await.unwrap()
        {
            return event.get_original_event().revision;
        }
    }
}

#[test]
fn an_election_refuses_calls_and_leaves_subscriptions_alone() {
    run(async {
        let (node, client) = start(Config::default()).await;
        let follower = node.follower().await.unwrap();
        let mut subscriptions = [subscribe(node.address()).await, subscribe(follower).await];
        node.elect(true);
        for at in [node.address(), follower] {
            let caller = Caller::new(at);
            let calls = writes("s").into_iter().chain([
                (STREAMS, "Read", vec![read("s", Some(1))]),
                (
                    "event_store.client.server_features.ServerFeatures",
                    "GetSupportedMethods",
                    vec![Vec::new()],
                ),
            ]);
            for (service, method, messages) in calls {
                let answer = caller.call(service, method, &messages).await;
                assert_eq!(
                    (answer.status(), answer.trailers_only),
                    (UNAVAILABLE, true),
                    "{method}: {answer:?}"
                );
                assert_eq!(answer.message(), "Server Is Not Ready", "{method}");
            }
            assert!(gossip(at).await.iter().all(|(_, state)| *state == UNKNOWN));
        }
        node.elect(false);
        client.append_to_stream("s", &AppendToStreamOptions::default(), events(1)).await.unwrap();
        for subscription in &mut subscriptions {
            assert_eq!(next_revision(subscription).await, 0);
        }
    });
}

#[test]
fn a_new_leader_writes_on_where_the_old_one_stopped() {
    run(async {
        let (node, client) = start(Config::default()).await;
        let other = node.follower().await.unwrap();
        let mut subscription = subscribe(node.address()).await;
        client.append_to_stream("s", &AppendToStreamOptions::default(), events(1)).await.unwrap();
        assert!(node.lead(other));
        refused_by(&Caller::new(node.address()), other, "s").await;
        let written = Caller::new(other).call(STREAMS, "Append", &append("s")).await;
        assert_eq!(written.status(), Some(0));
        for revision in 0..2 {
            assert_eq!(
                next_revision(&mut subscription).await,
                revision,
                "the old leader's subscriber reads on"
            );
        }
        // A client that asks who leads comes to the new one.
        let discovered = format!("esdb+discover://{}?tls=false&discoveryInterval=0", node.address());
        let client = Client::new(discovered.parse().unwrap()).unwrap();
        let written =
            client.append_to_stream("s", &AppendToStreamOptions::default(), events(1)).await.unwrap();
        assert_eq!(written.next_expected_version, 2);
    });
}

#[test]
fn an_open_batch_append_ends_with_the_leadership() {
    run(async {
        let node = Node::start(Config::default()).await.unwrap();
        let other = node.follower().await.unwrap();
        let events_written = async || {
            let answer = Caller::new(node.address()).call(STREAMS, "Read", &[read("s", Some(99))]).await;
            answer.messages.len()
        };
        for lose in [|node: &Node, other| assert!(node.lead(other)), |node: &Node, _| node.elect(true)] {
            // A client that was told of another leader stays there.
            let client = Client::new(node.connection_string().parse().unwrap()).unwrap();
            let batch = client.batch_append(&BatchAppendOptions::default()).await.unwrap();
            let append = || batch.append_to_stream("s", ExpectedRevision::Any, events(1));
            append().await.unwrap();
            let before = events_written().await;
            lose(&node, other);
            assert!(append().await.is_err());
            node.elect(false);
            assert!(node.lead(node.address()));
            assert_eq!(events_written().await, before);
        }
    });
}

async fn states(at: SocketAddr) -> Vec<u64> {
    let mut states: Vec<u64> = gossip(at).await.into_iter().map(|(_, state)| state).collect();
    states.sort_unstable();
    states
}

const READ_ONLY_REPLICA: u64 = 14;
const READ_ONLY_LEADERLESS: u64 = 12;

#[test]
fn a_replica_reads_without_a_leader_and_never_leads() {
    run(async {
        let (node, client) = start(Config::default()).await;
        let address = node.replica().await.unwrap();
        let replica = Caller::new(address);
        client.append_to_stream("s", &AppendToStreamOptions::default(), events(3)).await.unwrap();
        refused_by(&replica, node.address(), "s").await;
        assert!(!node.lead(address), "a replica is never elected");
        assert_eq!(states(address).await, [LEADER, READ_ONLY_REPLICA]);
        node.elect(true);
        assert_eq!(states(address).await, [UNKNOWN, READ_ONLY_LEADERLESS]);
        assert_eq!(replica.call(STREAMS, "Read", &[read("s", Some(1))]).await.status(), Some(0));
        let answer = replica.call(STREAMS, "Append", &append("s")).await;
        assert_eq!(answer.message(), "No leader info available in response");
    });
}

#[test]
fn clients_are_sent_to_the_advertised_address() {
    run(async {
        let (node, _client) = start(Config::default()).await;
        let follower = Caller::new(node.follower().await.unwrap());
        let proxy: SocketAddr = "127.0.0.1:9".parse().unwrap();
        assert!(node.advertise(node.address(), proxy));
        assert!(!node.advertise(proxy, proxy), "it is no port of the node");
        refused_by(&follower, proxy, "s").await;
    });
}
