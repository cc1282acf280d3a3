//! Which category is listed: all that were seen, with the number of their streams, or one that is typed.

use super::chooser::{Choice, Chooser};
use crate::app::{ALL_STREAMS, App, Intent, ListIntent, named_category};
use crate::record::json;
use crate::sentences::denial;
use crate::ui::{format, theme};
use egui::{Event, RichText, Ui};

const HEIGHT: f32 = 300.0;

#[derive(Default)]
pub struct Picker {
    chooser: Chooser,
    found: Vec<Choice>,
    /// The text and the count of the categories that they were found for, and what was listed then.
    found_for: Option<(String, u64, String)>,
    /// The arrows or the keyboard chose nothing yet.
    untouched: bool,
}

impl Picker {
    pub fn show(
        &mut self,
        ui: &mut Ui,
        app: &App,
        fresh: bool,
        later: &mut Vec<Event>,
        out: &mut Vec<Intent>,
    ) {
        if fresh {
            (self.found_for, self.untouched) = (None, true);
        }
        self.chooser.field_ui(ui, "Category", "Category, or a stream of it", fresh, later);
        let key = (self.chooser.text().to_owned(), app.categories().generation(), app.category().to_owned());
        if self.found_for.as_ref() != Some(&key) {
            self.found = choices(app, self.chooser.text());
            self.found_for = Some(key);
            if self.chooser.text().is_empty() && self.untouched {
                self.chooser.choose_current(&self.found);
            }
        }
        self.untouched &= !self.chooser.is_used();
        let height = HEIGHT.min(ui.ctx().content_rect().height() - 200.0);
        if let Some(taken) = self.chooser.list_ui(ui, height, &self.found) {
            out.extend(self.found[taken].intents.iter().cloned());
        }
        ui.add_space(6.0);
        let (text, warns) = state(app);
        let p = theme::palette(ui);
        let text = RichText::new(text).size(theme::SMALL).color(if warns { p.amber } else { p.dim });
        ui.add(egui::Label::new(text).wrap());
    }
}

/// How far the count is, and whether that is worth a warning.
fn state(app: &App) -> (String, bool) {
    let categories = app.categories();
    let streams = format::plural(categories.streams(), "stream");
    let known = match categories.len() {
        1 => "1 category".to_owned(),
        n => format!("{} categories", format::count(n as u64)),
    };
    match (&app.listing().denied, categories.is_complete()) {
        // What may not be read is counted as nothing.
        (Some(why), _) if categories.is_empty() => (
            format!("The categories cannot be read: {} Type one to list it.", json::safe(&denial(why))),
            true,
        ),
        (None, true) if categories.is_empty() => {
            ("No stream of any category was seen yet.".to_owned(), false)
        }
        (_, true) => (format!("{streams} in {known}"), false),
        (_, false) => (format!("counting… {streams} in {known} so far"), false),
    }
}

fn choices(app: &App, text: &str) -> Vec<Choice> {
    let low = text.to_lowercase();
    let name = named_category(text);
    let mut found = Vec::new();
    if text.is_empty() || text == ALL_STREAMS || "all streams".contains(&low) {
        found.push(choice(app, ALL_STREAMS, "all streams", None));
    }
    let typed = name.filter(|name| *name != ALL_STREAMS);
    let typed_low = typed.map_or_else(String::new, str::to_lowercase);
    let known = app.categories().matching(&typed_low);
    let is_known = typed.is_some_and(|typed| known.iter().any(|(name, _)| ***name == *typed));
    let nothing = known.is_empty() && found.is_empty();
    let unseen = if app.categories().is_complete() { "no stream of it was seen" } else { "not counted yet" };
    let new = typed.filter(|_| !is_known).map(|typed| Choice {
        name: format!("List {}-*", json::safe(typed)),
        ..choice(app, typed, unseen, None)
    });
    if nothing {
        found.extend(new.clone());
    }
    found.extend(known.into_iter().map(|(name, streams)| choice(app, name, "", Some(streams))));
    // The category that is listed has its line though nobody counted it yet.
    let listed = app.category();
    if text.is_empty() && listed != ALL_STREAMS && app.categories().count_of(listed).is_none() {
        found.push(choice(app, listed, "", None));
    }
    if !nothing {
        found.extend(new);
    }
    found
}

fn choice(app: &App, name: &str, about: &str, streams: Option<u64>) -> Choice {
    let current = name == app.category();
    let about = match (current, about) {
        (true, "") => "listed now".to_owned(),
        (true, about) => format!("{about} · listed now"),
        (false, about) => about.to_owned(),
    };
    let shown = if name == ALL_STREAMS { name.to_owned() } else { format!("{}-*", json::safe(name)) };
    let list = vec![Intent::List(ListIntent::Category(name.to_owned()))];
    let aside = streams.map_or_else(String::new, format::count);
    Choice { aside, current, ..Choice::new(shown, about, list) }
}
