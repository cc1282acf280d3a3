//! The terminal and HTTP at a moment.

use super::{create, moment, pay, write};
use crate::api::Service;
use crate::cli::{Served, serve, text};
use crate::run;
use hindsight::record::Created;
use hindsight::store::Session;

/// Two orders; of one is paid what was unpaid at the moment.
fn shop() -> (Served, Created) {
    let served = serve(&["--memory"]);
    let mut at = Created(0);
    run(async {
        let client = crate::production::client(&served.url);
        create(&client, "1").await;
        create(&client, "2").await;
        at = moment();
        pay(&client, "1").await;
        create(&client, "3").await;
        moment();
    });
    (served, at)
}

#[test]
fn the_terminal_lists_what_was_unpaid_then_and_says_the_moment_back() {
    let (served, at) = shop();
    let then = at.rfc3339();
    let unpaid = served.json(&["list", "--status", "unpaid", "--at", &then]);
    let names: Vec<_> = unpaid.iter().map(|row| row["stream"].as_str().unwrap()).collect();
    assert_eq!(names, ["order-1", "order-2"]);
    assert_eq!(served.json(&["list", "--status", "unpaid"]).len(), 2, "now it is 2 and 3");
    let output = served.run(0, &["list", "--at", &then]);
    let said = text(&output.stderr);
    let head = said.lines().next().unwrap();
    let local = at.date_time_offset(&jiff::tz::TimeZone::system());
    assert_eq!(head, format!("As it was at {local}."));
    assert!(said.contains("From $all, prefix order-"), "{said}");
    assert!(!text(&output.stdout).contains("order-3"));
    let before = served.run(0, &["list", "--at", "2001-01-01 12:00"]);
    assert!(text(&before.stderr).contains("There was no stream then."), "{}", text(&before.stderr));
}

#[test]
fn the_terminal_tells_what_changed_since() {
    let (served, at) = shop();
    let then = at.rfc3339();
    let changes = served.json(&["list", "--diff", &then]);
    let lines: Vec<_> = changes
        .iter()
        .map(|line| (line["stream"].as_str().unwrap(), line["change"].as_str().unwrap()))
        .collect();
    assert_eq!(lines, [("order-1", "changed"), ("order-3", "new")]);
    assert_eq!(changes[0]["before"]["status"], "unpaid");
    assert_eq!(changes[0]["after"]["revision"], 1);
    assert_eq!(changes[0]["fields"][0], serde_json::json!({"field": "Paid", "before": false, "after": true}));
    assert!(changes[1]["before"].is_null());
    let output = served.run(0, &["list", "--diff", &then]);
    let (out, said) = (text(&output.stdout), text(&output.stderr));
    assert!(out.contains("Paid false → true") && out.contains("unpaid at 0"), "{out}");
    assert!(said.contains("1 new, 0 gone, 1 changed, 0 unknown before"), "{said}");
    assert_eq!(served.json(&["list", "--diff", "2001-01-01", "--at", &then]).len(), 2);
}

#[test]
fn show_takes_a_revision_or_a_moment() {
    let (served, at) = shop();
    let then = at.rfc3339();
    let shown = served.json(&["show", "order-1", "--at", &then]);
    assert_eq!((shown.len(), &shown[0]["state"]["Paid"]), (1, &false.into()));
    assert_eq!(served.json(&["show", "order-1", "--at", "1"]).len(), 2);
    let output = served.run(0, &["show", "order-1", "--at", &then]);
    assert!(text(&output.stderr).starts_with("As it was at "), "{}", text(&output.stderr));
    let late = served.run(2, &["show", "order-3", "--at", &then]);
    assert!(text(&late.stderr).contains("had no event yet: its first is of"), "{}", text(&late.stderr));
}

#[test]
fn moments_that_are_none_are_named_and_nothing_is_read() {
    let served = serve(&["--memory"]);
    let refused = |arguments: &[&str]| text(&served.run(2, arguments).stderr);
    let said = refused(&["list", "--at", "gestern"]);
    assert!(said.contains("--at: “gestern” is no moment") && said.contains("yesterday 12:00"), "{said}");
    assert!(refused(&["list", "--diff", "x"]).contains("--diff: “x” is no moment"));
    let said = refused(&["list", "--at", "3/4/2026"]);
    assert!(said.contains("2026-03-04") && said.contains("2026-04-03"), "{said}");
    assert!(refused(&["list", "--at", "2999-01-01"]).contains("is still to come"));
    let said = refused(&["list", "--diff", "2020-01-02", "--at", "2020-01-01"]);
    assert!(said.contains("is not before --at"), "{said}");
    served.run(0, &["create", "--user", "u", "--total", "1", "--id", "1"]);
    assert!(refused(&["show", "order-1", "--at", "noonish"]).contains("--at: “noonish” is no moment"));
}

#[test]
fn orders_over_http_are_paged_as_they_were() {
    run(async {
        let service = Service::start().await;
        let client = &service.database();
        for id in ["1", "2", "3"] {
            create(client, id).await;
        }
        let at = moment().rfc3339();
        pay(client, "1").await;
        create(client, "0").await;
        let page = service.get(&format!("/orders?status=unpaid&limit=2&at={at}")).await;
        assert_eq!((page.status, page.text("at")), (200, &*at));
        let ids = |page: &crate::api::Answer| -> Vec<String> {
            let orders = page.body()["orders"].as_array().unwrap();
            orders.iter().map(|order| order["order_id"].as_str().unwrap().to_owned()).collect()
        };
        assert_eq!(ids(&page), ["1", "2"]);
        // The next page is of the same moment, whatever was written meanwhile.
        create(client, "4").await;
        assert_eq!(ids(&service.get(page.next().unwrap()).await), ["3"]);
        assert_eq!(ids(&service.get("/orders?status=unpaid").await), ["0", "2", "3", "4"]);
        let one = service.get(&format!("/orders/1?at={at}")).await;
        assert_eq!((one.status, &one.body()["state"]["Paid"]), (200, &false.into()));
        assert_eq!(service.get("/orders/1?at=1").await.body()["state"]["Paid"], true);
        let early = service.get(&format!("/orders/0?at={at}")).await;
        assert_eq!(early.status, 404);
        assert!(early.text("detail").contains("was not there yet"), "{}", early.text("detail"));
        for (path, named) in [
            ("/orders?at=yesterday", "at is no moment"),
            ("/orders?at=2999-01-01T00:00:00Z", "still to come"),
            ("/orders/1?at=noon", "at is neither a revision nor a moment"),
        ] {
            let refused = service.get(path).await;
            assert_eq!((refused.status, refused.text("error")), (400, "invalid request"), "{path}");
            assert!(refused.text("detail").contains(named), "{}", refused.text("detail"));
        }
    });
}

#[test]
fn the_last_event_until_a_moment_counts_where_clocks_go_backwards() {
    run(async {
        let node = hindsight::node::Node::start(hindsight::node::Config::default()).await.unwrap();
        let url = node.connection_string();
        let client = crate::production::client(&url);
        create(&client, "1").await;
        let at = moment();
        write(&client, "order-1", "OrderNoteAdded", "{}").await;
        let session = Session::connect(url).await.unwrap();
        let stream = hindsight::record::StreamName::new("order-1");
        assert_eq!(session.revision_at(&stream, at).await.unwrap().map(|r| r.0), Some(0));
        assert_eq!(session.revision_at(&stream, Created(0)).await.unwrap(), None);
    });
}
