//! The way of a write into the log: at a leader that nobody hears it waits for the others.

use super::shared::Shared;
use crate::node::{
    cluster::Majority,
    log::{WriteError, commands::Work, expected::Outcome, write},
};
use std::time::Duration;

/// How long the real server waits for a majority.
const PATIENCE: Duration = Duration::from_secs(2);
const CANCELED: WriteError = WriteError::NoMajority("Request canceled by server");

/// Writes, and waits for the commit.
pub async fn written(node: &Shared, work: Work) -> Result<Outcome, WriteError> {
    let Some(reign) = node.cluster.unheard_reign(node.address) else {
        return write(&node.commands, work).await;
    };
    let (accepted_by, mut stopping) = (node.clone(), node.stopping.clone());
    // It outlives its call: what was answered as too late may still be written.
    let writing = tokio::spawn(async move {
        let majority = tokio::select! {
            majority = accepted_by.cluster.majority(accepted_by.address, reign) => majority,
            _ = stopping.wait_for(|stopping| *stopping) => return Err(WriteError::Stopped),
        };
        if majority == Majority::Lost {
            return Err(CANCELED);
        }
        write(&accepted_by.commands, work).await
    });
    tokio::select! {
        done = writing => done.unwrap_or(Err(WriteError::Stopped)),
        () = node.cluster.given_up(node.address) => Err(CANCELED),
        () = tokio::time::sleep(PATIENCE) => Err(WriteError::NoMajority("Commit phase timeout.")),
    }
}
