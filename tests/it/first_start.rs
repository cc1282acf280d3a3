//! The first start: what the window stands on, what it says, and what is remembered.

use crate::window::Window;
use egui::{Key, Modifiers};
use egui_kittest::kittest::Queryable;
use hindsight::app::Settings;
use hindsight::node::{Config, Node};
use hindsight::run::first_look;
use hindsight::store::Session;
use tokio::runtime::Runtime;

pub fn first_start() -> Window {
    first_window(egui::Theme::Dark)
}

pub fn first_window(theme: egui::Theme) -> Window {
    let runtime = Runtime::new().unwrap();
    let node = runtime.block_on(Node::start(Config { samples: true, ..Config::default() })).unwrap();
    let url = node.connection_string();
    let mut window = Window::with_options(&url, runtime, node, theme, |options| {
        options.settings = Settings::default();
        options.first_look = Some(first_look());
    });
    window.until("complete history");
    window
}

#[test]
fn the_first_start_stands_before_the_second_payment() {
    let mut window = first_start();
    window.until("rev 1 of 2");
    assert!(window.shows("order-14ad6e22"));
    assert!(window.shows("Ahead: revision 2 does not follow"));
    window.until("for the second payment.");
    window.press(Modifiers::NONE, Key::ArrowRight);
    window.until("rev 2 of 2");
    assert!(!window.shows("for the second payment."));
}

#[test]
fn the_introduction_says_how_a_client_reaches_the_sandbox_and_goes_for_good() {
    let mut window = first_start();
    window.until("Any EventStoreDB client reaches it at");
    let string = window.node.connection_string();
    window.harness.get_by_label("Copy connection string").click();
    let copied = (0..3).find_map(|_| {
        window.harness.step();
        crate::payloads::copied(&window)
    });
    assert_eq!(copied, Some(string));
    window.click("Dismiss the introduction");
    assert!(!window.shows("event store inside Hindsight"));
}

#[test]
fn the_introduction_fits_the_smallest_window() {
    let mut window = first_start();
    window.harness.set_size(egui::vec2(900.0, 600.0));
    window.harness.run_steps(4);
    let said = window.harness.get_by_label("for the second payment.").rect();
    let close = window.harness.get_by_label("Dismiss the introduction").rect();
    assert!(said.right() < close.left() && close.right() <= 900.0, "{said:?} {close:?}");
}

#[test]
fn a_real_server_is_not_introduced_and_a_second_start_is_no_first_one() {
    use hindsight::app::{App, ConnectionIntent, Intent};
    use hindsight::store::Target;
    let mut app = App::new(Target::Sandbox, "order", Settings::default());
    assert!(app.settings().is_first_start());
    assert!(app.introduction().is_some());
    app.apply(Intent::Connection(ConnectionIntent::Connect(Target::Server("esdb://elsewhere:2113".into()))));
    assert!(app.introduction().is_none());
    assert!(!app.settings().is_first_start());
}

/// "How was it paid twice?" has an answer in the events.
#[test]
fn both_payments_tell_who_wrote_them_where_and_expecting_what() {
    crate::run(async {
        let node = Node::start(Config { samples: true, ..Config::default() }).await.unwrap();
        let session = Session::connect(&node.connection_string()).await.unwrap();
        let mut metadata = Vec::new();
        session
            .read(&first_look().stream, |records| {
                for record in records {
                    metadata.push(serde_json::from_slice::<serde_json::Value>(&record.metadata).unwrap());
                }
            })
            .await
            .unwrap();
        let [created, first, second] = &metadata[..] else { panic!("{metadata:?}") };
        for payment in [first, second] {
            for name in ["who", "where", "command", "request", "$correlationId", "$causationId"] {
                assert!(payment[name].is_string(), "{name}: {payment}");
            }
            assert_eq!(payment["$correlationId"], created["$correlationId"]);
        }
        assert_eq!(first["$causationId"], second["$causationId"]);
        assert_ne!(first["request"], second["request"]);
        assert_ne!((&first["who"], &first["where"]), (&second["who"], &second["where"]));
        assert_eq!((&first["expected"], &second["expected"]), (&"exactly 0".into(), &"any".into()));
        node.shutdown().await;
    });
}

#[test]
fn the_introduction_leads_to_lesson_one() {
    let mut window = first_start();
    window.click("Lesson 1");
    window.until("Lesson 1 of 7");
    assert!(!window.shows("event store inside Hindsight"), "a lesson has the whole window");
    window.press(Modifiers::NONE, Key::Escape);
    window.until("for the second payment.");
}
