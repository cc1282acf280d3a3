//! The scripts that a real server ran, and what it made of them.

use base64::Engine as _;
use hindsight::aggregate::script::{
    Advance, Arrival, Limits, Partitioning, Projection, Script, ScriptAggregate, arrivals,
};
use hindsight::history::{ChunkBuilder, Timeline};
use hindsight::record::{Created, Position, Record, Revision, StreamName};
use serde::Deserialize;
use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use uuid::Uuid;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Line {
    stream: String,
    #[serde(rename = "type")]
    event_type: Option<String>,
    json: Option<String>,
    base64: Option<String>,
    metadata: Option<String>,
    #[serde(default)]
    soft_delete: bool,
    #[serde(default)]
    tombstone: bool,
}

#[derive(Deserialize)]
struct Golden {
    status: String,
    states: BTreeMap<String, String>,
    results: Option<BTreeMap<String, String>>,
    steps: Option<BTreeMap<String, Vec<String>>>,
    at: Option<String>,
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/projections")
}

fn log() -> Vec<Record> {
    let text = std::fs::read_to_string(folder().join("events.jsonl")).unwrap();
    let mut next: HashMap<String, u64> = HashMap::new();
    let mut log: Vec<Record> = Vec::new();
    for (place, line) in text.lines().enumerate() {
        let line: Line = serde_json::from_str(line).unwrap();
        let (stream, event_type, data) = if line.soft_delete {
            let stream = format!("$${}", line.stream);
            (stream, "$metadata".to_owned(), br#"{"$tb":9223372036854775807}"#.to_vec())
        } else if line.tombstone {
            (line.stream, "$streamDeleted".to_owned(), Vec::new())
        } else {
            let data = match (&line.json, &line.base64) {
                (Some(json), _) => json.clone().into_bytes(),
                (None, Some(base64)) => base64::engine::general_purpose::STANDARD.decode(base64).unwrap(),
                _ => Vec::new(),
            };
            (line.stream, line.event_type.unwrap(), data)
        };
        let revision = next.entry(stream.clone()).or_default();
        let at = 1000 + 100 * place as u64;
        let record = Record {
            stream: StreamName::new(&stream),
            revision: Revision(*revision),
            id: Uuid::from_u128(place as u128 + 1),
            event_type: event_type.as_str().into(),
            created: Created(17_000_000_000_000_000),
            position: Position { commit: at, prepare: at },
            declared_json: line.json.is_some() || line.soft_delete,
            data: data.into(),
            metadata: line.metadata.unwrap_or_default().into_bytes().into(),
            target: None,
        };
        *revision += 1;
        log.push(record);
    }
    let targets = log.clone();
    for record in log.iter_mut().filter(|record| record.is_link()) {
        let link = String::from_utf8(record.data.to_vec()).unwrap();
        let (revision, stream) = link.split_once('@').unwrap();
        let is =
            |target: &&Record| target.stream.as_str() == stream && target.revision.0.to_string() == revision;
        record.target = targets.iter().find(is).cloned().map(Box::new);
    }
    log
}

/// The link metadata of the server that made the golden states, by stream.
fn link_metadata(name: &str, golden: &Golden) -> HashMap<String, String> {
    let of = |(stream, state): (&String, &String)| {
        let state: serde_json::Value = serde_json::from_str(state).ok()?;
        let text = match name {
            "event-shape" => state["seen"][8].as_str()?,
            "json-shape" => state["e"]["linkMetadataRaw"].as_str()?,
            _ => return None,
        };
        Some((stream.clone(), text.to_owned()))
    };
    golden.states.iter().filter_map(of).collect()
}

fn script(name: &str) -> Script {
    let text = std::fs::read_to_string(folder().join("scripts").join(format!("{name}.js"))).unwrap();
    Script { file: format!("{name}.js").into(), text: text.into() }
}

/// What is not as on the server; empty where all is.
fn difference(name: &str, golden: &Golden, log: &[Record]) -> String {
    let script = script(name);
    let limits = Limits { server_bodies: true, ..Limits::default() };
    let mut projection = match Projection::new(script, limits) {
        Ok(projection) => projection,
        Err(_) if golden.status == "Faulted" && golden.at.is_none() && golden.states.is_empty() => {
            return String::new();
        }
        Err(fault) => return format!("{fault}\n{:?}", fault.stack),
    };
    let program = projection.program().clone();
    let mut arrivals = arrivals(&program, log);
    let links = link_metadata(name, golden);
    for arrival in &mut arrivals {
        if let Arrival::Event { view, .. } = arrival
            && let Some(link) = view.stream().and_then(|stream| links.get(stream))
        {
            view.link_metadata = Some(Cow::Owned(link.clone()));
        }
    }
    let mut steps: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let run = projection.run(&arrivals, |advance: &Advance| {
        if let (true, Some(result)) = (advance.changed, &advance.step.result) {
            steps.entry(advance.partition.to_string()).or_default().push(format!("Result {result}"));
        }
    });
    let at = run.as_ref().err().map(|(place, _)| match &arrivals[*place] {
        Arrival::Event { view, number } => {
            let source = view.category.map_or(view.record.stream.to_string(), |name| format!("$ce-{name}"));
            format!("{source}: {number}")
        }
        Arrival::Deleted(stream) => (*stream).to_owned(),
    });
    let mut states = BTreeMap::new();
    let mut results = BTreeMap::new();
    for (partition, kept) in projection.partitions() {
        states.extend(kept.state.clone().map(|state| (partition.to_string(), state.to_string())));
        results.extend(kept.result.clone().map(|result| (partition.to_string(), result.to_string())));
    }
    states.extend(projection.shared().map(|shared| (String::new(), shared.to_string())));
    let mut differences = Vec::new();
    // A fault within `partitionBy` is told without its event.
    let tells_place = golden.at.is_some() || golden.status == "Running";
    if run.is_err() != (golden.status == "Faulted") || (tells_place && at != golden.at) {
        differences
            .push(format!("stopped at {at:?}, on the server at {:?} ({})\n", golden.at, golden.status));
    }
    if states != golden.states {
        differences.push(format!("states\n  {states:?}\non the server\n  {:?}\n", golden.states));
    }
    if golden.results.as_ref().is_some_and(|golden| *golden != results) {
        differences.push(format!("results\n  {results:?}\non the server\n  {:?}\n", golden.results));
    }
    if golden.steps.as_ref().is_some_and(|golden| *golden != steps) {
        differences.push(format!("steps\n  {steps:?}\non the server\n  {:?}\n", golden.steps));
    }
    differences.concat()
}

#[test]
fn every_script_gives_what_the_server_gave() {
    let text = std::fs::read_to_string(folder().join("golden.json")).unwrap();
    let golden: BTreeMap<String, Golden> = serde_json::from_str(&text).unwrap();
    assert_eq!(golden.len(), 45);
    let log = log();
    let mut failures = Vec::new();
    for (name, golden) in &golden {
        let difference = difference(name, golden, &log);
        if !difference.is_empty() {
            failures.push(format!("--- {name}\n{difference}\n"));
        }
    }
    assert!(failures.is_empty(), "{}", failures.concat());
}

/// The text of a kept state.
fn kept(timeline: &Timeline, index: usize) -> Option<String> {
    let saved = timeline.aggregate().save(&timeline.state_at(Some(index))).unwrap();
    let (_, _, state, _): (bool, bool, Option<String>, Option<String>) =
        serde_json::from_slice(&saved).unwrap();
    state
}

/// Steps through each stream's timeline, both ways, and counts them.
fn step_through(name: &str, log: &[Record]) -> usize {
    let Ok(mut projection) = Projection::new(script(name), Limits::default()) else { return 0 };
    let program = projection.program().clone();
    if program.partitioning != Partitioning::ByStream {
        return 0;
    }
    let mut records: BTreeMap<&str, Vec<Record>> = BTreeMap::new();
    let mut states: BTreeMap<&str, Vec<Option<String>>> = BTreeMap::new();
    let arrivals = arrivals(&program, log);
    for arrival in &arrivals {
        let Arrival::Event { view, .. } = arrival else { continue };
        let stream = view.stream().unwrap();
        // After a fault the state is the one before the event, and it goes on.
        drop(projection.apply(view));
        let state = projection.partitions().get(stream).and_then(|kept| kept.state.clone());
        records.entry(stream).or_default().push(view.record.to_record());
        states.entry(stream).or_default().push(state.map(|state| state.to_string()));
    }
    let aggregate = Arc::new(ScriptAggregate::new(script(name), Limits::default()).unwrap());
    for (stream, records) in &records {
        let stream_name = StreamName::new(stream);
        assert!(program.scope().is_some(), "{name}");
        let mut timeline = Timeline::new(aggregate.clone(), stream_name.clone());
        let chunks = ChunkBuilder::new(aggregate.clone(), stream_name).chunks(records);
        for chunk in chunks {
            timeline.append(chunk);
        }
        let states = &states[stream];
        assert_eq!(timeline.len(), states.len());
        for index in (0..states.len()).chain((0..states.len()).rev()) {
            assert_eq!(kept(&timeline, index), states[index], "{name}: {stream} at {index}");
        }
    }
    records.values().map(Vec::len).sum()
}

#[test]
fn a_timeline_of_a_script_has_the_projections_states_both_ways() {
    let log = log();
    let names = std::fs::read_dir(folder().join("scripts")).unwrap();
    let names = names.map(|entry| entry.unwrap().path().file_stem().unwrap().to_str().unwrap().to_owned());
    // These keep something outside the state: what ran before makes a difference.
    let names = names.filter(|name| !["global-state", "init-mutated-shared"].contains(&name.as_str()));
    let steps: usize = names.map(|name| step_through(&name, &log)).sum();
    assert!(steps > 200, "{steps}");
}
