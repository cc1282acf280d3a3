//! The command dock: what would be written, before it is.

use super::conflict::conflict_ui;
use super::declined::declined;
use super::exact_write::exact_write_ui;
use super::failure::unreadable;
use super::format;
use super::icon::{Icon, icon};
use super::open_writes::open_writes_ui;
use super::said::said_ui;
use super::theme::{self, Palette};
use super::widgets::{chip, named, tab};
use crate::aggregate::{FieldKind, FormField, Target};
use crate::app::{ALL_STREAMS, App, CommandIntent, DecideAt, Decision, Intent, Opened, Outcome};
use crate::decision::Expected;
use crate::record::{Revision, json};
use egui::{Align, Button, Layout, RichText, Role, ScrollArea, TextEdit, Ui, Vec2, WidgetInfo, vec2};

/// Revisions offered beside the one decided at.
const NEAR: usize = 8;

/// Height that what is told below the form keeps at least: two lines of the exact write, or what asks for an answer.
const WRITE: f32 = 34.0;
const ASKED: f32 = 116.0;
/// Width of the two places of a decision, and of the button.
const DECIDE_AT: f32 = 210.0;
const APPEND: f32 = 82.0;
/// Of the choice of a revision, and of a choice beside its text.
const EXPECTED: f32 = 120.0;
const MENU: f32 = 40.0;

/// The dock, in so much room; where what is told below the form needs more, it scrolls.
pub fn commands_ui(ui: &mut Ui, app: &App, room: f32, out: &mut Vec<Intent>) {
    let p = theme::palette(ui);
    let top = ui.cursor().top();
    if app.form().is_none() {
        return no_commands_ui(ui, p, app, out);
    }
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing.x = 16.0;
        let title = RichText::new("Commands").font(theme::strong(theme::BODY));
        // As high as the tabs, so that the words stand on one line.
        ui.add(egui::Button::new(title).frame(false).sense(egui::Sense::hover()).min_size(vec2(0.0, 30.0)));
        for (form, command) in app.commanded().schema().commands.iter().enumerate() {
            if tab(ui, &command.label, None, app.form_at() == form).clicked() {
                out.push(Intent::Command(CommandIntent::Form(form)));
            }
        }
        if app.decides_on_existing() {
            make_room(ui, DECIDE_AT);
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                ui.spacing_mut().item_spacing.x = 6.0;
                decide_at_ui(ui, p, app, out);
            });
        }
    });
    ui.add_space(2.0);
    let line = ui.horizontal_wrapped(|ui| {
        let entered = form_ui(ui, p, app, out);
        make_room(ui, APPEND);
        let beside = ui.available_size_before_wrap().x > 340.0;
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            append_ui(ui, p, app, entered, out);
            if beside {
                ui.with_layout(Layout::left_to_right(Align::Center), |ui| said_ui(ui, p, app, out));
            }
        });
        beside
    });
    let conflict = app.conflict();
    if !line.inner && conflict.is_none() {
        said_ui(ui, p, app, out);
    }
    let asks = conflict.is_some() || app.open_writes().next().is_some();
    let least = if asks { ASKED } else { WRITE };
    let height = (room - (ui.cursor().top() - top)).max(least);
    let area = ScrollArea::vertical().id_salt("told").auto_shrink([false, true]);
    area.max_height(height).min_scrolled_height(height).show(ui, |ui| told_ui(ui, p, app, out));
}

/// Begins another row where the next controls, of so much width together, do not fit into this one.
fn make_room(ui: &mut Ui, width: f32) {
    if ui.available_size_before_wrap().x < width {
        ui.end_row();
    }
}

/// Width of a label and the gap beside it.
fn label_width(ui: &Ui, text: &str) -> f32 {
    let font = egui::TextStyle::Body.resolve(ui.style());
    let galley = ui.painter().layout_no_wrap(text.to_owned(), font, egui::Color32::PLACEHOLDER);
    galley.size().x + ui.spacing().item_spacing.x
}

/// What asks for an answer, or else the exact write.
fn told_ui(ui: &mut Ui, p: &Palette, app: &App, out: &mut Vec<Intent>) {
    open_writes_ui(ui, p, app, out);
    if let (Some(conflict), Some(Outcome::Failed { error, .. })) = (app.conflict(), app.dock().outcome()) {
        conflict_ui(ui, p, error, conflict, out);
    } else if let Decision::Accepted(append) = &app.preview().decision
        && app.open_write_to(&append.stream).is_none()
    {
        exact_write_ui(ui, p, append);
    }
}

