//! gRPC in bytes: frames and trailers that a client library keeps to itself.

use base64::{Engine as _, prelude::BASE64_STANDARD};
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Request};
use http_body_util::{BodyExt as _, Full};
use hyper_util::{
    client::legacy::Client,
    rt::{TokioExecutor, TokioTimer},
};
use std::net::SocketAddr;

pub const STREAMS: &str = "event_store.client.streams.Streams";
pub const USERS: &str = "event_store.client.users.Users";

/// A field that holds bytes, text or a message.
pub fn field(number: u8, content: impl AsRef<[u8]>) -> Vec<u8> {
    let content = content.as_ref();
    let mut out = vec![number << 3 | 2];
    varint(&mut out, content.len() as u64);
    out.extend(content);
    out
}

pub fn number(field: u8, value: u64) -> Vec<u8> {
    let mut out = vec![field << 3];
    varint(&mut out, value);
    out
}

fn varint(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push((value & 0x7F) as u8 | 0x80);
        value >>= 7;
    }
    out.push(u8::try_from(value).unwrap());
}

/// What a field of a message holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    Number(u64),
    Bytes(Vec<u8>),
}

/// The fields of a message, in order.
pub fn fields(mut message: &[u8]) -> Vec<(u64, Value)> {
    let mut found = Vec::new();
    while !message.is_empty() {
        let key = read_varint(&mut message);
        let value = match key & 7 {
            0 => Value::Number(read_varint(&mut message)),
            2 => {
                let length = usize::try_from(read_varint(&mut message)).unwrap();
                let (content, rest) = message.split_at(length);
                message = rest;
                Value::Bytes(content.to_vec())
            }
            // A number of four bytes.
            5 => {
                let (content, rest) = message.split_at(4);
                message = rest;
                Value::Bytes(content.to_vec())
            }
            kind => panic!("wire type {kind}"),
        };
        found.push((key >> 3, value));
    }
    found
}

fn read_varint(from: &mut &[u8]) -> u64 {
    let mut value = 0;
    for shift in (0..).step_by(7) {
        let (byte, rest) = from.split_first().unwrap();
        *from = rest;
        value |= u64::from(byte & 0x7F) << shift;
        if byte & 0x80 == 0 {
            break;
        }
    }
    value
}

/// The first field of this number, as bytes.
pub fn part(message: &[u8], wanted: u64) -> Option<Vec<u8>> {
    fields(message).into_iter().find_map(|(number, value)| match value {
        Value::Bytes(content) if number == wanted => Some(content),
        _ => None,
    })
}

/// The first field of this number, as a number.
pub fn numeral(message: &[u8], wanted: u64) -> Option<u64> {
    fields(message).into_iter().find_map(|(number, value)| match value {
        Value::Number(value) if number == wanted => Some(value),
        _ => None,
    })
}

pub fn text(message: &[u8], wanted: u64) -> Option<String> {
    part(message, wanted).map(|content| String::from_utf8(content).unwrap())
}

/// A stream identifier.
pub fn stream(name: &str) -> Vec<u8> {
    field(3, name)
}

/// An event as Append and `BatchAppend` propose it.
pub fn event(kind: &str, data: &[u8]) -> Vec<u8> {
    let pair = |key: &str, value: &str| field(2, [field(1, key), field(2, value)].concat());
    let id = field(1, field(2, uuid::Uuid::new_v4().to_string()));
    [id, pair("type", kind), pair("content-type", "application/json"), field(4, data)].concat()
}

/// The messages of an Append of one event, with any expectation.
pub fn append(name: &str) -> Vec<Vec<u8>> {
    append_event(name, &event("T", b"{}"))
}

pub fn append_event(name: &str, event: &[u8]) -> Vec<Vec<u8>> {
    let options = field(1, [field(1, stream(name)), field(4, "")].concat());
    vec![options, field(2, event)]
}

/// A whole `BatchAppend` of one event, with any expectation.
pub fn batch(name: &str) -> Vec<u8> {
    let correlation = field(1, field(2, uuid::Uuid::new_v4().to_string()));
    let options = field(2, [field(1, stream(name)), field(4, "")].concat());
    [correlation, options, field(3, event("T", b"{}")), number(4, 1)].concat()
}

/// The options of a Delete or Tombstone, with any expectation.
pub fn removal(name: &str) -> Vec<u8> {
    field(1, [field(1, stream(name)), field(4, "")].concat())
}

