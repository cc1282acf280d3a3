//! One JavaScript engine that has read one definition: limited in time, memory and stack, without files, network and timers.

mod call;
mod calls;
mod command;
mod event;
mod input;
mod step;

pub use command::Decision;
pub use event::EventView;
pub use input::{Before, Input, Step};

use super::host::{Care, Host, Limits, PRELUDE, Verdict, fault, thrown, with_helpers};
use super::reading::{self, Definition, Script};
use crate::aggregate::{Emitted, Fault, FaultKind};
use rquickjs::context::{EvalOptions, intrinsic};
use rquickjs::{Atom, Context, Ctx, Function, Object, Runtime, Value};
use std::cell::RefCell;
use std::sync::Arc;

const SOURCE: &str = concat!(include_str!("prelude.js"), include_str!("definition.js"));

type Intrinsics = (
    intrinsic::Date,
    intrinsic::Eval,
    intrinsic::RegExpCompiler,
    intrinsic::RegExp,
    intrinsic::Json,
    intrinsic::Proxy,
    intrinsic::MapSet,
    intrinsic::TypedArrays,
    intrinsic::Promise,
    intrinsic::WeakRef,
);

/// The state of a projection without partitions, as the last event left it.
pub type LiveState<'js> = RefCell<Option<Value<'js>>>;

pub struct Engine {
    context: Context,
    runtime: Runtime,
    pub host: Arc<Host>,
    pub definition: Definition,
    /// Names the live state that the engine holds; 0 where it holds none.
    pub live: u64,
    /// Events that it has run.
    pub steps: u64,
    /// Not to be used again: a limit was reached within it.
    pub spent: bool,
}

impl std::fmt::Debug for Engine {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        f.debug_struct("Engine").field("steps", &self.steps).finish_non_exhaustive()
    }
}

impl Engine {
    /// Reads the definition.
    pub fn new(script: &Script, limits: Limits) -> Result<Self, Fault> {
        let broken = |error: rquickjs::Error| Fault::new(FaultKind::Memory, error.to_string());
        let host = Arc::new(Host::new(limits, Care::of(&script.text)));
        let runtime = Runtime::new().map_err(broken)?;
        runtime.set_memory_limit(limits.memory);
        runtime.set_max_stack_size(limits.stack);
        let clock = host.clone();
        runtime.set_interrupt_handler(Some(Box::new(move || clock.is_late())));
        let context = Context::custom::<Intrinsics>(&runtime).map_err(broken)?;
        host.begin(limits.load, 0, 0);
        let definition = context.with(|ctx| {
            let read = load(&ctx, &host, script);
            // Work that the script put off ends with its reading.
            while ctx.execute_pending_job() && !host.is_late() {}
            read
        })?;
        Ok(Self { context, runtime, host, definition, live: 0, steps: 0, spent: false })
    }

