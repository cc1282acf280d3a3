//! The command dock: what would be written, before it is.

use super::command_fields::fields_ui;
use super::conflict::conflict_ui;
use super::declined::declined;
use super::exact_write::{ExactWrite, exact_write_ui};
use super::failure::unreadable;
use super::format;
use super::open_writes::open_writes_ui;
use super::said::said_ui;
use super::theme::{self, Palette};
use super::widgets::{chip, is_low, make_room, named, tab};
use crate::app::{ALL_STREAMS, App, CommandIntent, DecideAt, Decision, Intent, Outcome};
use crate::record::json;
use egui::{Align, Button, Layout, RichText, Role, ScrollArea, Sense, Ui, UiBuilder, Vec2, vec2};

/// Height of what is said: two lines, or one in a low window; and its least width beside the fields.
const SAID: f32 = 36.0;
const LOW_SAID: f32 = 18.0;
const BESIDE: f32 = 300.0;
/// Height of the row of tabs.
const TABS: f32 = 30.0;
const LOW_TABS: f32 = 24.0;
/// Height of the exact write: two lines in a low window, else all of a short one; and of what asks for an answer.
const LOW_WRITE: f32 = 34.0;
const WRITE: f32 = 68.0;
const ASKED: f32 = 116.0;
/// Width of the two places of a decision, and of the button.
const DECIDE_AT: f32 = 210.0;
const APPEND: f32 = 82.0;

/// The dock, in so much room, as high whatever is typed; where what is told below the form needs more, it scrolls.
pub fn commands_ui(ui: &mut Ui, app: &App, room: f32, exact: &mut ExactWrite, out: &mut Vec<Intent>) {
    let p = theme::palette(ui);
    let (top, low) = (ui.cursor().top(), is_low(ui.ctx()));
    if low {
        ui.spacing_mut().item_spacing.y = 2.0;
    }
    if app.form().is_none() {
        return no_commands_ui(ui, p, app, out);
    }
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing.x = 16.0;
        let title = RichText::new("Commands").font(theme::strong(theme::BODY));
        // As high as the tabs, so that the words stand on one line.
        ui.add(
            egui::Button::new(title)
                .frame(false)
                .sense(egui::Sense::hover())
                .min_size(vec2(0.0, if low { LOW_TABS } else { TABS })),
        );
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
    // As high whatever is said, so that nothing moves while one types.
    let said = if low { LOW_SAID } else { SAID };
    let is_beside = ui
        .horizontal_wrapped(|ui| {
            let entered = fields_ui(ui, p, app, APPEND, out);
            make_room(ui, APPEND);
            let is_beside = ui.available_size_before_wrap().x > BESIDE + APPEND;
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                append_ui(ui, p, app, entered, out);
                if is_beside {
                    said_place_ui(ui, p, app, said, out);
                }
            });
            is_beside
        })
        .inner;
    if !is_beside {
        said_place_ui(ui, p, app, said, out);
    }
    let asks = app.conflict().is_some() || app.open_writes().next().is_some();
    let write = if low { LOW_WRITE } else { WRITE };
    let left = room - (ui.cursor().top() - top);
    let height = if asks { left.max(ASKED) } else { write.min(left).max(LOW_WRITE) };
    let area = ScrollArea::vertical().id_salt("told").auto_shrink([false, asks]);
    if asks {
        area.max_height(height).min_scrolled_height(height).show(ui, |ui| told_ui(ui, p, app, exact, out));
        return;
    }
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), height), Sense::hover());
    // A child of its own, so that what is in it moves nothing.
    let mut inner = ui.new_child(UiBuilder::new().max_rect(rect));
    area.min_scrolled_height(height).show(&mut inner, |ui| told_ui(ui, p, app, exact, out));
}

/// What is said, in all the width that is left.
fn said_place_ui(ui: &mut Ui, p: &Palette, app: &App, height: f32, out: &mut Vec<Intent>) {
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), height), Sense::hover());
    let layout = Layout::left_to_right(Align::Min);
    said_ui(&mut ui.new_child(UiBuilder::new().max_rect(rect).layout(layout)), p, app, out);
}

/// What asks for an answer, or else the exact write.
fn told_ui(ui: &mut Ui, p: &Palette, app: &App, exact: &mut ExactWrite, out: &mut Vec<Intent>) {
    open_writes_ui(ui, p, app, out);
    if let (Some(conflict), Some(Outcome::Failed { error, .. })) = (app.conflict(), app.dock().outcome()) {
        conflict_ui(ui, p, error, conflict, out);
    } else if let Decision::Accepted(append) = &app.preview().decision
        && app.open_write_to(&append.stream).is_none()
    {
        exact_write_ui(ui, p, append, exact, out);
    } else if app.open_writes().next().is_none() {
        let text = RichText::new("Nothing would be appended.").size(11.0).color(p.faint);
        ui.label(text);
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
