//! The ten questions of the README, each asked of the samples by its command.

use crate::cli::{serve, text};

/// The words of a command, as a shell would give them.
fn words(line: &str) -> Vec<String> {
    let (mut words, mut quote) = (vec![String::new()], None);
    for sign in line.chars() {
        match (quote, sign) {
            (None, '"' | '\'') => quote = Some(sign),
            (Some(opened), _) if opened == sign => quote = None,
            (None, ' ') => words.push(String::new()),
            _ => words.last_mut().unwrap().push(sign),
        }
    }
    words
}

#[test]
fn each_is_answered_by_one_command() {
    let readme = include_str!("../../README.md");
    let section = readme.split("\n## ").find(|section| section.starts_with("Ten questions\n")).unwrap();
    let rows: Vec<_> = section.lines().filter(|line| line.contains("`hindsight ")).collect();
    assert_eq!(rows.len(), 10);
    let served = serve(&["--memory", "--samples"]);
    let says = [
        "customer-17@1",
        "order-398392e7",
        "customer-17@0",
        "OrderCreated",
        "$by_category",
        r#"state    ID "14ad6e22""#,
        "order-14ad6e22",
        "order-54a538e3@1",
        "$projections-sales-result",
        "Exported 3 events",
    ];
    for (row, says) in rows.into_iter().zip(says) {
        let command = row.split("`hindsight ").nth(1).unwrap().split('`').next().unwrap();
        let mut words = words(command);
        let file = served.folder.path().join("order.jsonl");
        if let Some(name) = words.iter_mut().find(|word| *word == "order.jsonl") {
            file.to_str().unwrap().clone_into(name);
        }
        let output = served.run(0, &words.iter().map(String::as_str).collect::<Vec<_>>());
        let told = format!("{}{}", text(&output.stdout), text(&output.stderr));
        assert!(told.contains(says), "{command}: {told}");
    }
}
