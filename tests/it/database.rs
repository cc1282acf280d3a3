//! The database itself: what is written now, what was ever written, projections and parked messages; by the terminal.

mod window;

use crate::cli::{Served, program, serve, text};
use crate::production::{guarded, signed};
use serde_json::Value;
use std::io::{BufRead, BufReader};
use std::process::Stdio;

fn shop() -> Served {
    serve(&["--memory", "--samples"])
}

fn streams(rows: &[Value]) -> Vec<&str> {
    rows.iter().map(|row| row["stream"].as_str().unwrap()).collect()
}

#[test]
fn the_tail_shows_the_newest_events_and_ends_where_it_is_not_to_follow() {
    let served = shop();
    let rows = served.json(&["tail", "--last", "5", "--no-follow"]);
    assert_eq!(rows.len(), 5);
    assert!(streams(&rows).iter().all(|stream| !stream.starts_with('$')), "{rows:?}");
    assert_eq!(rows[4]["type"], "OrderCreated");
    let notes = ["tail", "--no-follow", "--category", "account", "--type", "MoneyWithdrawn", "--last", "3"];
    assert!(served.json(&notes).iter().all(|row| row["type"] == "MoneyWithdrawn"));
    let few = served.json(&[
        "tail",
        "--no-follow",
        "--filter",
        "event is OrderCreated && Total > 800",
        "--last",
        "99",
    ]);
    assert!(
        !few.is_empty() && few.iter().all(|row| row["data"]["Total"].as_f64().unwrap() > 800.0),
        "{few:?}"
    );
    let error = text(&served.run(2, &["tail", "--no-follow", "--filter", "data.Total >"]).stderr);
    assert!(error.contains("This is no condition. Column"), "{error}");
}

