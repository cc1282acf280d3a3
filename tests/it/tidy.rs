//! The house rules that no compiler checks: each failure names the file and the reason.

mod circles;
mod imports;
mod texts;

use imports::{IMPORTS, Imports, SourceFile};
use std::collections::{BTreeMap, BTreeSet};
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

/// The room of a file: the folder or file right under `src`.
fn room(file: &str) -> &str {
    file.split('/').next().unwrap_or(file).trim_end_matches(".rs")
}

/// The rooms that each room imports, as the crate docs draw them: lines like `//! aggregate   record`.
fn drawn() -> BTreeMap<String, BTreeSet<String>> {
    let root = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/lib.rs")).unwrap();
    let table = root.split("//! ```text").nth(1).and_then(|rest| rest.split("//! ```").next()).unwrap();
    let lines = table.lines().filter_map(|line| line.strip_prefix("//! "));
    let row = |line: &str| {
        let mut words = line.split_whitespace().map(str::to_owned);
        Some((words.next()?, words.filter(|word| word != "–").collect()))
    };
    lines.filter_map(row).collect()
}

#[test]
fn rooms_import_each_other_as_the_crate_docs_draw_it() {
    let mut real: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for file in &IMPORTS.files {
        real.entry(room(&file.name).to_owned()).or_default();
    }
    for (from, to) in IMPORTS.edges.iter().filter(|(from, to)| room(from) != room(to)) {
        real.entry(room(from).to_owned()).or_default().insert(room(to).to_owned());
    }
    real.remove("lib");
    let table = |rooms: &BTreeMap<String, BTreeSet<String>>| {
        let row = |(room, imports): (&String, &BTreeSet<String>)| format!("{room:<11} {imports:?}\n");
        rooms.iter().map(row).collect::<String>()
    };
    assert_eq!(table(&real), table(&drawn()), "left: what the code imports; right: what src/lib.rs draws");
}

#[test]
fn no_files_or_folders_import_each_other_in_a_circle() {
    let found = circles::circles(&IMPORTS.edges);
    assert!(found.is_empty(), "move what both need into a third:\n{found:#?}");
}

/// A parser that sees nothing would hold every rule.
#[test]
fn imports_are_read_through_groups_reexports_globs_and_macros() {
    let file = |name: &str, source: &str| SourceFile::parse(name, source);
    let imports = Imports::resolve(vec![
        file("lib.rs", "pub mod a; pub mod b;"),
        file("a/mod.rs", "mod one; mod two; pub use one::{One, sub::Three as Four}; pub use two::*;"),
        file("a/one.rs", "use super::Two; pub struct One; #[cfg(test)] mod tests { use crate::b::B; }"),
        file("a/two.rs", "pub struct Two; fn f() { println!(\"{}\", crate::b::name()); }"),
        file("b.rs", "use crate::a::{self, Four}; use tokio::sync::Mutex; fn name() { a::One; egui::f() }"),
    ]);
    let edges = [("a/one.rs", "a/two.rs"), ("a/two.rs", "b.rs"), ("b.rs", "a/mod.rs"), ("b.rs", "a/one.rs")];
    assert_eq!(imports.edges, edges.map(|(from, to)| (from.to_owned(), to.to_owned())).into());
    let external: Vec<_> = imports.files[4].external.iter().map(String::as_str).collect();
    assert_eq!(external, ["egui", "tokio"]);
    assert_eq!(circles::circles(&imports.edges), [": a → b.rs → a (a/two.rs → b.rs, b.rs → a/mod.rs)"]);
    assert_eq!(circles::levels(&imports.edges)[""]["a"], ["b.rs".to_owned()].into());
}

#[track_caller]
fn external(library: &str, reason: &str, allowed: &[&str]) {
    let guilty = IMPORTS.files.iter().filter(|file| file.external.contains(library));
    let guilty: Vec<_> =
        guilty.map(|file| &*file.name).filter(|name| !allowed.contains(&room(name))).collect();
    assert!(guilty.is_empty(), "`{library}`: {reason}: {guilty:?}");
}

#[test]
fn each_library_stays_in_its_room() {
    external("egui", "only the window draws", &["ui", "shell", "run"]);
    external("eframe", "only the window draws", &["ui", "shell", "run"]);
    external("tokio", "only IO is asynchronous", &["store", "node", "run", "shell", "terminal", "api"]);
    external("eventstore", "only the store talks to a database", &["store"]);
    external("rusqlite", "only the node keeps a file", &["node"]);
    forbid("mpsc::", "a panel has no sender: it pushes intents", |file| in_room(file, "ui"));
}

#[test]
fn few_places_know_the_order() {
    let allowed = |file: &str| {
        file.starts_with("aggregate/order/")
            || in_room(file, "api")
            || ["aggregate/registry.rs", "terminal/command.rs"].contains(&file)
    };
    let knows = IMPORTS.edges.iter().filter(|(_, to)| to.starts_with("aggregate/order/"));
    let guilty: Vec<_> = knows.map(|(from, _)| from).filter(|from| !allowed(from)).collect();
    assert!(guilty.is_empty(), "the aggregate is a value; only these may know which: {guilty:?}");
    let named = |file: &str| !allowed(file) && !in_room(file, "node") && !in_room(file, "cli");
    forbid("aggregate::order", "the aggregate is a value", named);
}

#[test]
fn the_store_makes_no_sentences() {
    let is_sentence = |text: &str| {
        let ends = text.trim_end_matches([' ', '}', ')']).ends_with('.') && !text.ends_with("..");
        text.split_whitespace().count() > 3 && (ends || text.contains(". "))
    };
    let code = "#![doc = \"An attribute is no text.\"] fn f() { g(\"a\", format!(\"The {name} is gone.\")) }";
    assert_eq!(texts::texts(code), ["a", "The {name} is gone."]);
    assert!(is_sentence("The {name} is gone.") && is_sentence("Not {0} yet. Wait") && !is_sentence("a"));
    let mut found = Vec::new();
    for (file, source) in sources().iter().filter(|(file, _)| in_room(file, "store")) {
        let texts = texts::texts(source).into_iter().filter(|text| is_sentence(text));
        found.extend(texts.map(|text| format!("src/{file}: {text:?}")));
    }
    assert!(found.is_empty(), "say it as data, and word it in `sentences`:\n{}", found.join("\n"));
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
