//! One command: rehydrate, decide, append what was decided on.

use super::answer::Failure;
use super::door::{Api, Rehydrated, find};
use super::input::Key;
use crate::domain::{OrderCommand, OrderEvent, OrderFold, decide, encode, initial};
use crate::record::{Revision, StreamName};
use crate::store::{AppendError, Expected, Identity, Life, Session, propose};
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
    pub(super) async fn carry_out(&self, asked: &Asked) -> Result<Revision, Failure> {
        let session = self.session().await?;
        let stream = StreamName::new(&OrderFold::stream_of(asked.command.order_id()));
        match self.attempt(&session, &stream, asked).await {
            Err(failure @ (Failure::Refused(_) | Failure::Conflict { .. })) if asked.key.is_some() => {
                first_answer(&session, &stream, asked).await?.ok_or(failure)
            }
            other => other,
        }
    }

    async fn attempt(
        &self,
        session: &Session,
        stream: &StreamName,
        asked: &Asked,
    ) -> Result<Revision, Failure> {
        let creating = matches!(asked.command, OrderCommand::Create { .. });
        let (events, head, cause) = if asked.generated {
            let order = initial(asked.command.order_id().clone());
            (decide(&order, &asked.command).map_err(|r| refused(&r))?, None, None)
        } else {
            let now = self.rehydrate(session, stream, None).await?;
            exists(&now, stream, creating)?;
            if now.provenance.is_derived() {
                let what = format!(
                    "Refused: {stream} is a stream of links, or a projection's own. Write to the streams it points to."
                );
                return Err(Failure::Refused(what));
            }
            let head = now.revision();
            if asked.expected.is_some() && asked.expected != head {
                return Err(Failure::Conflict { expected: asked.expected, actual: head });
            }
            (decide(&now.order, &asked.command).map_err(|r| refused(&r))?, head, now.cause)
        };
        let identity = Identity { event_id: asked.event_id, cause, origin: self.origin() };
        let append = propose(stream, Expected::decided_at(head), &events, identity);
        Ok(session.append(&append, self.permit()).await?.revision)
    }
}

fn refused(refusal: &crate::domain::Refusal) -> Failure {
    Failure::Refused(format!("Refused: {refusal}."))
}

/// An order that is missing or gone can only be created.
pub fn exists(now: &Rehydrated, stream: &StreamName, creating: bool) -> Result<(), Failure> {
    match now.life {
        Life::Tombstoned => Err(AppendError::Tombstoned(stream.clone()).into()),
        Life::SoftDeleted if !creating => Err(Failure::Gone(format!("Order {} was deleted.", stream.id()))),
        Life::Missing if !creating => {
            Err(Failure::Unknown(format!("There is no order {}. POST /orders creates one.", stream.id())))
        }
        _ => Ok(()),
    }
}

/// What the first request with this key was answered; `None` where there was none.
async fn first_answer(
    session: &Session,
    stream: &StreamName,
    asked: &Asked,
) -> Result<Option<Revision>, Failure> {
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
        Err(Failure::Refused(
            "Refused: this Idempotency-Key was used for another order. Use a new key for a new request."
                .to_owned(),
        ))
    }
}
