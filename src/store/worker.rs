//! One worker owns the connection: a goal that it watches and appends in, updates out; all of it bounded.

mod asked;

use super::appends::Appends;
use super::connection_watch;
use super::grpc::Session;
use super::listing::past::answers::HeldPast;
use super::listing::{KeptLists, StreamList, live_list};
use super::log_tasks::LogTasks;
use super::newest_task::NewestTask;
use super::reappearance::reappears;
use super::retry::backoff;
use super::stream_subscription::Followed;
use super::update_sender::UpdateSender;
use super::writing::{Journal, Writer};
use super::{
    AppendError, AppendRequest, Connection, ConnectionString, Goal, PastQuestions, StoreError, Target, Update,
};
use futures::FutureExt;
use futures::future::BoxFuture;
use std::future::pending;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::{Mutex, mpsc, watch};
use tokio::task::JoinSet;

/// A connection that held so long was a good one; one that ends sooner is not retried in haste.
const STEADY: Duration = Duration::from_secs(10);
/// Databases whose connection is kept, so that going back to one opens no second.
const SESSIONS: usize = 8;

/// Finds or starts the sandbox; asked at each connection, because the program that served it may have gone.
pub type Resolve = Arc<dyn Fn() -> BoxFuture<'static, Result<ConnectionString, StoreError>> + Send + Sync>;

pub struct Worker {
    goals: watch::Receiver<Option<Goal>>,
    appends: mpsc::Receiver<AppendRequest>,
    out: UpdateSender,
    resolve: Resolve,
    journal: Option<Journal>,
    goal: Option<Goal>,
    list: Arc<Mutex<StreamList>>,
    pub kept: Option<KeptLists>,
    past: HeldPast,
    /// What is asked of it.
    questions: watch::Sender<PastQuestions>,
    followed: Option<Arc<Followed>>,
    /// The newest first; none is dropped while it is among those used last, because the client would not close it.
    writers: Vec<Writer>,
    online: Option<Writer>,
    /// Asks again where reading was denied.
    retry: watch::Sender<u64>,
    /// The list, its past, the opened stream, the categories, a comparison and what the database says of itself; an end of one is the
    /// connection's end.
    tasks: JoinSet<StoreError>,
    /// Kept apart, so that another opened stream does not end the list.
    stream_task: NewestTask,
    categories_task: NewestTask,
    comparison_task: NewestTask,
    export_task: NewestTask,
    log: LogTasks,
    related_task: NewestTask,
    sending: Appends,
}

/// What ended a wait.
enum Woken {
    /// The connection must be made again, at once.
    Again,
    Lost(StoreError),
    WindowClosed,
}

impl Worker {
    pub fn new(
        goals: watch::Receiver<Option<Goal>>,
        appends: mpsc::Receiver<AppendRequest>,
        out: UpdateSender,
        resolve: Resolve,
        journal: Option<Journal>,
    ) -> Self {
        Self {
            goals,
            appends,
            out,
            resolve,
            journal,
            goal: None,
            list: Arc::default(),
            kept: None,
            past: HeldPast::default(),
            questions: watch::Sender::default(),
            followed: None,
            writers: Vec::new(),
            online: None,
            retry: watch::Sender::new(0),
            tasks: JoinSet::new(),
            stream_task: NewestTask::default(),
            categories_task: NewestTask::default(),
            comparison_task: NewestTask::default(),
            export_task: NewestTask::default(),
            log: LogTasks::default(),
            related_task: NewestTask::default(),
            sending: Appends::default(),
        }
    }

    /// Serves the window until it is closed; a panic ends one connection and no more.
    pub async fn run(mut self) {
        let (mut attempt, mut failed) = (0, None);
        loop {
            match AssertUnwindSafe(self.connection(attempt, failed.take())).catch_unwind().await {
                Ok(Some(next)) => attempt = next,
                Ok(None) => return,
                Err(_) => {
                    (attempt, failed) = (attempt + 1, Some(StoreError::Internal("following the database")));
                }
            }
        }
    }

