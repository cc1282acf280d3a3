//! The projections: state, how far behind, and the streams of their results.

use super::event_rows::{HEIGHT, ROW, head_ui, line_ui};
use crate::app::{App, Intent, ListIntent, Told, ViewIntent};
use crate::record::{Created, StreamName, json};
use crate::sentences::{lag, projections_untold, results_unlisted, store_error};
use crate::store::{Projection, Projections};
use crate::ui::context_menu::context_menu;
use crate::ui::scroll::{Place, Rows};
use crate::ui::theme;
use crate::ui::widgets::empty;
use egui::{Label, RichText, Ui};

const WIDTHS: [f32; 4] = [230.0, 130.0, 190.0, f32::INFINITY];

/// Where its rows stand.
pub type Shown = Rows<()>;

pub fn projections_ui(
    ui: &mut Ui,
    app: &App,
    told: Option<&Told<Projections>>,
    rows: &mut Shown,
    out: &mut Vec<Intent>,
) {
    let p = theme::palette(ui);
    let told = match told {
        None | Some(Told::Asked) => {
            ui.label(RichText::new("Reading the projections…").color(p.dim));
            return;
        }
        Some(Told::Failed(why)) => {
            ui.add(Label::new(RichText::new(store_error(why)).color(p.red)).wrap());
            return;
        }
        Some(Told::Known(told)) => told,
    };
    for text in told.untold.iter().map(projections_untold).chain(told.unlisted.iter().map(results_unlisted)) {
        ui.add(Label::new(RichText::new(text).color(p.amber)).wrap());
    }
    if told.projections.is_empty() {
        return empty(ui, "No projections", "This database has none that this user can see.");
    }
    let place = Place {
        key: (),
        row: None,
        keep: false,
        row_height: ROW,
        height: HEIGHT,
        bar: ui.scope_id().with("bar"),
        name: "Scroll the projections",
    };
    let count: usize = told.projections.iter().map(lines).sum();
    let now = Created::now();
    ui.scope(|ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        head_ui(ui, ["Projection", "Status", "Position", "Behind"], WIDTHS);
        rows.show(ui, place, count, |ui, row| match at(&told.projections, row) {
            Some((one, None)) => {
                let (name, status) = (json::safe(&one.name), one.status.as_deref().unwrap_or("not told"));
                let (status, behind) = (json::safe(status), lag(one.lag, now));
                let label = format!("{name}: {status}, {behind}");
                line_ui(ui, &label, [&name, &status, &json::safe(&one.position), &behind], WIDTHS, false)
            }
            Some((_, Some(stream))) => {
                let shown = json::safe(stream.as_str()).into_owned();
                let response = line_ui(ui, &format!("Open {shown}"), [&shown], [f32::INFINITY], true);
                if response.clicked() {
                    out.push(Intent::View(ViewIntent::CloseDialog));
                    out.push(Intent::List(ListIntent::Select(stream.clone())));
                }
                context_menu(&response, "Stream menu", out, |menu| menu.stream(app, stream));
                response
            }
            None => ui.response(),
        });
    });
}

/// Of a projection: itself, and each of its result streams.
fn lines(one: &Projection) -> usize {
    1 + one.results.len()
}

fn at(all: &[Projection], row: usize) -> Option<(&Projection, Option<&StreamName>)> {
    let mut left = row;
    for one in all {
        if left < lines(one) {
            return Some((one, left.checked_sub(1).and_then(|place| one.results.get(place))));
        }
        left -= lines(one);
    }
    None
}
