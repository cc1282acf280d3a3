//! The connection test of the string that is typed: its lines so far.

use crate::store::{ConnectionString, Diagnosis, Step};

/// What was found, and whether more is on its way; a step of an earlier test changes nothing.
#[derive(Debug, Default)]
pub struct Probe {
    number: u64,
    is_running: bool,
    diagnosis: Option<Diagnosis>,
}

impl Probe {
    /// Of the last test that was asked for, or that was forgotten.
    pub fn number(&self) -> u64 {
        self.number
    }

    pub fn is_running(&self) -> bool {
        self.is_running
    }

    /// `None` before a test, and after it was forgotten.
    pub fn diagnosis(&self) -> Option<&Diagnosis> {
        self.diagnosis.as_ref()
    }

    pub(super) fn ask(&mut self, string: ConnectionString) -> u64 {
        *self = Self { number: self.number + 1, is_running: true, diagnosis: Some(Diagnosis::new(string)) };
        self.number
    }

    /// What is still on its way is no longer waited for.
    pub(super) fn forget(&mut self) {
        *self = Self { number: self.number + 1, is_running: false, diagnosis: None };
    }

    /// `None` is the end.
    pub(super) fn answer(&mut self, number: u64, step: Option<Step>) {
        if number != self.number {
            return;
        }
        match (step, &mut self.diagnosis) {
            (Some(step), Some(diagnosis)) => diagnosis.add(step),
            _ => self.is_running = false,
        }
    }
}
