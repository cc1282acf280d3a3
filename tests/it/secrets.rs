//! Passwords: understood where there is no doubt, and never shown, logged, stored or sent to a name server.

use crate::cli::{program, text};
use hindsight::app::{App, ConnectionIntent, Intent, Settings};
use hindsight::node::{Config, Node, Security, User};
use hindsight::sentences::{self, store_error};
use hindsight::store::{ConnectionString, Session, StoreError, Target};
use std::io::Write;
use std::process::{Command, Stdio};

/// No text that may be seen holds it.
const SECRET: &str = "Tr0ub4dor";

/// Connection strings with a password, the hosts that they lead to, and whether there is no doubt.
fn strings() -> Vec<(String, Option<&'static str>)> {
    let s = SECRET;
    vec![
        (format!("esdb://admin:{s}@127.0.0.1:1?tls=false"), Some("127.0.0.1:1")),
        (format!("esdb://admin:{s}@ss/w#rd?x@127.0.0.1:1?tls=false"), Some("127.0.0.1:1")),
        (format!("esdb://admin:{s}@x@127.0.0.1:1"), Some("127.0.0.1:1")),
        (format!("esdb://admin:/{s}@127.0.0.1:1/?tls=false"), Some("127.0.0.1:1")),
        (format!("esdb://admin:5?{s}@127.0.0.1:1?tls=false"), Some("127.0.0.1:1")),
        (format!("esdb://admin:#{s}@[::1]:1,127.0.0.1:1?tls=false"), Some("[::1]:1,127.0.0.1:1")),
        (format!("kurrentdb+discover://a%40b:{s}%2F@h1,h2:2114?tls=false"), Some("h1,h2:2114")),
        (format!("esdb://admin:{s}@127.0.0.1:1?tls=false&password={s}"), Some("127.0.0.1:1")),
        (format!("esdb://admin:{s}@h?tlsCaFile=/home/a@b.pem"), Some("h")),
        (format!("esdb://admin:12?foo={s}@127.0.0.1:1"), None),
        (format!("DefaultUserCredentials=admin:{s};ConnectTo=tcp://127.0.0.1:1113"), None),
        (format!("ConnectTo=tcp://admin:{s}@127.0.0.1:1113; HeartBeatTimeout=500"), None),
        (format!("GossipSeeds=127.0.0.1:1;DefaultUserCredentials=admin:{s}"), None),
        (format!("admin:{s}@127.0.0.1:1"), None),
        (format!("admin:{s}://127.0.0.1:1"), None),
        (format!("esdb://admin:{s}"), None),
        (format!("esdb://admin:{s}@"), None),
        (format!("esdb://admin:{s}@ho st:1"), None),
        (format!("esdb://admin:{s}@127.0.0.1:port"), None),
        (format!("http://admin:{s}@127.0.0.1:1"), None),
        (format!("esdb:/admin:{s}@127.0.0.1:1"), None),
        (s.to_owned(), None),
    ]
}

#[test]
fn a_connection_string_is_taken_apart_only_where_there_is_no_doubt() {
    for (given, hosts) in strings() {
        let string = ConnectionString::from(given.as_str());
        assert_eq!(string.hosts(), hosts.unwrap_or_default(), "{given}");
        for shown in
            [string.to_string(), format!("{string:?}"), format!("{:?}", Target::Server(string.clone()))]
        {
            assert!(!shown.contains(SECRET), "{given}: {shown}");
        }
        let left_out = string.left_out();
        assert!(!format!("{left_out:?}").contains(SECRET), "{given}: {left_out:?}");
    }
    let odd = ConnectionString::from("esdb://admin:12?foo=bar@host:2113");
    assert_eq!(odd.to_string(), "esdb://…", "what is in doubt is shown as its scheme");
    let shown =
        ConnectionString::from("esdb://u:p@h:1/?tls=false&secret=x&nodePreference=leader").to_string();
    assert_eq!(shown, "esdb://h:1?tls=false&nodePreference=leader");
}

