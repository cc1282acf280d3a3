//! The user's definition files, as they are found, read and read again.

use hindsight::aggregate::script::Definitions;
use hindsight::definition_files::{DefinitionFiles, DefinitionReader};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};
use tempfile::TempDir;

struct Files {
    folder: TempDir,
    of: DefinitionFiles,
    reader: DefinitionReader,
}

/// A definition whose text has the same length for each digit.
fn counter(step: u8) -> String {
    format!("fromCategory('cart').foreachStream().when({{ $any(s) {{ s.n = (s.n ?? 0) + {step}; }} }})")
}

fn write(file: &Path, text: &str) {
    fs::write(file, text).unwrap();
}

fn set_modified(file: &Path, at: SystemTime) {
    fs::File::options().write(true).open(file).unwrap().set_modified(at).unwrap();
}

impl Files {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let folders: Vec<PathBuf> = ["own", "named"].iter().map(|name| folder.path().join(name)).collect();
        for folder in &folders {
            fs::create_dir(folder).unwrap();
        }
        let of = DefinitionFiles { folders, files: vec![folder.path().join("dropped.js")] };
        let files = Self { folder, of, reader: DefinitionReader::default() };
        write(&files.of.files[0], &counter(1));
        files
    }

    fn own(&self, name: &str) -> PathBuf {
        self.of.folders[0].join(name)
    }

    fn read(&mut self) -> bool {
        self.reader.read(&self.of)
    }

    fn definitions(&self) -> &Definitions {
        self.reader.definitions()
    }

    fn names(&self) -> Vec<String> {
        self.definitions().all().map(|definition| definition.file().to_string()).collect()
    }

    fn faults(&self) -> Vec<(String, String)> {
        self.definitions().faults().map(|(file, fault)| (file.to_string(), fault.to_string())).collect()
    }
}

#[test]
fn scripts_of_folders_and_single_files_are_read() {
    let mut files = Files::new();
    write(&files.own("a.js"), &counter(1));
    write(&files.own("a.txt"), "no definition");
    write(&files.own(".a.js"), "an editor's own");
    fs::create_dir(files.own("folder.js")).unwrap();
    write(&files.of.folders[1].join("b.js"), &format!("\u{feff}{}", counter(1)));
    assert!(files.read());
    assert_eq!(files.names(), ["a.js", "b.js", "dropped.js"]);
    assert_eq!(files.faults(), []);
    assert!(!files.read(), "nothing changed");
    files.of.folders.push(files.folder.path().join("none"));
    assert!(!files.read(), "a folder that is not there holds no file");
}

#[test]
fn what_changed_is_read_and_the_rest_stays() {
    let mut files = Files::new();
    let (a, b) = (files.own("a.js"), files.own("b.js"));
    write(&a, &counter(1));
    write(&b, &counter(1));
    files.read();
    let before = files.definitions().clone();
    write(&a, &format!("{} ", counter(2)));
    assert!(files.read());
    let same = |now: &Definitions, name| Arc::ptr_eq(before.get(name).unwrap(), now.get(name).unwrap());
    assert!(!same(files.definitions(), "a.js") && same(files.definitions(), "b.js"));
    fs::remove_file(&a).unwrap();
    assert!(files.read());
    assert_eq!(files.names(), ["b.js", "dropped.js"]);
    assert!(same(files.definitions(), "b.js"));
    files.of.files.clear();
    assert!(files.read());
    assert_eq!(files.names(), ["b.js"]);
}

#[test]
fn an_edit_that_leaves_length_and_time_is_noticed_in_a_young_file() {
    let mut files = Files::new();
    let file = files.own("a.js");
    let now = SystemTime::now();
    write(&file, &counter(1));
    set_modified(&file, now);
    files.read();
    let before = files.definitions().get("a.js").unwrap().clone();
    write(&file, &counter(2));
    set_modified(&file, now);
    assert!(files.read());
    assert!(!Arc::ptr_eq(&before, files.definitions().get("a.js").unwrap()));
}

#[test]
fn a_file_that_is_old_is_read_again_only_with_another_time_or_length() {
    let mut files = Files::new();
    let file = files.own("a.js");
    let old = SystemTime::now() - Duration::from_mins(1);
    write(&file, &counter(1));
    set_modified(&file, old);
    files.read();
    write(&file, &counter(2));
    set_modified(&file, old);
    assert!(!files.read(), "it was not opened");
    set_modified(&file, old + Duration::from_secs(1));
    assert!(files.read());
}

