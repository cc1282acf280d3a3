//! One command: rehydrate, decide, append what was decided on.

use super::database::{Api, find};
use super::error::RequestError;
use super::request::Key;
use crate::aggregate::order::{self, OrderCommand, OrderEvent, decide, encode, initial};
use crate::decision::{Declined, Head, Identity};
use crate::record::{Revision, StreamName};

use crate::store::{AppendError, Life, Rehydrated, Session};
use uuid::Uuid;

/// A command as a request gives it.
pub struct Asked {
    pub command: OrderCommand,
    /// Of the event that it appends; the same for a repeated request.
    pub event_id: Uuid,
    /// With a key the request may be a repeat, which is answered as the first one was.
    pub key: Option<Key>,
    /// The order's id was made for this request: nobody else knows it, so that nothing needs to be read.
    pub generated: bool,
    /// The revision that the client decided at.
    pub expected: Option<Revision>,
}

impl Api {
    /// The revision of the event that the command appended, now or when it was asked first.
    pub(super) async fn carry_out(&self, asked: &Asked) -> Result<Revision, RequestError> {
        if let Some(why) = self.cannot_write() {
            return Err(RequestError::Forbidden(why));
        }
        let session = self.session().await?;
        let stream = order::stream_of(asked.command.order_id());
        match self.attempt(&session, &stream, asked).await {
            Err(failure @ (RequestError::Refused(_) | RequestError::Conflict { .. }))
                if asked.key.is_some() =>
            {
                Box::pin(first_answer(&session, &stream, asked)).await?.ok_or(failure)
            }
            other => other,
        }
    }

    async fn attempt(
        &self,
        session: &Session,
        stream: &StreamName,
        asked: &Asked,
    ) -> Result<Revision, RequestError> {
        let command = order::command(asked.command.clone());
        let identity = Identity { event_id: asked.event_id, origin: self.origin() };
        let now =
            if asked.generated { None } else { Some(Box::pin(self.rehydrate(session, stream, None)).await?) };
        if let Some(now) = &now {
            exists(&now.folded, stream, command.creates)?;
        }
        let fresh;
        let head = if let Some(now) = &now {
            now.folded.command_head()
        } else {
            fresh = self.unread(stream);
            Head::after(&fresh, None)
        };
        let append = head.decide(&command, asked.expected, &identity).map_err(|why| declined(stream, why))?;
        Ok(self.writer().await?.append(&append, self.permit()).await?.revision)
    }
}

fn declined(stream: &StreamName, why: Declined) -> RequestError {
    match why {
        Declined::Tombstoned => AppendError::Tombstoned(stream.clone()).into(),
        Declined::Derived => RequestError::Refused(format!(
            "Refused: {stream} is a stream of links, or a projection's own. Write to the streams it points to."
        )),
        Declined::Conflict { expected, actual } => {
            RequestError::Conflict { expected: Some(expected), actual }
        }
        Declined::Refused(refusal) => RequestError::Refused(format!("Refused: {refusal}.")),
    }
}

/// An order that is missing or gone can only be created.
pub fn exists(now: &Rehydrated, stream: &StreamName, creating: bool) -> Result<(), RequestError> {
    match now.life {
        Life::Tombstoned => Err(AppendError::Tombstoned(stream.clone()).into()),
        Life::SoftDeleted if !creating => {
            Err(RequestError::Gone(format!("Order {} was deleted.", stream.id())))
        }
        Life::Missing if !creating => Err(RequestError::Unknown(format!(
            "There is no order {}. POST /orders creates one.",
            stream.id()
        ))),
        _ => Ok(()),
    }
}

/// What the first request with this key was answered; `None` where there was none.
async fn first_answer(
    session: &Session,
    stream: &StreamName,
    asked: &Asked,
) -> Result<Option<Revision>, RequestError> {
    let Some(record) = find(session, stream, asked.event_id).await? else { return Ok(None) };
    let order = initial(asked.command.order_id().clone());
    let same = match &asked.command {
        OrderCommand::Pay { .. } => record.event_type.as_ref() == OrderEvent::PAID,
        OrderCommand::Create { .. } => decide(&order, &asked.command)
            .is_ok_and(|events| events.iter().any(|event| encode(event).as_slice() == &*record.data)),
    };
    if same {
        Ok(Some(record.revision))
    } else {
        Err(RequestError::Refused(
            "Refused: this Idempotency-Key was used for another order. Use a new key for a new request."
                .to_owned(),
        ))
    }
}