#[test]
fn the_password_that_was_meant_is_the_one_that_is_sent() {
    crate::run(async {
        for password in ["p@ss/w#rd?x", "a:b", "50%", "%41", "ü ✓", "a&b=c", "@", "?tls=true@x"] {
            let user = |name: &str| User { name: name.into(), password: password.into(), admin: true };
            let security = Security { users: vec![user("admin")], ..Security::default() };
            let node = Node::start_secured(Config::default(), security).await.unwrap();
            let bare = format!("esdb://admin@{}?tls=false", node.address());
            let string = ConnectionString::from(bare.as_str());
            assert_eq!(string.asks_password_of().as_deref(), Some("admin"));
            let with = string.with_password(password);
            assert!(with.asks_password_of().is_none());
            let session = Session::connect(with).await.unwrap();
            assert!(session.event_at(None).await.is_ok(), "{password}");
        }
        let user = User { name: "admin".into(), password: "p@ss/w#rd?x".into(), admin: true };
        let security = Security { users: vec![user], ..Security::default() };
        let node = Node::start_secured(Config::default(), security).await.unwrap();
        let raw = format!("esdb://admin:p@ss/w#rd?x@{}?tls=false", node.address());
        assert!(Session::connect(raw).await.unwrap().event_at(None).await.is_ok(), "as it was typed");
    });
}

#[test]
fn misspelt_and_impossible_options_are_named() {
    crate::run(async {
        for (given, says) in [
            ("esdb://h:1?tsl=false", "\"tsl\", which is tls misspelt"),
            ("esdb://h:1?tlsVerfyCert=false", "tlsVerifyCert misspelt"),
            ("esdb://h:1?tls=maybe", "It takes true or false"),
            ("esdb://h:1?nodePreference=boss", "leader, follower, random or readOnlyReplica"),
            ("esdb://h:1?gossipTimeout=soon", "a whole number"),
        ] {
            let error = Session::connect(given).await.err().unwrap();
            assert!(
                matches!(error, StoreError::ConnectionString(_)) && store_error(&error).contains(says),
                "{given}: {error:?}"
            );
        }
    });
    let left_out = ConnectionString::from("esdb://h:1?whatever=1&tls=false").left_out();
    let said: Vec<_> = left_out.iter().map(sentences::left_out).collect();
    assert_eq!(said, ["whatever is left out: there is no such option."]);
}

/// Everything that a program writes and prints for these strings, wherever they are given.
#[test]
fn no_error_shows_a_password() {
    let folder = tempfile::tempdir().unwrap();
    let mut seen = String::new();
    let mut keep = |output: std::process::Output| {
        seen.push_str(&text(&output.stdout));
        seen.push_str(&text(&output.stderr));
    };
    for (given, _) in strings() {
        let mut listing = program(&folder);
        keep(
            listing
                .env("HINDSIGHT_CONNECTION", &given)
                .env("RUST_LOG", "trace")
                .arg("list")
                .output()
                .unwrap(),
        );
        keep(program(&folder).args(["-c", &given, "pay", "a"]).output().unwrap());
        if !ConnectionString::may_be(&given) {
            continue;
        }
        // In a place where the command line cannot take it.
        keep(program(&folder).arg(&given).output().unwrap());
        keep(program(&folder).args(["list", "--category", "a", &given]).output().unwrap());
        keep(program(&folder).arg(format!("--stream={given}")).arg("list").output().unwrap());
        keep(program(&folder).args(["serve", "--listen", &given]).output().unwrap());
    }
    assert!(!seen.contains(SECRET), "{}", &seen[seen.find(SECRET).unwrap().saturating_sub(300)..]);
    let mut files = vec![folder.path().to_owned()];
    while let Some(path) = files.pop() {
        if path.is_dir() {
            files.extend(std::fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()));
        } else {
            let bytes = std::fs::read(&path).unwrap();
            assert!(!String::from_utf8_lossy(&bytes).contains(SECRET), "{}", path.display());
        }
    }
}

#[test]
fn the_window_remembers_no_password_and_forgets_those_of_earlier_versions() {
    let mut app = App::new(Target::Sandbox, "order", Settings::default());
    for (given, _) in strings() {
        app.apply(Intent::Connection(ConnectionIntent::Connect(Target::Server(given.as_str().into()))));
        let settings = serde_json::to_string(&app.settings()).unwrap();
        assert!(!settings.contains(SECRET), "{given}: {settings}");
        assert!(!format!("{app:?}").contains(SECRET), "{given}");
    }
    let kept = format!(
        r#"{{"recent":[{{"url":"esdb://ss/w#{SECRET}@h:1","write_mode":null}}],"last_place":"ConnectTo=tcp://a:{SECRET}@h"}}"#
    );
    let settings: Settings = serde_json::from_str(&kept).unwrap();
    let cleaned = serde_json::to_string(&settings.without_secrets()).unwrap();
    assert!(!cleaned.contains(SECRET), "{cleaned}");
}

