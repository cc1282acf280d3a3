//! What is kept on the disk is its owner's alone, and who wrote is the login.

use crate::cli::{program, text};
use hindsight::app::{App, CommandIntent, ConnectionIntent, Intent, Settings};
use hindsight::decision::Origin;
use hindsight::node::{Config, Node, Security, User};
use hindsight::store::Target;
use std::collections::HashMap;
use std::io::{BufRead, BufReader};
use std::path::Path;

/// A node with this user, and the connection string with the login.
fn secured(runtime: &tokio::runtime::Runtime, name: &str) -> (Node, String) {
    let user = User { name: name.into(), password: "Tr0ub4dor".into(), admin: true };
    let security = Security { users: vec![user], ..Security::default() };
    let node = runtime.block_on(Node::start_secured(Config::default(), security)).unwrap();
    let url = format!("esdb://{name}:Tr0ub4dor@{}?tls=false", node.address());
    (node, url)
}

/// Stores settings as the window does.
pub fn store(data_dir: &Path, settings: &Settings) {
    std::fs::create_dir_all(data_dir).unwrap();
    let kept = HashMap::from([("settings", ron::ser::to_string(settings).unwrap())]);
    std::fs::write(data_dir.join("window.ron"), ron::ser::to_string(&kept).unwrap()).unwrap();
}

#[cfg(unix)]
#[test]
fn every_file_that_the_program_makes_is_its_owners_alone() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    // As an earlier version left them.
    store(&data, &Settings::default());
    std::fs::create_dir(data.join("snapshots")).unwrap();
    let open = || std::fs::Permissions::from_mode(0o755);
    std::fs::set_permissions(data.join("snapshots"), open()).unwrap();
    std::fs::set_permissions(data.join("window.ron"), open()).unwrap();
    let ran = |arguments: &[&str]| {
        let output = program(&folder).args(arguments).output().unwrap();
        assert!(output.status.success(), "{arguments:?}: {}", text(&output.stderr));
    };
    ran(&["create", "--user", "u", "--total", "1", "--id", "a"]);
    let mut api = program(&folder);
    let mut child = api.args(["api", "--listen", "127.0.0.1:0"]).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let mut dev = program(&folder);
    dev.args(["serve", "--dev", "--memory", "--listen", "127.0.0.1:0"]);
    let mut dev = dev.spawn().unwrap();
    BufReader::new(dev.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let (mut folders, mut seen) = (vec![data.clone()], Vec::new());
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
            let metadata = entry.metadata().unwrap();
            assert_eq!(metadata.permissions().mode() & 0o077, 0, "{}", entry.path().display());
            if metadata.is_dir() {
                folders.push(entry.path());
            } else {
                seen.push(entry.path().strip_prefix(&data).unwrap().to_string_lossy().into_owned());
            }
        }
    }
    for mut child in [child, dev] {
        child.kill().unwrap();
        child.wait().unwrap();
    }
    for begins in ["window.ron", "journal.jsonl", "sandbox.db", "sandbox.db-wal", "logs/", "development/"] {
        assert!(seen.iter().any(|name| name.starts_with(begins)), "{begins}: {seen:?}");
    }
    let new = tempfile::tempdir().unwrap();
    program(&new).args(["journal"]).output().unwrap();
    let mode = std::fs::metadata(new.path().join("data")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o700);
}

#[test]
fn who_is_the_login_unless_a_person_said_otherwise() {
    let session = Origin { who: "session".into(), place: "here".into() };
    let target = |url: &str| Target::Server(url.into());
    let mut app = App::new(Target::Sandbox, "order", Settings::default()).signed(session);
    assert_eq!(app.origin().who, "session");
    for (url, who) in
        [("esdb://ops:pw@h:1", "ops"), ("esdb://a%40b:pw@h:1", "a@b"), ("esdb://h:1", "session")]
    {
        app.apply(Intent::Connection(ConnectionIntent::Connect(target(url))));
        assert_eq!((app.origin().who.as_str(), app.origin().place.as_str()), (who, "here"), "{url}");
    }
    app.apply(Intent::Command(CommandIntent::Who("Zoë".into())));
    assert_eq!(app.origin().who, "Zoë");
}

#[test]
fn terminal_and_http_sign_as_the_window_does() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let (node, url) = secured(&runtime, "ops");
    let folder = tempfile::tempdir().unwrap();
    let create = |id: &str| {
        let mut create = program(&folder);
        create.args(["-c", &url, "create", "--user", "u", "--total", "1", "--id", id]);
        let output = create.output().unwrap();
        assert!(output.status.success(), "{}", text(&output.stderr));
    };
    let post = |id: &str| {
        let mut api = program(&folder);
        let mut child = api.args(["-c", &url, "api", "--listen", "127.0.0.1:0"]).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let body = format!(r#"{{"UserID":"u","Total":1,"OrderID":"{id}"}}"#);
        let status = runtime.block_on(async {
            let request = reqwest::Client::new().post(format!("{}/orders", line.trim()));
            let request = request.header("content-type", "application/json").body(body);
            request.send().await.unwrap().status()
        });
        child.kill().unwrap();
        child.wait().unwrap();
        assert!(status.is_success(), "{status}");
    };
    let who = || {
        let journal = program(&folder).args(["journal", "--json"]).output().unwrap();
        let journal = text(&journal.stdout);
        let last: serde_json::Value = serde_json::from_str(journal.lines().last().unwrap()).unwrap();
        last["events"][0]["metadata"]["who"].as_str().unwrap().to_owned()
    };
    create("a");
    assert_eq!(who(), "ops");
    post("b");
    assert_eq!(who(), "ops");
    let settings = Settings { who: Some("Zoë".into()), ..Settings::default() };
    store(&folder.path().join("data"), &settings);
    create("c");
    assert_eq!(who(), "Zoë");
    post("d");
    assert_eq!(who(), "Zoë");
    runtime.block_on(node.shutdown());
}
