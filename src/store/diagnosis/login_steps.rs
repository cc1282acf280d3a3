//! Login and rights, by the session that Connect would use.

use super::advice;
use super::reporter::{Reporter, Taken};
use super::step::{Fact, Finding, StepKind, Warning};
use crate::record::StreamName;
use crate::store::{ConnectionString, Denial, Session, StoreError};
use std::time::Instant;

/// A stream that is not there: whether it may be read is all that its answer says.
const ANY_STREAM: &str = "hindsight-reads";

/// Takes both steps.
pub async fn take(given: &ConnectionString, category: &str, reporter: Reporter) {
    let started = Instant::now();
    let session = match Session::connect(given).await {
        Ok(session) => session,
        Err(error) => return failed(started, error, &reporter).await,
    };
    let reporter = reporter.at(&session.address());
    match login(&session).await {
        Ok(fact) => {
            let taken = Taken::after(StepKind::Login, started);
            reporter.found(taken, Finding::Passed(fact)).await;
            rights(&session, category, &reporter).await;
        }
        Err(error) => failed(started, error, &reporter).await,
    }
}

async fn failed(started: Instant, error: StoreError, reporter: &Reporter) {
    let taken = Taken::after(StepKind::Login, started).offering(advice::for_login(&error));
    reporter.found(taken, Finding::Failed(error)).await;
    reporter.not_reached(StepKind::Rights).await;
}

async fn login(session: &Session) -> Result<Fact, StoreError> {
    let accepted = || session.user().map_or(Fact::NoLogin, |user| Fact::Accepted { user: user.to_owned() });
    match session.event_at(None).await {
        Ok(_) | Err(StoreError::AccessDenied(Denial::Rights(_))) => Ok(accepted()),
        // Where nobody has to log in, $all may still be locked.
        Err(StoreError::AccessDenied(Denial::Anonymous)) if reads_streams(session).await => Ok(accepted()),
        Err(error) => Err(error),
    }
}

async fn rights(session: &Session, category: &str, reporter: &Reporter) {
    let started = Instant::now();
    let chosen = session.choose_source(category).await;
    let finding = match chosen {
        Ok(source) => {
            Finding::Passed(Fact::Lists { from: source.shown(category), reads_all: source.reads_all() })
        }
        Err(StoreError::AccessDenied(denial)) if reads_streams(session).await => {
            Finding::Warned(Warning::NoList(denial))
        }
        Err(error) => Finding::Failed(error),
    };
    reporter.found(Taken::after(StepKind::Rights, started), finding).await;
}

/// Whether streams can be read by their names.
async fn reads_streams(session: &Session) -> bool {
    session.read_after(&StreamName::new(ANY_STREAM), None, 1, |_| {}).await.is_ok()
}
