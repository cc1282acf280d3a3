//! Named connections: in the settings, in the terminal, in the palette, and as a file without secrets.

use crate::cli::{program, text};
use crate::window::Window;
use hindsight::app::{
    Answer, App, ConnectionColor, ConnectionFault, ConnectionIntent, ConnectionKey, ConnectionList, Effect,
    Failure, Intent, Said, Settings, WriteMode, export, import,
};
use hindsight::node::{Config, Node};
use hindsight::store::{ConnectionString, Target};
use std::fs::File;
use std::process::Output;
use tempfile::TempDir;

fn app() -> App {
    App::new(Target::Sandbox, "order", Settings::default())
}

fn apply(app: &mut App, intent: ConnectionIntent) -> Vec<Effect> {
    app.apply(Intent::Connection(intent))
}

fn save(app: &mut App, url: &str, name: &str) {
    apply(app, ConnectionIntent::SaveAs(url.into(), name.to_owned()));
}

fn key(url: &str) -> ConnectionKey {
    ConnectionKey::from(&ConnectionString::from(url))
}

fn fault(app: &App) -> ConnectionFault {
    match app.notice().map(hindsight::app::Notice::said) {
        Some(Said::Failure(Failure::Connections(fault))) => fault.clone(),
        other => panic!("{other:?}"),
    }
}

fn names(list: &ConnectionList) -> Vec<&str> {
    list.named().map(|(name, _)| name).collect()
}

#[test]
fn a_connection_is_saved_renamed_recoloured_used_and_forgotten() {
    let mut app = app();
    let url = "esdb://ops:Tr0ub4dor@h:1?tls=false";
    save(&mut app, url, " staging ");
    assert_eq!(app.settings().recent[0].name.as_deref(), Some("staging"));
    assert_eq!(app.settings().recent[0].last_used, None);
    save(&mut app, "esdb://h:1?tls=false", "Staging");
    assert_eq!(fault(&app), ConnectionFault::NameTaken("Staging".into()), "another user is another one");
    for unusable in ["", "a@b", "esdb://x", "-c", "a\u{202e}b", &"x".repeat(61)] {
        apply(&mut app, ConnectionIntent::SaveAs("esdb://other:1".into(), unusable.to_owned()));
        assert_eq!(names(&app.settings().recent), ["staging"], "{unusable}");
    }
    save(&mut app, "esdb://ho st", "other");
    assert!(matches!(fault(&app), ConnectionFault::Unusable(_)));
    apply(&mut app, ConnectionIntent::Recolor(key(url), Some(ConnectionColor::Red)));
    apply(&mut app, ConnectionIntent::Rename(key(url), "live".into()));
    apply(&mut app, ConnectionIntent::Connect(Target::Server(url.into())));
    apply(&mut app, ConnectionIntent::WriteMode(WriteMode::ReadOnly));
    let known = app.known_connection().unwrap();
    assert_eq!((known.title(), known.color), ("live", Some(ConnectionColor::Red)));
    assert!(known.last_used.is_some_and(|seconds| seconds > 1_700_000_000));
    assert_eq!(known.string(), "esdb://ops@h:1?tls=false".into());
    let kept = serde_json::to_string(app.settings()).unwrap();
    assert!(!kept.contains("Tr0ub4dor"), "{kept}");
    assert_eq!(serde_json::from_str::<Settings>(&kept).unwrap(), *app.settings());
    apply(&mut app, ConnectionIntent::Forget(key(url)));
    assert!(app.settings().recent.is_empty());
}

#[test]
fn a_name_keeps_a_connection_that_others_push_out() {
    let mut app = app();
    save(&mut app, "esdb://named:1", "named");
    for port in 1..=20 {
        apply(&mut app, ConnectionIntent::Connect(Target::Server(format!("esdb://h:{port}").into())));
    }
    let recent = &app.settings().recent;
    assert_eq!((recent.len(), names(recent)), (9, vec!["named"]));
    assert_eq!(recent[0].url, "esdb://h:20");
}

#[test]
fn what_an_earlier_version_kept_of_a_server_is_its_users() {
    let kept = r#"{"recent":[{"url":"esdb://h:1","write_mode":"ReadOnly","not_production":true}]}"#;
    let settings: Settings = serde_json::from_str(kept).unwrap();
    let mut app = App::new(Target::Sandbox, "order", settings);
    apply(&mut app, ConnectionIntent::Connect(Target::Server("esdb://ops:x@h:1".into())));
    assert_eq!((app.write_mode(), app.settings().recent.len()), (WriteMode::ReadOnly, 1));
    apply(&mut app, ConnectionIntent::Connect(Target::Server("esdb://admin:x@h:1".into())));
    assert_eq!((app.write_mode(), app.settings().recent.len()), (WriteMode::Confirm, 2));
}

