//! `hindsight doctor` and the connection dialog: the same lines in the terminal, for programs, and in the window.

use crate::certificates::Authority;
use crate::cli::{program, serve, text};
use crate::window::Window;
use egui_kittest::kittest::Queryable;
use serde_json::Value;
use std::process::Output;
use tempfile::TempDir;

#[track_caller]
fn doctor(folder: &TempDir, exit: i32, arguments: &[&str]) -> Output {
    let output = program(folder).args(arguments).output().unwrap();
    assert_eq!(output.status.code(), Some(exit), "{}{}", text(&output.stdout), text(&output.stderr));
    output
}

fn lines(output: &Output) -> Vec<Value> {
    text(&output.stdout).lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn each_step_is_a_line_and_a_good_way_ends_with_0() {
    let served = serve(&["--memory"]);
    let said = text(&served.run(0, &["doctor"]).stdout);
    let names = ["Name", "TCP", "TLS", "HTTP/2", "Gossip", "Login", "Rights"];
    assert_eq!(said.lines().count(), names.len(), "{said}");
    for (line, name) in said.lines().zip(names) {
        assert!(line.starts_with(&format!("✔ {name} ")) && line.ends_with(" ms)"), "{line}");
    }
    let told = lines(&served.run(0, &["doctor", "--json"]));
    let steps: Vec<_> = told.iter().map(|line| line["step"].as_str().unwrap()).collect();
    assert_eq!(steps, ["name", "tcp", "tls", "http2", "gossip", "login", "rights"]);
    assert!(told.iter().all(|line| line["result"] == "passed" && line["millis"].is_number()), "{told:?}");
    assert!(served.url.contains(told[0]["node"].as_str().unwrap()));
}

#[test]
fn the_sandbox_is_looked_at_where_nothing_else_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let output = doctor(&folder, 0, &["doctor", "--category", "*"]);
    assert!(text(&output.stdout).contains("streams are listed by $all, every stream."));
}

#[test]
fn an_obstacle_is_said_with_what_would_help_and_ends_with_5() {
    let served = serve(&["--memory"]);
    let tls = served.url.replace("tls=false", "tls=true").replace("esdb://", "esdb://ada:S3cret@");
    let output = doctor(&served.folder, 5, &["-c", &tls, "doctor"]);
    let (said, why) = (text(&output.stdout), text(&output.stderr));
    let changed = format!("Connect without TLS: {}", served.url);
    assert!(
        said.contains("✘ TLS") && said.contains(&changed) && said.contains("– Rights   not reached"),
        "{said}"
    );
    assert!(why.contains("answers without TLS. Add tls=false"), "{why}");
    let output = doctor(&served.folder, 5, &["-c", &tls, "doctor", "--json"]);
    let told = lines(&output);
    assert_eq!((&told[2]["result"], &told[3]["result"]), (&"failed".into(), &"not reached".into()));
    assert_eq!(told[2]["changes"][0]["connection"], served.url.as_str());
    assert!(!format!("{said}{why}{told:?}").contains("S3cret"), "{said}{why}");
}

#[test]
fn a_string_that_cannot_be_used_ends_with_2() {
    let folder = tempfile::tempdir().unwrap();
    let output = doctor(&folder, 2, &["-c", "esbd://ada:S3cret@localhost:2113", "doctor", "--json"]);
    let told = lines(&output);
    assert_eq!((told.len(), &told[0]["step"]), (1, &"string".into()));
    assert_eq!(told[0]["changes"][0]["connection"], "esdb://localhost:2113");
    assert!(!text(&output.stdout).contains("S3cret") && !text(&output.stderr).contains("S3cret"));
}

#[test]
fn an_option_that_is_left_out_is_said_once() {
    let served = serve(&["--memory"]);
    let url = format!("{}&keepAliveInterval=500", served.url);
    let output = doctor(&served.folder, 0, &["-c", &url, "doctor"]);
    let said = format!("{}{}", text(&output.stdout), text(&output.stderr));
    assert_eq!(said.matches("keepAliveInterval=500 is left out").count(), 1, "{said}");
}

/// In processes of their own, as the home folder is one of a whole process.
#[test]
fn a_tilde_is_the_home_folder_wherever_a_file_is_named() {
    let authority = Authority::new("Acme Root");
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let node = runtime.block_on(authority.node(&["127.0.0.1"], |_| {}));
    authority.sign("ann", &["ann"], |_| {});
    let files = "tlsCaFile=~/ca.pem&userCertFile=~/ann.pem&userKeyFile=~/ann.key";
    let url = format!("esdb://{}?{files}", node.address());
    authority.write("connection.txt", &url);
    for given in [&*url, "@~/connection.txt"] {
        for verb in ["doctor", "list"] {
            let mut command = program(&authority.folder);
            let output =
                command.env("HOME", authority.folder.path()).args(["-c", given, verb]).output().unwrap();
            assert_eq!(output.status.code(), Some(0), "{given} {verb}: {}", text(&output.stderr));
        }
    }
    let mut command = program(&authority.folder);
    let url = url.replace("~/ca.pem", "~/none.pem");
    let output = command.env("HOME", authority.folder.path()).args(["-c", &url, "doctor"]).output().unwrap();
    let full = format!("The file {:?} of tlsCaFile does not exist", authority.folder.path().join("none.pem"));
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains(&full), "{}", text(&output.stderr));
}

#[test]
fn the_dialog_shows_the_lines_and_a_button_mends_the_string() {
    let mut window = Window::open(false, egui::Theme::Dark);
    window.harness.ctx.set_missing_glyph_policy(egui::MissingGlyphPolicy::Panic);
    let url = window.node.connection_string();
    window.click("Connection");
    window.types("Connection string", &url.replace("esdb://", "esbd://").replace("tls=false", "tls=true"));
    window.click("Test");
    window.until("which is no EventStoreDB scheme");
    window.click("Use esdb://");
    assert!(!window.shows("which is no EventStoreDB scheme"), "another string is in the field");
    window.click("Test");
    window.until("answers without TLS");
    window.until("not reached");
    window.click("Connect without TLS");
    window.click("Test");
    window.until("$all may be read");
    let field = window.harness.get_by_role_and_label(egui::accesskit::Role::TextInput, "Connection string");
    assert_eq!(field.value().as_deref(), Some(&*url));
    window.harness.get_by_role_and_label(egui::accesskit::Role::Button, "Connect").click();
    window.harness.run_steps(4);
    window.until("caught up");
}
