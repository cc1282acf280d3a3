//! The fields of `hindsight command`, which are named by definitions that nobody has read yet.

use clap::error::ErrorKind;
use clap::{Command, Error};
use std::ffi::OsString;

const VERB: &str = "command";

type Fields = Vec<(String, String)>;

/// Takes the fields out of the arguments: after `command` each option that is none of the program's, with its value.
pub fn split(
    arguments: impl IntoIterator<Item = OsString>,
    program: &Command,
) -> Result<(Vec<OsString>, Fields), Error> {
    let mut arguments = arguments.into_iter();
    let mut kept: Vec<OsString> = arguments.by_ref().take(1).collect();
    let mut fields = Vec::new();
    let mut is_verb = None;
    while let Some(argument) = arguments.next() {
        let text = argument.to_string_lossy().into_owned();
        if !text.starts_with('-') {
            is_verb.get_or_insert(text == VERB);
            kept.push(argument);
            continue;
        }
        let (name, value) = text.split_once('=').map_or((&*text, None), |(name, value)| (name, Some(value)));
        let takes_value = value.is_none().then(|| takes_value(program, name)).flatten();
        if takes_value.is_some() || value.is_some_and(|_| self::takes_value(program, name).is_some()) {
            kept.push(argument);
            if takes_value == Some(true) {
                kept.extend(arguments.next());
            }
            continue;
        }
        match name.strip_prefix("--").filter(|name| is_verb == Some(true) && !name.is_empty()) {
            Some(field) => {
                let next = || arguments.next().map(|value| value.to_string_lossy().into_owned());
                let value = value.map(str::to_owned).or_else(next);
                let missing =
                    || Error::raw(ErrorKind::InvalidValue, format!("The field --{field} has no value.\n"));
                fields.push((field.to_owned(), value.ok_or_else(missing)?));
            }
            None => kept.push(argument),
        }
    }
    Ok((kept, fields))
}

/// Whether the program's option takes a value; `None` where it is none of its own.
fn takes_value(program: &Command, option: &str) -> Option<bool> {
    if matches!(option, "--help" | "-h" | "--version" | "-V") {
        return Some(false);
    }
    let verb = program.find_subcommand(VERB)?;
    let named = |argument: &&clap::Arg| {
        let long = argument.get_long().is_some_and(|long| option.strip_prefix("--") == Some(long));
        let short = option.strip_prefix('-').and_then(|rest| rest.chars().next());
        long || !option.starts_with("--") && short.is_some() && argument.get_short() == short
    };
    let argument = program.get_arguments().chain(verb.get_arguments()).find(named)?;
    // `-cURL` has its value with it.
    let is_joined = !option.starts_with("--") && option.len() > 2;
    Some(argument.get_action().takes_values() && !is_joined)
}
