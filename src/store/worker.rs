//! One worker owns the connection: requests in, updates out, both bounded.

use super::client::Session;
use super::directory::Directory;
use super::follow::{self, Followed, backoff};
use super::{
    Append, AppendError, Connection, Journal, Request, StoreError, Target, Ticket, Update, display_address,
};
use crate::record::Position;
use futures::future::BoxFuture;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::runtime::Handle;
use tokio::sync::{Mutex, mpsc};
use tokio::task::JoinSet;

const REQUESTS: usize = 64;
const UPDATES: usize = 256;
/// A connection that held so long was a good one; one that ends sooner is not retried in haste.
const STEADY: Duration = Duration::from_secs(10);

/// Finds or starts the sandbox; asked at each connection, because the program that served it may have gone.
pub type Resolve = Arc<dyn Fn() -> BoxFuture<'static, Result<String, StoreError>> + Send + Sync>;

/// Wakes whoever draws.
pub type Wake = Arc<dyn Fn() + Send + Sync>;

/// The window's end of the worker.
#[derive(Debug)]
pub struct Store {
    requests: mpsc::Sender<Request>,
    updates: mpsc::Receiver<Update>,
}

impl Store {
    /// With a journal, each write is noted in it.
    pub fn start(runtime: &Handle, resolve: Resolve, journal: Option<Journal>, wake: Wake) -> Self {
        let (requests, from_window) = mpsc::channel(REQUESTS);
        let (to_window, updates) = mpsc::channel(UPDATES);
        let out = Outlet { updates: to_window, wake, latency: Arc::default() };
        runtime.spawn(Worker::new(from_window, out, resolve, journal).run());
        Self { requests, updates }
    }

    /// Never waits; a full queue gives the request back.
    pub fn try_send(&self, request: Request) -> Result<(), Box<Request>> {
        self.requests.try_send(request).map_err(|e| Box::new(e.into_inner()))
    }

    /// What came since the last call, at most so many.
    pub fn drain(&mut self, budget: usize) -> Vec<Update> {
        std::iter::from_fn(|| self.updates.try_recv().ok()).take(budget).collect()
    }
}

/// The worker's end: bounded, and each update wakes the window.
#[derive(Clone)]
pub struct Outlet {
    updates: mpsc::Sender<Update>,
    wake: Wake,
    latency: Arc<std::sync::Mutex<Duration>>,
}

impl Outlet {
    /// A closed window drops updates: nobody is there to miss them.
    pub async fn send(&self, update: Update) {
        self.send_with(|| update).await;
    }

    /// Makes the update only once there is room for it.
    pub async fn send_with(&self, update: impl FnOnce() -> Update) {
        if let Ok(room) = self.updates.reserve().await {
            room.send(update());
            (self.wake)();
        }
    }

    pub async fn pulse(&self, head: Option<Position>) {
        let latency = self.latency.lock().map_or(Duration::ZERO, |latency| *latency);
        self.send(Update::Pulse { latency, head }).await;
    }

    fn measured(&self, latency: Duration) {
        if let Ok(mut kept) = self.latency.lock() {
            *kept = latency;
        }
    }
}

struct Worker {
    requests: mpsc::Receiver<Request>,
    out: Outlet,
    resolve: Resolve,
    journal: Option<Journal>,
    goal: Option<Target>,
    directory: Arc<Mutex<Directory>>,
    followed: Option<Arc<Followed>>,
    session: Option<Session>,
    /// The list and the opened stream; either's end is the connection's end.
    tasks: JoinSet<StoreError>,
    /// Kept apart, so that another opened stream does not end the list.
    stream_task: Option<tokio::task::AbortHandle>,
    appends: JoinSet<()>,
}

/// What ended a wait.
enum Woken {
    /// The connection must be made anew, at once.
    Again,
    Lost(StoreError),
    WindowClosed,
}

impl Worker {
    fn new(
        requests: mpsc::Receiver<Request>,
        out: Outlet,
        resolve: Resolve,
        journal: Option<Journal>,
    ) -> Self {
        Self {
            requests,
            out,
            resolve,
            journal,
            goal: None,
            directory: Arc::default(),
            followed: None,
            session: None,
            tasks: JoinSet::new(),
            stream_task: None,
            appends: JoinSet::new(),
        }
    }

    async fn run(mut self) {
        let mut attempt = 0;
        loop {
            let woken = match self.goal.clone() {
                None => self.wait(None).await,
                Some(target) => match self.connect(&target).await {
                    Ok(()) => {
                        let connected = Instant::now();
                        let woken = self.wait(None).await;
                        attempt = if connected.elapsed() > STEADY { 0 } else { attempt };
                        woken
                    }
                    Err(woken) => woken,
                },
            };
            self.tasks.abort_all();
            while self.tasks.join_next().await.is_some() {}
            self.session = None;
            let again = match woken {
                Woken::WindowClosed => return,
                Woken::Again => Woken::Again,
                Woken::Lost(why) => self.pause(why, attempt).await,
            };
            attempt = if matches!(again, Woken::Again) { 0 } else { attempt + 1 };
            if matches!(again, Woken::WindowClosed) {
                return;
            }
        }
    }

