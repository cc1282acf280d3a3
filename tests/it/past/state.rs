//! What the store says of the past, and what the window makes of it.

use crate::list::row;
use hindsight::app::{App, Facet, Intent, ListIntent, Settings, Sort, TimeIntent};
use hindsight::record::{Created, StreamName};
use hindsight::store::{
    Denial, Listing, PastQuestion, PastStep, Presence, StoreError, StreamRow, Target, Ticket, Update,
};

fn listing() -> Listing {
    Listing {
        seen: 3,
        caught_up: true,
        unread: 0,
        source: "`$all`".to_owned(),
        confirmed: None,
        unseen: None,
        denied: None,
    }
}

fn app() -> App {
    let mut app = App::new(Target::Sandbox, "order", Settings::default());
    app.absorb(Update::Rows(vec![row("order-a", 2), row("order-b", 1)]));
    app
}

fn ask(app: &mut App, at: i64) -> PastQuestion {
    app.apply(Intent::Time(TimeIntent::AsOf(Some(Created(at)))));
    app.goal().past.list.unwrap()
}

fn step(app: &mut App, stay: Ticket, step: PastStep) {
    app.absorb(Update::Past { stay, step });
    app.refresh();
}

fn names(app: &App) -> Vec<&str> {
    (0..app.list().shown()).map(|place| app.list().row(place).unwrap().stream.as_str()).collect()
}

/// Standing at a moment of which the list has one stream.
fn stands(app: &mut App, at: i64) -> Ticket {
    let PastQuestion { stay, .. } = ask(app, at);
    step(app, stay, PastStep::Begins);
    step(app, stay, PastStep::Rows(vec![row("order-a", 1)]));
    step(app, stay, PastStep::At { at: Created(at), listing: listing() });
    stay
}

#[test]
fn the_list_of_now_is_shown_until_all_of_the_moment_is_there() {
    let mut app = app();
    app.apply(Intent::List(ListIntent::Sort(Sort::Name)));
    app.apply(Intent::List(ListIntent::Filter("order".to_owned())));
    let PastQuestion { stay, at } = ask(&mut app, 5);
    assert_eq!((at, app.past().shown(), app.past().reading()), (Created(5), None, Some(0)));
    app.absorb(Update::PastRead { events: 41 });
    assert_eq!(app.past().reading(), Some(41));
    step(&mut app, stay, PastStep::Begins);
    step(&mut app, stay, PastStep::Rows(vec![row("order-a", 1)]));
    assert_eq!(names(&app), ["order-a", "order-b"]);
    step(&mut app, stay, PastStep::At { at: Created(5), listing: listing() });
    assert_eq!(
        (names(&app), app.past().shown(), app.past().reading()),
        (vec!["order-a"], Some(Created(5)), None)
    );
    assert_eq!((app.list().filter(), app.list().sort(), app.listing().seen), ("order", Sort::Name, 3));
    // Only what differs of another moment comes, and both moments are of one stay.
    let next = ask(&mut app, 7);
    assert_eq!(next, PastQuestion { stay, at: Created(7) });
    step(&mut app, stay, PastStep::Rows(vec![row("order-c", 1)]));
    step(&mut app, stay, PastStep::Absent(vec![StreamName::new("order-a")]));
    step(&mut app, stay, PastStep::At { at: Created(7), listing: listing() });
    assert_eq!((names(&app), app.list().len()), (vec!["order-c"], 1));
    app.apply(Intent::List(ListIntent::Facet(Facet::Problems)));
    app.apply(Intent::Time(TimeIntent::AsOf(None)));
    app.refresh();
    assert_eq!((names(&app), app.list().facet()), (vec!["order-a", "order-b"], Facet::All));
    assert_eq!(app.goal().past.list, None);
}

#[test]
fn a_moment_that_is_taken_back_or_fails_leaves_the_window_where_it_was() {
    let mut app = app();
    let PastQuestion { stay, .. } = ask(&mut app, 5);
    step(&mut app, stay, PastStep::Begins);
    app.apply(Intent::Time(TimeIntent::AsOf(None)));
    // Answers that come late are of no use.
    step(&mut app, stay, PastStep::Rows(vec![row("order-z", 1)]));
    step(&mut app, stay, PastStep::At { at: Created(5), listing: listing() });
    assert_eq!((names(&app), app.past().asked()), (vec!["order-a", "order-b"], None));

    let denied = || PastStep::Failed(StoreError::AccessDenied(Denial::Unclear));
    let PastQuestion { stay, .. } = ask(&mut app, 5);
    step(&mut app, stay, denied());
    assert_eq!((names(&app), app.past().asked()), (vec!["order-a", "order-b"], None));
    assert!(app.notice().is_some(), "it is said why");

    let stay = stands(&mut app, 5);
    ask(&mut app, 9);
    step(&mut app, stay, denied());
    assert_eq!((names(&app), app.past().asked()), (vec!["order-a"], Some(Created(5))));
}

#[test]
fn a_moment_to_come_is_refused_and_another_category_is_of_the_same_moment() {
    let mut app = app();
    app.apply(Intent::Time(TimeIntent::AsOf(Some(Created(i64::MAX / 2)))));
    assert!(app.past().asked().is_none() && app.notice().is_some());
    let stay = stands(&mut app, 5);
    app.apply(Intent::List(ListIntent::Category("account".to_owned())));
    let question = app.goal().past.list.unwrap();
    assert_eq!((question.at, app.past().shown()), (Created(5), None));
    assert_ne!(question.stay, stay, "all rows are told anew");
}

#[test]
fn streams_of_which_nobody_knows_are_counted_and_are_not_deleted() {
    let mut app = app();
    let stay = stands(&mut app, 5);
    let unknown = StreamRow { presence: Presence::Unknown, ..row("order-u", 1) };
    step(&mut app, stay, PastStep::Rows(vec![unknown]));
    assert_eq!(
        (app.list().unknown(), app.list().count(Facet::Presence(Presence::Deleted)), app.list().len()),
        (1, 0, 2)
    );
    step(&mut app, stay, PastStep::Absent(vec![StreamName::new("order-u")]));
    assert_eq!((app.list().unknown(), app.list().len()), (0, 1));
}

#[test]
fn what_is_written_now_changes_the_list_of_now_alone() {
    let mut app = app();
    stands(&mut app, 5);
    app.absorb(Update::Rows(vec![row("order-n", 1)]));
    app.refresh();
    assert_eq!(names(&app), ["order-a"]);
    app.apply(Intent::Time(TimeIntent::AsOf(None)));
    app.refresh();
    assert_eq!(app.list().len(), 3);
}
