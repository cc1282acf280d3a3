//! Scavenges as clients know them: at most one runs, and `$scavenges` tells of each.

use super::{
    log::{
        Log, WriteError,
        beginning::HISTORY_METADATA,
        commands::{Command, Work},
        expected::{Expected, Outcome},
        proposed::{Content, Proposed},
        scavenge::Sweep,
        write,
    },
    read::{
        page::{Ask, View},
        stream::StoredStream,
    },
};
use std::{
    net::SocketAddr,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};
use tokio::sync::{mpsc, watch};

/// Links to what each scavenge wrote.
const HISTORY: &str = "$scavenges";
/// Between two looks whether readers have ended.
const PAUSE: Duration = Duration::from_millis(5);

/// The scavenge that runs, if any, with what stops it.
#[derive(Debug, Default)]
pub struct Scavenges(Mutex<Option<(String, watch::Sender<bool>)>>);

/// What a scavenge works with.
#[derive(Clone)]
pub struct Tools {
    pub log: Arc<Log>,
    pub commands: mpsc::Sender<Command>,
    pub stopping: watch::Receiver<bool>,
    /// Names the node.
    pub address: SocketAddr,
}

/// How a scavenge ended, as the real server says it.
#[derive(Debug)]
enum Ended {
    Success,
    Stopped,
    Errored(String),
    Interrupted,
}

impl Scavenges {
    /// The id, and whether that scavenge was running already.
    pub async fn start(self: &Arc<Self>, tools: Tools) -> Result<(String, bool), WriteError> {
        let id = uuid::Uuid::new_v4().to_string();
        let (stop, stopped) = watch::channel(false);
        if let Some(running) = self.take_turn(&id, stop) {
            return Ok((running, true));
        }
        if let Err(error) = tools.tell_start(&id).await {
            *self.running() = None;
            return Err(error);
        }
        let (all, name) = (self.clone(), id.clone());
        tokio::spawn(async move {
            tools.run(&name, stopped).await;
            *all.running() = None;
        });
        Ok((id, false))
    }

    /// The id of the scavenge that runs already, if one does.
    fn take_turn(&self, id: &str, stop: watch::Sender<bool>) -> Option<String> {
        let mut running = self.running();
        if running.is_none() {
            *running = Some((id.to_owned(), stop));
            return None;
        }
        running.as_ref().map(|(id, _)| id.clone())
    }

    /// Ends the scavenge after its current step; otherwise tells which one runs.
    pub fn stop(&self, id: &str) -> Result<(), Option<String>> {
        match &*self.running() {
            Some((running, stop)) if running == id => {
                stop.send_replace(true);
                Ok(())
            }
            other => Err(other.as_ref().map(|(running, _)| running.clone())),
        }
    }

    fn running(&self) -> std::sync::MutexGuard<'_, Option<(String, watch::Sender<bool>)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Tools {
    /// Step by step, so that writes go on between them; a shutdown leaves the rest to another scavenge.
    async fn run(self, id: &str, stopped: watch::Receiver<bool>) {
        let (began, sweep) = (Instant::now(), Arc::new(Mutex::new(Sweep::new(&self.log))));
        let generation = self.log.head().generation;
        let state = || sweep.lock().unwrap_or_else(PoisonError::into_inner);
        let ended = loop {
            if *self.stopping.borrow() || self.log.head().generation != generation {
                return;
            }
            if *stopped.borrow() {
                break Ended::Stopped;
            }
            match write(&self.commands, Work::Sweep(sweep.clone())).await {
                Err(WriteError::Stopped) => return,
                Err(error) => break Ended::Errored(error.to_string()),
                Ok(_) if state().done() => break Ended::Success,
                Ok(_) => {}
            }
            if state().waits() {
                tokio::time::sleep(PAUSE).await;
            }
        };
        let erased = state().erased;
        if let Err(error) = self.tell_end(id, &ended, began.elapsed(), erased).await {
            tracing::debug!(%error, "the end of a scavenge was not told");
        }
    }

    /// Tells the end of a scavenge that a former process did not finish.
    pub async fn tell_interrupted(&self) -> Result<(), WriteError> {
        let last = self.last_told().map_err(|error| WriteError::Database(Arc::new(error)))?;
        let Some(id) = last.as_deref().and_then(|stream| stream.strip_prefix("$scavenges-")) else {
            return Ok(());
        };
        self.tell_end(id, &Ended::Interrupted, Duration::ZERO, 0).await
    }

    /// The stream of the last scavenge, if it has a beginning and no end.
    fn last_told(&self) -> rusqlite::Result<Option<String>> {
        let history = StoredStream::new(HISTORY.into());
        let View::Live { last, .. } = history.view(&self.log)? else { return Ok(None) };
        let ask = Ask { from: last, backwards: true, limit: 1, resolve: true, hidden: false };
        let event = history.page(&self.log, ask)?.pop().and_then(|item| item.event);
        Ok(event.filter(|event| &*event.kind == "$scavengeStarted").map(|event| event.stream.to_string()))
    }

    async fn tell_start(&self, id: &str) -> Result<(), WriteError> {
        self.append(format!("$$$scavenges-{id}"), Proposed::metadata(HISTORY_METADATA.to_owned())).await?;
        let data = format!("{{\n  \"scavengeId\": \"{id}\",\n  \"nodeEndpoint\": \"{}\"\n}}", self.address);
        self.tell(id, "$scavengeStarted", data).await
    }

    async fn tell_end(&self, id: &str, ended: &Ended, took: Duration, erased: u64) -> Result<(), WriteError> {
        let (result, error) = match ended {
            Ended::Success => ("Success", ""),
            Ended::Stopped => ("Stopped", ""),
            Ended::Errored(why) => ("Errored", why.as_str()),
            Ended::Interrupted => ("Interrupted", "The node was restarted."),
        };
        let data = format!(
            "{{\n  \"scavengeId\": \"{id}\",\n  \"nodeEndpoint\": \"{}\",\n  \"result\": \"{result}\",\n  \"error\": {},\n  \
             \"timeTaken\": \"{}\",\n  \"spaceSaved\": {erased},\n  \"maxChunkScavenged\": 0\n}}",
            self.address,
            serde_json::Value::from(error),
            time_span(took),
        );
        self.tell(id, "$scavengeCompleted", data).await
    }

    /// In the stream of the scavenge, and by a link in the one of all.
    async fn tell(&self, id: &str, kind: &str, data: String) -> Result<(), WriteError> {
        let stream = format!("$scavenges-{id}");
        let told = self.append(stream.clone(), Proposed::system(kind, Content::Json, data)).await?;
        let Outcome::Written { revision: Some(revision), .. } = told else { return Ok(()) };
        let link = Proposed::system("$>", Content::Binary, format!("{revision}@{stream}"));
        self.append(HISTORY.into(), link).await.map(drop)
    }

    async fn append(&self, stream: String, event: Proposed) -> Result<Outcome, WriteError> {
        write(&self.commands, Work::Append(stream, Expected::Any, vec![event])).await
    }
}

/// As .NET writes a `TimeSpan` that is shorter than a day.
fn time_span(took: Duration) -> String {
    let (seconds, ticks) = (took.as_secs(), took.subsec_nanos() / 100);
    let whole = format!("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
    if ticks == 0 { whole } else { format!("{whole}.{ticks:07}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_span_is_in_ticks_of_100_ns() {
        assert_eq!(time_span(Duration::from_secs(3_723)), "01:02:03");
        assert_eq!(time_span(Duration::from_micros(1_500_020)), "00:00:01.5000200");
    }
}