#[test]
fn connections_move_as_a_file_and_what_is_known_keeps_its_write_mode() {
    let mut app = app();
    save(&mut app, "esdb://ops@h:1?tls=false", "staging");
    apply(&mut app, ConnectionIntent::Recolor(key("esdb://ops@h:1?tls=false"), Some(ConnectionColor::Amber)));
    apply(&mut app, ConnectionIntent::Connect(Target::Server("esdb://live:1".into())));
    apply(&mut app, ConnectionIntent::WriteMode(WriteMode::ReadOnly));
    apply(&mut app, ConnectionIntent::Rename(key("esdb://live:1"), "live".into()));
    let effects = apply(&mut app, ConnectionIntent::Export);
    let [Effect::ExportConnections(file)] = &effects[..] else { panic!("{effects:?}") };
    let mut other = self::app();
    save(&mut other, "esdb://live:1", "production");
    assert!(matches!(apply(&mut other, ConnectionIntent::Import)[..], [Effect::ImportConnections]));
    other.answer(Answer::Imported(Ok(Some(file.clone().into_bytes()))));
    let list = &other.settings().recent;
    assert_eq!(names(list), ["live", "staging"], "the same connection is renamed");
    let staging = list.by_name("STAGING").unwrap();
    assert_eq!((staging.color, staging.user.as_deref()), (Some(ConnectionColor::Amber), Some("ops")));
    assert_eq!(list.by_name("live").unwrap().write_mode, Some(WriteMode::ReadOnly));
    apply(&mut other, ConnectionIntent::Connect(Target::Server("esdb://live:1".into())));
    apply(&mut other, ConnectionIntent::WriteMode(WriteMode::Confirm));
    other.answer(Answer::Imported(Ok(Some(file.clone().into_bytes()))));
    assert_eq!(other.settings().recent.by_name("live").unwrap().write_mode, Some(WriteMode::Confirm));
}

