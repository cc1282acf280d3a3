//! The terminal's verbs and the HTTP API, used while the cluster fails; each write has an order of its own.

use crate::api::{Answer, Service};
use crate::cli::{program, text};
use serde_json::Value;
use std::time::Duration;
use tempfile::TempDir;
use tokio::sync::watch;
use tokio::time::sleep;

/// What was said of the event that a write would add.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Said {
    Written,
    NotWritten,
    NotKnown,
}

/// A write, by whom, and what was said of it.
#[derive(Debug)]
pub struct Told {
    pub stream: String,
    pub event_type: &'static str,
    pub said: Said,
    /// Exit code and standard error, or status and body.
    pub words: String,
}

/// Types of a stream's events as they were shown at some moment.
pub type Shown = (String, Vec<String>);

/// What a terminal or a client of the API saw.
#[derive(Debug, Default)]
pub struct Seen {
    pub told: Vec<Told>,
    pub shown: Vec<Shown>,
    /// Writes of unknown fate that were sent again.
    pub repeats: usize,
}

/// Runs the real program.
pub async fn run(folder: &TempDir, url: &str, arguments: &[&str]) -> (i32, String, String) {
    let mut command = program(folder);
    command.args(["-c", url]).args(arguments);
    let output = tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap();
    (output.status.code().unwrap_or(-1), text(&output.stdout), text(&output.stderr))
}

/// Types of the events that `show --json` printed.
pub fn types(printed: &str) -> Vec<String> {
    let line = |line: &str| -> Value { serde_json::from_str(line).unwrap() };
    printed.lines().map(|l| line(l)["type"].as_str().unwrap().to_owned()).collect()
}

fn exit(code: i32) -> Said {
    match code {
        0 => Said::Written,
        7 => Said::NotKnown,
        2..=6 => Said::NotWritten,
        code => panic!("exit code {code}"),
    }
}

/// Creates, shows, pays and lists, over and over.
pub async fn terminal(url: String, number: u64, stop: watch::Receiver<bool>) -> Seen {
    let folder = tempfile::tempdir().unwrap();
    let mut seen = Seen::default();
    for count in 0.. {
        let id = format!("t{number}-{count}");
        let stream = format!("order-{id}");
        let create = ["create", "--user", "u", "--total", "1", "--id", &id];
        for (event_type, arguments) in [("OrderCreated", &create[..]), ("OrderPaid", &["pay", &id])] {
            let (code, _, said) = run(&folder, &url, arguments).await;
            let words = format!("exit {code}: {said}");
            seen.told.push(Told { stream: stream.clone(), event_type, said: exit(code), words });
            if *stop.borrow() {
                return seen;
            }
        }
        let (code, printed, _) = run(&folder, &url, &["show", &stream, "--json"]).await;
        if code == 0 {
            seen.shown.push((stream.clone(), types(&printed)));
        }
        if *stop.borrow() {
            return seen;
        }
        sleep(Duration::from_millis(100)).await;
    }
    seen
}

fn status(status: u16) -> Said {
    match status {
        200 => Said::Written,
        500 | 504 => Said::NotKnown,
        _ => Said::NotWritten,
    }
}

fn told(answer: &Answer) -> String {
    format!("{}: {}", answer.status, answer.body())
}

/// Creates, pays and reads over HTTP, over and over.
pub async fn client(service: &Service, number: u64, stop: watch::Receiver<bool>) -> Seen {
    let mut seen = Seen::default();
    for count in 0.. {
        let id = format!("h{number}-{count}");
        let stream = format!("order-{id}");
        let body = format!(r#"{{"OrderID":"{id}","UserID":"u","Total":1}}"#);
        let (create, pay) = ("/orders".to_owned(), format!("/orders/{id}/pay"));
        for (event_type, path, body) in [("OrderCreated", create, &*body), ("OrderPaid", pay, "")] {
            let key = format!("{event_type}-{id}");
            let send = async || service.send("POST", &path, &[("Idempotency-Key", &*key)], body).await;
            let mut answer = send().await;
            let (mut said, mut words) = (status(answer.status), told(&answer));
            // A repeat with the same key is no second event; one that is not taken says nothing of the first.
            while said == Said::NotKnown {
                seen.repeats += 1;
                sleep(Duration::from_millis(100)).await;
                answer = send().await;
                said = if answer.status == 503 { Said::NotKnown } else { status(answer.status) };
                words = format!("{words}, then {}", told(&answer));
            }
            seen.told.push(Told { stream: stream.clone(), event_type, said, words });
            sleep(Duration::from_millis(60)).await;
        }
        if let Some(types) = events(service, &id).await {
            seen.shown.push((stream, types));
        }
        if *stop.borrow() {
            return seen;
        }
    }
    seen
}

/// Types of the events that the API shows; `None` where it does not.
pub async fn events(service: &Service, id: &str) -> Option<Vec<String>> {
    let answer = service.get(&format!("/orders/{id}/events")).await;
    let events = answer.body()["events"].as_array().filter(|_| answer.status == 200)?;
    Some(events.iter().map(|event| event["type"].as_str().unwrap().to_owned()).collect())
}
