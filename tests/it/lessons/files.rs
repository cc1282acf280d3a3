//! A teacher's file, and what is said of one that is no lesson.

use super::{Ground, Playing, built_in, lines};
use crate::run;
use hindsight::lesson::{LessonFault, in_folder, of_file, read};
use proptest::prelude::*;
use std::fs;
use std::sync::Arc;

/// The example of the README.
fn example() -> String {
    let readme = include_str!("../../../README.md");
    let section = readme.split("\n## ").find(|section| section.starts_with("Lessons\n")).unwrap();
    section.split("```json\n").nth(1).unwrap().split("```").next().unwrap().to_owned()
}

#[test]
fn the_lesson_of_the_readme_is_played() {
    run(async {
        let ground = Ground::new().await;
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("payment.json"), example()).unwrap();
        fs::write(folder.path().join("broken.json"), "{").unwrap();
        fs::write(folder.path().join(".hidden.json"), "{").unwrap();
        fs::write(folder.path().join("notes.txt"), "{").unwrap();
        let files = in_folder(folder.path());
        assert_eq!(files.len(), 2);
        assert!(files[0].lesson.as_ref().unwrap_err().to_string().starts_with("broken.json, line 1: "));
        let lesson = files[1].lesson.as_ref().unwrap();
        let mut playing = Playing::new(&ground.sandbox, lesson.clone());
        let last = playing.go_to(lesson.steps.len()).await;
        assert_eq!(lines(&last), ["0 OrderCreated by Ada", "1 OrderPaid by Cem"]);
        assert!(in_folder(&folder.path().join("none")).is_empty());
    });
}

/// The smallest lesson, with this in place of a part of it.
fn with(part: &str, other: &str) -> String {
    let text = r#"{"title": "T", "about": "A", "writers": ["Anna"], "streams": {"order": "order"}, "folds": {}, "steps": [
{"title": "One", "text": ["Line"], "do": [{"read": {"writer": "Anna"}}]}
], "try": "Go"}"#;
    assert!(read("ok.json", text.as_bytes()).is_ok() && text.contains(part), "{part}");
    text.replacen(part, other, 1)
}

