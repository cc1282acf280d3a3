//! The fields of `hindsight command`, which are named by definitions that nobody has read yet.

use clap::error::ErrorKind;
use clap::{Arg, Command, Error};
use std::ffi::OsString;

const VERB: &str = "command";

type Fields = Vec<(String, String)>;

/// Takes the fields out of the arguments: after `command` each long option that is none of its own, with its value.
pub fn split(
    arguments: impl IntoIterator<Item = OsString>,
    program: &Command,
) -> Result<(Vec<OsString>, Fields), Error> {
    let mut arguments = arguments.into_iter();
    let mut kept: Vec<OsString> = arguments.by_ref().take(1).collect();
    let mut fields = Vec::new();
    let options: Vec<&Arg> = program.get_arguments().collect();
    while let Some(argument) = arguments.next() {
        let text = argument.to_string_lossy().into_owned();
        kept.push(argument);
        if takes_next(&options, &text) == Some(true) {
            kept.extend(arguments.next());
        } else if text == "--" || !text.starts_with('-') {
            if text == VERB {
                break;
            }
            kept.extend(arguments);
            return Ok((kept, fields));
        }
    }
    let options = own_options(program);
    while let Some(argument) = arguments.next() {
        let text = argument.to_string_lossy().into_owned();
        if let Some(takes_next) = takes_next(&options, &text) {
            kept.push(argument);
            kept.extend(arguments.by_ref().take(usize::from(takes_next)));
        } else if text.starts_with("--") && text != "--" && !text.starts_with("--=") {
            fields.push(field(argument, &options, &mut arguments)?);
        } else {
            kept.push(argument);
            if text == "--" {
                kept.extend(arguments.by_ref());
            }
        }
    }
    Ok((kept, fields))
}

/// Whether `--NAME` after `command` is an option of the program, so that no field is given by it.
pub fn is_option(name: &str, program: &Command) -> bool {
    takes_next(&own_options(program), &format!("--{name}")).is_some()
}

fn own_options(program: &Command) -> Vec<&Arg> {
    let global = program.get_arguments().filter(|argument| argument.is_global_set());
    global.chain(program.find_subcommand(VERB).into_iter().flat_map(Command::get_arguments)).collect()
}

/// A field that begins with this argument.
fn field(
    argument: OsString,
    options: &[&Arg],
    following: &mut impl Iterator<Item = OsString>,
) -> Result<(String, String), Error> {
    let invalid = |text: String| Error::raw(ErrorKind::InvalidValue, text + "\n");
    let utf8 = |argument: OsString| {
        let text = |argument: OsString| format!("{} is no UTF-8 text.", argument.to_string_lossy());
        argument.into_string().map_err(|argument| invalid(text(argument)))
    };
    let argument = utf8(argument)?;
    let name = argument.strip_prefix("--").unwrap_or(&argument);
    if let Some((name, value)) = name.split_once('=') {
        return Ok((name.to_owned(), value.to_owned()));
    }
    let Some(value) = following.next() else {
        let text = format!("The field {argument} has no value. Give one, or {argument}= where it is empty.");
        return Err(invalid(text));
    };
    let value = utf8(value)?;
    if takes_next(options, &value).is_some() {
        let text = format!(
            "The field {argument} has no value: {value} is an option. Where it is meant as text, write {argument}={value}."
        );
        return Err(invalid(text));
    }
    Ok((name.to_owned(), value))
}

