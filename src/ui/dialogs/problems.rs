//! The problems of all streams of the list: a line for each, by kind and by words.

use super::table::{self, Line, head_ui, line_ui};
use crate::app::{Action, App, Intent, Problems, ProblemsIntent, ProblemsState, ViewIntent};
use crate::record::{Created, json};
use crate::store::FoundProblem;
use crate::ui::context_menu::context_menu;
use crate::ui::failure::failure;
use crate::ui::format::{count, plural};
use crate::ui::moment_text::moment;
use crate::ui::scroll::{Place, Rows, height_of};
use crate::ui::theme::{self, Palette};
use crate::ui::widgets::{chip, empty, named, title};
use egui::{FontId, Key, Label, Modifiers, Rect, Response, RichText, Role, TextEdit, Ui, WidgetInfo};

const ROW: f32 = 24.0;
/// Highest that the rows are together.
const MOST: f32 = 380.0;
/// Of the columns before the last one.
const KIND: f32 = 140.0;
const STREAM: f32 = 180.0;
const REVISION: f32 = 70.0;
const TYPE: f32 = 130.0;

/// Where its rows stand: which of them, and which one the window went to.
pub type Shown = Rows<(Option<&'static str>, String, Option<usize>)>;

pub fn problems_ui(ui: &mut Ui, app: &App, rows: &mut Shown, out: &mut Vec<Intent>) {
    let p = theme::palette(ui);
    let Some(problems) = app.problems() else { return };
    if !ui.ctx().text_edit_focused() {
        keys(ui, out);
    }
    title(ui, "Problems");
    state_ui(ui, p, problems);
    others_ui(ui, p, app, problems, out);
    if problems.total().0 > 0 {
        chips(ui, problems, out);
        words_ui(ui, p, problems, out);
        if problems.shown() == 0 {
            empty(ui, "No problem matches", "Type other words, or choose another kind.");
        } else {
            ui.scope(|ui| table_ui(ui, p, (app, problems), rows, out));
        }
        let text = "N and Shift+N take the window to the next one and the one before.";
        ui.label(RichText::new(text).size(theme::SMALL).color(p.dim));
    }
    ui.add_space(8.0);
    if ui.button(if problems.is_running() { "Cancel" } else { "Close" }).clicked() {
        out.push(Intent::View(ViewIntent::CloseDialog));
    }
}

/// Those of the window are not read while a dialog is open.
fn keys(ui: &Ui, out: &mut Vec<Intent>) {
    let (before, after) = ui.input_mut(|input| {
        let before = input.consume_key(Modifiers::SHIFT, Key::N);
        (before, input.consume_key(Modifiers::NONE, Key::N))
    });
    let keys = [(before, ProblemsIntent::Previous), (after, ProblemsIntent::Next)];
    let pressed = keys.into_iter().filter(|(is_pressed, _)| *is_pressed);
    out.extend(pressed.map(|(_, intent)| Intent::View(ViewIntent::Problems(intent))));
}

fn state_ui(ui: &mut Ui, p: &Palette, problems: &Problems) {
    let (streams, done) = problems.streams();
    let (total, held) = problems.total();
    let found = plural(total, "problem");
    let said = match problems.state() {
        ProblemsState::Reading => {
            format!("Reading… {} of {}, {found} so far", count(done), plural(streams, "stream"))
        }
        ProblemsState::Done if total == 0 => {
            return empty(ui, "No problem", "Every event of these streams follows from those before it.");
        }
        ProblemsState::Done => format!("{found} in {}.", plural(streams, "stream")),
        ProblemsState::Failed(why) => {
            ui.add(Label::new(RichText::new(failure(why)).color(p.red)).wrap());
            return;
        }
    };
    let at = problems.until().map(|at| format!(" As of {}.", moment(at, Created::now())));
    ui.label(RichText::new(format!("{said}{}", at.unwrap_or_default())).color(p.text));
    let many = (total > held)
        .then(|| format!("The first {} are listed. Filter the list of streams to see others.", count(held)));
    let gone = (problems.gone() > 0)
        .then(|| format!("{} more can no longer be read: their events are gone.", count(problems.gone())));
    let locked = (problems.unreadable() > 0)
        .then(|| format!("{} may not be read by this user.", plural(problems.unreadable(), "stream")));
    for text in [many, gone, locked].into_iter().flatten() {
        ui.add(Label::new(RichText::new(text).size(theme::SMALL).color(p.amber)).wrap());
    }
}

/// Events were written since it was asked.
fn others_ui(ui: &mut Ui, p: &Palette, app: &App, problems: &Problems, out: &mut Vec<Intent>) {
    let counted = app.list().problems();
    if problems.is_running() || counted == problems.expected() {
        return;
    }
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing.x = 4.0;
        let text = format!("The list counts {} by now.", plural(counted, "problem"));
        ui.label(RichText::new(text).size(theme::SMALL).color(p.amber));
        if ui.link(RichText::new("Read again").size(theme::SMALL).color(p.accent)).clicked() {
            out.extend(Action::Problems.intent());
        }
    });
}

