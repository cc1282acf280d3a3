//! What the window asks of the past, answered while it asks.

use super::read::Reading;
use super::{Answer, Past};
use crate::aggregate::Registry;
use crate::store::event_feed::Feed;
use crate::store::grpc::Session;
use crate::store::grpc::conversion::store_error;
use crate::store::listing::list_event::ListEvent;
use crate::store::update_sender::UpdateSender;
use crate::store::{
    DifferenceQuestion, DifferenceStep, EverQuestion, EverStep, PastQuestion, PastQuestions, PastStep,
    StoreError, Ticket, Update, sort_by_time,
};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Mutex, watch};
use tokio::time::Instant;

/// How long the events are held after the last question, so that another one is answered at once.
const HELD: Duration = Duration::from_mins(2);
/// Rows in one update: few enough that the updates before one frame fit into it.
const ROWS: usize = 128;
/// Shortest time between two counts.
const STEP: Duration = Duration::from_millis(100);

/// The past of the category that is listed, as long as the connection and the category stay.
pub type HeldPast = Arc<Mutex<Option<Past>>>;

/// Answers until the connection ends.
pub async fn answer(
    session: Session,
    held: HeldPast,
    (category, registry): (String, Registry),
    questions: watch::Receiver<PastQuestions>,
    out: UpdateSender,
) -> StoreError {
    // That of an earlier connection has let go of it.
    let mut held = held.lock().await;
    let past = held.get_or_insert_with(|| Past::new(&category, registry.clone()));
    past.forget_answers();
    let mut answers = Answers { session, questions, out, stay: None, compared: None, ever: None };
    loop {
        match answers.serve(past).await {
            Ok(()) => *past = Past::new(&category, registry.clone()),
            Err(why) if why.passes() => return why,
            Err(why) => {
                if matches!(why, StoreError::PastTooLarge { .. }) {
                    *past = Past::new(&category, registry.clone());
                }
                answers.fail(&why).await;
            }
        }
    }
}

/// What was answered.
struct Answers {
    session: Session,
    questions: watch::Receiver<PastQuestions>,
    out: UpdateSender,
    stay: Option<PastQuestion>,
    compared: Option<DifferenceQuestion>,
    ever: Option<Ticket>,
}

impl Answers {
    /// Problems are found elsewhere.
    fn asked(&mut self) -> PastQuestions {
        PastQuestions { problems: None, ..self.questions.borrow_and_update().clone() }
    }

    /// Answers question after question; ends once nothing was asked for so long that the events need not be held.
    async fn serve(&mut self, past: &mut Past) -> Result<(), StoreError> {
        let mut reading = None;
        loop {
            let asked = self.asked();
            if asked == PastQuestions::default() {
                (reading, self.stay, self.compared, self.ever) = (None, None, None, None);
                if past.len() == 0 {
                    self.changed().await;
                } else if tokio::time::timeout(HELD, self.changed()).await.is_err() {
                    return Ok(());
                }
                continue;
            }
            let ever = asked.ever.as_ref().map(|question| question.ticket);
            let is_answered =
                asked.list == self.stay && asked.difference == self.compared && ever == self.ever;
            // Their answers stay, so that what the feed has still to bring must be in them.
            let is_final = (asked.difference.is_some() && asked.difference != self.compared)
                || (ever.is_some() && ever != self.ever);
            let is_live = !is_final && matches!(reading, Some(Reading::Feed(_, true)));
            if !is_answered || reading.is_none() {
                if !is_live {
                    let begun = reading.insert(past.begin_reading(&self.session).await?);
                    self.read(past, begun).await?;
                }
                if self.asked() != asked {
                    continue;
                }
                self.list(past, asked.list).await;
                self.compare(past, asked.difference).await;
                self.look_for_ever(past, asked.ever).await;
                continue;
            }
            match &mut reading {
                Some(Reading::Feed(feed, _)) => self.follow(past, feed).await?,
                _ => self.changed().await,
            }
        }
    }

    /// Ends with the next question; never where nobody asks any more.
    async fn changed(&mut self) {
        if self.questions.changed().await.is_err() {
            std::future::pending::<()>().await;
        }
    }

    /// Reads until all is there, or something else is asked for.
    async fn read(&mut self, past: &mut Past, reading: &mut Reading) -> Result<(), StoreError> {
        let mut due = Instant::now();
        while !reading.is_done() {
            if self.questions.has_changed().unwrap_or(true) && self.asked() == PastQuestions::default() {
                return Ok(());
            }
            past.read_some(&self.session, reading).await?;
            if due <= Instant::now() {
                self.out.send(Update::PastRead { events: past.len() }).await;
                due = Instant::now() + STEP;
            }
        }
        Ok(())
    }

    async fn list(&mut self, past: &mut Past, question: Option<PastQuestion>) {
        let Some(question) = question else {
            self.stay = None;
            return;
        };
        if self.stay.is_none_or(|stay| stay.stay != question.stay) {
            past.forget_answers();
        }
        self.stay = Some(question);
        self.tell(past, question).await;
    }

