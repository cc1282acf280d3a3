//! The user's definition files: what each folds, and what is wrong with it.

use super::{comparison, fault};
use crate::aggregate::script::{Definition, Folds};
use crate::aggregate::{Aggregate, Fault};
use crate::app::{App, Comparison, DefinitionIntent, Dialog, FoldWith, Intent, ViewIntent};
use crate::definition_files;
use crate::record::json;
use crate::ui::theme::{self, Palette};
use crate::ui::widgets::{empty, named, title};
use egui::{Align, Label, Layout, RichText, Role, ScrollArea, Ui};
use std::path::Path;
use std::sync::Arc;

/// Highest that the rows are together.
const MOST: f32 = 360.0;
/// Longest path and message, in characters.
const SHOWN: usize = 400;

pub fn definitions_ui(ui: &mut Ui, app: &App, out: &mut Vec<Intent>) {
    let p = theme::palette(ui);
    title(ui, "Definitions");
    let text =
        "JavaScript files that fold streams and define their commands. A file that is saved folds anew.";
    ui.label(RichText::new(text).color(p.dim));
    for folder in app.definition_folders() {
        let folder = json::one_line(folder.to_string_lossy().as_bytes(), SHOWN);
        let text = RichText::new(folder).font(theme::mono(theme::SMALL)).color(p.dim);
        ui.add(Label::new(text).truncate());
    }
    ui.add_space(6.0);
    let mut files = app.definitions().files().peekable();
    if files.peek().is_none() {
        empty(ui, "No definition yet", "Save a NAME.js in the folder, or drop one on the window.");
    }
    ScrollArea::vertical().max_height(MOST).auto_shrink([false, true]).show(ui, |ui| {
        for (name, definition, fault) in files {
            file_ui(ui, p, app, name, definition.map(|definition| &**definition), out);
            if let Some(fault) = fault {
                fault_ui(ui, p, fault, definition.is_some());
            }
            ui.separator();
        }
        for conflict in app.definitions().conflicts() {
            let text = json::one_line(format!("{conflict}.").as_bytes(), SHOWN);
            ui.add(Label::new(RichText::new(text).color(p.amber)).wrap());
        }
    });
    if let Some(comparison) = app.comparison() {
        last_ui(ui, comparison, out);
    }
    ui.add_space(8.0);
    ui.horizontal(|ui| {
        if ui.button("Close").clicked() {
            out.push(Intent::View(ViewIntent::CloseDialog));
        }
        if ui.button("Add a file…").clicked() {
            out.push(Intent::Definition(DefinitionIntent::Choose));
        }
    });
}

fn file_ui(
    ui: &mut Ui,
    p: &Palette,
    app: &App,
    name: &Arc<str>,
    definition: Option<&Definition>,
    out: &mut Vec<Intent>,
) {
    let single = app.settings().definition_files.iter().find(|file| definition_files::name(file) == *name);
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 12.0;
        let shown = json::one_line(name.as_bytes(), SHOWN);
        ui.label(RichText::new(&*shown).font(theme::mono(theme::SMALL)).color(p.text));
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            if let Some(file) = single {
                let forget = ui.button("Forget").on_hover_text(format!(
                    "Read it no more; the file stays where it is: {}",
                    json::one_line(file.to_string_lossy().as_bytes(), SHOWN)
                ));
                if forget.clicked() {
                    out.push(Intent::Definition(DefinitionIntent::Forget(Path::new(file).to_owned())));
                }
            }
            if let Some(Folds::Streams(..)) = definition.map(Definition::folds) {
                fold_with_ui(ui, app, name, out);
            }
            let said = definition.map_or_else(|| "not used".to_owned(), folds);
            let said = json::one_line(said.as_bytes(), SHOWN);
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                ui.add(Label::new(RichText::new(said).color(p.dim)).truncate());
            });
        });
    });
    let outside = match definition.map(Definition::folds) {
        Some(Folds::Streams(_, aggregate)) => aggregate.outside_state(),
        Some(Folds::Partitions(_)) | None => None,
    };
    if let Some(why) = outside {
        ui.add(Label::new(RichText::new(format!("{}.", json::safe(why))).color(p.amber)).wrap());
    }
}

/// What the definition can be compared with.
fn fold_with_ui(ui: &mut Ui, app: &App, name: &Arc<str>, out: &mut Vec<Intent>) {
    let mut chosen = None;
    let menu = ui.menu_button("Fold with…", |ui| {
        for other in app.definitions().all().filter(|other| other.file() != name) {
            let file = json::one_line(other.file().as_bytes(), SHOWN);
            if matches!(other.folds(), Folds::Streams(..)) && ui.button(file).clicked() {
                chosen = Some(FoldWith::Definition(other.file().clone()));
            }
        }
        let without = ui.button("What counts without it");
        if without.on_hover_text("Another definition, the built-in aggregate, or the last values").clicked() {
            chosen = Some(FoldWith::WithoutIt);
        }
        ui.separator();
        if ui.button("Another file…").clicked() {
            chosen = Some(FoldWith::ChosenFile);
        }
    });
    named(&menu.response, Role::Button, &format!("Fold {} with…", json::one_line(name.as_bytes(), SHOWN)));
    menu.response.on_hover_text("Shows for which streams another definition makes other states");
    if let Some(with) = chosen {
        out.push(Intent::Definition(DefinitionIntent::FoldWith(name.clone(), with)));
    }
}

/// What was compared last.
fn last_ui(ui: &mut Ui, comparison: &Comparison, out: &mut Vec<Intent>) {
    let p = theme::palette(ui);
    ui.add_space(4.0);
    ui.horizontal(|ui| {
        let text = format!("{}: {}", comparison::names(comparison), comparison::found(comparison));
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            if ui.button("Show").clicked() {
                out.push(Intent::View(ViewIntent::Open(Dialog::Comparison)));
            }
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                ui.add(Label::new(RichText::new(text).color(p.dim)).truncate());
            });
        });
    });
}

/// Which streams it folds, and how many commands it has for them.
fn folds(definition: &Definition) -> String {
    match definition.folds() {
        Folds::Streams(scope, aggregate) => {
            let commands = aggregate.schema().commands.len();
            match commands {
                0 => format!("folds {scope}"),
                1 => format!("folds {scope}, 1 command"),
                _ => format!("folds {scope}, {commands} commands"),
            }
        }
        Folds::Partitions(_) => "folds several streams into one state: `hindsight check` runs it".to_owned(),
    }
}

fn fault_ui(ui: &mut Ui, p: &Palette, fault: &Fault, counts: bool) {
    let before = if counts { " It counts as it was before." } else { "" };
    let text = json::one_line(format!("{fault}.{before}").as_bytes(), SHOWN);
    ui.add(Label::new(RichText::new(text).color(p.red)).wrap());
    fault::calls_ui(ui, p, fault);
}
