//! A definition as an [`Aggregate`].

use super::engine::{Before, Decision, Engine, EventView, Input, Step};
use super::fields;
use super::form::{self, CommandInput};
use super::host::Limits;
use super::kept::{Kept, Past};
use super::outside::Outside;
use super::pool::Pool;
use super::reading::{Definition, OwnCommand, Program, Script, Sources};
use super::schema;
use crate::aggregate::{
    Aggregate, Applied, Command, CommandForm, Fault, FaultKind, Field, FieldPath, InputError, NewEvent,
    Output, Problem, Refusal, Schema, State, Status, Target,
};
use crate::record::{RecordRef, StreamName};
use std::borrow::Cow;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, OnceLock};
use uuid::Uuid;

/// Another one whenever the engine folds the same definition otherwise, or what is saved changes.
const VERSION: &str = "script 1";
/// Of `biState`.
const SHARED: &str = "the state that all streams share is, here, that of this stream alone";

/// A category's or a stream's fold, written in JavaScript.
#[derive(Debug)]
pub struct ScriptAggregate {
    pool: Pool,
    definition: Definition,
    schema: Schema,
    outside: Outside,
    next_live: AtomicU64,
    version: String,
}

impl ScriptAggregate {
    pub fn new(script: Script, limits: Limits) -> Result<Self, Fault> {
        let pool = Pool::new(script, limits)?;
        let definition = pool.with(0, |engine| Ok(engine.definition.clone()))?;
        let schema = schema::of(&definition, &pool.script);
        let outside = Outside::default();
        let text = Uuid::new_v5(&Uuid::NAMESPACE_OID, pool.script.text.as_bytes());
        let version = format!("{VERSION} {text}");
        Ok(Self { pool, definition, schema, outside, next_live: AtomicU64::new(1), version })
    }

    pub fn program(&self) -> &Arc<Program> {
        &self.definition.program
    }

    /// Bytes in use by idle engines.
    pub fn memory(&self) -> i64 {
        self.pool.memory()
    }

    /// The event as its handler sees it, `None` where it reaches none.
    fn view<'a>(&'a self, event: RecordRef<'a>) -> Option<EventView<'a>> {
        let program = &self.definition.program;
        let category = match &program.sources {
            Sources::Category(category) => Some(&**category),
            Sources::Streams(streams) => streams.first().and_then(|name| name.strip_prefix("$ce-")),
            Sources::All => None,
        };
        // An aggregate of one's own is not told of links to its events.
        let linked = category.filter(|_| self.definition.own.is_none());
        let view = EventView { category, ..EventView::of(event, linked) };
        let reaches = program.takes(view.event_type()) && (category.is_none() || view.is_in_category());
        reaches.then_some(view)
    }

    fn before<'a>(&'a self, state: Option<&'a str>) -> Before<'a> {
        let initial = self.definition.own.as_ref().and_then(|own| own.initial.as_deref());
        let text = state.filter(|text| !text.is_empty()).or(initial);
        text.map_or(Before::Fresh, Before::Text)
    }

    fn run(&self, kept: &Kept, view: &EventView<'_>, wants_result: bool) -> Result<(Step, u64), Fault> {
        let is_partitioned = self.definition.program.is_partitioned();
        self.pool.with(kept.live, |engine| {
            let before = self.before(kept.state.as_deref());
            let mut is_live = kept.live != 0 && engine.live == kept.live;
            if let Some(past) = kept.past.as_deref().filter(|_| !is_live) {
                self.live_through(engine, past)?;
                is_live = true;
            }
            let input = Input {
                event: view,
                partition: view.stream().filter(|_| is_partitioned).unwrap_or_default(),
                before: if is_live { Before::Live } else { before },
                shared: kept.shared.as_deref(),
                begins: is_partitioned && !kept.begun,
                wants_result,
            };
            let step = engine.step(input)?;
            if !is_partitioned {
                engine.live = self.next_live.fetch_add(1, Relaxed);
            }
            if kept.past.is_none() {
                self.outside.look(&self.pool, engine.steps, Input { before, ..input }, &step);
            }
            Ok((step, engine.live))
        })
    }

    /// Makes a state that is more than its text again, in the engine.
    fn live_through(&self, engine: &mut Engine, past: &Past) -> Result<(), Fault> {
        let (events, state, shared) = past.events();
        let mut before = self.before(state.map(|text| &**text));
        for event in events {
            let view = self.view(event.into());
            let Some(event) = &view else { continue };
            let shared = shared.map(|text| &**text);
            let (partition, begins, wants_result) = ("", false, false);
            engine.step(Input { event, partition, before, shared, begins, wants_result })?;
            before = Before::Live;
        }
        Ok(())
    }

    fn own_command(&self, name: &str) -> Option<&OwnCommand> {
        self.definition.own.as_ref()?.commands.iter().find(|command| &*command.form.name == name)
    }
}

/// The problem of an event that a script could not fold.
fn problem(event: RecordRef<'_>, fault: Fault) -> Problem {
    let own = fault.kind == FaultKind::Problem;
    let text = if own { fault.message.clone() } else { format!("{}: {fault}", event.event_type) };
    let contradicts = fault.field.clone();
    Problem { kind: fault.kind.name(), text, contradicts, fault: Some(Arc::new(fault)) }
}

impl Aggregate for ScriptAggregate {
    fn schema(&self) -> &Schema {
        &self.schema
    }

