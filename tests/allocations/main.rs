//! A frame costs what is on the screen: its allocations are counted, in a binary of its own, because that takes another allocator.

#[path = "../big/mod.rs"]
mod big;

use big::{Screen, app, work_out};
use hindsight::app::{AskIntent, Dialog, Intent, ListIntent, Pinned, TimeIntent, ViewIntent};
use hindsight::record::Revision;

/// Of a frame in which nothing happens; how many, and how many bytes.
fn still(events: u64, streams: u64) -> (u64, u64) {
    still_with(events, streams, &[])
}

/// Where these are asked.
fn still_with(events: u64, streams: u64, asked: &[Intent]) -> (u64, u64) {
    let mut app = app(events, streams);
    app.apply(Intent::Time(TimeIntent::GoTo(Revision(events / 2))));
    for intent in asked {
        let effects = app.apply(intent.clone());
        work_out(&mut app, effects);
    }
    while app.list().goes_on() {
        app.refresh();
    }
    let mut screen = Screen::new(app, egui::vec2(1280.0, 800.0));
    // Buffers that are kept may grow once more.
    let frames = (0..5).map(|_| {
        let counted = allocation_counter::measure(|| {
            screen.frame(Vec::new());
        });
        (counted.count_total, counted.bytes_total)
    });
    frames.min().unwrap_or_default()
}

/// Of a still frame of the palette with a text that most streams hold.
fn still_palette(streams: u64) -> (u64, u64) {
    let mut app = app(10, streams);
    app.apply(Intent::View(ViewIntent::Open(Dialog::Palette)));
    let mut screen = Screen::new(app, egui::vec2(1280.0, 800.0));
    screen.frame(vec![egui::Event::Text("rder".to_owned())]);
    let frames = (0..5).map(|_| {
        let counted = allocation_counter::measure(|| {
            screen.frame(Vec::new());
        });
        (counted.count_total, counted.bytes_total)
    });
    frames.min().unwrap_or_default()
}

#[track_caller]
fn assert_alike(few: (u64, u64), many: (u64, u64)) {
    // Longer numbers and a few more columns need a little more; buffers that grow do so by doubling.
    assert!(few.0 > 0, "nothing is counted");
    assert!(many.0 <= few.0 + few.0 / 20, "allocations: {few:?} {many:?}");
    assert!(many.1 <= few.1 + few.1 / 3, "bytes: {few:?} {many:?}");
}

#[test]
fn a_still_frame_allocates_no_more_with_a_hundred_thousand_events_than_with_a_thousand() {
    assert_alike(still(1_000, 100), still(100_000, 100));
}

#[test]
fn a_still_frame_allocates_no_more_with_a_hundred_thousand_streams_than_with_a_thousand() {
    assert_alike(still(10, 1_000), still(10, 100_000));
}

#[test]
fn nor_does_what_is_asked_of_the_past() {
    let asked = [
        Intent::List(ListIntent::Filter("Total > 50 && !problem || changed(Paid)".to_owned())),
        Intent::Ask(AskIntent::Field(Some("Paid".into()))),
        Intent::Ask(AskIntent::Pin(Pinned::Revision(Revision(0)))),
    ];
    assert_alike(still_with(1_000, 100, &asked), still_with(100_000, 100, &asked));
    let asked = [Intent::List(ListIntent::Filter("Total > 50".to_owned()))];
    assert_alike(still_with(10, 1_000, &asked), still_with(10, 100_000, &asked));
}

#[test]
fn a_still_frame_of_the_palette_allocates_no_more_with_a_hundred_thousand_streams_than_with_a_thousand() {
    assert_alike(still_palette(1_000), still_palette(100_000));
}
