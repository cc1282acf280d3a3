//! Moments: the open stream at one, and the whole list.

use super::hit::{Hit, HitKind, Take};
use super::sought::{Rank, Ranked, Sought};
use super::streams::shown;
use crate::app::intent::{Intent, TimeIntent};
use crate::app::list::Fit;
use crate::app::opened::Opened;
use crate::record::{Created, Moment, count, json, moment};

/// What the text means as a moment, or why it means none, where it was meant as one.
pub fn moments(sought: &Sought<'_>) -> Vec<Ranked> {
    match moment(sought.text, sought.now, sought.zone) {
        Ok(moments) => moments.iter().flat_map(|moment| of(sought, moment)).collect(),
        Err(why) if why.is_near() => {
            let title = format!("“{}” is not a moment", shown(sought.text.trim()));
            vec![(Rank::Wrong, Hit::wrong(title, json::safe(&why.to_string())))]
        }
        Err(_) => Vec::new(),
    }
}

fn of(sought: &Sought<'_>, moment: &Moment) -> Vec<Ranked> {
    let opened = sought.app.opened().filter(|opened| !opened.timeline().is_empty());
    let hits = opened.map(|opened| in_stream(sought, opened, moment)).into_iter().chain([whole_list(moment)]);
    // `3d` and `1764201600` are more often the beginning of an id.
    let is_id = sought.low.starts_with(|c: char| c.is_ascii_digit())
        && sought.low.bytes().all(|b| b.is_ascii_alphanumeric());
    let rank = Rank::Fit(if is_id { Fit::Word } else { Fit::Exact });
    hits.map(|hit| (rank, Hit { moment: Some(moment.at), ..hit })).collect()
}

fn in_stream(sought: &Sought<'_>, opened: &Opened, moment: &Moment) -> Hit {
    let timeline = opened.timeline();
    let found = timeline.density().last_until(moment.at).and_then(|index| timeline.get(index));
    let (title, mut effect) = if let Some(record) = found {
        let is_same_day = day(sought, record.created) == day(sought, moment.at);
        let created = if is_same_day {
            record.created.clock(sought.zone)
        } else {
            record.created.date_time(sought.zone)
        };
        let effect = format!("the last event at or before {} ({created})", moment.about);
        (format!("This stream at revision {}", count(record.revision.0)), effect)
    } else {
        let first = timeline.get(0).map_or(moment.at, |record| record.created);
        let first = first.date_time_offset(sought.zone);
        let effect = format!("{} is before its first event ({first})", moment.about);
        ("This stream before its first event".to_owned(), effect)
    };
    if opened.is_being_read() || opened.is_stopped() {
        effect.push_str(", of those read so far");
    }
    let go = Take::Intents(vec![Intent::Time(TimeIntent::GoToTime(moment.at))]);
    Hit::new(HitKind::Moment, title, noted(effect, moment), go)
}

fn whole_list(moment: &Moment) -> Hit {
    let title = format!("The whole list as of {}", moment.about);
    let go = Take::Intents(vec![Intent::Time(TimeIntent::AsOf(Some(moment.at)))]);
    Hit::new(HitKind::Moment, title, moment.note.clone(), go)
}

fn noted(effect: String, moment: &Moment) -> String {
    if moment.note.is_empty() { effect } else { format!("{effect}; {}", moment.note) }
}

/// `2026-03-01`.
fn day(sought: &Sought<'_>, at: Created) -> String {
    let mut text = at.date_time(sought.zone);
    text.truncate("2026-03-01".len());
    text
}
