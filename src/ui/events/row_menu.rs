//! What can be done with an event of the table.

use crate::app::{App, AskIntent, Intent, ListIntent, Pinned, RelatedIntent, TimeIntent, ViewIntent};
use crate::record::history_file::event_line;
use crate::record::{RecordRef, RelatedIds};
use crate::ui::context_menu::Menu;

/// In larger metadata no ids are looked for, in bytes.
const LARGE: usize = 64 * 1024;

pub fn lines(menu: &mut Menu<'_>, app: &App, record: RecordRef<'_>) {
    let revision = record.revision;
    let go = || Intent::Time(TimeIntent::GoTo(revision));
    let is_loaded = app.opened().is_some_and(|opened| opened.timeline().index_at(revision).is_some());
    let unread = (!is_loaded).then_some("The events before this one are not read yet");
    menu.item("Go to here", go);
    menu.item_unless("Play from here", unread, || vec![go(), Intent::Time(TimeIntent::PlayPause)]);
    menu.item_unless("Loop from here", unread, || {
        vec![go(), Intent::Time(TimeIntent::LoopHere { begins: true })]
    });
    menu.item_unless("Compare with this", unread, || {
        vec![Intent::Ask(AskIntent::Pin(Pinned::Revision(revision)))]
    });
    menu.separator();
    let small = Some(record.metadata).filter(|metadata| metadata.len() <= LARGE);
    let ids = small.map(RelatedIds::of).unwrap_or_default();
    let why_not = ids.causation.is_none().then_some("Its metadata names no $causationId");
    menu.item_unless("Go to the cause", why_not, || vec![Intent::Related(RelatedIntent::Cause(revision))]);
    let why_not = ids.correlation.is_none().then_some("Its metadata names no $correlationId");
    menu.item_unless("What belongs together", why_not, || {
        let correlation = ids.correlation.map(|id| Intent::Related(RelatedIntent::Correlation(id.into())));
        [go()].into_iter().chain(correlation).collect()
    });
    menu.item_unless("What else happened", None, || vec![go(), Intent::Related(RelatedIntent::Around)]);
    menu.item("Mark events of this type", || {
        let text = serde_json::Value::from(&**record.event_type);
        Intent::List(ListIntent::Filter(format!("event is {text}")))
    });
    menu.separator();
    menu.item("Copy data", || Intent::View(ViewIntent::CopyDataOf(revision)));
    menu.copy("Copy event id", || record.id.to_string());
    menu.copy("Copy event as JSON", || event_line(&record.to_record()).trim_end().to_owned());
    menu.stream_name(app, record.stream, Some(revision));
}
