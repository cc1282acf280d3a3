//! The database of one verb: whichever node answers, asked again within a deadline, and what is waited for said.

use crate::aggregate::Registry;
use crate::decision::{Append, Origin};
use crate::record::history_file::Head;
use crate::sentences::store_error;
use crate::store::{AppendError, Journal, KeptLists, Permit, Resolve, Session, StoreError, Written};
use std::convert::Infallible;
use std::io::Write;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How long a verb waits for a database that starts, elects a leader or was lost.
const DEADLINE: Duration = Duration::from_secs(20);
/// Where nothing is there from the beginning: the program that serves the sandbox may end between two calls; then
/// another, or we, serve it.
const TRIES: u32 = 4;
const PAUSE: Duration = Duration::from_millis(150);
/// A person is told what is waited for when it takes longer than this.
const QUIET: Duration = Duration::from_secs(1);

pub struct Database {
    resolve: Resolve,
    journal: Journal,
    /// Where lists are kept between two runs.
    pub lists: KeptLists,
    /// By which the streams are folded.
    pub registry: Registry,
    /// Who writes and where.
    pub origin: Origin,
    /// What the file says of itself, where one is the database.
    pub served: Option<Head>,
    began: Instant,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    session: Option<Session>,
    /// A node has answered, so that waiting may help.
    is_reached: bool,
    /// Why the last attempt failed; `None` while the first is under way.
    why: Option<StoreError>,
    attempts: u32,
}

impl Database {
    pub fn new(
        resolve: Resolve,
        journal: &Journal,
        lists: KeptLists,
        registry: Registry,
        origin: Origin,
    ) -> Self {
        Self {
            resolve,
            journal: journal.clone(),
            lists,
            registry,
            origin,
            served: None,
            began: Instant::now(),
            state: Mutex::default(),
        }
    }

    #[must_use]
    pub fn of_file(self, served: Option<Head>) -> Self {
        Self { served, ..self }
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn session(&self) -> Result<Session, StoreError> {
        let known = self.state().session.clone();
        if let Some(session) = known {
            return Ok(session);
        }
        let session = Session::connect((self.resolve)().await?).await?;
        let mut state = self.state();
        state.is_reached = true;
        Ok(state.session.insert(session).clone())
    }

    /// Calls until there is an answer, or waiting does not help any more; asked again is only what cannot double.
    pub async fn patiently<T>(
        &self,
        mut call: impl AsyncFnMut(Session) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let calling = async {
            loop {
                let answer = match self.session().await {
                    Ok(session) => call(session).await,
                    Err(why) => Err(why),
                };
                match answer {
                    Err(why) if why.passes() || matches!(why, StoreError::Server(_)) => {
                        self.again(why).await?;
                    }
                    other => return other,
                }
            }
        };
        self.saying(Box::pin(calling)).await
    }

    /// Calls once, on a new connection where the last one is gone.
    pub async fn once<T>(
        &self,
        call: impl AsyncFnOnce(Session) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let answer = match self.session().await {
            Ok(session) => call(session).await,
            Err(why) => Err(why),
        };
        if matches!(answer, Err(StoreError::Unreachable(_))) {
            self.state().session = None;
        }
        answer
    }

    /// Appends; once more with the same event ids where it was not sent or not taken.
    pub async fn append(&self, append: &Append, permit: Permit) -> Result<Written, AppendError> {
        let appending = async {
            loop {
                let answer = match self.session().await {
                    Ok(session) => {
                        session.writer().noting(Some(self.journal.clone())).append(append, permit).await
                    }
                    Err(why) => Err(AppendError::Failed(why)),
                };
                match answer {
                    Err(AppendError::Failed(why)) if why.passes() => {
                        self.again(why).await.map_err(AppendError::Failed)?;
                    }
                    other => return other,
                }
            }
        };
        self.saying(Box::pin(appending)).await
    }

    /// What a person should know of the node that answered, where it is not the one that was named.
    pub fn note(&self) -> Option<String> {
        let state = self.state();
        let session = state.session.as_ref()?;
        let (named, leader) = (session.turned_from()?, session.address());
        Some(format!("{named} does not lead its cluster: its leader {leader} was asked."))
    }

    /// Pauses before the next attempt; the error where there is to be none.
    async fn again(&self, why: StoreError) -> Result<(), StoreError> {
        {
            let mut state = self.state();
            state.attempts += 1;
            let is_away = matches!(why, StoreError::Unreachable(_));
            let may_help = state.is_reached || !is_away;
            let is_over = if may_help { self.began.elapsed() >= DEADLINE } else { state.attempts >= TRIES };
            if is_over {
                return Err(why);
            }
            tracing::debug!(?why, "once more");
            if is_away {
                // The program that served it may have gone: who serves is asked anew.
                state.session = None;
            }
            state.why = Some(why);
        }
        tokio::time::sleep(PAUSE).await;
        Ok(())
    }

    /// Says what is waited for, each reason once, while the work takes its time.
    async fn saying<T>(&self, work: impl Future<Output = T>) -> T {
        tokio::select! {
            done = work => done,
            never = self.say() => match never {},
        }
    }

    async fn say(&self) -> Infallible {
        tokio::time::sleep(QUIET).await;
        let mut said = None;
        loop {
            let waits = self.waits_for();
            if waits.is_some() && waits != said {
                let left = DEADLINE.saturating_sub(self.began.elapsed()).as_secs();
                let text = waits.as_deref().unwrap_or_default();
                let text = format!("Waiting: {text} Gives up in {left} s.");
                if writeln!(std::io::stderr(), "{}", crate::record::json::safe(&text)).is_err() {
                    tracing::debug!("nobody reads standard error");
                }
                said = waits;
            }
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// `None` while a node answers.
    fn waits_for(&self) -> Option<String> {
        let state = self.state();
        match (&state.session, &state.why) {
            (_, Some(why)) => Some(store_error(why)),
            (None, None) => Some("no node has answered yet.".to_owned()),
            (Some(_), None) => None,
        }
    }
}
