//! The calls that a script was in when it failed.

use crate::aggregate::Fault;
use crate::record::json;
use crate::ui::theme::{self, Palette};
use egui::{RichText, Ui};

/// Longest line, in characters.
const SHOWN: usize = 400;

pub fn calls_ui(ui: &mut Ui, p: &Palette, fault: &Fault) {
    for line in fault.lines().iter().take(8) {
        let line = json::one_line(line.as_bytes(), SHOWN);
        ui.label(RichText::new(line).font(theme::mono(theme::SMALL)).color(p.dim));
    }
}
