//! What the engine threw, as a [`Fault`].

use super::Host;
use crate::aggregate::{Fault, FaultKind, Frame, Place};
use rquickjs::{Coerced, Ctx, Error, Object, Value};
use std::time::Duration;

/// For reading an error that the script may have made of getters.
const READING: Duration = Duration::from_millis(10);
/// `throw null`, or an error that found no memory for itself.
pub const NOTHING: &str = "null was thrown";
/// The file name of what runs before a definition.
pub const PRELUDE: &str = "<prelude>";
/// Deeper stacks are cut.
const MOST_FRAMES: usize = 32;
/// Bytes of a message.
const LONGEST: usize = 2000;

/// The fault behind an engine's error; nothing of it stays pending.
pub fn fault(ctx: &Ctx<'_>, host: &Host, error: &Error, kind: FaultKind) -> Fault {
    if !error.is_exception() {
        return Fault::new(kind, error.to_string());
    }
    let thrown = ctx.catch();
    let timed_out = host.timed_out();
    host.extend(READING);
    let mut fault = describe(&thrown, kind);
    if timed_out {
        let time = host.limits.event.max(if kind == FaultKind::Thrown {
            host.limits.event
        } else {
            host.limits.load
        });
        fault.kind = FaultKind::Time;
        fault.message = format!("the script ran longer than {} ms", time.as_millis());
    }
    // Reading may have thrown again.
    drop(ctx.catch());
    fault
}

fn describe(thrown: &Value<'_>, kind: FaultKind) -> Fault {
    let Some(object) = thrown.as_object() else {
        if thrown.is_null() || thrown.type_of() == rquickjs::Type::Uninitialized {
            return Fault::new(kind, NOTHING);
        }
        return Fault::new(
            kind,
            text(thrown).unwrap_or_else(|| "something that is no text was thrown".to_owned()),
        );
    };
    if !object.is_error() {
        let message = thrown.ctx().json_stringify(thrown.clone()).ok().flatten();
        let message = message.and_then(|message| message.to_string().ok()).map(shortened);
        return Fault::new(kind, message.unwrap_or_else(|| "an object was thrown".to_owned()));
    }
    let name = property(object, "name").unwrap_or_default();
    let message = property(object, "message").unwrap_or_default();
    let stack = property(object, "stack").unwrap_or_default();
    let (kind, message) = match (&*name, &*message) {
        ("InternalError", "out of memory") => {
            (FaultKind::Memory, "the script used more memory than its limit".to_owned())
        }
        ("RangeError" | "InternalError", "Maximum call stack size exceeded" | "stack overflow") => {
            (FaultKind::Stack, "the script called itself too deeply".to_owned())
        }
        ("SyntaxError", _) if kind == FaultKind::Definition => (FaultKind::Syntax, message),
        ("" | "Error", _) => (kind, message),
        (_, "") => (kind, name),
        (name, _) if kind == FaultKind::Thrown && !message.starts_with(name) => {
            (kind, format!("{name}: {message}"))
        }
        _ => (kind, message),
    };
    with_stack(Fault::new(kind, shortened(message)), &stack)
}

fn property(object: &Object<'_>, name: &str) -> Option<String> {
    let value: Value<'_> = object.get(name).ok()?;
    if value.is_undefined() { None } else { text(&value) }
}

fn text(value: &Value<'_>) -> Option<String> {
    if value.is_symbol() {
        return Some("a symbol was thrown".to_owned());
    }
    match value.get::<Coerced<String>>() {
        Ok(Coerced(text)) => Some(shortened(text)),
        // Half a surrogate pair: its escape.
        Err(Error::Utf8(_)) => {
            let token = value.ctx().json_stringify(value.clone()).ok().flatten()?;
            token.to_string().ok().map(shortened)
        }
        Err(_) => None,
    }
}

fn shortened(mut text: String) -> String {
    if text.len() > LONGEST {
        let end = (0..=LONGEST).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
        text.truncate(end);
        text.push('…');
    }
    text
}

/// The fault with what the engine's stack tells of its place.
fn with_stack(mut fault: Fault, stack: &str) -> Fault {
    // Cut where a recursion made it long.
    fault.stack = stack.lines().take(MOST_FRAMES).filter_map(frame).collect();
    fault.place = fault.stack.iter().find_map(|frame| frame.place.clone());
    fault
}

/// A line like `    at add (account.js:3:14)`; `None` for calls that are not the definition's.
fn frame(line: &str) -> Option<Frame> {
    let line = line.trim().strip_prefix("at ")?;
    let (function, place) = match line.rsplit_once(" (") {
        Some((function, place)) => (function, place.strip_suffix(')')?),
        None => ("", line),
    };
    if place == "native" || place.starts_with(PRELUDE) {
        return None;
    }
    let function = if function == "<anonymous>" || function == "<eval>" { "" } else { function };
    Some(Frame { function: function.into(), place: parse_place(place) })
}

fn parse_place(text: &str) -> Option<Place> {
    let (rest, column) = text.rsplit_once(':')?;
    let (file, line) = rest.rsplit_once(':')?;
    Some(Place { file: file.into(), line: line.parse().ok()?, column: column.parse().ok()? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stack_tells_the_place_and_leaves_the_engine_out() {
        let stack = "    at body (<prelude>:1:2)\n    at add (my file.js:3:14)\n    at forEach (native)\n    at <anonymous> (my file.js:9:1)\n";
        let fault = with_stack(Fault::new(FaultKind::Thrown, "no"), stack);
        assert_eq!(fault.to_string(), "no (my file.js:3:14)");
        assert_eq!(fault.stack.len(), 2);
        assert_eq!(&*fault.stack[0].function, "add");
    }
}
