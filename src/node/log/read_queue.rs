//! Reads where blocking is allowed, a few at a time: under load a thread goes from one to the next without being woken.

use std::{
    collections::VecDeque,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use tokio::sync::oneshot;

type Job = Box<dyn FnOnce() + Send>;

/// As long as there are calls: each has one read here at most, and waits for it.
#[derive(Clone)]
pub struct ReadQueue {
    state: Arc<Mutex<State>>,
    /// Threads that read at the same time, fewer than there are cores: writes get their turn.
    most: usize,
}

#[derive(Default)]
struct State {
    waiting: VecDeque<Job>,
    threads: usize,
}

impl Default for ReadQueue {
    fn default() -> ReadQueue {
        let most = std::thread::available_parallelism().map_or(1, |n| n.get().saturating_sub(1).max(1));
        ReadQueue { state: Arc::default(), most }
    }
}

impl ReadQueue {
    /// Runs the read, those asked for before it first; `None` where it panicked or nothing runs any more.
    pub async fn run<T: Send + 'static>(&self, read: impl FnOnce() -> T + Send + 'static) -> Option<T> {
        let (answer, answered) = oneshot::channel();
        self.push(Box::new(move || {
            // Nobody waits for a call that was left.
            if !answer.is_closed() && answer.send(read()).is_err() {
                tracing::debug!("a call was left while it was read for");
            }
        }));
        answered.await.ok()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn push(&self, job: Job) {
        let mut state = self.state();
        state.waiting.push_back(job);
        if state.threads < self.most {
            state.threads += 1;
            drop(state);
            let queue = self.clone();
            tokio::task::spawn_blocking(move || queue.work());
        }
    }

    fn next(&self) -> Option<Job> {
        let mut state = self.state();
        let job = state.waiting.pop_front();
        if job.is_none() {
            state.threads -= 1;
        }
        job
    }

    fn work(&self) {
        while let Some(job) = self.next() {
            if catch_unwind(AssertUnwindSafe(job)).is_err() {
                tracing::error!("a read failed by a panic");
            }
        }
    }
}
