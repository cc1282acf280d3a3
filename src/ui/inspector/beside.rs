//! Work on a thread of its own, which is told to end when nobody waits for it any more.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{Builder, JoinHandle};

/// Dropped, it is no longer wanted.
pub struct Beside<T> {
    thread: Option<JoinHandle<Option<T>>>,
    is_wanted: Arc<AtomicBool>,
}

/// How it ended.
pub enum Ended<T> {
    Done(T),
    /// It panicked, or there is no thread to be had.
    Failed,
}

impl<T: Send + 'static> Beside<T> {
    /// The work asks now and then whether it is wanted, and answers `None` once it is not.
    pub fn start(work: impl FnOnce(&dyn Fn() -> bool) -> Option<T> + Send + 'static) -> Self {
        let is_wanted = Arc::new(AtomicBool::new(true));
        let wanted = is_wanted.clone();
        let work = move || work(&|| wanted.load(Ordering::Relaxed));
        Self { thread: Builder::new().name("payload".to_owned()).spawn(work).ok(), is_wanted }
    }

    /// Once it ended; waits for nothing.
    pub fn ended(&mut self) -> Option<Ended<T>> {
        let Some(thread) = self.thread.take_if(|thread| thread.is_finished()) else {
            return self.thread.is_none().then_some(Ended::Failed);
        };
        Some(thread.join().ok().flatten().map_or(Ended::Failed, Ended::Done))
    }
}

impl<T> Drop for Beside<T> {
    fn drop(&mut self) {
        self.is_wanted.store(false, Ordering::Relaxed);
    }
}
