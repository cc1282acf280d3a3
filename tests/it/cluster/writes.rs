//! A window that writes all the time, and what it was told of each write.

use super::faults::MARKERS;
use super::screen::Screen;
use super::script::Dice;
use crate::store::{created, paid};
use hindsight::decision::{Append, Expected};
use hindsight::store::{AppendError, StoreError, Ticket, Written};
use std::collections::HashMap;
use std::time::{Duration, Instant};
use tokio::sync::watch;

/// Between two writes, and writes that are under way at most.
const PACE: Duration = Duration::from_millis(60);
const AT_ONCE: usize = 4;

pub struct Window {
    pub screen: Screen,
    pub writes: HashMap<Ticket, Append>,
    dice: Dice,
    seed: u64,
    count: u64,
    /// Ids of orders that are created and not paid.
    unpaid: Vec<String>,
    settled: HashMap<Ticket, usize>,
    unknown: Vec<Ticket>,
    last: Instant,
    /// A write for each leader that came to be, sent at that moment.
    pub probes: Vec<Option<Ticket>>,
}

impl Window {
    pub fn of(url: &str, seed: u64) -> Self {
        let mut screen = Screen::of(url);
        screen.open(MARKERS);
        Self {
            screen,
            writes: HashMap::new(),
            dice: Dice::new(seed ^ 0x5EED),
            seed,
            count: 0,
            unpaid: Vec::new(),
            settled: HashMap::new(),
            unknown: Vec::new(),
            last: Instant::now(),
            probes: Vec::new(),
        }
    }

    /// Writes until it is told to stop, and at once for each leader; tells how many markers are on the screen.
    pub async fn run(
        &mut self,
        stop: &watch::Receiver<bool>,
        reigns: &watch::Receiver<usize>,
        shown: &watch::Sender<usize>,
    ) {
        while !*stop.borrow() {
            self.step().await;
            shown.send_replace(self.screen.records.len());
            while self.probes.len() < *reigns.borrow() {
                let append = created(&format!("p{}-{}", self.seed, self.probes.len()), "u");
                let probe = self.send(append);
                self.probes.push(probe);
            }
            if self.last.elapsed() >= PACE && self.under_way() < AT_ONCE {
                self.last = Instant::now();
                self.write();
            }
        }
    }

    pub async fn step(&mut self) {
        self.screen.next(Duration::from_millis(20)).await;
        self.take_answers();
    }

    /// Writes without an answer.
    pub fn under_way(&self) -> usize {
        self.writes.len() - self.settled.len()
    }

    fn write(&mut self) {
        self.count += 1;
        let append = match self.dice.below(4) {
            0 if !self.unpaid.is_empty() => paid(&self.unpaid.remove(0), 0),
            1 => {
                let append = created(&format!("w{}-noted", self.seed), "u");
                Append { expected: Expected::Any, ..append }
            }
            _ => created(&format!("w{}-{}", self.seed, self.count), "u"),
        };
        self.send(append);
        let waits =
            |ticket: &&Ticket| !self.settled.contains_key(ticket) && !self.probes.contains(&Some(**ticket));
        let waiting = self.screen.waits.keys().find(waits).copied();
        if let Some(waiting) = waiting
            && self.dice.below(10) == 0
        {
            self.screen.aims(|goal| goal.withdrawn = Some(waiting));
        }
    }

    fn send(&mut self, append: Append) -> Option<Ticket> {
        let ticket = self.screen.append(append.clone())?;
        self.writes.insert(ticket, append);
        Some(ticket)
    }

    fn take_answers(&mut self) {
        let mut unknown = Vec::new();
        for (ticket, answers) in &self.screen.answers {
            let told = self.settled.insert(*ticket, answers.len()).unwrap_or(0);
            for (answer, _) in &answers[told..] {
                match answer {
                    Err(AppendError::Unknown(_)) => unknown.push(*ticket),
                    Ok(_) if self.writes[ticket].expected == Expected::NoStream => {
                        let id = self.writes[ticket].stream.as_str().trim_start_matches("order-");
                        self.unpaid.push(id.to_owned());
                    }
                    _ => {}
                }
                self.unknown.retain(|known| known != ticket);
            }
        }
        self.unknown.extend(unknown);
        let wanted: Vec<_> = self.unknown.iter().map(|t| (*t, self.writes[t].clone())).collect();
        self.screen.aims(|goal| goal.unknown = wanted);
    }

    /// Has the worker look for writes of unknown fate at once.
    pub fn look_again(&mut self) {
        self.screen.aims(|goal| goal.unknown.clear());
    }

    pub fn is_unknown(&self, ticket: Ticket) -> bool {
        self.unknown.contains(&ticket)
    }

    /// When the write that was sent for this leader went through.
    pub fn written(&self, reign: usize) -> Option<Instant> {
        let answers = self.screen.answers.get(&(*self.probes.get(reign)?)?)?;
        answers.iter().find(|(answer, _)| answer.is_ok()).map(|(_, at)| *at)
    }

    /// Writes whose fate is still not known.
    pub fn unknown(&self) -> usize {
        self.unknown.len()
    }

    /// How often each kind of answer came.
    pub fn kinds(&self) -> impl Iterator<Item = &'static str> {
        self.screen.answers.values().flatten().map(|(answer, _)| kind(answer))
    }
}

fn kind(answer: &Result<Written, AppendError>) -> &'static str {
    match answer {
        Ok(written) if written.recovered => "found",
        Ok(_) => "written",
        Err(AppendError::Conflict { .. }) => "conflict",
        Err(AppendError::Unknown(StoreError::NodeLeft)) => "unknown: node left",
        Err(AppendError::Unknown(_)) => "unknown",
        Err(AppendError::Withdrawn) => "withdrawn",
        Err(AppendError::Production(_)) => "production",
        Err(AppendError::Tombstoned(_)) => "tombstoned",
        Err(AppendError::Failed(_)) => "failed",
    }
}