    fn initial(&self, _stream: &StreamName) -> State {
        State::new(Kept::default())
    }

    fn truncated(&self, _stream: &StreamName) -> State {
        State::new(Kept { truncated: true, ..Kept::default() })
    }

    fn is_known(&self, state: &State) -> bool {
        state.get().is_none_or(|kept: &Kept| !kept.truncated)
    }

    fn apply(&self, state: &mut State, event: RecordRef<'_>, changed: &mut Vec<Arc<str>>) -> Applied {
        let Some(view) = self.view(event) else { return Applied::NotFolded };
        let Some(kept) = state.get_mut::<Kept>() else { return Applied::NotFolded };
        let (step, live) = match self.run(kept, &view, false) {
            Ok(done) => done,
            Err(fault) => {
                // Its engine may have changed it.
                kept.live = 0;
                return Applied::Problem(problem(event, fault));
            }
        };
        fields::changes(kept.state.as_deref(), step.state.as_deref(), changed);
        let exceeds_text = live != 0 && step.exceeds_text;
        kept.past = if exceeds_text { Past::after(kept, event) } else { None };
        kept.begun = true;
        kept.state = step.state;
        kept.live = live;
        kept.status = OnceLock::new();
        if step.shared.is_some() {
            kept.shared = step.shared;
        }
        Applied::Folded
    }

    fn version(&self) -> Cow<'_, str> {
        Cow::Borrowed(&self.version)
    }

    /// Without partitions a state lives on in memory, where it may be more than its text.
    fn save(&self, state: &State) -> Option<Vec<u8>> {
        state.get().filter(|_| self.definition.program.is_partitioned()).and_then(Kept::save)
    }

    fn load(&self, _stream: &StreamName, bytes: &[u8]) -> Option<State> {
        Kept::load(bytes).map(State::new)
    }

    fn size(&self, state: &State) -> usize {
        state.get().map_or(0, Kept::size)
    }

    fn output(&self, before: &State, event: RecordRef<'_>) -> Option<Output> {
        let kept = before.get::<Kept>()?;
        let (step, _) = self.run(kept, &self.view(event)?, true).ok()?;
        let result = step.result.filter(|_| self.definition.program.has_transforms);
        Some(Output { emitted: step.emitted, log: step.log, result })
    }

    fn outside_state(&self) -> Option<&str> {
        let shares = self.definition.program.bi_state.then_some(SHARED);
        shares.or_else(|| self.outside.told())
    }

    fn fields(&self, state: &State) -> Option<Vec<Field>> {
        let kept = state.get::<Kept>().filter(|kept| kept.begun)?;
        kept.state.as_deref().map(fields::fields)
    }

    fn field<'a>(&self, state: &'a State, path: &FieldPath) -> Option<Cow<'a, str>> {
        let kept = state.get::<Kept>().filter(|kept| kept.begun)?;
        fields::token(kept.state.as_deref()?, path)
    }

    fn status(&self, state: &State) -> Option<Arc<Status>> {
        let kept = state.get::<Kept>().filter(|kept| kept.begun)?;
        let function = self.definition.own.as_ref()?.status?;
        let text = kept.state.as_deref()?;
        let word = || {
            let word = self.pool.with(0, |engine| engine.word(function, text)).ok().flatten()?;
            self.schema.statuses.iter().find(|status| *status.word == *word).cloned()
        };
        kept.status.get_or_init(word).clone()
    }

    fn command(&self, form: &CommandForm, texts: &[&str], fresh_id: &str) -> Result<Command, InputError> {
        let (Some(command), Some(own)) = (self.own_command(&form.name), &self.definition.own) else {
            return Err(InputError::Incomplete(form.incomplete.clone()));
        };
        let json = form::to_json(&command.form, texts, fresh_id)?;
        let stream = if let Some(function) = command.stream {
            let named = self.pool.with(0, |engine| engine.stream(function, &json));
            named.map_err(|fault| InputError::Invalid(format!("The definition names no stream: {fault}.")))?
        } else {
            let id = texts.get(command.form.id).filter(|id| !id.is_empty()).unwrap_or(&fresh_id);
            format!("{}-{id}", own.category)
        };
        let input = CommandInput { name: form.name.clone(), json: json.into() };
        Ok(Command::new(StreamName::new(&stream), form.target == Target::New, input))
    }

    fn decide(&self, state: &State, command: &Command) -> Result<Vec<NewEvent>, Refusal> {
        let refused = |text: String| Refusal { text, because_of: None };
        let input = command.get::<CommandInput>();
        let own = input.and_then(|input| Some((input, self.own_command(&input.name)?)));
        let (Some(kept), Some((input, own))) = (state.get::<Kept>(), own) else {
            return Err(refused("the command is not one of this definition".to_owned()));
        };
        let before = self.before(kept.state.as_deref());
        match self.pool.with(0, |engine| engine.decide(own.decide, before, &input.json)) {
            Ok(Decision::Events(events)) if events.is_empty() => {
                Err(refused("the command changes nothing".to_owned()))
            }
            Ok(Decision::Events(events)) => Ok(events),
            Ok(Decision::Refused(verdict)) => Err(Refusal { text: verdict.text, because_of: verdict.field }),
            Err(fault) => Err(refused(format!("the definition failed: {fault}"))),
        }
    }
}
