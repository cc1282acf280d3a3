//! The lessons that are offered, and the one that runs.

mod intent;

pub use intent::LessonIntent;

use crate::lesson::{Lesson, LessonFault, LessonFile, Run, built_in};
use std::path::{Path, PathBuf};
use std::sync::Arc;

#[derive(Debug, Default)]
pub struct Lessons {
    /// Where lessons of one's own are read.
    pub(super) folder: PathBuf,
    files: Vec<LessonFile>,
    /// Of the last reading that was asked for.
    reading: u64,
    /// Another number where the files were read again.
    generation: u64,
    pub(super) run: Option<Run>,
}

impl Lessons {
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Those that are built in, then those of files.
    pub fn offered(&self) -> impl Iterator<Item = &Arc<Lesson>> {
        built_in().iter().chain(self.files.iter().filter_map(|file| file.lesson.as_ref().ok()))
    }

    /// Files that are no lessons.
    pub fn faults(&self) -> impl Iterator<Item = &LessonFault> {
        self.files.iter().filter_map(|file| file.lesson.as_ref().err())
    }

    /// Another number where the lessons may be others.
    pub fn generation(&self) -> u64 {
        self.generation
    }

    /// The one that runs.
    pub fn run(&self) -> Option<&Run> {
        self.run.as_ref()
    }

    pub fn is_running(&self) -> bool {
        self.run.is_some()
    }

    /// The place of the one that runs among those offered; `None` where its file was changed since.
    pub fn place(&self) -> Option<usize> {
        let lesson = self.run.as_ref()?.lesson();
        self.offered().position(|offered| Arc::ptr_eq(offered, lesson))
    }

    pub(super) fn ask(&mut self) -> u64 {
        self.reading += 1;
        self.reading
    }

    pub(super) fn answer(&mut self, number: u64, files: Vec<LessonFile>) {
        if number == self.reading {
            self.files = files;
            self.generation += 1;
        }
    }

    pub(super) fn change(&mut self, change: impl FnOnce(&mut Run)) {
        if let Some(run) = &mut self.run {
            change(run);
        }
    }
}
