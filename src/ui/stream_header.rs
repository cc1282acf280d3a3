//! Drawn soon.

use crate::app::{App, Intent};

pub fn header_ui(_ui: &mut egui::Ui, _app: &App, _out: &mut Vec<Intent>) {}