#[test]
fn what_is_wrong_in_a_file_is_named_with_its_place_and_the_fix() {
    let read_act = r#"{"read": {"writer": "Anna"}}"#;
    let long = format!("\"{}\"", "x".repeat(241));
    let acts = |act: &str| with(read_act, act);
    let append = |rest: &str| acts(&format!(r#"{{"append": {{"type": "T", "data": {{}}, {rest}}}}}"#));
    for (text, says) in [
        ("{".to_owned(), "bad.json, line 1: EOF while parsing an object"),
        (with("\"about\": \"A\", ", ""), "line 3: missing field `about`"),
        (with("\"text\"", "\"txt\""), "line 2: unknown field `txt`"),
        (with("\"One\"", "1"), "line 2: invalid type: integer `1`, expected a string"),
        (acts(r#"{"erase": "order"}"#), "line 2: unknown variant `erase`, expected one of `append`"),
        (append(r#""expect": -1"#), "line 2: \"expect\" is a revision like 0"),
        (append(r#""expect": "new""#), "step 1, act 1: \"new\" cannot be expected. Write a revision"),
        (
            append(r#""expect": 0, "stream": "x""#),
            "step 1, act 1: there is no stream \"x\". The lesson has order.",
        ),
        (
            acts(r#"{"read": {"writer": "Ben"}}"#),
            "step 1, act 1: there is no writer \"Ben\". The lesson has Anna.",
        ),
        (
            acts(r#"{"decide": {"writer": "Anna", "command": "pay"}}"#),
            "step 1, act 1: Anna has read nothing yet. Let read come before it.",
        ),
        (
            acts(&format!(r#"{read_act}, {{"decide": {{"writer": "Anna", "command": "pya"}}}}"#)),
            "act 2: the category order has no command \"pya\". It has create and pay.",
        ),
        (
            acts(&format!(
                r#"{read_act}, {{"decide": {{"writer": "Anna", "command": "pay", "fields": {{"Id": "1"}}}}}}"#
            )),
            "act 2: pay has no field \"Id\". It has Order.",
        ),
        (
            acts(&format!(r#"{read_act}, {{"send": {{"writer": "Anna"}}}}"#)),
            "act 2: Anna has decided nothing yet.",
        ),
        (acts(r#"{"disable": "$streams"}"#), "\"$streams\" cannot be stopped here"),
        (with("\"Line\"", ""), "step 1, text: it has 0 lines. Write one to 3."),
        (with("\"Line\"", "\"\""), "step 1, text: it is empty."),
        (with("\"Line\"", &long), "step 1, text: it has 241 characters, 240 are room for. Shorten it."),
        (with(r#"{"order": "order"}"#, "{}"), "streams: there are none."),
        (with(r#""order": "order""#, r#""order": "$ce-x""#), "streams: \"$ce-x\" is no name."),
        (with("[\"Anna\"]", r#"["Anna", "Anna"]"#), "writers: two writers have the same name."),
        (with("[\"Anna\"]", r#"["Anna", "A", "B", "C"]"#), "writers: there are 4, at most 3 can be."),
        (with("{\"order\": \"order\"}", r#"{"a": "order", "b": "order"}"#), "it does not say which stream."),
        (with("\"folds\": {}", r#""folds": {"f": ["aggregate({"]}"#), "fold f: "),
        (with("\"folds\": {}", r#""folds": {"f": ["while (true) {}"]}"#), "fold f: "),
        (
            with("]}\n", "], \"show\": {\"folds\": {\"left\": \"a\", \"right\": \"b\"}}}\n"),
            "step 1, show: there is no fold \"a\". The lesson has none.",
        ),
        (with("]}\n", "], \"show\": \"state\"}\n"), "line 2: "),
    ] {
        let fault: LessonFault = read("bad.json", text.as_bytes()).unwrap_err();
        assert!(fault.to_string().contains(says), "{fault}\nshould say: {says}");
        assert!(fault.to_string().starts_with("bad.json"), "{fault}");
    }
    let huge = read("huge.json", &vec![b' '; 300 << 10]).unwrap_err();
    assert!(huge.to_string().contains("larger than 256 KiB"), "{huge}");
    assert!(
        of_file("/nowhere/x.json".as_ref())
            .unwrap_err()
            .to_string()
            .starts_with("x.json: the file cannot be read")
    );
}

#[test]
fn hostile_texts_are_shown_as_escapes() {
    let lesson = read("a\u{202e}.json", with("\"Line\"", r#""a\u001b[31m\u202eb""#).as_bytes()).unwrap();
    assert_eq!(lesson.steps[0].text.lines[0], "a\\u{1b}[31m\\u{202e}b");
    assert_eq!(&*lesson.name, "a\\u{202e}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    /// Any change to a lesson is a lesson or a fault.
    #[test]
    fn no_bytes_bring_the_reader_down(at in any::<prop::sample::Index>(), byte in any::<u8>(), cut in any::<bool>()) {
        let mut bytes = include_bytes!("../../../assets/lessons/race.json").to_vec();
        let at = at.index(bytes.len());
        bytes[at] = byte;
        if cut {
            bytes.truncate(at);
        }
        let read = read("x.json", &bytes);
        prop_assert!(read.is_ok() || !read.unwrap_err().text.is_empty());
    }
}

#[test]
fn the_built_in_lessons_are_within_the_limits_of_the_form() {
    for lesson in built_in() {
        let text =
            fs::read(format!("{}/assets/lessons/{}.json", env!("CARGO_MANIFEST_DIR"), lesson.name)).unwrap();
        let again = read("again.json", &text).map(Arc::new).unwrap();
        assert_eq!(again.title, lesson.title);
        assert!(lesson.steps.len() >= 4 && !lesson.try_it.is_empty());
    }
}
