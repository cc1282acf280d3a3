//! Faults that a node is asked for: what fails, what waits, what is refused.

use super::{
    basics::{events, revisions},
    grpc::{
        Caller, STREAMS, USERS, append, append_event, batch, event, field, numeral, part, read, removal, text,
    },
};
use crate::run;
use eventstore::{AppendToStreamOptions, Client, ExpectedRevision, ReadStreamOptions};
use hindsight::node::{Config, Connections, Faults, Node, RefusedCall, Security};
use std::{
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

async fn faulty(faults: Faults) -> (Node, Caller) {
    let connections = Connections { faults, ..Connections::default() };
    let node = Node::start_with(Config::default(), Security::default(), connections).await.unwrap();
    let caller = Caller::new(node.address());
    (node, caller)
}

/// Events of a stream, asked until there is an answer.
async fn count(caller: &Caller, stream: &str) -> usize {
    loop {
        let answer = caller.call(STREAMS, "Read", &[read(stream, Some(1_000))]).await;
        if answer.status() == Some(0) {
            return answer.messages.len();
        }
    }
}

#[test]
fn a_share_of_the_calls_fails_before_or_after_it_is_done() {
    run(async {
        let mut sequences = Vec::new();
        for seed in [7, 7, 8] {
            let (_node, caller) =
                faulty(Faults { fail_rate: 0.4, fail_seed: seed, ..Faults::default() }).await;
            let mut answers = Vec::new();
            for _ in 0..60 {
                answers.push(caller.call(STREAMS, "Append", &append("s")).await.status());
            }
            let acknowledged = answers.iter().filter(|status| **status == Some(0)).count();
            assert!(answers.iter().all(|status| matches!(status, Some(0 | 14))), "{answers:?}");
            let there = count(&caller, "s").await;
            assert!(there > acknowledged && there < 60, "{acknowledged} acknowledged, {there} there, of 60");
            sequences.push(answers);
        }
        assert_eq!(sequences[0], sequences[1], "the seed names the calls");
        assert_ne!(sequences[0], sequences[2]);
    });
}

#[test]
fn a_lost_answer_of_a_batch_is_unavailable_too() {
    run(async {
        let (node, caller) = faulty(Faults { fail_rate: 0.4, ..Faults::default() }).await;
        let (mut acknowledged, mut failed) = (0, 0);
        for _ in 0..40 {
            let answer = caller.call(STREAMS, "BatchAppend", &[batch("s")]).await;
            match answer.status() {
                Some(0) => acknowledged += 1,
                Some(14) if answer.messages.is_empty() => failed += 1,
                other => panic!("{other:?}"),
            }
        }
        assert!(acknowledged > 0 && failed > 0 && count(&caller, "s").await > acknowledged);
        drop(node);
    });
}

#[test]
fn who_repeats_a_failed_append_writes_each_event_once() {
    run(async {
        let (node, _) = faulty(Faults { fail_rate: 0.3, fail_seed: 1, ..Faults::default() }).await;
        let text = format!("{}&discoveryInterval=0", node.connection_string());
        let client = Client::new(text.parse().unwrap()).unwrap();
        let mut repeated = 0;
        for n in 0..30 {
            let expected = if n == 0 { ExpectedRevision::NoStream } else { ExpectedRevision::Exact(n - 1) };
            let (options, one) = (AppendToStreamOptions::default().expected_revision(expected), events(1));
            while client.append_to_stream("s", &options, one.clone()).await.is_err() {
                repeated += 1;
            }
        }
        assert!(repeated > 0, "nothing failed");
        assert_eq!(count(&Caller::new(node.address()), "s").await, 30);
    });
}

#[test]
fn what_clients_need_to_connect_never_fails() {
    run(async {
        let (_node, caller) = faulty(Faults { fail_rate: 1.0, ..Faults::default() }).await;
        for (service, method) in [
            ("event_store.client.gossip.Gossip", "Read"),
            ("event_store.client.server_features.ServerFeatures", "GetSupportedMethods"),
        ] {
            assert_eq!(caller.call(service, method, &[Vec::new()]).await.status(), Some(0), "{method}");
        }
        assert_eq!(caller.call(STREAMS, "Read", &[read("s", Some(1))]).await.status(), Some(14));
    });
}

#[test]
fn each_answer_waits() {
    run(async {
        let latency = Duration::from_millis(40);
        let (_node, caller) = faulty(Faults { latency, ..Faults::default() }).await;
        for (method, messages) in [("Append", append("s")), ("BatchAppend", vec![batch("s")])] {
            let asked = Instant::now();
            assert_eq!(caller.call(STREAMS, method, &messages).await.status(), Some(0));
            assert!(asked.elapsed() >= latency, "{method}");
        }
    });
}

#[test]
fn a_smaller_limit_of_appends_is_told_as_the_usual_one() {
    run(async {
        let (_node, caller) = faulty(Faults { max_append_size: Some(100), ..Faults::default() }).await;
        // Two bytes of the type count as well.
        let sized = |bytes| append_event("s", &event("T", &vec![b'7'; bytes]));
        assert_eq!(caller.call(STREAMS, "Append", &sized(98)).await.status(), Some(0));
        let refused = caller.call(STREAMS, "Append", &sized(99)).await;
        assert_eq!(
            (refused.status(), refused.message().as_str()),
            (Some(3), "Maximum Append Size of 100 Exceeded.")
        );
        assert_eq!(refused.trailer("maximum-append-size"), Some("100"));
        let correlation = field(1, field(2, uuid::Uuid::new_v4().to_string()));
        let options = field(2, [field(1, super::grpc::stream("s")), field(4, "")].concat());
        let big = field(3, event("T", &[b'7'; 99]));
        let whole = [correlation, options, big, super::grpc::number(4, 1)].concat();
        let refused = caller.call(STREAMS, "BatchAppend", &[whole]).await;
        let error = part(&refused.messages[0], 2).unwrap();
        assert_eq!(numeral(&error, 1), Some(3));
        assert_eq!(text(&error, 2).as_deref(), Some("MaximumAppendSizeExceeded"));
    });
}

#[test]
fn a_read_only_node_refuses_writes_and_reads_on() {
    run(async {
        let (node, caller) = faulty(Faults { read_only: true, ..Faults::default() }).await;
        let user = [field(1, [field(1, "bob"), field(2, "changeit")].concat())];
        for (service, method, messages) in [
            (STREAMS, "Append", append("s")),
            (STREAMS, "BatchAppend", vec![batch("s")]),
            (STREAMS, "Delete", vec![removal("s")]),
            (STREAMS, "Tombstone", vec![removal("s")]),
            (USERS, "Create", user.to_vec()),
        ] {
            let refused = caller.call(service, method, &messages).await;
            let said = (refused.status(), refused.message());
            assert_eq!(said, (Some(2), "No leader info available in response".to_owned()), "{method}");
        }
        let client = Client::new(node.connection_string().parse().unwrap()).unwrap();
        assert_eq!(revisions(&client, "$$$scavenges", &ReadStreamOptions::default()).await, [0]);
    });
}

static TOLD: Mutex<Vec<RefusedCall>> = Mutex::new(Vec::new());

fn told(refused: &RefusedCall) {
    TOLD.lock().unwrap_or_else(PoisonError::into_inner).push(refused.clone());
}

#[test]
fn a_refused_call_is_told_with_its_stream() {
    run(async {
        let connections = Connections { refused: Some(told), ..Connections::default() };
        let node = Node::start_with(Config::default(), Security::default(), connections).await.unwrap();
        let caller = Caller::new(node.address());
        assert_eq!(caller.call(STREAMS, "Append", &append("$streams")).await.status(), Some(7));
        assert_eq!(caller.call(STREAMS, "Append", &append("order-1")).await.status(), Some(0));
        assert_eq!(caller.call(STREAMS, "Read", &[read("order-1", Some(0))]).await.status(), Some(2));
        assert_eq!(caller.call(STREAMS, "Tombstone", &[removal("order-1")]).await.status(), Some(0));
        assert_eq!(caller.call(STREAMS, "Delete", &[removal("order-1")]).await.status(), Some(9));
        assert_eq!(caller.call(STREAMS, "Nothing", &[removal("order-1")]).await.status(), Some(12));
        let conflict = field(1, [field(1, super::grpc::stream("new")), super::grpc::number(2, 7)].concat());
        let conflict = [conflict, field(2, event("T", b"{}"))];
        assert_eq!(caller.call(STREAMS, "Append", &conflict).await.status(), Some(0));
        assert_eq!(caller.call(STREAMS, "BatchAppend", &[batch("order-1")]).await.status(), Some(0));
        let told = TOLD.lock().unwrap_or_else(PoisonError::into_inner);
        let of = |call: &RefusedCall| (call.method.clone(), call.status, call.stream.clone());
        let expected = [
            ("Streams/Append", 7, Some("$streams")),
            ("Streams/Read", 2, Some("order-1")),
            ("Streams/Delete", 9, Some("order-1")),
            ("Streams/Nothing", 12, None),
            ("Streams/Append", 9, Some("new")),
            ("Streams/BatchAppend", 5, Some("order-1")),
        ];
        let expected =
            expected.map(|(method, status, stream)| (method.to_owned(), status, stream.map(str::to_owned)));
        assert_eq!(told.iter().map(of).collect::<Vec<_>>(), expected);
        let messages = [&told[2].message, &told[4].message, &told[5].message];
        let expected = [
            "Event stream 'order-1' is deleted.",
            "WrongExpectedVersion, expected 7, actual -1",
            "StreamDeleted",
        ];
        assert_eq!(messages, expected);
    });
}
