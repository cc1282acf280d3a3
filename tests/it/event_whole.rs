//! The event whole: JSON that folds, paths, bytes, and a command line that appends it again.

use crate::payloads::{copied, with_data};
use crate::window::Window;
use egui::{Key, Modifiers};
use egui_kittest::kittest::{NodeT, Queryable};
use hindsight::record::payload_text::{Folds, PayloadText, RowTokens, Token, pretty};
use hindsight::record::{Created, Position, Record, Revision, StreamName};
use proptest::prelude::*;
use serde_json::Value;
use std::io::Write;
use std::process::{Command, Stdio};

fn rows(text: &PayloadText, data: &[u8], columns: usize, folds: &Folds) -> Vec<String> {
    let index = text.rows(columns, folds, &|| true).unwrap();
    (0..index.count()).map(|row| text.row(&index, row, data)).collect()
}

fn any_json() -> impl Strategy<Value = Value> {
    let name = || "[a-z\"\\\\ é{\\[:,]{0,6}";
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        name().prop_map(Value::from)
    ];
    leaf.prop_recursive(5, 60, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::btree_map(name(), inner, 0..6)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

/// A value inside another one, as it is shown where that is folded.
fn folded(value: &Value) -> String {
    match value {
        Value::Object(map) if !map.is_empty() => "{ … }".to_owned(),
        Value::Array(list) if !list.is_empty() => "[ … ]".to_owned(),
        value => value.to_string(),
    }
}

/// The rows of a value all of whose inner values are folded.
fn naive_folded(value: &Value) -> Vec<String> {
    let (open, close, inner): (_, _, Vec<String>) = match value {
        Value::Object(map) if !map.is_empty() => {
            let field = |(name, value): (&String, &Value)| {
                format!("{}: {}", Value::from(name.as_str()), folded(value))
            };
            ("{", "}", map.iter().map(field).collect())
        }
        Value::Array(list) if !list.is_empty() => ("[", "]", list.iter().map(folded).collect()),
        value => return vec![value.to_string()],
    };
    let last = inner.len() - 1;
    let line = |(n, line): (usize, String)| format!("  {line}{}", if n < last { "," } else { "" });
    let inner = inner.into_iter().enumerate().map(line);
    [open.to_owned()].into_iter().chain(inner).chain([close.to_owned()]).collect()
}

/// The rows of the last columns of a hex dump, without the program's own code.
fn naive_dump(bytes: &[u8]) -> Vec<String> {
    let row = |(n, part): (usize, &[u8])| {
        let digits = part.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().join(" ");
        let text = part.iter().map(|&byte| if (32..127).contains(&byte) { byte as char } else { '.' });
        format!("{:06x} {digits:<47} {}", n * 16, text.collect::<String>())
    };
    bytes.chunks(16).enumerate().map(row).collect()
}

proptest! {
    #[test]
    fn rows_of_any_json_are_a_naive_walk_unfolded_folded_and_unfolded_again(json in any_json()) {
        let data = serde_json::to_vec(&json).unwrap();
        let text = PayloadText::readable(&data, &|| true).unwrap();
        let walk: Vec<String> =
            serde_json::to_string_pretty(&json).unwrap().lines().map(str::to_owned).collect();
        prop_assert_eq!(&rows(&text, &data, 400, &Folds::default()), &walk);
        prop_assert_eq!(rows(&text, &data, 400, &Folds::from(1)), naive_folded(&json));
        prop_assert_eq!(pretty(&data).unwrap(), walk.join("\n") + "\n");
        // Each one by its row: folded, it hides; unfolded, all is as it was.
        let index = text.rows(400, &Folds::default(), &|| true).unwrap();
        for (bracket, _) in (0..index.count()).filter_map(|row| text.fold(&index, row)) {
            let mut folds = Folds::default();
            folds.toggle(bracket);
            let shown = rows(&text, &data, 400, &folds);
            prop_assert!(shown.len() < walk.len());
            folds.toggle(bracket);
            prop_assert_eq!(&rows(&text, &data, 400, &folds), &walk);
        }
    }

    #[test]
    fn the_path_of_every_row_leads_to_its_value(json in any_json()) {
        let data = serde_json::to_vec(&json).unwrap();
        let text = PayloadText::readable(&data, &|| true).unwrap();
        let mut paths = Vec::new();
        naive_paths(&json, String::new(), &mut paths);
        let index = text.rows(400, &Folds::default(), &|| true).unwrap();
        let value = |row| text.value_at(text.place(&index, row), &|| true).unwrap().unwrap();
        let bytes = |value| {
            let range = text.value_range(&data, &value, &|| true).unwrap();
            (value.path, serde_json::from_slice::<Value>(&data[range]).unwrap())
        };
        prop_assert_eq!((0..index.count()).map(value).map(bytes).collect::<Vec<_>>(), paths);
    }

    #[test]
    fn bytes_are_a_naive_dump(bytes in prop::collection::vec(any::<u8>(), 1..200)) {
        let text = PayloadText::bytes(&bytes);
        prop_assert_eq!(rows(&text, &bytes, 80, &Folds::default()), naive_dump(&bytes));
    }
}

fn naive_paths(value: &Value, path: String, paths: &mut Vec<(String, Value)>) {
    paths.push((path.clone(), value.clone()));
    let is_empty = match value {
        Value::Object(map) => {
            for (name, value) in map {
                let plain = name.starts_with(char::is_alphabetic) && name.chars().all(char::is_alphanumeric);
                let step = if plain { name.clone() } else { Value::from(name.as_str()).to_string() };
                let step = if path.is_empty() { step } else { format!(".{step}") };
                naive_paths(value, path.clone() + &step, paths);
            }
            map.is_empty()
        }
        Value::Array(list) => {
            for (number, value) in list.iter().enumerate() {
                naive_paths(value, format!("{path}[{number}]"), paths);
            }
            list.is_empty()
        }
        _ => true,
    };
    if !is_empty {
        paths.push((path, value.clone()));
    }
}

/// A client that says what it was told, as JSON.
const STUB: &str = "
class StreamState: ANY = 'any'
class NewEvent:
    def __init__(self, **given): self.__dict__ = given
class KurrentDBClient:
    def __init__(self, uri): self.uri = uri
    def append_to_stream(self, stream, current_version, events):
        import json
        e = events[0]
        self.appended = json.dumps([self.uri, stream, current_version, e.type, e.content_type, e.data.hex(), e.metadata.hex()])
    # The real one keeps the program from ending until it is closed.
    def close(self): print(self.appended)
";

#[test]
fn the_append_command_run_by_sh_gives_the_exact_bytes() {
    let client = tempfile::tempdir().unwrap();
    std::fs::write(client.path().join("kurrentdbclient.py"), STUB).unwrap();
    let all: Vec<u8> = (0..=255).collect();
    let large = vec![0xfe; 300_000];
    for (stream, kind, data, metadata) in [
        ("order-1", "OrderPaid", &b"{\"OrderID\": \"1\"}"[..], &b""[..]),
        ("o'; echo \"$(id)\" `id` \\ !! \u{e9}\u{1f600}", "a\nb\u{1b}[201~\0", &all, b"'\n"),
        ("", "-c", b"", &all),
        ("order-1", "Large", &large, b"{}"),
    ] {
        let record = Record {
            stream: StreamName::new(stream),
            revision: Revision(0),
            id: uuid::Uuid::nil(),
            event_type: kind.into(),
            created: Created::now(),
            position: Position { commit: 0, prepare: 0 },
            declared_json: false,
            data: data.into(),
            metadata: metadata.into(),
            target: None,
        };
        let line = hindsight::record::RecordRef::from(&record).append_command();
        assert!(line.chars().all(|c| c == '\n' || !c.is_control()), "no terminal obeys it: {line}");
        let run = |url: Option<&str>| {
            let mut sh = Command::new("sh");
            sh.env("PYTHONPATH", client.path()).env("PYTHONDONTWRITEBYTECODE", "1");
            match url {
                Some(url) => sh.env("HINDSIGHT_CONNECTION", url),
                None => sh.env_remove("HINDSIGHT_CONNECTION"),
            };
            let pipes = sh.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
            let mut child = pipes.spawn().unwrap();
            child.stdin.take().unwrap().write_all(line.as_bytes()).unwrap();
            child.wait_with_output().unwrap()
        };
        let out = run(Some("esdb://here"));
        let told: Value = serde_json::from_slice(&out.stdout)
            .unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&out.stderr)));
        let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().concat();
        let content = "application/octet-stream";
        let told_of =
            serde_json::json!(["esdb://here", stream, "any", kind, content, hex(data), hex(metadata)]);
        assert_eq!(told, told_of);
        let without = run(None);
        assert!(!without.status.success() && without.stdout.is_empty());
        assert!(String::from_utf8_lossy(&without.stderr).contains("HINDSIGHT_CONNECTION"));
    }
}

