//! Calls that are refused: when, in which words, and in how many frames.

use super::basics::{events, start};
use super::grpc::{
    Answer, Caller, From, STREAMS, append, append_event, batch, event, field, number, part, read, read_all,
    removal, stream, text,
};
use crate::run;
use eventstore::AppendToStreamOptions;
use hindsight::node::{Config, Node, Security, User};

const UNKNOWN: Option<u8> = Some(2);
const INVALID: Option<u8> = Some(3);
const PRECONDITION: Option<u8> = Some(9);

async fn asked(caller: &Caller, read: Vec<u8>) -> Answer {
    caller.call(STREAMS, "Read", &[read]).await
}

#[test]
fn a_read_of_what_is_tombstoned_has_no_headers_before_its_status() {
    run(async {
        let (node, client) = start(Config::default()).await;
        let caller = Caller::new(node.address());
        client.append_to_stream("s", &AppendToStreamOptions::default(), events(1)).await.unwrap();
        assert_eq!(caller.call(STREAMS, "Tombstone", &[removal("s")]).await.status(), Some(0));
        for name in ["s", "$$s"] {
            for count in [Some(9), None] {
                let answer = asked(&caller, read(name, count)).await;
                assert_eq!(
                    (answer.status(), answer.trailers_only),
                    (PRECONDITION, true),
                    "{name} {answer:?}"
                );
                assert_eq!(answer.message(), format!("Event stream '{name}' is deleted."));
                assert_eq!(answer.trailer("exception"), Some("stream-deleted"));
                assert_eq!(answer.trailer("stream-name"), Some(name));
            }
        }
        let missing = asked(&caller, read("none", Some(9))).await;
        assert_eq!((missing.status(), missing.trailers_only, missing.messages.len()), (Some(0), false, 1));
    });
}

#[test]
fn a_place_inside_a_record_is_refused_and_a_subscription_confirms_first() {
    run(async {
        let (node, client) = start(Config::default()).await;
        let caller = Caller::new(node.address());
        let written =
            client.append_to_stream("s", &AppendToStreamOptions::default(), events(3)).await.unwrap();
        let head = written.position.commit;
        let (inside, beyond) = (From::Position(head - 1), From::Position(head + 6400));
        for (from, backwards, filtered, says) in [
            (inside, false, false, "Unexpected ReadAllResult: InvalidPosition"),
            (inside, true, false, "Unexpected ReadAllResult: InvalidPosition"),
            (inside, false, true, "Unexpected FilteredReadAllResult: InvalidPosition"),
            (beyond, true, false, "Unexpected ReadAllResult: Error"),
            (beyond, true, true, "Unexpected FilteredReadAllResult: Error"),
        ] {
            let answer = asked(&caller, read_all(from, Some(9), backwards, filtered)).await;
            assert_eq!((answer.status(), answer.trailers_only), (UNKNOWN, true), "{from:?}");
            assert_eq!(answer.message(), says);
        }
        for filtered in [false, true] {
            let empty = asked(&caller, read_all(beyond, Some(9), false, filtered)).await;
            assert_eq!((empty.status(), empty.messages.len()), (Some(0), 0));
            let subscription = asked(&caller, read_all(inside, None, false, filtered)).await;
            assert_eq!((subscription.status(), subscription.trailers_only), (INVALID, false));
            assert_eq!(subscription.messages.len(), 1, "the confirmation");
            assert_eq!(subscription.message(), "Trying to read from an invalid position.");
        }
        let whole = asked(&caller, read_all(From::Start, Some(99), false, true)).await;
        assert!(whole.status() == Some(0) && whole.messages.len() >= 3, "{whole:?}");
    });
}

fn security() -> Security {
    let ann = User { name: "ann".into(), password: "changeit".into(), admin: false };
    Security { users: vec![ann], ..Security::default() }
}

#[test]
fn a_batch_append_without_rights_is_answered_in_band_and_goes_on() {
    run(async {
        let node = Node::start_secured(Config::default(), security()).await.unwrap();
        let ann = Caller::new(node.address()).login("ann:changeit");
        let denied = |answer: &Answer, n: usize| {
            let error = part(&answer.messages[n], 2).unwrap();
            assert_eq!(
                (super::grpc::numeral(&error, 1), text(&error, 2).as_deref()),
                (Some(7), Some("AccessDenied"))
            );
        };
        let answer =
            Caller::new(node.address()).call(STREAMS, "BatchAppend", &[batch("a"), batch("b")]).await;
        assert_eq!((answer.status(), answer.messages.len()), (Some(0), 2), "{answer:?}");
        denied(&answer, 0);
        denied(&answer, 1);
        let answer = ann.call(STREAMS, "BatchAppend", &[batch("$a"), batch("b")]).await;
        denied(&answer, 0);
        assert!(part(&answer.messages[1], 3).is_some(), "{answer:?}");
    });
}

