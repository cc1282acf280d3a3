//! Lists that are kept from one start to the next: the same as a list read from nothing, and of no other database.

use crate::store::{Watcher, created};
use crate::truth::{Dice, live};
use crate::{production, run};
use eventstore::{AppendToStreamOptions, EventData};
use hindsight::aggregate::Registry;
use hindsight::node::{Config, Node, Storage};
use hindsight::store::{KeptLists, Permit, Session, StreamRow};
use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tempfile::TempDir;

pub fn kept(folder: &TempDir) -> KeptLists {
    KeptLists::in_folder(folder.path()).eagerly()
}

pub fn files(folder: &TempDir) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder.path().join("lists")).into_iter().flatten();
    entries.map(|entry| entry.unwrap().path()).collect()
}

pub async fn resumed(session: &Session, lists: &KeptLists) -> Vec<StreamRow> {
    session.list_keeping("order", Registry::default(), Some(lists.clone())).await.unwrap().0
}

async fn session(node: &Node) -> Session {
    Session::connect(&node.connection_string()).await.unwrap()
}

async fn place(node: &Node, id: &str) {
    let append = created(id, "u");
    session(node).await.writer().append(&append, Permit::NotProduction).await.unwrap();
}

fn names(rows: &[StreamRow]) -> Vec<&str> {
    rows.iter().map(|row| row.stream.as_str()).collect()
}

/// A node on a file, at the address of an earlier one where there is one.
async fn on_file(file: &Path, before: Option<SocketAddr>) -> Node {
    let listen = before.unwrap_or(Config::default().listen);
    Node::start(Config { listen, storage: Storage::File(file.to_owned()), ..Config::default() })
        .await
        .unwrap()
}

/// Whose age is over by the time when two lists are compared.
pub const EXPIRED: Duration = Duration::from_millis(1_100);

#[test]
fn a_list_that_goes_on_from_the_kept_one_equals_a_list_read_from_nothing() {
    run(async {
        for seed in [3, 51, 777] {
            let folder = tempfile::tempdir().unwrap();
            let node = Node::start(Config::default()).await.unwrap();
            let (client, mut dice) = (production::client(&node.connection_string()), Dice(seed));
            let (session, lists) = (session(&node).await, kept(&folder));
            for round in 0..4 {
                for _ in 0..90 {
                    live(&client, &mut dice, true).await;
                    if dice.roll(20) == 0 {
                        // Events of others, which the list reads past.
                        let noted = EventData::json("Noted", &serde_json::json!({"n": round})).unwrap();
                        client
                            .append_to_stream("other-1", &AppendToStreamOptions::default(), noted)
                            .await
                            .unwrap();
                    }
                }
                resumed(&session, &lists).await;
                assert_eq!(files(&folder).len(), 1, "it is kept");
                for _ in 0..dice.roll(40) {
                    live(&client, &mut dice, true).await;
                }
                tokio::time::sleep(EXPIRED).await;
                let whole = session.list("order").await.unwrap();
                assert_eq!(resumed(&session, &lists).await, whole, "seed {seed}, round {round}");
            }
        }
    });
}

#[test]
fn the_window_goes_on_from_what_the_terminal_kept() {
    run(async {
        let folder = tempfile::tempdir().unwrap();
        let node = Node::start(Config { samples: true, ..Config::default() }).await.unwrap();
        let rows = resumed(&session(&node).await, &kept(&folder)).await;
        place(&node, "since").await;
        let mut watcher = Watcher::keeping(&node.connection_string(), Some(kept(&folder)));
        watcher.until("the rows that were kept", |w| w.rows.len() >= rows.len());
        assert!(!watcher.caught_up, "they come before anything is read");
        watcher.until("caught up", |w| w.caught_up && w.rows.contains_key("order-since"));
        for row in &rows {
            assert_eq!(watcher.rows.get(row.stream.as_str()), Some(row));
        }
    });
}

