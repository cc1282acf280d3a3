//! What a person types to filter the list, and which streams are left.

use hindsight::aggregate::{Aggregate, Registry, StreamFilter, order::OrderAggregate};
use hindsight::app::{Facet, List};
use hindsight::record::{Created, Revision, StreamName};
use hindsight::store::{Cell, Presence, StreamRow};

const HOUR: i64 = 3_600 * 10_000_000;
/// 2026-11-24 12:00 UTC, in ticks of 100 ns.
const NOW: Created = Created(17_955_216_000_000_000);

fn row(id: &str, user: &str, total: &str, status: &str, hours: i64) -> StreamRow {
    let aggregate = OrderAggregate::default();
    let stream = StreamName::new(&format!("order-{id}"));
    let data = format!(r#"{{"OrderID":"{id}","UserID":{user:?},"Total":{total}}}"#);
    let mut state = aggregate.initial(&stream);
    let created = crate::history::record(0, "OrderCreated", &data);
    aggregate.apply(&mut state, (&created).into(), &mut Vec::new());
    if status == "paid" {
        let paid = crate::history::record(1, "OrderPaid", &format!(r#"{{"OrderID":"{id}"}}"#));
        aggregate.apply(&mut state, (&paid).into(), &mut Vec::new());
    }
    let status = aggregate.schema().statuses.iter().find(|known| &*known.word == status).cloned();
    let cell = |path: &str, text: &str, is_text| Cell { path: path.into(), text: text.into(), is_text };
    StreamRow {
        revision: Some(Revision(1)),
        first: Revision(0),
        events: u64::try_from(hours).unwrap() * 3 + 1,
        presence: Presence::Live,
        status,
        cells: Box::new([cell("UserID", user, true), cell("Total", total, false)]),
        state: Some(state),
        last_event: Some(Created(NOW.0 - hours * HOUR)),
        problems: u32::from(id == "c"),
        stream,
    }
}

fn list() -> List {
    let mut list = List::new("order", &Registry::default());
    list.set_clock(NOW);
    list.put(row("7f3c21d8", "ann lee", "99.90", "paid", 0));
    list.put(row("a01be9f4", "unpaid-ann", "1250", "unpaid", 1));
    list.put(row("c", "bob", "12.50", "paid", 5));
    list.put(row("d", "用户42", "100", "unpaid", 30));
    list.put(StreamRow { first: Revision(1), ..row("e", "eve", "5", "unpaid", 40) });
    let gone = StreamRow {
        presence: Presence::Deleted,
        state: None,
        status: None,
        ..row("f", "x", "1", "paid", 50)
    };
    list.put(StreamRow { cells: Box::default(), ..gone });
    list.refresh();
    list
}

fn settle(list: &mut List) {
    list.refresh();
    while list.is_judging() {
        list.refresh();
    }
    list.refresh();
}

fn ids(list: &List) -> String {
    (0..list.shown()).map(|place| list.row(place).unwrap().stream.id()).collect::<Vec<_>>().join(" ")
}

#[test]
fn what_is_typed_leaves_these_streams() {
    for (typed, left) in [
        ("", "7f3c21d8 a01be9f4 c d e f"),
        ("paid", "7f3c21d8 a01be9f4 c"),
        ("unpaid", "a01be9f4 d e"),
        ("npaid", "a01be9f4"),
        ("status:paid", "7f3c21d8 c"),
        ("c21d8", "7f3c21d8"),
        ("PAID ann", "7f3c21d8 a01be9f4"),
        ("deleted", "f"),
        ("truncated", "e"),
        ("\"ann lee\"", "7f3c21d8"),
        ("\"ann lee", "7f3c21d8"),
        ("user:ann", "7f3c21d8 a01be9f4"),
        ("user:\"ann lee\"", "7f3c21d8"),
        ("UserID:42", "d"),
        ("id:c", "7f3c21d8 c"),
        ("total:9", "7f3c21d8"),
        ("user:", "7f3c21d8 a01be9f4 c d e"),
        ("nobody:ann", ""),
        ("total>100", "a01be9f4"),
        ("total>=100", "a01be9f4 d"),
        ("total>50 total<1000 paid", "7f3c21d8"),
        ("ann total>100", "a01be9f4"),
        ("total>100 ann", "a01be9f4"),
        ("Paid && Total > 50", "7f3c21d8"),
        ("user:ann Paid && Total > 50", "7f3c21d8"),
        ("!paid", "a01be9f4 d e"),
        ("Total > 1000 || UserID == bob", "a01be9f4 c"),
        ("c Total > 1000 || UserID == bob", "c"),
        ("last<2h", "7f3c21d8 a01be9f4"),
        ("last < 2 h", "7f3c21d8 a01be9f4"),
        ("last>1d", "d e f"),
        ("last>1d !paid", "d e"),
        ("last<2h || Total < 10", "7f3c21d8 a01be9f4 e"),
        ("events>10", "c d e f"),
        ("events>10 paid", "c"),
        ("problems>0", "c"),
        ("revision>0 last<1h", "7f3c21d8"),
        ("status==paid", "7f3c21d8 c"),
        ("用户", "d"),
        ("a (b", ""),
    ] {
        let mut list = list();
        list.set_filter(typed.to_owned());
        settle(&mut list);
        assert_eq!(ids(&list), left, "{typed}");
        let count = left.split_whitespace().count();
        assert_eq!(list.count(Facet::All), count, "{typed}: All counts what is left");
    }
}

#[test]
fn a_date_is_compared_with_the_last_event() {
    let mut list = list();
    let day = NOW.date_time(&jiff::tz::TimeZone::system());
    let day = day.split(' ').next().unwrap();
    list.set_filter(format!("last<{day}"));
    settle(&mut list);
    let before = list.shown();
    list.set_filter(format!("last>={day}"));
    settle(&mut list);
    assert!(before > 0 && list.shown() > 0, "{before} and {}", list.shown());
    assert_eq!(before + list.shown(), 6, "each is before that day or not");
    list.set_filter("last>2026-11-24T23:59 last<2027".to_owned());
    settle(&mut list);
    assert_eq!(list.shown(), 0);
}

#[test]
fn what_cannot_be_understood_says_where_and_leaves_the_list() {
    for (typed, column, says) in [
        ("total>", 7, "Nothing stands behind >"),
        ("ann total>", 11, "Nothing stands behind >"),
        ("total = 5", 7, "Write =="),
        ("Total > 50 and Paid", 12, "Write &&"),
        ("not Paid || Total > 1", 1, "Write !"),
        ("last<2x", 6, "is no number"),
        ("UserID == ann lee", 11, "double quotes"),
    ] {
        let mut list = list();
        list.set_filter("bob".to_owned());
        settle(&mut list);
        list.set_filter(typed.to_owned());
        settle(&mut list);
        let fault = list.filter_fault().expect(typed);
        assert_eq!(fault.column, column, "{typed}: {fault}");
        assert!(fault.text.contains(says), "{typed}: {fault}");
        assert_eq!(ids(&list), "c", "{typed}");
    }
}

#[test]
fn every_life_has_its_facet_and_counts_follow_the_filter() {
    let mut list = list();
    let labels = |list: &List| {
        let chip = |facet| format!("{} {}", list.facet_label(facet), list.count(facet));
        list.facets().map(chip).collect::<Vec<_>>().join(", ")
    };
    assert_eq!(labels(&list), "All 6, Unpaid 3, Paid 2, Problems 1, Truncated 1, Deleted 1");
    list.set_filter("ann".to_owned());
    list.refresh();
    assert_eq!(labels(&list), "All 2, Unpaid 1, Paid 1, Problems 0, Truncated 0, Deleted 0");
    list.set_facet(Facet::Truncated);
    list.refresh();
    assert_eq!((ids(&list).as_str(), list.count(Facet::All)), ("", 2));
    list.set_filter(String::new());
    list.refresh();
    assert_eq!((ids(&list).as_str(), list.shown(), list.len()), ("e", 1, 6));
    list.lock(&StreamName::new("order-c"), true);
    list.set_facet(Facet::Presence(Presence::Locked));
    list.refresh();
    assert_eq!(ids(&list), "c");
}

#[test]
fn a_filter_by_age_holds_of_other_streams_as_time_passes() {
    let mut list = list();
    list.set_filter("last<2h".to_owned());
    settle(&mut list);
    assert_eq!((ids(&list).as_str(), list.due()), ("7f3c21d8 a01be9f4", Some(Created(NOW.0 + HOUR))));
    list.set_clock(Created(NOW.0 + HOUR));
    list.refresh();
    assert_eq!((ids(&list).as_str(), list.due()), ("7f3c21d8", Some(Created(NOW.0 + 2 * HOUR))));
    list.put(row("g", "new", "1", "unpaid", 0));
    list.refresh();
    assert_eq!(ids(&list), "7f3c21d8 g");
    list.set_clock(Created(NOW.0 + 2 * HOUR));
    list.refresh();
    assert_eq!((ids(&list).as_str(), list.due()), ("", None));
    list.set_filter("bob".to_owned());
    settle(&mut list);
    assert_eq!(list.due(), None, "words ask for no time");
}

#[test]
fn any_text_is_understood_or_refused() {
    use proptest::prelude::*;
    let piece = prop_oneof![
        Just(" "),
        Just("\""),
        Just(":"),
        Just("("),
        Just(")"),
        Just("!"),
        Just("&&"),
        Just("||"),
        Just("<"),
        Just("=="),
        Just("last"),
        Just("2h"),
        Just("total"),
        Just("用户"),
        Just("and"),
        Just("."),
        Just("\\"),
        Just("\n"),
        Just("contains"),
    ];
    proptest!(|(pieces in proptest::collection::vec(piece, 0..12))| {
        let text = pieces.concat();
        if let Err(fault) = StreamFilter::parse(&text) {
            prop_assert!(fault.column <= text.chars().count() + 1);
        }
        let mut list = list();
        list.set_filter(text);
        settle(&mut list);
        prop_assert_eq!(list.count(Facet::All), list.shown());
    });
}
