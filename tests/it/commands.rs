//! `hindsight command`: any command of a definition, with its fields as options.

use crate::cli::{Served, program, serve, text};
use serde_json::Value;
use std::fs;

const ACCOUNTS: &str = include_str!("../../assets/accounts.js");

fn define(served: &Served, file: &str, definition: &str) {
    let folder = served.folder.path().join("data").join("aggregates");
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join(file), definition).unwrap();
}

/// A server without events, and the accounts' definition.
fn bank() -> Served {
    let served = serve(&["--memory"]);
    define(&served, "accounts.js", ACCOUNTS);
    served
}

/// With account 7, which holds 100.
fn account() -> Served {
    let served = bank();
    served.run(0, &["command", "OpenAccount", "--owner", "ada", "--currency", "EUR", "--account", "7"]);
    served.run(0, &["command", "DepositMoney", "--account", "7", "--amount", "100"]);
    served
}

#[track_caller]
fn fails(served: &Served, exit: i32, arguments: &[&str], says: &str) {
    let output = served.run(exit, &[&["command"], arguments].concat());
    let (out, error) = (text(&output.stdout), text(&output.stderr));
    assert!(error.contains(says), "{arguments:?}: {error}");
    assert!(out.is_empty() && error.trim_end().lines().count() == 1, "{arguments:?}: {out}{error}");
}

#[test]
fn without_a_name_the_commands_are_listed() {
    let served = bank();
    let listed = text(&served.run(0, &["command"]).stdout);
    let lines: Vec<_> = listed.lines().collect();
    assert_eq!(
        lines,
        [
            "hindsight command OpenAccount --Owner TEXT --Currency EUR|USD|GBP [--Account TEXT]   (account: Open account)",
            "hindsight command DepositMoney --Account TEXT --Amount NUMBER   (account: Deposit money)",
            "hindsight command WithdrawMoney --Account TEXT --Amount NUMBER   (account: Withdraw money)",
            "hindsight command CloseAccount --Account TEXT   (account: Close account)",
            "hindsight command create --User TEXT --Total NUMBER [--Order TEXT]   (order: Create order)",
            "hindsight command pay --Order TEXT   (order: Pay order)",
        ]
    );
    fails(&served, 2, &["--amount", "3"], "Name the command before its field --amount.");
}

