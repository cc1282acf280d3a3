//! Lessons of teachers, read from files.

use super::fault::LessonFault;
use super::model::Lesson;
use super::reading::{MOST_TEXT, read};
use crate::record::json::safe;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// In the data folder.
pub const FOLDER: &str = "lessons";
/// Files that are read of a folder, by name.
const MOST: usize = 100;

/// A file of the folder, and the lesson in it.
#[derive(Debug, Clone)]
pub struct LessonFile {
    pub path: PathBuf,
    pub lesson: Result<Arc<Lesson>, LessonFault>,
}

/// The lessons of a folder by name; none where there is no such folder.
pub fn in_folder(folder: &Path) -> Vec<LessonFile> {
    let paths = match files(folder) {
        Ok(paths) => paths,
        Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
        Err(error) => {
            let lesson =
                Err(unread(folder, &format!("the folder cannot be read: {error}. Check its rights.")));
            return vec![LessonFile { path: folder.to_owned(), lesson }];
        }
    };
    paths.into_iter().map(|path| LessonFile { lesson: of_file(&path).map(Arc::new), path }).collect()
}

/// The lesson in one file.
pub fn of_file(path: &Path) -> Result<Lesson, LessonFault> {
    let mut bytes = Vec::new();
    // One byte more shows that the file is longer.
    let opened = File::open(path).and_then(|open| open.take(MOST_TEXT as u64 + 1).read_to_end(&mut bytes));
    opened.map_err(|error| unread(path, &format!("the file cannot be read: {error}. Name another.")))?;
    read(&name(path), &bytes)
}

fn name(path: &Path) -> String {
    let name = path.file_name().map_or_else(|| path.to_string_lossy(), |name| name.to_string_lossy());
    safe(&name).into_owned()
}

fn unread(path: &Path, why: &str) -> LessonFault {
    LessonFault { file: name(path).into(), line: None, place: String::new(), text: safe(why).into_owned() }
}

/// Hidden files are an editor's own; a pipe would be waited for.
fn files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let is_lesson =
            path.extension().is_some_and(|ending| ending == "json") && !name(&path).starts_with('.');
        if is_lesson && fs::metadata(&path).map_or(true, |metadata| metadata.is_file()) {
            found.push(path);
        }
    }
    found.sort_unstable();
    found.truncate(MOST);
    Ok(found)
}
