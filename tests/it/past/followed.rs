//! The past as the store's worker answers it beside the live list.

use super::{create, moment, pay};
use crate::run;
use crate::store::Watcher;
use hindsight::node::{Config, Node, Storage};
use hindsight::record::Created;
use hindsight::store::{PastQuestion, Ticket};
use std::collections::BTreeMap;

const HOUR: i64 = 36_000_000_000;

fn ask(watcher: &mut Watcher, stay: u64, at: Created) {
    watcher.aims(|goal| goal.past.list = Some(PastQuestion { stay: Ticket(stay), at }));
}

fn words(watcher: &Watcher) -> BTreeMap<&str, &str> {
    watcher.past.iter().map(|(stream, row)| (stream.as_str(), row.word())).collect()
}

#[test]
fn another_moment_is_told_by_what_differs_and_the_live_list_goes_on() {
    run(async {
        let node = Node::start(Config::default()).await.unwrap();
        let client = crate::production::client(&node.connection_string());
        create(&client, "a").await;
        let early = moment();
        pay(&client, "a").await;
        create(&client, "b").await;
        let late = moment();
        let mut watcher = Watcher::of(&node.connection_string());
        watcher.until("caught up", |w| w.caught_up);
        ask(&mut watcher, 1, late);
        watcher.until("the later moment", |w| w.past_at == Some(late));
        assert_eq!(words(&watcher), [("order-a", "paid"), ("order-b", "unpaid")].into());
        ask(&mut watcher, 1, early);
        watcher.until("the earlier moment", |w| w.past_at == Some(early));
        assert_eq!((words(&watcher), watcher.past_begun), ([("order-a", "unpaid")].into(), 1));
        // What is written now is of no moment that has been.
        create(&client, "c").await;
        watcher.until("live", |w| w.rows.contains_key("order-c"));
        assert_eq!(words(&watcher), [("order-a", "unpaid")].into());
        // Whose clock is ahead of the database's is told what comes in until then.
        let ahead = Created(Created::now().0 + HOUR);
        ask(&mut watcher, 1, ahead);
        watcher.until("ahead", |w| w.past_at == Some(ahead) && w.past.len() == 3);
        pay(&client, "b").await;
        watcher.until("taken in", |w| words(w)["order-b"] == "paid");
        // Who comes back later is told all of it.
        watcher.aims(|goal| goal.past.list = None);
        ask(&mut watcher, 2, early);
        watcher.until("again", |w| w.past_at == Some(early) && w.past_begun == 2);
        assert_eq!(words(&watcher), [("order-a", "unpaid")].into());
    });
}

#[test]
fn a_connection_that_is_lost_and_another_database_are_seen_in_the_past_too() {
    run(async {
        let folder = tempfile::tempdir().unwrap();
        let config = Config { storage: Storage::File(folder.path().join("s.db")), ..Config::default() };
        let node = Node::start(config.clone()).await.unwrap();
        let (url, address) = (node.connection_string(), node.address());
        let client = crate::production::client(&url);
        create(&client, "a").await;
        let early = moment();
        pay(&client, "a").await;
        let mut watcher = Watcher::of(&url);
        ask(&mut watcher, 1, early);
        watcher.until("read", |w| w.past_at == Some(early));
        node.shutdown().await;
        watcher.until("lost", |w| !w.online());
        assert_eq!(words(&watcher), [("order-a", "unpaid")].into(), "it stays");
        let node = Node::start(Config { listen: address, ..config }).await.unwrap();
        watcher.aims(|goal| goal.retry += 1);
        watcher.until("told again", |w| w.past_begun == 2 && w.past_at == Some(early));
        assert_eq!(words(&watcher), [("order-a", "unpaid")].into());
        node.reset().await.unwrap();
        let client = crate::production::client(&url);
        create(&client, "other").await;
        let ahead = Created(Created::now().0 + HOUR);
        watcher.until("seen", |w| w.rows.contains_key("order-other"));
        ask(&mut watcher, 1, ahead);
        watcher.until("of the other database", |w| words(w) == [("order-other", "unpaid")].into());
    });
}
