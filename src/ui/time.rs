//! Drawn soon.

use crate::app::{App, Intent};

pub fn time_ui(_ui: &mut egui::Ui, _app: &App, _out: &mut Vec<Intent>) {}
