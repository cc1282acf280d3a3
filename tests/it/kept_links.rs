//! Lists of links that are kept from one start to the next, of a user who may not read `$all`: as true as one that is read
//! anew, although links tell neither limits nor rights.

use crate::kept_lists::{EXPIRED, files, kept, resumed};
use crate::meter::Meter;
use crate::production::{client, guarded, signed, write};
use crate::rights::{ALL, ONLY_ADMINS};
use crate::store::Watcher;
use crate::truth::{self, Dice, live};
use crate::{node::grpc, run};
use eventstore::{AppendToStreamOptions, DeleteStreamOptions, EventData};
use hindsight::aggregate::Registry;
use hindsight::node::{Config, Node, Security, Storage, User};
use hindsight::store::{KeptLists, Permit, Session, StreamRow};
use std::fs;
use std::net::SocketAddr;
use std::path::Path;
use tempfile::TempDir;

async fn of(node: &Node, user: &str) -> Session {
    Session::connect(signed(node, user)).await.unwrap()
}

/// The list that ann has, of links, going on from the kept one.
async fn ann(node: &Node, lists: &KeptLists) -> Vec<StreamRow> {
    let session = of(node, "ann").await;
    let list = session.list_keeping("order", Registry::default(), Some(lists.clone()));
    let (rows, listing) = list.await.unwrap();
    assert_eq!(listing.source, "`$ce-order`");
    rows
}

