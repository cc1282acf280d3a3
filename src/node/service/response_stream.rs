//! Where the answers of one Read go: a bounded channel of pages that ends with a deadline, a shutdown or a reset.

use super::{
    call::Limits,
    convert::{self, Ids},
    status,
};
use crate::node::{
    access::{Action, Caller},
    log::{Head, Log, Places},
    proto::streams::{ReadResp, read_resp as r},
    read::page::Item,
};
use futures::{Stream, StreamExt as _, stream};
use std::{pin::Pin, sync::Arc, time::SystemTime};
use tokio::sync::{mpsc, watch};
use tonic::Status;

/// Pages that wait for a slow client.
const WAITING: usize = 2;
pub type Answers = Pin<Box<dyn Stream<Item = Result<ReadResp, Status>> + Send>>;
type Page = Vec<Result<ReadResp, Status>>;

/// What a reader hands to its call.
enum Sent {
    Page(Page),
    /// All is said with it. A call without it was cut off and must not look complete: clients take an OK for the end.
    Last(Page),
}

/// Who reads what; the right to it may be taken away meanwhile.
pub struct Reader {
    pub caller: Caller,
    pub stream: String,
}

pub struct ResponseStream {
    reader: Reader,
    to: mpsc::Sender<Sent>,
    limits: Limits,
    pub heads: watch::Receiver<Head>,
    generation: u64,
    pub log: Arc<Log>,
    pub ids: Ids,
}

/// The call is over; a status was sent where one is due.
pub struct Ended;

impl ResponseStream {
    pub fn new(log: Arc<Log>, reader: Reader, limits: Limits, ids: Ids) -> (ResponseStream, Answers) {
        let (to, pages) = mpsc::channel(WAITING);
        let heads = log.watch();
        let generation = log.head().generation;
        let pages = stream::unfold(Some(pages), |pages| async {
            let mut pages = pages?;
            match pages.recv().await {
                Some(Sent::Page(page)) => Some((page, Some(pages))),
                Some(Sent::Last(page)) => Some((page, None)),
                None => Some((vec![Err(status::not_ready())], None)),
            }
        });
        (
            ResponseStream { reader, to, limits, heads, generation, log, ids },
            Box::pin(pages.flat_map(stream::iter)),
        )
    }

    /// Runs a piece of work unless the call ends before.
    async fn during<T>(&mut self, work: impl Future<Output = T>) -> Result<T, Status> {
        tokio::select! {
            biased;
            over = self.limits.over() => Err(over),
            done = work => Ok(done),
        }
    }

    pub async fn send(&mut self, page: Vec<r::Content>) -> Result<(), Ended> {
        if page.is_empty() {
            // Nothing to say yet: is there still somebody to say it to?
            return match self.during(std::future::ready(())).await {
                Ok(()) if self.to.is_closed() => Err(Ended),
                Ok(()) => Ok(()),
                Err(status) => self.fail(status).await,
            };
        }
        self.hand(page, Sent::Page).await
    }

    /// What is left to say, at the end of a call that ends well: in one piece, so that a short answer wakes its call once.
    pub async fn end(&mut self, page: Vec<r::Content>) -> Result<(), Ended> {
        self.hand(page, Sent::Last).await
    }

    async fn hand(&mut self, page: Vec<r::Content>, sent: fn(Page) -> Sent) -> Result<(), Ended> {
        if !page.is_empty() && self.log.head().generation != self.generation {
            return self.fail(status::reset()).await;
        }
        if !page.is_empty() && !self.reader.caller.may(Action::Read, &self.reader.stream, &self.log.index()) {
            return self.fail(status::access_denied()).await;
        }
        let places = self.log.index().places.clone();
        let shown = |content| match &places {
            Some(places) => given(content, places),
            None => content,
        };
        let page: Page =
            page.into_iter().map(|content| Ok(ReadResp { content: Some(shown(content)) })).collect();
        let to = self.to.clone();
        match self.during(async move { to.send(sent(page)).await.is_ok() }).await {
            Ok(true) => Ok(()),
            Ok(false) => Err(Ended),
            Err(status) => self.fail(status).await,
        }
    }

    /// Ends the call with this status, now or as soon as the client has taken what was sent.
    pub async fn fail<T>(&mut self, status: Status) -> Result<T, Ended> {
        if self.to.send(Sent::Page(vec![Err(status)])).await.is_err() {
            tracing::debug!("the client left before the end of its call");
        }
        Err(Ended)
    }

    /// Waits until the log is longer than this position.
    pub async fn grown(&mut self, beyond: u64) -> Result<(), Ended> {
        let (mut heads, generation, to) = (self.heads.clone(), self.generation, self.to.clone());
        let change = async {
            tokio::select! {
                grown = heads.wait_for(|h| h.position > beyond || h.generation != generation) => grown.ok().map(|h| *h),
                () = to.closed() => None,
            }
        };
        match self.during(change).await {
            Ok(Some(head)) if head.generation == generation => Ok(()),
            Ok(Some(_)) => self.fail(status::reset()).await,
            Ok(None) => Err(Ended),
            Err(status) => self.fail(status).await,
        }
    }

    /// Runs a read where blocking is allowed.
    pub async fn read<S: Send + 'static, T: Send + 'static>(
        &mut self,
        mut state: S,
        read: impl FnOnce(&mut S, &Log) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<(S, T), Ended> {
        let log = self.log.clone();
        let work = self.log.reads.run(move || {
            let answer = read(&mut state, &log);
            (state, answer)
        });
        match work.await {
            Some((state, Ok(answer))) => Ok((state, answer)),
            Some((_, Err(error))) => self.fail(status::database(&error)).await,
            None => self.fail(status::not_ready()).await,
        }
    }

    pub fn event(&self, item: Item) -> r::Content {
        r::Content::Event(convert::event(item, self.ids))
    }
}

/// With the positions that the log came with.
fn given(content: r::Content, places: &Places) -> r::Content {
    match content {
        r::Content::Checkpoint(mark) => {
            let (commit_position, prepare_position) = places.shown(mark.commit_position);
            r::Content::Checkpoint(r::Checkpoint { commit_position, prepare_position, ..mark })
        }
        r::Content::CaughtUp(mut caught_up) => {
            if let Some(at) = &mut caught_up.position {
                (at.commit_position, at.prepare_position) = places.shown(at.commit_position);
            }
            r::Content::CaughtUp(caught_up)
        }
        other => other,
    }
}

pub fn confirmation() -> r::Content {
    let subscription_id = uuid::Uuid::new_v4().to_string();
    r::Content::Confirmation(r::SubscriptionConfirmation { subscription_id })
}

/// At a position as clients see it, as are those below.
pub fn checkpoint(at: u64) -> r::Content {
    let timestamp = Some(SystemTime::now().into());
    r::Content::Checkpoint(r::Checkpoint { commit_position: at, prepare_position: at, timestamp })
}

pub fn caught_up(revision: Option<i64>, position: Option<u64>) -> r::Content {
    let position = position.map(|at| r::Position { commit_position: at, prepare_position: at });
    r::Content::CaughtUp(r::CaughtUp {
        timestamp: Some(SystemTime::now().into()),
        stream_revision: revision,
        position,
    })
}
