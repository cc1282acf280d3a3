//! Events that can no longer be read, and databases that are no longer there: told as what they are.

use crate::api::Service;
use crate::cli::{serve, text};
use crate::production::{signed, write};
use crate::run;
use crate::store::{Watcher, created, paid};
use crate::window::Window;
use hindsight::decision::Expected;
use hindsight::node::{Config, Node};
use hindsight::store::{Life, Permit, Session};

const CREATED: &str = r#"{"OrderID":"abc","UserID":"u","Total":1}"#;
const PAID: &str = r#"{"OrderID":"abc"}"#;

#[test]
fn an_order_whose_events_are_all_hidden_exists_and_its_state_is_unknown() {
    let served = serve(&["--memory"]);
    served.run(0, &["create", "--user", "u", "--total", "1", "--id", "a"]);
    served.run(0, &["pay", "a"]);
    served.write("$$order-a", "$metadata", br#"{"$tb":2}"#);
    let row = &served.json(&["list"])[0];
    assert_eq!((&row["status"], &row["revision"], &row["events"]), (&"unknown".into(), &1.into(), &0.into()));
    let shown = served.run(0, &["show", "order-a"]);
    assert!(text(&shown.stdout).contains("No event of this stream can be read"), "{}", text(&shown.stdout));
    let note = "Stream order-a exists, but revisions 0\u{2013}1 are gone: its state is unknown.";
    assert_eq!(text(&shown.stderr).trim(), note);
    for command in [&["pay", "a"][..], &["create", "--user", "u", "--total", "1", "--id", "a"]] {
        let refused = served.run(3, command);
        let said = text(&refused.stderr);
        assert!(said.contains("the first events of order a are gone") && said.contains(note), "{said}");
    }
    run(async {
        let service = Service::before(&served.url).await;
        let order = service.get("/orders/a").await;
        assert_eq!(
            (order.status, &order.body()["state"]),
            (200, &serde_json::Value::Null),
            "{}",
            order.body()
        );
        assert_eq!((&order.body()["revision"], &order.body()["first"]), (&1.into(), &2.into()));
        let refused = service.send("POST", "/orders/a/pay", &[], "").await;
        assert_eq!(refused.status, 422, "{}", refused.body());
    });
}

#[test]
fn what_follows_a_cut_head_is_no_problem_and_a_recreated_order_is_complete() {
    let served = serve(&["--memory"]);
    served.run(0, &["create", "--user", "u", "--total", "1", "--id", "cut"]);
    served.run(0, &["pay", "cut"]);
    served.write("$$order-cut", "$metadata", br#"{"$tb":1}"#);
    let events = served.json(&["show", "order-cut"]);
    assert_eq!(events.len(), 1);
    assert!(events[0]["problem"].is_null() && events[0]["state"].is_null(), "{}", events[0]);
    assert!(
        text(&served.run(0, &["show", "order-cut"]).stderr)
            .contains("revision 0 is gone, the state is incomplete")
    );
    served.write("order-cut", "OrderCreated", br#"{"OrderID":"cut","UserID":"v","Total":2}"#);
    let shown = served.run(0, &["show", "order-cut"]);
    assert!(
        text(&shown.stderr).contains("the state is complete from what followed"),
        "{}",
        text(&shown.stderr)
    );
    served.run(0, &["pay", "cut"]);
    let row = &served.json(&["list"])[0];
    assert_eq!((&row["status"], &row["problems"]), (&"paid".into(), &0.into()));
}

#[test]
fn events_that_expire_leave_the_list_and_http_by_themselves() {
    run(async {
        let node = Node::start(Config::default()).await.unwrap();
        let session = Session::connect(node.connection_string()).await.unwrap();
        session.writer().append(&created("a", "u"), Permit::NotProduction).await.unwrap();
        session.writer().append(&paid("a", 0), Permit::NotProduction).await.unwrap();
        let service = Service::before(&node.connection_string()).await;
        let mut watcher = Watcher::of(&node.connection_string());
        watcher.until("paid", |w| w.rows.get("order-a").is_some_and(|row| row.word() == "paid"));
        write(&node.connection_string(), "$$order-a", "$metadata", r#"{"$maxAge":2}"#).await;
        watcher.until("expired", |w| w.rows["order-a"].word() == "unknown" && w.rows["order-a"].events == 0);
        assert_eq!(watcher.rows["order-a"].first.0, 2);
        let page = service.get("/orders").await;
        assert_eq!(page.body()["orders"][0]["status"], "unknown");
        assert_eq!(service.get("/orders/a").await.body()["state"], serde_json::Value::Null);
    });
}

#[test]
fn a_read_that_fails_keeps_what_was_read() {
    run(async {
        let node = crate::production::guarded().await;
        let admin = signed(&node, "admin");
        write(&admin, "order-a", "OrderCreated", r#"{"OrderID":"a","UserID":"u","Total":1}"#).await;
        let mut watcher = Watcher::of(&admin);
        watcher.open("a");
        watcher.until("read", |w| w.life == Some(Life::Live) && w.caught_up);
        // Every call fails, and proves nothing about the database.
        node.elect(true);
        watcher.aims(|goal| goal.retry += 1);
        node.elect(false);
        write(&admin, "order-a", "OrderPaid", r#"{"OrderID":"a"}"#).await;
        watcher.until("goes on", |w| w.revisions() == [0, 1]);
        assert!(!watcher.another, "it is the same database");
    });
}

#[test]
fn another_database_is_announced_and_what_was_shown_stays() {
    for theme in [egui::Theme::Dark, egui::Theme::Light] {
        let mut window = Window::open(false, theme);
        window.elsewhere("abc", Expected::NoStream, "OrderCreated", CREATED);
        window.until("order-abc");
        window.open_stream("order-abc");
        window.runtime.block_on(window.node.reset()).unwrap();
        window.elsewhere("xyz", Expected::NoStream, "OrderCreated", &CREATED.replace("abc", "xyz"));
        window.until("This server now holds another database");
        window.until("order-xyz");
        assert!(window.shows("read from a database that is no longer there"), "it is said of the stream");
        assert!(window.shows("OrderCreated"), "its events stay");
        window.click("Pay order");
        window.until("This stream was read from a database that is no longer there");
        window.elsewhere("abc", Expected::NoStream, "OrderPaid", PAID);
        assert_eq!(window.events("order-abc"), 1, "nothing of it is written");
    }
}

#[test]
fn the_head_is_that_of_all_whoever_writes() {
    run(async {
        let node = Node::start(Config::default()).await.unwrap();
        let mut watcher = Watcher::of(&node.connection_string());
        watcher.until("caught up", |w| w.caught_up);
        write(&node.connection_string(), "other-1", "Note", "{}").await;
        let session = Session::connect(node.connection_string()).await.unwrap();
        let head = session.event_at(None).await.unwrap().map(|record| record.position);
        watcher.until("the head", |w| w.head == head);
    });
}

#[test]
fn a_connection_that_falls_silent_is_called_so() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let node = runtime.block_on(Node::start(Config::default())).unwrap();
    let trap = runtime.block_on(crate::unknown_writes::Trap::before(node.address()));
    let mut window = Window::through(&trap.url(), runtime, node, egui::Theme::Dark);
    window.until(" ms");
    trap.freeze(true);
    window.until("last answer");
    window.until("silent for");
    trap.freeze(false);
    window.until(" ms");
}