    async fn tell(&mut self, past: &mut Past, question: PastQuestion) {
        let mut answer = past.begin(question.at);
        if answer.is_first {
            self.step(question, PastStep::Begins).await;
        }
        loop {
            let is_done = past.work(&mut answer);
            self.tell_rows(question, &mut answer, is_done).await;
            if is_done {
                break;
            }
            if self.questions.borrow().list.is_none_or(|asked| asked.stay != question.stay) {
                // It is taken back.
                return past.forget_answers();
            }
            tokio::task::yield_now().await;
        }
        let listing = past.listing();
        self.step(question, PastStep::At { at: question.at, listing }).await;
    }

    /// The rows that are made, those that fill no update only at the end.
    async fn tell_rows(&self, question: PastQuestion, answer: &mut Answer, is_done: bool) {
        while answer.rows.len() >= ROWS || (is_done && !answer.rows.is_empty()) {
            let rest = answer.rows.split_off(answer.rows.len().min(ROWS));
            let rows = std::mem::replace(&mut answer.rows, rest);
            self.step(question, PastStep::Rows(rows)).await;
        }
        if is_done && !answer.absent.is_empty() {
            let absent = std::mem::take(&mut answer.absent);
            for some in absent.chunks(ROWS) {
                self.step(question, PastStep::Absent(some.to_vec())).await;
            }
        }
    }

    async fn step(&self, question: PastQuestion, step: PastStep) {
        self.out.send(Update::Past { stay: question.stay, step }).await;
    }

    async fn compare(&mut self, past: &mut Past, question: Option<DifferenceQuestion>) {
        if question == self.compared {
            return;
        }
        self.compared = question;
        let Some(DifferenceQuestion { ticket, from, to }) = question else { return };
        let mut difference = past.begin_difference(from, to);
        let listing = past.listing();
        let begins = DifferenceStep::Begins { streams: difference.streams(), listing };
        self.out.send(Update::Difference { ticket, step: begins }).await;
        loop {
            let is_done = past.compare(&mut difference);
            while difference.found.len() >= ROWS || (is_done && !difference.found.is_empty()) {
                let rest = difference.found.split_off(difference.found.len().min(ROWS));
                let found = std::mem::replace(&mut difference.found, rest);
                self.out.send(Update::Difference { ticket, step: DifferenceStep::Found(found) }).await;
            }
            if is_done || self.questions.borrow().difference != question {
                break;
            }
            tokio::task::yield_now().await;
        }
        self.out.send(Update::Difference { ticket, step: DifferenceStep::Ended(Ok(())) }).await;
    }

    async fn look_for_ever(&mut self, past: &mut Past, question: Option<EverQuestion>) {
        let asked = question.as_ref().map(|question| question.ticket);
        if asked == self.ever {
            return;
        }
        self.ever = asked;
        let Some(EverQuestion { ticket, condition, until }) = question else { return };
        let mut scan = past.begin_ever(condition, until);
        let begins = EverStep::Begins { streams: scan.streams(), listing: past.listing() };
        self.out.send(Update::Ever { ticket, step: begins }).await;
        let mut due = Instant::now();
        while !past.look(&mut scan) {
            if due <= Instant::now() {
                let step = EverStep::Looked { done: scan.done(), found: scan.found.len() as u64 };
                self.out.send(Update::Ever { ticket, step }).await;
                due = Instant::now() + STEP;
            }
            let asked = self.questions.borrow().ever.as_ref().map(|question| question.ticket);
            if asked != Some(ticket) {
                return;
            }
            tokio::task::yield_now().await;
        }
        sort_by_time(&mut scan.found);
        for rows in scan.found.chunks(ROWS) {
            self.out.send(Update::Ever { ticket, step: EverStep::Rows(rows.to_vec()) }).await;
        }
        self.out.send(Update::Ever { ticket, step: EverStep::Ended(Ok(())) }).await;
    }

    /// Takes what is written now, until it changes what was answered or something else is asked for.
    async fn follow(&mut self, past: &mut Past, feed: &mut Feed<ListEvent>) -> Result<(), StoreError> {
        loop {
            let event = tokio::select! {
                event = feed.next() => event,
                () = self.changed() => return Ok(()),
            };
            match event {
                Ok(event) => past.take_live(event)?,
                Err(error) => return Err(self.session.explained(store_error(&error)).await),
            }
            if let Some(question) = self.stay.filter(|_| past.has_changed()) {
                self.tell(past, question).await;
            }
        }
    }

    /// Tells what was asked for that it cannot be answered, and waits for the next question.
    async fn fail(&mut self, why: &StoreError) {
        let asked = self.asked();
        if let Some(question) = asked.list {
            self.step(question, PastStep::Failed(why.clone())).await;
        }
        if let Some(DifferenceQuestion { ticket, .. }) = asked.difference {
            let step = DifferenceStep::Ended(Err(why.clone()));
            self.out.send(Update::Difference { ticket, step }).await;
        }
        if let Some(EverQuestion { ticket, .. }) = asked.ever {
            self.out.send(Update::Ever { ticket, step: EverStep::Ended(Err(why.clone())) }).await;
        }
        (self.stay, self.compared, self.ever) = (None, None, None);
        self.changed().await;
    }
}
