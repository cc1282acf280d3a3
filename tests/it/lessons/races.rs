//! The lessons with writers: each card as it arises, and the events that are really there.

use super::{Ground, Playing, did, lesson, lines};
use crate::run;
use hindsight::lesson::{CardTone, Expecting};
use uuid::Uuid;

#[test]
fn two_writers_race_and_the_conflict_arises() {
    run(async {
        let ground = Ground::new().await;
        let mut playing = Playing::new(&ground.sandbox, lesson("race"));
        let first = playing.go_to(1).await;
        for writer in ["Anna", "Ben"] {
            assert_eq!(did(&first, writer), ["Read | Saw revision 0: Unpaid 99.90"]);
        }
        let second = playing.go_to(2).await;
        assert_eq!(did(&second, "Anna"), ["Decide | Pay order → OrderPaid, expecting exactly 0"]);
        assert!(did(&second, "Ben").is_empty());
        assert_eq!(lines(&second), ["0 OrderCreated"], "a decision writes nothing");
        assert_eq!(did(&*playing.go_to(3).await, "Ben"), did(&second, "Anna"));
        let fourth = playing.go_to(4).await;
        assert_eq!(
            did(&fourth, "Anna"),
            ["Append written at revision 1 | The stream was still at 0, as expected."]
        );
        assert_eq!(lines(&fourth), ["0 OrderCreated", "1 OrderPaid by Anna"]);
        let bens_read = &fourth.columns[1].cards[0];
        assert_eq!(bens_read.lines[0].to_string(), "Saw revision 0: Unpaid 99.90 (stale since Anna wrote)");
        assert_eq!((bens_read.tone, fourth.columns[0].cards[0].tone), (CardTone::Stale, CardTone::Plain));
        let fifth = playing.go_to(5).await;
        assert_eq!(
            did(&fifth, "Ben"),
            [
                "Append refused: wrong expected revision | Expected 0, the stream is at 1. Nothing was written. | Appended since: 1 OrderPaid → Paid: true"
            ]
        );
        assert_eq!(lines(&fifth), ["0 OrderCreated", "1 OrderPaid by Anna", "- OrderPaid by Ben"]);
        assert_eq!(fifth.columns[1].next.unwrap().title(), "Read again");
        let stream = fifth.stream.as_str();
        assert_eq!(ground.types(stream).await, ["OrderCreated", "OrderPaid"]);
        let sixth = playing.go_to(6).await;
        let again = did(&sixth, "Ben");
        assert_eq!(again[0], "Read again | Saw revision 1: Paid 99.90");
        assert!(again[1].starts_with("Decide refused by the rules |") && again[1].contains("already paid"));
        assert_eq!(ground.types(stream).await, ["OrderCreated", "OrderPaid"]);
        let seventh = playing.go_to(7).await;
        assert!(
            did(&seventh, "Ben")[0].starts_with("Append again written at revision 2 | Expected any revision")
        );
        assert_eq!(lines(&seventh), ["0 OrderCreated", "1 OrderPaid by Anna", "2 OrderPaid by Ben !"]);
        assert_eq!(ground.types(stream).await, ["OrderCreated", "OrderPaid", "OrderPaid"]);
    });
}

#[test]
fn a_choice_is_another_run_up_to_its_step() {
    run(async {
        let ground = Ground::new().await;
        let mut playing = Playing::new(&ground.sandbox, lesson("race"));
        let refused = playing.go_to(5).await;
        let choice = refused.columns[1].cards.last().unwrap().choice.unwrap();
        assert_eq!((choice.step, choice.chosen), (4, Expecting::Decided));
        let other = playing.run.chosen(choice.step, Expecting::Any, Uuid::new_v4());
        assert_ne!(other.streams(), playing.run.streams());
        let mut other = Playing::of(&ground.sandbox, other);
        other.settle().await;
        assert_eq!((other.run.at(), other.run.done()), (4, 5));
        let paid_twice = other.outcome();
        assert_eq!(lines(&paid_twice), ["0 OrderCreated", "1 OrderPaid by Anna", "2 OrderPaid by Ben !"]);
        assert_eq!(paid_twice.columns[1].cards.last().unwrap().choice.unwrap().chosen, Expecting::Any);
        assert!(other.run.steps()[4].title.contains("paid twice"), "the text is of what was chosen");
        assert_eq!(
            ground.types(playing.run.streams()[0].as_str()).await.len(),
            2,
            "the first run stays as it was"
        );
        // The same event once more is no third one.
        let last = other.go_to(7).await;
        assert!(did(&last, "Ben")[0].contains("The server knows this event id"), "{:?}", did(&last, "Ben"));
        assert_eq!(ground.types(last.stream.as_str()).await.len(), 3);
        let again = other.run.again(Uuid::new_v4());
        assert_eq!((again.at(), again.done(), again.choices().at(4)), (0, 0, None));
    });
}

#[test]
fn an_expected_revision_is_what_protects() {
    run(async {
        let ground = Ground::new().await;
        let mut playing = Playing::new(&ground.sandbox, lesson("expected-revision"));
        let without = playing.go_to(4).await;
        assert_eq!(lines(&without), ["0 OrderCreated", "1 OrderPaid by Ben", "2 OrderPaid by Anna !"]);
        let second = playing.go_to(5).await;
        assert_ne!(second.stream, without.stream);
        assert_eq!(second.columns[0].cards.len(), 1, "the cards of the other order are not shown");
        let with = playing.go_to(6).await;
        assert!(did(&with, "Anna")[1].starts_with("Append refused: wrong expected revision"));
        assert_eq!(lines(&with), ["0 OrderCreated", "1 OrderPaid by Ben", "- OrderPaid by Anna"]);
        let last = playing.go_to(7).await;
        assert!(did(&last, "Anna")[1].contains("already paid"));
        assert_eq!(ground.types(last.stream.as_str()).await, ["OrderCreated", "OrderPaid"]);
    });
}

#[test]
fn an_event_whose_answer_was_lost_is_sent_again_and_not_doubled() {
    run(async {
        let ground = Ground::new().await;
        let mut playing = Playing::new(&ground.sandbox, lesson("lost-answer"));
        let lost = playing.go_to(3).await;
        assert!(did(&lost, "Shop")[0].starts_with("Append no answer"), "{:?}", did(&lost, "Shop"));
        let stream = lost.stream.as_str();
        assert_eq!(ground.types(stream).await, ["OrderCreated", "OrderPaid"], "it is written");
        let again = playing.go_to(4).await;
        assert!(
            did(&again, "Shop")[0]
                .starts_with("Append again written at revision 1 | The server knows this event id"),
            "{:?}",
            did(&again, "Shop")
        );
        assert_eq!(ground.types(stream).await, ["OrderCreated", "OrderPaid"], "once");
        let new_id = playing.go_to(5).await;
        assert!(did(&new_id, "Shop")[0].starts_with("Append refused"), "{:?}", did(&new_id, "Shop"));
        assert_eq!(ground.types(stream).await.len(), 2);
        let doubled = playing.go_to(6).await;
        assert_eq!(
            lines(&doubled),
            ["0 OrderCreated", "1 OrderPaid by Shop", "2 OrderPaid by Shop !", "- OrderPaid by Shop"]
        );
    });
}
