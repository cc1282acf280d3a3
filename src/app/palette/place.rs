//! Places of the open stream: revisions, event types and fields.

use super::hit::{Hit, HitKind, Take};
use super::sought::{Rank, Ranked, Sought};
use crate::aggregate::leaves;
use crate::app::asking::AskIntent;
use crate::app::intent::{Intent, Tab, TimeIntent, ViewIntent};
use crate::app::list::Fit;
use crate::app::opened::Opened;
use crate::record::{Revision, count, json, plural};
use std::sync::Arc;

/// Fields, and event types, that are offered.
const MOST: usize = 8;
/// Characters of a value that are shown.
const SHOWN: usize = 60;

/// `12`, `rev 12`, `revision 812,331`, as the window writes it.
pub fn named_revision(text: &str) -> Option<Revision> {
    let lower = text.trim().to_lowercase();
    let digits = lower.strip_prefix("revision").or_else(|| lower.strip_prefix("rev")).unwrap_or(&lower);
    let digits = digits.trim();
    let (first, groups) = digits.split_once(',').map_or((digits, None), |(first, rest)| (first, Some(rest)));
    let is_grouped = |groups: &str| first.len() <= 3 && groups.split(',').all(|group| group.len() == 3);
    let is_number = digits.starts_with(|c: char| c.is_ascii_digit()) && groups.is_none_or(is_grouped);
    is_number.then(|| digits.replace(',', "").parse().ok().map(Revision))?
}

/// The revision of the open stream that the text names.
pub fn revision(sought: &Sought<'_>) -> Option<Ranked> {
    let (revision, opened) = (named_revision(sought.text)?, sought.app.opened()?);
    let go = Take::Intents(vec![Intent::Time(TimeIntent::GoTo(revision))]);
    let title = format!("This stream at revision {}", count(revision.0));
    let hit = |effect: String| Some((Rank::Fit(Fit::Exact), Hit::new(HitKind::Revision, title, effect, go)));
    let timeline = opened.timeline();
    let (first, last) = (timeline.first_revision(), opened.last_shown());
    if let Some(index) = timeline.index_at(revision).filter(|_| timeline.last_revision() >= Some(revision)) {
        return hit(event(sought, opened, index));
    }
    match (first, last) {
        (Some(first), Some(last)) if (first..=last).contains(&revision) => {
            hit("one of its events".to_owned())
        }
        _ if opened.is_being_read() => hit("once its events are read so far".to_owned()),
        (Some(first), Some(last)) => {
            let why = format!("it has revisions {} to {}", count(first.0), count(last.0));
            let title = format!("There is no revision {} in this stream", count(revision.0));
            Some((Rank::Wrong, Hit::wrong(title, why)))
        }
        _ => None,
    }
}

/// An event of the open stream: its type and its time.
pub fn event(sought: &Sought<'_>, opened: &Opened, index: usize) -> String {
    let Some(record) = opened.timeline().get(index) else { return String::new() };
    let event_type = json::one_line(record.event_type.as_bytes(), SHOWN);
    format!("{event_type}, {}", record.created.date_time_offset(sought.zone))
}

/// The next event of each type whose name is like the text.
pub fn event_types(sought: &Sought<'_>) -> Vec<Ranked> {
    let Some(opened) = sought.app.opened() else { return Vec::new() };
    let density = opened.timeline().density();
    let fits = density
        .types()
        .filter_map(|(name, events)| Some((Fit::of(&name.to_lowercase(), &sought.low)?, name, events)));
    let hit = |(fit, name, events): (Fit, &Arc<str>, usize)| {
        let next = density.next_of_type(name, opened.index());
        let which = if next.is_some() { "next" } else { "first" };
        let record = opened.timeline().get(next.or_else(|| density.next_of_type(name, None))?)?;
        let name = json::one_line(name.as_bytes(), SHOWN);
        let (events, revision) = (plural(events as u64, "event"), count(record.revision.0));
        let effect =
            format!("{events} of this type in this stream; goes to the {which}, revision {revision}");
        let go = Intent::Time(TimeIntent::GoTo(record.revision));
        Some((Rank::Fit(fit), Hit::one(HitKind::Event, name, effect, go)))
    };
    let mut all: Vec<_> = fits.collect();
    all.sort_by_key(|(fit, ..)| *fit);
    all.into_iter().take(MOST).filter_map(hit).collect()
}

/// The fields of the state at the playhead whose name is like the text.
pub fn fields(sought: &Sought<'_>) -> Vec<Ranked> {
    let Some(opened) = sought.app.opened() else { return Vec::new() };
    let fields = opened.frame().fields.as_deref().unwrap_or_default();
    let fits = leaves(fields)
        .into_iter()
        .filter_map(|(path, token)| Some((Fit::of(&path.to_lowercase(), &sought.low)?, path, token)));
    let mut all: Vec<_> = fits.collect();
    all.sort_by_key(|(fit, ..)| *fit);
    let hit = |(fit, path, token): (Fit, &Arc<str>, &Arc<str>)| {
        let title = format!("Field {}", json::one_line(path.as_bytes(), SHOWN));
        let effect = format!("shows its history; {} here", json::one_line(token.as_bytes(), SHOWN));
        let asks =
            [Intent::View(ViewIntent::Tab(Tab::State)), Intent::Ask(AskIntent::Field(Some(path.clone())))];
        (Rank::Fit(fit), Hit::new(HitKind::Field, title, effect, Take::Intents(asks.into())))
    };
    all.into_iter().take(MOST).map(hit).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_revisions() {
        assert_eq!(named_revision("rev 12"), Some(Revision(12)));
        assert_eq!(named_revision("12"), Some(Revision(12)));
        assert_eq!(named_revision("Rev 1,812,331"), Some(Revision(1_812_331)));
        assert_eq!(named_revision("1,2"), None);
        assert_eq!(named_revision("1812,331"), None);
        assert_eq!(named_revision("+12"), None);
        assert_eq!(named_revision("7f3c"), None);
    }
}
