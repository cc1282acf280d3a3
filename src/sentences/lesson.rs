//! Why a step of a lesson is not done.

use super::{append_error, store_error};
use crate::lesson::{Failure, Why};

pub fn lesson_failure(failure: &Failure) -> String {
    let why = match &failure.why {
        Why::Store(why) => store_error(why),
        Why::Append(why) => append_error(why),
        Why::Command(text) => format!("{text} Correct the fields in the lesson's file."),
        Why::NothingToSend(writer) => {
            format!("{writer} has nothing to send, because nothing could be decided. Start the lesson again.")
        }
    };
    format!("Step {} stopped: {why} What was done is kept; try again to go on from there.", failure.step + 1)
}
