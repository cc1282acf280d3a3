//! The command dock: what would be written, before it is.

use super::theme::{self, Palette};
use super::widgets::{chip, named, tab};
use crate::app::{App, DecideAt, Decision, Form, Intent, Outcome};
use crate::record::{Revision, json};
use crate::store::{AppendError, Expected};
use egui::{Align, Button, Color32, Layout, RichText, Role, TextEdit, Ui, Vec2, WidgetInfo, vec2};

/// Revisions offered beside the one decided at.
const NEAR: usize = 8;

pub fn commands_ui(ui: &mut Ui, app: &App, out: &mut Vec<Intent>) {
    let p = theme::palette(ui);
    ui.horizontal(|ui| {
        ui.label(RichText::new("Commands").font(theme::strong(theme::BODY)));
        ui.add_space(6.0);
        for (name, form) in [("Create order", Form::Create), ("Pay order", Form::Pay)] {
            if tab(ui, name, None, app.dock.form == form).clicked() {
                out.push(Intent::Form(form));
            }
        }
        if app.dock.form == Form::Pay {
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| decide_at_ui(ui, p, app, out));
        }
    });
    ui.add_space(2.0);
    let line = ui.horizontal(|ui| {
        let entered = match app.dock.form {
            Form::Create => create_ui(ui, p, app, out),
            Form::Pay => pay_ui(ui, p, app, out),
        };
        let beside = ui.available_width() > 340.0;
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            append_ui(ui, p, app, entered, out);
            if beside {
                ui.with_layout(Layout::left_to_right(Align::Center), |ui| said_ui(ui, p, app));
            }
        });
        beside
    });
    if !line.inner {
        said_ui(ui, p, app);
    }
}

