//! A stream as a file: exported, opened with no server, and exported again.

use crate::cli::{Served, program, serve, text};
use crate::window::Window;
use hindsight::app::{
    Action, Answer, App, ConnectionIntent, Effect, Failure, FileIntent, Intent, ListIntent, Said, Settings,
    WriteMode,
};
use hindsight::node::{Config, Node};
use hindsight::record::history_file::{self, Head, HistoryFileFault, LineFault, event_line, head_line};
use hindsight::record::{Created, Record, Revision, StreamName};
use hindsight::run::open_history_file;
use hindsight::store::{ExportFault, Session, Store, Target};
use proptest::prelude::*;
use serde_json::Value;
use std::fs;
use std::io::Cursor;
use std::path::{Path, PathBuf};
use std::process::Output;
use std::sync::Arc;
use tempfile::TempDir;

/// A stream as the lines of its file, but for the time of the export.
async fn exported(session: &Session, stream: &str, served: Option<&Head>) -> Option<String> {
    let head = session.export_head(&StreamName::new(stream), None, served).await.unwrap()?;
    let mut lines = session.export_lines(&head, None);
    let mut out = head_line(&Head { time: Created(0), ..head });
    while let Some((text, _)) = lines.next().await.unwrap() {
        out.push_str(&text);
    }
    assert!(lines.is_whole(), "{stream}");
    Some(out)
}

/// Opens the lines as a file and exports the stream of it.
async fn exported_again(lines: &str, stream: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("history.jsonl");
    fs::write(&file, lines).unwrap();
    let served = open_history_file(&file).await.unwrap();
    let session = Session::connect(served.string().clone()).await.unwrap();
    exported(&session, stream, Some(served.head())).await.unwrap()
}

