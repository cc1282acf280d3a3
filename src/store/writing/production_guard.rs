//! The production guard: what the database declares of itself in `$server-info`, asked again while it is used.

use crate::record::Record;
use crate::store::{Declaration, StoreError, Undeclared};
use std::time::{Duration, Instant};
use tokio::sync::Mutex;

/// How long a reading holds; a write after that reads again first.
const HOLDS: Duration = Duration::from_secs(5);
/// Events looked through for the newest declaration.
pub const NEWEST: usize = 256;
pub const STREAM: &str = "$server-info";
const EVENT_TYPE: &str = "$ServerInfo";

/// The data of a `$ServerInfo` event.
#[derive(serde::Deserialize)]
struct ServerInfo {
    name: String,
    #[serde(default)]
    production: bool,
}

/// The last reading of one database; kept over a lost connection.
#[derive(Default)]
pub struct ProductionGuard {
    last: Mutex<Option<(Instant, Declaration)>>,
}

impl ProductionGuard {
    /// What it declares; `read` gives the newest events of its stream, and is called where the last reading is old.
    pub async fn current<F>(&self, read: impl FnOnce() -> F) -> Declaration
    where
        F: Future<Output = Result<Vec<Record>, StoreError>>,
    {
        let mut last = self.last.lock().await;
        let holds =
            |(read, declaration): &&(Instant, Declaration)| read.elapsed() < HOLDS && !declaration.is_away();
        if let Some((_, declaration)) = last.as_ref().filter(holds) {
            return declaration.clone();
        }
        let read = declared(read().await);
        let read = read.after(last.as_ref().map(|(_, before)| before));
        *last = Some((Instant::now(), read.clone()));
        read
    }
}

/// What cannot be read, or not be understood, is never taken for "not production".
fn declared(newest: Result<Vec<Record>, StoreError>) -> Declaration {
    let records = match newest {
        Ok(records) => records,
        Err(error) => return Declaration::Unreadable(Undeclared::NotRead(error)),
    };
    let Some(record) = records.iter().find(|record| &*record.event_type == EVENT_TYPE) else {
        return if records.len() < NEWEST {
            Declaration::NotProduction
        } else {
            Declaration::Unreadable(Undeclared::NotAmong(NEWEST))
        };
    };
    match serde_json::from_slice::<ServerInfo>(&record.data) {
        Ok(info) if info.production => Declaration::Production(info.name),
        Ok(_) => Declaration::NotProduction,
        Err(error) => Declaration::Unreadable(Undeclared::Malformed(record.revision, error.to_string())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::{Created, Position, Revision, StreamName};

    fn record(event_type: &str, data: &str) -> Record {
        Record {
            stream: StreamName::new(STREAM),
            revision: Revision(0),
            id: uuid::Uuid::nil(),
            event_type: event_type.into(),
            created: Created(0),
            position: Position { commit: 0, prepare: 0 },
            declared_json: true,
            data: data.as_bytes().into(),
            metadata: Box::default(),
            target: None,
        }
    }

    #[test]
    fn only_a_readable_answer_lifts_the_guard() {
        let info = |data: &str| declared(Ok(vec![record("Note", "{}"), record(EVENT_TYPE, data)]));
        assert_eq!(declared(Ok(Vec::new())), Declaration::NotProduction);
        assert_eq!(info(r#"{"name":"a"}"#), Declaration::NotProduction);
        assert_eq!(info(r#"{"name":"a","production":false}"#), Declaration::NotProduction);
        assert_eq!(info(r#"{"name":"a","production":true}"#), Declaration::Production("a".into()));
        for odd in ["", "{", r#"{"production":true}"#, r#"{"name":"a","production":"true"}"#, "null"] {
            assert!(matches!(info(odd), Declaration::Unreadable(_)), "{odd}");
        }
        let many = (0..NEWEST).map(|_| record("Note", "{}")).collect();
        assert!(matches!(declared(Ok(many)), Declaration::Unreadable(_)));
        for error in [StoreError::NotReady, StoreError::Timeout(10), StoreError::Server("?".into())] {
            assert!(matches!(declared(Err(error)), Declaration::Unreadable(_)));
        }
    }

    #[test]
    fn production_is_kept_while_it_cannot_be_asked() {
        let away = || Declaration::Unreadable(Undeclared::NotRead(StoreError::NotReady));
        let production = Declaration::Production("shop".into());
        assert_eq!(away().after(Some(&production)), production);
        assert_eq!(away().after(Some(&Declaration::NotProduction)), away());
        assert_eq!(Declaration::NotProduction.after(Some(&production)), Declaration::NotProduction);
    }
}
