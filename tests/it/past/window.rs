//! The window at a moment, by accessible name.

use crate::window::Window;
use egui::{Key, Modifiers, Theme};
use hindsight::decision::Expected;
use hindsight::record::{Created, Revision};

const PAID: &str = r#"{"OrderID":"abc"}"#;

/// An order that was unpaid at the moment and is paid now, and one that came later.
fn shop(theme: Theme) -> (Window, Created) {
    let mut window = Window::with_order(theme);
    let at = super::moment();
    window.elsewhere("abc", Expected::Exact(Revision(0)), "OrderPaid", PAID);
    window.elsewhere(
        "new",
        Expected::NoStream,
        "OrderCreated",
        r#"{"OrderID":"new","UserID":"u","Total":1}"#,
    );
    window.until("2 streams");
    window.until("rev 1 of 1");
    (window, at)
}

fn go_to(window: &mut Window, moment: &str) {
    window.click("As of a moment");
    window.types("As of", moment);
    window.click("Show");
}

#[test]
fn the_window_goes_to_a_moment_and_back() {
    for theme in [Theme::Dark, Theme::Light] {
        let (mut window, at) = shop(theme);
        assert!(window.shows("Paid 1") && window.shows("Unpaid 1"));
        go_to(&mut window, &at.rfc3339());
        window.until("As of today");
        window.until("1 stream · as they were today");
        assert!(window.shows("Unpaid 1") && window.shows("Paid 0"));
        assert!(!window.shows("order-new"), "it was not there yet");
        window.until("rev 0 of 1");
        // What is written meanwhile changes nothing of it.
        window.elsewhere(
            "newer",
            Expected::NoStream,
            "OrderCreated",
            r#"{"OrderID":"newer","UserID":"u","Total":1}"#,
        );
        window.click("Now");
        window.until("3 streams");
        window.until("rev 1 of 1");
        assert!(!window.shows("As of today"));
    }
}

#[test]
fn escape_goes_back_and_filter_and_facet_are_as_before() {
    let (mut window, at) = shop(Theme::Dark);
    window.types("Filter streams", "abc");
    window.press(Modifiers::NONE, Key::Tab);
    go_to(&mut window, &at.rfc3339());
    window.until("1 of 1 stream");
    window.click("Unpaid 1");
    window.press(Modifiers::NONE, Key::Escape);
    window.until("2 streams");
    assert!(window.shows("Paid 1"));
    assert!(!window.shows("order-new"), "the filter is as it was");
}

#[test]
fn a_stream_that_is_opened_in_the_past_stands_at_its_last_event_then() {
    let (mut window, at) = shop(Theme::Dark);
    window.press(Modifiers::COMMAND, Key::K);
    window.harness.event(egui::Event::Text("order-new".to_owned()));
    window.harness.run_steps(3);
    window.press(Modifiers::NONE, Key::Enter);
    window.until("rev 0 of 0");
    go_to(&mut window, &at.rfc3339());
    window.until("before the first event");
    window.go_to("order-abc");
    window.until("rev 0 of 1");
    window.until("as they were today");
}

#[test]
fn what_changed_since_a_typed_moment_is_told_without_going_there() {
    let (mut window, at) = shop(Theme::Light);
    window.click("As of a moment");
    window.types("As of", &at.rfc3339());
    window.click("What changed since");
    window.until("2 streams changed.");
    window.click("Close");
    window.until("caught up");
    assert!(!window.shows("as they were today"));
}

#[test]
fn a_moment_that_is_none_is_named_and_the_window_stays() {
    let mut window = Window::with_order(Theme::Light);
    go_to(&mut window, "gestern mittag");
    window.until("“gestern mittag” is no moment");
    window.types("As of", "");
    window.click("Cancel");
    window.press(Modifiers::NONE, Key::A);
    window.types("As of", "2999-01-01");
    window.click("Show");
    window.until("is still to come");
    window.press(Modifiers::NONE, Key::Escape);
    window.until("caught up");
    assert!(!window.shows("As of 2999"));
}

#[test]
fn what_changed_between_two_moments_is_told_by_stream_and_field() {
    let (mut window, at) = shop(Theme::Dark);
    go_to(&mut window, &at.rfc3339());
    window.until("as they were today");
    window.click("What changed since then");
    window.until("2 streams changed.");
    assert!(window.shows("order-abc changed unpaid → paid"));
    assert!(window.shows("order-new new unpaid"));
    window.click("New 1");
    assert!(!window.shows("order-abc changed unpaid → paid"));
    window.click("All 2");
    window.click("order-abc changed unpaid → paid");
    window.until("rev 1 of 1");
}
