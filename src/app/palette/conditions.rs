//! A condition: on the listed streams, and on the history of the open one.

use super::hit::{Hit, HitKind, Take};
use super::sought::{Rank, Ranked, Sought};
use super::streams::shown;
use crate::aggregate::Condition;
use crate::app::intent::{Intent, ListIntent};
use crate::app::list::Fit;
use crate::record::json;

/// The text as a condition, or why it is none where it was meant as one.
pub fn conditions(sought: &Sought<'_>) -> Vec<Ranked> {
    let text = sought.text.trim();
    match Condition::in_filter(text) {
        Some(Ok(condition)) => {
            let title = format!("Filter by {}", shown(text));
            let effect = if condition.is_of_state() {
                "leaves the streams whose state meets it, and marks where it turns in the open one"
            } else {
                "marks the events of the open stream at which it turns"
            };
            let filter = Take::Intents(vec![Intent::List(ListIntent::Filter(text.to_owned()))]);
            vec![(Rank::Fit(Fit::Exact), Hit::new(HitKind::Search, title, effect, filter))]
        }
        Some(Err(fault)) => {
            let title = format!("“{}” is not a condition", shown(text));
            vec![(Rank::Wrong, Hit::wrong(title, json::safe(&fault.to_string())))]
        }
        None => Vec::new(),
    }
}
