//! What the prelude lends to the host.

use super::Host;
use crate::aggregate::{Fault, FaultKind};
use rquickjs::{Ctx, Function, Object};

pub struct Helpers<'a, 'js> {
    pub host: &'a Host,
    pub event_prototype: &'a Object<'js>,
    pub object_prototype: &'a Object<'js>,
    pub array_prototype: &'a Object<'js>,
    /// The name of a property that is computed.
    pub accessor: &'a Function<'js>,
    /// A string as a JSON token, halves of surrogate pairs as escapes.
    pub quote: &'a Function<'js>,
    /// Parses what an event's texts hold.
    pub complete: &'a Function<'js>,
    /// The name of what is built in and is no longer as it was.
    pub tampered: &'a Function<'js>,
}

/// The writer's helpers, of the prelude that this context has.
pub fn with_helpers<'js, R>(
    ctx: &Ctx<'js>,
    host: &Host,
    run: impl FnOnce(&Helpers<'_, 'js>, &[Function<'js>]) -> Result<R, Fault>,
) -> Result<R, Fault> {
    let (functions, objects) = (ctx.userdata::<Vec<Function<'js>>>(), ctx.userdata::<Vec<Object<'js>>>());
    let gone = || Fault::new(FaultKind::Memory, "the engine is gone");
    let (functions, objects) = (functions.ok_or_else(gone)?, objects.ok_or_else(gone)?);
    let [accessor, quote, complete, tampered, ..] = functions.as_slice() else { return Err(gone()) };
    let [event_prototype, object_prototype, array_prototype, ..] = objects.as_slice() else {
        return Err(gone());
    };
    run(
        &Helpers {
            host,
            event_prototype,
            object_prototype,
            array_prototype,
            accessor,
            quote,
            complete,
            tampered,
        },
        &functions,
    )
}