#[test]
fn a_command_is_appended_and_stands_in_the_journal() {
    let served = account();
    let output = served.run(0, &["command", "WithdrawMoney", "--account", "7", "--amount", "20.50"]);
    assert_eq!(text(&output.stdout), "Appended MoneyWithdrawn to account-7 as revision 2.\n");
    let output = served.run(0, &["command", "withdraw-money", "--amount=0.5", "--json", "--account=7"]);
    let line = r#"{"stream":"account-7","revision":3,"event":"MoneyWithdrawn","appended":true}"#;
    assert_eq!(text(&output.stdout).trim(), line);
    let events = served.events("account-7");
    assert_eq!(events[3]["state"]["Balance"], 79);
    assert_eq!(events[2]["data"].to_string(), r#"{"Amount":20.5}"#);
    let journal = served.json(&["journal"]);
    let told: Vec<_> = journal.iter().map(|entry| (&entry["stream"], &entry["revision"])).collect();
    assert_eq!(told.len(), 4);
    assert_eq!(told[3], (&"account-7".into(), &3.into()));
    assert_eq!(journal[3]["expected"], "exactly 2");
}

#[test]
fn a_dry_run_shows_the_write_and_writes_nothing() {
    let served = account();
    for arguments in [
        &["DepositMoney", "--account", "7", "--amount", "5", "--dry-run"][..],
        &["DepositMoney", "--dry-run", "--amount", "5", "--account", "7"],
        &["--dry-run", "--amount=5", "DepositMoney", "--account=7"],
    ] {
        let output = served.run(0, &[&["command"], arguments].concat());
        let says = "Dry run: MoneyDeposited {\"Amount\":5} would be appended to account-7 as revision 2, expecting exactly 1. Nothing was written.\n";
        assert_eq!(text(&output.stdout), says);
    }
    let dry_run = ["command", "DepositMoney", "--account", "7", "--amount", "5", "--dry-run"];
    let line = &served.json(&dry_run)[0];
    assert_eq!((&line["appended"], &line["revision"]), (&Value::Bool(false), &2.into()));
    assert_eq!(served.events("account-7").len(), 2);
    assert_eq!(served.json(&["journal"]).len(), 2);
}

#[test]
fn what_cannot_be_a_command_is_a_sentence() {
    let served = account();
    for (arguments, says) in [
        (
            &["Nope"][..],
            "There is no command Nope. There are OpenAccount, DepositMoney, WithdrawMoney, CloseAccount, create, pay.",
        ),
        (
            &["create", "--category", "account"],
            "There is no command create of category account. There are OpenAccount,",
        ),
        (&["pay", "--category", "x"], "There is no command pay of category x. There is none at all."),
        (&["-", "--amount", "3"], "There is no command -."),
        (
            &["WithdrawMoney", "--account", "7"],
            "WithdrawMoney needs --Amount. Usage: hindsight command WithdrawMoney --Account TEXT --Amount NUMBER",
        ),
        (&["OpenAccount"], "OpenAccount needs --Owner and --Currency."),
        (&["OpenAccount", "--owner", "", "--currency", "EUR"], "OpenAccount needs --Owner."),
        (&["OpenAccount", "--owner=", "--currency", "EUR"], "OpenAccount needs --Owner."),
        (&["WithdrawMoney", "--account", "7", "--amount"], "The field --amount has no value."),
        (
            &["OpenAccount", "--currency", "EUR", "--owner", "--dry-run"],
            "--dry-run is an option. Where it is meant as text, write --owner=--dry-run.",
        ),
        (
            &["WithdrawMoney", "--account", "7", "--amoun", "3"],
            "WithdrawMoney has no field --amoun. It has --Account, --Amount.",
        ),
        (&["WithdrawMoney", "--account", "7", "--Account", "7"], "The field --Account is given twice."),
        (&["WithdrawMoney", "--account", "7", "--amount", "1,50"], "The Amount \"1,50\" is not a number."),
        (
            &["OpenAccount", "--owner", "a", "--currency", "CHF"],
            "The Currency \"CHF\" is none of its words. Use EUR, USD, GBP.",
        ),
    ] {
        fails(&served, 2, arguments, says);
    }
    served.run(2, &["command", "WithdrawMoney", "--account", "7", "--amount", "3", "more"]);
    served.run(2, &["command", "WithdrawMoney", "--account", "7", "--amount", "3", "--expect", "x"]);
    assert_eq!(served.events("account-7").len(), 2);
}

#[cfg(unix)]
#[test]
fn arguments_that_are_no_text_are_an_error() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    let served = account();
    for (field, value) in
        [(&b"--amount"[..], &b"\xff"[..]), (b"--am\xff", b"1"), (b"--amount=\xff", b"--json")]
    {
        let mut command = served.command(&["command", "DepositMoney", "--account", "7"]);
        let output = command.args([OsStr::from_bytes(field), OsStr::from_bytes(value)]).output().unwrap();
        assert_eq!(output.status.code(), Some(2));
        assert!(text(&output.stderr).contains("is no UTF-8 text."), "{}", text(&output.stderr));
    }
}

#[test]
fn the_definition_refuses_with_its_reason() {
    let served = account();
    let withdraw = |amount| ["WithdrawMoney", "--account", "7", "--amount", amount];
    fails(&served, 3, &withdraw("100.01"), "Refused: the balance is 100.");
    fails(&served, 3, &withdraw("-3"), "Refused: the amount must be above zero.");
    fails(&served, 3, &["CloseAccount", "--account", "8"], "Refused: the account is not open.");
    fails(&served, 3, &["CloseAccount", "--account", "7", "--dry-run"], "Refused: the balance is 100.");
    let again = ["OpenAccount", "--owner", "b", "--currency", "EUR", "--account", "7"];
    fails(&served, 3, &again, "Refused: the account was opened before.");
    assert_eq!(served.events("account-7").len(), 2);
}