    fn label(&self) -> String {
        match &self.goal {
            Some(Target::Server(url)) => display_address(url),
            _ => String::new(),
        }
    }

    async fn connect(&mut self, target: &Target) -> Result<(), Woken> {
        self.out.send(Update::Connection(Connection::Connecting { address: self.label() })).await;
        let (resolve, journal, target) = (self.resolve.clone(), self.journal.clone(), target.clone());
        let connecting = async move {
            let url = match target {
                Target::Sandbox => resolve().await?,
                Target::Server(url) => url.to_string(),
            };
            let session = Session::connect(&url).await?.journaled(journal);
            let started = Instant::now();
            // Any answer measures the way, a refusal too.
            drop(session.event_at(None).await);
            let latency = started.elapsed();
            let declared = session.declared().await;
            Ok((session, latency, declared))
        };
        tokio::pin!(connecting);
        let (session, latency, declared) = loop {
            tokio::select! {
                connected = &mut connecting => break connected.map_err(Woken::Lost)?,
                request = self.requests.recv() => {
                    if let Some(woken) = self.handle(request).await { return Err(woken) }
                }
            }
        };
        self.out.measured(latency);
        let online = Connection::Online {
            address: session.address().to_owned(),
            server: session.server().to_owned(),
            declared,
        };
        self.out.send(Update::Connection(online)).await;
        self.tasks.spawn(follow::list(session.clone(), self.directory.clone(), self.out.clone()));
        self.session = Some(session);
        self.follow();
        Ok(())
    }

    /// Serves requests until the connection ends, another one is wanted, or the time is over.
    async fn wait(&mut self, until: Option<Instant>) -> Woken {
        loop {
            let pause = async {
                match until {
                    Some(until) => tokio::time::sleep_until(until.into()).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                request = self.requests.recv() => {
                    if let Some(woken) = self.handle(request).await { return woken }
                }
                Some(ended) = self.tasks.join_next(), if !self.tasks.is_empty() => match ended {
                    Ok(error) => return Woken::Lost(error),
                    // Aborted because another stream was opened.
                    Err(error) if error.is_cancelled() => {}
                    Err(_) => return Woken::Lost(StoreError::Server("a reader failed. It is started again.".to_owned())),
                },
                Some(_) = self.appends.join_next(), if !self.appends.is_empty() => {}
                () = pause => return Woken::Lost(StoreError::Timeout(0)),
            }
        }
    }

    async fn pause(&mut self, why: StoreError, attempt: u32) -> Woken {
        let until = Instant::now() + backoff(attempt);
        self.out.send(Update::Connection(Connection::Waiting { address: self.label(), until, why })).await;
        self.wait(Some(until)).await
    }

    async fn handle(&mut self, request: Option<Request>) -> Option<Woken> {
        match request {
            None => return Some(Woken::WindowClosed),
            Some(Request::Connect { target, category }) => {
                self.goal = Some(target);
                self.followed = None;
                self.directory = Arc::new(Mutex::new(Directory::new(&category)));
                self.out.send(Update::Relisted).await;
                return Some(Woken::Again);
            }
            Some(Request::Retry) => return self.session.is_none().then_some(Woken::Again),
            Some(Request::Open { ticket, stream }) => {
                self.followed = Some(Arc::new(Followed { ticket, stream, last: Mutex::default() }));
                self.follow();
            }
            Some(Request::Close) => {
                self.followed = None;
                self.follow();
            }
            Some(Request::Append { ticket, append }) => self.append(ticket, append).await,
        }
        None
    }

    /// Follows the opened stream, and no other.
    fn follow(&mut self) {
        if let Some(task) = self.stream_task.take() {
            task.abort();
        }
        if let (Some(session), Some(followed)) = (&self.session, &self.followed) {
            let task = follow::stream(session.clone(), followed.clone(), self.out.clone());
            self.stream_task = Some(self.tasks.spawn(task));
        }
    }

    async fn append(&mut self, ticket: Ticket, append: Append) {
        let Some(session) = self.session.clone() else {
            let why =
                StoreError::Unreachable("Not connected: nothing was written. Retry when online.".to_owned());
            return self.out.send(Update::Appended { ticket, result: Err(AppendError::Failed(why)) }).await;
        };
        let out = self.out.clone();
        self.appends.spawn(async move {
            let started = Instant::now();
            let result = session.append(&append).await;
            out.measured(started.elapsed());
            let head = result.as_ref().ok().map(|written| written.position);
            out.send(Update::Appended { ticket, result }).await;
            out.pulse(head).await;
        });
    }
}
