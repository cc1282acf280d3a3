//! The test beside the program: a thread with a runtime of its own, whose end closes every connection.

use super::login_steps;
use super::node_steps::{self, Asked};
use super::reporter::{Reporter, Taken};
use super::step::{Finding, Step, StepKind, Warning};
use super::{advice, change::Change};
use crate::store::grpc::trust;
use crate::store::{ConnectionString, LeftOut, StoreError, Wake};
use futures::future::join_all;
use std::task::Poll;
use std::time::Instant;
use tokio::sync::mpsc;
use tokio::sync::mpsc::error::TryRecvError;

/// Steps that wait to be read.
const STEPS: usize = 16;
/// Nodes that are looked at; a cluster has at most some ten.
const MOST_NODES: usize = 16;
const TESTING: StoreError = StoreError::Internal("testing a connection");

/// A test that runs until it is dropped or has told all.
#[derive(Debug)]
pub struct ConnectionTest {
    steps: mpsc::Receiver<Step>,
}

impl ConnectionTest {
    /// Begins to test whether the string leads to a database where this category can be listed, `*` for all streams.
    /// `wake` is called after each step, and at the end.
    pub fn start(given: ConnectionString, category: String, wake: Wake) -> Self {
        let (sender, steps) = mpsc::channel(STEPS);
        let reporter = Reporter { steps: sender, wake, node: given.hosts().into() };
        // Where there is no thread left, the test ends without a step.
        let thread = std::thread::Builder::new().name("connection test".to_owned());
        if let Err(error) = thread.spawn(move || run(given, category, reporter)) {
            tracing::warn!(%error, "the connection test cannot be started");
        }
        Self { steps }
    }

    /// The next step; `None` after the last one.
    pub async fn next(&mut self) -> Option<Step> {
        self.steps.recv().await
    }

    /// The same without waiting.
    pub fn try_next(&mut self) -> Poll<Option<Step>> {
        match self.steps.try_recv() {
            Ok(step) => Poll::Ready(Some(step)),
            Err(TryRecvError::Disconnected) => Poll::Ready(None),
            Err(TryRecvError::Empty) => Poll::Pending,
        }
    }
}

fn run(given: ConnectionString, category: String, reporter: Reporter) {
    let wake = reporter.wake.clone();
    match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => {
            runtime.block_on(until_dropped(given, category, reporter));
            runtime.shutdown_background();
        }
        Err(error) => tracing::warn!(%error, "the connection test cannot be started"),
    }
    wake();
}

async fn until_dropped(given: ConnectionString, category: String, reporter: Reporter) {
    let started = Instant::now();
    let test = tokio::spawn(test(given, category, reporter.clone()));
    tokio::select! {
        () = reporter.steps.closed() => {}
        ended = test => if ended.is_err() {
            // A panic is a finding like another.
            reporter.found(Taken::after(StepKind::Login, started), Finding::Failed(TESTING)).await;
        },
    }
}

async fn test(given: ConnectionString, category: String, reporter: Reporter) {
    let started = Instant::now();
    for option in given.left_out() {
        tell_left_out(option, started, &reporter).await;
    }
    let asked = match ask(&given).await {
        Ok(asked) => asked,
        Err(error) => {
            let changes = advice::for_string(&given, &error);
            let taken = Taken::after(StepKind::ConnectionString, started).offering(changes);
            return reporter.found(taken, Finding::Failed(error)).await;
        }
    };
    let nodes = asked.nodes.iter().take(MOST_NODES);
    let reached = join_all(nodes.map(|node| node_steps::take(node, &asked, reporter.at(node)))).await;
    if reached.contains(&true) {
        login_steps::take(&given, &category, reporter).await;
    } else {
        reporter.not_reached(StepKind::Login).await;
        reporter.not_reached(StepKind::Rights).await;
    }
}

async fn tell_left_out(option: LeftOut, started: Instant, reporter: &Reporter) {
    let change = Change::DropOption(option.name.clone());
    let taken = Taken::after(StepKind::ConnectionString, started).offering(vec![change]);
    reporter.found(taken, Finding::Warned(Warning::LeftOut(option))).await;
}

async fn ask(given: &ConnectionString) -> Result<Asked, StoreError> {
    let prepared = given.prepare()?;
    let trust = trust(&prepared.options).await?;
    Ok(Asked { nodes: given.nodes(), prepared, trust })
}
