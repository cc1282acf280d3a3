//! Does the steps of lessons beside the frames, one after the other.

use crate::lesson::{self, NotSandbox, Outcome, Run, Runner, Sandbox, Why};
use crate::store::StoreError;
use std::sync::Arc;
use std::time::Duration;
use tokio::runtime::Handle;
use tokio::sync::Mutex;
use uuid::Uuid;

/// The runner of the lesson under way; each step and each end waits for what was asked before.
#[derive(Clone, Default)]
pub struct LessonRunner(Arc<Mutex<Option<(Uuid, Runner)>>>);

impl LessonRunner {
    /// Does the next step of the run; a lesson that ran before is left first.
    pub async fn perform(
        self,
        sandbox: Result<Sandbox, NotSandbox>,
        run: Run,
    ) -> Result<Outcome, lesson::Failure> {
        let Ok(sandbox) = sandbox else { return Err(failed("finding the sandbox", &run)) };
        let mut held = self.0.lock().await;
        if let Some((_, before)) = held.take_if(|(id, _)| *id != run.id()) {
            leave(before).await;
        }
        let (_, runner) = held.get_or_insert_with(|| (run.id(), Runner::new(sandbox, &run)));
        runner.perform().await
    }

    /// What the lesson changed of the sandbox itself is undone.
    pub fn end(&self, runtime: &Handle) {
        let held = self.0.clone();
        runtime.spawn(async move {
            let runner = held.lock().await.take();
            if let Some((_, runner)) = runner {
                leave(runner).await;
            }
        });
    }
    /// The same before the program ends, as long as it may take.
    pub fn end_now(&self, runtime: &Handle) {
        let ended = async {
            if let Some((_, runner)) = self.0.lock().await.take() {
                leave(runner).await;
            }
        };
        if runtime.block_on(async { tokio::time::timeout(LONGEST, ended).await }).is_err() {
            tracing::warn!("the window was closed before its lesson was left");
        }
    }
}

/// How long the program's end waits for the lesson's.
const LONGEST: Duration = Duration::from_secs(3);

async fn leave(runner: Runner) {
    if let Err(error) = runner.leave().await {
        tracing::warn!(?error, "a lesson was left with its projection stopped");
    }
}

/// The step is not done for a reason of this program's own.
pub fn failed(what: &'static str, run: &Run) -> lesson::Failure {
    lesson::Failure { step: run.done(), act: 0, why: Why::Store(StoreError::Internal(what)) }
}
