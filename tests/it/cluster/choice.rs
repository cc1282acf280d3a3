//! Which node is read and which is written to, and what is said of it.

use super::nodes::Nodes;
use super::proxy::Link;
use super::screen::Screen;
use crate::run;
use crate::store::{created, paid};
use hindsight::store::{AppendError, Permit, Session, StoreError};
use uuid::Uuid;

const FOLLOWER: &str = "&nodePreference=follower";
const REPLICA: &str = "&nodePreference=readOnlyReplica";

#[test]
fn the_node_that_answers_is_the_one_that_is_named() {
    run(async {
        let nodes = Nodes::start().await;
        for leader in [1, 2, 0] {
            nodes.lead(leader);
            let mut screen = Screen::of(&nodes.url(""));
            screen.until("online", |s| s.address().is_some()).await;
            assert!(screen.is_at(&nodes.name(leader)), "{screen:?}");
        }
    });
}

#[test]
fn a_follower_is_read_and_kept_over_elections_and_its_leader_writes() {
    run(async {
        let nodes = Nodes::start().await;
        let mut screen = Screen::of(&nodes.url(FOLLOWER));
        screen.until("online", |s| s.address().is_some()).await;
        let read = screen.address().unwrap().to_owned();
        let follower = (1..3).find(|port| nodes.name(*port) == read).expect("no leader");
        let other = 3 - follower;
        let create = screen.append(created("a", "u")).unwrap();
        let written = screen.answered(create).await.unwrap();
        assert_eq!(written.leader.as_deref(), Some(&*nodes.name(0)), "another node than {read} wrote");
        nodes.node.elect(true);
        screen.until("no leader", |s| s.cluster.as_ref().is_some_and(|c| c.leaderless_since.is_some())).await;
        nodes.lead(other);
        let pay = screen.append(paid("a", 0)).unwrap();
        let written = screen.answered(pay).await.unwrap();
        assert_eq!(written.leader.as_deref(), Some(&*nodes.name(other)));
        screen.until("shown", |s| s.rows.get("order-a").is_some_and(|row| row.word() == "paid")).await;
        assert!(screen.read.iter().all(|node| *node == read), "it was left: {:?}", screen.read);
        // A follower that leads is none: another one is read.
        nodes.lead(follower);
        screen.until("another", |s| s.address().is_some_and(|node| node != read)).await;
    });
}

#[test]
fn a_read_only_replica_is_read_even_without_a_leader_and_never_written_to() {
    run(async {
        let nodes = Nodes::with_replica().await;
        let mut screen = Screen::of(&nodes.url(REPLICA));
        screen.until("online", |s| s.address().is_some()).await;
        assert!(screen.is_at(&nodes.name(3)), "{screen:?}");
        let create = screen.append(created("a", "u")).unwrap();
        assert_eq!(screen.answered(create).await.unwrap().leader.as_deref(), Some(&*nodes.name(0)));
        nodes.node.elect(true);
        screen.until("no leader", |s| s.cluster.as_ref().is_some_and(|c| c.leaderless_since.is_some())).await;
        screen.open("order-a");
        screen.until("read without a leader", |s| s.revisions() == [0]).await;
        let pay = screen.append(paid("a", 0)).unwrap();
        screen.until("waits", |s| s.waits.contains_key(&pay)).await;
        nodes.lead(2);
        assert_eq!(screen.answered(pay).await.unwrap().leader.as_deref(), Some(&*nodes.name(2)));
        screen.until("live", |s| s.revisions() == [0, 1]).await;
        assert!(screen.read.iter().all(|node| *node == nodes.name(3)), "{:?}", screen.read);
    });
}

#[test]
fn a_follower_named_alone_leads_to_its_leader() {
    run(async {
        let nodes = Nodes::start().await;
        nodes.lead(2);
        let mut screen = Screen::of(&nodes.url_of(1));
        screen.until("online", |s| s.address().is_some()).await;
        assert!(screen.is_at(&nodes.name(2)), "{screen:?}");
        let create = screen.append(created("a", "u")).unwrap();
        assert_eq!(screen.answered(create).await.unwrap().leader, None, "the node that is read wrote");
    });
}

