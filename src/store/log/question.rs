//! What is asked of the database itself, and what is answered.

use super::parked::ParkedMessage;
use super::projections::Projections;
use super::scan::{ScanEnd, Search};
use super::start::ScanStart;
use crate::record::Record;
use crate::store::{StoreError, Ticket};
use std::sync::Arc;

/// What is asked of `$all`.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct LogQuestions {
    /// What is written, from its newest events on.
    pub tail: Option<Ticket>,
    pub asked: Option<LogQuestion>,
}

/// Something that is answered once; with the same ticket it is the same.
#[derive(Debug, Clone, PartialEq)]
pub struct LogQuestion {
    pub ticket: Ticket,
    pub asks: Arc<LogAsks>,
}

#[derive(Debug, PartialEq)]
pub enum LogAsks {
    Search(Box<Search>),
    Projections,
    Parked,
}

#[derive(Debug)]
pub enum LogStep {
    /// A search begins there.
    Begins(ScanStart),
    /// What is written, or what a search finds, in the order of `$all`.
    Events(Vec<Record>),
    /// A search has looked at so many events.
    Looked(u64),
    Projections(Projections),
    Parked(Vec<ParkedMessage>),
    Ended(Result<ScanEnd, StoreError>),
}
