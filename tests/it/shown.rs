//! `hindsight show` and `list` on odd data, long streams and links.

use crate::cli::{serve, text};
use crate::faults::Proxy;
use hindsight::node::{Config, Node};

#[test]
fn odd_text_is_kept_named_and_shown() {
    let served = serve(&["--memory"]);
    let half = br#"{"OrderID":"a","UserID":"bob \ud83d","Total":1,"\udc00":0}"#;
    served.write("order-a", "OrderCreated", half);
    let line = text(&served.run(0, &["show", "order-a", "--json"]).stdout);
    assert!(line.contains(r#""UserID":"bob \ud83d""#), "the data to the byte: {line}");
    assert!(
        line.contains(r#""UserID":"bob \\ud83d""#) && line.contains(r#""problem":null"#),
        "folded: {line}"
    );
    served.run(0, &["pay", "a"]);

    served.write(
        "order-b",
        "OrderCreated",
        "\u{feff}{\"OrderID\":\"b\",\"UserID\":\"u\",\"Total\":1}".as_bytes(),
    );
    let marked = text(&served.run(0, &["show", "order-b"]).stdout);
    assert!(marked.contains("it begins with a byte order mark") && marked.contains(r"\u{feff}{"), "{marked}");

    served.write(
        "order-c",
        "OrderCreated",
        "{\"OrderID\":\"c\",\"UserID\":\"a\u{200b}b\",\"Total\":1}".as_bytes(),
    );
    assert!(
        text(&served.run(0, &["show", "order-c"]).stdout).contains(r"a\u{200b}b"),
        "what cannot be seen is shown"
    );
}

#[test]
fn long_binary_and_pretty_data_are_readable_and_cuts_have_a_sign() {
    let served = serve(&["--memory"]);
    let long = format!(r#"{{"OrderID":"a","UserID":"{}","Total":1}}"#, "x".repeat(9_000));
    served.write("order-a", "OrderCreated", long.as_bytes());
    served.write("order-a", "Image", b"\xff\x00\x01");
    served.write("order-a", "Image", &[0xff; 10_000]);
    served.write("order-a", "Note", b"{\n  \"a\": 1,\n  \"b\": [\n    2\n  ]\n}\n");
    let shown = text(&served.run(0, &["show", "order-a"]).stdout);
    assert!(shown.contains("… (cut; 9037 bytes in all, --json has them)"), "{}", &shown[..300]);
    assert!(shown.contains("3 bytes, base64 /wAB\n"), "{shown}");
    assert!(shown.contains("10000 bytes, base64 ") && shown.contains("… (cut; --json has all)"));
    assert!(shown.contains(r#"data     {"a": 1, "b": [2]}"#), "{shown}");
}

#[test]
fn links_show_what_they_lead_to() {
    let served = serve(&["--memory"]);
    served.run(0, &["create", "--user", "u", "--total", "1", "--id", "a"]);
    served.write("order-links", "$>", b"0@order-a");
    served.write("order-links", "$>", b"7@order-gone");
    let shown = text(&served.run(0, &["show", "order-links"]).stdout);
    assert!(shown.contains("target   OrderCreated at revision 0 of order-a, 2"), "{shown}");
    assert!(shown.contains(r#"{"OrderID":"a","UserID":"u","Total":1}"#), "{shown}");
    assert!(shown.contains("gone: what it leads to cannot be read"), "{shown}");
    let lines = served.json(&["show", "order-links"]);
    assert_eq!(lines[0]["target"]["stream"], "order-a");
    assert_eq!(lines[0]["target"]["type"], "OrderCreated");
    assert_eq!(lines[0]["target"]["data"]["UserID"], "u");
    assert!(lines[1]["target"].is_null() && lines[1].as_object().unwrap().contains_key("target"));
    let all = served.json(&["show", "$ce-order"]);
    assert_eq!(all[0]["target"]["stream"], "order-a");
}

#[test]
fn no_more_is_read_than_was_asked_for() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let node = runtime.block_on(Node::start(Config::default())).unwrap();
    let client = runtime.block_on(async { crate::production::client(&node.connection_string()) });
    for _ in 0..10 {
        let notes = (0..1_000).map(|_| {
            eventstore::EventData::json("Note", &serde_json::json!({"x": "y".repeat(100)})).unwrap()
        });
        let notes: Vec<_> = notes.collect();
        let options = eventstore::AppendToStreamOptions::default();
        runtime.block_on(client.append_to_stream("order-long", &options, notes)).unwrap();
    }
    let proxy = runtime.block_on(Proxy::before(node.address()));
    proxy.arm(None);
    let folder = tempfile::tempdir().unwrap();
    let url = format!("esdb://{}?tls=false", proxy.address);
    let show = ["-c", &url, "show", "order-long", "--at", "5"];
    let output = crate::cli::program(&folder).args(show).output().unwrap();
    assert_eq!(text(&output.stdout).matches("Note").count(), 6, "{}", text(&output.stderr));
    assert!(proxy.passed()[1] < 20_000, "{} bytes for six events", proxy.passed()[1]);
    let show = ["-c", &url, "show", "order-long", "--at", "10000"];
    let output = crate::cli::program(&folder).args(show).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("Use one from 0 to 9999"), "{}", text(&output.stderr));
}

#[test]
fn what_is_said_of_missing_things_is_true() {
    let served = serve(&["--memory"]);
    for _ in 0..3 {
        served.write("order-notes", "Note", b"{}");
    }
    let refused = text(&served.run(3, &["pay", "notes"]).stderr);
    assert!(
        refused.contains("no event creates order notes") && !refused.contains("does not exist"),
        "{refused}"
    );
    let all = text(&served.run(2, &["show", "$all"]).stderr);
    assert!(all.starts_with("$all is every stream, not one"), "{all}");
    served.write("mystream", "Note", b"{}");
    let nothing = text(&served.run(0, &["list", "--category", "mystream"]).stderr);
    assert!(
        nothing.contains("none whose name begins with mystream-") && !nothing.contains("hindsight create"),
        "{nothing}"
    );
}
