//! What was seen and said, against the log.

use super::commands::{self, Said, Seen, Told};
use super::faults::MARKERS;
use super::nodes::{Logged, Nodes};
use super::writes::Window;
use crate::api::Service;
use hindsight::store::{AppendError, Session};
use std::collections::{BTreeMap, HashSet};
use std::time::{Duration, Instant};
use uuid::Uuid;

/// How long the window may take until it shows what is there.
const PATIENCE: Duration = Duration::from_secs(40);

fn types(logged: &Logged, stream: &str) -> Vec<String> {
    let events = logged.get(stream).map(Vec::as_slice).unwrap_or_default();
    events.iter().map(|(_, event_type)| event_type.clone()).collect()
}

/// Waits until the window is as it would be had nothing happened, and every write has its answer.
pub async fn settle(window: &mut Window, nodes: &Nodes) -> Logged {
    let began = Instant::now();
    let mut asked = Instant::now();
    loop {
        window.step().await;
        let logged = nodes.logged().await;
        let streams = logged.keys().filter(|stream| stream.starts_with("order-"));
        let rows = streams.clone().count() == window.screen.rows.len()
            && logged.iter().all(|(stream, events)| {
                window.screen.rows.get(stream).is_some_and(|row| row.events == events.len() as u64)
            });
        let markers = logged.get(MARKERS).map_or(0, Vec::len) == window.screen.records.len();
        let is_there = |id: Uuid| logged.values().flatten().any(|(there, _)| *there == id);
        let pending: Vec<_> = window
            .writes
            .iter()
            .filter(|(ticket, append)| window.is_unknown(**ticket) && is_there(append.events[0].id))
            .collect();
        let connected = window.screen.address().is_some() && window.screen.caught_up;
        if rows && markers && connected && pending.is_empty() && window.under_way() == 0 {
            return logged;
        }
        assert!(
            began.elapsed() < PATIENCE,
            "the window does not show what is there: rows {rows}, markers {markers}, connected {connected}, \
             under way {}, not found {pending:?}\n{:?}",
            window.under_way(),
            window.screen
        );
        if asked.elapsed() > Duration::from_secs(1) {
            asked = Instant::now();
            window.look_again();
        }
    }
}

/// Every event is there once, and every write as it was answered.
pub fn writes_are_true(window: &Window, logged: &Logged) {
    let mut ids = HashSet::new();
    for (id, event_type) in logged.values().flatten() {
        assert!(ids.insert(*id), "{event_type} {id} is there twice");
    }
    for (ticket, append) in &window.writes {
        let answers: Vec<_> = window.screen.answers[ticket].iter().map(|(answer, _)| answer).collect();
        let id = append.events[0].id;
        let events = logged.get(append.stream.as_str()).map(Vec::as_slice).unwrap_or_default();
        let at = events.iter().position(|(there, _)| *there == id);
        let case = format!("{append:?}: answered {answers:?}, there at {at:?}");
        let last = answers.last().unwrap();
        let agrees =
            |answer: &&Result<_, _>| matches!(answer, Err(AppendError::Unknown(_))) || answer == last;
        assert!(answers.iter().all(agrees), "{case}");
        match last {
            Ok(written) => assert_eq!(at, usize::try_from(written.revision.0).ok(), "{case}"),
            Err(AppendError::Unknown(_)) => assert_eq!(at, None, "it was not found: {case}"),
            Err(_) => assert_eq!(at, None, "said to be not written: {case}"),
        }
    }
}

/// The window shows the log, as a connection that nothing befell does, and never lost what it showed.
pub async fn window_is_true(window: &Window, nodes: &Nodes, logged: &Logged) {
    let screen = &window.screen;
    let markers = logged.get(MARKERS).map(Vec::as_slice).unwrap_or_default();
    let shown: Vec<_> = screen.records.iter().map(|(record, _)| record.id).collect();
    assert_eq!(shown, markers.iter().map(|(id, _)| *id).collect::<Vec<_>>(), "the open stream");
    let session = Session::connect(nodes.url("")).await.unwrap();
    let rows = session.list("order").await.unwrap();
    let rows: BTreeMap<_, _> = rows.into_iter().map(|row| (row.stream.as_str().to_owned(), row)).collect();
    assert_eq!(screen.rows, rows, "the list");
    assert_eq!((screen.relisted, screen.another), (1, 0), "what is on the screen stays");
}

/// What a terminal or a client of the API was told and shown.
pub fn commands_are_true(seen: &Seen, logged: &Logged) {
    for told in &seen.told {
        let count = types(logged, &told.stream).iter().filter(|there| *there == told.event_type).count();
        let is_true = match told.said {
            Said::Written => count == 1,
            Said::NotWritten => count == 0,
            Said::NotKnown => count <= 1,
        };
        let Told { stream, event_type, said, words } = told;
        assert!(is_true, "{event_type} in {stream}: {said:?}, there {count} times, {words}");
    }
    for (stream, shown) in &seen.shown {
        let there = types(logged, stream);
        assert!(there.starts_with(shown), "{stream}: shown {shown:?}, there {there:?}");
    }
}

/// A list and a stream, as the terminal and the API show them now.
pub async fn shows_the_log(nodes: &Nodes, service: &Service, logged: &Logged) {
    let folder = tempfile::tempdir().unwrap();
    let (code, printed, said) = commands::run(&folder, &nodes.url(""), &["list", "--json"]).await;
    assert_eq!(code, 0, "{said}");
    let line = |line: &str| -> serde_json::Value { serde_json::from_str(line).unwrap() };
    let listed: BTreeMap<_, _> = printed
        .lines()
        .map(line)
        .map(|row| (row["stream"].as_str().unwrap().to_owned(), row["events"].as_u64()))
        .collect();
    let there: BTreeMap<_, _> =
        logged.iter().map(|(stream, events)| (stream.clone(), Some(events.len() as u64))).collect();
    assert_eq!(listed, there, "the terminal's list");
    for stream in logged.keys() {
        let id = stream.trim_start_matches("order-");
        assert_eq!(commands::events(service, id).await, Some(types(logged, stream)), "the API's {stream}");
    }
    if let Some(stream) = logged.keys().next() {
        let (_, printed, said) = commands::run(&folder, &nodes.url(""), &["show", stream, "--json"]).await;
        assert_eq!(commands::types(&printed), types(logged, stream), "{said}");
    }
}
