//! Every revision of the open stream at which the condition turns.

use crate::app::{App, Intent, Opened, TimeIntent, ViewIntent};
use crate::record::json;
use crate::ui::context_menu::context_menu;
use crate::ui::format;
use crate::ui::moment_text::local_and_utc;
use crate::ui::scroll::{Place, Rows, height_of};
use crate::ui::theme;
use crate::ui::widgets::{elided, empty, named, title, whole_on_hover};
use egui::{Align2, FontId, Response, RichText, Role, Sense, Ui, pos2, vec2};
use jiff::tz::TimeZone;

const ROW: f32 = 26.0;
/// Highest that the rows are together.
const MOST: f32 = 420.0;

/// Where its rows stand.
pub type Shown = Rows<usize>;

pub fn turns_ui(ui: &mut Ui, app: &App, rows: &mut Shown, out: &mut Vec<Intent>) {
    let p = theme::palette(ui);
    title(ui, "All turns");
    let turns = app.asking().turns();
    let (Some(opened), Some(condition)) = (app.opened(), app.asking().condition()) else {
        empty(
            ui,
            "No condition is asked",
            "Type one like Total > 50 into the filter of the list, and open a stream.",
        );
        return close_ui(ui, out);
    };
    ui.label(RichText::new(json::safe(condition.text())).font(theme::mono(theme::SMALL)));
    let events = format::plural(turns.judged() as u64, "event");
    let text = format!(
        "{} in the first {events} of {}",
        format::plural(turns.len() as u64, "turn"),
        json::safe(opened.stream().as_str())
    );
    ui.label(RichText::new(text).color(p.dim));
    ui.add_space(6.0);
    let here = opened
        .index()
        .and_then(|index| turns.place_after(Some(index)).map_or(turns.len(), |at| at).checked_sub(1));
    let place = Place {
        key: 0,
        row: here,
        keep: false,
        row_height: ROW,
        height: height_of(turns.len(), ROW).min(MOST),
        bar: ui.scope_id().with("bar"),
        name: "Scroll the turns",
    };
    ui.scope(|ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        rows.show(ui, place, turns.len(), |ui, row| row_ui(ui, app, opened, row, here == Some(row), out));
    });
    close_ui(ui, out);
}

fn close_ui(ui: &mut Ui, out: &mut Vec<Intent>) {
    ui.add_space(8.0);
    if ui.button("Close").clicked() {
        out.push(Intent::View(ViewIntent::CloseDialog));
    }
}

fn row_ui(
    ui: &mut Ui,
    app: &App,
    opened: &Opened,
    row: usize,
    is_here: bool,
    out: &mut Vec<Intent>,
) -> Response {
    let p = theme::palette(ui);
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), ROW), Sense::click());
    let turn = app.asking().turns().get(row);
    let Some((record, turns_true)) = turn.and_then(|(index, to)| Some((opened.timeline().get(index)?, to)))
    else {
        return response;
    };
    let (sign, color) = if turns_true { ("◆ turns true", p.amber) } else { ("◇ turns false", p.dim) };
    named(&response, Role::Button, &format!("Turn at revision {}: {sign}", record.revision));
    if is_here {
        ui.painter().rect_filled(rect, 0.0, p.accent_bg);
    } else if response.hovered() || response.has_focus() {
        ui.painter().rect_filled(rect, 0.0, p.raise);
    }
    let painter = ui.painter_at(rect);
    let y = rect.center().y;
    let put = |x: f32, align: Align2, text: String, font: FontId, color| {
        painter.text(pos2(rect.left() + x, y), align, text, font, color);
    };
    let (mono, plain) = (theme::mono(theme::SMALL), FontId::proportional(theme::BODY));
    put(90.0, Align2::RIGHT_CENTER, format::count(record.revision.0), mono.clone(), p.text);
    put(104.0, Align2::LEFT_CENTER, record.created.date_time(&TimeZone::system()), mono, p.dim);
    put(280.0, Align2::LEFT_CENTER, sign.to_owned(), plain.clone(), color);
    let place = rect.with_min_x(rect.left() + 380.0);
    let kind = elided(ui, &json::one_line(record.event_type.as_bytes(), 400), plain, p.text, place.width());
    ui.painter().galley(pos2(place.left(), y - kind.size().y / 2.0), kind.clone(), p.text);
    let response = response.on_hover_text(local_and_utc(record.created));
    if response.clicked() {
        out.push(Intent::Time(TimeIntent::GoTo(record.revision)));
        out.push(Intent::View(ViewIntent::CloseDialog));
    }
    context_menu(&response, "Event menu", out, |menu| menu.event(app, opened.stream(), record.revision));
    whole_on_hover(response, place, &kind)
}