/// A category without commands: one quiet line, and what is left of writes to others.
fn no_commands_ui(ui: &mut Ui, p: &Palette, app: &App, out: &mut Vec<Intent>) {
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 12.0;
        ui.label(RichText::new("Commands").font(theme::strong(theme::BODY)).color(p.dim));
        let said = app.dock().in_flight().is_some() || app.dock().outcome().is_some();
        if said {
            said_ui(ui, p, app, out);
        } else {
            let text = no_commands(app);
            ui.add(egui::Label::new(RichText::new(text).color(p.dim)).truncate());
        }
    });
    open_writes_ui(ui, p, app, out);
}

fn no_commands(app: &App) -> String {
    let opened = app.opened().and_then(|opened| opened.stream().category());
    match opened.unwrap_or_else(|| app.category()) {
        "" | ALL_STREAMS => "No commands are defined for these streams.".to_owned(),
        category => {
            format!("No commands are defined for {}-*.", json::one_line(category.as_bytes(), 60))
        }
    }
}

fn decide_at_ui(ui: &mut Ui, p: &Palette, app: &App, out: &mut Vec<Intent>) {
    let Some(opened) = app.opened() else { return };
    let rev = |index: Option<usize>| {
        index
            .and_then(|i| opened.timeline().get(i))
            .map_or_else(|| "start".to_owned(), |r| format!("rev {}", format::rev(r.revision)))
    };
    let head = format!("Head ({})", rev(opened.timeline().len().checked_sub(1)));
    let playhead = format!("Playhead ({})", rev(opened.index()));
    for (text, at) in [(playhead, DecideAt::Playhead), (head, DecideAt::Head)] {
        if chip(ui, text, app.dock().decide_at() == at).clicked() {
            out.push(Intent::Command(CommandIntent::DecideAt(at)));
        }
    }
    // What the tabs left.
    if ui.available_width() > 80.0 {
        ui.label(RichText::new("Decide at").color(p.dim));
    }
}

/// A labelled field; true when Enter was pressed in it.
fn field(
    ui: &mut Ui,
    p: &Palette,
    name: &str,
    hint: &str,
    width: f32,
    value: &str,
    changed: impl FnOnce(String),
) -> bool {
    make_room(ui, label_width(ui, name) + width + 16.0);
    ui.label(RichText::new(name).color(p.dim));
    let mut text = value.to_owned();
    let edit = TextEdit::singleline(&mut text)
        .font(theme::mono(theme::SMALL))
        .hint_text(RichText::new(hint).color(p.faint))
        .margin(vec2(8.0, 6.0))
        .desired_width(width);
    let response = ui.add(edit);
    response.widget_info(|| {
        let mut info = WidgetInfo::text_edit(true, value, value, hint);
        info.label = Some(name.to_owned());
        info
    });
    if response.changed() {
        changed(text);
    }
    response.lost_focus() && ui.input(|input| input.key_pressed(egui::Key::Enter))
}

/// A labelled choice of words; an optional one can be left empty.
fn choice<'a>(
    ui: &mut Ui,
    p: &Palette,
    spec: &FormField,
    value: &str,
    words: impl Iterator<Item = &'a str>,
    changed: impl FnOnce(String),
) {
    let (shown, color) = if value.is_empty() { (&*spec.hint, p.faint) } else { (value, p.text) };
    let shown = if shown.is_empty() { "choose" } else { shown };
    let text =
        RichText::new(json::one_line(shown.as_bytes(), 40)).font(theme::mono(theme::SMALL)).color(color);
    let width =
        ui.painter().layout_no_wrap(text.text().to_owned(), theme::mono(theme::SMALL), color).size().x;
    make_room(ui, label_width(ui, &spec.label) + width + MENU);
    ui.label(RichText::new(&*spec.label).color(p.dim));
    let mut chosen = None;
    let menu = ui.menu_button((text, icon(Icon::Down, 8.0, Some(p.dim))), |ui| {
        let nothing = (!spec.required).then_some("");
        for word in nothing.into_iter().chain(words) {
            let label = if word.is_empty() { "none".to_owned() } else { json::one_line(word.as_bytes(), 80) };
            if ui.selectable_label(value == word, label).clicked() {
                chosen = Some(word.to_owned());
            }
        }
    });
    named(&menu.response, Role::ComboBox, &spec.label);
    chosen.map(changed);
}

