//! The lines so far, in order.

use super::step::{Finding, Step, StepKind};
use crate::store::{ConnectionString, StoreError};

/// What a connection test found so far.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnosis {
    given: ConnectionString,
    /// Host and port of each, in the string's order.
    nodes: Vec<String>,
    steps: Vec<Step>,
}

impl Diagnosis {
    /// Of this string, before anything was found.
    pub fn new(given: ConnectionString) -> Self {
        Self { nodes: given.nodes(), given, steps: Vec::new() }
    }

    /// Puts the step in its place: node after node, then what concerns all of them.
    pub fn add(&mut self, step: Step) {
        let place = self.place(&step);
        let at = self.steps.partition_point(|known| self.place(known) <= place);
        self.steps.insert(at, step);
    }

    fn place(&self, step: &Step) -> (usize, StepKind) {
        let node = match step.kind {
            StepKind::ConnectionString => 0,
            StepKind::Login | StepKind::Rights => self.nodes.len() + 1,
            _ => self.nodes.iter().position(|node| **node == *step.node).map_or(0, |at| at + 1),
        };
        (node, step.kind)
    }

    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// Whether several nodes are named, so that a line has to say whose it is.
    pub fn has_several_nodes(&self) -> bool {
        self.nodes.len() > 1
    }

    /// Whether one can connect and read.
    pub fn connects(&self) -> bool {
        self.steps.iter().any(|step| step.kind == StepKind::Rights && step.finding.is_passed())
    }

    /// What keeps one from connecting: of several failures the one on the longest way.
    pub fn obstacle(&self) -> Option<&StoreError> {
        if self.connects() {
            return None;
        }
        let failed = self.steps.iter().rev().filter_map(|step| match &step.finding {
            Finding::Failed(error) => Some((step.kind, error)),
            _ => None,
        });
        failed.max_by_key(|(kind, _)| *kind).map(|(_, error)| error)
    }

    /// What was tested.
    pub fn given(&self) -> &ConnectionString {
        &self.given
    }
}
