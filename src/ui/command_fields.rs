//! The fields of a command: as wide as what they hold, whatever is typed, so that nothing moves; with what was sent before.

use super::expected_menu::{self, expected_ui};
use super::icon::{self, Icon};
use super::theme::{self, Palette};
use super::widgets::{make_room, named, text_width};
use crate::aggregate::{CommandForm, FieldKind, FormField, Target};
use crate::app::{App, CommandIntent, Intent};
use crate::record::json;
use egui::{
    Button, Key, Margin, Modifiers, Popup, Rect, Response, RichText, Role, Sense, SetOpenCommand, TextEdit,
    Ui, WidgetInfo, vec2,
};

/// Left of a field's text, and right of it, where the menu of its last values is.
const MARGIN: (i8, i8) = (7, 18);
/// Of a choice beside its text.
const MENU: f32 = 40.0;
/// Below this width the label of the expected revision is left to its button.
const NARROW: f32 = 700.0;

/// The fields of the command and what it expects; true when Enter was pressed in a field. `beside` is kept free in the last row.
pub fn fields_ui(ui: &mut Ui, p: &Palette, app: &App, beside: f32, out: &mut Vec<Intent>) -> bool {
    let Some(form) = app.form() else { return false };
    let at = app.form_at();
    let is_narrow = ui.available_width() < NARROW;
    let fields = field_widths(ui, form, beside + expected_menu::width(form.target), is_narrow);
    let mut entered = false;
    for ((place, spec), width) in form.fields.iter().enumerate().zip(fields) {
        let typed = app.typed(at, place);
        let mut changed = |text| out.push(Intent::Command(CommandIntent::Field(at, place, text)));
        make_room(ui, label_width(ui, &spec.label) + width);
        ui.label(RichText::new(&*spec.label).color(p.dim));
        match &spec.kind {
            FieldKind::Boolean => {
                choice(ui, p, spec, typed, width, &mut ["true", "false"].into_iter(), &mut changed);
            }
            FieldKind::Choice(words) => {
                choice(ui, p, spec, typed, width, &mut words.iter().map(|word| &**word), &mut changed);
            }
            FieldKind::Text | FieldKind::Decimal | FieldKind::Integer | FieldKind::Uuid | FieldKind::Json => {
                let recent = app.recent_values(spec);
                entered |= field(ui, p, spec, typed, width, recent, &mut changed);
            }
        }
    }
    let has_label = form.target == Target::Existing && !is_narrow;
    let label = if has_label { label_width(ui, "Expected revision") } else { 0.0 };
    make_room(ui, label + expected_menu::width(form.target));
    if has_label {
        ui.label(RichText::new("Expected revision").color(p.dim));
    }
    expected_ui(ui, app, out);
    entered
}

/// Between the least and the most that each takes, so that all stand in one row where they can; by their kinds alone.
fn field_widths(ui: &Ui, form: &CommandForm, beside: f32, is_narrow: bool) -> Vec<f32> {
    let sign = text_width(ui, "0", theme::mono(theme::SMALL));
    let margin = f32::from(MARGIN.0 + MARGIN.1) + 2.0;
    let signs = |least: f32, most: f32| (least.mul_add(sign, margin), most.mul_add(sign, margin));
    let limits = form.fields.iter().enumerate().map(|(place, spec)| match &spec.kind {
        // A UUID is shown whole.
        FieldKind::Uuid => signs(12.0, 36.0),
        _ if place == form.id && form.target == Target::Existing => signs(36.0, 36.0),
        _ if place == form.id => signs(6.0, 36.0),
        FieldKind::Text => signs(7.0, 22.0),
        FieldKind::Decimal | FieldKind::Integer => signs(5.0, 14.0),
        FieldKind::Json => signs(14.0, 40.0),
        FieldKind::Boolean => (5.0 * sign + MENU, 6.0 * sign + MENU),
        FieldKind::Choice(words) => {
            let longest = words.iter().map(|word| word.chars().count()).max().unwrap_or(0);
            let signs = longest.max(spec.hint.chars().count()).clamp(6, 24);
            let width = f32::from(u8::try_from(signs).unwrap_or(24)) * sign + MENU;
            (width, width)
        }
    });
    let limits: Vec<(f32, f32)> = limits.collect();
    let least: f32 = limits.iter().map(|(least, _)| least).sum();
    let most: f32 = limits.iter().map(|(_, most)| most).sum();
    let labels: f32 = form.fields.iter().map(|spec| label_width(ui, &spec.label)).sum();
    let expected = if form.target == Target::Existing && !is_narrow {
        label_width(ui, "Expected revision")
    } else {
        0.0
    };
    let gaps = ui.spacing().item_spacing.x * f32::from(u8::try_from(limits.len() + 3).unwrap_or(u8::MAX));
    let room = ui.available_width() - beside - labels - expected - gaps;
    let part = ((room - least) / (most - least).max(1.0)).clamp(0.0, 1.0);
    limits.into_iter().map(|(least, most)| (least + (most - least) * part).floor()).collect()
}

