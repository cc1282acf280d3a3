//! The time panel: buttons, where the playhead is, and the track.

use super::events::type_color;
use super::theme::{self, Palette};
use super::widgets::{chip, key, named};
use crate::app::{App, Intent, Opened, Playback};
use crate::history::Mark;
use egui::{Align, Button, Layout, Pos2, Rect, RichText, Role, Sense, Ui, Vec2, pos2, vec2};
use jiff::tz::TimeZone;

pub fn time_ui(ui: &mut Ui, app: &App, out: &mut Vec<Intent>) {
    let p = theme::palette(ui);
    ui.horizontal(|ui| {
        buttons_ui(ui, p, app, out);
        modes_ui(ui, app, out);
        ui.add_space(6.0);
        if let Some(opened) = &app.opened {
            where_ui(ui, p, opened);
        }
        if ui.available_width() > 300.0 {
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| hints_ui(ui, p));
        }
    });
    if let Some(opened) = app.opened.as_ref().filter(|opened| !opened.timeline.is_empty()) {
        track_ui(ui, p, opened, app.playback.by_time, out);
    } else {
        ui.label(
            RichText::new("The events of the open stream appear here on a line of time.").color(p.faint),
        );
    }
}

fn buttons_ui(ui: &mut Ui, p: &Palette, app: &App, out: &mut Vec<Intent>) {
    let length = app.opened.as_ref().map_or(0, |opened| opened.timeline.len());
    let index = app.opened.as_ref().and_then(Opened::index);
    let back = if index.is_none() { Some("Nothing is before this") } else { None };
    let oldest = if length == 0 || index == Some(0) { Some("This is the oldest event") } else { None };
    let forward = if index.map_or(0, |i| i + 1) >= length { Some("This is the newest event") } else { None };
    let newest = if length == 0 || app.is_live() { Some("Already on the newest event") } else { None };
    let none = if length == 0 { Some("There are no events to play") } else { None };
    let playing = app.playback.playing;
    let play = if playing { "⏸ Pause" } else { "▶ Play" };
    for (name, text, why_not, intent, width) in [
        ("Oldest", "|◀", oldest, Intent::Oldest, 38.0),
        ("Step back", "◀", back, Intent::Step(-1), 38.0),
        ("Play", play, none, Intent::PlayPause, 76.0),
        ("Step forward", "▶", forward, Intent::Step(1), 38.0),
        ("Newest", "▶|", newest, Intent::Newest, 38.0),
    ] {
        let primary = name == "Play";
        let text = RichText::new(text).color(if primary { p.on_accent } else { p.text });
        let mut button = Button::new(text).min_size(Vec2::new(width, 30.0));
        if primary {
            button = button.fill(p.accent);
        }
        let response = ui.add_enabled(why_not.is_none(), button);
        named(&response, Role::Button, name);
        if response.clicked() {
            out.push(intent);
        }
        match why_not {
            Some(why) => response.on_disabled_hover_text(why),
            None => response.on_hover_text(name),
        };
    }
}

fn modes_ui(ui: &mut Ui, app: &App, out: &mut Vec<Intent>) {
    let speed = app.playback.speed;
    let speeds = Playback::SPEEDS;
    let next = speeds.iter().position(|&s| s == speed).map_or(0, |at| (at + 1) % speeds.len());
    let response = chip(ui, format!("{speed}×"), false).on_hover_text("Speed of playing");
    named(&response, Role::Button, "Speed");
    if response.clicked() {
        out.push(Intent::Speed(speeds[next]));
    }
    for (text, by_time) in [("By event", false), ("By time", true)] {
        if chip(ui, text, app.playback.by_time == by_time).clicked() {
            out.push(Intent::PlayByTime(by_time));
        }
    }
}

fn where_ui(ui: &mut Ui, p: &Palette, opened: &Opened) {
    let mono = |text: String, color| RichText::new(text).font(theme::mono(theme::SMALL)).color(color);
    let last = opened.timeline.last_revision();
    let record = opened.index().and_then(|i| opened.timeline.get(i));
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

fn hints_ui(ui: &mut Ui, p: &Palette) {
    let word = |ui: &mut Ui, text: &str| ui.label(RichText::new(text).size(theme::SMALL).color(p.dim));
    word(ui, "next problem");
    key(ui, "N");
    word(ui, "play");
    key(ui, "Space");
    word(ui, "step");
    key(ui, "→");
    key(ui, "←");
}

/// Where events lie on the track, from 0 to 1.
struct Scale<'a> {
    opened: &'a Opened,
    by_time: bool,
    first: i64,
    span: i64,
}

impl<'a> Scale<'a> {
    fn new(opened: &'a Opened, by_time: bool) -> Self {
        let millis = |record: Option<&crate::record::Record>| record.map_or(0, |r| r.created.millis());
        let first = millis(opened.timeline.records().first());
        let span = millis(opened.timeline.records().last()) - first;
        Self { opened, by_time: by_time && span > 0, first, span }
    }