#[test]
fn every_sample_comes_back_as_it_was() {
    crate::run(async {
        let node = Node::start(Config { samples: true, ..Config::default() }).await.unwrap();
        let session = Session::connect(node.connection_string()).await.unwrap();
        let rows = session.list("*").await.unwrap();
        let mut streams: Vec<String> = rows.iter().map(|row| row.stream.to_string()).collect();
        streams.extend(["$ce-account", "$et-OrderPaid", "$streams", "$category-order"].map(str::to_owned));
        assert!(streams.len() > 40, "{streams:?}");
        let (mut truncated, mut ended) = (0, 0);
        for stream in &streams {
            let Some(lines) = exported(&session, stream, None).await else { panic!("{stream} is missing") };
            truncated += usize::from(lines.contains(r#""incomplete":["beginning"]"#));
            ended += usize::from(
                lines.contains(r#""life":"soft-deleted""#) || lines.contains(r#""life":"tombstoned""#),
            );
            assert_eq!(exported_again(&lines, stream).await, lines, "{stream}");
        }
        assert!(truncated >= 1 && ended == 2, "{truncated} {ended}");
    });
}

/// Data that a careless copy would change.
fn hostile() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        prop::collection::vec(any::<u8>(), 0..40),
        any::<String>().prop_map(String::into_bytes),
        prop::sample::select(vec![
            &b"{\"a\":1.50,\"a\":9007199254740993.25}"[..],
            b"\xef\xbb\xbf{\"a\" :\t1e0}\r\n",
            b"{\"a\":\"\\ud83d\"}",
            b"\"\\u001b[31m\"",
            b"\0\x7f\xc2\x9b31m",
            b"{\"a\":",
            b"0@order-1",
        ])
        .prop_map(<[u8]>::to_vec),
    ]
}

type Written = (bool, String, bool, Vec<u8>, Vec<u8>);

fn events() -> impl Strategy<Value = Vec<Written>> {
    let kind = prop_oneof![Just("$>".to_owned()), "[ -~]{1,8}", "\\PC{1,6}"];
    prop::collection::vec((any::<bool>(), kind, any::<bool>(), hostile(), hostile()), 0..12)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn what_was_exported_is_exported_again(
        events in events(),
        metadata in prop::option::of(prop::sample::select(vec![
            r#"{"$tb":2}"#, r#"{"$maxCount":3,"b" : [1, 1.0]}"#, r#"{"$tb":9223372036854775807}"#, "[]",
            r#"{"$maxAge":100000}"#,
        ])),
        tombstoned in prop::bool::weighted(0.1),
    ) {
        crate::run(async move {
            let node = Node::start(Config::default()).await.unwrap();
            let client = eventstore::Client::new(node.connection_string().parse().unwrap()).unwrap();
            let options = eventstore::AppendToStreamOptions::default();
            for (here, kind, json, data, metadata) in events {
                let event = if json {
                    eventstore::EventData::json(kind, &String::from_utf8_lossy(&data)).unwrap()
                } else {
                    eventstore::EventData::binary(kind, data.into())
                };
                let event = event.metadata(metadata.into()).id(uuid::Uuid::new_v4());
                let stream = if here { "order-1" } else { "order-2" };
                client.append_to_stream(stream, &options, event).await.unwrap();
            }
            if let Some(metadata) = metadata {
                let event = eventstore::EventData::binary("$metadata", metadata.into()).id(uuid::Uuid::new_v4());
                client.append_to_stream("$$order-1", &options, event).await.unwrap();
            }
            if tombstoned {
                client
.tombstone_stream("order-2", &eventstore::TombstoneStreamOptions::default()).await.unwrap();
            }
            let session = Session::connect(node.connection_string()).await.unwrap();
            for stream in ["order-1", "order-2", "$$order-1", "$ce-order"] {
                if let Some(lines) = exported(&session, stream, None).await {
                    assert_eq!(exported_again(&lines, stream).await, lines, "{stream}");
                }
            }
        });
    }

    #[test]
    fn a_file_of_any_bytes_is_refused_or_read(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        prop_assert!(history_file::read(Cursor::new(bytes)).is_err());
    }
}

fn record(revision: u64, position: u64) -> Record {
    Record {
        stream: StreamName::new("order-1"),
        revision: Revision(revision),
        id: uuid::Uuid::from_u128(u128::from(revision) + 1),
        event_type: "Noted".into(),
        created: Created(17_000_000_000_000_001),
        position: hindsight::record::Position { commit: position, prepare: position },
        declared_json: true,
        data: (*b"{}").into(),
        metadata: Box::default(),
        target: None,
    }
}

fn head(last: u64) -> String {
    format!(
        r#"{{"hindsight":1,"server":{{"address":"a:1","version":"24"}},"time":"2026-01-01T00:00:00.0000000Z","stream":"order-1","life":"live","first":0,"last":{last},"incomplete":[],"metadata":null}}
"#
    )
}

/// Each fault with the line that it is in.
#[test]
fn a_file_with_a_fault_is_not_opened() {
    let (one, two) = (event_line(&record(0, 64)), event_line(&record(1, 128)));
    let read = |text: &str| history_file::read(Cursor::new(text.as_bytes().to_vec()));
    let whole = format!("{}{one}{two}", head(1));
    assert_eq!(read(&whole).unwrap().log.len(), 2);
    assert!(read(&whole.replace('\n', "\r\n\n")).is_ok(), "other line ends");
    let at = |line, why| HistoryFileFault::Line { line, why };
    for (text, fault) in [
        (String::new(), HistoryFileFault::Empty),
        (one.clone(), HistoryFileFault::NoHead),
        ("binary \0 text".to_owned(), HistoryFileFault::NoHead),
        (whole.replace("\"hindsight\":1", "\"hindsight\":2"), HistoryFileFault::Version(2)),
        (
            format!("{}{one}", head(1)),
            HistoryFileFault::CutOff { last: Some(Revision(0)), said: Revision(1) },
        ),
        (format!("{whole}{whole}"), at(4, LineFault::Head)),
        (format!("{}{two}{one}", head(1)), at(3, LineFault::Revision(Revision(0)))),
        (format!("{}{one}{}", head(1), event_line(&record(1, 64))), at(3, LineFault::PositionOf(2))),
        (format!("{}{one}{}", head(1), event_line(&record(1, 9))), at(3, LineFault::PositionOf(2))),
        (format!("{}{one}{}", head(1), event_line(&record(1, 0))), at(3, LineFault::Position)),
        (
            whole.replacen("application/json", "text/plain", 1),
            at(2, LineFault::ContentType("text/plain".to_owned())),
        ),
        (
            whole.replacen("\"metadata\":\"\"", "\"metadata\":\"\",\"target\":null", 1),
            at(2, LineFault::Target),
        ),
    ] {
        assert_eq!(read(&text).err(), Some(fault), "{text}");
    }
    for (from, to) in [("\"Noted\"", "7"), ("\"type\"", "\"typo\""), ("\"{}\"", r#"{"base64":"*"}"#)] {
        let found = read(&whole.replacen(from, to, 1)).err();
        assert!(
            matches!(
                found,
                Some(HistoryFileFault::Line { why: LineFault::Json(_), .. } | HistoryFileFault::NoHead)
            ),
            "{to}: {found:?}"
        );
    }
}

/// The program on a file.
#[track_caller]
fn on_file(folder: &TempDir, exit: i32, arguments: &[&str]) -> Output {
    let output = program(folder).args(arguments).output().unwrap();
    assert_eq!(output.status.code(), Some(exit), "{arguments:?}: {}", text(&output.stderr));
    output
}

fn export(served: &Served, arguments: &[&str]) -> (PathBuf, Output) {
    let file = served.folder.path().join("history.jsonl");
    let shown = file.display().to_string();
    let output = served.run(0, &[&["export"], arguments, &["-o", &shown]].concat());
    (file, output)
}

#[test]
fn a_file_is_listed_shown_and_exported_as_a_database_is() {
    let served = serve(&["--memory"]);
    served.run(0, &["create", "--user", "ada", "--total", "99.90", "--id", "1"]);
    served.run(0, &["pay", "1"]);
    let (file, output) = export(&served, &["1"]);
    assert_eq!(text(&output.stderr).trim(), "Exported 2 events of order-1.");
    let (shown, folder) = (file.to_str().unwrap(), &served.folder);
    let list = text(&served.run(0, &["list", "--json"]).stdout);
    assert_eq!(text(&on_file(folder, 0, &["-c", shown, "list", "--json"]).stdout), list);
    assert_eq!(text(&on_file(folder, 0, &[shown, "list", "--json"]).stdout), list);
    let steps = text(&served.run(0, &["show", "order-1", "--json"]).stdout);
    assert_eq!(text(&on_file(folder, 0, &[shown, "show", "order-1", "--json"]).stdout), steps);
    // Without a display this is the text view.
    assert!(text(&on_file(folder, 0, &[shown]).stdout).contains("order-1"));
    let again = text(&on_file(folder, 0, &[shown, "export", "order-1"]).stdout);
    let lines = |text: &str| -> Vec<String> { text.lines().skip(1).map(str::to_owned).collect() };
    assert_eq!(lines(&again), lines(&fs::read_to_string(&file).unwrap()));
    let refused = on_file(folder, 6, &[shown, "pay", "1"]);
    assert!(text(&refused.stderr).contains("This is a file that was opened"), "{}", text(&refused.stderr));
}

#[test]
fn a_part_is_exported_and_a_file_is_not_replaced_unasked() {
    let served = serve(&["--memory"]);
    served.run(0, &["create", "--user", "ada", "--total", "1", "--id", "1"]);
    served.run(0, &["pay", "1"]);
    let (file, output) = export(&served, &["order-1", "--until", "0"]);
    assert!(text(&output.stderr).contains("Later events were left out."), "{}", text(&output.stderr));
    let written = fs::read_to_string(&file).unwrap();
    let lines: Vec<Value> = written.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!((lines.len(), &lines[0]["last"], &lines[0]["incomplete"][0]), (2, &0.into(), &"end".into()));
    let shown = file.to_str().unwrap();
    let refused = served.run(2, &["export", "order-1", "-o", shown]);
    assert!(text(&refused.stderr).contains("--force"), "{}", text(&refused.stderr));
    assert_eq!(fs::read_to_string(&file).unwrap(), written);
    served.run(0, &["export", "order-1", "-o", shown, "--force"]);
    assert_eq!(fs::read_to_string(&file).unwrap().lines().count(), 3);
    for (arguments, says) in [
        (&["export", "order-2"][..], "Stream order-2 does not exist"),
        (&["export", "$all"], "$all is every stream"),
        (&["export", "order-1", "--until", "7"], "has no revision 7. Use one from 0 to 1."),
        (&["export", "order-1", "-o", "/nowhere/at/all"], "cannot be written"),
    ] {
        let said = text(&served.run(2, arguments).stderr);
        assert!(said.contains(says), "{said}");
    }
    let left: Vec<_> =
        fs::read_dir(served.folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert!(!left.iter().any(|name| name.to_string_lossy().contains(".part")), "{left:?}");
}

#[test]
fn what_cannot_be_opened_is_told_with_its_name() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &str| -> String {
        let path: &Path = &folder.path().join(name);
        fs::write(path, text).unwrap();
        path.display().to_string()
    };
    let bad = format!("{}{{\"revision\":\"\u{1b}[31m\"}}\n", head(0));
    for (named, says) in [
        (folder.path().display().to_string(), "is a folder"),
        (file("empty.jsonl", ""), "is empty"),
        (file("other.jsonl", "{}\n"), "its first line is no head"),
        (file("bad.jsonl", &bad), "line 2 cannot be read"),
        (folder.path().join("none.jsonl").display().to_string(), "cannot be read"),
    ] {
        let said = text(&on_file(&folder, 2, &[&named, "list"]).stderr);
        assert!(said.contains(says) && said.contains(&named) && !said.contains('\u{1b}'), "{said}");
    }
}

/// A sample of the window's node as a file.
fn sample(window: &Window, stream: &str) -> (TempDir, PathBuf) {
    let url = window.node.connection_string();
    let lines = window.runtime.block_on(async {
        let session = Session::connect(url).await.unwrap();
        exported(&session, stream, None).await.unwrap()
    });
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("evidence.jsonl");
    fs::write(&file, lines).unwrap();
    (folder, file)
}

#[test]
fn the_window_opens_a_file_and_says_that_it_is_one() {
    let mut window = Window::open(true, egui::Theme::Dark);
    let (folder, file) = sample(&window, "account-7");
    drop_file(&mut window, &file);
    window.until("evidence.jsonl");
    window.until("complete history");
    assert!(window.shows("account-7") && !window.shows("account-12"));
    // A file that cannot be opened leaves everything as it is.
    let bad = folder.path().join("bad.jsonl");
    fs::write(&bad, "{}\n").unwrap();
    drop_file(&mut window, &bad);
    window.until("its first line is no head");
    assert!(window.shows("evidence.jsonl") && window.shows("account-7"));
}

#[test]
fn a_chosen_file_is_read_before_what_is_open_goes() {
    crate::run(async {
        let node = Node::start(Config { samples: true, ..Config::default() }).await.unwrap();
        let session = Session::connect(node.connection_string()).await.unwrap();
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.jsonl");
        fs::write(&file, exported(&session, "account-7", None).await.unwrap()).unwrap();
        let mut app = App::new(Target::Sandbox, "order", Settings::default());
        let effects = app.apply(Action::OpenFile.intent().unwrap());
        assert!(matches!(&effects[..], [Effect::ChooseHistory]), "{effects:?}");
        assert!(app.answer(Answer::HistoryFile(Ok(None))).is_empty());
        let effects = app.answer(Answer::HistoryFile(Ok(Some(file.clone()))));
        assert!(matches!(&effects[..], [Effect::OpenHistory(path)] if *path == file), "{effects:?}");
        assert_eq!(*app.target(), Target::Sandbox);
        app.answer(Answer::Opened(Err(Failure::HistoryFile(file.clone(), HistoryFileFault::Empty))));
        assert_eq!(*app.target(), Target::Sandbox);
        let served = open_history_file(&file).await.unwrap();
        app.answer(Answer::Opened(Ok(served.clone())));
        assert_eq!((app.target(), app.category()), (&Target::File(served), "account"));
        assert_eq!(app.opened().unwrap().stream().as_str(), "account-7");
        assert_eq!(app.write_mode(), WriteMode::ReadOnly);
    });
}

#[derive(Debug)]
struct Dropped(PathBuf);

impl egui::DroppedFile for Dropped {
    fn path(&self) -> &Path {
        &self.0
    }

    fn bytes(&self) -> Result<Vec<u8>, String> {
        Err("the program reads it by its path".to_owned())
    }
}

fn drop_file(window: &mut Window, file: &Path) {
    window.harness.input_mut().dropped_files.push(Arc::new(Dropped(file.to_owned())));
    window.harness.run_steps(2);
}

/// Lets the store work until the state says so.
async fn until(app: &mut App, store: &mut Store, done: impl Fn(&App) -> bool) {
    while !done(app) {
        store.aim(&app.goal());
        for update in store.drain(64) {
            drop(app.absorb(update));
        }
        tokio::time::sleep(std::time::Duration::from_millis(1)).await;
    }
}

#[test]
fn the_open_stream_is_exported_by_the_store_and_can_be_cancelled() {
    crate::run(async {
        let node = Node::start(Config { samples: true, ..Config::default() }).await.unwrap();
        let url = node.connection_string();
        let resolve: hindsight::store::Resolve = Arc::new(move || {
            let url = url.clone();
            Box::pin(async move { Ok(url.into()) })
        });
        let runtime = tokio::runtime::Handle::current();
        let mut store = Store::start(&runtime, resolve, None, Arc::new(|| {}));
        let mut app = App::new(Target::Sandbox, "order", Settings::default());
        assert_eq!(app.why_not(Action::ExportStream), Some("No stream is open"));
        app.apply(Intent::Connection(ConnectionIntent::Connect(Target::Sandbox)));
        app.apply(Intent::List(ListIntent::Select(StreamName::new("account-7"))));
        let effects = app.apply(Action::ExportStream.intent().unwrap());
        let [Effect::ChooseExport(stream, name)] = &effects[..] else { panic!("{effects:?}") };
        assert_eq!((stream.as_str(), &**name), ("account-7", "account-7.jsonl"));
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join(name);
        app.answer(Answer::ExportFile(stream.clone(), Ok(Some(file.clone()))));
        assert_eq!(app.why_not(Action::ExportStream), Some("Another export is under way"));
        until(&mut app, &mut store, |app| app.exporting().is_none()).await;
        let said = app.notice().map(|notice| notice.said().clone());
        assert_eq!(said, Some(Said::Text(format!("Exported 5 events of account-7 to {}.", file.display()))));
        assert_eq!(fs::read_to_string(&file).unwrap().lines().count(), 6);
        // Into a place that is none.
        let nowhere = folder.path().join("no/folder");
        app.answer(Answer::ExportFile(stream.clone(), Ok(Some(nowhere))));
        until(&mut app, &mut store, |app| app.exporting().is_none()).await;
        let said = app.notice().map(|notice| notice.said().clone());
        assert!(
            matches!(&said, Some(Said::Failure(Failure::Export { fault, .. })) if matches!(**fault, ExportFault::File(_))),
            "{said:?}"
        );
        // Cancelled before the store knows of it.
        app.answer(Answer::ExportFile(stream.clone(), Ok(Some(folder.path().join("b.jsonl")))));
        app.apply(Action::CancelExport.intent().unwrap());
        assert!(app.exporting().is_none() && app.goal().export.is_none());
        let names: Vec<_> =
            fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(names, ["account-7.jsonl"]);
    });
}

#[test]
fn a_streams_name_is_no_path() {
    for (stream, name) in [
        ("order-1", "order-1.jsonl"),
        ("../../etc/passwd", "______etc_passwd.jsonl"),
        ("$ce-a", "_ce-a.jsonl"),
    ] {
        let mut app = App::new(Target::Sandbox, "order", Settings::default());
        app.apply(Intent::List(ListIntent::Select(StreamName::new(stream))));
        let effects = app.apply(Intent::File(FileIntent::Export));
        assert!(matches!(&effects[..], [Effect::ChooseExport(_, found)] if found == name), "{effects:?}");
    }
}

#[test]
fn export_stands_beside_the_streams_name() {
    let mut window = Window::open(true, egui::Theme::Dark);
    window.open_stream("account-7");
    assert!(window.shows("Export…"));
}
