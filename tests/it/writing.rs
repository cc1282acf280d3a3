//! Writing in the real window: the exact write, dry runs, conflicts, production, the journal; each in both themes.

use crate::window::Window;
use egui::accesskit::Role;
use egui_kittest::kittest::{NodeT, Queryable};
use hindsight::decision::Expected;
use hindsight::record::Revision;

const CREATED: &str = r#"{"OrderID":"abc","UserID":"user123","Total":99.9}"#;
const PAID: &str = r#"{"OrderID":"abc"}"#;
const THEMES: [egui::Theme; 2] = [egui::Theme::Dark, egui::Theme::Light];

fn choose_expected(window: &mut Window, what: &str) {
    window.menu_of_expected();
    window.click(what);
}

#[test]
fn the_exact_write_is_shown_before_it_is_sent() {
    for theme in THEMES {
        let mut window = Window::with_order(theme);
        window.click("Pay order");
        window.until("OrderPaid to order-abc, expecting exactly 0");
        assert!(window.shows(r#"{"OrderID":"abc"}"#), "the data");
        for part in [r#""$correlationId":"#, r#""$causationId":"#, r#""who":"#, r#""where":"#] {
            assert!(window.shows(part), "{part}");
        }
        for (chosen, said) in [
            ("no stream", "expecting no stream"),
            ("an existing stream", "expecting an existing stream"),
            ("exactly 0", "expecting exactly 0"),
        ] {
            choose_expected(&mut window, chosen);
            window.until(&format!("OrderPaid to order-abc, {said}"));
        }
        choose_expected(&mut window, "⚠ any state: written whatever happened since");
        window.until("Nothing is checked: what others append meanwhile is not seen.");
        window.click("Append");
        window.until("Appended OrderPaid as revision 1");
        window.click("Create order");
        window.types("User", "Zoë");
        window.types("Total", "0.10");
        window.until("expecting no stream");
        assert!(window.shows(r#""UserID":"Zoë","Total":0.10"#), "as typed");
    }
}

#[test]
fn a_dry_run_says_until_when_it_would_have_been_accepted() {
    for theme in THEMES {
        let mut window = Window::with_order(theme);
        window.elsewhere("abc", Expected::Exact(Revision(0)), "OrderNoteAdded", "{}");
        window.elsewhere("abc", Expected::Exact(Revision(1)), "OrderPaid", PAID);
        window.until("rev 2 of 2");
        window.click("Pay order");
        window.until("is already paid");
        assert!(window.shows("Up to revision 1 it would have appended OrderPaid."), "refused at the head");
        window.click("Oldest");
        window.click("Playhead (rev 0)");
        window.until("Dry run: would append OrderPaid to order-abc, expecting exactly 0. Up to revision 1 it would have appended OrderPaid.");
        window.click("Newest");
        window.click("Playhead (rev 2)");
        window.until("Refused: order abc is already paid");
        assert_eq!(window.events("order-abc"), 3, "nothing was written");
    }
}

#[test]
fn a_conflict_is_a_conversation() {
    for theme in THEMES {
        let mut window = Window::with_order(theme);
        window.elsewhere("abc", Expected::Exact(Revision(0)), "OrderNoteAdded", "{}");
        window.until("rev 1 of 1");
        window.click("Pay order");
        choose_expected(&mut window, "exactly 0");
        window.click("Append");
        window.until("Conflict: the write expected exactly 0, the stream is at revision 1");
        assert!(window.shows("You decided at revision 1. Nothing was written. Appended since:"));
        assert!(window.shows("OrderNoteAdded  → state unchanged"), "what came between");
        assert!(window.shows("Now it would still be accepted: OrderPaid, expecting exactly 1."));
        window.elsewhere("abc", Expected::Exact(Revision(1)), "OrderPaid", PAID);
        window.until("Now it would be refused: order abc is already paid");
        assert!(window.shows("OrderPaid  → Paid: true"), "and the state it led to");
        window.click("Decide again");
        assert!(!window.shows("Conflict: the write"));
        window.until("Refused: order abc is already paid");
        assert_eq!(window.events("order-abc"), 3, "never a silent retry");
    }
}

#[test]
fn production_is_read_only_until_chosen_and_asks_for_the_streams_name() {
    for theme in THEMES {
        let mut window = Window::declared(theme, r#"{"name":"shop-eu","production":true}"#);
        window.elsewhere("abc", Expected::NoStream, "OrderCreated", CREATED);
        window.until("order-abc");
        assert!(window.shows("Production shop-eu"), "the top bar");
        window.open_stream("order-abc");
        window.click("Pay order");
        window.until("This connection is read-only. Change it in the top bar to write.");
        window.click("Append");
        assert_eq!(window.events("order-abc"), 1, "read-only");
        window.click("Write mode");
        window.click("Confirm writes");
        window.click("Append");
        window.until("shop-eu is a production database. Type the stream's name to write to it: order-abc");
        window.click("Append now");
        assert_eq!(window.events("order-abc"), 1, "the name is not typed");
        window.types("Stream name", "order-abc");
        window.click("Append now");
        window.until("Appended OrderPaid as revision 1");
    }
}

#[test]
fn the_journal_lists_what_was_written() {
    for theme in THEMES {
        let mut window = Window::with_order(theme);
        window.open_journal();
        window.until("Nothing was written yet");
        window.click("Close");
        window.click("Pay order");
        window.until("Would append OrderPaid to order-abc");
        window.click("Append");
        window.until("Appended OrderPaid as revision 1");
        window.open_journal();
        window.until("appended 1");
        assert!(window.shows("exactly 0"), "what was expected");
    }
}

#[test]
fn nothing_is_written_to_a_stream_of_links_and_a_stray_link_stops_nothing() {
    let mut window = Window::with_order(egui::Theme::Dark);
    window.elsewhere("abc", Expected::Exact(Revision(0)), "$>", r#""0@order-x""#);
    window.until("rev 1 of 1");
    window.click("Pay order");
    window.until("OrderPaid to order-abc, expecting exactly 1");
    window.elsewhere("links", Expected::NoStream, "$>", r#""0@order-abc""#);
    window.open_stream("order-links");
    window.click("Create order");
    window.click("Pay order");
    window.until("This stream belongs to a projection or holds links throughout. Nothing is written to it.");
    let append = window.harness.get_by_role_and_label(Role::Button, "Append");
    assert!(append.accesskit_node().is_disabled());
    assert_eq!(window.events("order-links"), 1);
}
