//! What a write expects: what was decided on, unless the person chooses; each command offers what makes sense for it.

use super::icon::{Icon, icon};
use super::theme;
use super::widgets::named;
use crate::aggregate::Target;
use crate::app::{App, CommandIntent, Decision, Intent, Opened};
use crate::decision::Expected;
use crate::record::Revision;
use egui::containers::menu::MenuButton;
use egui::{Button, RichText, Role, Ui, vec2};

/// Revisions offered beside the one decided at.
const NEAR: usize = 8;
/// Wide enough for the longest choice of a command of this kind, so that another one moves nothing.
pub fn width(target: Target) -> f32 {
    match target {
        Target::New => 100.0,
        Target::Existing => 136.0,
    }
}

pub fn expected_ui(ui: &mut Ui, app: &App, out: &mut Vec<Intent>) {
    let p = theme::palette(ui);
    let is_new = app.form().is_some_and(|form| form.target == Target::New);
    let (chosen, decided) = (app.expected(), decided(app, is_new));
    let color = if chosen == Some(Expected::Any) { p.amber } else { p.text };
    let shown = chosen.or(decided).map_or_else(|| "as decided".to_owned(), |one| one.to_string());
    let text = RichText::new(shown).font(theme::mono(11.0)).color(color);
    let button = Button::new((text, icon(Icon::Down, 8.0, Some(p.dim))))
        .min_size(vec2(width(if is_new { Target::New } else { Target::Existing }), 0.0));
    let (response, _) = MenuButton::from_button(button.truncate()).ui(ui, |ui| {
        let choose = |ui: &mut Ui, expected: Option<Expected>, text: RichText| {
            ui.selectable_label(chosen == expected, text)
                .clicked()
                .then_some(Intent::Command(CommandIntent::Expected(expected)))
        };
        let as_decided = decided.map_or_else(|| "as decided".to_owned(), |one| format!("{one}, as decided"));
        out.extend(choose(ui, None, as_decided.into()));
        let exists = (!is_new).then_some(Expected::StreamExists);
        let exact = near(app).into_iter().map(Expected::Exact);
        for expected in [Expected::NoStream].into_iter().chain(exists).chain(exact) {
            out.extend(choose(ui, Some(expected), expected.to_string().into()));
        }
        ui.separator();
        let any = RichText::new("⚠ any state: written whatever happened since").color(p.amber);
        out.extend(choose(ui, Some(Expected::Any), any));
    });
    named(&response, Role::ComboBox, "Expected revision");
}

/// A command that begins an aggregate decides on no stream; another one on what it was decided at, once it was.
fn decided(app: &App, is_new: bool) -> Option<Expected> {
    let preview = app.preview();
    match preview.decision {
        Decision::Incomplete(_) | Decision::Invalid(_) | Decision::Unread | Decision::Reading if !is_new => {
            None
        }
        _ => Some(Expected::decided_at(preview.at)),
    }
}

/// The newest revisions of the stream that the command writes to, where that one is open.
fn near(app: &App) -> Vec<Revision> {
    let written = app.opened().filter(|opened| app.writes_to() == Some(opened.stream()));
    let Some(timeline) = written.map(Opened::timeline) else { return Vec::new() };
    let newest = (0..timeline.len()).rev().take(NEAR);
    newest.filter_map(|index| timeline.get(index)).map(|record| record.revision).collect()
}