/// Width of a label and the gap beside it.
fn label_width(ui: &Ui, text: &str) -> f32 {
    let font = egui::TextStyle::Body.resolve(ui.style());
    text_width(ui, text, font) + ui.spacing().item_spacing.x
}

/// True when Enter was pressed in it.
fn field(
    ui: &mut Ui,
    p: &Palette,
    spec: &FormField,
    value: &str,
    width: f32,
    recent: &[String],
    changed: &mut impl FnMut(String),
) -> bool {
    let mut text = value.to_owned();
    let edit = TextEdit::singleline(&mut text)
        .font(theme::mono(theme::SMALL))
        .hint_text(RichText::new(&*spec.hint).color(p.faint))
        .margin(Margin { left: MARGIN.0, right: MARGIN.1, top: 6, bottom: 6 })
        .desired_width(width)
        .clip_text(true);
    let response = ui.add(edit);
    response.widget_info(|| {
        let mut info = WidgetInfo::text_edit(true, value, value, &*spec.hint);
        info.label = Some(spec.label.to_string());
        info
    });
    if response.changed() {
        changed(text);
    }
    if !recent.is_empty() {
        recent_ui(ui, p, spec, &response, recent, changed);
    }
    response.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter))
}

/// What was sent in the field before: by its sign, or by Down in the field.
fn recent_ui(
    ui: &Ui,
    p: &Palette,
    spec: &FormField,
    field: &Response,
    recent: &[String],
    changed: &mut impl FnMut(String),
) {
    let place = Rect::from_center_size(field.rect.right_center() - vec2(11.0, 0.0), vec2(18.0, 20.0));
    let sign = ui.interact(place, field.id.with("recent"), Sense::click());
    named(&sign, Role::Button, &format!("Last values of {}", spec.label));
    let color = if sign.hovered() || sign.has_focus() { p.text } else { p.faint };
    icon::paint(ui.painter(), Rect::from_center_size(place.center(), vec2(8.0, 8.0)), Icon::Down, color);
    let by_key =
        field.has_focus() && ui.input_mut(|input| input.consume_key(Modifiers::NONE, Key::ArrowDown));
    let mut popup = Popup::menu(&sign).anchor(field);
    if by_key {
        popup = popup.open_memory(Some(SetOpenCommand::Bool(true)));
    }
    popup.show(|ui| {
        ui.set_min_width(field.rect.width() - 12.0);
        for (at, value) in recent.iter().enumerate() {
            let text = RichText::new(json::one_line(value.as_bytes(), 60)).font(theme::mono(theme::SMALL));
            let line = ui.add(Button::selectable(false, text));
            if by_key && at == 0 {
                line.request_focus();
            }
            if line.clicked() {
                changed(value.clone());
                field.request_focus();
                ui.close();
            }
        }
    });
    sign.on_hover_text("Values that were sent before (Down)");
}

/// A choice of words; an optional one can be left empty.
fn choice(
    ui: &mut Ui,
    p: &Palette,
    spec: &FormField,
    value: &str,
    width: f32,
    words: &mut dyn Iterator<Item = &str>,
    changed: &mut impl FnMut(String),
) {
    let (shown, color) = if value.is_empty() { (&*spec.hint, p.faint) } else { (value, p.text) };
    let shown = if shown.is_empty() { "choose" } else { shown };
    let text =
        RichText::new(json::one_line(shown.as_bytes(), 24)).font(theme::mono(theme::SMALL)).color(color);
    let button = Button::new((text, icon::icon(Icon::Down, 8.0, Some(p.dim))));
    let button = button.min_size(vec2(width, 0.0));
    let menu = egui::containers::menu::MenuButton::from_button(button).ui(ui, |ui| {
        let nothing = (!spec.required).then_some("");
        for word in nothing.into_iter().chain(words) {
            let label = if word.is_empty() { "none".to_owned() } else { json::one_line(word.as_bytes(), 80) };
            if ui.selectable_label(value == word, label).clicked() {
                changed(word.to_owned());
            }
        }
    });
    named(&menu.0, Role::ComboBox, &spec.label);
}
