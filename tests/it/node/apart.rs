//! Ports that know less than others: one that lags, one that hears nobody, one on its way to a role.

use super::basics::{events, revisions, start};
use super::grpc::{Answer, Caller, STREAMS, append, batch, numeral, part, read};
use crate::run;
use eventstore::{
    AppendToStreamOptions, Client, ReadAllOptions, ReadStreamOptions, StreamPosition,
    SubscribeToStreamOptions, SubscriptionEvent,
};
use hindsight::node::{Config, Node, Role};
use serde_json::Value;
use std::net::SocketAddr;

const OK: Option<u8> = Some(0);
const NOT_FOUND: Option<u8> = Some(5);
const ABORTED: Option<u8> = Some(10);
const UNAVAILABLE: Option<u8> = Some(14);

/// A client of this port and no other.
fn client(at: SocketAddr) -> Client {
    let text = format!("esdb://{at}?tls=false&nodePreference=follower&discoveryInterval=0");
    Client::new(text.parse().unwrap()).unwrap()
}

async fn write(client: &Client, count: usize) {
    client.append_to_stream("order-1", &AppendToStreamOptions::default(), events(count)).await.unwrap();
}

/// What the port tells of a member: state, whether it is alive, epoch and checkpoint.
async fn told(at: SocketAddr, of: SocketAddr) -> (String, bool, u64, u64) {
    let page = super::access::get(at, "/gossip", None).await;
    let page: Value = serde_json::from_str(page.split_once("\r\n\r\n").unwrap().1).unwrap();
    let is_meant = |member: &&Value| member["httpEndPointPort"] == of.port();
    let member = page["members"].as_array().unwrap().iter().find(is_meant).unwrap();
    let number = |name: &str| member[name].as_u64().unwrap();
    let state = member["state"].as_str().unwrap().to_owned();
    (state, member["isAlive"].as_bool().unwrap(), number("epochNumber"), number("writerCheckpoint"))
}

async fn state(at: SocketAddr, of: SocketAddr) -> (String, bool) {
    let (state, is_alive, ..) = told(at, of).await;
    (state, is_alive)
}

async fn all(client: &Client, resolve: bool) -> Vec<(String, u64)> {
    let options = ReadAllOptions::default();
    let mut read =
        client.read_all(&if resolve { options.resolve_link_tos() } else { options }).await.unwrap();
    let mut seen = Vec::new();
    while let Some(event) = read.next().await.unwrap() {
        let event = event.get_original_event();
        seen.push((event.stream_id.clone(), event.revision));
    }
    seen
}

#[test]
fn a_port_that_is_held_back_shows_nothing_new_until_it_is_released() {
    run(async {
        let (node, leader) = start(Config::default()).await;
        let address = node.follower().await.unwrap();
        let follower = client(address);
        write(&leader, 2).await;
        let mut subscription = follower
            .subscribe_to_stream(
                "order-1",
                &SubscribeToStreamOptions::default().start_from(StreamPosition::Start),
            )
            .await;
        let mut next = async || loop {
            if let SubscriptionEvent::EventAppeared(event) =
                subscription.next_subscription_event().await.unwrap()
            {
                return event.get_original_event().revision;
            }
        };
        assert_eq!((next().await, next().await), (0, 1));
        let before = (all(&follower, false).await, told(address, address).await);
        assert!(node.hold_back(address, true));
        write(&leader, 2).await;
        write(&leader, 1).await;
        assert_eq!(revisions(&follower, "order-1", &ReadStreamOptions::default()).await, [0, 1]);
        assert_eq!(revisions(&follower, "$ce-order", &ReadStreamOptions::default()).await, [0, 1]);
        assert_eq!((all(&follower, false).await, told(address, address).await), before);
        let lag = told(node.address(), node.address()).await.3 - told(node.address(), address).await.3;
        assert!(lag > 0);
        assert!(node.hold_back(address, false));
        assert_eq!((next().await, next().await, next().await), (2, 3, 4));
        assert_eq!(all(&follower, true).await, all(&leader, true).await);
        assert_eq!(told(address, address).await.3, told(address, node.address()).await.3);
        assert!(!node.hold_back(node.address(), true), "it leads");
    });
}

#[test]
fn the_first_port_is_held_back_like_any_other() {
    run(async {
        let (node, client_of_first) = start(Config { samples: true, ..Config::default() }).await;
        let second = node.follower().await.unwrap();
        assert!(node.lead(second) && node.hold_back(node.address(), true));
        write(&client(second), 1).await;
        let first = client(node.address());
        assert_eq!(all(&client(second), false).await.len(), all(&first, false).await.len() + 5);
        node.reset().await.unwrap();
        assert!(node.lead(node.address()), "who leads has all");
        assert_eq!(all(&client_of_first, false).await, all(&client(second), false).await);
    });
}

