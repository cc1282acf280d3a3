//! The real program, as a script meets it.

use serde_json::Value;
use std::io::{BufRead, BufReader, Read};
use std::process::{Child, ChildStdout, Command, Output, Stdio};
use tempfile::TempDir;

/// A `serve` process on a free port with its own data folder.
pub struct Served {
    child: Child,
    pub url: String,
    pub folder: TempDir,
    stdout: BufReader<ChildStdout>,
}

impl Drop for Served {
    fn drop(&mut self) {
        let killed = self.child.kill().and_then(|()| self.child.wait());
        assert!(killed.is_ok() || std::thread::panicking());
    }
}

pub fn program(folder: &TempDir) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_hindsight"));
    command.arg("--data-dir").arg(folder.path().join("data"));
    command.env_remove("DISPLAY").env_remove("WAYLAND_DISPLAY").env_remove("RUST_LOG");
    command.env_remove("HINDSIGHT_CONNECTION");
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

pub fn serve(options: &[&str]) -> Served {
    let folder = tempfile::tempdir().unwrap();
    let mut command = program(&folder);
    let mut child = command.args(["serve", "--listen", "127.0.0.1:0"]).args(options).spawn().unwrap();
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    let mut url = String::new();
    stdout.read_line(&mut url).unwrap();
    Served { child, url: url.trim().to_owned(), folder, stdout }
}

impl Served {
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = program(&self.folder);
        command.args(["-c", &self.url]).args(arguments);
        command
    }

    #[track_caller]
    pub fn run(&self, exit: i32, arguments: &[&str]) -> Output {
        let output = self.command(arguments).output().unwrap();
        assert_eq!(output.status.code(), Some(exit), "{arguments:?}: {}", text(&output.stderr));
        output
    }

    #[track_caller]
    pub fn json(&self, arguments: &[&str]) -> Vec<Value> {
        let output = self.run(0, &[arguments, &["--json"]].concat());
        text(&output.stdout).lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    pub fn events(&self, stream: &str) -> Vec<Value> {
        self.json(&["show", stream])
    }

    /// Writes what no command of ours would write.
    pub fn write(&self, stream: &str, event_type: &str, data: &[u8]) {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let client = eventstore::Client::new(self.url.parse().unwrap()).unwrap();
            let event =
                eventstore::EventData::binary(event_type, data.to_vec().into()).id(uuid::Uuid::new_v4());
            client
                .append_to_stream(stream, &eventstore::AppendToStreamOptions::default(), event)
                .await
                .unwrap();
        });
    }
}

pub fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

fn keys(line: &str) -> Vec<String> {
    let value: serde_json::Map<String, Value> = serde_json::from_str(line).unwrap();
    let mut keys: Vec<String> = value.keys().cloned().collect();
    keys.sort_by_key(|key| line.find(&format!("\"{key}\":")));
    keys
}

const CREATE: [&str; 7] = ["create", "--user", "ada", "--total", "99.90", "--id", "1"];

#[test]
fn serve_prints_its_address_first_and_answers() {
    let mut served = serve(&["--memory", "--samples"]);
    assert!(served.url.starts_with("esdb://127.0.0.1:"), "{}", served.url);
    assert!(served.json(&["list"]).len() > 20);
    served.child.kill().unwrap();
    let mut rest = String::new();
    served.stdout.read_to_string(&mut rest).unwrap();
    assert_eq!(rest, "");
}