fn decide_at_ui(ui: &mut Ui, p: &Palette, app: &App, out: &mut Vec<Intent>) {
    let Some(opened) = &app.opened else { return };
    let rev = |index: Option<usize>| {
        index
            .and_then(|i| opened.timeline.get(i))
            .map_or_else(|| "start".to_owned(), |r| format!("rev {}", r.revision))
    };
    let head = format!("Head ({})", rev(opened.timeline.len().checked_sub(1)));
    let playhead = format!("Playhead ({})", rev(opened.index()));
    for (text, at) in [(playhead, DecideAt::Playhead), (head, DecideAt::Head)] {
        if chip(ui, text, app.dock.decide_at == at).clicked() {
            out.push(Intent::DecideAt(at));
        }
    }
    ui.label(RichText::new("Decide at").color(p.dim));
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
    ui.label(RichText::new(name).color(p.dim));
    let mut text = value.to_owned();
    let edit = TextEdit::singleline(&mut text)
        .font(theme::mono(theme::SMALL))
        .hint_text(hint.to_owned())
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

fn create_ui(ui: &mut Ui, p: &Palette, app: &App, out: &mut Vec<Intent>) -> bool {
    let dock = &app.dock;
    let width = if ui.available_width() > 700.0 { 110.0 } else { 72.0 };
    let user = field(ui, p, "User", "user123", width, &dock.user, |text| out.push(Intent::User(text)));
    let total =
        field(ui, p, "Total", "99.90", width * 0.75, &dock.total, |text| out.push(Intent::Total(text)));
    let order =
        field(ui, p, "Order", "new id", width, &dock.new_id, |text| out.push(Intent::NewOrderId(text)));
    user || total || order
}

fn pay_ui(ui: &mut Ui, p: &Palette, app: &App, out: &mut Vec<Intent>) -> bool {
    let entered =
        field(ui, p, "Order", "order id", 130.0, &app.dock.order, |text| out.push(Intent::Order(text)));
    ui.label(RichText::new("Expected revision").color(p.dim));
    let preview = app.preview();
    let shown = app
        .dock
        .expected
        .or(preview.at)
        .map_or_else(|| "no stream".to_owned(), |r| Expected::Exact(r).to_string());
    let text = RichText::new(format!("{shown} ▾")).font(theme::mono(theme::SMALL));
    let menu = ui.menu_button(text, |ui| {
        let at = preview
            .at
            .map_or_else(|| "the revision decided at".to_owned(), |r| format!("exactly {r}, as decided"));
        if ui.selectable_label(app.dock.expected.is_none(), at).clicked() {
            out.push(Intent::Expected(None));
        }
        for revision in near(app) {
            if ui
                .selectable_label(app.dock.expected == Some(revision), format!("exactly {revision}"))
                .clicked()
            {
                out.push(Intent::Expected(Some(revision)));
            }
        }
    });
    named(&menu.response, Role::ComboBox, "Expected revision");
    entered
}

fn near(app: &App) -> Vec<Revision> {
    let records = app.opened.as_ref().map_or(&[][..], |opened| opened.timeline.records());
    records.iter().rev().take(NEAR).map(|record| record.revision).collect()
}

fn append_ui(ui: &mut Ui, p: &Palette, app: &App, entered: bool, out: &mut Vec<Intent>) {
    let preview = app.preview();
    let why_not = match &preview.decision {
        Decision::Incomplete(what) => Some((*what).to_owned()),
        Decision::Invalid(error) => Some(error.to_string()),
        Decision::Refused(refusal) => Some(format!("Refused: {refusal}.")),
        Decision::Unread => None,
        Decision::Accepted(_) => app.write_blocked(),
    };
    let text = RichText::new("Append").font(theme::strong(theme::BODY)).color(p.on_accent);
    let button = Button::new(text).fill(p.accent).min_size(Vec2::new(74.0, 30.0));
    let response = ui.add_enabled(why_not.is_none(), button);
    named(&response, Role::Button, "Append");
    // Enter says why not, beside the form, where the button only greys out.
    if response.clicked() || entered {
        out.push(Intent::Append);
    }
    if let Some(why) = why_not {
        response.on_disabled_hover_text(why);
    }
}

/// What happened last, or else what would happen now.
fn said_ui(ui: &mut Ui, p: &Palette, app: &App) {
    let (text, color) = match &app.dock.outcome {
        Some(outcome) => outcome_text(p, outcome),
        None => preview_text(p, app),
    };
    let text = json::safe(&text).into_owned();
    ui.add(egui::Label::new(RichText::new(&text).color(color)).wrap());
}

fn outcome_text(p: &Palette, outcome: &Outcome) -> (String, Color32) {
    match outcome {
        Outcome::Invalid(text) => (text.clone(), p.red),
        Outcome::Refused(refusal) => (format!("Refused: {refusal}."), p.red),
        Outcome::Appended { append, written } => {
            let what = append.events.first().map_or("an event", |event| event.event_type);
            (format!("✔ Appended {what} as revision {} of {}.", written.revision, append.stream), p.green)
        }
        Outcome::Failed { error: error @ AppendError::Conflict { .. }, .. } => (error.to_string(), p.amber),
        Outcome::Failed { error, .. } => (format!("Not written: {error}"), p.amber),
        Outcome::NotSent(why) => (format!("Not sent: {why}"), p.amber),
    }
}

fn preview_text(p: &Palette, app: &App) -> (String, Color32) {
    let preview = app.preview();
    if app.dock.in_flight.is_some() {
        return ("Writing…".to_owned(), p.dim);
    }
    match &preview.decision {
        Decision::Incomplete(what) => ((*what).to_owned(), p.dim),
        Decision::Invalid(error) => (error.to_string(), p.red),
        Decision::Unread => {
            ("This order is read before it is decided. Press Append to open it.".to_owned(), p.dim)
        }
        Decision::Refused(refusal) => {
            let because = preview.because.map_or_else(String::new, |r| format!(" (revision {r})"));
            let until = preview.accepted_until.map_or_else(String::new, |until| format!(" {until}"));
            (format!("Refused: {refusal}{because}.{until}"), p.red)
        }
        Decision::Accepted(append) => {
            let what = append.events.first().map_or("nothing", |event| event.event_type);
            let dry = if app.dock.form == Form::Pay && app.dock.decide_at == DecideAt::Playhead {
                "Dry run: would"
            } else {
                "Would"
            };
            (format!("{dry} append {what}, expecting {}.", append.expected), p.dim)
        }
    }
}
