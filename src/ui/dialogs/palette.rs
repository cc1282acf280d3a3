//! Go to anything: streams, revisions, times, commands.

use crate::app::{App, CommandIntent, Dialog, Intent, ListIntent, TimeIntent, ViewIntent};
use crate::record::Revision;
use crate::ui::{format, theme, top_bar};
use egui::{Event, Key, Modifiers, RichText, Role, ScrollArea, Ui, WidgetInfo};

const STREAMS: usize = 20;

#[derive(Default)]
pub struct Search {
    text: String,
    chosen: usize,
}

impl Search {
    pub fn show(
        &mut self,
        ui: &mut Ui,
        app: &App,
        fresh: bool,
        later: &mut Vec<Event>,
        out: &mut Vec<Intent>,
    ) {
        if fresh {
            *self = Self::default();
        }
        let p = theme::palette(ui);
        // The arrows choose, so the field must not see them.
        let (down, up, enter) = ui.input_mut(|i| {
            let is_enter = |e: &Event| matches!(e, Event::Key { key: Key::Enter, pressed: true, .. });
            let enter = i.events.iter().position(is_enter);
            if let Some(enter) = enter {
                later.extend(i.events.drain(enter..).skip(1));
            }
            let mut presses = |key| i.count_and_consume_key(Modifiers::NONE, key);
            (presses(Key::ArrowDown), presses(Key::ArrowUp), enter.is_some())
        });
        let edit = egui::TextEdit::singleline(&mut self.text)
            .hint_text("Go to a stream, a revision, a time, a command…")
            .margin(egui::Margin::symmetric(10, 7))
            .desired_width(f32::INFINITY);
        let field = ui.add(edit);
        field.widget_info(|| WidgetInfo::labeled(Role::TextInput, true, "Go to"));
        if fresh || !field.has_focus() {
            field.request_focus();
        }
        if field.changed() {
            self.chosen = 0;
        }
        let found = choices(app, self.text.trim());
        let last = found.len().saturating_sub(1);
        self.chosen = (self.chosen + down).min(last).saturating_sub(up);
        let mut taken = enter.then_some(self.chosen);
        ui.add_space(4.0);
        ScrollArea::vertical().max_height(380.0).min_scrolled_height(380.0).show(ui, |ui| {
            ui.set_min_width(ui.available_width());
            for (i, (name, about, _)) in found.iter().enumerate() {
                ui.horizontal(|ui| {
                    let row = ui.selectable_label(i == self.chosen, name);
                    if (down > 0 || up > 0) && i == self.chosen {
                        row.scroll_to_me(None);
                    }
                    if row.clicked() {
                        taken = Some(i);
                    }
                    ui.label(RichText::new(about).size(theme::SMALL).color(p.dim));
                });
            }
        });
        if let Some((_, _, intents)) = taken.and_then(|i| found.into_iter().nth(i)) {
            out.push(Intent::View(ViewIntent::CloseDialog));
            out.extend(intents);
        }
    }
}

type Choice = (String, String, Vec<Intent>);

fn choices(app: &App, text: &str) -> Vec<Choice> {
    let low = text.to_lowercase();
    let mut found: Vec<Choice> = Vec::new();
    let number = low.strip_prefix("revision ").or(low.strip_prefix("rev ")).unwrap_or(&low);
    if let (Ok(n), Some(opened)) = (number.trim().parse::<u64>(), &app.opened) {
        let about = format!("in {}", opened.stream);
        found.push((format!("Revision {n}"), about, vec![Intent::Time(TimeIntent::GoTo(Revision(n)))]));
    }
    let forms = app.commanded().schema().commands.iter().enumerate();
    let forms = forms.map(|(at, form)| (&*form.label, Intent::Command(CommandIntent::Form(at))));
    let commands = [
        ("Oldest", Intent::Time(TimeIntent::Oldest)),
        ("Newest", Intent::Time(TimeIntent::Newest)),
        ("Next problem", Intent::Time(TimeIntent::NextProblem)),
        ("Connect", Intent::View(ViewIntent::Open(Dialog::Connect))),
        ("Journal", Intent::View(ViewIntent::Open(Dialog::Journal))),
        ("Toggle theme", Intent::View(ViewIntent::Theme(top_bar::next_theme(app.settings.theme).1))),
    ];
    let command = |(name, intent): (&str, Intent)| (name.to_owned(), "command".to_owned(), vec![intent]);
    let fits = |(name, _): &(&str, Intent)| name.to_lowercase().contains(&low);
    if text.is_empty() {
        found.extend(forms.chain(commands).map(command));
        found.extend(streams(app, &low));
    } else {
        found.extend(streams(app, &low));
        found.extend(forms.chain(commands).filter(fits).map(command));
        let anything = vec![Intent::View(ViewIntent::GoToAnything(text.to_owned()))];
        found.push((format!("Go to “{text}”"), "as a stream, a revision or a time".to_owned(), anything));
    }
    found
}

fn streams<'a>(app: &'a App, low: &'a str) -> impl Iterator<Item = Choice> + 'a {
    let rows = (0..app.list.shown()).filter_map(|place| app.list.row(place));
    let rows = rows.filter(move |row| row.stream.as_str().to_lowercase().contains(low));
    rows.take(STREAMS).map(|row| {
        let figure = app.list.columns().iter().find(|column| column.numeric);
        let figure = figure.and_then(|column| row.cell(&column.path));
        let figure = figure.map_or_else(String::new, |cell| format!(" · {}", format::number(&cell.text)));
        let about = format!("{}{figure}", row.word());
        let name = crate::record::json::safe(row.stream.as_str()).into_owned();
        (name, about, vec![Intent::List(ListIntent::Select(row.stream.clone()))])
    })
}
