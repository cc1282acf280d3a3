//! Writes of many at once go on one call: each is told what became of it, whatever becomes of the others and of the call.

use crate::faults::{Proxy, Way, created, ids_in};
use crate::production::{guarded, signed, write};
use crate::run;
use futures::future::join_all;
use hindsight::decision::{Append, Expected};
use hindsight::node::{Config, Connections, Faults, Node, RefusedCall, Security};
use hindsight::record::Revision;
use hindsight::store::{AppendError, Denial, Permit, Session, StoreError, Writer, Written};
use std::sync::atomic::{AtomicUsize, Ordering};

/// Writes at once.
const MANY: usize = 48;

type Said = (Append, Result<Written, AppendError>);

async fn all_at_once(writer: &Writer, appends: Vec<Append>) -> Vec<Said> {
    join_all(appends.into_iter().map(|append| async {
        let said = writer.append(&append, Permit::Undeclared).await;
        (append, said)
    }))
    .await
}

/// Orders of their own, each written for the first time.
fn orders(what: &str) -> Vec<Append> {
    (0..MANY).map(|n| created(&format!("{what}-{n}"), Expected::NoStream)).collect()
}

#[test]
fn a_refusal_is_told_as_by_a_call_of_its_own_and_touches_no_other_write() {
    static ON_SHARED_CALLS: AtomicUsize = AtomicUsize::new(0);
    fn count(refused: &RefusedCall) {
        let is_shared = refused.method == "Streams/BatchAppend";
        ON_SHARED_CALLS.fetch_add(usize::from(is_shared), Ordering::Relaxed);
    }
    run(async {
        let connections = Connections { refused: Some(count), ..Connections::default() };
        let node = Node::start_with(Config::default(), Security::default(), connections).await.unwrap();
        let session = Session::connect(&node.connection_string()).await.unwrap();
        let writer = session.writer();
        let taken = created("taken", Expected::NoStream);
        writer.append(&taken, Permit::NotProduction).await.unwrap();
        for round in 0..4 {
            let mut appends = orders(&format!("own-{round}"));
            for n in (0..MANY).step_by(7) {
                appends[n] = created("taken", Expected::Exact(Revision(round + 5)));
                appends[n + 1] = created("taken", Expected::NoStream);
            }
            let mut written = 0;
            for (append, said) in all_at_once(&writer, appends).await {
                if append.stream == taken.stream {
                    let conflict =
                        AppendError::Conflict { expected: append.expected, actual: Some(Revision(0)) };
                    assert_eq!(said, Err(conflict));
                } else {
                    let said = said.unwrap();
                    assert_eq!(said.revision, Revision(0));
                    let there = session.event_at(Some(said.position)).await.unwrap().unwrap();
                    assert_eq!(there.id, append.events[0].id, "the position is its own");
                    assert_eq!(ids_in(&session, &append.stream).await, [append.events[0].id]);
                    written += 1;
                }
            }
            assert_eq!(written, MANY - 14);
        }
        assert_eq!(ids_in(&session, &taken.stream).await, [taken.events[0].id]);
        assert!(ON_SHARED_CALLS.load(Ordering::Relaxed) > 0, "the writes did share a call");
    });
}

#[test]
fn a_shared_call_that_is_cut_anywhere_doubles_loses_and_misreports_nothing() {
    run(async {
        let node = Node::start(Config::default()).await.unwrap();
        let straight = Session::connect(&node.connection_string()).await.unwrap();
        for (way, at) in [Way::ToServer, Way::ToClient]
            .into_iter()
            .flat_map(|way| (0..7_000).step_by(661).map(move |at| (way, at)))
        {
            let proxy = Proxy::before(node.address()).await;
            let writer = proxy.session().await.writer();
            // The call is open when it is cut.
            all_at_once(&writer, orders(&format!("before-{way:?}-{at}"))).await;
            proxy.arm(Some((way, at)));
            for (append, said) in all_at_once(&writer, orders(&format!("cut-{way:?}-{at}"))).await {
                let said = said.unwrap_or_else(|error| panic!("cut {way:?} at {at}: {error:?}"));
                assert_eq!(said.revision, Revision(0));
                let there = ids_in(&straight, &append.stream).await;
                assert_eq!(there, [append.events[0].id], "cut {way:?} at {at}");
            }
        }
    });
}

#[test]
fn answers_that_fail_at_random_are_made_good() {
    run(async {
        let faults = Faults { fail_rate: 0.2, fail_seed: 7, ..Faults::default() };
        let connections = Connections { faults, ..Connections::default() };
        let node = Node::start_with(Config::default(), Security::default(), connections).await.unwrap();
        let session = Session::connect(&node.connection_string()).await.unwrap();
        let writer = session.writer();
        let mut attempted = Vec::new();
        for round in 0..4 {
            for (append, said) in all_at_once(&writer, orders(&format!("faulty-{round}"))).await {
                match said {
                    Ok(said) => assert_eq!(said.revision, Revision(0)),
                    Err(AppendError::Failed(_) | AppendError::Unknown(_)) => {}
                    Err(other) => panic!("{other:?}"),
                }
                // What failed is written by the same write again, and what was written is not doubled.
                while writer.append_again(&append, Permit::NotProduction).await.is_err() {}
                attempted.push(append);
            }
        }
        let mut there = Vec::new();
        while there.is_empty() {
            let read = session.list("order").await;
            there = read.unwrap_or_default();
        }
        assert_eq!(there.len(), attempted.len());
        assert!(there.iter().all(|row| row.revision == Some(Revision(0))), "each was written once");
    });
}

#[test]
fn who_may_not_write_to_one_stream_is_told_so_and_writes_to_the_others() {
    run(async {
        let node = guarded().await;
        let admin = signed(&node, "admin");
        write(&admin, "$$order-locked", "$metadata", r#"{"$acl":{"$w":"$admins"}}"#).await;
        let session = Session::connect(&signed(&node, "ann")).await.unwrap();
        let mut appends = orders("open");
        appends[MANY / 2] = created("locked", Expected::NoStream);
        for (append, said) in all_at_once(&session.writer(), appends).await {
            if append.stream.as_str() == "order-locked" {
                let denial = StoreError::AccessDenied(Denial::Rights("ann".into()));
                assert_eq!(said, Err(AppendError::Failed(denial)));
            } else {
                assert_eq!(said.unwrap().revision, Revision(0));
            }
        }
    });
}
