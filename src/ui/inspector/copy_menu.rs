//! The menu of what else can be copied of an event, and of folds.

use super::payload_box::PayloadBox;
use crate::app::{Intent, ViewIntent};
use crate::history::Frame;
use crate::record::payload_text::{Folds, Shape, pretty};
use crate::ui::icon::{Icon, icon};
use crate::ui::theme::Palette;
use crate::ui::widgets::named;
use egui::containers::menu::MenuButton;
use egui::{Button, Role, Ui};

pub fn copy_menu_ui(ui: &mut Ui, p: &Palette, frame: &Frame, data: &mut PayloadBox, out: &mut Vec<Intent>) {
    let Some(record) = frame.record() else { return };
    let button = Button::new(icon(Icon::More, 12.0, Some(p.dim))).frame(false);
    let (response, _) = MenuButton::from_button(button).ui(ui, |ui| {
        let is_json = data.shape() == Some(Shape::Json);
        let no_json = "The data is not shown as JSON";
        let mut copy = |text: Option<String>| out.extend(text.map(|text| Intent::View(ViewIntent::Copy(text))));
        let pretty_json = ui.add_enabled(is_json, Button::new("Copy as pretty JSON"));
        if pretty_json.on_disabled_hover_text(no_json).clicked() {
            copy(pretty(record.data));
        }
        let hover = "For a POSIX shell with Python and its package kurrentdbclient; appends to the database that \
                     HINDSIGHT_CONNECTION names";
        if ui.button("Copy append command").on_hover_text(hover).clicked() {
            copy(Some(record.append_command()));
        }
        for (name, folds) in [
            ("Fold all", Folds::from(1)),
            ("Fold below level 2", Folds::from(2)),
            ("Fold below level 3", Folds::from(3)),
            ("Unfold all", Folds::default()),
        ] {
            let button = ui.add_enabled(is_json, Button::new(name));
            if button.on_disabled_hover_text(no_json).clicked() {
                data.fold_all(folds);
            }
        }
    });
    named(&response, Role::Button, "Copy as");
    response.on_hover_text("Copy as, fold");
}
