//! The files that carry connections to another machine.

use crate::app::{ConnectionFault, MAX_FILE};
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::Path;

/// A larger file is not read to its end.
pub fn read(file: &Path) -> Result<Vec<u8>, ConnectionFault> {
    let mut text = Vec::new();
    let read = File::open(file).and_then(|open| open.take(MAX_FILE + 1).read_to_end(&mut text));
    let unread = |error: io::Error| ConnectionFault::NotRead { file: file.into(), error: error.to_string() };
    read.map(|_| text).map_err(unread)
}

/// Makes the file, which must not be there.
pub fn write(file: &Path, text: &str) -> Result<(), ConnectionFault> {
    let written = File::create_new(file).and_then(|mut new| new.write_all(text.as_bytes()));
    written.map_err(|error| ConnectionFault::NotWritten { file: file.into(), error: error.to_string() })
}

/// Makes the file anew: an old one may be open to others.
pub fn replace(file: &Path, text: &str) -> Result<(), ConnectionFault> {
    match fs::remove_file(file) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(ConnectionFault::NotWritten { file: file.into(), error: error.to_string() })
        }
        _ => write(file, text),
    }
}
