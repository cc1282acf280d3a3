//! Below the table of events: how the condition stands at the playhead, and where it turns next.

use super::format;
use super::theme::{self, Palette};
use super::widgets::key;
use crate::app::{Action, App, Intent, Opened};
use crate::history::Turns;
use crate::record::json::safe as json_safe;
use egui::text::{LayoutJob, TextFormat};
use egui::{CornerRadius, FontId, Frame, Label, Margin, Rect, RichText, Ui, pos2};

/// Characters of a condition that are shown; hovering shows all.
const MOST_TEXT: usize = 40;
/// Width beside which the key is told.
const WIDE: f32 = 760.0;
/// Height that it takes.
pub const HEIGHT: f32 = 52.0;

pub fn condition_band_ui(ui: &mut Ui, p: &Palette, app: &App, opened: &Opened, out: &mut Vec<Intent>) {
    let Some(condition) = app.asking().condition() else { return };
    let turns = app.asking().turns();
    Frame::new().inner_margin(Margin::symmetric(16, 8)).show(ui, |ui| {
        let frame = Frame::new().fill(p.amber_bg).corner_radius(CornerRadius::same(6));
        let shown = frame.inner_margin(Margin::symmetric(12, 8)).show(ui, |ui| {
            ui.set_width(ui.available_width());
            ui.horizontal(|ui| {
                ui.spacing_mut().item_spacing.x = 8.0;
                let font = |font| TextFormat::simple(font, p.text);
                let mut job = LayoutJob::default();
                let text = format::elided(condition.text(), MOST_TEXT);
                job.append(&json_safe(&text), 0.0, font(theme::strong(theme::BODY)));
                let stands = stands(opened, turns);
                job.append(&format!(" {stands}"), 0.0, font(FontId::proportional(theme::BODY)));
                let is_wide = ui.available_width() > WIDE;
                let links = if turns.is_empty() {
                    0.0
                } else if is_wide {
                    190.0
                } else {
                    120.0
                };
                let width = (ui.available_width() - links).max(80.0);
                ui.scope(|ui| {
                    ui.set_max_width(width);
                    let hover = format!("{} {stands}", json_safe(condition.text()));
                    ui.add(Label::new(job).truncate().show_tooltip_when_elided(false)).on_hover_text(hover);
                });
                if !turns.is_empty() {
                    let text = format!("List all {}", format::count(turns.times_true() as u64));
                    if ui.link(RichText::new(text).color(p.accent)).clicked() {
                        out.extend(Action::Turns.intent());
                    }
                    key(ui, "]");
                    if is_wide {
                        ui.label(RichText::new("next turn").color(p.dim));
                    }
                }
            });
        });
        let bar = shown.response.rect;
        let bar = Rect::from_min_max(bar.min, pos2(bar.left() + 3.0, bar.bottom()));
        ui.painter().rect_filled(bar, CornerRadius::same(2), p.amber);
    });
}

/// "is true from here until revision 9; it turns true 41 times."
fn stands(opened: &Opened, turns: &Turns) -> String {
    let timeline = opened.timeline();
    let times = match turns.times_true() {
        0 => "is never true in this stream".to_owned(),
        1 => "it turns true once".to_owned(),
        times => format!("it turns true {} times", format::count(times as u64)),
    };
    let judged = turns.judged();
    let so_far = if judged < timeline.len() {
        format!(
            " so far, {} of {} judged",
            format::count(judged as u64),
            format::plural(timeline.len() as u64, "event")
        )
    } else {
        String::new()
    };
    if turns.is_empty() {
        return format!("{times}{so_far}.");
    }
    let revision = |place: usize| {
        let (index, _) = turns.get(place)?;
        Some(format!("revision {}", format::count(timeline.get(index)?.revision.0)))
    };
    let next = turns.place_after(opened.index()).and_then(revision);
    let here = opened.index().and_then(|index| Some((turns.holds_at(index)?, turns.turn_at(index))));
    let now = match (here, next) {
        (Some((true, Some(_))), Some(next)) => format!("is true from here until {next}"),
        (Some((true, Some(_))), None) => "is true from here on".to_owned(),
        (Some((true, None)), Some(next)) => format!("is true here, until {next}"),
        (Some((true, None)), None) => "is true here, and stays so".to_owned(),
        (Some((false, _)) | None, Some(next)) => format!("is not true here, and is next at {next}"),
        (Some((false, _)), None) => "is not true here, nor later".to_owned(),
        (None, None) => "is not judged here yet".to_owned(),
    };
    format!("{now}; {times}{so_far}.")
}
