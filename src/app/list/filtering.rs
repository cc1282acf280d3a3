//! How the filter's text is understood, and rows are judged by its condition.

use super::meeting::Meeting;
use super::row_order::index;
use super::row_texts::Word;
use super::{Filtering, List};
use crate::aggregate::{Condition, ConditionError};
use crate::record::StreamName;
use crate::store::StreamRow;
use std::sync::Arc;

impl List {
    pub fn set_filter(&mut self, text: String) {
        self.views += 1;
        let understood = Condition::in_filter(&text);
        self.filter.text = text;
        match understood {
            Some(Err(fault)) => self.filter.fault = Some(fault),
            Some(Ok(condition)) => self.set_condition(condition),
            None => self.set_words(),
        }
    }

    fn set_words(&mut self) {
        let filter = &mut self.filter;
        let words: Vec<Word> = filter.text.split_whitespace().map(Word::new).collect();
        let implied = |word: &Word| words.iter().any(|new| new.implies(word));
        let is_narrower = filter.meeting.is_none() && filter.words.iter().all(implied);
        let change = if is_narrower { Filtering::Narrower } else { Filtering::Other };
        (filter.words, filter.condition, filter.fault) = (words, None, None);
        (filter.meeting, filter.judging) = (None, None);
        self.stale.filter = self.stale.filter.max(change);
    }

    fn set_condition(&mut self, condition: Condition) {
        let filter = &mut self.filter;
        filter.fault = None;
        if filter.condition.as_deref() == Some(&condition) {
            return;
        }
        let condition = Arc::new(condition);
        filter.condition = Some(condition.clone());
        filter.judging = None;
        if condition.is_of_state() {
            filter.judging = Some(Meeting::new(condition));
        } else {
            (filter.words, filter.meeting) = (Vec::new(), None);
            self.stale.filter = Filtering::Other;
        }
    }

    /// Judges some rows by the condition that was typed; once all are, it takes the place of what filtered before.
    pub(super) fn go_on_judging(&mut self) {
        let Some(judging) = &mut self.filter.judging else { return };
        if judging.go_on(&self.registry, &self.rows, &self.absent) {
            judging.find_near(&self.registry, &self.rows);
            self.filter.meeting = self.filter.judging.take();
            self.filter.words.clear();
            self.stale.filter = Filtering::Other;
        }
    }

    /// The rows are other ones.
    pub(super) fn judge_again(&mut self) {
        for meeting in self.filter.meeting.iter_mut().chain(&mut self.filter.judging) {
            *meeting = Meeting::new(meeting.condition().clone());
        }
    }

    /// Text of the filter.
    pub fn filter(&self) -> &str {
        &self.filter.text
    }

    /// The condition that is asked: of the rows where it can be, and of the open stream.
    pub fn condition(&self) -> Option<&Arc<Condition>> {
        self.filter.condition.as_ref()
    }

    /// Why the filter's text is no condition.
    pub fn condition_fault(&self) -> Option<&ConditionError> {
        self.filter.fault.as_ref()
    }

    /// Whether rows are still to be judged.
    pub fn is_judging(&self) -> bool {
        self.filter.judging.is_some()
    }

    /// In how many streams the condition is true; `None` where none filters the list.
    pub fn met(&self) -> Option<usize> {
        self.filter.meeting.as_ref().map(Meeting::count)
    }

    /// The fields of the condition that no listed stream has, each with the one that may be meant.
    pub fn unknown_fields(&self) -> impl Iterator<Item = (&str, Option<&str>)> {
        self.filter.meeting.iter().flat_map(Meeting::unknown_fields)
    }

    /// The streams with problems that the list counts: of those that meet the condition, where there is one; by name.
    pub fn with_problems(&self) -> Vec<StreamName> {
        let meets = |at: usize| self.filter.meeting.as_ref().is_none_or(|meeting| meeting.meets(at));
        let counts = |(at, row): &(usize, &StreamRow)| {
            row.problems > 0 && meets(*at) && !self.absent.contains(&index(*at))
        };
        let counted = self.rows.iter().enumerate().filter(counts);
        let mut streams: Vec<_> = counted.map(|(_, row)| row.stream.clone()).collect();
        streams.sort();
        streams
    }
}
