//! A panic becomes a report in the data folder and a sentence; what did not depend on it goes on.

use super::complaint::complain;
use crate::app::{Failure, PanicReport};
use crate::record::json::safe_lines;
use crate::sentences::panicked;
use crate::store::ConnectionString;
use std::backtrace::{Backtrace, BacktraceStatus};
use std::fs::{self, File};
use std::io::{self, Write};
use std::panic::PanicHookInfo;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::sync::mpsc;

/// Newest reports that are kept: a task that panics again and again fills no disk.
const KEPT: usize = 50;
/// Longest message, in bytes.
const LONGEST: usize = 4000;
/// Words after which a message may go on with a secret.
const SECRETS: [&str; 2] = ["password", "credentials"];

/// From now on each panic is reported in the folder, on standard error, and to the window.
pub fn install(folder: PathBuf, window: mpsc::Sender<Failure>) {
    std::panic::set_hook(Box::new(move |panic| {
        let report = report(&folder.join("reports"), panic);
        // The message may quote an event: the log tells only where it was.
        tracing::error!(at = &*report.place, "a panic");
        complain(&panicked(&report, None));
        // Nobody listens where there is no window; a full queue has told enough.
        drop(window.try_send(Failure::Panicked { report, during: None }));
    }));
}

fn report(folder: &Path, panic: &PanicHookInfo<'_>) -> PanicReport {
    let thread = std::thread::current();
    let text = Text {
        thread: thread.name().unwrap_or("without a name"),
        task: tokio::task::try_id().map_or_else(|| "none".to_owned(), |task| task.to_string()),
        place: panic.location().map_or_else(|| "an unknown place".to_owned(), ToString::to_string),
        message: panic.payload_as_str().unwrap_or("no text"),
        backtrace: Backtrace::capture(),
    };
    let file = write(folder, &text.whole()).map_err(|error| error.to_string());
    PanicReport { place: text.place, file, ends: text.thread == "main" }
}

/// What is told of a panic.
struct Text<'a> {
    thread: &'a str,
    task: String,
    place: String,
    message: &'a str,
    backtrace: Backtrace,
}

impl Text<'_> {
    fn whole(&self) -> String {
        let Self { thread, task, place, message, backtrace } = self;
        let (version, system, machine) =
            (env!("CARGO_PKG_VERSION"), std::env::consts::OS, std::env::consts::ARCH);
        let time = jiff::Timestamp::now();
        let backtrace = match backtrace.status() {
            BacktraceStatus::Captured => backtrace.to_string(),
            _ => "none; RUST_BACKTRACE=1 asks for it".to_owned(),
        };
        let message = without_secrets(message);
        format!(
            "Hindsight {version} on {system} {machine}\ntime: {time}\nthread: {thread}\ntask: {task}\nat: {place}\nmessage: {message}\nbacktrace: {backtrace}\n"
        )
    }
}

/// The message without what may be a login: the client's own panics may show what it was given.
fn without_secrets(message: &str) -> String {
    let low = message.to_ascii_lowercase();
    let end = SECRETS.iter().filter_map(|word| Some(low.find(word)? + word.len())).min();
    let end = end.unwrap_or(message.len());
    let kept = &message[..message.floor_char_boundary(end.min(LONGEST))];
    let ends = |c: char| c.is_whitespace() || "\"'`()[]{}<>,".contains(c);
    let mut told = String::new();
    for part in kept.split_inclusive(ends) {
        let word = part.trim_end_matches(ends);
        if ConnectionString::may_be(word) {
            told.push_str(&ConnectionString::from(word).to_string());
        } else {
            told.push_str(word);
        }
        told.push_str(&part[word.len()..]);
    }
    let more = if end.min(LONGEST) < message.len() { "… (the rest is left out)" } else { "" };
    format!("{}{more}", safe_lines(&told))
}

/// A file of its own for each report; the oldest ones go.
fn write(folder: &Path, text: &str) -> io::Result<PathBuf> {
    static WRITTEN: AtomicUsize = AtomicUsize::new(0);
    fs::create_dir_all(folder)?;
    let number = WRITTEN.fetch_add(1, Ordering::Relaxed);
    let time = jiff::Timestamp::now().strftime("%Y-%m-%dT%H-%M-%S.%6f");
    let file = folder.join(format!("{time}-{}-{number}.txt", std::process::id()));
    File::create(&file)?.write_all(text.as_bytes())?;
    let mut kept: Vec<PathBuf> = fs::read_dir(folder)?.flatten().map(|entry| entry.path()).collect();
    kept.retain(|path| path.extension().is_some_and(|extension| extension == "txt"));
    kept.sort();
    for old in kept.iter().rev().skip(KEPT) {
        fs::remove_file(old)?;
    }
    Ok(file)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that cannot unwrap should fail")]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_told_without_what_may_be_a_login() {
        for (message, told) in [
            ("index out of bounds: the len is 2", "index out of bounds: the len is 2"),
            (
                "no way to \"esdb://admin:Tr0ub@h:1?tls=false\" (now)",
                "no way to \"esdb://h:1?tls=false\" (now)",
            ),
            ("login admin:Tr0ub@h failed", "login ?://… failed"),
        ] {
            assert_eq!(without_secrets(message), told);
        }
        let shown = without_secrets("called on Err(Credentials { login: \"admin\", password: \"Tr0ub\" })");
        assert!(shown.starts_with("called on Err(Credentials…") && !shown.contains("Tr0ub"), "{shown}");
        assert!(without_secrets(&"ü".repeat(5000)).ends_with("ü… (the rest is left out)"));
    }

    #[test]
    fn the_newest_reports_are_kept_each_in_its_own_file() {
        let folder = tempfile::tempdir().unwrap();
        let reports = folder.path().join("reports");
        let files: Vec<_> = (0..KEPT + 5).map(|n| write(&reports, &n.to_string()).unwrap()).collect();
        assert_eq!(fs::read_dir(&reports).unwrap().count(), KEPT);
        assert!(!files[4].exists());
        assert_eq!(fs::read_to_string(&files[KEPT + 4]).unwrap(), (KEPT + 4).to_string());
    }
}