#[test]
fn an_order_is_created_paid_listed_and_shown() {
    let served = serve(&["--memory"]);
    let created = served.run(0, &[&CREATE[..], &["--json"]].concat());
    let line = r#"{"stream":"order-1","revision":0,"event":"OrderCreated","appended":true}"#;
    assert_eq!(text(&created.stdout).trim(), line);
    let paid = served.run(0, &["pay", "1", "--json"]);
    let line = r#"{"stream":"order-1","revision":1,"event":"OrderPaid","appended":true}"#;
    assert_eq!(text(&paid.stdout).trim(), line);

    let list = text(&served.run(0, &["list", "--json"]).stdout);
    let expected = ["stream", "revision", "events", "status", "user", "total", "last_event", "problems"];
    assert_eq!(keys(list.trim()), expected);
    assert!(
        list.contains(r#""revision":1,"events":2,"status":"paid","user":"ada","total":99.90,"#),
        "{list}"
    );

    let show = text(&served.run(0, &["show", "order-1", "--json"]).stdout);
    let first = show.lines().next().unwrap();
    let expected = ["revision", "type", "created", "folded", "data", "state", "changed", "problem"];
    assert_eq!(keys(first), expected);
    assert!(first.contains(r#""data":{"OrderID":"1","UserID":"ada","Total":99.90}"#), "{first}");
    assert!(first.contains(r#""state":{"ID":"1","UserID":"ada","Total":99.90,"Paid":false}"#), "{first}");
    assert!(first.contains(r#""changed":["ID","UserID","Total","Paid"],"problem":null"#), "{first}");
    assert_eq!(show.lines().count(), 2);
    assert_eq!(served.json(&["show", "order-1", "--at", "0"]).len(), 1);
}

#[test]
fn refusals_name_the_rule_and_write_nothing() {
    let served = serve(&["--memory"]);
    served.run(3, &["pay", "1"]);
    served.run(0, &CREATE);
    let twice = served.run(3, &CREATE);
    assert!(text(&twice.stderr).starts_with("Refused: order 1 already exists"), "{}", text(&twice.stderr));
    served.run(0, &["pay", "1"]);
    let twice = served.run(3, &["pay", "1"]);
    assert!(text(&twice.stderr).starts_with("Refused: order 1 is already paid"), "{}", text(&twice.stderr));
    assert_eq!(served.events("order-1").len(), 2);
}

#[test]
fn a_conflict_is_its_own_exit_code() {
    let served = serve(&["--memory"]);
    served.run(0, &CREATE);
    let output = served.run(4, &["pay", "1", "--expect", "7"]);
    assert!(text(&output.stderr).starts_with("Conflict:"), "{}", text(&output.stderr));
    assert_eq!(served.events("order-1").len(), 1);
    served.run(0, &["pay", "1", "--expect", "0"]);
}

#[test]
fn a_dry_run_writes_nothing() {
    let served = serve(&["--memory"]);
    served.run(0, &CREATE);
    let line = &served.json(&["pay", "1", "--dry-run"])[0];
    assert_eq!((&line["appended"], &line["revision"]), (&Value::Bool(false), &Value::from(1)));
    assert_eq!(served.events("order-1").len(), 1);
}

#[test]
fn bad_arguments_are_a_sentence_and_write_nothing() {
    let served = serve(&["--memory"]);
    for total in ["-5", "abc", "", "1e9", "1,50", "99999999999999999999999999"] {
        let output = served.run(2, &["create", "--user", "u", "--total", total, "--id", "1"]);
        assert!(text(&output.stderr).to_lowercase().contains("total"), "{}", text(&output.stderr));
    }
    served.run(2, &["create", "--user", " ", "--total", "1", "--id", "1"]);
    served.run(2, &["create", "--user", "u", "--total", "1", "--id", "a b"]);
    served.run(3, &["pay", ""]);
    served.run(2, &["show", "order-1"]);
    served.run(2, &["frobnicate"]);
    served.run(0, &CREATE);
    let output = served.run(2, &["show", "order-1", "--at", "9"]);
    assert!(text(&output.stderr).contains("from 0 to 0"), "{}", text(&output.stderr));
    assert_eq!(served.json(&["list"]).len(), 1);
}

#[test]
fn nobody_at_the_address_is_exit_5() {
    let folder = tempfile::tempdir().unwrap();
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let url = format!("esdb://{free}?tls=false");
    let output = program(&folder).args(["-c", &url, "list"]).output().unwrap();
    assert_eq!(output.status.code(), Some(5), "{}", text(&output.stderr));
    assert!(!output.stderr.is_empty());
}

#[test]
fn two_pay_at_once_and_one_is_paid() {
    let served = serve(&["--memory"]);
    served.run(0, &CREATE);
    let both = [0, 1].map(|_| served.command(&["pay", "1"]).spawn().unwrap());
    let mut codes = both.map(|child| child.wait_with_output().unwrap().status.code().unwrap());
    codes.sort_unstable();
    assert_eq!(codes[0], 0, "{codes:?}");
    assert!([3, 4].contains(&codes[1]), "{codes:?}");
    let paid = served.events("order-1").iter().filter(|event| event["type"] == "OrderPaid").count();
    assert_eq!(paid, 1);
}

#[test]
fn hostile_events_cannot_reach_the_terminal() {
    let served = serve(&["--memory"]);
    let data = b"{\"OrderID\":\"x\",\"UserID\":\"\\u001b[31mred\\u0007\xc2\x9b\",\n\"Total\":1}";
    served.write("order-x", "OrderCreated", data);
    served.write("order-x", "\u{1b}]0;title\u{7}", b"\x1b[2J\xff");
    for arguments in
        [&["list"][..], &["show", "order-x"], &["list", "--json"], &["show", "order-x", "--json"]]
    {
        let out = text(&served.run(0, arguments).stdout);
        assert!(!out.contains(|c: char| c.is_control() && c != '\n'), "{arguments:?}: {out:?}");
    }
    let events = served.events("order-x");
    assert_eq!(events[0]["data"]["UserID"], "\u{1b}[31mred\u{7}\u{9b}");
    assert_eq!(events[1]["data"]["base64"], "G1sySv8=");
    assert_eq!(events[1]["folded"], false);
}

#[test]
fn without_a_display_the_list_is_printed() {
    let served = serve(&["--memory"]);
    served.run(0, &CREATE);
    if cfg!(target_os = "linux") {
        let output = served.run(0, &[]);
        assert!(text(&output.stderr).contains("No display"), "{}", text(&output.stderr));
        assert!(text(&output.stdout).contains("order-1"));
    }
}

#[test]
fn the_sandbox_starts_by_itself_and_is_shared() {
    let folder = tempfile::tempdir().unwrap();
    let both = [0, 1].map(|_| program(&folder).args(["list", "--json"]).spawn().unwrap());
    for child in both {
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
        assert!(text(&output.stdout).lines().count() > 20);
    }
}

#[test]
fn the_journal_tells_each_write_and_its_answer_to_its_owner_alone() {
    let served = serve(&["--memory"]);
    assert!(text(&served.run(0, &["journal"]).stdout).contains("Nothing was written"));
    served.run(0, &["create", "--user", "u", "--total", "99.90", "--id", "a"]);
    served.run(0, &["pay", "a", "--dry-run"]);
    served.run(0, &["pay", "a"]);
    served.run(3, &["pay", "a"]);
    let entries = served.json(&["journal"]);
    let told: Vec<_> = entries.iter().map(|e| (&e["answer"], &e["revision"], &e["expected"])).collect();
    let (appended, none, exactly) = (Value::from("appended"), "no stream".into(), "exactly 0".into());
    assert_eq!(told, [(&appended, &0.into(), &none), (&appended, &1.into(), &exactly)]);
    assert_eq!(entries[0]["events"][0]["data"].to_string(), r#"{"OrderID":"a","Total":99.9,"UserID":"u"}"#);
    assert!(served.url.contains(entries[1]["server"].as_str().unwrap()));
    let table = text(&served.run(0, &["journal"]).stdout);
    assert!(table.contains("OrderPaid") && !table.contains('{'), "{table}");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let file = served.folder.path().join("data").join("journal.jsonl");
        assert_eq!(std::fs::metadata(file).unwrap().permissions().mode() & 0o777, 0o600);
    }
}

#[test]
fn production_is_written_to_only_where_it_is_meant() {
    let served = serve(&["--memory"]);
    served.write("$server-info", "$ServerInfo", br#"{"name":"shop-eu","production":true}"#);
    let create = ["create", "--user", "u", "--total", "1", "--id", "a"];
    served.run(0, &[&create[..], &["--dry-run"]].concat());
    let refused = served.run(6, &create);
    assert!(text(&refused.stderr).contains("shop-eu declares itself production. Add --production"));
    served.run(2, &["show", "order-a"]);
    served.run(0, &[&create[..], &["--production"]].concat());
    assert_eq!(served.events("order-a").len(), 1);
    assert_eq!(served.json(&["journal"]).len(), 1, "what was not sent is not in the journal");
}

/// What the window shows at each step, backwards from the newest, is what the terminal prints.
#[test]
fn each_step_of_the_long_order_is_the_same_in_the_window_and_in_the_terminal() {
    use hindsight::aggregate::leaves;
    use hindsight::history::Cursor;
    use std::collections::BTreeMap;

    #[derive(serde::Deserialize)]
    struct Line {
        revision: u64,
        state: Option<BTreeMap<String, Box<serde_json::value::RawValue>>>,
        changed: Vec<String>,
    }

    let served = serve(&["--samples", "--memory"]);
    let long = served.json(&["list"]).into_iter().find(|row| row["events"] == 2_000).unwrap();
    let name = long["stream"].as_str().unwrap();
    let output = served.run(0, &["show", name, "--json"]);
    let lines: Vec<Line> =
        text(&output.stdout).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 2_000);
    let mut timeline = crate::history::empty(name);
    tokio::runtime::Runtime::new().unwrap().block_on(async {
        let session = hindsight::store::Session::connect(&served.url).await.unwrap();
        let stream = hindsight::record::StreamName::new(name);
        let push = |records: Vec<_>| assert!(records.into_iter().all(|record| timeline.push(record)));
        session.read(&stream, push).await.unwrap();
    });
    let mut cursor = Cursor::Live;
    for line in lines.iter().rev() {
        let frame = timeline.frame(cursor.index(&timeline));
        assert_eq!(frame.record().unwrap().revision.0, line.revision);
        let state = line.state.as_ref().unwrap();
        for (path, token) in leaves(&frame.fields.unwrap()) {
            assert_eq!(state[&**path].get(), &**token, "{path} at {}", line.revision);
        }
        let changed: Vec<&str> = frame.changes.iter().map(|change| &*change.field).collect();
        assert_eq!(changed, line.changed);
        cursor = cursor.step(&timeline, -1);
    }
    assert_eq!(cursor, Cursor::Origin);
}
