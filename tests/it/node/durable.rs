//! What was acknowledged is there after the process was killed, in order and whole.

use super::{basics::revisions, child::spawn};
use crate::run;
use eventstore::{AppendToStreamOptions, Client, EventData, ExpectedRevision, ReadStreamOptions};
use hindsight::node::running_address;
use std::{path::Path, process::Child};

/// `HINDSIGHT_KILL_ROUNDS` asks for more.
const ROUNDS: u64 = 4;
/// Acknowledged appends of each round before the process is killed in the middle of more.
const APPENDS: u64 = 25;

/// Connects as soon as the child says where it is.
async fn connect(file: &Path, child: &mut Child) -> Client {
    loop {
        assert!(child.try_wait().unwrap().is_none(), "the server ended");
        if let Some(address) = running_address(file) {
            let client = Client::new(format!("{address}&discoveryInterval=0").parse().unwrap()).unwrap();
            if client.server_info().await.is_ok() {
                return client;
            }
        }
        tokio::task::yield_now().await;
    }
}

fn pair() -> Vec<EventData> {
    (0..2).map(|n| EventData::json("Counted", &n).unwrap().id(uuid::Uuid::new_v4())).collect()
}

#[test]
fn a_killed_node_has_lost_nothing_it_acknowledged() {
    run(async {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("sandbox.db");
        let mut acknowledged = 0;
        let rounds = std::env::var("HINDSIGHT_KILL_ROUNDS").map_or(ROUNDS, |text| text.parse().unwrap());
        for _ in 0..rounds {
            let mut child = spawn(&file);
            let client = connect(&file, &mut child).await;
            for _ in 0..APPENDS {
                let options = AppendToStreamOptions::default().expected_revision(ExpectedRevision::Any);
                acknowledged =
                    client.append_to_stream("s", &options, pair()).await.unwrap().next_expected_version;
            }
            let more: Vec<_> = (0..8)
                .map(|_| {
                    let client = client.clone();
                    tokio::spawn(async move {
                        client.append_to_stream("s", &AppendToStreamOptions::default(), pair()).await.is_ok()
                    })
                })
                .collect();
            child.kill().unwrap();
            child.wait().unwrap();
            for task in more {
                acknowledged += 2 * u64::from(task.await.unwrap());
            }
            let mut child = spawn(&file);
            let client = connect(&file, &mut child).await;
            let kept = revisions(&client, "s", &ReadStreamOptions::default()).await;
            assert!(kept.len() as u64 > acknowledged, "{} of {acknowledged}", kept.len());
            assert_eq!(kept, (0..kept.len() as u64).collect::<Vec<_>>());
            assert_eq!(kept.len() % 2, 0, "an append is whole or not there");
            child.kill().unwrap();
            child.wait().unwrap();
        }
    });
}
