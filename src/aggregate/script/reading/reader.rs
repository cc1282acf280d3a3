//! The parts of a definition's object.

use super::definition::FunctionList;
use crate::aggregate::script::host::{Host, fault, items, name_of};
use crate::aggregate::{Fault, FaultKind};
use rquickjs::object::Filter;
use rquickjs::{Atom, Ctx, Object, Value};
use std::sync::Arc;

/// Reads the parts of a definition's object; each error names the part and the fix.
pub struct Reader<'a, 'js> {
    pub ctx: &'a Ctx<'js>,
    pub host: &'a Host,
    pub list: &'a mut FunctionList<'js>,
}

pub fn wrong(message: impl Into<String>) -> Fault {
    Fault::new(FaultKind::Definition, message)
}

impl<'js> Reader<'_, 'js> {
    pub fn failed(&self, error: &rquickjs::Error) -> Fault {
        fault(self.ctx, self.host, error, FaultKind::Definition)
    }

    pub fn value(&self, of: &Object<'js>, name: &str) -> Result<Option<Value<'js>>, Fault> {
        let value: Value<'js> = of.get(name).map_err(|error| self.failed(&error))?;
        Ok((!value.is_undefined()).then_some(value))
    }

    pub fn text(&self, of: &Object<'js>, name: &str) -> Result<Option<Arc<str>>, Fault> {
        let Some(value) = self.value(of, name)? else { return Ok(None) };
        let text = value.as_string().and_then(|text| text.to_string().ok());
        text.map(|text| Some(text.into()))
            .ok_or_else(|| wrong(format!("{name} is no text: write it in quotes")))
    }

    pub fn flag(&self, of: &Object<'js>, name: &str) -> Result<Option<bool>, Fault> {
        let Some(value) = self.value(of, name)? else { return Ok(None) };
        value.as_bool().map(Some).ok_or_else(|| wrong(format!("{name} is neither true nor false")))
    }

    pub fn function(&mut self, of: &Object<'js>, name: &str) -> Result<Option<usize>, Fault> {
        let Some(value) = self.value(of, name)? else { return Ok(None) };
        let function = value.into_function().ok_or_else(|| wrong(format!("{name} is no function")))?;
        Ok(Some(self.list.add(function)))
    }

    pub fn object(&self, of: &Object<'js>, name: &str) -> Result<Option<Object<'js>>, Fault> {
        let Some(value) = self.value(of, name)? else { return Ok(None) };
        let object = value.into_object().filter(|object| !object.is_array() && !object.is_function());
        object.map(Some).ok_or_else(|| wrong(format!("{name} is no object: write it as {{ … }}")))
    }

    pub fn list(&self, of: &Object<'js>, name: &str) -> Result<Vec<Value<'js>>, Fault> {
        let Some(value) = self.value(of, name)? else { return Ok(Vec::new()) };
        let array = value.as_array().ok_or_else(|| wrong(format!("{name} is no list: write it as [ … ]")))?;
        items(array).map_err(|error| self.failed(&error))
    }

    pub fn names(&self, of: &Object<'js>) -> Result<Vec<String>, Fault> {
        let keys = of.own_keys::<Atom<'js>>(Filter::new().string().enum_only());
        let names = keys.map(|key| key.map(|key| name_of(&key)));
        names.collect::<rquickjs::Result<_>>().map_err(|error| self.failed(&error))
    }

    /// No other names than these, so that a slip of the hand is seen.
    pub fn only(&self, of: &Object<'js>, what: &str, known: &[&str]) -> Result<(), Fault> {
        match self.names(of)?.into_iter().find(|name| !known.contains(&name.as_str())) {
            Some(name) => Err(wrong(format!("{what} has no {name:?}: it knows {}", known.join(", ")))),
            None => Ok(()),
        }
    }
}
