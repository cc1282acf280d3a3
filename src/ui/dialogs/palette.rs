//! Go to anything: streams, revisions, times, categories, actions.

use super::chooser::{Choice, Chooser};
use crate::app::{
    ACTIONS, App, Chord, CommandIntent, ConnectionIntent, Entry, Intent, ListIntent, TimeIntent, ViewIntent,
    named_category, named_revision,
};
use crate::history::Cursor;
use crate::record::{Revision, json};
use crate::store::Ticket;
use crate::ui::format;
use egui::{Event, Ui};

/// Most streams and categories that are offered; a longer text tells them apart.
const STREAMS: usize = 20;
const CATEGORIES: usize = 8;
/// Streams above the commands while nothing is typed.
const FIRST: usize = 5;
const HEIGHT: f32 = 380.0;

#[derive(Default)]
pub struct Search {
    chooser: Chooser,
    found: Vec<Choice>,
    found_for: Option<Key>,
}

/// All that the choices depend on.
type Key = (String, u64, u64, Option<(Ticket, usize, Cursor)>);

impl Search {
    pub fn show(
        &mut self,
        ui: &mut Ui,
        app: &App,
        fresh: bool,
        later: &mut Vec<Event>,
        out: &mut Vec<Intent>,
    ) {
        let hint = "Go to a stream, a revision, a time, a command…";
        self.chooser.field_ui(ui, "Go to", hint, fresh, later);
        // Counting reads a name for each stream: only a text that asks for a category is worth it.
        if self.chooser.text().to_lowercase().starts_with("cat") && !app.counts_categories() {
            out.push(Intent::View(ViewIntent::CountCategories));
        }
        self.search(app);
        if let Some(taken) = self.chooser.list_ui(ui, HEIGHT, &self.found) {
            out.push(Intent::View(ViewIntent::CloseDialog));
            out.extend(self.found[taken].intents.iter().cloned());
        }
    }

    /// Looks again where anything changed.
    fn search(&mut self, app: &App) {
        let opened = app.opened();
        let key = (
            self.chooser.text().to_owned(),
            app.list().generation(),
            app.categories().generation(),
            opened.map(|opened| (opened.ticket(), opened.timeline().len(), opened.cursor())),
        );
        if self.found_for.as_ref() != Some(&key) {
            self.found = choices(app, self.chooser.text());
            self.found_for = Some(key);
        }
    }
}

fn choices(app: &App, text: &str) -> Vec<Choice> {
    let low = text.to_lowercase();
    let mut found: Vec<Choice> = Vec::new();
    if let (Some(Revision(n)), Some(opened)) = (named_revision(text), app.opened()) {
        let about = format!("in {}", json::safe(opened.stream().as_str()));
        let go = Intent::Time(TimeIntent::GoTo(Revision(n)));
        found.push(Choice::new(format!("Revision {n}"), about, vec![go]));
    }
    if text.is_empty() {
        found.extend(streams(app, &low).take(FIRST));
        found.extend(forms(app, &low).chain(actions(app, &low)));
    } else {
        found.extend(streams(app, &low));
        found.extend(forms(app, &low).chain(actions(app, &low)));
        found.extend(connections(app, &low));
        found.extend(categories(app, text, &low));
        let anything = vec![Intent::View(ViewIntent::GoToAnything(text.to_owned()))];
        found.push(Choice::new(format!("Go to “{text}”"), "as a stream, a revision or a time", anything));
    }
    found
}

/// The commands of the aggregate.
fn forms<'a>(app: &'a App, low: &'a str) -> impl Iterator<Item = Choice> + 'a {
    let forms = app.commanded().schema().commands.iter().enumerate();
    forms.filter(move |(_, form)| form.label.to_lowercase().contains(low)).map(|(at, form)| {
        Choice::new(&*form.label, "command", vec![Intent::Command(CommandIntent::Form(at))])
    })
}

fn actions<'a>(app: &'a App, low: &'a str) -> impl Iterator<Item = Choice> + 'a {
    let fits = move |entry: &&Entry| {
        entry.name.to_lowercase().contains(low) || entry.words.iter().any(|word| word.contains(low))
    };
    ACTIONS.iter().filter(|entry| entry.in_palette).filter(fits).filter_map(|entry| {
        let about = app.why_not(entry.action).unwrap_or(entry.about);
        let aside = entry.chord.map_or_else(String::new, Chord::text);
        Some(Choice { aside, ..Choice::new(entry.name, about, vec![entry.action.intent()?]) })
    })
}

/// `staging` and `connect to staging` find the server of this name.
fn connections<'a>(app: &'a App, low: &'a str) -> impl Iterator<Item = Choice> + 'a {
    let asked = low.strip_prefix("connect to ").unwrap_or(low).trim();
    let named = app.settings().recent.named();
    let is_asked = move |name: &str| name.to_lowercase().contains(asked) || "connect to".starts_with(asked);
    named.filter(move |(name, _)| is_asked(name)).map(|(name, known)| {
        let connect = vec![Intent::Connection(ConnectionIntent::ConnectTo(known.key()))];
        Choice::new(format!("Connect to {}", json::safe(name)), json::safe(&known.url), connect)
    })
}

/// `account` and `category account` find the category.
fn categories<'a>(app: &'a App, text: &str, low: &str) -> impl Iterator<Item = Choice> + 'a {
    let named = text.get(.."category ".len()).filter(|start| start.eq_ignore_ascii_case("category "));
    let asked = named.map_or(text, |_| &text["category ".len()..]).trim().to_owned();
    let known = app.categories().matching(&asked.to_lowercase());
    let exact = known.iter().any(|(name, _)| ***name == *asked) || low == "category";
    let typed = named.and_then(|_| named_category(&asked)).filter(|_| !exact);
    let unseen = if app.categories().is_complete() { "no stream of it was seen" } else { "not counted yet" };
    let typed = typed.map(|name| category(name, unseen.to_owned()));
    let known = known.into_iter().take(CATEGORIES);
    let known = known.map(|(name, streams)| category(name, format::plural(streams, "stream")));
    known.chain(typed).collect::<Vec<_>>().into_iter()
}

fn category(name: &str, about: String) -> Choice {
    let list = vec![Intent::List(ListIntent::Category(name.to_owned()))];
    Choice::new(format!("Category {}", json::safe(name)), about, list)
}

fn streams<'a>(app: &'a App, low: &'a str) -> impl Iterator<Item = Choice> + 'a {
    let rows = (0..app.list().shown()).filter_map(|place| app.list().row(place));
    let rows = rows.filter(move |row| row.stream.as_str().to_lowercase().contains(low));
    rows.take(STREAMS).map(|row| {
        let figure = app.list().leading(true);
        let figure = figure.and_then(|column| row.cell(&column.path));
        let figure = figure.map_or_else(String::new, |cell| format!(" · {}", format::number(&cell.text)));
        let about = format!("{}{figure}", row.word());
        let select = Intent::List(ListIntent::Select(row.stream.clone()));
        Choice::new(json::safe(row.stream.as_str()), about, vec![select])
    })
}