    #[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, reason = "a place on screen")]
    fn place(&self, index: usize) -> f32 {
        if self.by_time {
            let millis = self.opened.timeline.get(index).map_or(0, |r| r.created.millis());
            return ((millis - self.first) as f64 / self.span as f64).clamp(0.0, 1.0) as f32;
        }
        let last = self.opened.timeline.len().saturating_sub(1).max(1);
        (index as f64 / last as f64) as f32
    }

    /// The last event at or before a place.
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a place on screen"
    )]
    fn index(&self, place: f32) -> usize {
        let last = self.opened.timeline.len().saturating_sub(1);
        if self.by_time {
            let millis = self.first + (f64::from(place) * self.span as f64).round() as i64;
            let after = self.opened.timeline.records().partition_point(|r| r.created.millis() <= millis);
            return after.saturating_sub(1).min(last);
        }
        ((f64::from(place) * last as f64).round() as usize).min(last)
    }
}

fn track_ui(ui: &mut Ui, p: &Palette, opened: &Opened, by_time: bool, out: &mut Vec<Intent>) {
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 54.0), Sense::click_and_drag());
    named(&response, Role::Slider, "Timeline");
    let bar = Rect::from_min_max(pos2(rect.left(), rect.top() + 18.0), pos2(rect.right(), rect.top() + 34.0));
    let (left, width) = (bar.left() + 5.0, bar.width() - 10.0);
    let scale = Scale::new(opened, by_time);
    let x = |index: usize| left + scale.place(index) * width;
    if let Some(Pos2 { x, .. }) =
        response.interact_pointer_pos().filter(|_| response.clicked() || response.dragged())
        && let Some(record) = opened.timeline.get(scale.index(((x - left) / width).clamp(0.0, 1.0)))
    {
        out.push(Intent::GoTo(record.revision));
    }
    let painter = ui.painter_at(rect);
    painter.rect_filled(bar, 4.0, p.bg);
    let head = opened.index().map_or(left, x);
    painter.rect_filled(bar.with_max_x(head), 4.0, p.accent_bg);
    // At most one mark a pixel column, however many events there are.
    let columns = (width / 2.0).max(1.0);
    let mut index = 0;
    let mut column = 0.0;
    while index < opened.timeline.len() && column <= columns {
        if let Some(record) = opened.timeline.get(index) {
            let mark = Rect::from_center_size(pos2(x(index), bar.center().y), vec2(3.0, 24.0));
            painter.rect_filled(mark, 0.0, type_color(p, &record.event_type));
        }
        column = (scale.place(index) * columns).floor() + 1.0;
        index = (index + 1).max(first_from(&scale, column / columns));
    }
    let mut last_dot = f32::NEG_INFINITY;
    for (index, _) in opened.timeline.problems().take(10_000) {
        let at = x(index);
        if at - last_dot >= 4.0 && opened.timeline.mark(index) == Some(Mark::Problem) {
            painter.circle_filled(pos2(at, rect.top() + 8.0), 4.0, p.red);
            last_dot = at;
        }
    }
    let tip = pos2(head, bar.bottom());
    let triangle = vec![tip, tip + vec2(6.0, 8.0), tip + vec2(-6.0, 8.0)];
    painter.add(egui::Shape::convex_polygon(triangle, p.text, egui::Stroke::NONE));
    labels_ui(ui, p, opened, &scale, rect, left, width);
}

/// The first event at or after a place.
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a place on screen"
)]
fn first_from(scale: &Scale, place: f32) -> usize {
    let timeline = &scale.opened.timeline;
    if scale.by_time {
        let millis = scale.first + (f64::from(place) * scale.span as f64).ceil() as i64;
        return timeline.records().partition_point(|r| r.created.millis() < millis);
    }
    (f64::from(place) * timeline.len().saturating_sub(1) as f64).ceil() as usize
}

fn labels_ui(ui: &Ui, p: &Palette, opened: &Opened, scale: &Scale, rect: Rect, left: f32, width: f32) {
    let painter = ui.painter_at(rect);
    for part in [0.0_f32, 0.25, 0.5, 0.75, 1.0] {
        let Some(record) = opened.timeline.get(scale.index(part)) else { continue };
        let text = record.created.clock(&TimeZone::system());
        let text = text.get(..8).unwrap_or(&text).to_owned();
        let align = match part {
            0.0 => egui::Align2::LEFT_BOTTOM,
            1.0 => egui::Align2::RIGHT_BOTTOM,
            _ => egui::Align2::CENTER_BOTTOM,
        };
        painter.text(pos2(left + part * width, rect.bottom() + 1.0), align, text, theme::mono(10.0), p.faint);
    }
}
