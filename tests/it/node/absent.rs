//! What the sandbox does not have, in the words of a real node; and operations, of which there is little.

use super::basics::{events, start};
use super::grpc::{Answer, Caller, STREAMS, append, field, number, stream, text};
use crate::run;
use eventstore::AppendToStreamOptions;
use hindsight::node::{Config, Node, Security, User};

const PERSISTENT: &str = "event_store.client.persistent_subscriptions.PersistentSubscriptions";
const OPERATIONS: &str = "event_store.client.operations.Operations";
const OK: Option<u8> = Some(0);
const UNKNOWN: Option<u8> = Some(2);
const NOT_FOUND: Option<u8> = Some(5);
const DENIED: Option<u8> = Some(7);
const UNIMPLEMENTED: Option<u8> = Some(12);

#[test]
fn what_is_not_there_has_the_real_messages() {
    run(async {
        let node = Node::start(Config::default()).await.unwrap();
        let caller = Caller::new(node.address());
        for (service, method, says) in [
            (STREAMS, "NoSuchMethod", "Method is unimplemented."),
            (PERSISTENT, "NoSuchMethod", "Method is unimplemented."),
            ("event_store.client.redaction.Redaction", "SwitchChunks", "Service is unimplemented."),
            ("x", "y", "Service is unimplemented."),
        ] {
            let answer = caller.call(service, method, &[Vec::new()]).await;
            assert_eq!((answer.status(), answer.trailers_only), (UNIMPLEMENTED, true), "{service}/{method}");
            assert_eq!(answer.message(), says, "{service}/{method}");
        }
        let nothing = caller.call(STREAMS, "Read", &[]).await;
        assert_eq!((nothing.status(), nothing.message().as_str()), (Some(13), "Incomplete message."));
    });
}

fn no_group(answer: &Answer, stream: &str, group: &str) {
    assert_eq!((answer.status(), answer.trailers_only), (NOT_FOUND, true), "{answer:?}");
    assert_eq!(answer.message(), format!("Subscription group {group} on stream {stream} does not exist."));
    assert_eq!(answer.trailer("exception"), Some("persistent-subscription-does-not-exist"));
    assert_eq!(answer.trailer("stream-name"), Some(stream));
    assert_eq!(answer.trailer("group-name"), Some(group).filter(|group| !group.is_empty()));
}

#[test]
fn persistent_subscriptions_are_listed_as_none_and_not_found() {
    run(async {
        let node = Node::start(Config::default()).await.unwrap();
        let caller = Caller::new(node.address());
        let ask =
            async |method, options: Vec<u8>| caller.call(PERSISTENT, method, &[field(1, options)]).await;
        let listed = ask("List", field(1, "")).await;
        assert_eq!((listed.status(), listed.messages), (OK, vec![Vec::new()]));
        no_group(&ask("List", field(2, field(1, stream("s")))).await, "s", "");
        no_group(&ask("List", field(2, field(2, ""))).await, "$all", "");
        no_group(&ask("GetInfo", [field(1, stream("s")), field(3, "g")].concat()).await, "s", "g");
        no_group(&ask("GetInfo", [field(2, ""), field(3, "g")].concat()).await, "$all", "g");
        no_group(&ask("Delete", [field(1, stream("s")), field(2, "g")].concat()).await, "s", "g");
        no_group(&ask("ReplayParked", [field(2, stream("s")), field(1, "g")].concat()).await, "s", "g");
        no_group(&ask("Update", [field(4, field(1, stream("s"))), field(2, "g")].concat()).await, "s", "g");
        no_group(&ask("Read", [field(1, stream("s")), field(2, "g")].concat()).await, "s", "g");
        for method in ["List", "GetInfo", "Delete", "Update", "ReplayParked"] {
            assert_eq!(caller.call(PERSISTENT, method, &[Vec::new()]).await.status(), UNKNOWN, "{method}");
        }
        assert_eq!(caller.call(PERSISTENT, "Read", &[]).await.status(), OK);
        assert_eq!(caller.call(PERSISTENT, "RestartSubsystem", &[Vec::new()]).await.status(), OK);
        let created = ask("Create", [field(4, field(1, stream("s"))), field(2, "g")].concat()).await;
        assert_eq!(created.status(), UNIMPLEMENTED);
        assert!(created.message().contains("no persistent subscriptions"), "{}", created.message());
    });
}

#[test]
fn operations_are_for_operators() {
    run(async {
        let user = |name: &str, admin| User { name: name.into(), password: "changeit".into(), admin };
        let users = vec![user("admin", true), user("ops", false), user("ann", false)];
        let node =
            Node::start_secured(Config::default(), Security { users, ..Security::default() }).await.unwrap();
        let caller = |login| Caller::new(node.address()).login(login);
        let (admin, ops, ann) = (caller("admin:changeit"), caller("ops:changeit"), caller("ann:changeit"));
        let empty = [Vec::new()];
        for method in ["MergeIndexes", "SetNodePriority", "RestartPersistentSubscriptions"] {
            assert_eq!(admin.call(OPERATIONS, method, &empty).await.status(), OK, "{method}");
            assert_eq!(ops.call(OPERATIONS, method, &empty).await.status(), OK, "{method}");
            assert_eq!(ann.call(OPERATIONS, method, &empty).await.status(), DENIED, "{method}");
            assert_eq!(Caller::new(node.address()).call(OPERATIONS, method, &empty).await.status(), DENIED);
        }
        let started = ops.call(OPERATIONS, "StartScavenge", &[field(1, number(1, 1))]).await;
        assert_eq!(started.status(), OK);
        assert!(uuid::Uuid::parse_str(&text(&started.messages[0], 1).unwrap()).is_ok());
        let stopped = ops.call(OPERATIONS, "StopScavenge", &[field(1, field(1, "none"))]).await;
        assert_eq!((stopped.status(), stopped.message().as_str()), (NOT_FOUND, "Scavenge id was invalid."));
        assert_eq!(stopped.trailer("exception"), Some("scavenge-not-found"));
        for method in ["StartScavenge", "StopScavenge"] {
            assert_eq!(
                ops.call(OPERATIONS, method, &empty).await.status(),
                UNKNOWN,
                "{method} without options"
            );
        }
        // `ops` operates and does not read.
        let read = super::grpc::read_all(super::grpc::From::Start, Some(1), false, false);
        assert_eq!(ops.call(STREAMS, "Read", &[read]).await.status(), DENIED);
    });
}

#[test]
fn a_node_that_resigns_leads_again_a_moment_later() {
    run(async {
        let (node, client) = start(Config::default()).await;
        let caller = Caller::new(node.address());
        assert_eq!(caller.call(OPERATIONS, "ResignNode", &[Vec::new()]).await.status(), OK);
        let mut refused = 0;
        while caller.call(STREAMS, "Append", &append("s")).await.status() == Some(14) {
            refused += 1;
            tokio::task::yield_now().await;
        }
        assert!(refused > 0, "the members elect meanwhile");
        client.append_to_stream("s", &AppendToStreamOptions::default(), events(1)).await.unwrap();
    });
}
