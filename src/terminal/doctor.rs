//! `hindsight doctor`: the connection test, a line as it happens.

use super::failure::Failure;
use super::output::print;
use crate::cli;
use crate::record::json::{json_line, safe};
use crate::sentences;
use crate::store::{
    ConnectionString, ConnectionTest, Diagnosis, Finding, Resolve, Step, StepKind, StoreError,
};
use serde::Serialize;
use std::sync::Arc;

/// Tests the connection; an error says what keeps one from reading.
pub async fn doctor(options: &cli::Doctor, resolve: Resolve) -> Result<(), Failure> {
    let given = resolve().await?;
    let mut diagnosis = Diagnosis::new(given.clone());
    let mut test = ConnectionTest::start(given, options.category.clone(), Arc::new(|| ()));
    while let Some(step) = test.next().await {
        let line = if options.json { json(&step, diagnosis.given()) } else { text(&step, &diagnosis) };
        print(&line)?;
        diagnosis.add(step);
    }
    match diagnosis.obstacle() {
        Some(error) => Err(error.clone().into()),
        None if diagnosis.connects() => Ok(()),
        None => Err(StoreError::Internal("testing the connection").into()),
    }
}

/// The line, and one for each change.
fn text(step: &Step, diagnosis: &Diagnosis) -> String {
    let sign = match step.finding {
        Finding::Passed(_) => '✔',
        Finding::Warned(_) => '!',
        Finding::Failed(_) => '✘',
        Finding::NotReached => '–',
    };
    let node = if diagnosis.has_several_nodes() {
        let hosts = diagnosis.given().hosts();
        let longest = hosts.split(',').map(|host| host.chars().count()).max().unwrap_or(0);
        format!("{:<longest$}  ", safe(&step.node))
    } else {
        String::new()
    };
    let took = step.took.map(|took| format!(" ({})", sentences::took(took))).unwrap_or_default();
    let (name, finding) = (sentences::step_name(step.kind), sentences::finding(step));
    let changes = changes(step, diagnosis.given());
    let changes = changes.iter().map(|change| format!("             {}\n", change.shown()));
    format!("{sign} {node}{name:<8} {finding}{took}\n{}", changes.collect::<String>())
}

/// The published form of a line.
#[derive(Serialize)]
struct Line<'a> {
    node: &'a str,
    step: &'static str,
    result: &'static str,
    millis: Option<f64>,
    text: String,
    changes: Vec<ChangeLine>,
}

#[derive(Serialize)]
struct ChangeLine {
    label: String,
    /// Without user and password; `None` where something is still to be chosen.
    connection: Option<String>,
}

impl ChangeLine {
    fn shown(&self) -> String {
        match &self.connection {
            Some(connection) => format!("{}: {connection}", self.label),
            None => self.label.clone(),
        }
    }
}

fn changes(step: &Step, given: &ConnectionString) -> Vec<ChangeLine> {
    let line = |change: &crate::store::Change| {
        let changed = change.apply(given);
        let connection = (changed != *given).then(|| safe(&changed.to_string()).into_owned());
        ChangeLine { label: sentences::change(change), connection }
    };
    step.changes.iter().map(line).collect()
}

fn json(step: &Step, given: &ConnectionString) -> String {
    json_line(&Line {
        node: &step.node,
        step: name(step.kind),
        result: match step.finding {
            Finding::Passed(_) => "passed",
            Finding::Warned(_) => "warned",
            Finding::Failed(_) => "failed",
            Finding::NotReached => "not reached",
        },
        millis: step.took.map(|took| (took.as_secs_f64() * 1e6).round() / 1e3),
        text: sentences::finding(step),
        changes: changes(step, given),
    })
}

fn name(kind: StepKind) -> &'static str {
    match kind {
        StepKind::ConnectionString => "string",
        StepKind::Name => "name",
        StepKind::Tcp => "tcp",
        StepKind::Tls => "tls",
        StepKind::Http2 => "http2",
        StepKind::Gossip => "gossip",
        StepKind::Login => "login",
        StepKind::Rights => "rights",
    }
}
