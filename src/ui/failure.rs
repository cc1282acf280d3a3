//! The window's sentences for what failed.

use crate::app::{Failure, Notice, Said};
use crate::sentences::{
    append_error, connection_fault, definition_fault, export_fault, history_file_fault, journal_unreadable,
    keyring_fault, panicked, picture, sandbox_fault, settings_set_aside, store_error,
};
use crate::store::StoreError;
use std::borrow::Cow;

pub fn failure(failure: &Failure) -> String {
    match failure {
        Failure::Store(error) => store_error(error),
        Failure::Sandbox(fault) => sandbox_fault(fault),
        Failure::Journal(why) => journal_unreadable(why),
        Failure::AnotherDatabase => "This server now holds another database.".to_owned(),
        Failure::NotWritten { event_type, stream, error } => {
            let what = event_type.as_deref().unwrap_or("The event");
            format!("{what} was not written to {stream}: {}", append_error(error))
        }
        Failure::Keyring(fault) => keyring_fault(fault),
        Failure::Connections(fault) => connection_fault(fault),
        Failure::Definition { file, fault, counts } => {
            let before = if *counts { " It counts as it was before." } else { "" };
            format!("{}{before}", definition_fault(file, fault))
        }
        Failure::HistoryFile(file, fault) => history_file_fault(file, fault),
        Failure::Export { stream, file, fault } => export_fault(stream, file, fault),
        Failure::Blocked(why) => why.clone(),
        Failure::Panicked { report, during } => panicked(report, *during),
        Failure::Picture { file, why } => picture(file, why),
        Failure::SettingsSetAside { file, kept, why } => settings_set_aside(file, kept, why),
    }
}

pub fn notice(notice: &Notice) -> Cow<'_, str> {
    match notice.said() {
        Said::Text(text) => text.into(),
        Said::Failure(why) => failure(why).into(),
    }
}

/// Why a command cannot be decided on a stream that cannot be read.
pub fn unreadable(why: &StoreError) -> String {
    format!("The stream cannot be read, so nothing is decided on it: {} F5 asks again.", store_error(why))
}
