//! The time panel: buttons, where the playhead is, and the track.

use super::events::type_color;
use super::icon::{Icon, icon};
use super::theme::{self, Palette};
use super::time_scale::{TimeScale, Times};
use super::widgets::{chip, key, named};
use crate::app::{Action, App, Intent, Opened, Playback, TimeIntent};
use crate::history::Mark;
use egui::{Align, Button, Layout, Pos2, Rect, RichText, Role, Sense, Ui, Vec2, WidgetInfo, pos2, vec2};
use jiff::tz::TimeZone;

pub fn time_ui(ui: &mut Ui, app: &App, times: &mut Times, out: &mut Vec<Intent>) {
    let p = theme::palette(ui);
    ui.horizontal(|ui| {
        buttons_ui(ui, p, app, out);
        modes_ui(ui, app, out);
        ui.add_space(6.0);
        if let Some(opened) = app.opened() {
            where_ui(ui, p, opened);
        }
        if ui.available_width() > 300.0 {
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| hints_ui(ui, p));
        }
    });
    if let Some(opened) = app.opened().filter(|opened| !opened.timeline().is_empty()) {
        let created = |index| opened.timeline().get(index).map(|record| record.created);
        times.update(opened.ticket(), opened.timeline().len(), created);
        track_ui(ui, p, opened, &TimeScale::new(times, app.playback().by_time), out);
    } else {
        ui.label(
            RichText::new("The events of the open stream appear here on a line of time.").color(p.faint),
        );
    }
}

fn buttons_ui(ui: &mut Ui, p: &Palette, app: &App, out: &mut Vec<Intent>) {
    let playing = app.playback().playing;
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
            let text = RichText::new(if playing { "Pause" } else { "Play" }).color(p.on_accent);
            let button = Button::new((icon(sign, 11.0, Some(p.on_accent)), text));
            let button = button.fill(p.accent).min_size(Vec2::new(78.0, 30.0));
            let response = ui.add_enabled(why_not.is_none(), button);
            response.widget_info(|| WidgetInfo::selected(Role::Button, why_not.is_none(), playing, name));
            response
        } else {
            let button = Button::new(icon(sign, 12.0, None)).min_size(Vec2::new(38.0, 30.0));
            let response = ui.add_enabled(why_not.is_none(), button);
            named(&response, Role::Button, name);
            response
        };
        if response.clicked() {
            out.extend(action.intent());
        }
        match why_not {
            Some(why) => response.on_disabled_hover_text(why),
            None => response.on_hover_text(name),
        };
    }
}

fn modes_ui(ui: &mut Ui, app: &App, out: &mut Vec<Intent>) {
    let speed = app.playback().speed;
    let speeds = Playback::SPEEDS;
    let next = speeds.iter().position(|&s| s == speed).map_or(0, |at| (at + 1) % speeds.len());
    let response = chip(ui, format!("{speed}×"), false).on_hover_text("Speed of playing");
    named(&response, Role::Button, "Speed");
    if response.clicked() {
        out.push(Intent::Time(TimeIntent::Speed(speeds[next])));
    }
    for (text, by_time) in [("By event", false), ("By time", true)] {
        if chip(ui, text, app.playback().by_time == by_time).clicked() {
            out.push(Intent::Time(TimeIntent::PlayByTime(by_time)));
        }
    }
}

fn where_ui(ui: &mut Ui, p: &Palette, opened: &Opened) {
    let mono = |text: String, color| RichText::new(text).font(theme::mono(theme::SMALL)).color(color);
    let last = opened.timeline().last_revision();
    let record = opened.index().and_then(|i| opened.timeline().get(i));
    match (record, last) {
        (Some(record), Some(last)) => {
            ui.label(mono(format!("rev {} of {last}", record.revision), p.text));
            let local = record.created.date_time(&TimeZone::system());
            let utc = record.created.clock(&TimeZone::UTC);
            ui.add(egui::Label::new(mono(format!("{local} local · {utc} UTC"), p.dim)).truncate());
        }
        (None, Some(last)) => {
            ui.label(mono(format!("before the first event, newest is rev {last}"), p.text));
        }
        _ => {}
    }
}

