//! The streams that projections write on a real server: who may read them.

use super::basics::events;
use super::grpc::{Answer, Caller, STREAMS, append, append_event, event, field, part, read, removal, text};
use crate::run;
use eventstore::{AppendToStreamOptions, Client};
use hindsight::node::{Config, Node, Security, User};

const OK: Option<u8> = Some(0);
const DENIED: Option<u8> = Some(7);
const DERIVED: [&str; 5] = ["$streams", "$ce-order", "$et-Counted", "$category-order", "$bc-flow"];

/// A node with one order, and its callers.
async fn start() -> (Node, Caller, Caller) {
    let user = |name: &str, admin| User { name: name.into(), password: "changeit".into(), admin };
    let security = Security { users: vec![user("admin", true), user("ann", false)], ..Security::default() };
    let node = Node::start_secured(Config::default(), security).await.unwrap();
    let caller = |login| Caller::new(node.address()).login(login);
    let (admin, ann) = (caller("admin:changeit"), caller("ann:changeit"));
    (node, admin, ann)
}

async fn order(ann: &Caller) {
    let counted = [event("Counted", b"{}"), field(3, r#"{"$correlationId":"flow"}"#)].concat();
    assert_eq!(ann.call(STREAMS, "Append", &append_event("order-1", &counted)).await.status(), OK);
}

async fn reads(caller: &Caller, name: &str) -> Answer {
    caller.call(STREAMS, "Read", &[read(name, Some(9))]).await
}

/// Data of the only event of an answer.
fn data(answer: &Answer) -> Option<String> {
    let event = part(&part(answer.messages.last()?, 1)?, 1)?;
    text(&event, 8)
}

#[test]
fn ordinary_users_read_computed_streams_once_they_exist() {
    run(async {
        let (node, admin, ann) = start().await;
        let metadata = |name: &str| format!("$${name}");
        // The users' own streams are in `$streams` from the start: their metadata has an event 0.
        for name in &DERIVED[1..] {
            for name in [(*name).to_owned(), metadata(name)] {
                let before = reads(&ann, &name).await;
                assert_eq!((before.status(), before.trailers_only), (DENIED, true), "{name}");
                assert_eq!(reads(&admin, &name).await.status(), OK, "{name}");
            }
        }
        order(&ann).await;
        for name in DERIVED {
            assert_eq!(reads(&ann, name).await.status(), OK, "{name}");
            assert_eq!(reads(&Caller::new(node.address()), name).await.status(), DENIED, "{name}");
            let born = reads(&ann, &metadata(name)).await;
            assert_eq!(data(&born).as_deref(), Some(r#"{"$acl":{"$r":"$all","$mr":"$all"}}"#), "{name}");
            assert_eq!(ann.call(STREAMS, "Append", &append(name)).await.status(), DENIED, "{name}");
            assert_eq!(
                ann.call(STREAMS, "Append", &append(&metadata(name))).await.status(),
                DENIED,
                "{name}"
            );
            assert_eq!(ann.call(STREAMS, "Delete", &[removal(name)]).await.status(), DENIED, "{name}");
        }
        assert_eq!(reads(&ann, "$all").await.status(), DENIED);
    });
}

#[test]
fn written_metadata_takes_the_place_of_what_a_computed_stream_is_born_with() {
    run(async {
        let (_node, admin, ann) = start().await;
        order(&ann).await;
        let says = |acl: &str| append_event("$$$ce-order", &event("$metadata", acl.as_bytes()));
        assert_eq!(admin.call(STREAMS, "Append", &says(r#"{"$acl":{"$r":"$admins"}}"#)).await.status(), OK);
        assert_eq!(
            [reads(&ann, "$ce-order").await.status(), reads(&ann, "$streams").await.status()],
            [DENIED, OK]
        );
        let kept = reads(&admin, "$$$ce-order").await;
        assert_eq!(data(&kept).as_deref(), Some(r#"{"$acl":{"$r":"$admins"}}"#));
        assert_eq!(admin.call(STREAMS, "Append", &says(r#"{"$acl":{"$r":"$all"}}"#)).await.status(), OK);
        assert_eq!(reads(&ann, "$ce-order").await.status(), OK);
    });
}

#[test]
fn links_resolve_without_rights_to_their_targets() {
    run(async {
        let (node, admin, ann) = start().await;
        order(&ann).await;
        let closed = event("$metadata", br#"{"$acl":{"$r":"$admins"}}"#);
        assert_eq!(admin.call(STREAMS, "Append", &append_event("$$order-1", &closed)).await.status(), OK);
        assert_eq!(reads(&ann, "order-1").await.status(), DENIED);
        let text = node.connection_string().replace("esdb://", "esdb://ann:changeit@");
        let client = Client::new(text.parse().unwrap()).unwrap();
        let options = eventstore::ReadStreamOptions::default().resolve_link_tos();
        let mut links = client.read_stream("$ce-order", &options).await.unwrap();
        assert_eq!(links.next().await.unwrap().unwrap().event.unwrap().stream_id, "order-1");
        client.append_to_stream("order-2", &AppendToStreamOptions::default(), events(1)).await.unwrap();
    });
}
