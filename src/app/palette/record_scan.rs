//! Event ids and correlations of the open stream: looked for in all its records, some of them in each frame.

use super::hit::{Hit, HitKind, Take};
use super::place::event;
use super::sought::{Rank, Ranked, Sought};
use crate::app::intent::{Intent, TimeIntent};
use crate::app::list::Fit;
use crate::app::opened::Opened;
use crate::app::related::RelatedIntent;
use crate::record::{RecordRef, count, json, plural};
use crate::store::Ticket;
use memchr::memmem::Finder;

/// Shortest text that is looked for, and longest, in bytes.
const LEAST: usize = 4;
const MOST_TEXT: usize = 200;
/// Records and bytes of metadata that are looked at in one frame.
const RECORDS: usize = 20_000;
const BYTES: usize = 4 << 20;
/// Ids of each kind that are offered; a longer text tells them apart.
const MOST: usize = 5;

/// The metadata under which an id is found, and what the palette calls it.
const KEYS: [(&str, &str); 2] = [("\"$correlationId\"", "Correlation"), ("\"$causationId\"", "Causation")];
const CORRELATION: usize = 0;

/// How far the records were looked at for a text, and what was found.
#[derive(Debug, Default)]
pub struct RecordScan {
    of: Option<(Ticket, String)>,
    sought: Option<Ids>,
    next: usize,
    is_done: bool,
    /// Indexes of the events of an id.
    events: Vec<usize>,
    ids: Vec<SharedId>,
}

#[derive(Debug)]
struct Ids {
    /// The first digits of an id, and which of the 128 bits they are.
    event: Option<(u128, u128)>,
    text: Finder<'static>,
}

/// An id that events share.
#[derive(Debug)]
struct SharedId {
    key: usize,
    id: String,
    first: usize,
    events: u64,
}

impl RecordScan {
    /// Looks at some more records; begins again where the text or the stream is another one.
    pub fn advance(&mut self, opened: Option<&Opened>, text: &str) {
        let Some(opened) = opened else { return *self = Self::default() };
        let is_same = self.of.as_ref().is_some_and(|(of, sought)| *of == opened.ticket() && sought == text);
        if !is_same {
            let sought = (LEAST..=MOST_TEXT).contains(&text.len()).then(|| Ids::new(text));
            *self = Self { of: Some((opened.ticket(), text.to_owned())), sought, ..Self::default() };
        }
        let Some(sought) = self.sought.take() else { return self.is_done = true };
        let mut bytes = 0;
        let records = opened.timeline().records_from(self.next).take(RECORDS);
        let mut next = self.next;
        for (index, record) in records {
            next = index + 1;
            bytes += record.metadata.len();
            self.look_at(&sought, index, record);
            if bytes > BYTES {
                break;
            }
        }
        self.next = next;
        self.is_done = next >= opened.timeline().len();
        self.sought = Some(sought);
    }

    fn look_at(&mut self, sought: &Ids, index: usize, record: RecordRef<'_>) {
        let is_event = sought.event.is_some_and(|(id, mask)| record.id.as_u128() & mask == id);
        if is_event && self.events.len() < MOST {
            self.events.push(index);
        }
        let Some((key, id)) = sought.shared(record.metadata) else { return };
        if let Some(known) = self.ids.iter_mut().find(|known| known.key == key && known.id == id) {
            known.events += 1;
        } else if self.ids.len() < MOST {
            self.ids.push(SharedId { key, id: id.to_owned(), first: index, events: 1 });
        }
    }

    /// Another number where more was found.
    pub fn found(&self) -> usize {
        self.events.len() + self.ids.iter().map(|id| usize::try_from(id.events).unwrap_or(0)).sum::<usize>()
    }

    /// Whether there are records to look at.
    pub fn waits(&self) -> bool {
        self.of.is_some() && !self.is_done
    }

    /// Whether events of the open stream have exactly this correlation id.
    pub fn has_correlation(&self, id: &str) -> bool {
        self.ids.iter().any(|known| known.key == CORRELATION && known.id == id)
    }

    pub fn hits(&self, sought: &Sought<'_>) -> Vec<Ranked> {
        let Some(opened) = sought.app.opened() else { return Vec::new() };
        let timeline = opened.timeline();
        let fit = |id: &str| Rank::Fit(Fit::of(&id.to_lowercase(), &sought.low).unwrap_or(Fit::Start));
        let go = |index: usize| {
            let revision = timeline.get(index)?.revision;
            Some((count(revision.0), Take::Intents(vec![Intent::Time(TimeIntent::GoTo(revision))])))
        };
        let events = self.events.iter().filter_map(|&index| {
            let (id, (revision, take)) = (timeline.get(index)?.id.to_string(), go(index)?);
            let effect = format!("this stream at revision {revision}, {}", event(sought, opened, index));
            Some((fit(&id), Hit::new(HitKind::Event, format!("Event {id}"), effect, take)))
        });
        let shared = self.ids.iter().filter_map(|id| {
            let (revision, take) = go(id.first)?;
            let so_far = if self.is_done { "" } else { " so far" };
            let events = plural(id.events, "event");
            let (effect, take) = if id.key == CORRELATION {
                let together = Intent::Related(RelatedIntent::Correlation(id.id.as_str().into()));
                let effect = format!("{events} of this stream{so_far}; shows those of all streams");
                (effect, Take::Intents(vec![together]))
            } else {
                (format!("{events} of this stream{so_far}; goes to the first, revision {revision}"), take)
            };
            let title = format!("{} {}", KEYS[id.key].1, json::one_line(id.id.as_bytes(), 80));
            Some((fit(&id.id), Hit::new(HitKind::Event, title, effect, take)))
        });
        events.chain(shared).collect()
    }
}

impl Ids {
    fn new(text: &str) -> Self {
        Self { event: event_id(text), text: Finder::new(text.as_bytes()).into_owned() }
    }

    /// The place of the key, and the id under it, which begins with the text and is written without escapes.
    fn shared<'m>(&self, metadata: &'m [u8]) -> Option<(usize, &'m str)> {
        self.text.find_iter(metadata).find_map(|at| {
            let before = metadata[..at].strip_suffix(b"\"")?.trim_ascii_end();
            let before = before.strip_suffix(b":")?.trim_ascii_end();
            let key = KEYS.iter().position(|(key, _)| before.ends_with(key.as_bytes()))?;
            let rest = &metadata[at..];
            let id = &rest[..memchr::memchr2(b'"', b'\\', rest)?];
            let is_whole = rest.get(id.len()) == Some(&b'"');
            std::str::from_utf8(id).ok().filter(|_| is_whole).map(|id| (key, id))
        })
    }
}

/// The first digits of a UUID, with or without its dashes, and the bits that they say.
fn event_id(text: &str) -> Option<(u128, u128)> {
    let digits: String = text.chars().filter(|&c| c != '-').collect();
    let is_id = (LEAST..=32).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_hexdigit());
    let places = is_id.then(|| u32::try_from(32 - digits.len()).ok())??;
    let id = u128::from_str_radix(&digits, 16).ok()?.checked_shl(4 * places)?;
    Some((id, u128::MAX.checked_shl(4 * places)?))
}
