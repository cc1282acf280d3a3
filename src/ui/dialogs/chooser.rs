//! A field with a list under it: what is typed filters, the arrows choose, Enter takes.

use crate::app::Intent;
use crate::ui::scroll::{Place, Rows};
use crate::ui::theme;
use crate::ui::widgets::{elided, whole_on_hover};
use egui::{
    Event, Key, Label, Margin, Modifiers, Response, RichText, Role, Sense, Ui, UiBuilder, WidgetInfo, pos2,
    vec2,
};

const ROW: f32 = 28.0;
const PAD: f32 = 10.0;

/// One line that can be chosen.
#[derive(Debug, Clone)]
pub struct Choice {
    pub name: String,
    pub about: String,
    /// Of the key that does the same, or a figure; at the right.
    pub aside: String,
    /// It is what holds now.
    pub current: bool,
    pub intents: Vec<Intent>,
}

impl Choice {
    pub fn new(name: impl Into<String>, about: impl Into<String>, intents: Vec<Intent>) -> Self {
        Self { name: name.into(), about: about.into(), aside: String::new(), current: false, intents }
    }
}

/// What is typed and which line is chosen.
#[derive(Default)]
pub struct Chooser {
    text: String,
    chosen: usize,
    shown: Rows<(usize, usize)>,
    /// What was pressed in this frame: lines down, lines up, and whether to take the chosen one.
    pressed: (usize, usize, bool),
}

impl Chooser {
    /// What is typed, without the blanks around it.
    pub fn text(&self) -> &str {
        self.text.trim()
    }

    /// The field; events after the one that takes a line are put off until the dialog is gone.
    pub fn field_ui(&mut self, ui: &mut Ui, name: &str, hint: &str, fresh: bool, later: &mut Vec<Event>) {
        if fresh {
            *self = Self::default();
        }
        // The arrows choose, so the field must not see them.
        self.pressed = ui.input_mut(|i| {
            let is_enter = |e: &Event| matches!(e, Event::Key { key: Key::Enter, pressed: true, .. });
            let enter = i.events.iter().position(is_enter);
            if let Some(enter) = enter {
                later.extend(i.events.drain(enter..).skip(1));
            }
            let mut presses = |key| i.count_and_consume_key(Modifiers::NONE, key);
            (presses(Key::ArrowDown), presses(Key::ArrowUp), enter.is_some())
        });
        let edit = egui::TextEdit::singleline(&mut self.text)
            .hint_text(hint)
            .margin(Margin::symmetric(10, 7))
            .desired_width(f32::INFINITY);
        let field = ui.add(edit);
        field.widget_info(|| WidgetInfo::labeled(Role::TextInput, true, name));
        if fresh || !field.has_focus() {
            field.request_focus();
        }
        if field.changed() {
            self.chosen = 0;
        }
        ui.add_space(4.0);
    }

    /// The place of the line that Enter takes.
    pub fn chosen(&self) -> usize {
        self.chosen
    }

    /// Whether anything was typed or chosen in this frame.
    pub fn is_used(&self) -> bool {
        let (down, up, _) = self.pressed;
        down > 0 || up > 0 || !self.text.is_empty()
    }

    /// Before anything is pressed the line of what holds now is the chosen one.
    pub fn choose_current(&mut self, choices: &[Choice]) {
        self.chosen = choices.iter().position(|choice| choice.current).unwrap_or(0);
    }

    /// The lines that are in view; the place of the one that was taken.
    pub fn list_ui(&mut self, ui: &mut Ui, height: f32, choices: &[Choice]) -> Option<usize> {
        let (down, up, enter) = self.pressed;
        let last = choices.len().saturating_sub(1);
        self.chosen = (self.chosen + down).min(last).saturating_sub(up);
        let mut taken = (enter && !choices.is_empty()).then_some(self.chosen);
        let chosen = self.chosen;
        let place = Place {
            key: (chosen, choices.len()),
            row: Some(chosen),
            keep: true,
            row_height: ROW,
            height,
            bar: ui.scope_id().with("bar"),
            name: "Scroll the choices",
        };
        ui.spacing_mut().item_spacing.y = 0.0;
        self.shown.show(ui, place, choices.len(), |ui, place| {
            let Some(choice) = choices.get(place) else { return ui.response() };
            let row = choice_ui(ui, choice, place == chosen);
            if row.clicked() {
                taken = Some(place);
            }
            row
        });
        taken
    }
}

fn choice_ui(ui: &mut Ui, choice: &Choice, chosen: bool) -> Response {
    let p = theme::palette(ui);
    let (rect, row) = ui.allocate_exact_size(vec2(ui.available_width(), ROW), Sense::click());
    row.widget_info(|| WidgetInfo::selected(Role::Button, true, choice.current, &choice.name));
    if chosen || row.hovered() {
        ui.painter().rect_filled(rect, 6.0, if chosen { p.accent_bg } else { p.raise });
    }
    let color = if chosen || choice.current { p.accent } else { p.text };
    let inside = rect.shrink2(vec2(PAD, 0.0));
    let aside = elided(ui, &choice.aside, theme::mono(11.0), p.dim, inside.width() / 2.0);
    let width = inside.width() - aside.size().x - PAD;
    let name = elided(ui, &choice.name, egui::FontId::proportional(theme::BODY), color, width);
    let middle = |height: f32| rect.center().y - height / 2.0;
    let end = inside.left() + name.size().x + PAD;
    ui.painter().galley(pos2(inside.left(), middle(name.size().y)), name.clone(), color);
    ui.painter().galley(pos2(inside.right() - aside.size().x, middle(aside.size().y)), aside.clone(), p.dim);
    let row = whole_on_hover(row, inside.with_max_x(end), &name);
    let row = whole_on_hover(row, inside.with_min_x(inside.right() - aside.size().x), &aside);
    let room = inside.with_min_x(end).with_max_x(inside.right() - aside.size().x - PAD);
    if room.width() > 30.0 && !choice.about.is_empty() {
        let layout = egui::Layout::left_to_right(egui::Align::Center);
        let mut ui = ui.new_child(UiBuilder::new().max_rect(room).layout(layout));
        let text = RichText::new(&choice.about).size(theme::SMALL).color(p.dim);
        ui.add(Label::new(text).truncate().selectable(false));
    }
    row
}