fn created(id: &str) -> String {
    format!(r#"{{"OrderID":"{id}","UserID":"u","Total":1}}"#)
}

async fn place(node: &Node, id: &str) {
    write(&signed(node, "admin"), &format!("order-{id}"), "OrderCreated", &created(id)).await;
}

async fn pay(node: &Node, id: &str) {
    let data = format!(r#"{{"OrderID":"{id}"}}"#);
    write(&signed(node, "admin"), &format!("order-{id}"), "OrderPaid", &data).await;
}

async fn metadata(node: &Node, id: &str, metadata: &str) {
    write(&signed(node, "admin"), &format!("$$order-{id}"), "$metadata", metadata).await;
}

fn words(rows: &[StreamRow]) -> Vec<(&str, &str, u64)> {
    rows.iter().map(|row| (row.stream.id(), row.word(), row.events)).collect()
}

#[test]
fn a_list_of_links_that_goes_on_from_the_kept_one_equals_one_read_from_nothing_and_one_of_all() {
    run(async {
        for seed in [3, 777, 190_057] {
            let (folder, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
            let node = guarded().await;
            let (client, mut dice) = (client(&signed(&node, "admin")), Dice(seed));
            let lists = kept(&folder);
            for round in 0..4 {
                for _ in 0..60 {
                    live(&client, &mut dice, false).await;
                    if dice.roll(12) == 0 {
                        truth::link(&client, &mut dice).await;
                    }
                }
                ann(&node, &lists).await;
                assert_eq!(files(&folder).len(), 1, "it is kept");
                for _ in 0..dice.roll(40) {
                    live(&client, &mut dice, false).await;
                }
                tokio::time::sleep(EXPIRED).await;
                let whole = of(&node, "ann").await.list("order").await.unwrap();
                let rows = ann(&node, &lists).await;
                let names =
                    |rows: &[StreamRow]| rows.iter().map(|row| row.stream.clone()).collect::<Vec<_>>();
                assert_eq!(names(&rows), names(&whole), "seed {seed}, round {round}");
                for (row, anew) in rows.iter().zip(&whole) {
                    assert_eq!(row, anew, "seed {seed}, round {round}");
                }
                // What a deleted stream had is told by none of its readers.
                let of_all = resumed(&of(&node, "admin").await, &kept(&other)).await;
                let (of_links, of_all) = (truth::of_rows(&whole), truth::of_rows(&of_all));
                truth::compare(&format!("links, seed {seed}, round {round}"), &of_links, &of_all);
            }
        }
    });
}

#[test]
fn changes_that_no_link_tells_are_seen_at_the_next_start() {
    run(async {
        let folder = tempfile::tempdir().unwrap();
        let (node, lists) = (guarded().await, kept(&folder));
        for id in ["counted", "cut", "back", "loose", "secret", "same"] {
            place(&node, id).await;
            pay(&node, id).await;
        }
        metadata(&node, "loose", r#"{"$maxCount":1}"#).await;
        client(&signed(&node, "admin"))
            .delete_stream("order-back", &DeleteStreamOptions::default())
            .await
            .unwrap();
        let before = ann(&node, &lists).await;
        assert_eq!(
            words(&before),
            [
                ("back", "deleted", 0),
                ("counted", "paid", 2),
                ("cut", "paid", 2),
                ("loose", "unknown", 1),
                ("same", "paid", 2),
                ("secret", "paid", 2)
            ]
        );
        metadata(&node, "counted", r#"{"$maxCount":1}"#).await;
        metadata(&node, "cut", r#"{"$tb":2}"#).await;
        metadata(&node, "back", "[]").await;
        metadata(&node, "loose", "{}").await;
        metadata(&node, "secret", ONLY_ADMINS).await;
        let whole = of(&node, "ann").await.list("order").await.unwrap();
        let mut watcher = Watcher::keeping(&signed(&node, "ann"), Some(lists.clone()));
        watcher.until("the rows that were kept", |w| w.rows.len() == 6);
        assert!(!watcher.caught_up && watcher.unread == 6, "it says that they are still to be checked");
        watcher.until("checked", |w| w.caught_up && w.unread == 0);
        for row in &whole {
            assert_eq!(watcher.rows.get(row.stream.as_str()), Some(row));
        }
        assert_eq!(ann(&node, &lists).await, whole);
        assert_eq!(
            words(&whole),
            [
                ("back", "paid", 2),
                ("counted", "unknown", 1),
                ("cut", "unknown", 0),
                ("loose", "paid", 2),
                ("same", "paid", 2),
                // Links lead to it all the same.
                ("secret", "paid", 2)
            ]
        );
        // Its limits are not compared without a right to them.
        metadata(&node, "secret", r#"{"$maxCount":1,"$acl":{"$r":"$admins","$mr":"$admins"}}"#).await;
        let whole = of(&node, "ann").await.list("order").await.unwrap();
        let rows = ann(&node, &lists).await;
        assert_eq!((words(&rows), words(&rows)[5].1), (words(&whole), "locked"));
    });
}

/// A node on a file on which ann may not read `$all`, at the address of an earlier one where there is one.
async fn on_file(file: &Path, samples: bool, before: Option<SocketAddr>) -> Node {
    let user = |name: &str, admin| User { name: name.into(), password: "changeit".into(), admin };
    let security = Security { users: vec![user("admin", true), user("ann", false)], ..Security::default() };
    let listen = before.unwrap_or(Config::default().listen);
    let storage = Storage::File(file.to_owned());
    Node::start_secured(Config { listen, storage, samples, ..Config::default() }, security).await.unwrap()
}

#[test]
fn links_that_were_kept_of_another_database_are_never_shown() {
    run(async {
        // The samples have the same ids in each database.
        for samples in [false, true] {
            let folder = tempfile::tempdir().unwrap();
            let node = on_file(&folder.path().join("a.db"), samples, None).await;
            place(&node, "former").await;
            ann(&node, &kept(&folder)).await;
            assert_eq!(files(&folder).len(), 1);
            let address = Some(node.address());
            node.shutdown().await;
            let other = on_file(&folder.path().join("b.db"), samples, address).await;
            place(&other, "present").await;
            let mut watcher = Watcher::keeping(&signed(&other, "ann"), Some(kept(&folder)));
            watcher.until("caught up", |w| {
                assert!(!w.rows.contains_key("order-former"), "a row of another database");
                w.caught_up && w.rows.contains_key("order-present")
            });
            let whole = of(&other, "ann").await.list("order").await.unwrap();
            assert_eq!(ann(&other, &kept(&folder)).await, whole);
        }
    });
}

#[test]
fn links_that_were_kept_after_a_backup_are_not_shown_of_its_restored_database() {
    run(async {
        let folder = tempfile::tempdir().unwrap();
        let (file, backup) = (folder.path().join("a.db"), folder.path().join("backup.db"));
        let node = on_file(&file, false, None).await;
        let address = Some(node.address());
        place(&node, "a").await;
        node.shutdown().await;
        fs::copy(&file, &backup).unwrap();
        let node = on_file(&file, false, address).await;
        place(&node, "lost").await;
        assert_eq!(words(&ann(&node, &kept(&folder)).await).len(), 2);
        node.shutdown().await;
        let node = on_file(&backup, false, address).await;
        assert_eq!(words(&ann(&node, &kept(&folder)).await), [("a", "unpaid", 1)]);
        place(&node, "b").await;
        pay(&node, "b").await;
        assert_eq!(words(&ann(&node, &kept(&folder)).await), [("a", "unpaid", 1), ("b", "paid", 2)]);
    });
}

/// Lists of a folder, kept by one program each: none waits for the other.
fn programs(folder: &TempDir) -> [KeptLists; 2] {
    [kept(folder), kept(folder)]
}

#[test]
fn what_one_user_or_right_showed_is_not_shown_by_another() {
    run(async {
        let folder = tempfile::tempdir().unwrap();
        let (node, lists) = (guarded().await, kept(&folder));
        place(&node, "a").await;
        ann(&node, &lists).await;
        resumed(&of(&node, "admin").await, &lists).await;
        assert_eq!(files(&folder).len(), 2, "one for each user");
        // Another source by now.
        rights_to_names(&node).await;
        metadata(&node, "a", ONLY_ADMINS).await;
        let rows = resumed(&of(&node, "ann").await, &lists).await;
        assert_eq!(words(&rows), [("a", "locked", 0)]);
    });
}

#[test]
fn a_projection_that_was_reset_is_noticed() {
    run(async {
        let folder = tempfile::tempdir().unwrap();
        let (node, lists) = (guarded().await, kept(&folder));
        for id in ["a", "b"] {
            place(&node, id).await;
        }
        ann(&node, &lists).await;
        let caller = grpc::Caller::new(node.address()).login("admin:changeit");
        let options = grpc::field(1, grpc::field(1, "$by_category"));
        let answer = caller.call("event_store.client.projections.Projections", "Reset", &[options]).await;
        assert_eq!(answer.status(), Some(0));
        pay(&node, "a").await;
        let session = of(&node, "ann").await;
        assert_eq!(resumed(&session, &lists).await, session.list("order").await.unwrap());
    });
}

#[test]
fn an_older_list_in_place_of_a_newer_one_costs_reading_and_shows_nothing_false() {
    run(async {
        for user in ["ann", "admin"] {
            let folder = tempfile::tempdir().unwrap();
            let (node, [one, other]) = (guarded().await, programs(&folder));
            place(&node, "a").await;
            resumed(&of(&node, user).await, &one).await;
            let file = files(&folder).remove(0);
            let older = fs::read(&file).unwrap();
            pay(&node, "a").await;
            place(&node, "b").await;
            metadata(&node, "a", r#"{"$maxCount":1}"#).await;
            resumed(&of(&node, user).await, &other).await;
            assert_ne!(fs::read(&file).unwrap(), older);
            fs::write(&file, older).unwrap();
            let whole = of(&node, user).await.list("order").await.unwrap();
            assert_eq!(words(&whole), [("a", "unknown", 1), ("b", "unpaid", 1)]);
            assert_eq!(resumed(&of(&node, user).await, &other).await, whole);
        }
    });
}

#[test]
fn the_second_start_reads_only_new_links_and_a_look_at_each_stream() {
    run(async {
        let folder = tempfile::tempdir().unwrap();
        let node = guarded().await;
        let admin = client(&signed(&node, "admin"));
        let text = serde_json::json!({ "text": "x".repeat(1_000) });
        for id in ["a", "b"] {
            place(&node, id).await;
            let notes: Vec<EventData> =
                (0..1_000).map(|_| EventData::json("Noted", &text).unwrap()).collect();
            admin
                .append_to_stream(format!("order-{id}"), &AppendToStreamOptions::default(), notes)
                .await
                .unwrap();
        }
        let meter = Meter::before(node.address()).await;
        let url = signed(&node, "ann").replace(&node.address().to_string(), &meter.address.to_string());
        let lists = KeptLists::in_folder(folder.path());
        let list = async || {
            let session = Session::connect(url.as_str()).await.unwrap();
            meter.sent();
            (resumed(&session, &lists).await, meter.sent())
        };
        let (_, first) = list().await;
        pay(&node, "a").await;
        let (rows, second) = list().await;
        assert_eq!(words(&rows), [("a", "paid", 1_002), ("b", "unpaid", 1_001)]);
        assert!(first > 2_000_000 && second < 50_000, "{first} bytes, then {second}");
    });
}

#[test]
fn names_are_not_kept() {
    run(async {
        let folder = tempfile::tempdir().unwrap();
        let node = guarded().await;
        rights_to_names(&node).await;
        place(&node, "a").await;
        let session = of(&node, "ann").await;
        session.writer().append(&crate::store::paid("a", 0), Permit::Undeclared).await.unwrap();
        assert_eq!(words(&resumed(&session, &kept(&folder)).await), [("a", "paid", 2)]);
        assert!(files(&folder).is_empty());
    });
}

async fn rights_to_names(node: &Node) {
    let admin = signed(node, "admin");
    write(&admin, "$$$streams", "$metadata", ALL).await;
    write(&admin, "$$$ce-order", "$metadata", ONLY_ADMINS).await;
}