#[test]
fn who_is_cut_off_believes_what_it_believed_last() {
    run(async {
        let (node, _client) = start(Config::default()).await;
        let (first, second, third) =
            (node.address(), node.follower().await.unwrap(), node.follower().await.unwrap());
        assert!(node.cut_off(first, true));
        node.set_alive(first, false);
        assert_eq!(state(second, first).await, ("Leader".into(), false), "its last state stays");
        assert_eq!(state(first, second).await, ("Follower".into(), true));
        node.elect(true);
        assert!(!node.lead(first), "nobody hears it");
        assert!(node.lead(second));
        node.elect(false);
        write(&client(second), 1).await;
        for (at, leader) in [(first, first), (second, second), (third, second)] {
            assert_eq!(state(at, leader).await, ("Leader".into(), true));
        }
        assert!(told(second, second).await.2 > told(first, first).await.2, "a later epoch");
        assert_eq!(told(third, second).await.2, told(second, second).await.2);
        assert!(told(second, second).await.3 > told(first, second).await.3, "nothing came there");
        assert!(node.give_up(first) && !node.give_up(second));
        assert_eq!(state(first, first).await, ("Unknown".into(), true));
        assert_eq!(state(first, second).await, ("Follower".into(), false));
        assert_eq!(state(first, third).await, ("Follower".into(), false));
        assert!(node.cut_off(first, false) && node.set_alive(first, true));
        for at in [first, second, third] {
            assert_eq!(state(at, first).await, ("Follower".into(), true));
        }
        assert_eq!(told(first, first).await.3, told(second, second).await.3);
    });
}

async fn appended(at: SocketAddr) -> Answer {
    Caller::new(at).call(STREAMS, "Append", &append("order-1")).await
}

async fn there(at: SocketAddr) -> usize {
    Caller::new(at).call(STREAMS, "Read", &[read("order-1", Some(9))]).await.messages.len()
}

/// The code of the error in the answer to a batch; `None` where it is written.
async fn batched(at: SocketAddr) -> Option<u64> {
    let answer = Caller::new(at).call(STREAMS, "BatchAppend", &[batch("order-1")]).await;
    part(&answer.messages[0], 2).map(|error| numeral(&error, 1).unwrap())
}

#[test]
fn a_leader_that_nobody_hears_times_out_and_may_write_later() {
    run(async {
        let node = Node::start(Config::default()).await.unwrap();
        let (first, second) = (node.address(), node.follower().await.unwrap());
        assert_eq!(appended(first).await.status(), OK);
        assert!(node.cut_off(first, true));
        let (append, batch) = tokio::join!(appended(first), batched(first));
        assert_eq!(append.status(), ABORTED);
        assert_eq!(append.message(), "Operation timed out: Commit phase timeout.");
        assert_eq!(batch, Some(4), "DEADLINE_EXCEEDED");
        assert_eq!((there(first).await, there(second).await), (1, 1));
        // The others come back to it: both are written after all.
        assert!(node.cut_off(first, false));
        while there(second).await < 3 {}
        assert_eq!(appended(first).await.status(), OK);
        assert_eq!(there(first).await, 4);
    });
}

#[test]
fn what_a_leader_accepted_is_lost_when_another_led_meanwhile() {
    run(async {
        let node = Node::start(Config::default()).await.unwrap();
        let (first, second) = (node.address(), node.follower().await.unwrap());
        assert!(node.cut_off(first, true));
        let giving_up = async {
            while state(first, first).await.0 == "Leader" {
                tokio::task::yield_now().await;
                node.give_up(first);
            }
        };
        let (append, ()) = tokio::join!(appended(first), giving_up);
        // Whichever came first.
        match append.status() {
            ABORTED => assert_eq!(append.message(), "Operation timed out: Request canceled by server"),
            status => assert_eq!(status, UNAVAILABLE),
        }
        assert!(node.lead(second));
        assert_eq!(appended(second).await.status(), OK);
        assert!(node.cut_off(first, false));
        assert!(node.lead(first));
        assert_eq!(appended(first).await.status(), OK);
        assert_eq!(there(first).await, 2);
    });
}

#[test]
fn a_member_on_its_way_answers_as_the_real_one_does() {
    run(async {
        let node = Node::start(Config::default()).await.unwrap();
        let port = node.follower().await.unwrap();
        assert_eq!(appended(node.address()).await.status(), OK);
        for (role, append, reads, reads_as_leader) in [
            (Role::Initializing, UNAVAILABLE, UNAVAILABLE, UNAVAILABLE),
            (Role::DiscoverLeader, UNAVAILABLE, UNAVAILABLE, UNAVAILABLE),
            (Role::PreReplica, NOT_FOUND, OK, NOT_FOUND),
            (Role::CatchingUp, NOT_FOUND, OK, NOT_FOUND),
            (Role::Clone, NOT_FOUND, OK, NOT_FOUND),
            (Role::PreLeader, UNAVAILABLE, OK, OK),
            (Role::ResigningLeader, UNAVAILABLE, OK, OK),
        ] {
            assert!(node.enter(port, Some(role)));
            assert_eq!(state(port, port).await.0, role.name());
            assert_eq!(state(node.address(), port).await.0, role.name());
            assert_eq!(appended(port).await.status(), append, "{role:?}");
            for (requires, status) in [("false", reads), ("true", reads_as_leader)] {
                let caller = Caller::new(port).header("requires-leader", requires);
                let answer = caller.call(STREAMS, "Read", &[read("order-1", Some(9))]).await;
                assert_eq!(answer.status(), status, "{role:?}, requires-leader: {requires}");
            }
        }
        assert!(node.enter(port, None));
        assert_eq!(state(port, port).await.0, "Follower");
    });
}
