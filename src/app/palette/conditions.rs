//! A condition: on the listed streams, and on the history of the open one.

use super::hit::{Hit, HitKind, Take};
use super::sought::{Rank, Ranked, Sought};
use super::streams::shown;
use crate::aggregate::Condition;
use crate::app::intent::{Dialog, Intent, ListIntent, ViewIntent};
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
            let filter = Intent::List(ListIntent::Filter(text.to_owned()));
            let open = Intent::View(ViewIntent::Open(Dialog::Ever));
            let ever = Take::Intents(vec![filter.clone(), open]);
            let reads = "filters by it, and reads every event of the list: in which streams, and where first";
            let ever = Hit::new(HitKind::Search, format!("Ever true: {}", shown(text)), reads, ever);
            let filter = Hit::new(HitKind::Search, title, effect, Take::Intents(vec![filter]));
            vec![(Rank::Fit(Fit::Exact), filter), (Rank::Fit(Fit::Start), ever)]
        }
        Some(Err(fault)) => {
            let title = format!("“{}” is not a condition", shown(text));
            vec![(Rank::Wrong, Hit::wrong(title, json::safe(&fault.to_string())))]
        }
        None => Vec::new(),
    }
}
