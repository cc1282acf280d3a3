//! Passwords in the operating system's keyring, on request. Each call may wait for a person who unlocks it.

use crate::app::{KeyringFault, Password};
use keyring_core::{Entry, Error, Result};

/// Under which the system lists what this program keeps.
const SERVICE: &str = "hindsight";

/// The password that is kept for the entry; `None` where there is none.
pub fn read(entry: &str) -> std::result::Result<Option<Password>, KeyringFault> {
    match opened(entry).and_then(|entry| entry.get_password()) {
        Ok(password) => Ok(Some(Password::from(password))),
        Err(Error::NoEntry) => Ok(None),
        Err(error) => Err(fault(&error)),
    }
}

pub fn keep(entry: &str, password: &Password) -> std::result::Result<(), KeyringFault> {
    let kept = opened(entry).and_then(|entry| entry.set_password(password.text()));
    kept.map_err(|error| fault(&error))
}

/// What is not there is forgotten already.
pub fn forget(entry: &str) -> std::result::Result<(), KeyringFault> {
    match opened(entry).and_then(|entry| entry.delete_credential()) {
        Ok(()) | Err(Error::NoEntry) => Ok(()),
        Err(error) => Err(fault(&error)),
    }
}

/// The system's service is looked for with the first entry, unless another store was set.
fn opened(entry: &str) -> Result<Entry> {
    if keyring_core::get_default_store().is_none()
        && let Err(error) = keyring::Entry::store_status()
    {
        // It is asked once: the same is told each time.
        return Err(Error::NoStorageAccess(error.to_string().into()));
    }
    Entry::new(SERVICE, entry)
}

/// Errors that hold what was read are told by their kind alone.
fn fault(error: &Error) -> KeyringFault {
    match error {
        Error::NoDefaultStore => KeyringFault::Absent("no service is known here".to_owned()),
        Error::NoStorageAccess(why) => KeyringFault::Absent(why.to_string()),
        Error::BadEncoding(_) | Error::BadDataFormat(..) => {
            KeyringFault::Failed("what is kept is no password".to_owned())
        }
        error => KeyringFault::Failed(error.to_string()),
    }
}
