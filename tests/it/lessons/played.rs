//! The lessons without writers: what the main window, the projection and the folds are to show at each step.

use super::{Ground, Playing, lesson, lines};
use crate::run;
use hindsight::aggregate::leaves;
use hindsight::lesson::{Outcome, Shown, Tab, Viewed, built_in};
use hindsight::store::Session;
use std::time::{Duration, Instant};

fn viewed(outcome: &Outcome) -> &Viewed {
    let Shown::Window(viewed) = &outcome.shown else { panic!("{:?}", outcome.shown) };
    viewed
}

/// A value of the state that is shown.
fn value(outcome: &Outcome, path: &str) -> Option<String> {
    let fields = viewed(outcome).fields.as_ref()?;
    leaves(fields).iter().find(|(name, _)| ***name == *path).map(|(_, token)| token.to_string())
}

#[test]
fn there_are_seven() {
    let names: Vec<_> = built_in().iter().map(|lesson| &*lesson.name).collect();
    let seven = [
        "rehydration",
        "expected-revision",
        "race",
        "lost-answer",
        "poison-event",
        "lagging-projection",
        "mended-fold",
    ];
    assert_eq!(names, seven);
}

#[test]
fn every_lesson_goes_from_its_first_step_to_its_last_and_back() {
    run(async {
        let ground = Ground::new().await;
        for lesson in built_in() {
            let mut playing = Playing::new(&ground.sandbox, lesson.clone());
            let count = playing.run.steps().len();
            let mut kept = Vec::new();
            for step in 1..=count {
                let outcome = playing.go_to(step).await;
                let there = ground.types(outcome.stream.as_str()).await;
                let shown = outcome.lines.iter().filter(|line| line.revision.is_some());
                let shown: Vec<_> = shown.map(|line| line.event_type.to_string()).collect();
                assert_eq!(shown, there, "{} step {step}", lesson.name);
                for text in &playing.run.steps()[step - 1].lines {
                    assert!(!text.contains('{'), "{text}");
                }
                kept.push(outcome);
            }
            let written = ground.all().await;
            for step in (1..count).rev() {
                playing.run.back();
                assert!(!playing.run.take_due(), "nothing is done again");
                assert_eq!(playing.run.at(), step - 1);
                assert_eq!(playing.outcome(), kept[step - 1], "it is shown as it stood then");
            }
            playing.run.back();
            assert_eq!(playing.run.at(), 0);
            for outcome in &kept[1..] {
                playing.run.forward();
                assert!(!playing.run.take_due());
                assert_eq!(playing.outcome(), *outcome);
            }
            assert_eq!(ground.all().await, written, "{}", lesson.name);
            playing.runner.leave().await.unwrap();
        }
    });
}

#[test]
fn rehydration_shows_the_state_at_each_revision() {
    run(async {
        let ground = Ground::new().await;
        let mut playing = Playing::new(&ground.sandbox, lesson("rehydration"));
        let paid = [(0, "false"), (0, "false"), (1, "false"), (2, "true"), (2, "true"), (1, "false")];
        for (step, (revision, paid)) in (1..).zip(paid) {
            let outcome = playing.go_to(step).await;
            assert_eq!(viewed(&outcome).revision.unwrap().0, revision, "step {step}");
            assert_eq!(value(&outcome, "Paid").as_deref(), Some(paid), "step {step}");
            assert_eq!(value(&outcome, "Total").as_deref(), Some("99.90"), "as it was written");
        }
        let changes = &viewed(playing.run.outcome_of(3).unwrap()).changes;
        assert_eq!(changes.iter().map(|change| &*change.field).collect::<Vec<_>>(), ["Paid"]);
        assert_eq!(viewed(playing.run.outcome_of(3).unwrap()).tab, Tab::Changes);
        let stream = playing.run.streams()[0].clone();
        assert!(playing.run.steps()[0].lines[2].contains(stream.as_str()), "the text names the real stream");
        assert_eq!(ground.types(stream.as_str()).await, ["OrderCreated", "OrderNoteAdded", "OrderPaid"]);
    });
}

