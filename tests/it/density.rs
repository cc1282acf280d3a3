//! The index of a history's events by type and time, against plain counting.

use hindsight::history::{Density, Histogram, Mark, Shape};
use hindsight::record::Created;
use proptest::prelude::*;
use std::sync::Arc;

#[derive(Debug, Clone)]
struct Event {
    kind: usize,
    at: i64,
    mark: Mark,
}

fn density(events: &[Event]) -> Density {
    let kinds: Vec<Arc<str>> = (0..20).map(|kind| format!("Kind{kind}").into()).collect();
    let mut density = Density::default();
    for event in events {
        density.push(&kinds[event.kind], Created(event.at), event.mark);
    }
    density
}

fn event() -> impl Strategy<Value = Event> {
    let mark = prop_oneof![4 => Just(Mark::Folded), 1 => Just(Mark::NotFolded), 1 => Just(Mark::Problem)];
    (0_usize..12, 0_i64..300, mark).prop_map(|(kind, at, mark)| Event { kind, at, mark })
}

/// Clocks that go on, that go on with slips, and that mean nothing.
fn events() -> impl Strategy<Value = Vec<Event>> {
    (prop::collection::vec(event(), 0..400), 0..3).prop_map(|(mut events, order)| {
        match order {
            0 => events.sort_by_key(|event| event.at),
            1 => (0_i64..).zip(&mut events).for_each(|(n, event)| event.at = n * 5 + event.at / 10),
            _ => {}
        }
        events
    })
}

proptest! {
    #[test]
    fn columns_count_what_lies_in_them(
        events in events(),
        from in -20_i64..320,
        step in 1_i64..90,
        columns in 1_usize..40,
        by_time in any::<bool>(),
    ) {
        let density = density(&events);
        let mut histogram = Histogram::default();
        let first = usize::try_from(from.max(0)).unwrap();
        let width = usize::try_from(step).unwrap();
        histogram.update(&density, if by_time {
            Shape::Times { from: Created(from), step, columns }
        } else {
            Shape::Events { from: first, step: width, columns }
        });
        let common: Vec<_> = density.common().cloned().collect();
        for column in 0..columns {
            let start = from + step * i64::try_from(column).unwrap();
            let inside: Vec<&Event> = if by_time {
                events.iter().filter(|event| (start..start + step).contains(&event.at)).collect()
            } else {
                events.iter().skip(first + width * column).take(width).collect()
            };
            prop_assert_eq!(histogram.events()[column], inside.len());
            let problems = inside.iter().filter(|event| event.mark == Mark::Problem).count();
            prop_assert_eq!(histogram.problems()[column], problems);
            for (kind, count) in common.iter().zip(histogram.kinds(column)) {
                let of_kind = inside.iter().filter(|event| **kind == *format!("Kind{}", event.kind)).count();
                prop_assert_eq!(*count, of_kind);
            }
        }
    }

    #[test]
    fn times_and_problems_are_found_as_by_looking_at_each_event(
        events in events(),
        time in -5_i64..2_100,
        index in 0_usize..420,
    ) {
        let density = density(&events);
        let from = events.iter().position(|event| event.at >= time);
        prop_assert_eq!(density.first_from(Created(time)), from.unwrap_or(events.len()));
        prop_assert_eq!(density.last_until(Created(time)), events.iter().rposition(|event| event.at <= time));
        let problem = |event: &Event| event.mark == Mark::Problem;
        let after = events.iter().skip(index + 1).position(problem).map(|place| place + index + 1);
        prop_assert_eq!(density.problem_after(Some(index)), after);
        prop_assert_eq!(density.problem_after(None), events.iter().position(problem));
        let before = events.iter().take(index).rposition(problem);
        prop_assert_eq!(density.problem_before(index), before);
        let bounds = events.iter().map(|event| event.at).min().zip(events.iter().map(|event| event.at).max());
        prop_assert_eq!(density.bounds().map(|(first, last)| (first.0, last.0)), bounds);
    }

    #[test]
    fn the_most_frequent_types_are_told_apart(events in events()) {
        let density = density(&events);
        let count = |kind: usize| events.iter().filter(|event| event.kind == kind).count();
        let mut counts: Vec<usize> = (0..20).map(count).filter(|&count| count > 0).collect();
        counts.sort_unstable_by(|a, b| b.cmp(a));
        counts.truncate(8);
        let number = |kind: &Arc<str>| kind.trim_start_matches("Kind").parse().unwrap();
        let mut common: Vec<usize> = density.common().map(|kind| count(number(kind))).collect();
        common.sort_unstable_by(|a, b| b.cmp(a));
        prop_assert_eq!(common, counts);
    }
}

#[test]
fn a_type_for_every_event_is_counted_together_and_costs_no_more_than_a_thousand() {
    let mut density = Density::default();
    for number in 0..20_000_i64 {
        density.push(&format!("Kind{number}").into(), Created(number), Mark::Folded);
    }
    let mut histogram = Histogram::default();
    histogram.update(&density, Shape::Events { from: 0, step: 1_000, columns: 20 });
    assert_eq!(histogram.events(), [1_000; 20]);
    assert_eq!(density.common().len(), 8);
}