#[test]
fn another_revision_than_expected_is_a_conflict() {
    let served = account();
    let deposit = ["DepositMoney", "--expect", "0", "--account", "7", "--amount", "1"];
    fails(&served, 4, &deposit, "Conflict: the write expected exactly 0, the stream is at revision 1.");
    served.run(0, &["command", "DepositMoney", "--account", "7", "--amount", "1", "--expect", "1"]);
    assert_eq!(served.events("account-7").len(), 3);
}

#[test]
fn production_is_written_to_only_where_it_is_meant() {
    let served = account();
    served.write("$server-info", "$ServerInfo", br#"{"name":"bank","production":true}"#);
    let deposit = ["DepositMoney", "--account", "7", "--amount", "1"];
    fails(&served, 6, &deposit, "bank declares itself production. Add --production");
    served.run(0, &["command", "DepositMoney", "--account", "7", "--amount", "1", "--dry-run"]);
    served.run(0, &["command", "DepositMoney", "--account", "7", "--production", "--amount", "1"]);
    assert_eq!(served.events("account-7").len(), 3);
}

#[test]
fn the_connection_may_stand_behind_the_fields() {
    let served = account();
    let folder = served.folder.path().join("elsewhere");
    fs::create_dir(&folder).unwrap();
    fs::write(folder.join("accounts.js"), ACCOUNTS).unwrap();
    let other = tempfile::tempdir().unwrap();
    let mut command = program(&other);
    command.args(["command", "DepositMoney", "--account", "7", "--amount", "1", "-c", &served.url]);
    let output = command.arg("--aggregates").arg(&folder).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    assert_eq!(served.events("account-7").len(), 3);
    let missing = program(&other).args(["--aggregates", "nowhere", "command"]).output().unwrap();
    assert_eq!(missing.status.code(), Some(2));
    assert!(text(&missing.stderr).contains("--aggregates nowhere is no folder."));
}

#[test]
fn values_may_begin_with_hyphens() {
    let served = bank();
    for (account, owner) in [("1", "--ada"), ("2", "-x"), ("3", "--"), ("4", "a=b --c")] {
        served
            .run(0, &["command", "OpenAccount", "--currency", "EUR", "--account", account, "--owner", owner]);
        assert_eq!(served.events(&format!("account-{account}"))[0]["state"]["Owner"], owner);
    }
    let owner = "--owner=--dry-run";
    served.run(0, &["command", "OpenAccount", "--currency", "EUR", "--account", "5", owner]);
    assert_eq!(served.events("account-5")[0]["state"]["Owner"], "--dry-run");
    let fresh = served.run(0, &["command", "OpenAccount", "--currency", "EUR", "--owner", "ada"]);
    assert!(text(&fresh.stdout).starts_with("Appended AccountOpened to account-"));
}

#[test]
fn the_commands_of_orders_are_run_alike() {
    let served = serve(&["--memory"]);
    served.run(0, &["command", "create", "--user", "ada", "--total", "99.90", "--order", "1"]);
    assert_eq!(
        served.events("order-1")[0]["data"].to_string(),
        r#"{"OrderID":"1","Total":99.9,"UserID":"ada"}"#
    );
    served.run(0, &["command", "pay", "--order", "1"]);
    fails(&served, 3, &["pay", "--order", "1"], "Refused: order 1 is already paid");
    fails(&served, 2, &["create", "--user", "ada", "--total", "x"], "total");
    assert_eq!(served.json(&["list"])[0]["status"], "paid");
}

const NAMES: &str = r#"aggregate({ category: "name", when: {}, commands: {
  AddItem: { fields: { Id: "text" }, decide() { return [event("One", {})]; } },
  "add-item": { fields: { Id: "text" }, decide() { return [event("Two", {})]; } },
  Options: {
    fields: { Id: "text", category: "text", "dry run": "text", Version: "text", at: "text" },
    decide(s, c) { return [event("Given", c)]; } },
  pay: { fields: { Id: "text" }, decide() { return [event("Paid", {})]; } },
} })"#;

