//! A state's value as the JSON text that the server makes of it.

use super::helpers::Helpers;
use super::{number, text};
use rquickjs::object::Filter;
use rquickjs::{Array, Atom, Coerced, Ctx, Error, Object, Type, Value};
use std::collections::HashSet;

/// Containers within each other; the server's writer has so many places.
const MAX_DEPTH: usize = 64;
/// Elements between two looks at the time.
const BREATH: usize = 1024;
/// Of a list that the host reads.
const MOST_ITEMS: u32 = 10_000;

/// Why a value is no JSON.
pub enum Unwritable {
    /// A sentence's end: what stands at the path.
    Value {
        what: &'static str,
        path: Vec<String>,
    },
    TooDeep,
    TooLong,
    Late,
    Engine(Error),
}

impl From<Error> for Unwritable {
    fn from(error: Error) -> Self {
        Self::Engine(error)
    }
}

impl Unwritable {
    fn value(what: &'static str) -> Self {
        Self::Value { what, path: Vec::new() }
    }

    fn within(mut self, name: impl FnOnce() -> String) -> Self {
        if let Self::Value { path, .. } = &mut self {
            path.push(name());
        }
        self
    }

    pub fn sentence(&self) -> String {
        match self {
            Self::Value { what, path } if path.is_empty() => {
                format!("the state is {what}, which JSON cannot hold")
            }
            Self::Value { what, path } => {
                let path: Vec<&str> = path.iter().rev().map(String::as_str).collect();
                format!("the state's {} is {what}, which JSON cannot hold", path.join("."))
            }
            Self::TooDeep => format!("the state has more than {MAX_DEPTH} levels, or holds itself"),
            Self::TooLong => "the state's JSON is longer than the limit".to_owned(),
            Self::Late => "the state took too long to write".to_owned(),
            Self::Engine(error) => error.to_string(),
        }
    }
}

struct Writer<'a, 'js> {
    out: String,
    helpers: &'a Helpers<'a, 'js>,
    depth: usize,
    written: usize,
    /// Of a state that lives on in memory: the objects that it holds. `None` where its text is less than the state.
    seen: Option<HashSet<Value<'js>>>,
}

impl<'a, 'js> Writer<'a, 'js> {
    fn new(helpers: &'a Helpers<'a, 'js>) -> Self {
        Self { out: String::with_capacity(128), helpers, depth: 0, written: 0, seen: None }
    }

    fn value(&mut self, value: &Value<'js>) -> Result<(), Unwritable> {
        match value.type_of() {
            Type::Undefined | Type::Uninitialized => {
                self.seen = None;
                self.out.push_str("null");
            }
            Type::Null => self.out.push_str("null"),
            Type::Bool => self.out.push_str(if value.as_bool() == Some(true) { "true" } else { "false" }),
            Type::Int => number::push_whole(&mut self.out, value.as_int().unwrap_or_default()),
            Type::Float => self.number(value.as_float().unwrap_or_default())?,
            Type::String => self.string(value)?,
            Type::BigInt => {
                self.seen = None;
                let Coerced(digits) = value.get::<Coerced<String>>()?;
                text::push(&mut self.out, &digits);
            }
            Type::Symbol => return Err(Unwritable::value("a symbol")),
            Type::Function | Type::Constructor => return Err(Unwritable::value("a function")),
            Type::Proxy => return Err(Unwritable::value("a Proxy")),
            Type::Promise => return Err(Unwritable::value("a Promise (handlers are not async)")),
            Type::Array => self.array(value.as_array().ok_or(Unwritable::TooDeep)?)?,
            _ => self.object(value.as_object().ok_or_else(|| Unwritable::value("no value"))?)?,
        }
        Ok(())
    }

    fn number(&mut self, value: f64) -> Result<(), Unwritable> {
        if !value.is_finite() {
            return Err(Unwritable::value(if value.is_nan() { "NaN" } else { "infinite" }));
        }
        number::push(&mut self.out, value);
        Ok(())
    }

    fn string(&mut self, value: &Value<'js>) -> Result<(), Unwritable> {
        let string = value.as_string().ok_or_else(|| Unwritable::value("no string"))?;
        match string.to_string() {
            Ok(string) if self.out.len() + string.len() > self.helpers.host.limits.state => {
                return Err(Unwritable::TooLong);
            }
            Ok(string) => text::push(&mut self.out, &string),
            Err(Error::Utf8(_)) => {
                self.seen = None;
                let token: String = self.helpers.quote.call((value.clone(),))?;
                text::push_quoted(&mut self.out, &token);
            }
            Err(error) => return Err(error.into()),
        }
        Ok(())
    }

