//! The database itself: what is written now, a search over everything, projections, and parked messages.

mod event_rows;
mod parked;
mod projections;
mod search;
mod tail;

use crate::app::{App, DatabaseIntent, DatabaseTab, Intent, ViewIntent};
use crate::sentences::store_error;
use crate::store::Connection;
use crate::ui::theme;
use crate::ui::widgets::{tab, title};
use egui::{Label, RichText, Ui};

/// What is typed, and where the rows stand.
#[derive(Default)]
pub struct Room {
    tail: event_rows::Shown,
    form: search::Form,
    hits: event_rows::Shown,
    projections: projections::Shown,
    parked: parked::Shown,
}

impl Room {
    pub fn show(&mut self, ui: &mut Ui, app: &App, out: &mut Vec<Intent>) {
        let p = theme::palette(ui);
        title(ui, "Database");
        let room = app.database();
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = 14.0;
            for one in DatabaseTab::ALL {
                if tab(ui, one.name(), None, room.tab() == one).clicked() {
                    out.push(Intent::Database(DatabaseIntent::Tab(one)));
                }
            }
        });
        ui.add_space(6.0);
        if let Connection::Waiting { why, .. } = app.connection() {
            let text = format!("{} It goes on from here once the database answers.", store_error(why));
            ui.add(Label::new(RichText::new(text).color(p.amber)).wrap());
        }
        match room.tab() {
            DatabaseTab::Tail => tail::tail_ui(ui, app, room.tail(), &mut self.tail, out),
            DatabaseTab::Search => self.form.show(ui, (app, room.search()), &mut self.hits, out),
            DatabaseTab::Projections => {
                projections::projections_ui(ui, app, room.projections(), &mut self.projections, out);
            }
            DatabaseTab::Parked => parked::parked_ui(ui, app, room.parked(), &mut self.parked, out),
        }
        ui.add_space(8.0);
        ui.horizontal(|ui| {
            if ui.button("Close").clicked() {
                out.push(Intent::View(ViewIntent::CloseDialog));
            }
            let refreshes = matches!(room.tab(), DatabaseTab::Projections | DatabaseTab::Parked);
            if refreshes && ui.button("Refresh").clicked() {
                out.push(Intent::Database(DatabaseIntent::Refresh));
            }
        });
    }
}
