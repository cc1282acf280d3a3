//! A command reaches exactly what was named: ids to the byte, links, correlations, and the leader of a cluster.

use crate::cli::{Served, program, serve, text};
use crate::run;
use hindsight::aggregate::order::{self, OrderCommand, OrderId, Total, UserId};
use hindsight::decision::{Cause, Head, Identity, Origin};
use hindsight::history::Replay;
use hindsight::node::{Config, Node};
use hindsight::record::{Provenance, Record, StreamName};
use hindsight::store::{Permit, Session};

/// Ids that no new order may have, and that stand in databases.
fn odd_ids() -> Vec<String> {
    let plain =
        ["a b", " lead", "trail ", "", "line\nbreak", "tab\t", "\u{a0}nbsp", "a/b", "%41", "用户", "-", "--"];
    plain.into_iter().map(str::to_owned).chain(["x".repeat(300)]).collect()
}

fn created(served: &Served, id: &str) {
    let data = serde_json::json!({"OrderID": id, "UserID": "u", "Total": 1}).to_string();
    served.write(&format!("order-{id}"), "OrderCreated", data.as_bytes());
}

#[test]
fn an_order_of_any_id_is_shown_and_paid_and_no_other() {
    let served = serve(&["--memory"]);
    for id in ["lead", "trail", "a", "b"].into_iter().map(str::to_owned).chain(odd_ids()) {
        created(&served, &id);
    }
    for id in odd_ids() {
        served.run(0, &["pay", "--json", "--", &id]);
        let events = served.json(&["show", &format!("order-{id}")]);
        assert_eq!(events.len(), 2, "{id:?}");
        assert_eq!(events[1]["state"]["ID"], *id);
        assert_eq!(events[1]["state"]["Paid"], true);
        let refused = served.run(3, &["pay", "--", &id]);
        assert!(text(&refused.stderr).contains("is already paid"), "{id:?}");
    }
    for id in ["lead", "trail", "a", "b"] {
        assert_eq!(served.events(&format!("order-{id}")).len(), 1, "{id} was not named");
    }
    let listed = served.json(&["list"]);
    let paid = listed.iter().filter(|row| row["status"] == "paid").count();
    assert_eq!((listed.len(), paid), (4 + odd_ids().len(), odd_ids().len()));
}

#[test]
fn a_new_order_keeps_the_rules_for_new_ids() {
    let served = serve(&["--memory"]);
    for id in [" lead", "trail ", "a b", "", "a\nb", &"x".repeat(201)] {
        served.run(2, &["create", "--user", "u", "--total", "1", "--id", id]);
    }
    assert!(served.json(&["list"]).is_empty());
    served.run(0, &["create", "--user", " u ", "--total", "1", "--id", "a"]);
    assert_eq!(served.events("order-a")[0]["data"]["UserID"], " u ", "as it was given");
}

#[test]
fn a_stray_link_refuses_nothing_and_links_throughout_do() {
    let served = serve(&["--memory"]);
    for id in ["first", "last"] {
        if id == "first" {
            served.write("order-first", "$>", b"0@other-1");
        }
        created(&served, id);
        if id == "last" {
            served.write("order-last", "$>", b"0@other-1");
        }
        served.run(0, &["pay", id]);
    }
    served.write("order-links", "$>", b"0@other-1");
    served.write("order-links", "$>", b"1@other-1");
    let refused = served.run(3, &["create", "--user", "u", "--total", "1", "--id", "links"]);
    assert!(text(&refused.stderr).contains("is a stream of links"), "{}", text(&refused.stderr));
    assert_eq!(served.events("order-links").len(), 2);
}

