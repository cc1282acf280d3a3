//! `hindsight serve` for development and for the tests of others: own certificates, host names, an end with its starter.

use crate::cli::{program, serve, text};
use crate::run;
use hindsight::node::{Config, Node};
use rcgen::{CertificateParams, KeyPair, date_time_ymd};
use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use tempfile::TempDir;

fn port(url: &str) -> u16 {
    let place = url.split('?').next().unwrap();
    place.rsplit(':').next().unwrap().parse().unwrap()
}

/// A program that runs, and the first line that it printed.
fn started(command: &mut Command) -> (Child, String) {
    let mut child = command.spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
    (child, line.trim().to_owned())
}

/// What `serve` says where it does not start.
fn refused(options: &[&str]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let output = program(&folder).arg("serve").args(options).output().unwrap();
    assert_eq!(output.status.code(), Some(2), "{options:?}: {}", text(&output.stderr));
    assert!(output.stdout.is_empty());
    text(&output.stderr)
}

/// Listed by a program that knows nothing but the connection string.
fn list(url: &str) -> Output {
    program(&tempfile::tempdir().unwrap()).args(["-c", url, "list"]).output().unwrap()
}

#[track_caller]
fn works(url: &str) {
    let listed = list(url);
    assert_eq!(listed.status.code(), Some(0), "{url}: {}", text(&listed.stderr));
    assert!(text(&listed.stdout).contains("order-"), "{}", text(&listed.stdout));
}

/// A development node in this data folder, ended when dropped.
struct Development(Child, String);

impl Development {
    fn in_folder(folder: &TempDir) -> Self {
        let options = ["serve", "--dev", "--memory", "--samples", "--listen", "localhost:0"];
        let (child, url) = started(program(folder).args(options));
        Self(child, url)
    }
}

impl Drop for Development {
    fn drop(&mut self) {
        let ended = self.0.kill().and_then(|()| self.0.wait());
        assert!(ended.is_ok() || std::thread::panicking());
    }
}

fn kept(folder: &TempDir, file: &str) -> Vec<u8> {
    fs::read(folder.path().join("data/development").join(file)).unwrap()
}

#[test]
fn a_development_node_prints_a_connection_string_that_works_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let node = Development::in_folder(&folder);
    let authority = folder.path().join("data/development/ca.pem");
    let expected = format!("@localhost:{}?tls=true&tlsCaFile={}", port(&node.1), authority.display());
    assert_eq!(node.1, format!("esdb://admin:changeit{expected}"));
    works(&node.1);
    works(&node.1.replace("localhost", "127.0.0.1"));
    if std::net::TcpListener::bind("[::1]:0").is_ok() {
        works(&node.1.replace("localhost", "[::1]"));
    }
    let operator = list(&node.1.replace("admin:changeit", "ops:changeit"));
    assert!(operator.status.success(), "ops may log in: {}", text(&operator.stderr));
    assert!(!list(&node.1.replace("changeit", "changed")).status.success());
    assert!(!list(&node.1.replace("tls=true", "tls=false")).status.success());
    assert!(
        !list(node.1.split('&').next().unwrap()).status.success(),
        "the authority is unknown to the system"
    );
}

#[test]
fn the_official_client_takes_the_connection_string_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let node = Development::in_folder(&folder);
    crate::run(async {
        let client = eventstore::Client::new(node.1.parse().unwrap()).unwrap();
        let event = eventstore::EventData::binary("A", "a".into());
        client.append_to_stream("a", &eventstore::AppendToStreamOptions::default(), event).await.unwrap();
        let mut all = client.read_all(&eventstore::ReadAllOptions::default()).await.unwrap();
        assert!(all.next().await.unwrap().is_some(), "an administrator reads $all");
    });
}

