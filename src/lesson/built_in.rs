//! The lessons that the program brings, in their order.

use super::model::Lesson;
use super::reading::read;
use std::sync::{Arc, LazyLock};

macro_rules! texts {
    ($($name:literal)*) => {
        [$(($name, include_str!(concat!("../../assets/lessons/", $name, ".json")))),*]
    };
}

const TEXTS: [(&str, &str); 7] = texts!(
    "rehydration"
    "expected-revision"
    "race"
    "lost-answer"
    "poison-event"
    "lagging-projection"
    "mended-fold"
);

static LESSONS: LazyLock<Vec<Arc<Lesson>>> = LazyLock::new(|| {
    let read = |(name, text): &(&str, &str)| {
        let lesson = read(&format!("{name}.json"), text.as_bytes());
        // Each is read in a test.
        lesson.inspect_err(|fault| tracing::error!(%fault, "a built-in lesson")).ok().map(Arc::new)
    };
    TEXTS.iter().filter_map(read).collect()
});

/// The seven lessons; lesson 1 is the first one.
pub fn built_in() -> &'static [Arc<Lesson>] {
    &LESSONS
}