    /// One connection from its beginning to the pause after its end; answers the number of the next attempt, `None` where the
    /// window was closed.
    async fn connection(&mut self, attempt: u32, failed: Option<StoreError>) -> Option<u32> {
        let mut steady = false;
        let target = self.goal.as_ref().map(|goal| goal.target.clone());
        let woken = match (failed, target) {
            (Some(why), _) => Woken::Lost(why),
            (None, None) => self.wait(pending()).await,
            (None, Some(target)) => match self.connect(target).await {
                Ok(()) => {
                    let connected = Instant::now();
                    let woken = self.wait(pending()).await;
                    steady = connected.elapsed() > STEADY;
                    woken
                }
                Err(woken) => woken,
            },
        };
        let online = self.online.take();
        self.disconnect().await;
        if let (Woken::WindowClosed, Some(writer), Some(kept)) = (&woken, &online, &self.kept)
            && let Ok(list) = self.list.try_lock()
        {
            kept.keep_at_end(writer.session(), &list);
        }
        let attempt = if steady { 0 } else { attempt };
        let woken = match woken {
            Woken::Lost(why) => self.pause(why, attempt).await,
            other => other,
        };
        match woken {
            Woken::WindowClosed => None,
            Woken::Again => Some(0),
            Woken::Lost(_) => Some(attempt + 1),
        }
    }

    /// Ends what needs the connection; writes under way go on to their answer.
    async fn disconnect(&mut self) {
        self.online = None;
        self.sending.go_to(None);
        self.sending.stop_looking().await;
        self.tasks.shutdown().await;
    }

    fn label(&self) -> String {
        match self.goal.as_ref().map(|goal| &goal.target) {
            Some(Target::Server(url)) => url.hosts(),
            _ => String::new(),
        }
    }

    async fn connect(&mut self, target: Target) -> Result<(), Woken> {
        self.out.send(Update::Connection(Connection::Connecting { address: self.label() })).await;
        let (resolve, journal, writers) = (self.resolve.clone(), self.journal.clone(), self.writers.clone());
        // A task of its own: a panic on the way is an answer like another.
        let mut connecting = JoinSet::new();
        connecting.spawn(async move {
            let url = match target {
                Target::Sandbox => resolve().await?,
                Target::Server(url) => url,
                Target::File(file) => file.string().clone(),
            };
            let known = writers.into_iter().find(|writer| writer.session().leads_to(&url));
            let writer = match known {
                Some(writer) => writer,
                None => Session::connect(url).await?.writer().noting(journal),
            };
            connection_watch::reach(writer.session()).await?;
            let online = connection_watch::online_as(&writer).await;
            Ok((writer, online))
        });
        let (writer, online) = loop {
            tokio::select! {
                Some(connected) = connecting.join_next() => {
                    let failed = |_| Woken::Lost(StoreError::Internal("connecting"));
                    break connected.map_err(failed)?.map_err(Woken::Lost)?;
                }
                changed = self.goals.changed() => if let Some(woken) = self.turn(changed.is_ok()).await { return Err(woken) },
                append = self.appends.recv() => if let Some(woken) = self.append(append) { return Err(woken) },
            }
        };
        self.out.send(Update::Connection(online.clone())).await;
        let (out, retry) = (self.out.clone(), self.retry.subscribe());
        self.tasks.spawn(connection_watch::watch(writer.clone(), online, out, retry));
        self.tasks.spawn(connection_watch::watch_cluster(writer.session().clone(), self.out.clone()));
        let (out, retry) = (self.out.clone(), self.retry.subscribe());
        let is_file = matches!(self.goal.as_ref().map(|goal| &goal.target), Some(Target::File(_)));
        let kept = self.kept.clone().filter(|_| !is_file);
        let (session, list) = (writer.session().clone(), self.list.clone());
        self.tasks.spawn(live_list::follow(session, list, kept, out, retry));
        let session = writer.session().clone();
        self.log.begin(&session, &mut self.tasks, &self.out);
        self.writers.retain(|known| !known.session().is(writer.session()));
        self.writers.insert(0, writer.clone());
        self.writers.truncate(SESSIONS);
        self.sending.go_to(Some(writer.clone()));
        self.online = Some(writer);
        self.begin_asked(session);
        Ok(())
    }

