//! Where the steps are told.

use super::change::Change;
use super::step::{Finding, Step, StepKind};
use crate::store::{ServerCertificate, Wake};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::mpsc;

/// Tells the steps of one node, or of what concerns all.
#[derive(Clone)]
pub struct Reporter {
    pub steps: mpsc::Sender<Step>,
    pub wake: Wake,
    pub node: Arc<str>,
}

/// A step that was taken, before it is told.
pub struct Taken {
    pub kind: StepKind,
    took: Duration,
    certificate: Option<Box<ServerCertificate>>,
    changes: Vec<Change>,
}

impl Taken {
    /// Ends now.
    pub fn after(kind: StepKind, started: Instant) -> Self {
        Self { kind, took: started.elapsed(), certificate: None, changes: Vec::new() }
    }

    pub fn showing(self, certificate: Option<ServerCertificate>) -> Self {
        Self { certificate: certificate.map(Box::new), ..self }
    }

    pub fn offering(self, changes: Vec<Change>) -> Self {
        Self { changes, ..self }
    }
}

impl Reporter {
    pub fn at(&self, node: &str) -> Self {
        Self { node: node.into(), ..self.clone() }
    }

    /// A test that nobody reads any more ends by itself.
    async fn tell(&self, step: Step) {
        if self.steps.send(step).await.is_ok() {
            (self.wake)();
        }
    }

    pub async fn found(&self, taken: Taken, finding: Finding) {
        let Taken { kind, took, certificate, changes } = taken;
        let node = self.node.clone();
        self.tell(Step { node, kind, took: Some(took), finding, certificate, changes }).await;
    }

    pub async fn not_reached(&self, kind: StepKind) {
        let (node, finding) = (self.node.clone(), Finding::NotReached);
        self.tell(Step { node, kind, took: None, finding, certificate: None, changes: Vec::new() }).await;
    }
}