#[test]
fn the_tail_shows_what_is_written_live_with_hostile_text_made_harmless() {
    let served = serve(&["--memory"]);
    let mut child = served.command(&["tail", "--filter", "gate"]).stdout(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
    // What was written before it followed comes first: both roads lead to the same lines.
    served.write("door-1", "Opened\u{1b}[31m", br#"{"gate":"\u001b[2J"}"#);
    served.write("door-1", "Shut", br#"{"other":1}"#);
    served.write("door-1", "Opened", b"gate \x1b]0;x\x07");
    let shown: Vec<_> = lines.by_ref().take(3).collect();
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(shown[0].starts_with("— 20"), "{shown:?}");
    assert!(
        shown[1].contains("door-1@0  Opened\\u{1b}") || shown[1].contains("door-1@0  Opened\\u001b"),
        "{shown:?}"
    );
    assert!(shown[2].contains("door-1@2  Opened"), "{shown:?}");
    assert!(shown.iter().all(|line| !line.contains('\u{1b}')), "{shown:?}");
}

#[test]
fn a_search_finds_a_text_anywhere_in_an_event() {
    let served = shop();
    let output = served.run(0, &["search", "customer-17"]);
    let (out, note) = (text(&output.stdout), text(&output.stderr));
    assert_eq!(out.lines().filter(|line| line.contains("OrderPlaced")).count(), 2, "{out}");
    assert!(note.contains("events looked at, 2 found."), "{note}");
    assert!(!served.json(&["search", "CHECKOUT retry"]).is_empty(), "in the metadata, in any case");
    let correlated = served.json(&["search", "OrderPlaced"])[0]["metadata"]["$correlationId"].clone();
    let all = served.json(&["search", correlated.as_str().unwrap()]);
    let all = streams(&all);
    for category in ["order-", "payment-", "customer-"] {
        assert!(all.iter().any(|stream| stream.starts_with(category)), "{all:?}");
    }
    let missing = served.run(1, &["search", "nothing-has-this"]);
    assert!(missing.stdout.is_empty() && text(&missing.stderr).contains("0 found"), "{missing:?}");
    served.write("note-1", "Noted", br#"{"text":"Z\u00fcrich"}"#);
    assert_eq!(streams(&served.json(&["search", "zürich"])), ["note-1"], "escapes stand for their signs");
}

#[test]
fn a_search_takes_a_condition_on_the_event() {
    let served = shop();
    let dear = served.json(&["search", "event is OrderCreated && data.Total > 9007199254740993.2"]);
    assert!(!dear.is_empty() && dear.iter().all(|row| row["type"] == "OrderCreated"), "{dear:?}");
    let by = served.json(&["search", r#"event is OrderPaid && metadata.who == "checkout retry""#]);
    assert_eq!(by.len(), 1, "{by:?}");
    let first = served.json(&["search", "stream == account-7 && revision == 0"]);
    assert_eq!(streams(&first), ["account-7"]);
    let error = text(&served.run(2, &["search", "changed(Total)"]).stderr);
    assert!(error.contains("need the state before the event"), "{error}");
    let error = text(&served.run(2, &["search", ""]).stderr);
    assert!(error.contains("search needs a text or a condition"), "{error}");
}

#[test]
fn a_search_between_two_moments_begins_near_the_first_and_finds_the_same() {
    let served = shop();
    let all = served.json(&["search", "OrderCreated", "--category", "order", "--type", "OrderCreated"]);
    let (from, to) = (&all[all.len() - 9], &all[all.len() - 4]);
    let (from, to) = (from["created"].as_str().unwrap(), to["created"].as_str().unwrap());
    for category in [&["--category", "order"][..], &[]] {
        let options = [&["search", "Order", "--from", from, "--to", to], category].concat();
        let output = served.run(0, &[&options[..], &["--json"]].concat());
        let note = text(&output.stderr);
        assert!(note.contains("Begins near that moment"), "{note}");
        let found = served.json(&[&options[..], &["--type", "OrderCreated"]].concat());
        let is_between = |row: &&Value| {
            let created = row["created"].as_str().unwrap();
            created >= from && created <= to
        };
        let wanted: Vec<_> = all.iter().filter(is_between).map(|row| row["id"].clone()).collect();
        assert_eq!(found.iter().map(|row| row["id"].clone()).collect::<Vec<_>>(), wanted);
    }
    let error = text(&served.run(2, &["search", "x", "--from", to, "--to", "9 d ago"]).stderr);
    assert!(error.contains("--from is later than --to"), "{error}");
}

#[test]
fn a_search_that_was_cut_is_gone_on_with() {
    let served = shop();
    let whole = served.json(&["search", "OrderCreated"]);
    let (mut found, mut after) = (Vec::new(), None::<String>);
    loop {
        let mut options = vec!["search", "OrderCreated", "--limit", "7", "--json"];
        if let Some(after) = &after {
            options.extend(["--after", after]);
        }
        let output = served.command(&options).output().unwrap();
        let rows = text(&output.stdout);
        found.extend(rows.lines().map(|line| serde_json::from_str::<Value>(line).unwrap()));
        let note = text(&output.stderr);
        match note.split_once("--after ") {
            Some((_, rest)) => after = Some(rest.trim().to_owned()),
            None => break,
        }
    }
    assert_eq!(found, whole);
    let error = text(&served.run(2, &["search", "x", "--after", "here"]).stderr);
    assert!(error.contains("\"here\" is no position"), "{error}");
}

#[test]
fn projections_say_how_far_they_are_and_where_their_results_are() {
    let served = shop();
    let rows = served.json(&["projections"]);
    let named = |name: &str| rows.iter().find(|row| row["name"] == name).unwrap();
    assert_eq!(named("$by_category")["status"], "Running");
    assert_eq!(named("$by_category")["behind"]["events"], 0, "{rows:?}");
    let results = ["$projections-sales-result", "$projections-sales-chen.wei-result"];
    let sales = named("sales")["results"].as_array().unwrap();
    assert!(results.iter().all(|result| sales.iter().any(|own| own == result)), "{rows:?}");
    let out = text(&served.run(0, &["projections", "sales"]).stdout);
    assert!(out.contains("sales → $projections-sales-result") && !out.contains("$by_category"), "{out}");
    let error = text(&served.run(2, &["projections", "nothing"]).stderr);
    assert!(error.contains("There is no projection nothing."), "{error}");
}

#[test]
fn a_stopped_projection_is_behind_by_what_was_written_since() {
    let served = serve(&["--memory"]);
    served.write("order-1", "OrderCreated", b"{}");
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let client = eventstore::ProjectionClient::new(served.url.parse().unwrap());
        client.disable("$by_category", &eventstore::GenericProjectionOptions::default()).await.unwrap();
    });
    served.write("order-1", "OrderPaid", b"{}");
    served.write("order-2", "OrderCreated", b"{}");
    let row = &served.json(&["projections", "$by_category"])[0];
    assert_eq!(row["status"], "Stopped");
    assert_eq!(row["behind"]["events"], 2, "{row}");
    let out = text(&served.run(0, &["projections", "$by_category"]).stdout);
    assert!(out.contains("2 events") && out.contains("ago"), "{out}");
}

#[test]
fn parked_messages_say_why_and_what_they_stand_for() {
    let served = shop();
    let rows = served.json(&["parked"]);
    assert_eq!(rows.len(), 2, "{rows:?}");
    assert_eq!(rows[0]["group"], "$ce-order::invoices");
    assert!(rows[0]["reason"].as_str().unwrap().contains("no JSON"), "{rows:?}");
    assert_eq!(rows[0]["event"]["type"], "OrderPaid");
    assert!(rows[1]["event"].is_null(), "its stream was deleted: {rows:?}");
    let out = text(&served.run(0, &["parked", "$ce-order::invoices"]).stdout);
    assert!(out.contains("reason   Maximum retry count reached.") && out.contains("gone"), "{out}");
    assert!(out.contains("retries  not noted by this server"), "{out}");
    let none = served.run(0, &["parked", "order-1::mails"]);
    assert!(text(&none.stderr).contains("No message of order-1::mails is parked"));
    let error = text(&served.run(2, &["parked", "mails"]).stderr);
    assert!(error.contains("mails names no group. Give STREAM::GROUP"), "{error}");
}

#[test]
fn who_may_not_read_everything_is_told_what_can_be_read() {
    let (runtime, folder) = (tokio::runtime::Runtime::new().unwrap(), tempfile::tempdir().unwrap());
    let node = runtime.block_on(guarded());
    for verb in [&["tail", "--no-follow"][..], &["search", "x"], &["parked"]] {
        let output = program(&folder).args(["-c", &signed(&node, "ann")]).args(verb).output().unwrap();
        let error = text(&output.stderr);
        assert_eq!(output.status.code(), Some(5), "{error}");
        assert!(
            error.contains("$all, which this user may not read") && error.contains("by its name"),
            "{error}"
        );
    }
    let output =
        program(&folder).args(["-c", &signed(&node, "ann"), "projections", "--json"]).output().unwrap();
    let (out, said) = (text(&output.stdout), text(&output.stderr));
    assert!(
        out.contains("$by_category") && said.contains("The result streams cannot be looked for"),
        "{out}{said}"
    );
}
