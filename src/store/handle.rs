//! The window's end of the worker.

use super::listing::KeptLists;
use super::update_sender::{UpdateSender, Wake};
use super::worker::{Resolve, Worker};
use super::writing::Journal;
use super::{AppendRequest, Goal, Update};
use tokio::runtime::Handle;
use tokio::sync::{mpsc, watch};

const APPENDS: usize = 16;
const UPDATES: usize = 256;

/// A goal in, updates out; the worker ends when it is dropped.
#[derive(Debug)]
pub struct Store {
    goal: watch::Sender<Option<Goal>>,
    appends: mpsc::Sender<AppendRequest>,
    updates: mpsc::Receiver<(u64, Update)>,
}

impl Store {
    /// With a journal, each write is noted in it.
    pub fn start(runtime: &Handle, resolve: Resolve, journal: Option<Journal>, wake: Wake) -> Self {
        Self::keeping(runtime, resolve, journal, None, wake)
    }

    /// The same, with lists that are kept from one start to the next.
    pub fn keeping(
        runtime: &Handle,
        resolve: Resolve,
        journal: Option<Journal>,
        kept: Option<KeptLists>,
        wake: Wake,
    ) -> Self {
        let (goal, goals) = watch::channel(None);
        let (appends, from_window) = mpsc::channel(APPENDS);
        let (to_window, updates) = mpsc::channel(UPDATES);
        let out = UpdateSender::new(to_window, wake);
        let mut worker = Worker::new(goals, from_window, out, resolve, journal);
        worker.kept = kept;
        runtime.spawn(worker.run());
        Self { goal, appends, updates }
    }

    /// What the worker should be doing from now on; the same again changes nothing.
    pub fn aim(&self, goal: &Goal) {
        self.goal.send_if_modified(|kept| {
            let other = kept.as_ref() != Some(goal);
            if other {
                *kept = Some(goal.clone());
            }
            other
        });
    }

    /// Never waits; a full queue gives the write back.
    pub fn try_append(&self, request: AppendRequest) -> Result<(), Box<AppendRequest>> {
        self.appends.try_send(request).map_err(|e| Box::new(e.into_inner()))
    }

    /// The next that came; what an earlier connection said is left out.
    pub fn next_update(&mut self) -> Option<Update> {
        let now = self.goal.borrow().as_ref().map(|goal| goal.connection);
        loop {
            let (of, update) = self.updates.try_recv().ok()?;
            if Some(of) == now || matches!(update, Update::Appended { .. } | Update::AppendWaits { .. }) {
                return Some(update);
            }
        }
    }

    /// What came since the last call, at most so many.
    pub fn drain(&mut self, budget: usize) -> Vec<Update> {
        std::iter::from_fn(|| self.next_update()).take(budget).collect()
    }
}