#[test]
fn a_poison_event_is_a_problem_and_what_follows_is_folded() {
    run(async {
        let ground = Ground::new().await;
        let mut playing = Playing::new(&ground.sandbox, lesson("poison-event"));
        let third = playing.go_to(3).await;
        assert_eq!(lines(&third), ["0 OrderCreated by shop", "1 OrderPaid by importer !"]);
        assert_eq!(value(&third, "Paid").as_deref(), Some("false"));
        let problem = third.lines[1].problem.as_ref().unwrap();
        assert!(problem.contains("stays as it was after revision 0"), "{problem}");
        let fourth = playing.go_to(4).await;
        assert_eq!(value(&fourth, "Paid").as_deref(), Some("true"));
        let last = playing.go_to(5).await;
        assert_eq!(viewed(&last).revision.unwrap().0, 1);
        assert_eq!(lines(&last).len(), 3, "nothing was edited");
    });
}

#[test]
fn a_wrong_fold_is_replaced_and_no_event_is_touched() {
    run(async {
        let ground = Ground::new().await;
        let mut playing = Playing::new(&ground.sandbox, lesson("mended-fold"));
        let states = async |playing: &mut Playing, step| {
            let outcome = playing.go_to(step).await;
            let Shown::Folds(folds) = &outcome.shown else { panic!("{:?}", outcome.shown) };
            let side = |side: &Option<std::sync::Arc<str>>| side.as_deref().unwrap().to_owned();
            let saved = &folds.fields[0];
            (side(&saved.left), side(&saved.right), folds.first_difference.map(|revision| revision.0))
        };
        playing.go_to(1).await;
        let before = ground.events(playing.run.streams()[0].as_str()).await;
        assert_eq!(states(&mut playing, 2).await, ("25".to_owned(), "25".to_owned(), None));
        assert_eq!(states(&mut playing, 3).await, ("25".to_owned(), "17".to_owned(), Some(2)));
        assert_eq!(states(&mut playing, 4).await, ("25".to_owned(), "17".to_owned(), Some(2)));
        playing.go_to(5).await;
        let after = ground.events(playing.run.streams()[0].as_str()).await;
        assert_eq!((after.len(), &after[..2]), (3, &before[..]));
    });
}

/// What the projection's stream has, what is missing, and whether it runs.
fn projected(outcome: &Outcome) -> (usize, u64, bool) {
    let Shown::Projection(projected) = &outcome.shown else { panic!("{:?}", outcome.shown) };
    assert_eq!(projected.stream.as_str(), "$ce-order");
    (projected.lines.len(), projected.missing, projected.is_running)
}

#[test]
fn a_stopped_projection_lags_and_catches_up() {
    run(async {
        let ground = Ground::new().await;
        // Links of others are none of the lesson's.
        Playing::new(&ground.sandbox, lesson("rehydration")).go_to(4).await;
        let mut playing = Playing::new(&ground.sandbox, lesson("lagging-projection"));
        assert_eq!(projected(&*playing.go_to(1).await), (1, 0, true));
        assert_eq!(projected(&*playing.go_to(2).await), (1, 0, false));
        let third = playing.go_to(3).await;
        assert_eq!(projected(&third), (1, 1, false));
        let Shown::Projection(shown) = &third.shown else { unreachable!() };
        assert_eq!(
            (shown.known.to_string(), shown.real.to_string()),
            ("Unpaid 19.99".into(), "Paid 19.99".into())
        );
        assert_eq!(projected(&*playing.go_to(5).await), (2, 0, true));
    });
}

#[test]
fn a_projection_runs_again_however_the_lesson_is_left() {
    run(async {
        let ground = Ground::new().await;
        let session = Session::connect(ground.node.connection_string()).await.unwrap();
        let is_running = async || session.is_projection_running("$by_category").await.unwrap();
        let mut playing = Playing::new(&ground.sandbox, lesson("lagging-projection"));
        playing.go_to(3).await;
        assert!(!is_running().await);
        playing.runner.leave().await.unwrap();
        assert!(is_running().await, "left in the middle");

        let mut playing = Playing::new(&ground.sandbox, lesson("lagging-projection"));
        playing.go_to(3).await;
        assert!(!is_running().await);
        drop(playing);
        let began = Instant::now();
        while !is_running().await {
            assert!(began.elapsed() < Duration::from_secs(30), "dropped in the middle");
            tokio::task::yield_now().await;
        }

        // As a program that was killed leaves it.
        session.stop_projection("$by_category").await.unwrap().is_started();
        assert!(!is_running().await);
        let mut playing = Playing::new(&ground.sandbox, lesson("lagging-projection"));
        assert_eq!(projected(&*playing.go_to(1).await), (1, 0, true));
    });
}
