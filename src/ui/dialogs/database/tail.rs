//! What is written now.

use super::event_rows::{Shown, rows_ui};
use crate::app::{App, DatabaseIntent, Intent, LogTail};
use crate::sentences::{no_log, store_error};
use crate::store::StoreError;
use crate::ui::format::{count, plural};
use crate::ui::theme;
use crate::ui::widgets::{empty, named};
use egui::{Label, RichText, Role, TextEdit, Ui, WidgetInfo};

pub fn tail_ui(ui: &mut Ui, app: &App, tail: &LogTail, rows: &mut Shown, out: &mut Vec<Intent>) {
    let p = theme::palette(ui);
    if let Some(why) = tail.denied() {
        ui.add(Label::new(RichText::new(unreadable(why)).color(p.red)).wrap());
        return;
    }
    filter_ui(ui, tail, out);
    if let Some(fault) = tail.fault() {
        ui.add(Label::new(RichText::new(crate::record::json::safe(fault)).color(p.red)).wrap());
    }
    ui.label(RichText::new(said(tail)).color(p.dim));
    let shown = tail.shown();
    if shown.is_empty() && tail.has_begun() {
        let text = if tail.kept() == 0 {
            "What is written from now on comes here."
        } else {
            "What is written from now on comes here, too."
        };
        return empty(ui, "No event to show", text);
    }
    rows_ui(
        ui,
        app,
        rows,
        shown.len(),
        |row| shown.get(shown.len().checked_sub(row + 1)?).map(|record| &**record),
        out,
    );
}

/// Why `$all` is not shown.
pub fn unreadable(why: &StoreError) -> String {
    match why {
        StoreError::AccessDenied(denial) => no_log(denial),
        why => store_error(why),
    }
}

fn filter_ui(ui: &mut Ui, tail: &LogTail, out: &mut Vec<Intent>) {
    let mut typed = tail.typed().clone();
    let mut is_changed = false;
    ui.horizontal(|ui| {
        let fields = [
            (&mut typed.category, "Category", "category", 130.0),
            (&mut typed.event_type, "Event type", "event type", 150.0),
            (&mut typed.text, "Text or condition", "words, or data.Total > 50", 260.0),
        ];
        for (text, name, hint, width) in fields {
            let field = ui.add(TextEdit::singleline(text).hint_text(hint).desired_width(width));
            field.widget_info(|| WidgetInfo::labeled(Role::TextInput, true, name));
            is_changed |= field.changed();
        }
        let (name, pauses) = if tail.paused().is_some() { ("Go on", false) } else { ("Pause", true) };
        let button = ui.button(name);
        named(&button, Role::Button, name);
        if button.clicked() {
            out.push(Intent::Database(DatabaseIntent::Pause(pauses)));
        }
    });
    if is_changed {
        out.push(Intent::Database(DatabaseIntent::Filter(typed)));
    }
}

fn said(tail: &LogTail) -> String {
    let shown = tail.shown().len() as u64;
    let kept = plural(tail.kept() as u64, "newest event");
    match tail.paused() {
        _ if !tail.has_begun() => "Reading the newest events…".to_owned(),
        Some(missed) => {
            format!("Paused: {} came meanwhile. {} of the {kept}.", plural(missed, "event"), count(shown))
        }
        None => format!("{} of the {kept}, the newest first. Live.", count(shown)),
    }
}