fn chips(ui: &mut Ui, problems: &Problems, out: &mut Vec<Intent>) {
    ui.add_space(4.0);
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = egui::vec2(6.0, 4.0);
        let all = [(None, problems.total().1)];
        let kinds = problems.kinds().iter().map(|(kind, held)| (Some(*kind), *held as u64));
        for (kind, held) in all.into_iter().chain(kinds) {
            let text = format!("{} {}", kind.unwrap_or("All"), count(held));
            let chip = chip(ui, &text, problems.kind() == kind);
            named(&chip, Role::Button, &text);
            if chip.clicked() {
                out.push(Intent::View(ViewIntent::Problems(ProblemsIntent::Kind(kind))));
            }
        }
    });
    ui.add_space(4.0);
}

fn words_ui(ui: &mut Ui, p: &Palette, problems: &Problems, out: &mut Vec<Intent>) {
    let mut words = problems.words().to_owned();
    let hint = RichText::new("Filter by stream, type, kind or words of the sentence…").color(p.faint);
    let edit = TextEdit::singleline(&mut words).hint_text(hint).desired_width(f32::INFINITY);
    let response = ui.add(edit);
    response.widget_info(|| WidgetInfo::labeled(Role::TextInput, true, "Filter problems"));
    if response.changed() {
        out.push(Intent::View(ViewIntent::Problems(ProblemsIntent::Words(words))));
    }
    ui.add_space(4.0);
}

fn table_ui(
    ui: &mut Ui,
    p: &Palette,
    (app, problems): (&App, &Problems),
    rows: &mut Shown,
    out: &mut Vec<Intent>,
) {
    ui.spacing_mut().item_spacing.y = 0.0;
    head_ui(ui, p, ROW, ["Kind", "Stream", "Revision", "Event", "Problem"], cells);
    let current = problems.current();
    let place = Place {
        key: (problems.kind(), problems.words().to_owned(), current),
        row: current,
        keep: false,
        row_height: ROW,
        height: height_of(problems.shown(), ROW).min(MOST),
        bar: ui.scope_id().with("bar"),
        name: "Scroll the problems",
    };
    rows.show(ui, place, problems.shown(), |ui, row| match problems.get(row) {
        Some(problem) => row_ui(ui, p, app, (row, problem), current == Some(row), out),
        None => ui.response(),
    });
}

/// The columns of a row; what the others leave is the sentence's.
fn cells(row: Rect) -> [Rect; 5] {
    table::cells(row, [KIND, STREAM, REVISION, TYPE, f32::INFINITY])
}

/// A click opens the stream at the event.
fn row_ui(
    ui: &mut Ui,
    p: &Palette,
    app: &App,
    (row, problem): (usize, &FoundProblem),
    is_current: bool,
    out: &mut Vec<Intent>,
) -> Response {
    let shown = |text: &str| json::one_line(text.as_bytes(), 400);
    let (stream, event, text) =
        (shown(problem.stream.as_str()), shown(&problem.event_type), shown(&problem.text));
    let revision = count(problem.revision.0);
    let name = format!("{stream} rev {revision} {}", problem.kind);
    let line = Line { name: &name, height: ROW, striped: row % 2 == 1, is_current: Some(is_current) };
    let (mono, small) = (theme::mono(theme::SMALL), FontId::proportional(theme::SMALL));
    let texts = [
        (problem.kind, small.clone(), p.red),
        (&*stream, mono.clone(), p.text),
        (&*revision, mono, p.text),
        (&*event, small.clone(), p.text),
        (&*text, small, p.dim),
    ];
    let response = line_ui(ui, p, &line, texts, cells);
    if response.clicked() {
        out.push(Intent::View(ViewIntent::Problems(ProblemsIntent::Open(row))));
    }
    context_menu(&response, "Event menu", out, |menu| menu.event(app, &problem.stream, problem.revision));
    response
}
