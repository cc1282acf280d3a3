//! The categories that a picker offers, counted over a real socket.

use crate::run;
use crate::store::{Watcher, created};
use eventstore::{AppendToStreamOptions, Client, EventData};
use hindsight::node::{Config, Node, Security, User};
use hindsight::store::{Permit, Session};
use std::collections::BTreeMap;

fn client(url: &str) -> Client {
    Client::new(format!("{url}&discoveryInterval=0").parse().unwrap()).unwrap()
}

async fn write(client: &Client, stream: &str, kind: &str, data: &str) {
    let data = serde_json::from_str::<serde_json::Value>(data).unwrap();
    let event = EventData::json(kind, &data).unwrap();
    client.append_to_stream(stream, &AppendToStreamOptions::default(), event).await.unwrap();
}

fn counted(watcher: &Watcher) -> Option<BTreeMap<&str, u64>> {
    let (categories, complete) = watcher.categories.as_ref()?;
    complete.then(|| categories.iter().map(|(name, count)| (&**name, *count)).collect())
}

async fn secured() -> (Node, Client) {
    let user = |name: &str, admin| User { name: name.into(), password: "changeit".into(), admin };
    let security = Security { users: vec![user("admin", true), user("ann", false)], ..Security::default() };
    let node = Node::start_secured(Config::default(), security).await.unwrap();
    let admin = client(&signed(&node, "admin"));
    (node, admin)
}

fn signed(node: &Node, name: &str) -> String {
    node.connection_string().replace("esdb://", &format!("esdb://{name}:changeit@"))
}

#[test]
fn categories_are_counted_by_streams_and_followed_only_while_they_are_asked_for() {
    run(async {
        let node = Node::start(Config::default()).await.unwrap();
        let url = node.connection_string();
        let client = client(&url);
        for stream in ["account-1", "account-2", "order-a", "nocategory", "-none"] {
            write(&client, stream, "Opened", "{}").await;
            write(&client, stream, "Changed", "{}").await;
        }
        let mut watcher = Watcher::of(&url);
        watcher.until("caught up", |w| w.caught_up);
        assert_eq!(watcher.categories, None, "nobody asked");
        watcher.aims(|goal| goal.categories = true);
        let first = BTreeMap::from([("account", 2), ("order", 1)]);
        watcher.until("complete", |w| counted(w).as_ref() == Some(&first));
        write(&client, "cart-1", "Opened", "{}").await;
        write(&client, "account-3", "Opened", "{}").await;
        let live = BTreeMap::from([("account", 3), ("cart", 1), ("order", 1)]);
        watcher.until("live", |w| counted(w).as_ref() == Some(&live));
        watcher.aims(|goal| goal.categories = false);
        let session = Session::connect(&url).await.unwrap();
        write(&client, "late-1", "Opened", "{}").await;
        session.writer().append(&created("z", "u"), Permit::NotProduction).await.unwrap();
        watcher.until("the list goes on", |w| w.rows.contains_key("order-z"));
        assert_eq!(counted(&watcher).as_ref(), Some(&live), "nobody asks any more");
    });
}

#[test]
fn categories_that_may_not_be_read_are_an_empty_answer_and_names_alone_suffice() {
    run(async {
        let (node, admin) = secured().await;
        write(&admin, "account-1", "Opened", "{}").await;
        write(&admin, "$$$streams", "$metadata", r#"{"$acl":{"$r":"$admins"}}"#).await;
        let mut watcher = Watcher::of(&signed(&node, "ann"));
        watcher.aims(|goal| goal.categories = true);
        watcher.until("nothing", |w| counted(w) == Some(BTreeMap::new()));
        assert!(watcher.online(), "the connection goes on");
        write(&admin, "$$$streams", "$metadata", r#"{"$acl":{"$r":"$all"}}"#).await;
        watcher.aims(|goal| goal.retry += 1);
        watcher.until("by names", |w| counted(w) == Some(BTreeMap::from([("account", 1)])));
        write(&admin, "$$$streams", "$metadata", r#"{"$tb":9}"#).await;
        let mut all = Watcher::of(&signed(&node, "admin"));
        all.aims(|goal| goal.categories = true);
        all.until("by all", |w| counted(w) == Some(BTreeMap::from([("account", 1)])));
    });
}
