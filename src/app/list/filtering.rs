//! How the filter's text is understood, and rows are judged by it.

use super::meeting::{Meeting, Question};
use super::row_order::index;
use super::row_texts::Word;
use super::{Filtering, List};
use crate::aggregate::{Condition, ConditionError, FieldPath, StreamFilter};
use crate::record::StreamName;
use crate::store::{RowField, StreamRow};
use std::sync::Arc;

/// Streams whose states are asked whether they have a field.
const SAMPLE: usize = 20;

impl List {
    pub fn set_filter(&mut self, text: String) {
        self.views += 1;
        let understood = StreamFilter::parse(&text);
        self.filter.text = text;
        match understood {
            Err(fault) => self.filter.fault = Some(fault),
            Ok(filter) => self.ask(filter),
        }
    }

    fn ask(&mut self, filter: StreamFilter) {
        let StreamFilter { words, within, conditions } = filter;
        let words: Vec<Word> = words.iter().map(|word| Word::new(word)).collect();
        let of_history = Condition::all(conditions.iter().filter(|one| self.is_of_history(one)));
        if self.filter.condition.as_deref() != of_history.as_ref() {
            self.filter.condition = of_history.map(Arc::new);
        }
        self.filter.fault = None;
        let condition = Condition::all(conditions.iter().filter(|one| one.is_of_state()));
        let question = Question { within, condition };
        let judged = self.filter.meeting.as_ref().map(Meeting::question);
        if judged.map_or(question == Question::default(), |judged| **judged == question) {
            self.filter.judging = None;
            return self.set_words(words);
        }
        if question == Question::default() {
            (self.filter.meeting, self.filter.judging) = (None, None);
            self.stale.filter = Filtering::Other;
            return self.set_words(words);
        }
        self.filter.judging_words = words;
        if self.filter.judging.as_ref().is_none_or(|judging| **judging.question() != question) {
            self.filter.judging = Some(Meeting::new(Arc::new(question), self.filter.now));
        }
    }

    fn set_words(&mut self, words: Vec<Word>) {
        let implied = |word: &Word| words.iter().any(|new| new.implies(word));
        let change = match self.filter.words.iter().all(implied) {
            true if words.len() == self.filter.words.len()
                && words.iter().all(|word| self.has_word(word)) =>
            {
                Filtering::Same
            }
            true => Filtering::Narrower,
            false => Filtering::Other,
        };
        self.filter.words = words;
        self.stale.filter = self.stale.filter.max(change);
    }

    fn has_word(&self, word: &Word) -> bool {
        self.filter.words.iter().any(|known| known.implies(word))
    }

    /// Whether the condition can be asked of the events of a stream, not only of what the list knows of it.
    fn is_of_history(&self, condition: &Condition) -> bool {
        let states = || self.rows.iter().filter_map(|row| Some((row, row.state.as_ref()?))).take(SAMPLE);
        let is_of_state = |field: &FieldPath| {
            let has = |(row, state): (&StreamRow, _)| {
                self.registry.for_stream(&row.stream).field(state, field).is_some()
            };
            RowField::named(field).is_none() || states().next().is_none() || states().any(has)
        };
        condition.ages().is_empty() && condition.fields().iter().all(is_of_state)
    }

    /// Judges some rows by what was typed; once all are, it takes the place of what filtered before.
    pub(super) fn go_on_judging(&mut self) {
        let Some(judging) = &mut self.filter.judging else { return };
        if judging.go_on(&self.registry, &self.rows, &self.absent) {
            judging.find_near(&self.registry, &self.rows);
            self.filter.meeting = self.filter.judging.take();
            self.filter.words = std::mem::take(&mut self.filter.judging_words);
            self.stale.filter = Filtering::Other;
            self.await_crossing();
        }
    }

    /// The rows are other ones.
    pub(super) fn judge_again(&mut self) {
        for meeting in self.filter.meeting.iter_mut().chain(&mut self.filter.judging) {
            *meeting = Meeting::new(meeting.question().clone(), self.filter.now);
        }
    }

    /// Text of the filter.
    pub fn filter(&self) -> &str {
        &self.filter.text
    }

    /// The condition that is asked of the open stream's history.
    pub fn condition(&self) -> Option<&Arc<Condition>> {
        self.filter.condition.as_ref()
    }

    /// Why the filter's text cannot be understood.
    pub fn filter_fault(&self) -> Option<&ConditionError> {
        self.filter.fault.as_ref()
    }

    /// Whether rows are still to be judged.
    pub fn is_judging(&self) -> bool {
        self.filter.judging.is_some()
    }

    /// Whether the next frame shows more of what was asked for.
    pub fn goes_on(&self) -> bool {
        self.is_judging() || self.view.order.is_sorting()
    }

    /// Whether more than words filters the list.
    pub fn is_judged(&self) -> bool {
        self.filter.meeting.is_some()
    }

    /// The fields of the condition that no listed stream has, each with the one that may be meant.
    pub fn unknown_fields(&self) -> impl Iterator<Item = (&str, Option<&str>)> {
        self.filter.meeting.iter().flat_map(Meeting::unknown_fields)
    }

    /// The streams with problems that the list counts: of those that meet the filter; by name.
    pub fn with_problems(&self) -> Vec<StreamName> {
        let counts = |(at, row): &(usize, &StreamRow)| row.problems > 0 && self.matches(index(*at));
        let counted = self.rows.iter().enumerate().filter(counts);
        let mut streams: Vec<_> = counted.map(|(_, row)| row.stream.clone()).collect();
        streams.sort();
        streams
    }
}