#[test]
fn where_the_leader_is_out_of_reach_the_named_node_is_read_and_a_write_names_the_leader() {
    run(async {
        let nodes = Nodes::start().await;
        nodes
            .write(0, Uuid::new_v4(), "order-a", "OrderCreated", r#"{"OrderID":"a","UserID":"u","Total":1}"#)
            .await;
        nodes.ports[0].proxy.set(Link::Refuses);
        let mut screen = Screen::of(&nodes.url_of(1));
        screen.until("read", |s| s.is_at(&nodes.name(1)) && s.rows.contains_key("order-a")).await;
        let session = Session::connect(nodes.url_of(1)).await.unwrap();
        let refused = session.writer().append(&paid("a", 0), Permit::NotProduction).await;
        assert_eq!(refused, Err(AppendError::Failed(StoreError::NotLeader(nodes.name(0)))));
        let pay = screen.append(paid("a", 0)).unwrap();
        screen.until("waits", |s| s.waits.contains_key(&pay)).await;
        assert_eq!(screen.waits[&pay], StoreError::NotLeader(nodes.name(0)));
        nodes.ports[0].proxy.set(Link::Passes);
        assert!(screen.answered(pay).await.is_ok());
    });
}

#[test]
fn a_replica_that_comes_back_is_read_again() {
    run(async {
        let nodes = Nodes::with_replica().await;
        let mut screen = Screen::of(&nodes.url(REPLICA));
        screen.until("at the replica", |s| s.is_at(&nodes.name(3)) && s.caught_up).await;
        nodes.kill(3);
        nodes.miss(3);
        screen.until("at a follower", |s| [1, 2].into_iter().any(|port| s.is_at(&nodes.name(port)))).await;
        nodes
            .write(0, Uuid::new_v4(), "order-a", "OrderCreated", r#"{"OrderID":"a","UserID":"u","Total":1}"#)
            .await;
        screen.until("read there", |s| s.rows.contains_key("order-a")).await;
        nodes.restore(3);
        screen.until("back", |s| s.is_at(&nodes.name(3))).await;
        nodes
            .write(0, Uuid::new_v4(), "order-b", "OrderCreated", r#"{"OrderID":"b","UserID":"u","Total":1}"#)
            .await;
        screen.until("read here", |s| s.rows.len() == 2).await;
        assert_eq!((screen.relisted, screen.another), (1, 0));
    });
}

#[test]
fn of_two_that_say_they_lead_the_one_of_the_later_epoch_is_used() {
    run(async {
        // Whichever way their addresses are sorted.
        for (old, new) in [(0, 1), (1, 0), (2, 0)] {
            let nodes = Nodes::start().await;
            nodes.lead(old);
            let mut screen = Screen::of(&nodes.url(""));
            screen.until("at the old leader", |s| s.is_at(&nodes.name(old)) && s.caught_up).await;
            nodes.cut_off(old);
            nodes.miss(old);
            nodes.lead(new);
            nodes
                .write(
                    new,
                    Uuid::new_v4(),
                    "order-a",
                    "OrderCreated",
                    r#"{"OrderID":"a","UserID":"u","Total":1}"#,
                )
                .await;
            screen.until("at the new leader", |s| s.is_at(&nodes.name(new))).await;
            screen.until("what it wrote", |s| s.rows.contains_key("order-a")).await;
            let pay = screen.append(paid("a", 0)).unwrap();
            assert!(screen.answered(pay).await.is_ok());
            let mut later = Screen::of(&nodes.url(""));
            later.until("online", |s| s.address().is_some()).await;
            assert!(later.is_at(&nodes.name(new)), "{later:?}");
        }
    });
}
