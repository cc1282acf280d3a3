//! A node with users is killed while they are changed, links are read and a scavenge runs.

use super::{
    child,
    grpc::{Caller, STREAMS, USERS, append, field, number, part, read, text},
};
use crate::run;
use hindsight::node::running_address;
use std::{
    path::Path,
    process::Child,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};
use tokio::task::JoinSet;

const OPERATIONS: &str = "event_store.client.operations.Operations";
/// Kept, while all but the last of the other's events are scavenged.
const STREAMS_WRITTEN: [&str; 2] = ["keep-1", "drop-1"];
/// Calls that were acknowledged in a round before the process is killed in the middle of more.
const LEAST: usize = 12;

/// What was acknowledged, and what was asked and not answered.
#[derive(Debug, Default, Clone)]
struct Acknowledged {
    /// By stream.
    appended: [usize; 2],
    /// Number of the password that was set last, and of the one that may have been.
    password: (usize, usize),
}

async fn connect(file: &Path, child: &mut Child) -> Caller {
    loop {
        assert!(child.try_wait().unwrap().is_none(), "the server ended");
        if let Some(address) = running_address(file) {
            let address = address.strip_prefix("esdb://").and_then(|rest| rest.split('?').next()).unwrap();
            return Caller::new(address.parse().unwrap());
        }
        tokio::task::yield_now().await;
    }
}

fn admin(caller: &Caller) -> Caller {
    caller.clone().login("admin:changeit")
}

fn password(number: usize) -> String {
    format!("password-{number}")
}

async fn enters(caller: &Caller, number: usize) -> bool {
    let bob = caller.clone().login(&format!("bob:{}", password(number)));
    bob.call(STREAMS, "Read", &[read("none", Some(1))]).await.status() == Some(0)
}

/// Creates what a first round needs.
async fn prepare(caller: &Caller) {
    let bob = [field(1, "bob"), field(2, password(0)), field(3, "Bob")].concat();
    assert_eq!(admin(caller).call(USERS, "Create", &[field(1, bob)]).await.status(), Some(0));
    let metadata =
        super::grpc::append_event("$$drop-1", &super::grpc::event("$metadata", br#"{"$maxCount":1}"#));
    assert_eq!(admin(caller).call(STREAMS, "Append", &metadata).await.status(), Some(0));
}

/// All events of a stream, as they come.
async fn events(caller: &Caller, stream: &str) -> Vec<Vec<u8>> {
    let answer = admin(caller).call(STREAMS, "Read", &[read(stream, Some(100_000))]).await;
    assert_eq!(answer.status(), Some(0), "{stream}: {}", answer.message());
    answer.messages.iter().filter_map(|message| part(message, 1)).collect()
}

/// `revision@stream` of each link.
async fn targets(caller: &Caller, stream: &str) -> Vec<(u64, String)> {
    let target = |event: &Vec<u8>| {
        let record = part(event, 1).unwrap();
        let data = text(&record, 8).unwrap();
        let (revision, stream) = data.split_once('@').unwrap();
        (revision.parse().unwrap(), stream.to_owned())
    };
    events(caller, stream).await.iter().map(target).collect()
}

/// The revision of the last event of a stream.
async fn last(caller: &Caller, stream: &str) -> Option<u64> {
    let events = events(caller, stream).await;
    let record = part(events.last()?, 1)?;
    Some(super::grpc::numeral(&record, 3).unwrap_or(0))
}

/// What was acknowledged is there; each link leads to what was written.
async fn check(caller: &Caller, known: &mut Acknowledged) {
    for (stream, appended) in STREAMS_WRITTEN.iter().zip(&mut known.appended) {
        let there = last(caller, stream).await.map_or(0, |last| usize::try_from(last).unwrap() + 1);
        assert!(there >= *appended, "{stream}: {there} there, {appended} acknowledged");
        // One that was not answered may be there.
        assert!(there <= *appended + 1, "{stream}: {there} there, {appended} acknowledged");
        *appended = there;
        if *stream == "keep-1" {
            assert_eq!(events(caller, stream).await.len(), there, "no link of these is without its target");
        }
        let category = format!("$ce-{}", stream.split('-').next().unwrap());
        if there > 0 {
            let links = targets(caller, &category).await;
            let expected: Vec<_> = (0..there as u64).map(|n| (n, (*stream).to_owned())).collect();
            assert_eq!(links, expected, "{category}");
        }
    }
    let (set, asked) = known.password;
    let entered = [enters(caller, set).await, enters(caller, asked).await];
    assert!(entered.contains(&true), "bob is shut out: {set} or {asked}");
    if entered[1] {
        known.password = (asked, asked);
    } else {
        known.password = (set, set);
    }
}

/// Runs until the process is gone.
async fn work(
    caller: Caller,
    which: usize,
    known: Acknowledged,
    done: Arc<AtomicUsize>,
) -> (usize, Acknowledged) {
    let mut known = known;
    loop {
        let caller = admin(&caller);
        let answered = match which {
            0 | 1 => caller.try_call(STREAMS, "Append", &append(STREAMS_WRITTEN[which])).await,
            2 => {
                known.password.1 = known.password.0 + 1;
                let reset = [field(1, "bob"), field(2, password(known.password.1))].concat();
                caller.try_call(USERS, "ResetPassword", &[field(1, reset)]).await
            }
            3 => caller.try_call(OPERATIONS, "StartScavenge", &[field(1, number(1, 1))]).await,
            _ => caller.try_call(STREAMS, "Read", &[read("$ce-keep", Some(50))]).await,
        };
        let Some(answer) = answered else { return (which, known) };
        if answer.status() != Some(0) {
            return (which, known);
        }
        match which {
            0 | 1 => known.appended[which] += 1,
            2 => known.password.0 = known.password.1,
            _ => continue,
        }
        done.fetch_add(1, Ordering::Relaxed);
    }
}

fn killed(rounds: usize) {
    run(async {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("sandbox.db");
        let mut known = Acknowledged::default();
        for round in 0..=rounds {
            let mut child = child::spawn_guarded(&file);
            let caller = connect(&file, &mut child).await;
            if round == 0 {
                prepare(&caller).await;
            }
            check(&caller, &mut known).await;
            let (done, mut workers) = (Arc::new(AtomicUsize::new(0)), JoinSet::new());
            for which in 0..5 {
                workers.spawn(work(caller.clone(), which, known.clone(), done.clone()));
            }
            // Another moment in each round.
            while done.load(Ordering::Relaxed) < LEAST + round % 17 {
                tokio::task::yield_now().await;
            }
            child.kill().unwrap();
            child.wait().unwrap();
            while let Some(ended) = workers.join_next().await {
                match ended.unwrap() {
                    (which @ (0 | 1), its) => known.appended[which] = its.appended[which],
                    (2, its) => known.password = its.password,
                    _ => {}
                }
            }
        }
        let db = rusqlite::Connection::open(&file).unwrap();
        let sound: String = db.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
        assert_eq!(sound, "ok");
        let gone: i64 = db.query_row("SELECT count(*) FROM gone", [], |row| row.get(0)).unwrap();
        assert!(gone > 0, "nothing was scavenged");
        assert!(known.appended.iter().all(|n| *n > rounds), "{known:?}");
    });
}

#[test]
fn a_node_with_users_loses_nothing_while_it_is_scavenged_and_killed() {
    killed(5);
}

/// `it --ignored node::killed::a_hundred_times`
#[test]
#[ignore = "takes minutes"]
fn a_hundred_times() {
    killed(100);
}
