//! What fails by itself leaves a report, a line in the log and a sentence, and the rest goes on.

use crate::cli::{program, text};
use crate::window::Window;
use hindsight::app::{Answer, App, Failure, Notice, PanicReport, Said, Settings};
use hindsight::node::{Config, Node};
use hindsight::store::{StoreError, Target};
use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;

/// The texts of the files in a folder, oldest first.
fn files(folder: &Path) -> Vec<String> {
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files.iter().map(|file| fs::read_to_string(file).unwrap()).collect()
}

fn report() -> PanicReport {
    PanicReport { place: "src/a.rs:1:2".into(), file: Ok("/data/reports/a.txt".into()), ends: false }
}

#[test]
fn a_panic_that_ends_a_verb_is_a_report_and_a_sentence() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let address = runtime.block_on(crate::panics::broken_server(true));
    let folder = tempfile::tempdir().unwrap();
    let url = format!("esdb://admin:Tr0ub4dor@{address}?tls=false");
    let mut create = program(&folder);
    create.args(["-c", &url, "create", "--user", "u", "--total", "1"]);
    let output = create.env("RUST_BACKTRACE", "1").output().unwrap();
    let said = text(&output.stderr);
    assert_eq!(output.status.code(), Some(101), "{said}");
    assert!(said.contains("Hindsight failed inside (") && said.contains("It ends here"), "{said}");
    let data = folder.path().join("data");
    let reports = files(&data.join("reports"));
    let [report] = &reports[..] else { panic!("{reports:?}") };
    for part in
        ["Hindsight 0.", "time: 2", "thread: main", "task: ", "at: ", "message: called `Option::unwrap"]
    {
        assert!(report.contains(part), "{part}: {report}");
    }
    assert!(report.contains("hindsight::"), "the backtrace was asked for: {report}");
    let logs = files(&data.join("logs")).concat();
    assert!(logs.contains("a panic"), "{logs}");
    for text in [said, report.clone(), logs] {
        assert!(!text.contains("Tr0ub4dor"), "{text}");
    }
}

#[test]
fn a_panic_in_a_request_is_reported_and_the_service_goes_on() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let address = runtime.block_on(crate::panics::broken_server(true));
    let folder = tempfile::tempdir().unwrap();
    let url = format!("esdb://{address}?tls=false");
    let mut api = program(&folder);
    let mut child = api.args(["-c", &url, "api", "--listen", "127.0.0.1:0"]).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let post = || {
        runtime.block_on(async {
            let body = r#"{"UserID":"u","Total":1}"#;
            let request = reqwest::Client::new().post(format!("{}/orders", line.trim()));
            request.header("content-type", "application/json").body(body).send().await.unwrap().status()
        })
    };
    assert_eq!((post().as_u16(), post().as_u16()), (500, 500), "the second one is answered, too");
    child.kill().unwrap();
    let mut said = String::new();
    child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
    child.wait().unwrap();
    assert!(said.contains("The rest goes on; please send the report"), "{said}");
    let reports = files(&folder.path().join("data/reports"));
    assert_eq!(reports.len(), 2, "{reports:?}");
    assert!(reports[0].contains("thread: worker\n"), "{}", reports[0]);
}

#[test]
fn one_notice_says_what_failed_and_where_its_report_is() {
    let internal = || Answer::Reset(Err(StoreError::Internal("resetting the sandbox").into()));
    let panicked = || Answer::Failed(Failure::Panicked { report: report(), during: None });
    let both = Failure::Panicked { report: report(), during: Some("resetting the sandbox") };
    for answers in [[internal(), panicked()], [panicked(), internal()]] {
        let mut app = App::new(Target::Sandbox, "order", Settings::default());
        for answer in answers {
            app.answer(answer);
        }
        assert_eq!(app.notice().map(Notice::said), Some(&Said::Failure(both.clone())));
    }
}

#[test]
fn the_window_says_what_failed_by_itself() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let node = runtime.block_on(Node::start(Config::default())).unwrap();
    let (failed, failures) = tokio::sync::mpsc::channel(4);
    let aside = Failure::SettingsSetAside {
        file: "/data/window.ron".into(),
        kept: "/data/window.ron.broken".into(),
        why: "1:3: Expected string".into(),
    };
    failed.try_send(aside).unwrap();
    let url = node.connection_string();
    let mut window = Window::with_options(&url, runtime, node, egui::Theme::Dark, |options| {
        options.failures = failures;
    });
    window.until("They are kept in /data/window.ron.broken");
    failed.try_send(Failure::Panicked { report: report(), during: None }).unwrap();
    window.until("The rest goes on; please send the report /data/reports/a.txt.");
    window.click("Create order");
    window.until("Type a user and a total");
}

#[test]
fn verbose_tells_more_and_no_passwords() {
    let folder = tempfile::tempdir().unwrap();
    let url = "esdb://admin:Tr0ub4dor@127.0.0.1:1?tls=false";
    let said = |arguments: &[&str]| {
        text(&program(&folder).args(["-c", url, "list"]).args(arguments).output().unwrap().stderr)
    };
    let (usual, verbose) = (said(&[]), said(&["--verbose"]));
    assert!(!usual.contains("DEBUG") && verbose.contains("DEBUG hindsight::"), "{verbose}");
    assert!(!verbose.contains("Tr0ub4dor"), "{verbose}");
}

#[test]
fn a_node_that_keeps_nothing_leaves_no_log_behind() {
    let served = crate::cli::serve(&["--memory"]);
    assert!(!served.folder.path().join("data").exists());
}