    /// Serves the goal until the connection ends, another one is wanted, or this is over.
    async fn wait(&mut self, over: impl Future<Output = ()> + Send) -> Woken {
        let mut over = std::pin::pin!(over);
        loop {
            tokio::select! {
                changed = self.goals.changed() => {
                    if let Some(woken) = self.turn(changed.is_ok()).await { return woken }
                }
                append = self.appends.recv() => if let Some(woken) = self.append(append) { return woken },
                Some(ended) = self.tasks.join_next(), if !self.tasks.is_empty() => match ended {
                    Ok(StoreError::NodeLeft) => return Woken::Again,
                    Ok(error) => return Woken::Lost(error),
                    // Aborted because another stream was opened.
                    Err(error) if error.is_cancelled() => {}
                    Err(_) => return Woken::Lost(StoreError::Internal("reading")),
                },
                ticket = self.sending.panicked() => {
                    let result = Err(AppendError::Unknown(StoreError::Internal("writing")));
                    self.out.send(Update::Appended { ticket, result }).await;
                }
                () = &mut over => return Woken::Lost(StoreError::Timeout(0)),
            }
        }
    }

    /// Waits for the next try: until it is due, or the database may answer again.
    async fn pause(&mut self, why: StoreError, attempt: u32) -> Woken {
        let until = Instant::now() + backoff(attempt);
        let address = self.label();
        let waiting = Connection::Waiting { address, until, why: why.clone() };
        self.out.send(Update::Connection(waiting)).await;
        let given = match self.goal.as_ref().map(|goal| &goal.target) {
            Some(Target::Server(given)) => Some(given.clone()),
            Some(Target::Sandbox | Target::File(_)) | None => None,
        };
        let leads_there = |session: &&Session| given.as_ref().is_some_and(|given| session.leads_to(given));
        let known = self.writers.iter().map(Writer::session).find(leads_there).cloned();
        let out = self.out.clone();
        let over = async {
            let reappears = async {
                match given {
                    Some(given) => reappears(known, given, why, out).await,
                    // The sandbox is started where it is away.
                    None => pending().await,
                }
            };
            tokio::select! {
                () = tokio::time::sleep_until(until.into()) => {}
                () = reappears => {}
            }
        };
        self.wait(over).await
    }

    /// Turns to the newest goal.
    async fn turn(&mut self, window_is_open: bool) -> Option<Woken> {
        if !window_is_open {
            return Some(Woken::WindowClosed);
        }
        let goal = self.goals.borrow_and_update().clone()?;
        let before = self.goal.replace(goal.clone());
        if before.as_ref().is_none_or(|before| before.connection != goal.connection) {
            self.out.begin_connection(goal.connection);
            if before.is_some_and(|before| before.target != goal.target) {
                self.sending.leave_database();
            }
            self.followed = Self::followed(&goal);
            self.list = Arc::new(Mutex::new(StreamList::new(&goal.category, goal.registry.clone())));
            self.past = HeldPast::default();
            self.log.forget(goal.log.clone());
            self.questions.send_replace(goal.past.clone());
            self.out.send(Update::Relisted).await;
            return Some(Woken::Again);
        }
        let before = before?;
        if before.opened != goal.opened {
            self.followed = Self::followed(&goal);
            self.follow();
        }
        if before.opened == goal.opened && before.stopped != goal.stopped {
            self.follow();
        }
        if before.categories != goal.categories {
            self.count_categories();
        }
        if before.comparison != goal.comparison {
            self.compare();
        }
        if before.log != goal.log {
            self.ask_log();
        }
        if before.related != goal.related {
            self.look_for_related();
        }
        if before.past != goal.past {
            self.questions.send_replace(goal.past.clone());
        }
        if before.export != goal.export {
            self.export();
        }
        if before.withdrawn != goal.withdrawn {
            self.sending.withdraw(goal.withdrawn);
        }
        if before.unknown != goal.unknown {
            self.look_for_unknown();
        }
        if before.retry != goal.retry {
            self.retry.send_replace(goal.retry);
            return self.online.is_none().then_some(Woken::Again);
        }
        None
    }

    fn followed(goal: &Goal) -> Option<Arc<Followed>> {
        let (ticket, stream) = goal.opened.clone()?;
        let aggregate = goal.registry.for_stream(&stream).clone();
        Some(Arc::new(Followed::new(ticket, stream, aggregate)))
    }

    fn append(&mut self, request: Option<AppendRequest>) -> Option<Woken> {
        let Some(request) = request else { return Some(Woken::WindowClosed) };
        self.sending.send(request, self.out.clone());
        None
    }
}
