//! The window's list: however rows came, locks, filters, facets and sorts were set, it is the list that is made from nothing.

use crate::history::record;
use crate::truth::Dice;
use hindsight::aggregate::{
    Aggregate, Column, Registry, State, Status, StreamFilter, Tone, number, order::OrderAggregate,
};
use hindsight::app::{Facet, List, Sort};
use hindsight::record::{Created, Revision, StreamName};
use hindsight::store::{Cell, Presence, StreamRow, has_within, has_word, meets};
use std::cmp::Ordering;
use std::collections::BTreeSet;
use std::sync::Arc;

/// Streams that rows are of.
const STREAMS: u64 = 40;
const STEPS: usize = 400;

fn unknown() -> Arc<Status> {
    Arc::new(Status {
        word: "unknown".into(),
        label: "Unknown".into(),
        tone: Tone::Warning,
        rank: usize::MAX,
    })
}

fn one_of<'a>(dice: &mut Dice, all: &[&'a str]) -> &'a str {
    all[usize::try_from(dice.roll(all.len() as u64)).unwrap()]
}

/// Of which these are the fields.
fn state(stream: &StreamName, cells: &[Cell]) -> State {
    let aggregate = Registry::default().for_stream(stream).clone();
    let token = |cell: &Cell| if cell.is_text { format!("{:?}", &*cell.text) } else { cell.text.to_string() };
    let field = |cell: &Cell| format!(",{:?}:{}", &*cell.path, token(cell));
    let data = format!(r#"{{"OrderID":"{}"{}}}"#, stream.id(), cells.iter().map(field).collect::<String>());
    let mut state = aggregate.initial(stream);
    aggregate.apply(&mut state, (&record(0, "OrderCreated", &data)).into(), &mut Vec::new());
    state
}

/// A live stream of so many events, with no state.
pub fn row(stream: &str, events: u64) -> StreamRow {
    StreamRow {
        stream: StreamName::new(stream),
        revision: Some(Revision(events - 1)),
        first: Revision(0),
        events,
        presence: Presence::Live,
        status: None,
        state: None,
        cells: Box::default(),
        last_event: Some(Created(1)),
        problems: 0,
    }
}

/// Values that share beginnings, are equal though written otherwise, or are none.
fn random_row(dice: &mut Dice, category: &str) -> StreamRow {
    let statuses = OrderAggregate::default().schema().statuses.clone();
    let status = match dice.roll(4) {
        0 => None,
        1 => Some(unknown()),
        which => Some(statuses[usize::try_from(which - 2).unwrap()].clone()),
    };
    let user = one_of(dice, &["Ada", "ada", "ÄDA", "customer-number-17", "customer-number-170", "", "σΣ"]);
    let total = one_of(dice, &["1", "1.0", "99.90", "-3", "0.0000000001", "0.0000000002", "1e40", "7"]);
    let text = |path: &str, text: &str, is_text| Cell { path: path.into(), text: text.into(), is_text };
    let mut cells = Vec::new();
    if dice.roll(5) > 0 {
        cells.push(text("UserID", user, true));
    }
    if dice.roll(5) > 0 {
        cells.push(text("Total", total, false));
    }
    let presence = match dice.roll(8) {
        0 => Presence::Deleted,
        1 => Presence::Tombstoned,
        2 => Presence::Unknown,
        _ => Presence::Live,
    };
    let stream = StreamName::new(&format!("{category}-{}", dice.roll(STREAMS)));
    let state = (presence == Presence::Live).then(|| state(&stream, &cells));
    StreamRow {
        stream,
        revision: Some(Revision(dice.roll(9))),
        first: Revision(dice.roll(6) / 5),
        events: dice.roll(4),
        presence,
        status,
        state,
        cells: cells.into(),
        last_event: (dice.roll(5) > 0)
            .then(|| Created((i64::try_from(dice.roll(6)).unwrap() - 3) * 5_000_000)),
        problems: u32::try_from(dice.roll(3)).unwrap(),
    }
}

/// What a list is told.
struct Told {
    /// In the order in which streams came first.
    rows: Vec<StreamRow>,
    locked: BTreeSet<String>,
    /// Streams that were taken out, until they come again.
    absent: BTreeSet<String>,
    /// The last text of the filter that could be understood.
    filter: String,
    now: Created,
}

impl Default for Told {
    fn default() -> Self {
        let (rows, locked, absent) = (Vec::new(), BTreeSet::new(), BTreeSet::new());
        Self { rows, locked, absent, filter: String::new(), now: Created(0) }
    }
}

impl Told {
    fn row(&mut self, row: StreamRow) {
        self.absent.remove(row.stream.as_str());
        match self.rows.iter_mut().find(|known| known.stream == row.stream) {
            Some(known) => *known = row,
            None => self.rows.push(row),
        }
    }

    fn present(&self) -> impl Iterator<Item = &StreamRow> {
        self.rows.iter().filter(|row| !self.absent.contains(row.stream.as_str()))
    }

    /// As the list should have them, where the filter leaves them.
    fn seen(&self) -> Vec<StreamRow> {
        let (registry, filter) = (Registry::default(), StreamFilter::parse(&self.filter).unwrap());
        let mut rows = self.listed();
        rows.retain(|row| {
            let aggregate = &**registry.for_stream(&row.stream);
            let conditions = filter.conditions.iter().filter(|condition| condition.is_of_state());
            filter.words.iter().all(|word| has_word(row, word))
                && filter.within.iter().all(|within| has_within(within, &registry, row))
                && conditions.into_iter().all(|condition| meets(condition, aggregate, row, self.now))
        });
        rows
    }

    fn listed(&self) -> Vec<StreamRow> {
        let lock = |row: &StreamRow| {
            let is_locked = row.presence == Presence::Live && self.locked.contains(row.stream.as_str());
            StreamRow { presence: if is_locked { Presence::Locked } else { row.presence }, ..row.clone() }
        };
        self.present().map(lock).collect()
    }
}

fn holds(list: &List, facet: Facet, row: &StreamRow) -> bool {
    match facet {
        Facet::All => true,
        Facet::Status(at) => row.status.as_ref() == list.statuses().get(at),
        Facet::Problems => row.problems > 0,
        Facet::Truncated => row.presence == Presence::Live && row.first.0 > 0,
        Facet::Presence(presence) => row.presence == presence,
    }
}

fn by_column(column: &Column, a: &StreamRow, b: &StreamRow) -> Ordering {
    match (a.cell(&column.path), b.cell(&column.path)) {
        (Some(a), Some(b)) if column.numeric => number::compare(&b.text, &a.text),
        (Some(a), Some(b)) => a.text.cmp(&b.text),
        (a, b) => b.is_some().cmp(&a.is_some()),
    }
}

/// The plain filter and sort of the rows.
fn expected(list: &List, told: &Told) -> Vec<String> {
    let mut rows = told.seen();
    rows.retain(|row| holds(list, list.facet(), row));
    rows.sort_by(|a, b| {
        let first = match list.sort() {
            Sort::LastEvent => b.last_event.cmp(&a.last_event),
            Sort::Name => Ordering::Equal,
            Sort::Column(at) => list.columns().get(at).map_or(Ordering::Equal, |c| by_column(c, a, b)),
            Sort::Events => b.events.cmp(&a.events),
            Sort::Status => a.rank().cmp(&b.rank()),
            Sort::Problems => b.problems.cmp(&a.problems),
        };
        let first = if list.is_reversed() { reversed(list, first, a, b) } else { first };
        first.then_with(|| a.stream.cmp(&b.stream))
    });
    rows.iter().map(|row| row.stream.as_str().to_owned()).collect()
}

/// What has no value stands last in either direction.
fn reversed(list: &List, order: Ordering, a: &StreamRow, b: &StreamRow) -> Ordering {
    let has = |row: &StreamRow| match list.sort() {
        Sort::LastEvent => row.last_event.is_some(),
        Sort::Column(at) => list.columns().get(at).is_none_or(|column| row.cell(&column.path).is_some()),
        _ => true,
    };
    match (list.sort(), has(a) && has(b)) {
        (Sort::Name, _) => b.stream.cmp(&a.stream),
        (_, true) => order.reverse(),
        (_, false) => order,
    }
}

fn shown(list: &List) -> Vec<String> {
    (0..list.shown()).map(|place| list.row(place).unwrap().stream.as_str().to_owned()).collect()
}

#[track_caller]
fn check(list: &List, told: &Told, category: &str, what: &str) {
    assert_eq!(shown(list), expected(list, told), "{what}");
    let seen = told.seen();
    for facet in list.facets() {
        let count = seen.iter().filter(|row| holds(list, facet, row)).count();
        assert_eq!(list.count(facet), count, "{what}: {facet:?}");
    }
    assert_eq!(list.problems(), seen.iter().map(|row| u64::from(row.problems)).sum::<u64>(), "{what}");
    for (place, name) in shown(list).iter().enumerate() {
        assert_eq!(list.place_of(&StreamName::new(name)), Some(place), "{what}: {name}");
    }
    let mut anew = List::new(category, &Registry::default());
    told.present().for_each(|row| anew.put(row.clone()));
    told.locked.iter().for_each(|stream| anew.lock(&StreamName::new(stream), true));
    anew.refresh();
    let labels = |list: &List| list.facets().map(|f| list.facet_label(f).to_owned()).collect::<Vec<_>>();
    assert_eq!((list.columns(), labels(list)), (anew.columns(), labels(&anew)), "{what}");
    (list.sort() != anew.sort()).then(|| anew.set_sort(list.sort()));
    list.is_reversed().then(|| anew.reverse());
    anew.set_clock(told.now);
    anew.set_filter(told.filter.clone());
    anew.set_facet(list.facet());
    anew.refresh();
    assert_eq!(shown(list), shown(&anew), "{what}: made from nothing");
    for facet in list.facets() {
        assert_eq!(list.count(facet), anew.count(facet), "{what}: {facet:?} made from nothing");
    }
}

/// One thing that happens to a list.
fn step(list: &mut List, told: &mut Told, dice: &mut Dice, category: &str) {
    match dice.roll(15) {
        0 => list.set_sort(list.sorts().nth(usize::try_from(dice.roll(7)).unwrap()).unwrap_or_default()),
        1 => {
            let facets: Vec<_> = list.facets().collect();
            list.set_facet(facets[usize::try_from(dice.roll(facets.len() as u64)).unwrap()]);
        }
        2 => {
            let typed = one_of(
                dice,
                &[
                    "a",
                    "ad",
                    "ada",
                    "ada 9",
                    "ada 99.9",
                    "custom",
                    "17",
                    "Σ",
                    "live",
                    "zz",
                    "",
                    "Total > 1",
                    "userid contains a && Total < 50",
                    "!(Total == 1)",
                    "Total >",
                    "problem && Total > 1",
                    "paid",
                    "npaid",
                    "paid total>1",
                    "user:ada total<50",
                    "total>1 user:17",
                    "events>1 ada",
                    "last<200ns",
                    "last>1s ada",
                    "status:trunc",
                    "truncated",
                    "problems>0 revision<5",
                ],
            );
            list.set_filter(typed.to_owned());
            if StreamFilter::parse(typed).is_ok() {
                typed.clone_into(&mut told.filter);
            }
        }
        6 => list.reverse(),
        7 => {
            told.now = Created(told.now.0 + i64::try_from(dice.roll(4)).unwrap() * 5_000_000);
            list.set_clock(told.now);
        }
        3 => {
            list.show_all();
            told.filter.clear();
        }
        5 => {
            let stream = StreamName::new(&format!("{category}-{}", dice.roll(STREAMS)));
            if list.find(&stream).is_some() {
                told.absent.insert(stream.as_str().to_owned());
            }
            list.take_out(&stream);
            assert!(list.find(&stream).is_none() && !list.hides(&stream));
        }
        4 => {
            let stream = StreamName::new(&format!("{category}-{}", dice.roll(STREAMS)));
            let is_denied = dice.roll(2) == 0;
            if is_denied {
                told.locked.insert(stream.as_str().to_owned());
            } else {
                told.locked.remove(stream.as_str());
            }
            list.lock(&stream, is_denied);
        }
        _ => {
            for _ in 0..dice.roll(4) {
                let row = random_row(dice, category);
                told.row(row.clone());
                list.put(row);
            }
        }
    }
}

#[test]
fn a_list_that_changes_equals_one_made_from_nothing() {
    for (seed, category) in [(7, "order"), (42, "order"), (99, "account"), (1_977, "account")] {
        let mut list = List::new(category, &Registry::default());
        let (mut told, mut dice) = (Told::default(), Dice(seed));
        for number in 0..STEPS {
            step(&mut list, &mut told, &mut dice, category);
            // Several things may happen between two frames.
            if dice.roll(2) == 0 {
                list.refresh();
                check(&list, &told, category, &format!("seed {seed}, step {number}"));
            }
        }
        list.clear();
        list.refresh();
        assert_eq!((list.shown(), list.count(Facet::All), list.problems()), (0, 0, 0));
    }
}

#[test]
fn texts_that_were_replaced_are_not_found() {
    let mut list = List::new("account", &Registry::default());
    let row = |note: &str| StreamRow {
        state: None,
        cells: Box::new([Cell { path: "Note".into(), text: note.into(), is_text: true }]),
        ..random_row(&mut Dice(5), "account")
    };
    let long = "x".repeat(10_000);
    list.set_filter("seldom".to_owned());
    for number in 0..400 {
        list.put(row(&format!("{long} {number} {}", if number % 2 == 0 { "seldom" } else { "often" })));
        list.refresh();
        assert_eq!(list.shown(), usize::from(number % 2 == 0), "{number}");
    }
    assert_eq!((list.count(Facet::All), list.len()), (0, 1));
}

#[test]
fn a_long_list_is_sorted_over_frames_and_misses_no_change_meanwhile() {
    let row = |number: u64, events: u64| StreamRow {
        last_event: Some(Created(i64::try_from(number).unwrap())),
        ..row(&format!("order-{number:06}"), events)
    };
    let mut list = List::new("order", &Registry::default());
    let mut told: Vec<StreamRow> =
        (0..40_000).map(|number| row(number, number * 7_919 % 10_007 + 1)).collect();
    for row in &told {
        list.put(row.clone());
    }
    list.refresh();
    let before = shown(&list);
    list.set_sort(Sort::Events);
    list.refresh();
    assert!(list.goes_on() && shown(&list) == before, "the order before stays until the next one is there");
    // Rows whose place is known already, rows whose place is not, and new ones.
    for number in [5, 9, 39_000] {
        told[number] = row(number as u64, 1_000_000 + number as u64);
        list.put(told[number].clone());
    }
    told.push(row(40_000, 2_000_000));
    list.put(told[40_000].clone());
    list.refresh();
    told[7] = row(7, 3_000_000);
    list.put(told[7].clone());
    let mut frames = 0;
    while list.goes_on() {
        list.refresh();
        frames += 1;
    }
    assert!(frames > 0, "not all at once");
    told.sort_by(|a, b| b.events.cmp(&a.events).then_with(|| a.stream.cmp(&b.stream)));
    let expected: Vec<String> = told.iter().map(|row| row.stream.as_str().to_owned()).collect();
    assert!(shown(&list) == expected);
    list.set_sort(Sort::Name);
    list.refresh();
    list.set_sort(Sort::LastEvent);
    while list.goes_on() {
        list.refresh();
    }
    assert_eq!(shown(&list)[0], "order-040000", "the last that was asked for");
}
