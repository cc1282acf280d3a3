//! What the server's projections say of themselves.

use super::call::{CallFailure, raw};
use super::session::{Session, signed};
use crate::store::StoreError;
use eventstore::{Client, GenericProjectionOptions, ProjectionClient, ProjectionStatus};
use futures::TryStreamExt;
use std::sync::PoisonError;

impl Session {
    /// Every continuous projection, as it is now.
    pub(in crate::store) async fn projection_statuses(&self) -> Result<Vec<ProjectionStatus>, StoreError> {
        let options = &signed!(self, GenericProjectionOptions::default());
        let read = self.repeatable(move |client: Client| {
            let client = self.projection_client(&client);
            let options = options.clone();
            async move {
                // A task of its own: the client panics where an answer has no details.
                let statuses = tokio::spawn(async move {
                    let stream = raw(client.list(&options)).await?;
                    raw(stream.try_collect::<Vec<_>>()).await
                });
                statuses
                    .await
                    .unwrap_or(Err(CallFailure::Away(StoreError::Internal("reading the projections"))))
            }
        });
        match read.await {
            Ok(statuses) => Ok(statuses),
            Err(failure) => Err(self.explained(failure).await),
        }
    }

    /// The same while the connection's client is the same: a dropped one would keep its connection open.
    pub(super) fn projection_client(&self, client: &Client) -> ProjectionClient {
        let number = self.number();
        let mut kept = self.projection_slot().lock().unwrap_or_else(PoisonError::into_inner);
        match &*kept {
            Some((of, known)) if *of == number => known.clone(),
            _ => kept.insert((number, ProjectionClient::new(client.settings().clone()))).1.clone(),
        }
    }
}
