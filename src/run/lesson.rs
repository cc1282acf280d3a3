//! A lesson in the terminal, on a sandbox of its own that keeps nothing.

use crate::cli::PlayLesson;
use crate::lesson::{self, Sandbox};
use crate::node::{Config, Node};
use crate::store::{ConnectionString, Resolve, Target};
use crate::terminal::{self, Failure};
use std::path::Path;
use std::sync::Arc;

pub async fn lesson(options: &PlayLesson, data_dir: &Path) -> Result<(), Failure> {
    let own = lesson::in_folder(&data_dir.join(lesson::FOLDER));
    let Some(lesson) = terminal::chosen_lesson(options, &own)? else {
        return terminal::list_lessons(options, &own);
    };
    let node = Node::start(Config::default())
        .await
        .map_err(|error| Failure::Server(format!("The sandbox does not start: {error}.")))?;
    let url: ConnectionString = node.connection_string().into();
    let resolve: Resolve = Arc::new(move || Box::pin(std::future::ready(Ok(url.clone()))));
    let played = match Sandbox::new(&Target::Sandbox, resolve, None) {
        Ok(sandbox) => terminal::play_lesson(options, lesson, sandbox).await,
        Err(lesson::NotSandbox) => Ok(()),
    };
    node.shutdown().await;
    played
}