#[test]
fn what_was_kept_of_another_database_is_never_shown() {
    run(async {
        let folder = tempfile::tempdir().unwrap();
        let node = on_file(&folder.path().join("a.db"), None).await;
        place(&node, "former").await;
        resumed(&session(&node).await, &kept(&folder)).await;
        let address = node.address();
        node.shutdown().await;
        let other = on_file(&folder.path().join("b.db"), Some(address)).await;
        place(&other, "present").await;
        let mut watcher = Watcher::keeping(&other.connection_string(), Some(kept(&folder)));
        watcher.until("caught up", |w| {
            assert!(!w.rows.contains_key("order-former"), "a row of another database");
            w.caught_up && w.rows.contains_key("order-present")
        });
        assert_eq!(names(&resumed(&session(&other).await, &kept(&folder)).await), ["order-present"]);
    });
}

#[test]
fn what_was_kept_after_a_backup_is_not_shown_of_its_restored_database() {
    run(async {
        let folder = tempfile::tempdir().unwrap();
        let (file, backup) = (folder.path().join("a.db"), folder.path().join("backup.db"));
        let node = on_file(&file, None).await;
        let address = Some(node.address());
        place(&node, "a").await;
        node.shutdown().await;
        fs::copy(&file, &backup).unwrap();
        let node = on_file(&file, address).await;
        place(&node, "lost").await;
        assert_eq!(names(&resumed(&session(&node).await, &kept(&folder)).await), ["order-a", "order-lost"]);
        node.shutdown().await;
        let node = on_file(&backup, address).await;
        assert_eq!(names(&resumed(&session(&node).await, &kept(&folder)).await), ["order-a"]);
        place(&node, "b").await;
        place(&node, "c").await;
        assert_eq!(
            names(&resumed(&session(&node).await, &kept(&folder)).await),
            ["order-a", "order-b", "order-c"]
        );
    });
}

#[test]
fn damaged_files_are_read_as_none() {
    run(async {
        let folder = tempfile::tempdir().unwrap();
        let node = Node::start(Config::default()).await.unwrap();
        place(&node, "a").await;
        let session = session(&node).await;
        let whole = resumed(&session, &kept(&folder)).await;
        let file = files(&folder).remove(0);
        let bytes = fs::read(&file).unwrap();
        let mut damaged: Vec<Vec<u8>> = [0, 1, 20, 60, bytes.len() - 1].map(|to| bytes[..to].to_vec()).into();
        for at in (0..bytes.len()).step_by(7) {
            let mut changed = bytes.clone();
            changed[at] ^= 0x41;
            damaged.push(changed);
        }
        for bytes in damaged {
            fs::write(&file, &bytes).unwrap();
            assert_eq!(resumed(&session, &kept(&folder)).await, whole);
            assert_ne!(fs::read(&file).unwrap(), bytes, "a whole one takes its place");
        }
    });
}

#[cfg(unix)]
#[test]
fn only_its_owner_reads_what_is_kept() {
    use std::os::unix::fs::PermissionsExt;
    run(async {
        let folder = tempfile::tempdir().unwrap();
        let node = Node::start(Config::default()).await.unwrap();
        place(&node, "a").await;
        resumed(&session(&node).await, &kept(&folder)).await;
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&folder.path().join("lists")), 0o700);
        assert_eq!(files(&folder).iter().map(|file| mode(file)).collect::<Vec<_>>(), [0o600]);
    });
}

#[test]
fn what_one_user_saw_is_not_shown_to_another() {
    run(async {
        let folder = tempfile::tempdir().unwrap();
        let node = production::guarded().await;
        let admin = Session::connect(production::signed(&node, "admin")).await.unwrap();
        admin.writer().append(&created("a", "u"), Permit::Undeclared).await.unwrap();
        let secret = r#"{"$acl":{"$r":"$admins"}}"#;
        production::write(&production::signed(&node, "admin"), "$$order-a", "$metadata", secret).await;
        assert_eq!(resumed(&admin, &kept(&folder)).await[0].word(), "unpaid");
        let ann = Session::connect(production::signed(&node, "ann")).await.unwrap();
        assert_eq!(resumed(&ann, &kept(&folder)).await, ann.list("order").await.unwrap());
    });
}
