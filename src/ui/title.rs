//! The window's title, by which the task bar tells production, servers and the sandbox apart.

use super::connection_text::{self, Place};
use crate::app::{App, Opened};
use crate::record::json;

/// Longest stream name in it, and longest list of nodes.
const STREAM: usize = 100;
const NODES: usize = 60;

/// Production and the sandbox say first what they are: a task bar shows the beginning.
pub fn title(app: &App) -> String {
    let stream = app.opened().map(Opened::stream);
    let stream = stream.map(|stream| json::one_line(stream.as_str().as_bytes(), STREAM));
    let address = json::one_line(connection_text::address(app).as_bytes(), NODES);
    let name = connection_text::name(app);
    let at = if address.is_empty() { String::new() } else { format!(" ({address})") };
    let parts = match Place::of(app) {
        Place::Sandbox => [Some(name), stream],
        Place::Server => [stream, Some(format!("{name}{at}"))],
        Place::Production => {
            let name = name.replacen("Production", "PRODUCTION", 1);
            [Some(format!("{name}{at}")), stream]
        }
    };
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    format!("{} – Hindsight", parts.join(" · "))
}
