//! A projection that is stopped for a while, and started again whatever happens.

use super::call::raw;
use super::session::{Session, signed};
use crate::store::StoreError;
use eventstore::{Client, GenericProjectionOptions};
use tokio::runtime::Handle;

/// A projection that was stopped; it is started again where this is dropped.
pub struct StoppedProjection {
    session: Session,
    name: String,
    /// `None` where it is started again already.
    runtime: Option<Handle>,
}

impl Session {
    /// Stops a projection as an operator does.
    pub async fn stop_projection(&self, name: &str) -> Result<StoppedProjection, StoreError> {
        // Before the call: where the answer is lost, it may have been stopped.
        let runtime = Handle::try_current().ok();
        let stopped = StoppedProjection { session: self.clone(), name: name.to_owned(), runtime };
        let options = &signed!(self, GenericProjectionOptions::default());
        let call = self.repeatable(move |client: Client| {
            let client = self.projection_client(&client);
            async move { raw(client.disable(name, options)).await }
        });
        match call.await {
            Ok(()) => Ok(stopped),
            Err(failure) => Err(self.explained(failure).await),
        }
    }

    /// Starts a projection; nothing happens where it runs.
    pub async fn start_projection(&self, name: &str) -> Result<(), StoreError> {
        let options = &signed!(self, GenericProjectionOptions::default());
        let call = self.repeatable(move |client: Client| {
            let client = self.projection_client(&client);
            async move { raw(client.enable(name, options)).await }
        });
        match call.await {
            Ok(()) => Ok(()),
            Err(failure) => Err(self.explained(failure).await),
        }
    }

    /// Whether the server says that it runs.
    pub async fn is_projection_running(&self, name: &str) -> Result<bool, StoreError> {
        let statuses = self.projection_statuses().await?;
        Ok(statuses.iter().any(|status| status.name == name && status.status == "Running"))
    }
}

impl StoppedProjection {
    /// It was started again by another call.
    pub fn is_started(mut self) {
        self.runtime = None;
    }
}

impl Drop for StoppedProjection {
    fn drop(&mut self) {
        let Some(runtime) = self.runtime.take() else { return };
        let (session, name) = (self.session.clone(), std::mem::take(&mut self.name));
        runtime.spawn(async move {
            if let Err(error) = session.start_projection(&name).await {
                tracing::warn!(?error, name, "the projection is not started again");
            }
        });
    }
}
