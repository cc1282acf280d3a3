//! A command line for a POSIX shell that appends an event once more, by the official Python client.

use super::json;
use super::stored::RecordRef;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// Holds no single quote: the shell takes it in single quotes.
const SCRIPT: &str = "import base64, json, os, sys
from kurrentdbclient import KurrentDBClient, NewEvent, StreamState
stream, kind, content = map(json.loads, sys.argv[1:])
data, metadata = (base64.b64decode(line) for line in sys.stdin)
event = NewEvent(type=kind, data=data, metadata=metadata, content_type=content)
client = KurrentDBClient(os.environ[\"HINDSIGHT_CONNECTION\"])
client.append_to_stream(stream, current_version=StreamState.ANY, events=[event])
client.close()";

impl RecordRef<'_> {
    /// Appends these exact bytes to this stream as a new event. The connection string comes from the environment, because it
    /// may hold a password; payloads go through a pipe, because an argument's length is limited.
    pub fn append_command(self) -> String {
        let content = if self.declared_json { "application/json" } else { "application/octet-stream" };
        let [stream, kind, content] = [self.stream.as_str(), self.event_type, content].map(quoted);
        let [data, metadata] = [self.data, self.metadata].map(|bytes| STANDARD.encode(bytes));
        format!(
            ": \"${{HINDSIGHT_CONNECTION:?Set it to the connection string of the database}}\" && \
             printf '%s\\n' '{data}' '{metadata}' | python3 -c '{SCRIPT}' {stream} {kind} {content}\n"
        )
    }
}

/// A JSON string in single quotes, without any sign that a terminal obeys.
fn quoted(text: &str) -> String {
    format!("'{}'", json::json_line(&text).trim_end_matches('\n').replace('\'', r"'\''"))
}
