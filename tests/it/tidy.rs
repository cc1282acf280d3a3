//! The house rules that no compiler checks: each failure names the file and the reason.

use std::fs;
use std::path::{Path, PathBuf};

/// Longest file; generated code is exempt.
const MAX_LINES: usize = 400;

fn sources() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    collect(&root, &mut files);
    let name = |path: &PathBuf| path.strip_prefix(&root).unwrap().to_str().unwrap().replace('\\', "/");
    let read = |path: &PathBuf| fs::read_to_string(path).unwrap();
    let all: Vec<_> = files.iter().map(|path| (name(path), read(path))).collect();
    assert!(all.len() > 30, "the sources were not found");
    all.into_iter().filter(|(name, _)| !name.starts_with("node/proto/")).collect()
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
}

/// A room is a file or a folder right under `src`.
fn in_room(file: &str, room: &str) -> bool {
    file == format!("{room}.rs") || file.starts_with(&format!("{room}/"))
}

/// Lines of code that hold the text; comments may speak of what code may not do.
#[track_caller]
fn forbid(text: &str, reason: &str, guilty: impl Fn(&str) -> bool) {
    let mut found = Vec::new();
    for (file, source) in sources().iter().filter(|(file, _)| guilty(file)) {
        let lines = source.lines().enumerate().filter(|(_, line)| !line.trim_start().starts_with("//"));
        found.extend(lines.filter(|(_, l)| l.contains(text)).map(|(n, _)| format!("src/{file}:{}", n + 1)));
    }
    assert!(found.is_empty(), "`{text}`: {reason}\n{}", found.join("\n"));
}

const ROOMS: [&str; 13] = [
    "record",
    "aggregate",
    "history",
    "decision",
    "store",
    "node",
    "app",
    "ui",
    "shell",
    "cli",
    "run",
    "terminal",
    "api",
];

/// The rooms that a room may import, itself aside.
#[track_caller]
fn imports_only(room: &str, allowed: &[&str]) {
    for other in ROOMS.iter().filter(|other| **other != room && !allowed.contains(other)) {
        let reason = format!("{room} may know only {allowed:?}");
        for start in ["crate::", "hindsight::"] {
            forbid(&format!("{start}{other}::"), &reason, |file| in_room(file, room));
            forbid(&format!("{start}{other};"), &reason, |file| in_room(file, room));
        }
    }
}

#[test]
fn imports_point_one_way() {
    imports_only("record", &[]);
    imports_only("aggregate", &["record"]);
    imports_only("history", &["record", "aggregate"]);
    imports_only("decision", &["record", "aggregate", "history"]);
    imports_only("store", &["record", "aggregate", "history", "decision"]);
    imports_only("node", &[]);
    imports_only("app", &["record", "aggregate", "history", "decision", "store"]);
    imports_only("ui", &["record", "aggregate", "history", "decision", "store", "app"]);
    imports_only("api", &["record", "aggregate", "history", "decision", "store"]);
    imports_only("cli", &["record", "aggregate", "store"]);
    imports_only("terminal", &["cli", "record", "aggregate", "history", "decision", "store"]);
}

#[test]
fn each_library_stays_in_its_room() {
    let windows = |file: &str| ["ui", "shell", "run"].iter().any(|room| in_room(file, room));
    forbid("egui::", "only the window draws", |file| !windows(file));
    let async_rooms = ["store", "node", "run", "shell", "terminal", "api"];
    forbid("tokio::", "only IO is asynchronous", |file| !async_rooms.iter().any(|room| in_room(file, room)));
    forbid("eventstore::", "only the store talks to a database", |file| !in_room(file, "store"));
    forbid("rusqlite::", "only the node keeps a file", |file| !in_room(file, "node"));
    forbid("mpsc::", "a panel has no sender: it pushes intents", |file| in_room(file, "ui"));
}

#[test]
fn nothing_grows_without_bound() {
    forbid("unbounded_channel", "every channel is bounded and drained with a budget", |_| true);
    forbid(".row(|", "lays out invisible rows: use `rows`", |file| in_room(file, "ui"));
    forbid("TableBody::row(", "lays out invisible rows: use `rows`", |file| in_room(file, "ui"));
}

#[test]
fn the_window_repaints_and_colours_in_one_place() {
    let may_wake = |file: &str| in_room(file, "shell") || in_room(file, "run");
    forbid("request_repaint", "whether to repaint is part of the tested result", |file| !may_wake(file));
    forbid("Color32::from_", "colours live in the theme", |file| file != "ui/theme.rs");
}

#[test]
fn files_fit_a_reader() {
    let long = sources().into_iter().filter(|(_, source)| source.lines().count() > MAX_LINES);
    let long: Vec<_> = long.map(|(file, source)| format!("src/{file}: {}", source.lines().count())).collect();
    assert!(long.is_empty(), "over {MAX_LINES} lines: split by concern\n{}", long.join("\n"));
}
