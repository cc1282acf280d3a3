//! `hindsight lesson`, as a script meets it.

use crate::cli::{program, text};
use serde_json::Value;
use std::fs;
use std::process::Output;
use tempfile::TempDir;

#[track_caller]
fn play(folder: &TempDir, exit: i32, arguments: &[&str]) -> Output {
    let output = program(folder).arg("lesson").args(arguments).output().unwrap();
    assert_eq!(output.status.code(), Some(exit), "{arguments:?}: {}", text(&output.stderr));
    output
}

fn json(output: &Output) -> Vec<Value> {
    text(&output.stdout).lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn the_lessons_are_listed_and_one_is_played_to_its_end() {
    let folder = tempfile::tempdir().unwrap();
    let listed = text(&play(&folder, 0, &[]).stdout);
    assert!(listed.contains(" 3  Two writers race for one order (race, 7 steps)"), "{listed}");
    assert_eq!(json(&play(&folder, 0, &["--json"])).len(), 7);
    let played = text(&play(&folder, 0, &["3"]).stdout);
    for says in [
        "Step 5 of 7: Ben appends: the server says no",
        "  Ben: Append: refused: wrong expected revision",
        "    Expected 0, the stream is at 1. Nothing was written.",
        "    ✗  OrderPaid  by Ben, never written",
        "Try it in the window: Go back to step 5",
    ] {
        assert!(played.contains(says), "{says}\n{played}");
    }
    assert!(!folder.path().join("data").exists(), "nothing is left behind");
    let poison = text(&play(&folder, 0, &["poison-event"]).stdout);
    assert!(
        poison.contains("  Event at revision 1: {\"order_id\":\"")
            || poison.contains("  Event at revision 1: { \"order_id\""),
        "{poison}"
    );
    for number in 1..=7 {
        let played = text(&play(&folder, 0, &[&number.to_string()]).stdout);
        assert!(played.contains("Step 1 of ") && played.contains("Try it"), "{played}");
    }
}

#[test]
fn a_program_reads_each_step_and_what_was_chosen() {
    let folder = tempfile::tempdir().unwrap();
    let steps = json(&play(&folder, 0, &["race", "--json"]));
    assert_eq!(steps.len(), 7);
    assert_eq!(steps[4]["cards"][0]["writer"], "Ben");
    assert_eq!(steps[4]["cards"][0]["outcome"], "refused: wrong expected revision");
    assert_eq!(steps[4]["events"][2]["revision"], Value::Null);
    let any = json(&play(&folder, 0, &["race", "--any", "--json"]));
    assert_eq!(any[4]["events"][2]["revision"], 2);
    assert!(any[4]["events"][2]["problem"].as_str().unwrap().contains("already paid"));
}

#[test]
fn a_lesson_of_ones_own_is_played_by_name_and_by_file_and_its_faults_are_told() {
    let folder = tempfile::tempdir().unwrap();
    let own = folder.path().join("data/lessons");
    fs::create_dir_all(&own).unwrap();
    let race = include_str!("../../../assets/lessons/race.json");
    fs::write(own.join("desk.json"), race.replace("Two writers race", "Two desks race")).unwrap();
    fs::write(own.join("half.json"), &race[..400]).unwrap();
    let listed = play(&folder, 0, &[]);
    assert!(text(&listed.stdout).contains(" 8  Two desks race for one order (desk, 7 steps)"));
    assert!(text(&listed.stderr).starts_with("half.json, line "), "{}", text(&listed.stderr));
    for named in ["8", "desk", own.join("desk.json").to_str().unwrap()] {
        assert!(text(&play(&folder, 0, &[named]).stdout).starts_with("Two desks race"), "{named}");
    }
    let half = play(&folder, 2, &["half"]);
    assert!(text(&half.stderr).starts_with("half.json, line "), "{}", text(&half.stderr));
    let unknown = text(&play(&folder, 2, &["9"]).stderr);
    assert!(unknown.contains("There is no lesson 9. There are rehydration, "), "{unknown}");
    let missing = text(&play(&folder, 2, &["none.json"]).stderr);
    assert!(missing.contains("none.json: the file cannot be read"), "{missing}");
    let elsewhere = program(&folder).args(["-c", "esdb://127.0.0.1:1", "lesson", "1"]).output().unwrap();
    assert_eq!(elsewhere.status.code(), Some(2), "{}", text(&elsewhere.stderr));
}
