//! Lessons over the real sandbox: what each step does, shows and keeps, forwards and backwards.

mod files;
mod played;
mod races;
mod runs;
mod text;

use eventstore::{Client, ReadAllOptions, ReadStreamOptions, StreamPosition};
use hindsight::lesson::{
    Card, Choices, Failure, Lesson, NotSandbox, Outcome, Run, Runner, Sandbox, built_in,
};
use hindsight::node::{Config, Node};
use hindsight::store::{ConnectionString, Resolve, Target};
use std::sync::{Arc, Mutex};
use uuid::Uuid;

pub fn lesson(name: &str) -> Arc<Lesson> {
    built_in().iter().find(|lesson| &*lesson.name == name).unwrap().clone()
}

/// A sandbox, and a client of it that is not ours.
pub struct Ground {
    pub node: Node,
    pub client: Client,
    pub sandbox: Sandbox,
}

/// Leads to whatever stands in the place by then.
pub fn sandbox(url: &Arc<Mutex<String>>) -> Sandbox {
    let url = url.clone();
    let resolve: Resolve = Arc::new(move || {
        let url = ConnectionString::from(url.lock().unwrap().clone());
        Box::pin(std::future::ready(Ok(url)))
    });
    Sandbox::new(&Target::Sandbox, resolve, None).unwrap()
}

impl Ground {
    pub async fn new() -> Self {
        let node = Node::start(Config::default()).await.unwrap();
        let client = Client::new(node.connection_string().parse().unwrap()).unwrap();
        let sandbox = sandbox(&Arc::new(Mutex::new(node.connection_string())));
        Self { node, client, sandbox }
    }

    /// Revision, type and data of every event of a stream.
    pub async fn events(&self, stream: &str) -> Vec<(u64, String, String)> {
        let options = ReadStreamOptions::default().position(StreamPosition::Start);
        let mut seen = Vec::new();
        let Ok(mut read) = self.client.read_stream(stream, &options).await else { return seen };
        while let Ok(Some(event)) = read.next().await {
            let event = event.get_original_event();
            let data = String::from_utf8_lossy(&event.data).into_owned();
            seen.push((event.revision, event.event_type.clone(), data));
        }
        seen
    }

    pub async fn types(&self, stream: &str) -> Vec<String> {
        self.events(stream).await.into_iter().map(|(_, event_type, _)| event_type).collect()
    }

    /// All events that nobody but a program writes.
    pub async fn all(&self) -> usize {
        let options = ReadAllOptions::default().position(StreamPosition::Start);
        let (mut read, mut count) = (self.client.read_all(&options).await.unwrap(), 0);
        while let Some(event) = read.next().await.unwrap() {
            count += usize::from(!event.get_original_event().stream_id.starts_with('$'));
        }
        count
    }
}

/// A run and what does its steps.
pub struct Playing {
    pub run: Run,
    pub runner: Runner,
}

impl Playing {
    pub fn new(sandbox: &Sandbox, lesson: Arc<Lesson>) -> Self {
        Self::of(sandbox, Run::new(lesson, Choices::default(), Uuid::new_v4()))
    }

    pub fn of(sandbox: &Sandbox, run: Run) -> Self {
        Self { runner: Runner::new(sandbox.clone(), &run), run }
    }

    /// Does what is due.
    pub async fn settle(&mut self) {
        while self.run.take_due() {
            let result = is_send(self.runner.perform()).await;
            self.run.performed(result);
        }
    }

    pub async fn go_to(&mut self, step: usize) -> Arc<Outcome> {
        self.run.go_to(step - 1);
        self.settle().await;
        self.outcome()
    }

    #[track_caller]
    pub fn outcome(&self) -> Arc<Outcome> {
        let failure: Option<&Failure> = self.run.failure();
        assert_eq!(failure, None);
        self.run.outcome().unwrap().clone()
    }
}

/// What a writer did in the step, as `Append written at revision 1 | line | line`.
pub fn did(outcome: &Outcome, writer: &str) -> Vec<String> {
    let column = outcome.columns.iter().find(|column| &*column.writer == writer).unwrap();
    column.cards.iter().filter(|card| card.is_new).map(said).collect()
}

pub fn said(card: &Card) -> String {
    let verdict = card.verdict.as_ref().map(|verdict| format!(" {verdict}")).unwrap_or_default();
    let lines = card.lines.iter().map(ToString::to_string);
    let first = std::iter::once(format!("{}{verdict}", card.kind.title()));
    first.chain(lines).collect::<Vec<_>>().join(" | ")
}

/// The stream as `0 OrderCreated`, `1 OrderPaid by Anna !` with a problem, `- OrderPaid by Ben` where it was never written.
pub fn lines(outcome: &Outcome) -> Vec<String> {
    let line = |line: &hindsight::lesson::StreamLine| {
        let at = line.revision.map_or_else(|| "-".to_owned(), |revision| revision.to_string());
        let by = line.by.as_ref().map(|by| format!(" by {by}")).unwrap_or_default();
        let problem = if line.problem.is_some() { " !" } else { "" };
        format!("{at} {}{by}{problem}", line.event_type)
    };
    outcome.lines.iter().map(line).collect()
}

/// What the shell runs on another thread.
fn is_send<T: Send>(of: T) -> T {
    of
}

#[test]
fn only_the_sandbox_is_written_to() {
    let resolve: Resolve =
        Arc::new(|| Box::pin(std::future::ready(Ok("esdb://127.0.0.1:1".to_owned().into()))));
    let server = Target::Server("esdb://127.0.0.1:1?tls=false".to_owned().into());
    assert_eq!(Sandbox::new(&server, resolve, None).err(), Some(NotSandbox));
}
