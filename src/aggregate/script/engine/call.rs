//! The definition's functions as an event runs them.

use super::event::EventView;
use super::input::{Before, Input, Step};
use crate::aggregate::script::host::{self, Helpers, Host, Unwritable, items};
use crate::aggregate::script::reading::{Definition, Functions};
use crate::aggregate::{Fault, FaultKind};
use rquickjs::{Array, Atom, Ctx, Function, IntoJs, Object, Value};
use std::sync::Arc;

/// A call's surroundings.
pub struct Call<'a, 'js> {
    pub ctx: &'a Ctx<'js>,
    pub host: &'a Host,
    pub helpers: &'a Helpers<'a, 'js>,
    pub functions: &'a [Function<'js>],
}

impl<'js> Call<'_, 'js> {
    pub fn failed(&self, error: &rquickjs::Error) -> Fault {
        host::fault(self.ctx, self.host, error, FaultKind::Thrown)
    }

    pub fn function(&self, place: usize) -> Result<&Function<'js>, Fault> {
        self.functions.get(place).ok_or_else(|| Fault::new(FaultKind::Definition, "a handler is gone"))
    }

    pub fn unwritable(&self, why: Unwritable) -> Fault {
        match why {
            Unwritable::Engine(error) => self.failed(&error),
            Unwritable::Late => {
                let time = self.host.limits.event.as_millis();
                Fault::new(FaultKind::Time, format!("the script ran longer than {time} ms"))
            }
            why => Fault::new(FaultKind::State, why.sentence()),
        }
    }

    pub fn run(
        &self,
        definition: &Definition,
        input: Input<'_>,
        live: Option<Value<'js>>,
    ) -> Result<(Value<'js>, Step), Fault> {
        let (program, functions) = (&definition.program, &definition.functions);
        let own = match input.before {
            Before::Fresh => self.init(functions.init)?,
            Before::Text(text) => self.parse(text)?,
            Before::Live => live.map_or_else(|| self.init(functions.init), Ok)?,
        };
        let is_live = matches!(input.before, Before::Live);
        let before = if program.bi_state && !(is_live && own.is_array()) {
            let shared = match input.shared {
                Some(text) => self.parse(text)?,
                None => self.init(functions.init_shared)?,
            };
            self.pair(own, shared).map_err(|error| self.failed(&error))?
        } else {
            own
        };
        let skips = input.event.is_blank();
        let event =
            if skips && !input.begins { None } else { Some(self.event(input.event, input.partition)?) };
        if let Some(event) = event.as_ref().filter(|_| input.begins) {
            for created in &functions.created {
                let _: Value<'js> = self.invoke(*created, (before.clone(), event.clone()))?;
            }
        }
        let after = match event {
            Some(event) if !skips => self.handle(definition, input.event, before, event)?,
            _ => before,
        };
        let step = self.told(definition, &after, input.wants_result)?;
        if let Some(problems) = functions.problems {
            self.check(problems, after.clone())?;
        }
        Ok((after, step))
    }

    fn handle(
        &self,
        definition: &Definition,
        view: &EventView<'_>,
        before: Value<'js>,
        event: Object<'js>,
    ) -> Result<Value<'js>, Fault> {
        let named = view.event_type().and_then(|name| definition.program.handlers.get(name)).copied();
        let after: Value<'js> = match named.or(definition.functions.any) {
            Some(handler) => self.invoke(handler, (before.clone(), event))?,
            // Without a handler at all the last body is the state.
            None => event.get("bodyRaw").map_err(|error| self.failed(&error))?,
        };
        Ok(if after.is_undefined() { before } else { after })
    }

    /// What `problems` finds in a state is a problem of the event that led to it.
    fn check(&self, problems: usize, state: Value<'js>) -> Result<(), Fault> {
        let found: Value<'js> = self.invoke(problems, (state,))?;
        let text = |value: &Value<'js>| value.as_string().and_then(|text| text.to_string().ok());
        let mut all: Vec<String> = text(&found).into_iter().collect();
        if let Some(list) = found.as_array() {
            let list = items(list).map_err(|error| self.failed(&error))?;
            all.extend(list.iter().filter_map(text));
        }
        if all.is_empty() { Ok(()) } else { Err(Fault::new(FaultKind::Problem, all.join("; "))) }
    }

    /// The texts of a state, and what the definition's transforms make of it.
    fn told(&self, definition: &Definition, state: &Value<'js>, wants_result: bool) -> Result<Step, Fault> {
        let mut step = Step::default();
        if let Some(pair) = state.as_array().filter(|_| definition.program.bi_state) {
            let part = |place: u32| {
                let part: Value<'js> = pair.as_object().get(place).map_err(|error| self.failed(&error))?;
                self.written(definition, &part)
            };
            let (own, shared) = (part(0)?, part(1)?);
            (step.state, step.shared) = (own.0, shared.0);
            step.exceeds_text = own.1 || shared.1;
        } else {
            (step.state, step.exceeds_text) = self.written(definition, state)?;
        }
        if wants_result {
            step.result = if definition.program.has_transforms {
                self.result(&definition.functions, state.clone())?
            } else {
                step.state.clone()
            };
        }
        Ok(step)
    }

    fn result(&self, functions: &Functions, mut state: Value<'js>) -> Result<Option<Arc<str>>, Fault> {
        for transform in &functions.transforms {
            let made: Value<'js> = self.invoke(transform.function, (state.clone(),))?;
            if transform.is_filter {
                if made.as_bool() != Some(true) {
                    return Ok(None);
                }
            } else {
                state = made;
            }
            if state.is_null() || state.is_undefined() {
                return Ok(None);
            }
        }
        self.text(&state)
    }

    /// The text, and whether a state that lives on in memory is more than that.
    fn written(
        &self,
        definition: &Definition,
        value: &Value<'js>,
    ) -> Result<(Option<Arc<str>>, bool), Fault> {
        let lives = !definition.program.is_partitioned();
        if !lives || !value.is_object() {
            return Ok((self.text(value)?, lives));
        }
        let (text, is_all) = host::to_json_of_all(self.helpers, value).map_err(|why| self.unwritable(why))?;
        Ok((Some(text.into()), !is_all))
    }

    /// The server's text: nothing of `null`, a string as it is, JSON of all else.
    pub fn text(&self, value: &Value<'js>) -> Result<Option<Arc<str>>, Fault> {
        if value.is_null() || value.is_undefined() {
            return Ok(None);
        }
        if let Some(text) = value.as_string().and_then(|text| text.to_string().ok()) {
            return Ok(Some(text.into()));
        }
        let text = host::to_json(self.helpers, value).map_err(|why| self.unwritable(why))?;
        Ok(Some(text.into()))
    }

    pub fn init(&self, function: Option<usize>) -> Result<Value<'js>, Fault> {
        match function {
            Some(function) => self.invoke(function, ()),
            None => {
                Object::new(self.ctx.clone()).map(Object::into_value).map_err(|error| self.failed(&error))
            }
        }
    }

    pub fn invoke<A: rquickjs::function::IntoArgs<'js>, R: rquickjs::FromJs<'js>>(
        &self,
        function: usize,
        args: A,
    ) -> Result<R, Fault> {
        self.function(function)?.call(args).map_err(|error| self.failed(&error))
    }

    pub fn parse(&self, text: &str) -> Result<Value<'js>, Fault> {
        self.ctx.json_parse(text).map_err(|error| {
            let mut fault = self.failed(&error);
            fault.message = format!("the state is a text that is no JSON, and with partitions it is read as JSON before each event: {}", fault.message);
            fault.kind = FaultKind::State;
            fault
        })
    }

    fn pair(&self, own: Value<'js>, shared: Value<'js>) -> rquickjs::Result<Value<'js>> {
        let pair = Array::new(self.ctx.clone())?;
        pair.set(0, own)?;
        pair.set(1, shared)?;
        pair.into_js(self.ctx)
    }

    pub fn event(&self, view: &EventView<'_>, partition: &str) -> Result<Object<'js>, Fault> {
        let keys = self.ctx.userdata::<Vec<Atom<'js>>>();
        let keys = keys.as_ref().map_or(&[][..], |keys| keys.as_slice());
        view.object(self.ctx, self.helpers.event_prototype, keys, partition)
            .map_err(|error| self.failed(&error))
    }
}