/// Files that are no list, or a hostile one.
fn bad_files() -> Vec<Vec<u8>> {
    let with = |line: &str| {
        let good = r#"{"name":"good","url":"esdb://good:1"}"#;
        format!(r#"{{"format":"hindsight-connections","version":1,"connections":[{good},{line}]}}"#)
    };
    let texts = [
        String::new(),
        "no list".to_owned(),
        "[]".to_owned(),
        r#"{"format":"other","version":1,"connections":[]}"#.to_owned(),
        r#"{"format":"hindsight-connections","version":2,"connections":[],"more":1}"#.to_owned(),
        r#"{"format":"hindsight-connections","connections":[]}"#.to_owned(),
        with(r#"{"name":"good","url":"esdb://another:1"}"#),
        with(r#"{"name":"a","url":"esdb://u:Tr0ub4dor@h:1"}"#),
        with(r#"{"name":"a","url":"http://h:1"}"#),
        with(r#"{"name":"a","url":"esdb://h:1?tlsCaFile=\u202egnp.pem"}"#),
        with(r#"{"name":"a\u001b[2J","url":"esdb://h:1"}"#),
        with(r#"{"name":"a","url":"esdb://h:1","user":"\u202eops"}"#),
        with(r#"{"name":"a","url":"esdb://h:1","color":"Purple"}"#),
        with(r#"{"name":"a","url":"esdb://h:1","not_production":true}"#),
        with(r#"{"name":"a"}"#),
        "[".repeat(200_000),
        format!("\"{}\"", "x".repeat(1 << 20)),
    ];
    let many: Vec<_> = (0..501).map(|n| format!(r#"{{"name":"n{n}","url":"esdb://h{n}:1"}}"#)).collect();
    let texts = texts.into_iter().map(String::into_bytes);
    texts.chain([with(&many.join(",")).into_bytes(), vec![0xff; 100]]).collect()
}

#[test]
fn a_hostile_or_broken_file_changes_nothing() {
    let mut app = app();
    save(&mut app, "esdb://mine:1", "mine");
    let before = app.settings().clone();
    for file in bad_files() {
        let shown = String::from_utf8_lossy(&file[..file.len().min(200)]).into_owned();
        assert!(app.answer(Answer::Imported(Ok(Some(file)))).is_empty(), "{shown}");
        let why = hindsight::sentences::connection_fault(&fault(&app));
        assert!(!why.contains("Tr0ub4dor") && why.len() < 500, "{why}");
        assert_eq!(*app.settings(), before, "{shown}");
    }
    let (exported, count) = export(&before.recent);
    assert_eq!((import(&before.recent, exported.as_bytes()), count), (Ok((before.recent.clone(), 1)), 1));
}

struct Terminal(TempDir);

impl Terminal {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn output(&self, arguments: &[&str]) -> Output {
        program(&self.0).args(arguments).output().unwrap()
    }

    #[track_caller]
    fn said(&self, exit: i32, arguments: &[&str]) -> String {
        let output = self.output(arguments);
        let said = text(&output.stdout) + &text(&output.stderr);
        assert_eq!(output.status.code(), Some(exit), "{arguments:?}: {said}");
        said
    }

    fn data(&self) -> std::path::PathBuf {
        self.0.path().join("data")
    }
}

#[test]
fn the_terminal_keeps_lists_and_uses_named_connections() {
    let served = crate::cli::serve(&["--memory"]);
    let here = Terminal::new();
    assert!(here.said(0, &["connections", "list"]).contains("No connection has a name yet"));
    let said = here.said(2, &["-c", "stagin", "list"]);
    assert!(said.contains("There is no connection of this name, and none has one yet"), "{said}");
    assert!(said.contains("esdb://localhost:2113?tls=false"), "{said}");
    let with_password = served.url.replace("esdb://", "esdb://ops:Tr0ub4dor@");
    let said = here.said(0, &["connections", "add", "my staging", &with_password, "--color", "amber"]);
    assert!(said.contains("The password is left out") && said.contains("-c 'my staging'"), "{said}");
    here.said(0, &["connections", "add", "plain", &served.url]);
    here.said(0, &["-c", "PLAIN", "create", "--user", "u", "--total", "1", "--id", "a"]);
    assert!(here.said(0, &["-c", "plain", "list"]).contains("order-a"));
    let said = here.said(2, &["-c", "plian", "list"]);
    assert!(said.contains("Did you mean plain?"), "{said}");
    let listed = here.said(0, &["connections", "list"]);
    assert!(
        listed.contains("my staging") && listed.contains("Amber") && listed.contains("never"),
        "{listed}"
    );
    let lines = here.said(0, &["connections", "list", "--json"]);
    let first: serde_json::Value = serde_json::from_str(lines.lines().next().unwrap()).unwrap();
    assert_eq!((first["name"].as_str(), first["user"].as_str()), (Some("my staging"), Some("ops")));
    here.said(2, &["connections", "add", "plain", "esdb://other:1"]);
    here.said(2, &["connections", "add", "x", "no url"]);
    here.said(2, &["connections", "add", "x", "esdb://other:1", "--color", "pink"]);
    here.said(2, &["connections", "remove", "x"]);
    let kept = std::fs::read_to_string(here.data().join("window.ron")).unwrap();
    assert!(!(listed + &lines + &kept).contains("Tr0ub4dor"), "{kept}");
    let file = here.0.path().join("list.json");
    let file = file.to_str().unwrap();
    here.said(0, &["connections", "export", file]);
    assert!(here.said(2, &["connections", "export", file]).contains("cannot be written"), "not written over");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(std::fs::metadata(file).unwrap().permissions().mode() & 0o777, 0o600);
    }
    let there = Terminal::new();
    assert!(there.said(0, &["connections", "import", file]).contains("Imported connections: 2"));
    assert!(there.said(0, &["-c", "plain", "list"]).contains("order-a"));
    there.said(0, &["connections", "remove", "PLAIN"]);
    there.said(2, &["-c", "plain", "list"]);
}

#[test]
fn a_bad_file_is_a_clear_error_in_the_terminal_too() {
    let here = Terminal::new();
    here.said(0, &["connections", "add", "mine", "esdb://mine:1"]);
    let before = std::fs::read(here.data().join("window.ron")).unwrap();
    let file = here.0.path().join("list.json");
    for bad in bad_files() {
        std::fs::write(&file, bad).unwrap();
        let said = here.said(2, &["connections", "import", file.to_str().unwrap()]);
        assert!(said.ends_with(".\n") && !said.contains("Tr0ub4dor"), "{said}");
    }
    let gone = here.said(2, &["connections", "import", "/no/such/file"]);
    assert!(gone.contains("/no/such/file cannot be read"), "{gone}");
    assert_eq!(std::fs::read(here.data().join("window.ron")).unwrap(), before);
}

#[test]
fn a_read_only_connection_is_not_written_to_by_verbs_or_over_http() {
    let served = crate::cli::serve(&["--memory"]);
    let here = Terminal::new();
    here.said(0, &["connections", "add", "live", &served.url, "--read-only"]);
    let create = ["-c", "live", "create", "--user", "u", "--total", "1", "--id", "a"];
    let said = here.said(6, &create);
    assert!(said.contains("the connection \"live\" is read-only"), "{said}");
    here.said(6, &["-c", "live", "pay", "a"]);
    here.said(0, &[&create[..], &["--dry-run"]].concat());
    assert!(here.said(0, &["-c", "live", "list"]).contains("There is no stream"));
    let mut child = program(&here.0).args(["-c", "live", "api", "--listen", "127.0.0.1:0"]).spawn().unwrap();
    let mut line = String::new();
    let output = child.stdout.take().unwrap();
    std::io::BufRead::read_line(&mut std::io::BufReader::new(output), &mut line).unwrap();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let (status, body) = runtime.block_on(async {
        let request = reqwest::Client::new().post(format!("{}/orders", line.trim()));
        let request = request.header("content-type", "application/json");
        let answer = request.body(r#"{"UserID":"u","Total":1}"#).send().await.unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    });
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(status, 403);
    assert!(body.contains("is read-only"), "{body}");
}

#[test]
fn what_a_window_keeps_is_not_changed_behind_it_and_the_rest_of_its_storage_stays() {
    let here = Terminal::new();
    std::fs::create_dir_all(here.data()).unwrap();
    let kept = r#"{"egui": "(memory)", "settings": "(theme:Light)"}"#;
    std::fs::write(here.data().join("window.ron"), kept).unwrap();
    let lock = File::create(here.data().join("window.lock")).unwrap();
    lock.lock_shared().unwrap();
    let said = here.said(2, &["connections", "add", "a", "esdb://a:1"]);
    assert!(said.contains("Hindsight is open on this data folder"), "{said}");
    here.said(0, &["connections", "list"]);
    lock.unlock().unwrap();
    here.said(0, &["connections", "add", "a", "esdb://a:1"]);
    let kept = std::fs::read_to_string(here.data().join("window.ron")).unwrap();
    assert!(kept.contains("(memory)") && kept.contains("theme:Light"), "{kept}");
}

#[test]
fn settings_that_cannot_be_read_are_named_and_left_as_they_are() {
    let here = Terminal::new();
    std::fs::create_dir_all(here.data()).unwrap();
    let file = here.data().join("window.ron");
    std::fs::write(&file, "{\"settings\": ").unwrap();
    for verb in
        [&["-c", "a", "list"][..], &["connections", "list"], &["connections", "add", "a", "esdb://a:1"]]
    {
        assert!(here.said(2, verb).contains("window.ron cannot be read"));
    }
    let created = here.said(0, &["create", "--user", "u", "--total", "1"]);
    assert!(created.contains("They are left out"), "{created}");
    assert_eq!(std::fs::read_to_string(file).unwrap(), "{\"settings\": ");
}

#[test]
fn the_palette_connects_to_a_name() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let node = runtime.block_on(Node::start(Config::default())).unwrap();
    let url = node.connection_string();
    let samples = Config { samples: true, ..Config::default() };
    let staging = runtime.block_on(Node::start(samples)).unwrap();
    let mut settings = Settings::default();
    settings.recent.save(&staging.connection_string().into(), "my staging").unwrap();
    settings.recent.save(&"esdb://127.0.0.1:1".into(), "another").unwrap();
    let mut window = Window::with_options(&url, runtime, node, egui::Theme::Dark, |options| {
        options.settings = settings;
    });
    assert!(window.shows("No stream of category order"));
    window.press(egui::Modifiers::COMMAND, egui::Key::K);
    window.harness.event(egui::Event::Text("connect to stag".to_owned()));
    window.until("Connect to my staging");
    assert!(!window.shows("Connect to another"));
    window.press(egui::Modifiers::NONE, egui::Key::Enter);
    window.until("40 streams · $all, prefix order-");
}