    pub fn with<R>(&mut self, run: impl FnOnce(&Ctx<'_>) -> R) -> R {
        let done = self.context.with(|ctx| run(&ctx));
        // What a handler put off would run within another event.
        if self.runtime.is_job_pending() {
            self.spent = true;
        }
        done
    }

    /// Bytes in use.
    pub fn memory(&self) -> i64 {
        self.runtime.memory_usage().malloc_size
    }
}

fn load<'js>(ctx: &Ctx<'js>, host: &Arc<Host>, script: &Script) -> Result<Definition, Fault> {
    let failed = |error: rquickjs::Error| fault(ctx, host, &error, FaultKind::Definition);
    let options = |file: &str| {
        let mut options = EvalOptions::default();
        options.strict = false;
        options.filename = Some(file.to_owned());
        options
    };
    let prelude: Function<'js> = ctx.eval_with_options(SOURCE, options(PRELUDE)).map_err(failed)?;
    let prelude: Object<'js> = prelude.call((host_object(ctx, host).map_err(failed)?,)).map_err(failed)?;
    let keys = event::KEYS.iter().map(|key| Atom::from_str(ctx.clone(), key));
    let keys: Vec<Atom<'js>> = keys.collect::<rquickjs::Result<_>>().map_err(failed)?;
    let prototypes = ["eventPrototype", "objectPrototype", "arrayPrototype"];
    let mut objects: Vec<Object<'js>> =
        prototypes.iter().map(|name| prelude.get(*name)).collect::<rquickjs::Result<_>>().map_err(failed)?;
    let layouts = event::layouts(ctx, &objects[0], &keys).map_err(failed)?;
    objects.extend(layouts);
    let helpers = reading::helpers(&prelude).map_err(failed)?;
    store(ctx, helpers)?;
    store(ctx, keys)?;
    store(ctx, objects)?;
    store(ctx, LiveState::<'js>::new(None))?;

    let text = script.text.strip_prefix('\u{feff}').unwrap_or(&script.text);
    if text.contains('\0') {
        return Err(Fault::new(FaultKind::Syntax, "the definition has a NUL character"));
    }
    let _: Value<'js> = ctx.eval_with_options(text, options(&script.file)).map_err(failed)?;
    let found: Object<'js> = prelude.get("found").map_err(failed)?;
    let (definition, functions) = reading::definition(ctx, host, &found)?;
    replace(ctx, functions)?;
    let seal: Function<'js> = prelude.get("seal").map_err(failed)?;
    let () = seal.call(()).map_err(failed)?;
    Ok(definition)
}

fn store<'js, T: rquickjs::JsLifetime<'js>>(ctx: &Ctx<'js>, data: T) -> Result<(), Fault>
where
    T::Changed<'static>: std::any::Any,
{
    let stored = ctx.store_userdata(data).is_ok();
    if stored { Ok(()) } else { Err(Fault::new(FaultKind::Memory, "the engine could not begin")) }
}

/// The definition's functions behind those of the prelude.
fn replace<'js>(ctx: &Ctx<'js>, functions: Vec<Function<'js>>) -> Result<(), Fault> {
    let before = ctx.remove_userdata::<Vec<Function<'js>>>().ok().flatten();
    let mut all = before.map(|all| *all).unwrap_or_default();
    all.extend(functions);
    store(ctx, all)
}

fn host_object<'js>(ctx: &Ctx<'js>, host: &Arc<Host>) -> rquickjs::Result<Object<'js>> {
    let object = Object::new(ctx.clone())?;
    let (clock, random) = (host.clone(), host.clone());
    #[expect(clippy::cast_precision_loss, reason = "milliseconds of any year fit a double")]
    object.set("now", Function::new(ctx.clone(), move || clock.clock() as f64)?)?;
    object.set("random", Function::new(ctx.clone(), move || random.random())?)?;
    let strict = host.limits.server_bodies;
    object.set("strict", Function::new(ctx.clone(), move || strict)?)?;
    object.set("blank", Function::new(ctx.clone(), |text: String| text.trim().is_empty())?)?;
    let writer = host.clone();
    object.set("json", Function::new(ctx.clone(), move |ctx, value| to_json(&ctx, &writer, &value))?)?;
    let (log, emits) = (host.clone(), host.clone());
    object.set("log", Function::new(ctx.clone(), move |line: String| log.say().log(line))?)?;
    let emit = move |stream: String, event_type: String, is_json, data, metadata: Option<String>| {
        emits.say().emit(Emitted { stream, event_type, is_json, data, metadata });
    };
    object.set("emit", Function::new(ctx.clone(), emit)?)?;
    for (name, refused) in [("problem", false), ("refuse", true)] {
        let host = host.clone();
        let tell = move |text: String, field: Option<String>| {
            let field = field.map(Arc::from);
            host.say().verdict.get_or_insert(Verdict { refused, text, field });
        };
        object.set(name, Function::new(ctx.clone(), tell)?)?;
    }
    Ok(object)
}

fn to_json<'js>(ctx: &Ctx<'js>, host: &Host, value: &Value<'js>) -> rquickjs::Result<String> {
    let mut written = Err(rquickjs::Error::Unknown);
    let found = with_helpers(ctx, host, |helpers, _| {
        written = super::host::to_json(helpers, value).map_err(|why| thrown(ctx, why));
        Ok(())
    });
    if let Err(fault) = found {
        return Err(rquickjs::Exception::throw_message(ctx, &fault.message));
    }
    written
}
