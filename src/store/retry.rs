//! When what failed is tried again.

use std::time::Duration;
use tokio::sync::watch;

/// How often rights, the login and the production declaration are asked again.
pub const ASK_AGAIN: Duration = Duration::from_secs(10);

/// Waits until it is time to ask again, or a person asks to.
pub async fn asked_again(retry: &mut watch::Receiver<u64>) {
    tokio::select! {
        () = tokio::time::sleep(ASK_AGAIN) => {}
        changed = retry.changed() => {
            if changed.is_err() {
                std::future::pending::<()>().await;
            }
        }
    }
}

/// How long to wait before the `attempt`-th try: capped, with jitter so that clients do not come back in step.
pub fn backoff(attempt: u32) -> Duration {
    let base = Duration::from_millis(250).saturating_mul(1 << attempt.min(6)).min(Duration::from_secs(10));
    let jitter = u32::from(uuid::Uuid::new_v4().as_bytes()[0]);
    base.mul_f64(0.75 + f64::from(jitter) / 1024.0)
}