#[test]
fn the_connection_test_says_nothing_of_the_password() {
    crate::run(async {
        for (given, _) in strings() {
            let found = crate::diagnosis::diagnose(&given).await;
            let said = found.steps().iter().map(|step| {
                let changes: String = step.changes.iter().map(sentences::change).collect();
                sentences::finding(step) + &changes
            });
            // What is logged, and what is said.
            for said in said.chain([format!("{found:?}")]) {
                assert!(!said.contains(SECRET), "{given}: {said}");
                assert!(!said.contains("\"ss"), "no part of it goes to a name server: {said}");
            }
        }
    });
}

#[test]
fn the_connection_string_comes_from_the_environment_or_a_file() {
    let served = crate::cli::serve(&["--memory"]);
    served.run(0, &["create", "--user", "u", "--total", "1", "--id", "a"]);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("connection");
    std::fs::write(&file, format!("{}\n", served.url)).unwrap();
    let at = format!("@{}", file.display());
    let by_file = program(&folder).args(["-c", &at, "list", "--json"]).output().unwrap();
    let mut by_environment = program(&folder);
    by_environment.env("HINDSIGHT_CONNECTION", &served.url).args(["list", "--json"]);
    for output in [by_file, by_environment.output().unwrap()] {
        assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
        assert!(text(&output.stdout).contains("order-a"));
    }
    for missing in ["@", "@/no/such/file", &format!("@{}", folder.path().display())] {
        let output = program(&folder).args(["-c", missing, "list"]).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{missing}: {}", text(&output.stderr));
    }
}

/// `script`, from util-linux, gives the program a terminal.
#[cfg(target_os = "linux")]
#[test]
fn a_user_without_a_password_is_asked_for_it_on_a_terminal() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let user = User { name: "admin".into(), password: SECRET.into(), admin: true };
    let security = Security { users: vec![user], ..Security::default() };
    let node = runtime.block_on(Node::start_secured(Config::default(), security)).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let (exe, data) = (env!("CARGO_BIN_EXE_hindsight"), folder.path().join("data"));
    let line = format!(
        "tty; exec {exe} --data-dir {} -c 'esdb://admin@{}?tls=false' list",
        data.display(),
        node.address()
    );
    let mut child = Command::new("script")
        .args(["-qec", &line, "/dev/null"])
        .env_remove("HINDSIGHT_CONNECTION")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut output = child.stdout.take().unwrap();
    let (mut seen, mut buffer) = (String::new(), [0; 1024]);
    let mut read = |seen: &mut String| {
        let count = std::io::Read::read(&mut output, &mut buffer).unwrap_or(0);
        seen.push_str(&String::from_utf8_lossy(&buffer[..count]));
        count
    };
    while !seen.contains("Password of admin: ") {
        assert!(read(&mut seen) > 0, "{seen}");
    }
    // The prompt comes before the terminal hides what is typed: no person is so fast, and a test waits.
    let terminal = seen.split_whitespace().next().unwrap().to_owned();
    let hides = || {
        let settings = Command::new("stty").args(["-F", &terminal, "-a"]).output().unwrap();
        text(&settings.stdout).split_whitespace().any(|setting| setting == "-echo")
    };
    while !hides() {}
    let mut input = child.stdin.take().unwrap();
    writeln!(input, "{SECRET}").unwrap();
    while read(&mut seen) > 0 {}
    assert!(child.wait().unwrap().success(), "{seen}");
    assert!(seen.contains("There is no stream of category order"), "{seen}");
    assert!(!seen.contains(SECRET), "it is not shown: {seen}");
}

#[test]
fn the_dialog_does_not_show_a_password_again() {
    use egui_kittest::kittest::Queryable;
    let mut window = crate::window::Window::open(false, egui::Theme::Dark);
    let typed =
        format!("{}&x", window.node.connection_string()).replace("esdb://", &format!("esdb://u:{SECRET}@"));
    window.click("Connection");
    window.types("Connection string", typed.trim_end_matches("&x"));
    window.harness.get_by_role_and_label(egui::accesskit::Role::Button, "Connect").click();
    window.harness.run_steps(4);
    window.until("caught up");
    for how in ["reopened", "closed and reopened"] {
        window.click("Connection");
        assert!(!format!("{:?}", window.harness.root()).contains(SECRET), "{how}");
        let field =
            window.harness.get_by_role_and_label(egui::accesskit::Role::TextInput, "Connection string");
        assert!(!field.value().unwrap_or_default().contains(SECRET), "{how}");
        window.press(egui::Modifiers::NONE, egui::Key::Escape);
    }
}
