//! What the track says of the event under the pointer.

use super::places::Places;
use crate::app::TimeScale;
use crate::history::{Mark, Timeline};
use crate::record::json;
use crate::ui::moment_text::local_and_utc;
use crate::ui::{format, theme, theme::Palette};
use egui::{Pos2, RichText, Stroke, Tooltip, Ui};

/// A line at the nearest event, and what it is; with how many share its column.
pub fn hover_ui(
    ui: &Ui,
    p: &Palette,
    timeline: &Timeline,
    scale: &TimeScale,
    places: &Places,
    at: Pos2,
    together: Option<usize>,
) {
    let density = timeline.density();
    let index = scale.nearest(density, places.place(at.x).clamp(0.0, 1.0));
    let Some(record) = timeline.get(index) else { return };
    let x = places.x(scale.place(density, index));
    ui.painter_at(places.whole).vline(x, places.bar.y_range(), Stroke::new(1.0, p.dim));
    let anchor = egui::PopupAnchor::Position(egui::pos2(at.x, places.whole.top() - 4.0));
    let id = ui.scope_id().with("hovered-event");
    let mut tip = Tooltip::always_open(ui.ctx().clone(), ui.layer_id(), id, anchor);
    tip.popup = tip.popup.align(egui::RectAlign::TOP);
    tip.show(|ui| {
        let small = |text: String, color| RichText::new(text).font(theme::mono(theme::SMALL)).color(color);
        ui.label(RichText::new(&*json::safe(record.event_type)).color(p.text));
        ui.label(small(format!("revision {}", format::count(record.revision.0)), p.text));
        ui.label(small(local_and_utc(record.created), p.dim));
        match timeline.mark(index) {
            Some(Mark::Problem) => drop(ui.label(small("▲ problem".to_owned(), p.red))),
            Some(Mark::NotFolded) => drop(ui.label(small("not folded".to_owned(), p.dim))),
            Some(Mark::Folded) | None => {}
        }
        if let Some(together) = together.filter(|&events| events > 1) {
            ui.label(small(format!("{} in this column", format::plural(together as u64, "event")), p.dim));
        }
    });
}
