//! One event through a definition.

use super::call::Call;
use super::input::{Input, Step};
use super::{Engine, LiveState};
use crate::aggregate::script::host::{Host, NOTHING, Output, with_helpers};
use crate::aggregate::{Fault, FaultKind};

impl Engine {
    /// Hands an event over; the state before it is lost to the engine where this fails.
    pub fn step(&mut self, input: Input<'_>) -> Result<Step, Fault> {
        self.steps += 1;
        let (host, definition) = (self.host.clone(), self.definition.clone());
        host.begin(host.limits.event, input.event.created().millis(), input.event.seed());
        let keeps_live = !definition.program.is_partitioned();
        let stepped = self.call(&host, |call| {
            let live = call.ctx.userdata::<LiveState<'_>>();
            let live_value = live.as_ref().and_then(|live| live.take());
            let (before, step) = call.run(&definition, input, live_value)?;
            if keeps_live && let Some(live) = live {
                live.replace(Some(before));
            }
            Ok(step)
        });
        let stepped = self.untampered(&host, stepped);
        self.finish(stepped, |step, output| {
            step.emitted = output.emitted;
            step.log = output.log;
        })
    }

    /// What a handler changes of what is built in is a fault, and the engine that has it is given up.
    fn untampered<R>(&mut self, host: &Host, done: Result<R, Fault>) -> Result<R, Fault> {
        if !host.care.built_ins {
            return done;
        }
        let changed = self.call(host, |call| {
            call.helpers.tampered.call::<_, Option<String>>(()).map_err(|error| call.failed(&error))
        });
        match changed {
            Ok(None) => done,
            Ok(Some(name)) => {
                self.spent = true;
                let message = format!("it changes {name}, which every stream's events would meet");
                done.and(Err(Fault::new(FaultKind::Tampering, message)))
            }
            Err(fault) => {
                self.spent = true;
                done.and(Err(fault))
            }
        }
    }

    /// Runs with the definition's functions at hand.
    pub(super) fn call<R>(
        &mut self,
        host: &Host,
        run: impl FnOnce(&Call<'_, '_>) -> Result<R, Fault>,
    ) -> Result<R, Fault> {
        self.with(|ctx| {
            with_helpers(ctx, host, |helpers, functions| run(&Call { ctx, host, helpers, functions }))
        })
    }

    /// The end of a call: what the script said, its verdict, and whether the engine can go on.
    pub(super) fn finish<R>(
        &mut self,
        done: Result<R, Fault>,
        fill: impl FnOnce(&mut R, Output),
    ) -> Result<R, Fault> {
        let mut output = self.host.take_output();
        let done = match (output.verdict.take(), done) {
            (Some(verdict), done) => {
                let stack = done.err().filter(|fault| fault.message == verdict.text);
                let mut fault = Fault::new(FaultKind::Problem, verdict.text);
                fault.field = verdict.field;
                (fault.place, fault.stack) =
                    stack.map(|fault| (fault.place, fault.stack)).unwrap_or_default();
                Err(fault)
            }
            (None, done) => done,
        };
        if done.is_err() {
            self.live = 0;
        }
        let limit = |fault: &Fault| {
            matches!(fault.kind, FaultKind::Time | FaultKind::Memory | FaultKind::Stack)
                || fault.message == NOTHING
        };
        self.spent |= done.as_ref().is_err_and(limit);
        done.map(|mut done| {
            fill(&mut done, output);
            done
        })
    }
}
