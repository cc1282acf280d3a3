//! Refused calls, for whoever wants to be told of them.

use bytes::{Buf as _, Bytes};
use http::{HeaderMap, Request, Response};
use http_body::{Body, Frame, SizeHint};
use prost::encoding::{WireType, decode_key, decode_varint};
use std::{
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    task::{Context, Poll, ready},
};
use tonic::{
    Status,
    body::{BoxBody, boxed},
};

/// A call that ended with another status than OK. Its texts come from clients.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefusedCall {
    /// Like `Streams/Append`.
    pub method: String,
    /// The number of the gRPC status.
    pub status: u32,
    pub message: String,
    /// Where the call names one.
    pub stream: Option<String>,
}

/// Is told of each refused call.
pub type Tell = fn(&RefusedCall);

/// Bytes of a request that are kept to find the stream's name in.
const KEPT: usize = 16 << 10;

type Head = Arc<Mutex<Vec<u8>>>;

/// A call that is looked after.
pub struct Watch {
    tell: Tell,
    path: String,
    head: Head,
}

impl Watch {
    pub fn new<B>(tell: Tell, request: Request<B>) -> (Watch, Request<Tapped<B>>) {
        let head = Head::default();
        let watch = Watch { tell, path: request.uri().path().to_owned(), head: head.clone() };
        (watch, request.map(|body| Tapped { body, head }))
    }

    /// Tells of it now or when the answer ends.
    pub fn follow(self, answer: Response<BoxBody>) -> Response<BoxBody> {
        if answer.headers().contains_key("grpc-status") {
            self.look(answer.headers());
            return answer;
        }
        answer.map(|body| boxed(Watched { body, watch: self }))
    }

    fn look(&self, trailers: &HeaderMap) {
        let text = |name| trailers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let status = text("grpc-status").parse().unwrap_or(0);
        if status == 0 {
            return;
        }
        let message = percent_encoding::percent_decode_str(text("grpc-message")).decode_utf8_lossy();
        let method = self.path.rsplit('.').next().unwrap_or_default().trim_start_matches('/');
        let head = self.head.lock().unwrap_or_else(PoisonError::into_inner);
        let stream = stream(method, &head);
        (self.tell)(&RefusedCall {
            method: method.to_owned(),
            status,
            message: message.into_owned(),
            stream,
        });
    }
}

/// The name in the first message of a request.
fn stream(method: &str, head: &[u8]) -> Option<String> {
    // Options, where the stream is in them, and the name in its identifier.
    let path: &[u32] = match method {
        "Streams/Read" => &[1, 1, 1, 3],
        "Streams/Append" | "Streams/Delete" | "Streams/Tombstone" => &[1, 1, 3],
        "Streams/BatchAppend" => &[2, 1, 3],
        _ => return None,
    };
    // Behind the flag and the length of the message.
    let message = head.get(5..)?;
    let name = path.iter().try_fold(message, |part, wanted| field(part, *wanted))?;
    Some(String::from_utf8_lossy(name).into_owned())
}

/// The first field of this number; what follows may be cut off.
fn field(mut message: &[u8], wanted: u32) -> Option<&[u8]> {
    loop {
        let (number, kind) = decode_key(&mut message).ok()?;
        match kind {
            WireType::Varint => drop(decode_varint(&mut message).ok()?),
            WireType::LengthDelimited => {
                let length = usize::try_from(decode_varint(&mut message).ok()?).ok()?;
                if number == wanted {
                    return message.get(..length);
                }
                message = message.get(length..)?;
            }
            WireType::SixtyFourBit if message.len() >= 8 => message.advance(8),
            WireType::ThirtyTwoBit if message.len() >= 4 => message.advance(4),
            _ => return None,
        }
    }
}

/// A request of which the beginning is kept.
pub struct Tapped<B> {
    body: B,
    head: Head,
}

impl<B: Body<Data = Bytes> + Unpin> Body for Tapped<B> {
    type Data = Bytes;
    type Error = B::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, B::Error>>> {
        let this = self.get_mut();
        let frame = ready!(Pin::new(&mut this.body).poll_frame(cx));
        if let Some(Some(data)) = frame.as_ref().and_then(|frame| frame.as_ref().ok()).map(Frame::data_ref) {
            let mut head = this.head.lock().unwrap_or_else(PoisonError::into_inner);
            let room = KEPT.saturating_sub(head.len()).min(data.len());
            head.extend_from_slice(&data[..room]);
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// An answer whose end is looked at.
struct Watched {
    body: BoxBody,
    watch: Watch,
}

impl Body for Watched {
    type Data = Bytes;
    type Error = Status;

    fn poll_frame(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Status>>> {
        let this = self.get_mut();
        let frame = ready!(Pin::new(&mut this.body).poll_frame(cx));
        if let Some(Some(trailers)) =
            frame.as_ref().and_then(|frame| frame.as_ref().ok()).map(Frame::trailers_ref)
        {
            this.watch.look(trailers);
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A field of a protobuf message that holds bytes.
    fn part(number: u8, content: &[u8]) -> Vec<u8> {
        [&[number << 3 | 2, u8::try_from(content.len()).unwrap_or(0)], content].concat()
    }

    #[test]
    fn the_name_is_found_in_a_request_that_is_cut_off() {
        let named = part(1, &part(1, &part(3, b"order-1")));
        let head = |message: Vec<u8>| [&[0; 5], &*message].concat();
        assert_eq!(stream("Streams/Append", &head(named.clone())).as_deref(), Some("order-1"));
        assert_eq!(stream("Streams/Read", &head(part(1, &named))).as_deref(), Some("order-1"));
        let batch = [part(1, b"id"), part(2, &part(1, &part(3, b"order-1"))), vec![26, 99, 1]].concat();
        assert_eq!(stream("Streams/BatchAppend", &head(batch)).as_deref(), Some("order-1"));
        for cut in 0..named.len() {
            assert_eq!(stream("Streams/Append", &head(named[..cut].to_vec())), None);
        }
        assert_eq!(stream("Users/Details", &head(named)), None);
    }
}
