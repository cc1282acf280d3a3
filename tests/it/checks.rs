//! `hindsight check`: streams folded by a definition file, and what of them is a problem.

use crate::cli::{Served, serve, text};
use serde_json::{Value, json};
use std::fs;

const ACCOUNTS: &str = include_str!("../../assets/accounts.js");

/// Stops at withdrawals above 10.
const STRICT: &str = r#"fromCategory("account").foreachStream().when({
  $init() { return { n: 0 }; },
  MoneyWithdrawn(s, e) {
    s.n += 1;
    if (e.data.Amount > 10) stop(e);
  },
});
function stop(e) {
  throw new Error("too much");
}
"#;

/// The same without the stop.
const LAX: &str = r#"fromCategory("account").foreachStream().when({
  $init() { return { n: 0 }; },
  MoneyWithdrawn(s) { s.n += 1; },
});
"#;

/// Accounts 1, which was overdrawn at revision 2, and 2, and an order.
fn bank() -> Served {
    let served = serve(&["--memory"]);
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let client = eventstore::Client::new(served.url.parse().unwrap()).unwrap();
        for (stream, event_type, data) in [
            ("account-1", "AccountOpened", json!({"Owner": "ada", "Currency": "EUR"})),
            ("account-1", "MoneyDeposited", json!({"Amount": 5})),
            ("account-1", "MoneyWithdrawn", json!({"Amount": 20})),
            ("account-1", "MoneyDeposited", json!({"Amount": 15})),
            ("account-2", "AccountOpened", json!({"Owner": "bob", "Currency": "EUR"})),
            ("account-2", "MoneyDeposited", json!({"Amount": 5})),
            ("account-2", "MoneyWithdrawn", json!({"Amount": 3})),
            ("order-1", "OrderCreated", json!({"OrderID": "1", "UserID": "ada", "Total": 1})),
            ("order-1", "OrderPaid", json!({"OrderID": "1"})),
        ] {
            let event = eventstore::EventData::json(event_type, &data).unwrap();
            let written =
                client.append_to_stream(stream, &eventstore::AppendToStreamOptions::default(), event).await;
            assert!(written.is_ok(), "{written:?}");
        }
    });
    served
}

/// Standard output and standard error.
#[track_caller]
fn check(served: &Served, exit: i32, definition: &str, options: &[&str]) -> (String, String) {
    let file = served.folder.path().join("checked.js");
    fs::write(&file, definition).unwrap();
    let output = served.run(exit, &[&["check", file.to_str().unwrap()], options].concat());
    (text(&output.stdout), text(&output.stderr))
}