/// A read of a stream from its start; without a count a subscription.
pub fn read(name: &str, count: Option<u64>) -> Vec<u8> {
    let target = field(1, [field(1, stream(name)), field(3, "")].concat());
    let count = count.map_or_else(|| field(6, ""), |n| number(5, n));
    field(1, [target, count, field(8, ""), field(9, field(2, ""))].concat())
}

/// Where a read of `$all` starts.
#[derive(Debug, Clone, Copy)]
pub enum From {
    Start,
    Position(u64),
}

/// A read of `$all`; without a count a subscription. Filtered, it wants every stream.
pub fn read_all(from: From, count: Option<u64>, backwards: bool, filtered: bool) -> Vec<u8> {
    let from = match from {
        From::Start => field(2, ""),
        From::Position(at) => field(1, [number(1, at), number(2, at)].concat()),
    };
    let count = count.map_or_else(|| field(6, ""), |n| number(5, n));
    let filter = [field(1, field(2, "")), number(3, 32), number(5, 1)].concat();
    let filter = if filtered { field(7, filter) } else { field(8, "") };
    let direction = number(3, backwards.into());
    field(1, [field(2, from), direction, count, filter, field(9, field(2, ""))].concat())
}

/// How a call ended.
#[derive(Debug)]
pub struct Answer {
    /// Whether the status came in the first frame.
    pub trailers_only: bool,
    pub messages: Vec<Vec<u8>>,
    pub trailers: HeaderMap,
}

impl Answer {
    pub fn trailer(&self, name: &str) -> Option<&str> {
        self.trailers.get(name).map(|v| v.to_str().unwrap())
    }

    pub fn status(&self) -> Option<u8> {
        self.trailer("grpc-status").map(|status| status.parse().unwrap())
    }

    pub fn message(&self) -> String {
        let text = self.trailer("grpc-message").unwrap_or_default();
        percent_encoding::percent_decode_str(text).decode_utf8().unwrap().into_owned()
    }
}

/// Who calls and how.
#[derive(Debug, Clone)]
pub struct Caller {
    pub address: SocketAddr,
    headers: HeaderMap,
}

impl Caller {
    pub fn new(address: SocketAddr) -> Caller {
        Caller { address, headers: HeaderMap::new() }
    }

    pub fn header(mut self, name: &'static str, value: &str) -> Caller {
        self.headers.insert(name, HeaderValue::from_str(value).unwrap());
        self
    }

    /// As `name:password`.
    pub fn login(self, login: &str) -> Caller {
        self.header("authorization", &format!("Basic {}", BASE64_STANDARD.encode(login)))
    }

    /// Sends these messages and half-closes; ends with the call.
    pub async fn call(&self, service: &str, method: &str, messages: &[Vec<u8>]) -> Answer {
        self.try_call(service, method, messages).await.unwrap()
    }

    /// None where the connection breaks.
    pub async fn try_call(&self, service: &str, method: &str, messages: &[Vec<u8>]) -> Option<Answer> {
        let mut body = Vec::new();
        for message in messages {
            body.push(0);
            body.extend(u32::try_from(message.len()).unwrap().to_be_bytes());
            body.extend(message);
        }
        let client =
            Client::builder(TokioExecutor::new()).timer(TokioTimer::new()).http2_only(true).build_http();
        let mut request = Request::post(format!("http://{}/{service}/{method}", self.address))
            .header("content-type", "application/grpc")
            .header("te", "trailers");
        request.headers_mut().unwrap().extend(self.headers.clone());
        let response = client.request(request.body(Full::new(Bytes::from(body))).unwrap()).await.ok()?;
        let headers = response.headers().clone();
        let collected = response.into_body().collect().await.ok()?;
        let trailers_only = headers.contains_key("grpc-status");
        let trailers =
            if trailers_only { headers } else { collected.trailers().cloned().unwrap_or_default() };
        let (mut bytes, mut messages) = (collected.to_bytes(), Vec::new());
        while !bytes.is_empty() {
            let head = bytes.split_to(5);
            let length = u32::from_be_bytes([head[1], head[2], head[3], head[4]]);
            messages.push(bytes.split_to(length as usize).to_vec());
        }
        Some(Answer { trailers_only, messages, trailers })
    }
}