#[test]
fn a_file_that_cannot_be_read_counts_as_it_was_and_is_told() {
    let mut files = Files::new();
    let file = files.own("a.js");
    write(&file, &counter(1));
    files.read();
    let before = files.definitions().get("a.js").unwrap().clone();
    let long = "é".repeat((1 << 19) + 1);
    for (bytes, why) in [
        (&b"x\xff"[..], "the file is no UTF-8 text"),
        (long.as_bytes(), "the file is larger than 1 MiB"),
        (b"aggregate({", "(a.js:1:12)"),
    ] {
        fs::write(&file, bytes).unwrap();
        assert!(files.read());
        let [(name, told)] = &files.faults()[..] else { panic!("one fault: {:?}", files.faults()) };
        assert!(name == "a.js" && told.contains(why), "{told}");
        assert!(Arc::ptr_eq(&before, files.definitions().get("a.js").unwrap()));
        assert!(!files.read(), "the same fault");
    }
    write(&file, &counter(2));
    assert!(files.read());
    assert_eq!(files.faults(), []);
}

#[test]
fn a_directory_in_place_of_a_file_is_told() {
    let mut files = Files::new();
    files.of.files = vec![files.own("x.js"), files.own("gone.js")];
    fs::create_dir(files.own("x.js")).unwrap();
    files.read();
    let faults = files.faults();
    assert_eq!(faults.len(), 2);
    assert!(faults.iter().all(|(_, why)| why.starts_with("the file cannot be read: ")), "{faults:?}");
    fs::remove_dir(files.own("x.js")).unwrap();
    write(&files.own("x.js"), &counter(1));
    assert!(files.read());
    assert_eq!((files.names(), files.faults().len()), (vec!["x.js".to_owned()], 1));
}

#[cfg(unix)]
#[test]
fn a_file_without_permission_is_told_and_read_once_it_may_be() {
    use std::os::unix::fs::PermissionsExt;
    let mut files = Files::new();
    let file = files.own("a.js");
    write(&file, &counter(1));
    set_modified(&file, SystemTime::now() - Duration::from_mins(1));
    fs::set_permissions(&file, fs::Permissions::from_mode(0o000)).unwrap();
    if fs::read(&file).is_ok() {
        return; // The administrator reads everything.
    }
    files.read();
    assert_eq!((files.names(), files.faults().len()), (vec!["dropped.js".to_owned()], 1));
    fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
    assert!(files.read());
    assert_eq!((files.names().len(), files.faults().len()), (2, 0));
}

#[cfg(unix)]
#[test]
fn a_pipe_in_the_folder_is_not_waited_for() {
    let mut files = Files::new();
    let made = std::process::Command::new("mkfifo").arg(files.own("pipe.js")).status();
    if made.is_ok_and(|status| status.success()) {
        files.read();
        assert_eq!(files.names(), ["dropped.js"]);
    }
}

#[test]
fn of_one_name_in_two_folders_the_last_counts() {
    let mut files = Files::new();
    let (first, second) = (files.own("a.js"), files.of.folders[1].join("a.js"));
    write(&first, &counter(1));
    write(&second, "fromStream('cart-1').when({})");
    files.read();
    assert_eq!(files.names(), ["a.js", "dropped.js"]);
    let is_stream = |files: &Files| {
        let definition = files.definitions().get("a.js").unwrap();
        format!("{:?}", definition.folds()).starts_with("Streams(Stream")
    };
    assert!(is_stream(&files));
    write(&first, &counter(2));
    assert!(!files.read(), "it does not count");
    fs::remove_file(&second).unwrap();
    assert!(files.read());
    assert!(!is_stream(&files));
}

#[test]
fn a_folder_that_is_a_file_is_told() {
    let mut files = Files::new();
    let file = files.folder.path().join("no-folder");
    write(&file, "");
    files.of.folders.push(file.clone());
    files.read();
    assert_eq!(files.names(), ["dropped.js"]);
    assert!(files.faults()[0].1.starts_with("the folder cannot be read: "), "{:?}", files.faults());
    fs::remove_file(&file).unwrap();
    assert!(files.read(), "the fault is gone");
    assert_eq!(files.faults(), []);
}
