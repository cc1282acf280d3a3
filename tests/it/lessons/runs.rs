//! Where one stands in a run, and what becomes of it where the server is lost.

use super::{Ground, Playing, lesson, lines, sandbox};
use crate::run;
use eventstore::AppendToStreamOptions;
use hindsight::lesson::{Choices, Outcome, Run, Shown, Why};
use hindsight::node::{Config, Node, Storage};
use hindsight::record::StreamName;
use hindsight::store::StoreError;
use proptest::prelude::*;
use std::sync::{Arc, Mutex};
use uuid::Uuid;

#[test]
fn a_step_that_a_lost_server_stopped_is_gone_on_with_and_nothing_is_done_twice() {
    run(async {
        let folder = tempfile::tempdir().unwrap();
        let config = Config { storage: Storage::File(folder.path().join("s.db")), ..Config::default() };
        let node = Node::start(config.clone()).await.unwrap();
        let url = Arc::new(Mutex::new(node.connection_string()));
        let mut playing = Playing::new(&sandbox(&url), lesson("race"));
        playing.go_to(3).await;
        node.shutdown().await;
        playing.run.forward();
        playing.settle().await;
        let failure = playing.run.failure().unwrap();
        assert_eq!((failure.step, failure.act), (3, 0));
        assert!(
            matches!(&failure.why, Why::Store(StoreError::Unreachable(_)) | Why::Append(_)),
            "{failure:?}"
        );
        assert!(!playing.run.take_due(), "it waits for a person");
        playing.run.back();
        assert!(playing.run.failure().is_none() && playing.run.outcome().is_some(), "what is done is shown");
        playing.run.forward();
        assert!(playing.run.failure().is_some());

        let node = Node::start(config).await.unwrap();
        *url.lock().unwrap() = node.connection_string();
        playing.run.retry();
        playing.settle().await;
        assert_eq!(lines(&playing.outcome()), ["0 OrderCreated", "1 OrderPaid by Anna"]);
    });
}

#[test]
fn a_step_stops_where_what_it_needs_is_not_there() {
    run(async {
        let ground = Ground::new().await;
        let mut playing = Playing::new(&ground.sandbox, lesson("rehydration"));
        playing.go_to(2).await;
        // Somebody writes into the lesson's stream.
        let stream = playing.run.streams()[0].clone();
        let event = eventstore::EventData::binary("Other", "x".into()).id(Uuid::new_v4());
        ground
            .client
            .append_to_stream(stream.as_str(), &AppendToStreamOptions::default(), event)
            .await
            .unwrap();
        playing.run.forward();
        playing.settle().await;
        let failure = playing.run.failure().unwrap();
        let sentence = hindsight::sentences::lesson_failure(failure);
        assert!(sentence.starts_with("Step 3 stopped: Conflict: the write expected exactly 0"), "{sentence}");
    });
}

fn nothing() -> Outcome {
    Outcome {
        notes: Vec::new(),
        columns: Vec::new(),
        stream: StreamName::new("order-1"),
        lines: Vec::new(),
        shown: Shown::Writers,
    }
}

proptest! {
    /// However a person goes through it, steps are done in their order and once, and the one shown is done when nothing is due.
    #[test]
    fn steps_are_done_once_and_in_order(moves in proptest::collection::vec(0..9_usize, 0..40)) {
        let mut run = Run::new(lesson("race"), Choices::default(), Uuid::nil());
        let mut performed = 0;
        for step in moves {
            match step {
                7 => run.back(),
                8 => run.forward(),
                step => run.go_to(step),
            }
            while run.take_due() {
                prop_assert!(!run.take_due(), "one at a time");
                performed += 1;
                run.performed(Ok(nothing()));
            }
            prop_assert_eq!(run.done(), performed);
            prop_assert!(run.at() < run.done() && run.done() <= run.steps().len());
            prop_assert!(run.outcome().is_some());
        }
    }
}