#[test]
fn a_development_node_keeps_its_authority_for_its_owner_and_renews_what_has_expired() {
    let folder = tempfile::tempdir().unwrap();
    drop(Development::in_folder(&folder));
    let files = ["ca.pem", "ca.key", "server.pem", "server.key"];
    let first = files.map(|file| kept(&folder, file));
    #[cfg(unix)]
    for file in files {
        use std::os::unix::fs::PermissionsExt;
        let file = folder.path().join("data/development").join(file);
        assert_eq!(fs::metadata(file).unwrap().permissions().mode() & 0o777, 0o600);
    }
    drop(Development::in_folder(&folder));
    assert_eq!(files.map(|file| kept(&folder, file)), first);

    let mut expired = CertificateParams::new(["localhost", "127.0.0.1", "::1"].map(str::to_owned)).unwrap();
    expired.not_after = date_time_ymd(2024, 1, 1);
    let expired = expired.self_signed(&KeyPair::generate().unwrap()).unwrap();
    fs::write(folder.path().join("data/development/server.pem"), expired.pem()).unwrap();
    let node = Development::in_folder(&folder);
    works(&node.1);
    assert_eq!(kept(&folder, "ca.pem"), first[0]);
}

#[test]
fn development_nodes_that_start_at_once_share_an_authority() {
    let folder = tempfile::tempdir().unwrap();
    let nodes: Vec<_> = std::thread::scope(|scope| {
        let starting: Vec<_> = (0..4).map(|_| scope.spawn(|| Development::in_folder(&folder))).collect();
        starting.into_iter().map(|node| node.join().unwrap()).collect()
    });
    for node in &nodes {
        works(&node.1);
    }
}

#[test]
fn another_hindsight_finds_a_development_node_with_its_user_and_authority() {
    let served = serve(&["--dev", "--samples"]);
    let listed = program(&served.folder).arg("list").output().unwrap();
    assert!(text(&listed.stdout).contains("order-"), "{}", text(&listed.stderr));
}

#[test]
fn a_development_node_opens_a_file_whoever_could_log_in_before() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    fs::write(path("password"), "secret").unwrap();
    let file =
        ["serve", "--samples", "--listen", "localhost:0", "--exit-with-stdin", "--file", &path("events.db")];
    let user = format!("admin:{}", path("password"));
    let output = program(&folder).args(file).args(["--user", &user]).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    assert!(!folder.path().join("data").exists(), "all is kept elsewhere");
    let (child, url) = started(program(&folder).args(file).arg("--dev").stdin(Stdio::piped()));
    let node = Development(child, url);
    works(&node.1);
}

#[test]
fn a_folder_of_odd_letters_is_named_so_that_clients_understand_it() {
    let folder = tempfile::tempdir().unwrap();
    let odd = folder.path().join("a b&c#d+é%");
    let mut command = Command::new(program(&folder).get_program());
    command.arg("--data-dir").arg(&odd).args(["serve", "--dev", "--memory", "--samples"]);
    command.args(["--listen", "127.0.0.1:0"]).stdin(Stdio::null()).stdout(Stdio::piped());
    let (child, url) = started(&mut command);
    let node = Development(child, url);
    assert!(node.1.contains("/a%20b%26c%23d%2B%C3%A9%25/"), "{}", node.1);
    works(&node.1);
}

#[test]
fn development_and_files_of_ones_own_exclude_each_other() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml");
    let file = file.to_str().unwrap();
    let user = format!("admin:{file}");
    for other in [&["--user", &user][..], &["--tls-cert", file, "--tls-key", file]] {
        let said = refused(&[&["--dev"], other].concat());
        assert!(said.contains("--dev") && said.contains(other[0]), "{said}");
    }
}

#[test]
fn a_host_name_is_listened_on_and_printed() {
    let served = serve_at("localhost:0");
    assert_eq!(served.1, format!("esdb://localhost:{}?tls=false", port(&served.1)));
    works(&served.1);
    works(&served.1.replace("localhost", "127.0.0.1"));
    if std::net::TcpListener::bind("[::1]:0").is_ok() {
        works(&served.1.replace("localhost", "[::1]"));
    }
}

