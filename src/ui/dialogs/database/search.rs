//! A search over all events of the database.

use super::event_rows::{Shown, rows_ui};
use super::tail::unreadable;
use crate::aggregate::{EventFilter, Sought};
use crate::app::{App, DatabaseIntent, Intent, LogSearch, SearchState};
use crate::record::{Created, json, moment};
use crate::sentences::scan_start;
use crate::store::Search;
use crate::ui::format::plural;
use crate::ui::theme;
use egui::{Button, Key, Label, RichText, Role, TextEdit, Ui, WidgetInfo};
use jiff::tz::TimeZone;

/// Hits of one go.
const LIMIT: usize = 500;

/// What is typed, and why it is no search.
#[derive(Default)]
pub struct Form {
    text: String,
    category: String,
    event_type: String,
    from: String,
    to: String,
    fault: Option<String>,
}

impl Form {
    pub fn show(
        &mut self,
        ui: &mut Ui,
        (app, search): (&App, &LogSearch),
        rows: &mut Shown,
        out: &mut Vec<Intent>,
    ) {
        let p = theme::palette(ui);
        let entered = self.fields_ui(ui);
        let is_running = matches!(search.state(), SearchState::Looking);
        ui.horizontal(|ui| {
            let primary = Button::new(RichText::new("Find events").color(p.on_accent)).fill(p.accent);
            if ui.add(primary).clicked() || entered {
                let understood = self.search();
                self.fault = understood.as_ref().err().cloned();
                out.extend(
                    understood.ok().map(|search| Intent::Database(DatabaseIntent::Search(Box::new(search)))),
                );
            }
            if is_running && ui.button("Stop").clicked() {
                out.push(Intent::Database(DatabaseIntent::Stop));
            }
            let goes_on = matches!(search.state(), SearchState::Limit(_) | SearchState::Stopped);
            if goes_on && ui.button("Go on").clicked() {
                out.push(Intent::Database(DatabaseIntent::GoOn));
            }
        });
        if let Some(fault) = &self.fault {
            ui.add(Label::new(RichText::new(fault).color(p.red)).wrap());
        }
        if let SearchState::Failed(why) = search.state() {
            ui.add(Label::new(RichText::new(unreadable(why)).color(p.red)).wrap());
        }
        ui.add(Label::new(RichText::new(said(search)).color(p.dim)).wrap());
        let hits = search.hits();
        rows_ui(ui, app, rows, hits.len(), |row| hits.get(row), out);
    }

    /// Whether Enter was pressed in one of them.
    fn fields_ui(&mut self, ui: &mut Ui) -> bool {
        let mut entered = false;
        let mut field_ui = |ui: &mut Ui, text: &mut String, name: &str, hint: &str, width: f32| {
            let field = ui.add(TextEdit::singleline(text).hint_text(hint).desired_width(width));
            field.widget_info(|| WidgetInfo::labeled(Role::TextInput, true, name));
            entered |= field.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
        };
        ui.horizontal(|ui| {
            field_ui(
                ui,
                &mut self.text,
                "Text or condition",
                "customer-17, or event is OrderPaid && data.Total > 50",
                420.0,
            );
            field_ui(ui, &mut self.category, "Category", "category", 130.0);
            field_ui(ui, &mut self.event_type, "Event type", "event type", 150.0);
        });
        ui.horizontal(|ui| {
            field_ui(ui, &mut self.from, "From", "from, like yesterday 14:00", 240.0);
            field_ui(ui, &mut self.to, "Until", "until, like yesterday 15:00", 240.0);
        });
        entered
    }

    /// What is typed; the error says why it is no search.
    fn search(&self) -> Result<Search, String> {
        let sought = Sought::text(&self.text).map_err(|why| json::safe(&why.to_string()).into_owned())?;
        if sought == Sought::Anything {
            return Err("Type a text or a condition to look for.".to_owned());
        }
        let named = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        let filter =
            EventFilter { category: named(&self.category), event_type: named(&self.event_type), sought };
        let (from, to) = (at("From", &self.from)?, at("Until", &self.to)?);
        if from.zip(to).is_some_and(|(from, to)| from > to) {
            return Err("From is later than Until. Exchange the two.".to_owned());
        }
        Ok(Search { filter, system: false, from, to, after: None, limit: LIMIT })
    }
}

fn at(field: &str, text: &str) -> Result<Option<Created>, String> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    match moment::only(text, Created::now(), &TimeZone::system()) {
        Ok(moment) => Ok(Some(moment.at)),
        Err(why) => Err(format!("{field}: {}", json::safe(&why.to_string()))),
    }
}

fn said(search: &LogSearch) -> String {
    let hits = plural(search.hits().len() as u64, "hit");
    let looked = plural(search.looked(), "event");
    let start = search.start().map(scan_start).unwrap_or_default();
    match search.state() {
        SearchState::Idle => "Looks through all events: data, metadata, names, types and ids.".to_owned(),
        SearchState::Looking => format!("{hits} so far, {looked} looked at… {start}"),
        SearchState::Complete => format!("{hits}, {looked} looked at. {start}"),
        SearchState::Limit(_) => format!("{hits}, {looked} looked at. There may be more. {start}"),
        SearchState::Stopped => format!("Stopped: {hits}, {looked} looked at. {start}"),
        SearchState::Failed(_) => format!("{hits}, {looked} looked at before."),
    }
}
