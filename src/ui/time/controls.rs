//! The buttons of the time panel, and where the playhead is.

use crate::app::{Action, App, Intent, LoopRange, TimeIntent};
use crate::record::json;
use crate::ui::format;
use crate::ui::icon::{Icon, icon};
use crate::ui::moment_text::local_and_utc;
use crate::ui::theme::{self, Palette};
use crate::ui::widgets::{chip, is_low, is_narrow, key, named};
use egui::containers::menu::MenuButton;
use egui::{Button, CornerRadius, Label, Response, RichText, Role, Ui, Vec2, WidgetInfo};
use jiff::tz::TimeZone;

/// Heights of the buttons, and in a small window.
const HEIGHT: f32 = 30.0;
pub const SMALL: f32 = 24.0;

pub fn buttons_ui(ui: &mut Ui, p: &Palette, app: &App, out: &mut Vec<Intent>) {
    let playing = app.playback().playing;
    let is_small = is_low(ui.ctx()) && is_narrow(ui.ctx());
    let height = if is_small { SMALL } else { HEIGHT };
    let (wide, narrow) = if is_small { (66.0, 32.0) } else { (78.0, 38.0) };
    let play = if playing { Icon::Pause } else { Icon::Play };
    for (action, sign) in [
        (Action::Oldest, Icon::Oldest),
        (Action::StepBack, Icon::Back),
        (Action::Play, play),
        (Action::StepForward, Icon::Forward),
        (Action::Newest, Icon::Newest),
    ] {
        let why_not = app.why_not(action);
        let name = action.name();
        let response = if action == Action::Play {
            let name = if playing { "Pause" } else { name };
            let text = RichText::new(name).color(p.on_accent);
            let button = Button::new((icon(sign, 11.0, Some(p.on_accent)), text));
            let button = button.fill(p.accent).min_size(Vec2::new(wide, height));
            let response = ui.add_enabled(why_not.is_none(), button);
            named_if(&response, why_not.is_none(), name);
            response
        } else {
            let button = Button::new(icon(sign, 12.0, None)).min_size(Vec2::new(narrow, height));
            let response = ui.add_enabled(why_not.is_none(), button);
            named_if(&response, why_not.is_none(), name);
            response
        };
        if response.clicked() {
            out.extend(action.intent());
        }
        let key = action.entry().chord.map_or_else(String::new, |chord| format!(" ({})", chord.text()));
        match why_not {
            Some(why) => response.on_disabled_hover_text(why),
            None => response.on_hover_text(format!("{}{key}", action.entry().about)),
        };
    }
}

fn named_if(response: &Response, enabled: bool, name: &str) {
    response.widget_info(|| WidgetInfo::labeled(Role::Button, enabled, name));
}

pub fn modes_ui(ui: &mut Ui, p: &Palette, app: &App, out: &mut Vec<Intent>) {
    let playback = app.playback();
    let said = |speed: u32| match (playback.by_time, speed) {
        (true, _) => format!("{}×", format::count(u64::from(speed))),
        (false, _) => format!("{}/s", format::plural(u64::from(speed), "event")),
    };
    let text = RichText::new(said(playback.speed())).size(theme::SMALL).color(p.dim);
    let button = Button::new((text, icon(Icon::Down, 7.0, Some(p.dim))));
    let button = button.fill(p.raise).corner_radius(CornerRadius::same(5)).min_size(Vec2::new(0.0, 22.0));
    let (response, _) = ui
        .scope(|ui| {
            ui.spacing_mut().button_padding = egui::vec2(7.0, 2.0);
            ui.spacing_mut().interact_size.y = 22.0;
            MenuButton::from_button(button).ui(ui, |ui| {
                for &speed in playback.speeds() {
                    if ui.selectable_label(speed == playback.speed(), said(speed)).clicked() {
                        out.push(Intent::Time(TimeIntent::Speed(speed)));
                    }
                }
            })
        })
        .inner;
    named(&response, Role::Button, "Speed");
    response.on_hover_text("Speed of playing");
    for (text, by_time) in [("By event", false), ("By time", true)] {
        if chip(ui, text, playback.by_time == by_time).clicked() {
            out.push(Intent::Time(TimeIntent::PlayByTime(by_time)));
        }
    }
}

/// How much of the track is shown; right to left.
pub fn zoom_ui(ui: &mut Ui, app: &App, out: &mut Vec<Intent>) {
    ui.spacing_mut().item_spacing.x = 4.0;
    let part = app.time_scale().map_or(1.0, |scale| scale.part());
    let all = if part < 1.0 { percent(part) } else { "All".to_owned() };
    for (action, sign) in [(Action::ShowAll, &*all), (Action::ZoomIn, "+"), (Action::ZoomOut, "−")] {
        let why_not = app.why_not(action);
        let response = ui.add_enabled_ui(why_not.is_none(), |ui| chip(ui, sign, false)).inner;
        response.widget_info(|| WidgetInfo::labeled(Role::Button, why_not.is_none(), action.name()));
        if response.clicked() {
            out.extend(action.intent());
        }
        let chord = action.entry().chord.map_or_else(String::new, |chord| format!(" ({})", chord.text()));
        match why_not {
            Some(why) => response.on_disabled_hover_text(why),
            None => response.on_hover_text(format!("{}{chord}", action.entry().about)),
        };
    }
    ui.add_space(6.0);
}

