//! Moments on the command line.

use super::failure::Failure;
use crate::record::{Created, Revision, json, moment};
use crate::sentences::not_there_yet;
use jiff::tz::TimeZone;

/// How far a history is shown.
pub enum Until {
    Revision(Revision),
    Moment(Created),
}

/// A moment that has been, in this system's time zone.
pub fn past_moment(option: &str, text: &str) -> Result<Created, Failure> {
    let now = Created::now();
    let found = moment::only(text, now, &TimeZone::system());
    let at = found.map_err(|why| Failure::Usage(format!("{option}: {}", json::safe(&why.to_string()))))?.at;
    if at > now { Err(Failure::Usage(format!("{option}: {}", not_there_yet(at)))) } else { Ok(at) }
}

/// A number alone is a revision.
pub fn until(option: &str, text: &str) -> Result<Until, Failure> {
    match text.parse() {
        Ok(revision) => Ok(Until::Revision(Revision(revision))),
        Err(_) => past_moment(option, text).map(Until::Moment),
    }
}
