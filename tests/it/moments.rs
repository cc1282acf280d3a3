//! Moments as people write them: a table of phrases, every form that the program shows, and any text at all.

use hindsight::record::{Created, Moment, MomentError, moment};
use jiff::{Timestamp, tz::TimeZone};
use proptest::prelude::*;

const TABLE: &str = include_str!("../moments/table.txt");

fn ticks(text: &str) -> Created {
    let stamp: Timestamp = text.trim().parse().unwrap_or_else(|why| panic!("{text}: {why}"));
    Created(i64::try_from(stamp.as_nanosecond() / 100).unwrap())
}

/// What the table says of a meaning.
fn said(meaning: &Result<Vec<Moment>, MomentError>) -> (String, String) {
    match meaning {
        Ok(moments) => {
            let times: Vec<_> = moments.iter().map(|moment| moment.at.rfc3339()).collect();
            let notes: Vec<_> = moments.iter().map(|moment| &*moment.note).collect();
            (times.join(" or "), notes.join(" or "))
        }
        Err(why) if why.is_near() => (format!("error: {why}"), String::new()),
        Err(_) => ("unknown".to_owned(), String::new()),
    }
}

#[test]
fn every_phrase_of_the_table_means_what_it_says() {
    let lines = TABLE.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    let (mut wrong, mut count) = (Vec::new(), 0);
    for line in lines {
        count += 1;
        let parts: Vec<&str> = line.split(" | ").collect();
        let [phrase, now, zone, meaning, ref note @ ..] = parts[..] else { panic!("{line}") };
        let zone = TimeZone::get(zone).unwrap();
        let (found, noted) = said(&moment(phrase, ticks(now), &zone));
        let expected = if meaning.starts_with("error:") || meaning == "unknown" {
            meaning.to_owned()
        } else {
            let times: Vec<_> = meaning.split(" or ").map(|time| ticks(time).rfc3339()).collect();
            times.join(" or ")
        };
        let note = note.first().copied().unwrap_or_default();
        if !found.starts_with(&expected) || noted != note {
            wrong.push(format!("{phrase}\n  found    {found} | {noted}\n  expected {expected} | {note}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(count >= 120, "{count} phrases");
}

#[test]
fn an_error_names_the_input_and_an_example_that_works() {
    let now = ticks("2026-11-25T10:00:00Z");
    for line in TABLE.lines().filter(|line| line.contains("| error:") || line.ends_with("| unknown")) {
        let phrase = line.split(" | ").next().unwrap();
        let why = moment(phrase, now, &TimeZone::UTC).unwrap_err().to_string();
        let example = why.rsplit('“').next().and_then(|rest| rest.split('”').next()).unwrap();
        let works = moment(example, now, &TimeZone::UTC).is_ok()
            || example == "Tuesday"
            || example == "Europe/Berlin";
        assert!(works, "{phrase}: {why}");
    }
    let long = "x".repeat(500);
    let why = moment(&long, now, &TimeZone::UTC).unwrap_err().to_string();
    assert!(why.starts_with("“xxx") && why.len() < 400, "{why}");
}

#[test]
fn where_one_is_wanted_several_are_an_error_that_names_them() {
    let (now, zone) = (ticks("2026-11-25T10:00:00Z"), TimeZone::get("Europe/Berlin").unwrap());
    let why = moment::only("2026-10-25 02:30", now, &zone).unwrap_err().to_string();
    assert_eq!(
        why,
        "“2026-10-25 02:30” can mean 2026-10-25 02:30:00 +02:00 or 2026-10-25 02:30:00 +01:00. \
         Write the one that is meant, for example “2026-10-25 02:30:00 +02:00”."
    );
    let one = moment::only("2026-10-25 02:30:00 +01:00", now, &zone).unwrap();
    assert_eq!(one.at, ticks("2026-10-25T01:30:00Z"));
}

#[test]
fn every_form_in_which_the_program_shows_a_time_leads_back_to_the_event() {
    let created = Created(ticks("2026-11-24T10:59:58Z").0 + 4_201_234);
    let now = ticks("2026-11-25T10:00:00Z");
    for zone in ["Europe/Berlin", "America/New_York", "Asia/Kolkata", "Pacific/Apia", "UTC"] {
        let zone = TimeZone::get(zone).unwrap();
        let of_utc = format!("{} UTC", created.date_time(&TimeZone::UTC));
        let panel = format!("{} local · {} UTC", created.date_time(&zone), created.clock(&TimeZone::UTC));
        let shown = [
            created.rfc3339(),
            created.date_time(&zone),
            created.date_time_offset(&zone),
            created.date_time_offset(&TimeZone::UTC),
            of_utc,
            panel,
            format!("yesterday {}", created.clock(&TimeZone::UTC)) + " UTC",
            created.clock(&zone),
        ];
        for text in shown {
            let found = moment(&text, now, &zone).unwrap_or_else(|why| panic!("{why}"));
            assert_eq!(found.len(), 1, "{text}");
            let after = found[0].at.0 - created.0;
            assert!(
                (0..10_000).contains(&after),
                "{text}: {} is not in its millisecond",
                found[0].at.rfc3339()
            );
            // What is said of it can be typed again.
            assert_eq!(moment(&found[0].about, now, &zone).unwrap()[0].at, found[0].at, "{}", found[0].about);
        }
    }
}

#[test]
fn the_ages_of_the_list_and_the_ticks_of_the_ruler_are_understood() {
    let now = ticks("2026-11-25T10:00:00Z");
    let ages = [(59, "59 s"), (60, "1 m"), (79_200, "22 h"), (172_800, "2 d"), (86_400 * 1_234, "1,234 d")];
    for (seconds, text) in ages {
        let then = Created(now.0 - seconds * 10_000_000);
        assert_eq!(hindsight::ui::format::age(then, now), text);
        assert_eq!(moment(text, now, &TimeZone::UTC).unwrap()[0].at, then, "{text}");
    }
    for millis in [94, 36_600, 135_000, 11_040_000, 190_800_000] {
        let text = hindsight::ui::format::span(millis);
        let found = moment(&format!("{text} ago"), now, &TimeZone::UTC).unwrap()[0].at;
        assert_eq!(now.0 - found.0, i64::try_from(millis).unwrap() * 10_000, "{text}");
    }
    let zone = TimeZone::get("Europe/Berlin").unwrap();
    for (span, seconds) in [(1, 1_i64), (60, 60), (3_600, 3_600), (86_400, 86_400), (31_536_000, 31_536_000)]
    {
        let from = Created(now.0 - 40 * span * 10_000_000);
        let to = Created(from.0 + 4 * seconds * 10_000_000);
        for tick in hindsight::ui::time::ticks::time_ticks(from, to, 8, &zone) {
            // A tick within a day says its time alone; with its day it is the tick.
            if tick.text.len() > 12 || span > 3_600 {
                let found = moment(&tick.text, now, &zone).unwrap();
                assert!(
                    found.iter().any(|moment| (0..10_000).contains(&(moment.at.0 - tick.at.0))),
                    "{}",
                    tick.text
                );
            } else {
                assert!(moment(&tick.text, now, &zone).is_ok(), "{}", tick.text);
            }
        }
    }
}

proptest! {
    #[test]
    fn no_text_panics_and_no_moment_without_an_offset_is_out_of_range(text in ".{0,140}", now in any::<i64>()) {
        let zone = TimeZone::get("Europe/Berlin").unwrap();
        if let Ok(found) = moment(&text, Created(now), &zone) {
            prop_assert!((1..=4).contains(&found.len()));
        }
    }

    #[test]
    fn no_words_of_moments_panic_in_any_order(
        words in proptest::collection::vec(
            prop::sample::select(vec![
                "yesterday", "last", "Monday", "21", "Nov", "2026", "18:55:30.5", "02:30", "+14:00", "-", "ago", "in",
                "29", "Feb", "9998-12-31", "0001-01-01", "@99999999999", "3/4", "1.2.", "am", "pm", "h", "90", "T", "Z",
                "UTC+18", "99,999", "d", "·", "from now", "Pacific/Apia", "25:61", "noon",
            ]),
            1..6,
        ),
        seconds in -60_000_000_000_i64..250_000_000_000,
    ) {
        let zone = TimeZone::get("America/New_York").unwrap();
        let now = Created(seconds.saturating_mul(10_000_000));
        for text in [words.join(" "), words.concat()] {
            if let Ok(found) = moment(&text, now, &zone) {
                for moment in found {
                    prop_assert!(!moment.about.is_empty());
                }
            }
        }
    }

    #[test]
    fn any_time_that_is_shown_leads_back_to_itself(seconds in 0_i64..7_000_000_000, ticks in 0_i64..10_000_000) {
        let zone = TimeZone::get("Europe/Berlin").unwrap();
        let created = Created(seconds * 10_000_000 + ticks);
        let shown = [created.rfc3339(), created.date_time_offset(&zone), created.date_time(&zone)];
        for text in shown {
            let found = moment(&text, Created(0), &zone).unwrap();
            let leads_back = |moment: &Moment| (0..10_000).contains(&(moment.at.0 - created.0));
            prop_assert!(found.iter().any(leads_back), "{text}");
        }
    }
}
