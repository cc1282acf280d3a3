//! Go to anything: a field, and what its text can mean, each line with what it will do.

use super::hit_list::HitList;
use crate::app::{Action, App, Hit, Intent, Key as Named, PaletteHits, Take, TimeIntent, ViewIntent};
use crate::record::Created;
use crate::ui::theme;
use crate::ui::widgets::key;
use egui::{Event, FontId, Frame, Key, Margin, Modifiers, RichText, Role, TextEdit, Ui, WidgetInfo};
use jiff::tz::TimeZone;

/// Height of the lines that say what can be typed.
const FOOT: f32 = 58.0;
/// Highest that the list is, and the room below it.
const LIST: f32 = 356.0;
const BELOW: f32 = 28.0;

/// What was pressed in this frame.
#[derive(Default)]
struct Pressed {
    by: i64,
    pages: i64,
    enter: bool,
    ctrl_enter: bool,
}

#[derive(Default)]
pub struct Search {
    text: String,
    hits: PaletteHits,
    list: HitList,
}

impl Search {
    /// Whether more may be found without anything that a person does.
    pub fn waits(&self) -> bool {
        self.hits.waits()
    }

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
        ui.spacing_mut().item_spacing.y = 0.0;
        let pressed = pressed(ui, later);
        self.field_ui(ui, fresh);
        // Counting reads a name for each stream: only a text that asks for a category is worth it.
        if self.text.trim_start().to_lowercase().starts_with("cat") && !app.counts_categories() {
            out.push(Intent::View(ViewIntent::CountCategories));
        }
        let is_other = self.hits.update(app, &self.text, Created::now(), &TimeZone::system());
        let height = LIST.min(ui.ctx().content_rect().bottom() - ui.cursor().top() - FOOT - BELOW);
        self.list.update(ui, &self.hits, is_other);
        let hits = self.hits.hits();
        self.list.step(hits, pressed.by, pressed.pages, height);
        let clicked = self.list.show(ui, hits, height.max(80.0));
        foot_ui(ui);
        let taken = clicked.or_else(|| pressed.enter.then_some(self.list.chosen()));
        if let Some(hit) = taken.and_then(|place| hits.get(place)) {
            take(hit, later, out);
        } else if let Some(at) = self.list.moment(hits).filter(|_| pressed.ctrl_enter) {
            let go = Intent::Time(TimeIntent::AsOf(Some(at)));
            out.extend([Intent::View(ViewIntent::CloseDialog), go]);
        }
    }

    fn field_ui(&mut self, ui: &mut Ui, fresh: bool) {
        let p = theme::palette(ui);
        let edit = TextEdit::singleline(&mut self.text)
            .hint_text("Go to a stream, a revision, a time, a command…")
            .font(FontId::proportional(15.0))
            .frame(Frame::new().inner_margin(Margin::symmetric(16, 13)))
            .desired_width(f32::INFINITY);
        let field = ui.add(edit);
        field.widget_info(|| WidgetInfo::labeled(Role::TextInput, true, "Go to"));
        if fresh || !field.has_focus() {
            field.request_focus();
        }
        ui.painter().hline(ui.max_rect().x_range(), ui.cursor().top(), (1.0, p.line));
    }
}

/// The keys that choose and take, so that the field does not see them; events after the one that takes a line are put off until
/// the palette is gone.
fn pressed(ui: &Ui, later: &mut Vec<Event>) -> Pressed {
    ui.input_mut(|i| {
        let is_enter = |e: &Event| matches!(e, Event::Key { key: Key::Enter, pressed: true, .. });
        let enter = i.events.iter().position(is_enter);
        let mut is_ctrl = false;
        if let Some(enter) = enter {
            let mut taken = i.events.drain(enter..);
            is_ctrl = taken.next().is_some_and(
                |event| matches!(event, Event::Key { modifiers, .. } if modifiers.command || modifiers.ctrl),
            );
            later.extend(taken);
        }
        let mut presses = |key| i64::try_from(i.count_and_consume_key(Modifiers::NONE, key)).unwrap_or(0);
        Pressed {
            by: presses(Key::ArrowDown) - presses(Key::ArrowUp),
            pages: presses(Key::PageDown) - presses(Key::PageUp),
            enter: enter.is_some() && !is_ctrl,
            ctrl_enter: enter.is_some() && is_ctrl,
        }
    })
}

/// What cannot be done leaves the palette as it is.
fn take(hit: &Hit, later: &mut Vec<Event>, out: &mut Vec<Intent>) {
    match &hit.take {
        Take::Intents(intents) => {
            out.push(Intent::View(ViewIntent::CloseDialog));
            out.extend(intents.iter().cloned());
        }
        Take::Press(action) => {
            out.push(Intent::View(ViewIntent::CloseDialog));
            // First, because it was asked for before what was typed after it.
            later.splice(0..0, press(*action));
        }
        Take::Nothing => {}
    }
}

/// The key of an action that what has the focus does by itself.
fn press(action: Action) -> Option<Event> {
    let chord = action.entry().chord?;
    let modifiers = if chord.ctrl { Modifiers::COMMAND } else { Modifiers::NONE };
    let key = match chord.key {
        Named::Sign(sign) if !chord.ctrl => return Some(Event::Text(sign.to_string())),
        Named::Sign(sign) => Key::from_name(sign.encode_utf8(&mut [0; 4]))?,
        Named::Escape => Key::Escape,
        _ => return None,
    };
    Some(Event::Key { key, physical_key: None, pressed: true, repeat: false, modifiers })
}

/// What can be typed, and the keys.
fn foot_ui(ui: &mut Ui) {
    let p = theme::palette(ui);
    ui.painter().hline(ui.max_rect().x_range(), ui.cursor().top(), (1.0, p.line));
    let text =
        "Type a stream, user, event id, correlation id, revision, date, age (“2 h ago”), field or command";
    Frame::new().inner_margin(Margin::symmetric(16, 8)).show(ui, |ui| {
        ui.set_min_height(FOOT - 16.0);
        ui.spacing_mut().interact_size.y = 18.0;
        ui.horizontal_wrapped(|ui| {
            ui.spacing_mut().item_spacing = egui::vec2(6.0, 2.0);
            let small = |text: &str| RichText::new(text).size(theme::SMALL).color(p.dim);
            ui.label(small(text));
            key(ui, "↑");
            key(ui, "↓");
            ui.label(small("choose"));
            key(ui, "Esc");
            ui.label(small("stay where you are"));
        });
    });
}
