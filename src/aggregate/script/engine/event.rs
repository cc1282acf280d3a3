//! An event as a handler sees it.

use crate::record::{Created, Position, RecordRef};
use rquickjs::object::Property;
use rquickjs::{Atom, Ctx, IntoJs, Object, Result, Value};
use std::borrow::Cow;
use std::fmt::Write;

/// The event's own keys, in the server's order.
pub const KEYS: [&str; 10] = [
    "partition",
    "bodyRaw",
    "metadataRaw",
    "streamId",
    "eventId",
    "eventType",
    "linkMetadataRaw",
    "isJson",
    "category",
    "sequenceNumber",
];

/// What is handed over of a record.
#[derive(Debug, Clone)]
pub struct EventView<'a> {
    /// `None` where a link leads nowhere.
    pub event: Option<RecordRef<'a>>,
    /// The event, or the link that led to it.
    pub record: RecordRef<'a>,
    /// Of the link, where one led here.
    pub link_metadata: Option<Cow<'a, str>>,
    /// Where a projection reads a category.
    pub category: Option<&'a str>,
}

impl<'a> EventView<'a> {
    /// A record as it was read, a link as what it leads to.
    pub fn of(record: RecordRef<'a>, category: Option<&'a str>) -> Self {
        if !record.is_link() {
            let link_metadata = category.map(|_| Cow::Owned(category_link(record)));
            return Self { event: Some(record), record, link_metadata, category };
        }
        let link_metadata = (!record.metadata.is_empty()).then(|| String::from_utf8_lossy(record.metadata));
        match record.target.map(RecordRef::from) {
            Some(target) => Self { event: Some(target), record, link_metadata, category },
            None => Self { event: None, record, link_metadata: None, category },
        }
    }

    pub fn event_type(&self) -> Option<&'a str> {
        self.event.map(|event| &**event.event_type)
    }

    pub fn stream(&self) -> Option<&'a str> {
        self.event.map(|event| event.stream.as_str())
    }

    pub fn created(&self) -> Created {
        self.event.unwrap_or(self.record).created
    }

    /// The start of the event's random numbers.
    pub fn seed(&self) -> u64 {
        let Position { commit, prepare } = self.event.unwrap_or(self.record).position;
        commit.rotate_left(32) ^ prepare.wrapping_mul(0x9e37_79b9_7f4a_7c15)
    }

    /// Whether there is nothing to hand over: the server passes such events by.
    pub fn is_blank(&self) -> bool {
        match self.event {
            Some(event) if event.declared_json => event.data.iter().all(u8::is_ascii_whitespace),
            Some(event) => event.data.is_empty(),
            None => false,
        }
    }

    /// Whether `$ce-…` has a link to it: not where it is marked as JSON but is none.
    pub fn is_in_category(&self) -> bool {
        self.event.is_none_or(|event| {
            !event.declared_json || serde_json::from_slice::<serde::de::IgnoredAny>(event.data).is_ok()
        })
    }

    /// The object of the engine.
    pub fn object<'js>(
        &self,
        ctx: &Ctx<'js>,
        prototype: &Object<'js>,
        keys: &[Atom<'js>],
        partition: &str,
    ) -> Result<Object<'js>> {
        let object = Object::new_proto(ctx.clone(), Some(prototype))?;
        let mut keys = keys.iter();
        let mut set = |value: Value<'js>| match keys.next() {
            Some(key) => object.prop(key.clone(), Property::from(value).enumerable()),
            None => Ok(()),
        };
        let text = |text: Option<&str>| match text {
            Some(text) => text.into_js(ctx),
            None => Ok(Value::new_null(ctx.clone())),
        };
        let bytes = |bytes: &[u8]| match std::str::from_utf8(bytes) {
            Ok(text) => text.into_js(ctx),
            Err(_) => String::from_utf8_lossy(bytes).into_js(ctx),
        };
        let null = || Value::new_null(ctx.clone());
        let Some(event) = self.event else {
            set(text(Some(partition))?)?;
            for _ in 0..3 {
                set(null())?;
            }
            set(text(Some(&uuid_text(self.record.id)))?)?;
            set(null())?;
            set(null())?;
            set(Value::new_bool(ctx.clone(), false))?;
            set(text(self.category)?)?;
            set(Value::new_int(ctx.clone(), -1))?;
            return Ok(object);
        };
        set(text(Some(partition))?)?;
        set(bytes(event.data)?)?;
        set(if event.metadata.is_empty() { null() } else { bytes(event.metadata)? })?;
        set(text(Some(event.stream.as_str()))?)?;
        set(text(Some(&uuid_text(event.id)))?)?;
        set(text(Some(event.event_type))?)?;
        set(text(self.link_metadata.as_deref())?)?;
        set(Value::new_bool(ctx.clone(), event.declared_json))?;
        set(text(self.category)?)?;
        #[expect(clippy::cast_precision_loss, reason = "as the server hands it over")]
        set(Value::new_number(ctx.clone(), event.revision.0 as f64))?;
        Ok(object)
    }
}

/// Objects with the first keys of an event, one more each: while they live, the engine makes no new layout for an event.
pub fn layouts<'js>(ctx: &Ctx<'js>, prototype: &Object<'js>, keys: &[Atom<'js>]) -> Result<Vec<Object<'js>>> {
    let layout = |count: usize| {
        let object = Object::new_proto(ctx.clone(), Some(prototype))?;
        for key in &keys[..count] {
            object.prop(key.clone(), Property::from(Value::new_null(ctx.clone())).enumerable())?;
        }
        Ok(object)
    };
    (0..=keys.len()).map(layout).collect()
}

fn uuid_text(id: uuid::Uuid) -> String {
    id.hyphenated().to_string()
}

/// The metadata of the link that the server's category stream has to an event.
fn category_link(record: RecordRef<'_>) -> String {
    let Position { commit, prepare } = record.position;
    let mut text = String::with_capacity(160);
    let stream = serde_json::Value::from(record.stream.as_str());
    let id = record.id.hyphenated();
    let begun =
        write!(text, r#"{{"$v":"1:-1:1:4","$c":{commit},"$p":{prepare},"$o":{stream},"$causedBy":"{id}""#);
    if begun.is_ok()
        && let Some(correlation) = correlation(record.metadata)
    {
        text.push_str(r#","$correlationId":"#);
        text.push_str(&correlation);
    }
    text.push('}');
    text
}

fn correlation(metadata: &[u8]) -> Option<String> {
    #[derive(serde::Deserialize)]
    struct Correlated {
        #[serde(rename = "$correlationId")]
        correlation: Option<String>,
    }
    if metadata.is_empty() {
        return None;
    }
    let correlated: Correlated = serde_json::from_slice(metadata).ok()?;
    correlated.correlation.map(|id| serde_json::Value::from(id).to_string())
}
