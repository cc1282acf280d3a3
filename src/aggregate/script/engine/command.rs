//! The decision on a command.

use super::Engine;
use super::call::Call;
use super::input::Before;
use crate::aggregate::script::host::{Verdict, items, to_json};
use crate::aggregate::{Fault, FaultKind, NewEvent};
use rquickjs::{Object, Value};

/// What a decision came to where nothing failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    Events(Vec<NewEvent>),
    Refused(Verdict),
}

impl Engine {
    /// The stream that a command is for.
    pub fn stream(&mut self, function: usize, json: &str) -> Result<String, Fault> {
        let host = self.host.clone();
        host.begin(host.limits.event, 0, 0);
        let named = self.call(&host, |call| {
            let input = call.json(json)?;
            let stream: Value<'_> = call.invoke(function, (input,))?;
            let name =
                stream.as_string().and_then(|name| name.to_string().ok()).filter(|name| !name.is_empty());
            name.ok_or_else(|| Fault::new(FaultKind::Definition, "the command's stream is no text"))
        });
        self.finish(named, |_, _| {})
    }

    /// The events of a command on a state.
    pub fn decide(&mut self, decide: usize, before: Before<'_>, json: &str) -> Result<Decision, Fault> {
        let host = self.host.clone();
        host.begin(host.limits.event, 0, 0);
        let init = self.definition.functions.init;
        let decided = self.call(&host, |call| {
            let state = match before {
                Before::Text(text) => call.parse(text)?,
                Before::Fresh | Before::Live => call.init(init)?,
            };
            let made: Value<'_> = call.invoke(decide, (state, call.json(json)?))?;
            call.events(&made).map(Decision::Events)
        });
        let refusal = self.host.take_verdict();
        let decided = match refusal {
            Some(verdict) => Ok(Decision::Refused(verdict)),
            None => decided,
        };
        self.finish(decided, |_, _| {})
    }

    /// The word for a state.
    pub fn word(&mut self, function: usize, state: &str) -> Result<Option<String>, Fault> {
        let host = self.host.clone();
        host.begin(host.limits.event, 0, 0);
        let word = self.call(&host, |call| {
            let word: Value<'_> = call.invoke(function, (call.parse(state)?,))?;
            Ok(word.as_string().and_then(|word| word.to_string().ok()))
        });
        self.finish(word, |_, _| {})
    }
}

impl<'js> Call<'_, 'js> {
    fn json(&self, text: &str) -> Result<Value<'js>, Fault> {
        self.ctx.json_parse(text).map_err(|error| self.failed(&error))
    }

    fn events(&self, made: &Value<'js>) -> Result<Vec<NewEvent>, Fault> {
        let wrong = || Fault::new(FaultKind::Definition, "decide returns a list of event(\"Type\", { … })");
        if made.is_undefined() || made.is_null() {
            return Ok(Vec::new());
        }
        let list = match made.as_array() {
            Some(list) => items(list).map_err(|error| self.failed(&error))?,
            None => vec![made.clone()],
        };
        let event = |value: Value<'js>| {
            let object: Object<'js> = value.into_object().ok_or_else(wrong)?;
            let part = |name: &str| object.get::<_, Value<'js>>(name).map_err(|error| self.failed(&error));
            let event_type = part("type")?.as_string().and_then(|name| name.to_string().ok());
            let event_type = event_type.filter(|name| !name.is_empty()).ok_or_else(wrong)?;
            let data = to_json(self.helpers, &part("data")?).map_err(|why| {
                let mut fault = self.unwritable(why);
                fault.message = fault.message.replacen("the state", &format!("the data of {event_type}"), 1);
                fault
            })?;
            Ok(NewEvent { event_type: event_type.into(), data: data.into_bytes().into() })
        };
        list.into_iter().map(event).collect()
    }
}