#[test]
fn a_header_that_is_no_login_counts_as_none() {
    run(async {
        let node = Node::start_secured(Config::default(), security()).await.unwrap();
        let caller = Caller::new(node.address());
        // `YW5u` is ann without a colon, `YW5uOmNoYW5nZWl0` the whole login.
        for nobody in ["", "Bearer abc", "Foo bar", "basic YW5uOmNoYW5nZWl0", "Basic YW5u"] {
            let answer = asked(&caller.clone().header("authorization", nobody), read("s", Some(1))).await;
            assert_eq!((answer.status(), answer.trailers_only), (Some(7), true), "{nobody}");
        }
        for wrong in ["Basic !!!", "Basic", "Basic YW5uOndyb25n"] {
            let answer = asked(&caller.clone().header("authorization", wrong), read("s", Some(1))).await;
            assert_eq!((answer.status(), answer.trailers_only), (Some(16), true), "{wrong}");
        }
        let ann = caller.header("authorization", "Basic YW5uOmNoYW5nZWl0");
        assert_eq!(asked(&ann, read("s", Some(1))).await.status(), Some(0));
    });
}

#[test]
fn the_largest_revision_means_no_stream_and_those_below_are_refused() {
    run(async {
        let node = Node::start(Config::default()).await.unwrap();
        let caller = Caller::new(node.address());
        let exactly = |revision: u64| {
            let options = field(1, [field(1, stream("s")), number(2, revision)].concat());
            vec![options, field(2, event("T", b"{}"))]
        };
        let first = caller.call(STREAMS, "Append", &exactly(u64::MAX)).await;
        assert!(part(&first.messages[0], 1).is_some(), "{first:?}");
        let second = caller.call(STREAMS, "Append", &exactly(u64::MAX)).await;
        assert!(part(&second.messages[0], 2).is_some(), "a wrong expected version: {second:?}");
        for refused in [u64::MAX - 1, 1 << 63] {
            assert_eq!(caller.call(STREAMS, "Append", &exactly(refused)).await.status(), UNKNOWN);
        }
    });
}

#[test]
fn a_request_that_makes_no_choice_is_told_which() {
    run(async {
        let node = Node::start(Config::default()).await.unwrap();
        let caller = Caller::new(node.address());
        let prefix = "is not a valid EventStore.Client.Streams.";
        let ids = field(9, field(2, ""));
        let answer = asked(&caller, field(1, [number(5, 1), field(8, ""), ids.clone()].concat())).await;
        assert_eq!(answer.status(), INVALID);
        assert_eq!(answer.message(), format!("'None' {prefix}ReadReq+Types+Options+StreamOptionOneofCase"));
        let all = field(2, field(2, ""));
        for (filter, says) in [
            (
                [field(1, field(2, "a")), number(5, 1)].concat(),
                format!("'None' {prefix}ReadReq+Types+Options+Types+FilterOptions+WindowOneofCase"),
            ),
            (
                [number(3, 32), number(5, 1)].concat(),
                format!(
                    "'{{ \"max\": 32, \"checkpointIntervalMultiplier\": 1 }}' {prefix}ReadReq+Types+Options+Types+FilterOptions"
                ),
            ),
        ] {
            let options = [all.clone(), number(5, 1), field(7, filter), ids.clone()].concat();
            let answer = asked(&caller, field(1, options)).await;
            assert_eq!((answer.status(), answer.message()), (INVALID, says));
        }
        let no_ids = [all, number(5, 1), field(8, "")].concat();
        let answer = asked(&caller, field(1, no_ids)).await;
        assert_eq!((answer.status(), answer.message()), (INVALID, String::new()));
        let nothing_expected = [field(1, field(1, stream("s"))), field(2, event("T", b"{}"))];
        let answer = caller.call(STREAMS, "Append", &nothing_expected).await;
        assert_eq!(answer.status(), INVALID);
        let case = "AppendReq+Types+Options+ExpectedStreamRevisionOneofCase";
        assert_eq!(answer.message(), format!("'None' {prefix}{case}"));
    });
}

#[test]
fn two_dollars_alone_can_be_read_and_not_written() {
    run(async {
        let node = Node::start(Config::default()).await.unwrap();
        let caller = Caller::new(node.address());
        let missing = asked(&caller, read("$$", Some(1))).await;
        assert_eq!((missing.status(), missing.messages.len()), (Some(0), 1));
        assert_eq!(caller.call(STREAMS, "Append", &append("$$")).await.status(), UNKNOWN);
        let written = append_event("", &event("T", b"{}"));
        assert_eq!(caller.call(STREAMS, "Append", &written).await.status(), UNKNOWN);
    });
}
