//! The other calls of a projection: which partition an event is in, and that a stream was deleted.

use super::Engine;
use super::event::EventView;
use super::input::{Before, Step};
use crate::aggregate::Fault;
use crate::aggregate::script::host::push_number;
use rquickjs::{Object, Value};

impl Engine {
    /// The partition that the function of `partitionBy` names; `None` where the event is in none.
    pub fn partition(&mut self, event: &EventView<'_>) -> Result<Option<String>, Fault> {
        let host = self.host.clone();
        host.begin(host.limits.event, event.created().millis(), event.seed());
        let function = self.definition.functions.partition;
        let found = self.call(&host, |call| {
            let Some(function) = function else { return Ok(None) };
            let object: Object<'_> = call.event(event, "")?;
            let named: Value<'_> = call.invoke(function, (object,))?;
            if let Some(number) = named.as_number() {
                let mut text = String::new();
                push_number(&mut text, number);
                return Ok(Some(text));
            }
            Ok(named.as_string().map(|name| name.to_string().unwrap_or_default()))
        });
        self.finish(found, |_, _| {})
    }

    /// A stream's soft deletion, through `$deleted`.
    pub fn deleted(&mut self, partition: &str, before: Before<'_>) -> Result<Step, Fault> {
        let host = self.host.clone();
        host.begin(host.limits.event, 0, 0);
        let definition = self.definition.clone();
        let stepped = self.call(&host, |call| {
            let functions = &definition.functions;
            let state = match before {
                Before::Text(text) => call.parse(text)?,
                Before::Fresh | Before::Live => call.init(functions.init)?,
            };
            if let Some(deleted) = functions.deleted {
                let nothing = Value::new_null(call.ctx.clone());
                let _: Value<'_> = call.invoke(deleted, (state.clone(), nothing, partition, false))?;
            }
            Ok(Step { state: call.text(&state)?, ..Step::default() })
        });
        self.finish(stepped, |step, output| {
            step.emitted = output.emitted;
            step.log = output.log;
        })
    }
}
