//! Drawn soon.

use crate::app::{App, Intent};

pub fn commands_ui(_ui: &mut egui::Ui, _app: &App, _out: &mut Vec<Intent>) {}