#[test]
fn names_and_values_are_told_apart() {
    for (json, key, value, token) in [
        (r#"{"a":"x,"}"#, "\"a\"", "\"x,\"", Token::Text),
        (r#"{"a":-1.50,"b":1}"#, "\"a\"", "-1.50", Token::Number),
        (r#"["a: b"]"#, "", "\"a: b\"", Token::Text),
        ("[null,1]", "", "null", Token::Word),
    ] {
        let text = PayloadText::readable(json.as_bytes(), &|| true).unwrap();
        let index = text.rows(80, &Folds::default(), &|| true).unwrap();
        let shown = text.row(&index, 1, json.as_bytes());
        let RowTokens { key: k, value: v, token: t } = text.tokens(&index, 1).unwrap();
        assert_eq!((&shown[k], &shown[v], t), (key, value, token), "{json}");
    }
}

fn copies(window: &mut Window, name: &str) -> Option<String> {
    window.harness.get_by_label(name).click();
    (0..6).find_map(|_| {
        window.harness.step();
        copied(window)
    })
}

#[test]
fn an_array_is_folded_a_hit_in_it_unfolds_it_and_a_row_gives_its_path() {
    let mut window = with_data(&[br#"{"items":[{"price":7.10}],"after":true}"#]);
    window.press(Modifiers::NONE, Key::Num3);
    window.until("\"price\": 7.10");
    window.click("Fold items");
    window.until("\"items\": [ … ],");
    assert!(!window.shows("\"price\": 7.10") && window.shows("\"after\": true"));
    window.press(Modifiers::COMMAND, Key::F);
    window.harness.event(egui::Event::Text("7.10".to_owned()));
    window.until("\"price\": 7.10");
    window.press(Modifiers::NONE, Key::Escape);
    window.harness.get_by_label_contains("\"price\": 7.10").click();
    window.harness.run_steps(4);
    window.until("items[0].price");
    assert_eq!(copies(&mut window, "Copy path").as_deref(), Some("items[0].price"));
    assert_eq!(copies(&mut window, "Copy value").as_deref(), Some("7.10"));
}

#[test]
fn the_menu_copies_pretty_json_and_a_command_and_folds_all() {
    let mut window = with_data(&[br#"{"a":{"b":1.0}}"#]);
    window.press(Modifiers::NONE, Key::Num3);
    window.until("\"b\": 1.0");
    window.click("Copy as");
    let pretty = copies(&mut window, "Copy as pretty JSON");
    assert_eq!(pretty.as_deref(), Some("{\n  \"a\": {\n    \"b\": 1.0\n  }\n}\n"));
    window.click("Copy as");
    let command = copies(&mut window, "Copy append command").unwrap();
    assert!(command.contains("eyJhIjp7ImIiOjEuMH19") && command.contains("'\"order-large\"'"), "{command}");
    window.click("Copy as");
    window.click("Fold all");
    window.until("\"a\": { … }");
    window.click("Copy as");
    window.click("Unfold all");
    window.until("\"b\": 1.0");
}

/// What has the focus, as a screen reader says it.
fn focused(window: &Window) -> (String, String) {
    let mut nodes = window.harness.root().children_recursive().map(|node| node.accesskit_node());
    let node = nodes.find(egui_kittest::kittest::AccessKitNode::is_focused).expect("something has the focus");
    (node.label().unwrap_or_default(), node.value().unwrap_or_default())
}

#[test]
fn the_arrows_walk_through_json_fold_and_unfold_it_and_enter_gives_the_path() {
    let mut window = with_data(&[br#"{"a b":{"c":[1,2.50]},"after":true}"#]);
    window.press(Modifiers::NONE, Key::Num3);
    window.until("\"after\": true");
    while focused_or_none(&window).0 != "Line 1 of data" {
        window.press(Modifiers::NONE, Key::Tab);
    }
    window.press(Modifiers::NONE, Key::ArrowDown);
    assert_eq!(focused(&window), ("Line 2 of data".to_owned(), "\"a b\": {".to_owned()));
    window.press(Modifiers::NONE, Key::ArrowLeft);
    window.harness.run_steps(3);
    assert_eq!(focused(&window).1, "\"a b\": { … },");
    window.press(Modifiers::NONE, Key::ArrowRight);
    window.harness.run_steps(3);
    for _ in 0..3 {
        window.press(Modifiers::NONE, Key::ArrowDown);
    }
    assert_eq!(focused(&window).1, "2.50");
    window.press(Modifiers::NONE, Key::Enter);
    window.until("\"a b\".c[1]");
    assert!(window.shows("rev 0 of 0"), "the arrows stepped nowhere");
    window.press(Modifiers::NONE, Key::Tab);
    assert!(!focused_or_none(&window).0.starts_with("Line"), "one Tab leaves the text");
}

fn focused_or_none(window: &Window) -> (String, String) {
    let mut nodes = window.harness.root().children_recursive();
    if nodes.any(|node| node.accesskit_node().is_focused()) { focused(window) } else { Default::default() }
}

#[test]
fn json_ten_thousand_levels_deep_is_drawn_folded_and_searched() {
    let levels = 10_000;
    let deep = format!("{}\"the core\"{}", "[".repeat(levels), "]".repeat(levels));
    let mut window = with_data(&[deep.as_bytes()]);
    window.press(Modifiers::NONE, Key::Num3);
    window.until("[");
    window.press(Modifiers::COMMAND, Key::F);
    window.harness.event(egui::Event::Text("the core".to_owned()));
    window.until("1 of 1");
    window.until("\"the core\"");
    window.press(Modifiers::NONE, Key::Escape);
    window.harness.get_by_label_contains("\"the core\"").click();
    window.until("Copy value");
    assert_eq!(copies(&mut window, "Copy value").as_deref(), Some("\"the core\""));
    window.click("Copy as");
    window.click("Fold below level 2");
    window.until("[ … ]");
}
