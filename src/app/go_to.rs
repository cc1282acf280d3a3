//! "Go to anything": a stream, a revision, a date, a time ago, or a command, from one line of text.

use super::actions;
use super::categories::{ALL_STREAMS, named_category};
use super::intent::{Intent, ListIntent, TimeIntent};
use super::list::List;
use crate::aggregate::CommandForm;
use crate::record::{Created, Revision, StreamName, moment};
use jiff::tz::TimeZone;

/// Where the text is understood.
pub(super) struct Place<'a> {
    pub category: &'a str,
    pub list: &'a List,
    /// The commands that are offered.
    pub forms: &'a [CommandForm],
    /// Whether a stream is open.
    pub is_open: bool,
}

impl Place<'_> {
    /// What the text asks for; `None` where it holds nothing.
    pub fn intent(&self, text: &str) -> Option<Intent> {
        let select = |stream| Some(Intent::List(ListIntent::Select(stream)));
        // What is there is named to the byte, before the text is understood in other ways.
        if let Some(stream) = self.listed_as(text) {
            return select(stream);
        }
        let text = text.trim();
        if text.is_empty() {
            return None;
        }
        if let Some(intent) = actions::named(text, self.forms) {
            return Some(intent);
        }
        if let Some(category) = text.strip_prefix("category ").and_then(named_category) {
            return Some(Intent::List(ListIntent::Category(category.to_owned())));
        }
        if let Some(revision) = named_revision(text).filter(|_| self.is_open && !self.is_listed(text)) {
            return Some(Intent::Time(TimeIntent::GoTo(revision)));
        }
        if let Some(time) = moment::moment(text, Created::now(), &TimeZone::system()) {
            return Some(Intent::Time(TimeIntent::GoToTime(time)));
        }
        let named = text.contains('-') && !self.is_listed(text);
        let by_name = named || text.starts_with('$');
        select(if by_name { StreamName::new(text) } else { self.in_category(text) })
    }

    /// The stream of this id in the category that is listed.
    fn in_category(&self, id: &str) -> StreamName {
        match self.category {
            "" | ALL_STREAMS => StreamName::new(id),
            category => StreamName::new(&format!("{category}-{id}")),
        }
    }

    /// The listed stream of this very name, or of this very id where blanks stand around it.
    fn listed_as(&self, text: &str) -> Option<StreamName> {
        let own = self.in_category(text);
        let exact = Some(StreamName::new(text)).filter(|name| self.list.find(name).is_some());
        exact.or_else(|| Some(own).filter(|name| text.trim() != text && self.list.find(name).is_some()))
    }

    /// An id of a listed stream.
    fn is_listed(&self, id: &str) -> bool {
        self.list.find(&self.in_category(id)).is_some()
    }
}

/// `12`, `rev 12`, `revision 812,331`, as the window writes it.
pub fn named_revision(text: &str) -> Option<Revision> {
    let lower = text.to_lowercase();
    let digits = lower.strip_prefix("revision").or_else(|| lower.strip_prefix("rev")).unwrap_or(&lower);
    let digits = digits.trim();
    let (first, groups) = digits.split_once(',').map_or((digits, None), |(first, rest)| (first, Some(rest)));
    let is_grouped = |groups: &str| first.len() <= 3 && groups.split(',').all(|group| group.len() == 3);
    let is_number = groups.is_none_or(is_grouped);
    is_number.then(|| digits.replace(',', "").parse().ok().map(Revision))?
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
        assert_eq!(named_revision("7f3c"), None);
    }
}