#[test]
fn the_address_that_is_printed_can_be_dialled() {
    let mut both = vec![("0.0.0.0:0", "127.0.0.1"), ("127.0.0.2:0", "127.0.0.2")];
    if std::net::TcpListener::bind("[::1]:0").is_ok() {
        both.push(("[::1]:0", "[::1]"));
    }
    for (listen, told) in both {
        let served = serve_at(listen);
        assert_eq!(served.1, format!("esdb://{told}:{}?tls=false", port(&served.1)));
        works(&served.1);
    }
}

fn serve_at(listen: &str) -> Development {
    let folder = tempfile::tempdir().unwrap();
    let (child, url) = started(program(&folder).args(["serve", "--memory", "--samples", "--listen", listen]));
    Development(child, url)
}

#[test]
fn a_bad_address_is_named_with_what_helps() {
    for bad in [
        "2113",
        "localhost",
        "localhost:",
        "localhost:70000",
        ":2113",
        "::1:2113",
        "esdb://localhost:2113",
        "a b:1",
    ] {
        let said = refused(&["--memory", "--listen", bad]);
        assert!(said.contains(bad) && said.contains("like localhost:2113"), "{said}");
    }
    let said = refused(&["--memory", "--listen", "nowhere.invalid:2113"]);
    assert!(said.contains("nowhere.invalid") && said.contains("localhost:2113"), "{said}");
}

#[test]
fn users_without_tls_are_told_that_clients_send_no_password() {
    let folder = tempfile::tempdir().unwrap();
    let password = folder.path().join("password");
    fs::write(&password, "secret").unwrap();
    let user = format!("admin:{}", password.display());
    let ends = ["serve", "--memory", "--listen", "localhost:0", "--exit-with-stdin"];
    let output = program(&folder).args(ends).args(["--user", &user]).output().unwrap();
    let said = text(&output.stderr);
    assert!(said.contains("without TLS") && said.contains("--dev") && !said.contains("secret"), "{said}");
    for options in [&["--dev"][..], &[]] {
        let output = program(&folder).args(ends).args(options).output().unwrap();
        assert_eq!((text(&output.stderr), output.status.code()), (String::new(), Some(0)));
    }
}

#[test]
fn a_node_ends_with_the_program_that_started_it() {
    let folder = tempfile::tempdir().unwrap();
    let mut command = program(&folder);
    command
        .args(["serve", "--samples", "--listen", "localhost:0", "--exit-with-stdin"])
        .stdin(Stdio::piped());
    let (mut child, url) = started(&mut command);
    works(&url);
    assert!(child.try_wait().unwrap().is_none());
    drop(child.stdin.take());
    assert_eq!(child.wait().unwrap().code(), Some(0));
    let mut said = String::new();
    child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
    assert_eq!(said, "");
    assert!(!folder.path().join("data/sandbox.db.address").exists(), "it closed its file");
}

#[test]
fn a_node_in_memory_leaves_no_folder() {
    let folder = tempfile::tempdir().unwrap();
    let ends = ["serve", "--memory", "--samples", "--listen", "localhost:0", "--exit-with-stdin"];
    let output = program(&folder).args(ends).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    assert!(text(&output.stdout).starts_with("esdb://localhost:"));
    assert!(!folder.path().join("data").exists());
}

#[test]
fn an_operator_shuts_a_served_node_down_and_no_other() {
    let folder = tempfile::tempdir().unwrap();
    let (mut child, url) = started(program(&folder).args(["serve", "--memory", "--listen", "localhost:0"]));
    run(async {
        let operations = eventstore::operations::Client::new(url.parse().unwrap());
        operations.shutdown(&eventstore::operations::OperationalOptions::default()).await.unwrap();
        let inside = Node::start(Config::default()).await.unwrap();
        let operations = eventstore::operations::Client::new(inside.connection_string().parse().unwrap());
        let refused = operations.shutdown(&eventstore::operations::OperationalOptions::default()).await;
        assert!(refused.is_err(), "the program that it runs in decides");
    });
    assert_eq!(child.wait().unwrap().code(), Some(0));
}