#[test]
fn a_projections_own_stream_is_told_by_its_events_throughout() {
    let record = |event_type: &str, metadata: &str| {
        let mut record = crate::history::record(0, event_type, "{}");
        record.metadata = metadata.as_bytes().into();
        record
    };
    let projected = record("OrderCreated", r#"{"$v":"3:-1:1:4","$c":412,"$p":412,"$causedBy":"x"}"#);
    let (link, own) = (record("$>", ""), record("OrderCreated", r#"{"who":"$v"}"#));
    for (records, derived) in [
        (vec![], false),
        (vec![&link], true),
        (vec![&projected, &link], true),
        (vec![&own], false),
        (vec![&link, &own], false),
        (vec![&own, &projected, &link], false),
    ] {
        let mut provenance = Provenance::default();
        for record in &records {
            provenance.note(*record);
        }
        assert_eq!(provenance.is_derived(), derived, "{records:?}");
    }
}

#[test]
fn a_command_takes_over_the_correlation_of_the_event_that_it_follows() {
    run(async {
        let node = Node::start(Config::default()).await.unwrap();
        let session = Session::connect(node.connection_string()).await.unwrap();
        let (stream, origin) = (StreamName::new("order-a"), Origin::default());
        let id = OrderId::stored("a");
        let stated = hindsight::aggregate::Registry::default();
        let aggregate = &**stated.for_stream(&stream);
        let write = |records: &[Record], command: OrderCommand| {
            let mut replay = Replay::new(stated.for_stream(&stream).clone(), stream.clone());
            for record in records {
                replay.apply(record, &mut Vec::new());
            }
            let head = Head {
                aggregate,
                state: replay.state().clone(),
                revision: replay.last(),
                cause: records.last().map(Cause::from),
                tombstoned: false,
                provenance: Provenance::default(),
            };
            let identity = Identity { event_id: uuid::Uuid::new_v4(), origin: &origin };
            head.decide(&order::command(command), None, &identity).unwrap()
        };
        let (user_id, total) = (UserId::stored("u"), Total::parse("1").unwrap());
        let first = write(&[], OrderCommand::Create { order_id: id.clone(), user_id, total });
        let metadata = String::from_utf8(first.events[0].metadata.to_vec()).unwrap();
        assert!(metadata.contains("$correlationId") && !metadata.contains("$causationId"), "{metadata}");
        session.writer().append(&first, Permit::NotProduction).await.unwrap();

        let client = eventstore::Client::new(node.connection_string().parse().unwrap()).unwrap();
        let traced = eventstore::EventData::json("Note", &serde_json::json!({})).unwrap();
        let traced = traced.metadata(br#"{"$correlationId":"trace 7","$causationId":"x"}"#.as_slice().into());
        client
            .append_to_stream("order-a", &eventstore::AppendToStreamOptions::default(), traced)
            .await
            .unwrap();

        let mut records = Vec::new();
        session.read(&stream, |batch| records.extend(batch)).await.unwrap();
        let paid = write(&records, OrderCommand::Pay { order_id: id });
        let metadata: serde_json::Value = serde_json::from_slice(&paid.events[0].metadata).unwrap();
        assert_eq!(metadata["$correlationId"], "trace 7");
        assert_eq!(metadata["$causationId"], records[1].id.to_string());
        let odd = Cause::from(&crate::history::record(0, "Note", "{}"));
        assert_eq!(odd.correlation, None, "an event without one begins none");
    });
}

#[test]
fn a_write_that_a_follower_refuses_reaches_the_leader_with_the_same_ids() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let node = runtime.block_on(Node::start(Config::default())).unwrap();
    let follower = runtime.block_on(node.follower()).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let url = format!("esdb://{follower}?tls=false&nodePreference=follower");
    let hindsight = |arguments: &[&str]| {
        let output = program(&folder).args(["-c", &url]).args(arguments).output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{arguments:?}: {}", text(&output.stderr));
        text(&output.stdout)
    };
    hindsight(&["create", "--user", "u", "--total", "1", "--id", "a"]);
    hindsight(&["pay", "a"]);
    assert_eq!(hindsight(&["show", "order-a", "--json"]).lines().count(), 2);
    assert_eq!(hindsight(&["journal", "--json"]).lines().count(), 2, "each write once");

    // The leader changes under a session that is connected.
    runtime.block_on(async {
        let session = Session::connect(node.connection_string()).await.unwrap();
        session.writer().append(&crate::store::created("b", "u"), Permit::NotProduction).await.unwrap();
        node.lead(follower);
        let written =
            session.writer().append(&crate::store::paid("b", 0), Permit::NotProduction).await.unwrap();
        assert_eq!(written.revision.0, 1);
        let mut events = 0;
        session.read(&StreamName::new("order-b"), |records| events += records.len()).await.unwrap();
        assert_eq!(events, 2);
    });
}
