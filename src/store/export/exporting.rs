//! An export that the window asked for, while it is wanted.

use super::ExportFile;
use crate::record::history_file::{Head, head_line};
use crate::store::grpc::Session;
use crate::store::update_sender::UpdateSender;
use crate::store::{Export, ExportFault, ExportStep, StoreError, Update};
use std::time::Duration;
use tokio::time::Instant;

/// Longest time between two updates.
const STEP: Duration = Duration::from_millis(100);

/// Exports from the first event on; ends only where the connection does.
pub async fn export(session: Session, export: Export, served: Option<Head>, out: UpdateSender) -> StoreError {
    let ended = match write(&session, &export, served.as_ref(), &out).await {
        Err(ExportFault::Store(error)) if error.passes() => return error,
        ended => ended,
    };
    out.send(Update::Exported { ticket: export.ticket, step: ExportStep::Ended(ended) }).await;
    std::future::pending().await
}

async fn write(
    session: &Session,
    export: &Export,
    served: Option<&Head>,
    out: &UpdateSender,
) -> Result<u64, ExportFault> {
    let head = session.export_head(&export.stream, None, served).await?.ok_or(ExportFault::Missing)?;
    // The dialog asked whether a file may be replaced.
    let mut file = ExportFile::create(&export.file, true).await?;
    file.write(head_line(&head)).await?;
    let of = match (head.first, head.last) {
        (Some(first), Some(last)) => last.0.saturating_sub(first.0) + 1,
        _ => 0,
    };
    let (mut lines, mut written) = (session.export_lines(&head, None), 0);
    let mut due = Instant::now();
    while let Some((text, count)) = lines.next().await? {
        file.write(text).await?;
        written += count;
        if due <= Instant::now() {
            let step = ExportStep::Events { written, of };
            out.send(Update::Exported { ticket: export.ticket, step }).await;
            due = Instant::now() + STEP;
        }
    }
    if !lines.is_whole() {
        return Err(ExportFault::Changed);
    }
    file.finish().await?;
    Ok(written)
}