/// `12 %`, `0.003 %`: how much is shown.
fn percent(part: f64) -> String {
    let percent = part * 100.0;
    let digits = if percent >= 10.0 {
        0
    } else if percent >= 0.1 {
        1
    } else {
        3
    };
    format!("{percent:.digits$} %")
}

/// Width that the local time and the one in UTC need.
const BOTH_TIMES: f32 = 350.0;

pub fn where_ui(ui: &mut Ui, p: &Palette, app: &App, out: &mut Vec<Intent>) {
    let Some(opened) = app.opened() else { return };
    ui.spacing_mut().item_spacing.x = 8.0;
    if let Some(range) = app.loop_range() {
        loop_ui(ui, p, range, out);
    }
    let mono = |text: String, color| RichText::new(text).font(theme::mono(theme::SMALL)).color(color);
    let last = opened.last_shown();
    let record = opened.frame().record();
    let hover = record.map(|record| local_and_utc(record.created));
    let rest = match (record, last) {
        (Some(record), Some(last)) => {
            let (at, last) = (format::count(record.revision.0), format::count(last.0));
            ui.label(mono(format!("rev {at} of {last}"), p.text));
            let local = record.created.date_time(&TimeZone::system());
            let utc = record.created.clock(&TimeZone::UTC);
            // A narrow panel has room for one of them.
            let is_short = ui.available_width() < BOTH_TIMES;
            if is_short { format!("{local} local") } else { format!("{local} local · {utc} UTC") }
        }
        (None, Some(last)) => {
            ui.label(mono("before the first event".to_owned(), p.text));
            format!("newest is rev {}", format::count(last.0))
        }
        _ => return,
    };
    let next = opened.index().map_or(0, |index| index + 1);
    let playback = app.playback();
    let quiet = playback.shortened(opened.timeline().density(), next).filter(|_| playback.playing);
    if let Some(quiet) = quiet {
        let millis = u64::try_from(quiet / 10_000).unwrap_or(0);
        let text = format!("{} of quiet shortened", format::span(millis));
        ui.add(Label::new(RichText::new(text).size(theme::SMALL).color(p.amber)).truncate());
    } else {
        let label = Label::new(mono(rest, p.dim)).truncate().show_tooltip_when_elided(hover.is_none());
        let label = ui.add(label);
        if let Some(hover) = hover {
            label.on_hover_text(hover);
        }
    }
}

/// The range that is looped; a click plays to the end again.
fn loop_ui(ui: &mut Ui, p: &Palette, range: LoopRange, out: &mut Vec<Intent>) {
    let text = format!("Loop {}–{}", format::count(range.first.0), format::count(range.last.0));
    let text = RichText::new(text).size(theme::SMALL).color(p.accent);
    let button = Button::new((text, icon(Icon::Close, 7.0, Some(p.accent)))).fill(p.accent_bg);
    let response = ui.add(button.corner_radius(CornerRadius::same(5)).min_size(Vec2::new(0.0, 22.0)));
    named(&response, Role::Button, Action::ClearLoop.name());
    if response.on_hover_text("Play to the end again (Esc)").clicked() {
        out.extend(Action::ClearLoop.intent());
    }
}

/// Right to left.
pub fn hints_ui(ui: &mut Ui, p: &Palette, app: &App) {
    let field = app.asking().field().map(|field| json::one_line(field.path().as_bytes(), 24));
    let change = field.map(|field| (format!("change of {field}"), &[Action::NextChange][..]));
    let turn = app.asking().condition().map(|_| ("condition".to_owned(), &[Action::NextTurn][..]));
    let always = [
        ("next problem".to_owned(), &[Action::NextProblem][..]),
        ("play".to_owned(), &[Action::Play]),
        ("step".to_owned(), &[Action::StepForward, Action::StepBack]),
    ];
    // There is no room for all.
    let fewer = usize::from(change.is_some()) + usize::from(turn.is_some());
    let fixed = always.into_iter().filter(|(what, _)| fewer == 0 || what != "play");
    for (what, actions) in change.into_iter().chain(turn).chain(fixed) {
        ui.label(RichText::new(what).size(theme::SMALL).color(p.dim));
        for chord in actions.iter().filter_map(|action| action.entry().chord) {
            key(ui, &chord.text());
        }
    }
}
