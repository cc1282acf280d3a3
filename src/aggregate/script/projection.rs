//! A projection run over a sequence of events, with all its partitions, as the server runs it.

use super::arrival::Arrival;
use super::engine::{Before, Engine, EventView, Input, Step};
use super::host::Limits;
use super::page;
use super::reading::{Partitioning, Program, Script};
use crate::aggregate::Fault;
use std::collections::BTreeMap;
use std::sync::Arc;

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Partition {
    /// The text as the server shows it; `None` where the state was cleared.
    pub state: Option<Arc<str>>,
    pub result: Option<Arc<str>>,
}

/// What an event did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Advance {
    pub partition: Arc<str>,
    pub step: Step,
    /// Whether the state's text is another one; only then does the server write a result.
    pub changed: bool,
}

#[derive(Debug)]
pub struct Projection {
    script: Script,
    limits: Limits,
    engine: Engine,
    partitions: BTreeMap<Arc<str>, Partition>,
    shared: Option<Arc<str>>,
    /// The engine holds the state of a projection without partitions.
    live: bool,
}

impl Projection {
    pub fn new(script: Script, limits: Limits) -> Result<Self, Fault> {
        let engine = Engine::new(&script, limits)?;
        Ok(Self { script, limits, engine, partitions: BTreeMap::new(), shared: None, live: false })
    }

    pub fn program(&self) -> &Arc<Program> {
        &self.engine.definition.program
    }

    /// The partitions in the order of their names, `""` where there are none.
    pub fn partitions(&self) -> &BTreeMap<Arc<str>, Partition> {
        &self.partitions
    }

    /// The state that all partitions share.
    pub fn shared(&self) -> Option<&Arc<str>> {
        self.shared.as_ref()
    }

    /// A page of events as the server folds it, up to the first fault and the place of the arrival where that was.
    pub fn run(
        &mut self,
        arrivals: &[Arrival<'_>],
        mut each: impl FnMut(&Advance),
    ) -> Result<(), (usize, Fault)> {
        let mut partitions = Vec::with_capacity(arrivals.len());
        for (place, arrival) in arrivals.iter().enumerate() {
            partitions.push(self.partition(arrival).map_err(|fault| (place, fault))?);
        }
        let names: Vec<Option<&str>> = partitions.iter().map(Option::as_deref).collect();
        // What is shared is folded in the order of the events.
        let in_order = || (0..names.len()).filter(|place| names[*place].is_some()).collect();
        let order = if self.program().bi_state { in_order() } else { page::order(&names) };
        for place in order {
            let advance = match (&arrivals[place], &partitions[place]) {
                (Arrival::Event { view, .. }, Some(name)) => self.fold(view, name.clone()).map(Some),
                (Arrival::Deleted(stream), _) => self.delete(stream),
                (Arrival::Event { .. }, None) => Ok(None),
            };
            match advance {
                Ok(advance) => advance.iter().for_each(&mut each),
                Err(fault) => return Err((place, fault)),
            }
        }
        Ok(())
    }

    /// The partition of what arrives; `None` where it reaches no handler.
    fn partition(&mut self, arrival: &Arrival<'_>) -> Result<Option<Arc<str>>, Fault> {
        match arrival {
            Arrival::Event { view, .. } => self.partition_of(view),
            Arrival::Deleted(stream) => Ok(self.program().handles_deleted.then(|| (*stream).into())),
        }
    }

    fn partition_of(&mut self, event: &EventView<'_>) -> Result<Option<Arc<str>>, Fault> {
        if !self.program().takes(event.event_type()) {
            return Ok(None);
        }
        Ok(match self.program().partitioning {
            Partitioning::None => Some("".into()),
            Partitioning::ByStream => Some(event.stream().unwrap_or_default().into()),
            Partitioning::ByFunction => {
                let named = self.engine.partition(event);
                self.renew()?;
                named?.filter(|name| !name.is_empty()).map(Arc::from)
            }
        })
    }

    /// The next event; `None` where it does not reach a handler. After a fault the states are those before it.
    pub fn apply(&mut self, event: &EventView<'_>) -> Result<Option<Advance>, Fault> {
        match self.partition_of(event)? {
            Some(name) => self.fold(event, name).map(Some),
            None => Ok(None),
        }
    }

    /// Another engine in place of one that met a limit.
    fn renew(&mut self) -> Result<(), Fault> {
        if self.engine.spent {
            self.engine = Engine::new(&self.script, self.limits)?;
            self.live = false;
        }
        Ok(())
    }

    fn fold(&mut self, event: &EventView<'_>, name: Arc<str>) -> Result<Advance, Fault> {
        let is_partitioned = self.program().is_partitioned();
        let kept = self.partitions.get(&name).and_then(|partition| partition.state.clone());
        let before = match kept.as_deref() {
            _ if self.live && !is_partitioned => Before::Live,
            Some(text) if !text.is_empty() => Before::Text(text),
            _ => Before::Fresh,
        };
        let input = Input {
            event,
            partition: &name,
            before,
            shared: self.shared.as_deref(),
            begins: is_partitioned && !self.partitions.contains_key(&name),
            wants_result: true,
        };
        let step = self.engine.step(input);
        self.live = !is_partitioned && step.is_ok();
        self.renew()?;
        Ok(self.keep(name, step?))
    }

    /// A stream was deleted softly.
    pub fn delete(&mut self, stream: &str) -> Result<Option<Advance>, Fault> {
        if !self.program().handles_deleted {
            return Ok(None);
        }
        let kept = self.partitions.get(stream).and_then(|partition| partition.state.clone());
        let step = self.engine.deleted(stream, kept.as_deref().map_or(Before::Fresh, Before::Text))?;
        Ok(Some(self.keep(stream.into(), step)))
    }

    fn keep(&mut self, name: Arc<str>, step: Step) -> Advance {
        let partition = self.partitions.entry(name.clone()).or_default();
        let changed = partition.state != step.state;
        partition.state.clone_from(&step.state);
        if changed {
            partition.result.clone_from(&step.result);
        }
        if step.shared.is_some() {
            self.shared.clone_from(&step.shared);
        }
        Advance { partition: name, step, changed }
    }

    /// Goes on from texts that were kept, as after a checkpoint.
    pub fn restore(&mut self, partitions: BTreeMap<Arc<str>, Partition>, shared: Option<Arc<str>>) {
        self.partitions = partitions;
        self.shared = shared;
        self.live = false;
    }
}
