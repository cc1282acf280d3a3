//! The terminal over categories that have no definition: list, show, selection.

use crate::cli::{Served, serve, text};
use serde_json::Value;

fn accounts() -> Served {
    let served = serve(&["--memory"]);
    served.write(
        "account-1",
        "Opened",
        br#"{"owner":"Ada Lovelace","balance":10.50,"address":{"city":"Z\u00fcrich"}}"#,
    );
    served.write("account-1", "Deposited", br#"{"balance":99.90,"tags":["x"]}"#);
    served.write("account-2", "Opened", br#"{"owner":"\u001b[31mred","balance":100}"#);
    served.write("order-14ad6e22", "OrderCreated", br#"{"OrderID":"14ad6e22","UserID":"ada","Total":1}"#);
    served
}

fn names(rows: &[Value]) -> Vec<&str> {
    rows.iter().map(|row| row["stream"].as_str().unwrap()).collect()
}

#[test]
fn any_category_is_listed_with_the_columns_its_streams_share() {
    let served = accounts();
    let output = served.run(0, &["list", "--category", "account"]);
    let (out, note) = (text(&output.stdout), text(&output.stderr));
    let heading = out.lines().next().unwrap();
    assert!(heading.contains("BALANCE") && heading.contains("OWNER"), "{out}");
    assert!(out.contains("99.90") && out.contains("Ada Lovelace"), "{out}");
    assert!(!out.contains('\u{1b}'), "{out:?}");
    assert!(note.contains("the last value of each field, not the service's own logic"), "{note}");
    let rows = served.json(&["list", "--category", "account"]);
    assert_eq!(rows[0]["state"]["balance"].to_string(), "99.9");
    assert_eq!(rows[0]["state"]["address.city"], "Zürich");
    let all = served.json(&["list", "--category", "*"]);
    assert_eq!(names(&all), ["account-1", "account-2", "order-14ad6e22"]);
    assert!(all[2].get("state").is_none() && all[0].get("state").is_some(), "{all:?}");
}

#[test]
fn show_rehydrates_any_category_and_finds_a_stream_by_its_id() {
    let served = accounts();
    let output = served.run(0, &["show", "account-1"]);
    let out = text(&output.stdout);
    assert!(out.contains(r#"address.city "Z\u00fcrich""#) && out.contains("changed  balance, tags"), "{out}");
    assert!(text(&output.stderr).contains("not the service's own logic"));
    assert_eq!(served.json(&["show", "account-1"])[1]["state"]["address"]["city"], "Zürich");

    let output = served.run(0, &["show", "14ad6e22"]);
    assert!(text(&output.stderr).contains("This is stream order-14ad6e22."), "{}", text(&output.stderr));
    assert_eq!(served.json(&["show", "1", "--category", "account"]).len(), 2);
    served.write("14ad6e22", "Noted", b"{}");
    assert_eq!(served.json(&["show", "14ad6e22"])[0]["type"], "Noted", "the exact name comes first");
    let missing = served.run(2, &["show", "nothing"]);
    assert!(text(&missing.stderr).contains("Stream nothing does not exist"));
}

#[test]
fn a_list_is_filtered_sorted_and_limited() {
    let served = accounts();
    served.run(0, &["create", "--user", "bob", "--total", "7", "--id", "b"]);
    served.run(0, &["pay", "b"]);
    let list = |options: &[&str]| served.json(&[&["list"], options].concat());
    assert_eq!(names(&list(&["--status", "paid"])), ["order-b"]);
    assert_eq!(names(&list(&["--user", "ada"])), ["order-14ad6e22"]);
    assert_eq!(names(&list(&["--sort", "total"])), ["order-b", "order-14ad6e22"]);
    assert_eq!(names(&list(&["--sort", "last-event", "--limit", "1"])), ["order-b"]);
    assert_eq!(names(&list(&["--filter", "BOB paid"])), ["order-b"]);
    let accounts = |options: &[&str]| list(&[&["--category", "account"], options].concat());
    assert_eq!(names(&accounts(&["--sort", "balance"])), ["account-2", "account-1"]);
    assert_eq!(names(&accounts(&["--filter", "lovelace"])), ["account-1"]);
    for (options, says) in [
        (&["--category", "account", "--user", "ada"][..], "--filter"),
        (&["--category", "account", "--status", "paid"], "live, deleted or tombstoned"),
        (&["--status", "payed"], "unpaid, paid, live"),
        (&["--category", "account", "--sort", "size"], "balance"),
    ] {
        let error = text(&served.run(2, &[&["list"], options].concat()).stderr);
        assert!(error.contains(says), "{error}");
    }
    let none = served.run(0, &["list", "--filter", "nobody"]);
    assert!(none.stdout.is_empty() && text(&none.stderr).contains("No stream of these matches"));
}

#[test]
fn streams_are_found_by_a_condition_on_their_state() {
    let served = accounts();
    served.run(0, &["create", "--user", "bob", "--total", "9007199254740993.25", "--id", "b"]);
    served.run(0, &["pay", "b"]);
    let find = |options: &[&str]| served.json(&[&["find"], options].concat());
    assert_eq!(names(&find(&["Paid && Total > 9007199254740993"])), ["order-b"]);
    assert_eq!(names(&find(&["!Paid"])), ["order-14ad6e22"]);
    assert_eq!(names(&find(&["balance >= 99.9", "--category", "account"])), ["account-1", "account-2"]);
    assert_eq!(names(&find(&["address.city starts with Z", "--category", "account"])), ["account-1"]);
    assert_eq!(names(&find(&["exists(balance) || UserID contains \"a\"", "--category", "*"])).len(), 3);
    let output = served.run(0, &["find", "Total > 0"]);
    let (out, note) = (text(&output.stdout), text(&output.stderr));
    assert!(out.contains("STREAM") && out.contains("order-b"), "{out}");
    assert!(note.contains("In 2 of 2."), "{note}");
    let nothing = served.run(1, &["find", "Total > 1e400", "--json"]);
    assert!(nothing.stdout.is_empty() && text(&nothing.stderr).contains("In 0 of 2."));
    let hint = text(&served.run(1, &["find", "Totl > 1"]).stderr);
    assert!(hint.contains("No stream listed has a field Totl. Is Total meant?"), "{hint}");
    let wrong = text(&served.run(2, &["find", "用户 == 1 and Paid"]).stderr);
    assert_eq!(
        wrong,
        "用户 == 1 and Paid\n          ^\nThis is no condition. Column 9: and is no operator. Write && where both must hold.\n"
    );
    let event = text(&served.run(2, &["find", "problem || Paid"]).stderr);
    assert!(event.contains("asked of one stream's events"), "{event}");
    served.run(2, &["find"]);
}

#[test]
fn the_text_view_without_a_display_lists_the_category_of_the_window() {
    if cfg!(target_os = "linux") {
        let served = accounts();
        let output = served.run(0, &["--category", "account"]);
        assert!(text(&output.stdout).contains("account-2"));
        served.run(2, &["--category", "account", "list"]);
    }
}