    fn array(&mut self, array: &Array<'js>) -> Result<(), Unwritable> {
        self.enter()?;
        self.see(array.as_value(), self.helpers.array_prototype);
        self.out.push('[');
        for index in 0..length(array)? {
            self.breathe()?;
            if index > 0 {
                self.out.push(',');
            }
            let item: Value<'js> = array.as_object().get(index)?;
            self.value(&item).map_err(|error| error.within(|| index.to_string()))?;
        }
        self.out.push(']');
        self.depth -= 1;
        Ok(())
    }

    fn object(&mut self, object: &Object<'js>) -> Result<(), Unwritable> {
        self.enter()?;
        self.see(object.as_value(), self.helpers.object_prototype);
        if self.helpers.host.care.properties {
            let computed: Option<String> = self.helpers.accessor.call((object.clone(),))?;
            if let Some(name) = computed {
                return Err(Unwritable::value("a getter or setter").within(|| name));
            }
        }
        if object.get_prototype().as_ref() == Some(self.helpers.event_prototype) {
            let _: () = self.helpers.complete.call((object.clone(),))?;
        }
        self.out.push('{');
        let mut first = true;
        for key in object.own_keys::<Atom<'js>>(Filter::new().string()) {
            self.breathe()?;
            let key = key?;
            let value: Value<'js> = object.get(key.clone())?;
            if value.is_undefined() {
                self.seen = None;
                continue;
            }
            if !first {
                self.out.push(',');
            }
            first = false;
            self.name(&key)?;
            self.out.push(':');
            self.value(&value).map_err(|error| error.within(|| name_of(&key)))?;
        }
        self.out.push('}');
        self.depth -= 1;
        Ok(())
    }

    /// By way of a string: an atom's own text stops at NUL and takes halves of surrogate pairs for UTF-8.
    fn name(&mut self, key: &Atom<'js>) -> Result<(), Unwritable> {
        self.string(key.to_js_string()?.as_value())
    }

    /// An object of another kind, or one that stands in two places, is another one after its text was read.
    fn see(&mut self, value: &Value<'js>, prototype: &Object<'js>) {
        let Some(seen) = &mut self.seen else { return };
        let is_plain =
            value.as_object().is_some_and(|object| object.get_prototype().as_ref() == Some(prototype));
        if !is_plain || !seen.insert(value.clone()) {
            self.seen = None;
        }
    }

    fn enter(&mut self) -> Result<(), Unwritable> {
        self.depth += 1;
        if self.depth > MAX_DEPTH { Err(Unwritable::TooDeep) } else { Ok(()) }
    }

    fn breathe(&mut self) -> Result<(), Unwritable> {
        self.written += 1;
        if self.out.len() > self.helpers.host.limits.state {
            return Err(Unwritable::TooLong);
        }
        let late = self.written.is_multiple_of(BREATH) && self.helpers.host.is_late();
        if late { Err(Unwritable::Late) } else { Ok(()) }
    }
}

/// The length, which can be more than the engine's own counting of it bears.
pub fn length(array: &Array<'_>) -> rquickjs::Result<u32> {
    let length: f64 = array.as_object().get("length")?;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a length is a whole number below 2³²"
    )]
    Ok(length as u32)
}

/// A key as text, empty where no text can hold it.
pub fn name_of(key: &Atom<'_>) -> String {
    key.to_js_string().and_then(|name| name.to_string()).unwrap_or_default()
}

/// The items of a short list.
pub fn items<'js>(array: &Array<'js>) -> rquickjs::Result<Vec<Value<'js>>> {
    (0..length(array)?.min(MOST_ITEMS)).map(|index| array.as_object().get(index)).collect()
}

/// The value's JSON, for what a script hands out while it runs.
pub fn to_json<'js>(helpers: &Helpers<'_, 'js>, value: &Value<'js>) -> Result<String, Unwritable> {
    let mut writer = Writer::new(helpers);
    writer.value(value)?;
    Ok(writer.out)
}

/// The value's JSON, and whether that is all of the value.
pub fn to_json_of_all<'js>(
    helpers: &Helpers<'_, 'js>,
    value: &Value<'js>,
) -> Result<(String, bool), Unwritable> {
    let mut writer = Writer { seen: Some(HashSet::new()), ..Writer::new(helpers) };
    writer.value(value)?;
    Ok((writer.out, writer.seen.is_some()))
}

/// The error that a script sees where it hands out what is no JSON.
pub fn thrown(ctx: &Ctx<'_>, why: Unwritable) -> Error {
    match why {
        Unwritable::Engine(error) => error,
        why => rquickjs::Exception::throw_type(ctx, &why.sentence().replacen("the state", "the value", 1)),
    }
}