/// Right to left.
fn hints_ui(ui: &mut Ui, p: &Palette) {
    for (what, actions) in [
        ("next problem", &[Action::NextProblem][..]),
        ("play", &[Action::Play]),
        ("step", &[Action::StepForward, Action::StepBack]),
    ] {
        ui.label(RichText::new(what).size(theme::SMALL).color(p.dim));
        for chord in actions.iter().filter_map(|action| action.entry().chord) {
            key(ui, &chord.text());
        }
    }
}

fn track_ui(ui: &mut Ui, p: &Palette, opened: &Opened, scale: &TimeScale, out: &mut Vec<Intent>) {
    let size = vec2(ui.available_width(), ui.available_height().clamp(40.0, 54.0));
    let (rect, response) = ui.allocate_exact_size(size, Sense::click_and_drag());
    named(&response, Role::Slider, "Timeline");
    let bar = rect.with_max_y(rect.bottom() - 20.0);
    let bar = bar.with_min_y(bar.bottom() - 16.0);
    let (left, width) = (bar.left() + 5.0, bar.width() - 10.0);
    let x = |index: usize| left + scale.place(index) * width;
    if let Some(Pos2 { x, .. }) =
        response.interact_pointer_pos().filter(|_| response.clicked() || response.dragged())
        && let Some(record) =
            opened.timeline().get(scale.index(f64::from(((x - left) / width).clamp(0.0, 1.0))))
    {
        out.push(Intent::Time(TimeIntent::GoTo(record.revision)));
    }
    let painter = ui.painter_at(rect);
    painter.rect_filled(bar, 4.0, p.bg);
    let at = opened.index();
    let head = at.map_or(left, x);
    painter.rect_filled(bar.with_max_x(head), 4.0, p.accent_bg);
    // At most one mark in two points of width, however many events there are.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a width on screen")]
    let columns = (width / 2.0) as usize;
    let dense = opened.timeline().len() > columns / 3;
    scale.columns(columns, |index| {
        if let Some(record) = opened.timeline().get(index) {
            let color = type_color(p, opened.timeline().aggregate().schema(), record.event_type);
            // As in the table, what is ahead of the playhead is fainter.
            let ahead = at.is_none_or(|at| index > at);
            let color = if ahead { color.gamma_multiply(0.5) } else { color };
            // Side by side, the many that mean nothing would hide the few that do.
            let (size, color) = if dense
                && type_color(p, opened.timeline().aggregate().schema(), record.event_type) == p.faint
            {
                (vec2(1.0, 8.0), color.gamma_multiply(0.6))
            } else {
                (vec2(3.0, 24.0), color)
            };
            let mark = Rect::from_center_size(pos2(x(index), bar.center().y), size);
            painter.rect_filled(mark, 0.0, color);
        }
    });
    let mut last_dot = f32::NEG_INFINITY;
    for (index, _) in opened.timeline().problems().take(10_000) {
        let at = x(index);
        if (at - last_dot).abs() >= 4.0 && opened.timeline().mark(index) == Some(Mark::Problem) {
            painter.circle_filled(pos2(at, bar.top() - 9.0), 4.0, p.red);
            last_dot = at;
        }
    }
    let tip = pos2(head, bar.bottom());
    let triangle = vec![tip, tip + vec2(6.0, 8.0), tip + vec2(-6.0, 8.0)];
    painter.add(egui::Shape::convex_polygon(triangle, p.text, egui::Stroke::NONE));
    labels_ui(ui, p, scale, rect, left, width);
}

fn labels_ui(ui: &Ui, p: &Palette, scale: &TimeScale, rect: Rect, left: f32, width: f32) {
    let painter = ui.painter_at(rect);
    let mut end = f32::NEG_INFINITY;
    for (place, text) in scale.labels(&TimeZone::system()) {
        let galley = painter.layout_no_wrap(text, theme::mono(10.0), p.dim);
        let size = galley.size();
        let at = (left + place * width - size.x / 2.0).clamp(rect.left(), rect.right() - size.x);
        if at > end + 8.0 {
            painter.galley(pos2(at, rect.bottom() - size.y + 1.0), galley, p.dim);
            end = at + size.x;
        }
    }
}