/// Whether the option has its value in the next argument; `None` where the text is none of these options.
fn takes_next(options: &[&Arg], text: &str) -> Option<bool> {
    let (name, value) = text.split_once('=').map_or((text, None), |(name, value)| (name, Some(value)));
    if matches!(name, "--help" | "-h") {
        return Some(false);
    }
    let long = name.strip_prefix("--");
    let short = name.strip_prefix('-').and_then(|rest| rest.chars().next());
    let named = |argument: &&&Arg| {
        long.map_or(short.is_some() && argument.get_short() == short, |long| {
            argument.get_long() == Some(long)
        })
    };
    let argument = options.iter().find(named)?;
    // `-cURL` has its value with it.
    let has_value = value.is_some() || long.is_none() && name.len() > 2;
    Some(argument.get_action().takes_values() && !has_value)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that cannot unwrap should fail")]

    use super::*;
    use crate::cli::program;
    use proptest::prelude::*;

    fn split_texts(texts: &[&str]) -> Result<(Vec<String>, Fields), String> {
        let arguments = ["hindsight"].iter().chain(texts).map(OsString::from);
        let (kept, fields) = split(arguments, &program()).map_err(|error| error.to_string())?;
        Ok((kept.into_iter().skip(1).map(|text| text.into_string().unwrap()).collect(), fields))
    }

    #[track_caller]
    fn splits(texts: &str, kept: &str, fields: &[(&str, &str)]) {
        let texts: Vec<&str> = texts.split(' ').collect();
        let (told, found) = split_texts(&texts).unwrap();
        let found: Vec<_> = found.iter().map(|(name, value)| (&**name, &**value)).collect();
        assert_eq!((told.join(" ").as_str(), &*found), (kept, fields));
    }

    #[test]
    fn after_command_what_is_no_option_is_a_field() {
        splits("command", "command", &[]);
        splits("command Pay --amount 5 --dry-run", "command Pay --dry-run", &[("amount", "5")]);
        splits("command --dry-run --amount 5 Pay", "command --dry-run Pay", &[("amount", "5")]);
        splits("command Pay --amount=5=6 --b=", "command Pay", &[("amount", "5=6"), ("b", "")]);
        splits("command Pay --a -5 --b --c --d -", "command Pay", &[("a", "-5"), ("b", "--c"), ("d", "-")]);
        splits("command Pay -c x --a 1 --data-dir=y", "command Pay -c x --data-dir=y", &[("a", "1")]);
        splits("-c command command -cx -c=y --expect 3", "-c command command -cx -c=y --expect 3", &[]);
        splits("command Pay --owner=--dry-run", "command Pay", &[("owner", "--dry-run")]);
        splits("command Pay --a -- --b 2 -- --c 3", "command Pay -- --c 3", &[("a", "--"), ("b", "2")]);
        splits("command Pay --help -h --amount 1", "command Pay --help -h", &[("amount", "1")]);
    }

    #[test]
    fn options_of_the_window_alone_may_be_names_of_fields() {
        splits(
            "command Move --at 5 --stream x --version 2",
            "command Move",
            &[("at", "5"), ("stream", "x"), ("version", "2")],
        );
        splits("command Move --Category x --category y", "command Move --category y", &[("Category", "x")]);
        let is_option = |name: &&str| is_option(name, &program());
        assert!(["category", "connection", "help"].iter().all(is_option));
        assert!(!["Category", "at", "amount"].iter().any(is_option));
    }

    #[test]
    fn other_commands_keep_all_they_are_given() {
        for texts in ["list --amount 5", "-c x show command --amount 5", "-- command --a b", "--at 5 --odd x"]
        {
            splits(texts, texts, &[]);
        }
    }

    #[test]
    fn a_field_without_a_value_is_named() {
        for (texts, says) in [
            (&["command", "Pay", "--amount"][..], "The field --amount has no value. Give one, or --amount="),
            (
                &["command", "Pay", "--owner", "--dry-run"],
                "--dry-run is an option. Where it is meant as text",
            ),
            (&["command", "Pay", "--owner", "-c"], "-c is an option."),
        ] {
            let error = split_texts(texts).unwrap_err();
            assert!(error.contains(says), "{error}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_field_that_is_no_text_is_an_error() {
        use std::os::unix::ffi::OsStringExt;
        for field in [&[&b"--a\xff"[..], b"1"][..], &[b"--a", b"\xff"], &[b"--a=\xff"]] {
            let verb = [&b"hindsight"[..], b"command", b"Pay"];
            let arguments = verb.iter().chain(field).map(|bytes| OsString::from_vec(bytes.to_vec()));
            let error = split(arguments, &program()).unwrap_err().to_string();
            assert!(error.contains("is no UTF-8 text."), "{error}");
        }
    }

    /// Whether the arguments are these kept ones and fields, each in its order.
    fn is_made_of(arguments: &[String], kept: &[String], fields: &[(String, String)]) -> bool {
        let Some((first, rest)) = arguments.split_first() else {
            return kept.is_empty() && fields.is_empty();
        };
        let is_kept = kept.first() == Some(first) && is_made_of(rest, &kept[1..], fields);
        is_kept
            || fields.split_first().is_some_and(|((name, value), fields)| {
                let apart = *first == format!("--{name}") && rest.first() == Some(value);
                *first == format!("--{name}={value}") && is_made_of(rest, kept, fields)
                    || apart && is_made_of(&rest[1..], kept, fields)
            })
    }

    proptest! {
        #[test]
        fn no_argument_is_lost(
            words in proptest::collection::vec(
                prop_oneof![
                    Just("command".to_owned()), Just("--".to_owned()), Just("--dry-run".to_owned()), Just("-c".to_owned()),
                    "--[a-zé]{0,2}=?[a-z=-]{0,2}", "-{0,3}[a-z]{0,2}", "\\PC{0,4}"
                ],
                0..9,
            )
        ) {
            let begun: Vec<String> = ["hindsight".to_owned()].into_iter().chain(words).collect();
            if let Ok((kept, fields)) = split(begun.iter().map(OsString::from), &program()) {
                let kept: Vec<String> = kept.into_iter().map(|text| text.into_string().unwrap()).collect();
                prop_assert!(is_made_of(&begun, &kept, &fields), "{begun:?} {kept:?} {fields:?}");
                prop_assert!(fields.is_empty() || kept.iter().any(|text| text == "command"));
            }
        }
    }
}