/// The fields of the command; true when Enter was pressed in one.
fn form_ui(ui: &mut Ui, p: &Palette, app: &App, out: &mut Vec<Intent>) -> bool {
    let Some(form) = app.form() else { return false };
    let at = app.form_at();
    let wide = ui.available_width() > 700.0 || form.fields.len() < 3;
    let mut entered = false;
    for (place, spec) in form.fields.iter().enumerate() {
        // Narrow, each is as wide as its hint.
        let width = match (wide, place == form.id && form.fields.len() == 1) {
            (_, true) => 130.0,
            (true, false) => 110.0,
            (false, false) => 68.0,
        };
        let changed = |text| out.push(Intent::Command(CommandIntent::Field(at, place, text)));
        let typed = app.typed(at, place);
        match &spec.kind {
            FieldKind::Boolean => {
                choice(ui, p, spec, typed, ["true", "false"].into_iter(), changed);
            }
            FieldKind::Choice(words) => {
                choice(ui, p, spec, typed, words.iter().map(|word| &**word), changed);
            }
            FieldKind::Text | FieldKind::Decimal | FieldKind::Integer | FieldKind::Uuid | FieldKind::Json => {
                entered |= field(ui, p, &spec.label, &spec.hint, width, typed, changed);
            }
        }
    }
    if form.target == Target::Existing {
        make_room(ui, label_width(ui, "Expected revision") + EXPECTED);
        ui.label(RichText::new("Expected revision").color(p.dim));
    }
    make_room(ui, EXPECTED);
    expected_ui(ui, app, out);
    entered
}

/// What the write expects: what was decided on, unless the person chooses.
fn expected_ui(ui: &mut Ui, app: &App, out: &mut Vec<Intent>) {
    let p = theme::palette(ui);
    let preview = app.preview();
    let decided = Expected::decided_at(preview.at);
    let shown = app.dock().expected().unwrap_or(decided);
    let color = if shown == Expected::Any { p.amber } else { p.text };
    let text = RichText::new(shown.to_string()).font(theme::mono(theme::SMALL)).color(color);
    let menu = ui.menu_button((text, icon(Icon::Down, 8.0, Some(p.dim))), |ui| {
        let choose = |ui: &mut Ui, expected: Option<Expected>, text: RichText| {
            ui.selectable_label(app.dock().expected() == expected, text)
                .clicked()
                .then_some(Intent::Command(CommandIntent::Expected(expected)))
        };
        out.extend(choose(ui, None, format!("{decided}, as decided").into()));
        let exact = near(app).into_iter().map(Expected::Exact);
        for expected in [Expected::NoStream, Expected::StreamExists].into_iter().chain(exact) {
            out.extend(choose(ui, Some(expected), expected.to_string().into()));
        }
        ui.separator();
        let any = RichText::new("⚠ any state: written whatever happened since").color(p.amber);
        out.extend(choose(ui, Some(Expected::Any), any));
    });
    named(&menu.response, Role::ComboBox, "Expected revision");
}

/// The newest revisions of the stream that the command writes to, where that one is open.
fn near(app: &App) -> Vec<Revision> {
    let written = app.opened().filter(|opened| app.writes_to() == Some(opened.stream()));
    let Some(timeline) = written.map(Opened::timeline) else { return Vec::new() };
    let newest = (0..timeline.len()).rev().take(NEAR);
    newest.filter_map(|index| timeline.get(index)).map(|record| record.revision).collect()
}

fn append_ui(ui: &mut Ui, p: &Palette, app: &App, entered: bool, out: &mut Vec<Intent>) {
    let preview = app.preview();
    let why_not = match &preview.decision {
        Decision::Incomplete(what) => Some(what.to_string()),
        Decision::Invalid(text) => Some(text.clone()),
        Decision::Declined(why) => Some(declined(why)),
        Decision::Unread => None,
        Decision::Stopped => Some("The stream was not read to its end. Read on first.".to_owned()),
        Decision::Reading => Some("The stream is still being read.".to_owned()),
        Decision::Unreadable(why) => Some(unreadable(why)),
        Decision::Accepted(_) => app.write_blocked(),
    };
    let text = RichText::new("Append").font(theme::strong(theme::BODY)).color(p.on_accent);
    let button = Button::new(text).fill(p.accent).min_size(Vec2::new(74.0, 30.0));
    let response = ui.add_enabled(why_not.is_none(), button);
    named(&response, Role::Button, "Append");
    // Enter says why not, beside the form, where the button only greys out.
    if response.clicked() || entered {
        out.push(Intent::Command(CommandIntent::Append));
    }
    if let Some(why) = why_not {
        response.on_disabled_hover_text(why);
    }
}
