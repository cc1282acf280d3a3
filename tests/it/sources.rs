//! Where the list comes from: by whichever way, it shows the same streams in the same state.

use crate::run;
use crate::store::{Watcher, created, paid};
use eventstore::{AppendToStreamOptions, Client, DeleteStreamOptions, EventData, TombstoneStreamOptions};
use hindsight::node::{Config, Node, Security, User};
use hindsight::sentences::store_error;
use hindsight::store::{Permit, Session, StreamRow};
use std::collections::BTreeMap;

fn client(url: &str) -> Client {
    Client::new(format!("{url}&discoveryInterval=0").parse().unwrap()).unwrap()
}

pub async fn write(client: &Client, stream: &str, kind: &str, data: &str) {
    let event = match kind {
        "$>" => EventData::binary(kind, data.to_owned().into()),
        _ => EventData::json(kind, &serde_json::from_str::<serde_json::Value>(data).unwrap()).unwrap(),
    };
    client.append_to_stream(stream, &AppendToStreamOptions::default(), event).await.unwrap();
}

/// Lives that links tell of in other ways than events do.
async fn lives(client: &Client) {
    let created = |id: &str| format!(r#"{{"OrderID":"{id}","UserID":"u","Total":1}}"#);
    for id in ["back", "over", "short", "few", "cut"] {
        write(client, &format!("order-{id}"), "OrderCreated", &created(id)).await;
        write(client, &format!("order-{id}"), "OrderPaid", &format!(r#"{{"OrderID":"{id}"}}"#)).await;
    }
    client.delete_stream("order-back", &DeleteStreamOptions::default()).await.unwrap();
    write(client, "order-back", "OrderCreated", &created("back")).await;
    client.tombstone_stream("order-over", &TombstoneStreamOptions::default()).await.unwrap();
    write(client, "$$order-short", "$metadata", r#"{"$maxCount":1}"#).await;
    write(client, "$$order-cut", "$metadata", r#"{"$tb":2}"#).await;
    write(client, "order-links", "$>", "0@order-back").await;
    write(client, "order-links", "$>", "0@other-1").await;
    write(client, "other-1", "OrderCreated", &created("1")).await;
}

fn by_name(rows: Vec<StreamRow>) -> BTreeMap<String, StreamRow> {
    rows.into_iter().map(|row| (row.stream.as_str().to_owned(), row)).collect()
}

#[test]
fn category_links_and_all_give_the_same_list() {
    run(async {
        let node = Node::start(Config { samples: true, ..Config::default() }).await.unwrap();
        let url = node.connection_string();
        let client = client(&url);
        lives(&client).await;
        let session = Session::connect(&url).await.unwrap();
        let mut from_all = by_name(session.list("*").await.unwrap());
        from_all.retain(|name, _| name.starts_with("order-"));
        let from_links = by_name(session.list("order").await.unwrap());
        assert!(from_all.keys().eq(from_links.keys()), "{:?}", from_links.keys());
        for (name, row) in &from_all {
            assert_eq!(Some(row), from_links.get(name));
        }
        let mut watcher = Watcher::of(&url);
        watcher.until("caught up", |w| w.caught_up && w.rows.len() == from_links.len());
        assert_eq!(watcher.source, "`$all`, prefix `order-`");
        assert_eq!(watcher.rows["order-back"].word(), "unpaid");
        write(&client, "order-short", "Noted", "{}").await;
        write(&client, "order-few", "Noted", "{}").await;
        watcher.until("limits hold live", |w| {
            w.rows["order-short"].revision.is_some_and(|r| r.0 == 2) && w.rows["order-few"].events == 3
        });
        assert_eq!(watcher.rows["order-short"].events, 1);
    });
}

pub async fn guarded() -> (Node, Client) {
    let user = |name: &str, admin| User { name: name.into(), password: "changeit".into(), admin };
    let security = Security { users: vec![user("admin", true), user("ann", false)], ..Security::default() };
    let node = Node::start_secured(Config::default(), security).await.unwrap();
    let admin = client(&signed(&node, "admin"));
    (node, admin)
}

pub fn signed(node: &Node, name: &str) -> String {
    node.connection_string().replace("esdb://", &format!("esdb://{name}:changeit@"))
}

async fn placed(client: &Client, id: &str) {
    let data = format!(r#"{{"OrderID":"{id}","UserID":"u","Total":1}}"#);
    write(client, &format!("order-{id}"), "OrderCreated", &data).await;
}

pub const READABLE: &str = r#"{"$acl":{"$r":"$all"}}"#;

#[test]
fn who_may_not_read_all_lists_by_what_may_be_read() {
    run(async {
        let (node, admin) = guarded().await;
        let url = signed(&node, "ann");
        let session = Session::connect(&url).await.unwrap();
        session.writer().append(&created("a", "u"), Permit::Undeclared).await.unwrap();
        for hidden in ["$$$streams", "$$$ce-order"] {
            write(&admin, hidden, "$metadata", r#"{"$acl":{"$r":"$admins"}}"#).await;
        }
        let denied = store_error(&session.list("order").await.unwrap_err());
        assert!(denied.contains("neither $all nor $streams"), "{denied}");

        write(&admin, "$$$streams", "$metadata", READABLE).await;
        let mut names = Watcher::of(&url);
        names.until("names", |w| w.caught_up && w.rows.contains_key("order-a"));
        assert_eq!(names.source, "`$streams`");
        assert_eq!(names.rows["order-a"].word(), "unpaid");
        session.writer().append(&created("b", "u"), Permit::Undeclared).await.unwrap();
        names.until("a new name", |w| w.rows.contains_key("order-b"));

        write(&admin, "$$$ce-order", "$metadata", READABLE).await;
        let mut links = Watcher::of(&url);
        links.until("links", |w| w.caught_up && w.rows.len() == 2);
        assert_eq!(links.source, "`$ce-order`");
        session.writer().append(&paid("a", 0), Permit::Undeclared).await.unwrap();
        links.until("paid live", |w| w.rows["order-a"].word() == "paid");
    });
}

#[test]
fn a_stream_that_may_not_be_read_is_listed_as_locked() {
    run(async {
        let (node, admin) = guarded().await;
        let url = signed(&node, "ann");
        write(&admin, "$$$streams", "$metadata", READABLE).await;
        for id in ["open", "shut"] {
            placed(&admin, id).await;
        }
        write(&admin, "$$order-shut", "$metadata", r#"{"$acl":{"$r":"$admins"}}"#).await;
        write(&admin, "$$$ce-order", "$metadata", r#"{"$acl":{"$r":"$admins"}}"#).await;
        let mut watcher = Watcher::of(&url);
        watcher.until("both", |w| w.caught_up && w.unread == 0 && w.rows.len() == 2);
        assert_eq!(watcher.source, "`$streams`");
        assert_eq!(watcher.rows["order-shut"].word(), "locked");
        assert_eq!(watcher.rows["order-open"].word(), "unpaid");
    });
}

#[test]
fn names_are_read_all_and_the_count_of_those_to_come_is_said() {
    run(async {
        let (node, admin) = guarded().await;
        write(&admin, "$$$streams", "$metadata", READABLE).await;
        write(&admin, "$$$ce-order", "$metadata", r#"{"$acl":{"$r":"$admins"}}"#).await;
        for n in 0..700 {
            placed(&admin, &n.to_string()).await;
        }
        let mut watcher = Watcher::of(&signed(&node, "ann"));
        watcher.until("some are to come", |w| w.unread > 0 && w.rows.len() < 700);
        watcher.until("all", |w| {
            w.unread == 0 && w.rows.values().filter(|r| r.word() == "unpaid").count() == 700
        });
    });
}

#[test]
fn a_category_without_links_comes_from_all() {
    run(async {
        let node = Node::start(Config::default()).await.unwrap();
        let mut watcher = Watcher::of(&node.connection_string());
        watcher.until("caught up", |w| w.caught_up);
        assert_eq!(watcher.source, "`$all`, prefix `order-`");
        Session::connect(&node.connection_string())
            .await
            .unwrap()
            .writer()
            .append(&created("a", "u"), Permit::NotProduction)
            .await
            .unwrap();
        watcher.until("the first", |w| w.rows.contains_key("order-a"));
    });
}