#[test]
fn a_name_that_several_commands_have_is_asked_for() {
    let served = serve(&["--memory"]);
    define(&served, "names.js", NAMES);
    fails(
        &served,
        2,
        &["pay", "--id", "1"],
        "name and order both have a command pay. Say which with --category.",
    );
    fails(&served, 2, &["ADDITEM", "--id", "1"], "ADDITEM may be AddItem or add-item.");
    served.run(0, &["command", "pay", "--category", "name", "--id", "1"]);
    served.run(0, &["command", "add-item", "--id", "1"]);
    served.run(0, &["command", "AddItem", "--id", "1"]);
    let types: Vec<Value> = served.events("name-1").iter().map(|event| event["type"].clone()).collect();
    assert_eq!(types, ["Paid", "Two", "One"]);
}

#[test]
fn a_field_that_is_named_like_an_option_is_given_in_upper_case() {
    let served = serve(&["--memory"]);
    define(&served, "names.js", NAMES);
    let listed = text(&served.run(0, &["command"]).stdout);
    assert!(listed.contains("--CATEGORY TEXT --DRY-RUN TEXT --Version TEXT --at TEXT"), "{listed}");
    let fields = ["--id", "1", "--CATEGORY", "a", "--DRY-RUN", "b", "--version", "c", "--at", "d"];
    served.run(0, &[&["command", "Options", "--category", "name"], &fields[..]].concat());
    let data = &served.events("name-1")[0]["data"];
    let told = ["category", "dry run", "Version", "at"].map(|name| data[name].as_str().unwrap());
    assert_eq!(told, ["a", "b", "c", "d"]);
}

#[test]
fn a_definition_that_cannot_be_read_is_told_and_the_others_count() {
    let served = account();
    define(&served, "broken.js", "aggregate({\n  x: }");
    let output = served.run(0, &["command", "DepositMoney", "--account", "7", "--amount", "1"]);
    assert_eq!(text(&output.stderr), "Definition broken.js:2:6: unexpected token in expression: '}'.\n");
    assert_eq!(served.events("account-7").len(), 3);
}

/// The README's section on definitions.
fn section() -> &'static str {
    let readme = include_str!("../../README.md");
    let section = readme.split("\n## ").find(|section| section.starts_with("Aggregates of your own\n"));
    section.unwrap()
}

#[test]
fn the_readme_shows_the_example_as_it_is() {
    let shown = section().split("```").find_map(|part| part.strip_prefix("js\n"));
    assert_eq!(shown.unwrap(), ACCOUNTS);
}

#[test]
fn the_readmes_commands_run_on_the_samples() {
    let served = serve(&["--memory", "--samples"]);
    define(&served, "accounts.js", ACCOUNTS);
    let blocks = section().split("```").filter_map(|part| part.strip_prefix("sh\n"));
    let lines: Vec<_> =
        blocks.flat_map(str::lines).filter_map(|line| line.strip_prefix("hindsight ")).collect();
    assert_eq!(lines.len(), 6);
    for line in lines {
        let exit = i32::from(line.starts_with("check "));
        served.run(exit, &line.split(' ').collect::<Vec<_>>());
    }
    let events = served.events("account-7");
    assert_eq!(events.len(), 6, "one of the two was a dry run");
    assert_eq!(events[5]["state"]["Balance"], 54.65);
    let listed = served.json(&["list", "--category", "account"]);
    let told: Vec<_> = listed.iter().map(|row| (row["status"].as_str(), row["problems"].as_u64())).collect();
    let (open, closed) = (Some("open"), Some("closed"));
    assert_eq!(told, [(open, Some(1)), (closed, Some(0)), (open, Some(0)), (open, Some(0)), (open, Some(0))]);
}