#[track_caller]
fn check_json(served: &Served, exit: i32, definition: &str, options: &[&str]) -> Vec<Value> {
    let (out, _) = check(served, exit, definition, &[options, &["--json"]].concat());
    out.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn no_problem_is_exit_0() {
    let served = bank();
    let (out, error) = check(&served, 0, LAX, &[]);
    assert_eq!((out.as_str(), error.as_str()), ("checked.js: 0 problems in 0 of 2 streams.\n", ""));
    assert_eq!(check_json(&served, 0, LAX, &["--all"]), [] as [Value; 0]);
    let none = "fromCategory('nothing').foreachStream().when({})";
    assert_eq!(check(&served, 0, none, &[]).0, "checked.js: 0 problems in 0 of 0 streams.\n");
}

#[test]
fn problems_are_told_with_their_place_and_stack_and_are_exit_1() {
    let served = bank();
    let (out, _) = check(&served, 1, STRICT, &[]);
    let says = "account-1 2  script-threw  MoneyWithdrawn: too much (checked.js:9:13). The state stays as it was after revision 1.
    at stop (checked.js:9:13)
    at MoneyWithdrawn (checked.js:5:34)
checked.js: 1 problem in 1 of 2 streams.
";
    assert_eq!(out, says);
    let lines = check_json(&served, 1, STRICT, &[]);
    let told = json!({
        "stream": "account-1", "revision": 2, "type": "MoneyWithdrawn",
        "problem": {
            "kind": "script-threw",
            "text": "MoneyWithdrawn: too much (checked.js:9:13). The state stays as it was after revision 1.",
            "fault": {
                "message": "too much", "file": "checked.js", "line": 9, "column": 13,
                "stack": ["at stop (checked.js:9:13)", "at MoneyWithdrawn (checked.js:5:34)"],
            },
        },
    });
    assert_eq!(lines, [told]);
}

#[test]
fn a_rule_of_the_definition_that_does_not_hold_is_a_problem() {
    let served = bank();
    let lines = check_json(&served, 1, ACCOUNTS, &[]);
    let told: Vec<_> = lines.iter().map(|line| (&line["stream"], &line["revision"])).collect();
    assert_eq!(told, [(&"account-1".into(), &2.into())]);
    assert!(lines[0]["problem"]["text"].as_str().unwrap().starts_with("The balance would be -15"));
    assert_eq!(lines[0]["problem"]["kind"], "script-problem");
}

#[test]
fn one_stream_is_checked_alone() {
    let served = bank();
    assert_eq!(
        check(&served, 0, STRICT, &["--stream", "account-2"]).0,
        "checked.js: 0 problems in 0 of 1 stream.\n"
    );
    check(&served, 1, STRICT, &["--stream", "account-1"]);
    let (_, error) = check(&served, 2, STRICT, &["--stream", "account-9"]);
    assert_eq!(error, "Stream account-9 does not exist.\n");
    check(&served, 2, STRICT, &["--stream", "account-1", "--all"]);
}

#[test]
fn a_definition_of_one_stream_reads_that_one() {
    let served = bank();
    let of = |stream: &str| format!("fromStream('{stream}').when({{ $any() {{ throw 'no'; }} }})");
    let lines = check_json(&served, 1, &of("order-1"), &[]);
    assert_eq!(lines.len(), 2);
    assert_eq!(lines[1]["problem"]["fault"]["message"], "no");
    let (out, error) = check(&served, 0, &of("order-9"), &[]);
    assert_eq!(out, "checked.js: 0 problems in 0 of 0 streams.\n");
    assert_eq!(error, "Stream order-9 does not exist.\n");
}

#[test]
fn two_definitions_are_compared_stream_by_stream() {
    let served = bank();
    let other = served.folder.path().join("other.js");
    let with = ["--with", other.to_str().unwrap()];
    fs::write(&other, STRICT).unwrap();
    let (out, _) = check(&served, 1, LAX, &with);
    let says = "account-1 differs from revision 2 on, and at its end.
checked.js: 0 problems in 0 of 2 streams. The two definitions differ in 1 of 2 streams.
";
    assert_eq!(out, says);
    let lines = check_json(&served, 1, LAX, &with);
    assert_eq!(lines, [json!({"stream": "account-1", "differs_at": 2, "differs_at_end": true})]);
    fs::write(&other, LAX).unwrap();
    let (out, _) = check(&served, 0, &format!("{LAX} "), &with);
    let says = "checked.js: 0 problems in 0 of 2 streams. The two definitions differ in 0 of 2 streams.\n";
    assert_eq!(out, says);
    fs::write(&other, "fromStreams('account-1', 'account-2').when({})").unwrap();
    let (_, error) = check(&served, 2, LAX, &with);
    assert!(error.starts_with("other.js folds several streams into one state"), "{error}");
    fs::write(&other, "aggregate({").unwrap();
    check(&served, 2, LAX, &with);
}

#[test]
fn a_file_that_is_no_definition_is_named_with_the_place() {
    let served = bank();
    let (out, error) = check(&served, 2, "aggregate({\n  x: }", &[]);
    assert_eq!(out, "");
    assert_eq!(error, "Definition checked.js:2:6: unexpected token in expression: '}'.\n");
    let (_, error) = check(&served, 2, "aggregate({ when: {} })", &[]);
    assert!(error.contains("category is missing"), "{error}");
    let missing = served.folder.path().join("missing.js");
    let error = text(&served.run(2, &["check", missing.to_str().unwrap()]).stderr);
    assert!(error.contains("missing.js: the file cannot be read: "), "{error}");
    let folder = served.folder.path().to_str().unwrap();
    assert!(text(&served.run(2, &["check", folder]).stderr).contains("the file cannot be read: "));
    served.run(2, &["check"]);
}

#[test]
fn a_projection_of_several_streams_is_run_as_a_whole() {
    let served = bank();
    let sum = "fromStreams('account-1', 'account-2').when({ MoneyDeposited(s, e) { s.sum = (s.sum ?? 0) + e.data.Amount; } })";
    assert_eq!(check(&served, 0, sum, &[]).0, "checked.js: no problem in 7 events, 1 state.\n");
    assert_eq!(check_json(&served, 0, sum, &[]), [] as [Value; 0]);
    let parts = "fromAll().partitionBy((e) => e.data?.Currency).when({ $any(s) { s.n = 1; } })";
    assert!(check(&served, 0, parts, &[]).0.ends_with(" 1 state.\n"));
    let fault = "fromStreams('account-1', 'account-2').when({\n  MoneyWithdrawn(s, e) { null.x; } })";
    let (out, _) = check(&served, 1, fault, &[]);
    let says = "account-1 2  script-threw  TypeError: cannot read property 'x' of null (checked.js:2:";
    assert!(out.starts_with(says) && out.contains("\n    at MoneyWithdrawn (checked.js:2:"), "{out}");
    let lines = check_json(&served, 1, fault, &[]);
    assert_eq!((&lines[0]["stream"], &lines[0]["revision"]), (&"account-1".into(), &2.into()));
    assert_eq!(lines[0]["fault"]["line"], 2);
    let (_, error) = check(&served, 2, sum, &["--stream", "account-1"]);
    assert!(error.contains("folds several streams into one state: it is run as a whole"), "{error}");
}

#[test]
fn a_definition_of_all_streams_counts_for_those_with_a_definition_too() {
    let served = bank();
    let second =
        "fromAll().foreachStream().when({ $any(s, e) { if (e.sequenceNumber === 1) throw 'second'; } })";
    let lines = check_json(&served, 1, second, &[]);
    let told: Vec<_> = lines.iter().map(|line| line["stream"].as_str().unwrap()).collect();
    assert_eq!(told, ["account-1", "account-2", "order-1"]);
    let (out, _) = check(&served, 1, second, &[]);
    assert!(out.ends_with("checked.js: 3 problems in 3 of 3 streams.\n"), "{out}");
    let own = served.folder.path().join("data").join("aggregates");
    fs::create_dir_all(&own).unwrap();
    fs::write(own.join("accounts.js"), ACCOUNTS).unwrap();
    assert_eq!(check_json(&served, 1, second, &[]).len(), 3, "the file alone is checked");
}

#[test]
fn a_state_outside_the_state_is_told_with_or_without_problems() {
    let served = bank();
    let globals = |then: &str| {
        format!(
            "let n = 0; fromCategory('account').foreachStream().when({{ $any(s, e) {{ n++; {then} return {{ n }}; }} }})"
        )
    };
    for (exit, then) in [(0, ""), (1, "if (e.data.Amount === 3) throw 'three';")] {
        let (_, error) = check(&served, exit, &globals(then), &[]);
        assert!(error.contains("the definition keeps something outside the state."), "{error}");
    }
}

#[test]
fn nobody_at_the_address_is_exit_5() {
    let served = bank();
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let file = served.folder.path().join("checked.js");
    fs::write(&file, LAX).unwrap();
    let mut command = crate::cli::program(&served.folder);
    let output = command.arg("check").arg(&file).args(["-c", &format!("esdb://{free}?tls=false")]).output();
    assert_eq!(output.unwrap().status.code(), Some(5));
}

#[test]
fn show_tells_what_a_projection_would_have_written() {
    let served = bank();
    let text_of = r#"fromCategory("account").foreachStream().when({
  AccountOpened(s, e) { log("opened"); emit("mails", "MailSent", { to: e.data.Owner }); return { n: 1 }; },
  MoneyDeposited(s, e) { linkTo("deposits", e); },
}).transformBy((s) => ({ count: s.n }));
"#;
    let folder = served.folder.path().join("own");
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("mails.js"), text_of).unwrap();
    let folder = folder.to_str().unwrap();
    let out = text(&served.run(0, &["--aggregates", folder, "show", "account-2"]).stdout);
    for line in [
        "       emits    MailSent to mails {\"to\":\"bob\"}\n",
        "       log      opened\n",
        "       result   {\"count\":1}\n",
        "       emits    $> to deposits 1@account-2\n",
    ] {
        assert!(out.contains(line), "{line} in {out}");
    }
    let out = text(&served.run(0, &["--aggregates", folder, "show", "account-2", "--json"]).stdout);
    let lines: Vec<Value> = out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let emitted = json!([{"stream": "mails", "type": "MailSent", "data": {"to": "bob"}, "metadata": null}]);
    assert_eq!(lines[0]["output"], json!({"emitted": emitted, "log": ["opened"], "result": {"count": 1}}));
    assert_eq!(lines[2].get("output"), None, "nothing is said of an event that is not handled");
    // Nothing was written.
    served.run(2, &["show", "mails"]);
}
