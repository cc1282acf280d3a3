//! Why nothing was appended.

use super::{guarded, store_error};
use crate::store::AppendError;

pub fn append_error(error: &AppendError) -> String {
    match error {
        AppendError::Conflict { expected, actual } => {
            let actual = actual.map_or_else(|| "no stream".to_owned(), |r| format!("revision {r}"));
            format!(
                "Conflict: the write expected {expected}, the stream is at {actual}. Look at what was appended since, then decide again."
            )
        }
        AppendError::Tombstoned(stream) => {
            format!("Stream {stream} is tombstoned and never takes events again. Use another id.")
        }
        AppendError::Production(why) => {
            format!("Nothing was written: {} Add --production to write to it.", guarded(why))
        }
        AppendError::Unknown(why) => format!(
            "It is not known whether the event was written: the answer was lost. Look for its id in the stream before you write it again. ({})",
            store_error(why)
        ),
        AppendError::Withdrawn => {
            "Nothing was written: the write was withdrawn before it was sent.".to_owned()
        }
        AppendError::Failed(why) => store_error(why),
    }
}
