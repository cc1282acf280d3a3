//! What changed between two moments: a line for each stream.

use super::table::{self, Line, head_ui, line_ui};
use crate::app::{
    App, CHANGE_KINDS, DifferenceState, Intent, ListIntent, MomentDifference, TimeIntent, ViewIntent,
};
use crate::history::Change;
use crate::record::{Created, json};
use crate::sentences::{self, change_kind};
use crate::store::{ChangeKind, StreamChange, StreamRow};
use crate::ui::context_menu::context_menu;
use crate::ui::failure::failure;
use crate::ui::format::{count, plural};
use crate::ui::moment_text::moment;
use crate::ui::scroll::{Place, Rows, height_of};
use crate::ui::theme::{self, Palette};
use crate::ui::widgets::{chip, empty, named, title};
use egui::{Color32, FontId, Label, Rect, Response, RichText, Role, Ui, vec2};

const ROW: f32 = 24.0;
/// Highest that the rows are together.
const MOST: f32 = 360.0;
/// Longest value of a field, in characters.
const SHOWN: usize = 40;
/// Fields that are named when the mouse is over a line.
const FIELDS: usize = 12;
/// Of the columns before the last one.
const STREAM: f32 = 180.0;
const KIND: f32 = 100.0;
const STATUS: f32 = 130.0;

/// Where its rows stand.
pub type Shown = Rows<Option<ChangeKind>>;

pub fn difference_ui(ui: &mut Ui, app: &App, rows: &mut Shown, out: &mut Vec<Intent>) {
    let p = theme::palette(ui);
    let Some(difference) = app.moment_difference() else { return };
    let (now, (from, to)) = (Created::now(), difference.moments());
    title(ui, &format!("From {} to {}", moment(from, now), moment(to, now)));
    state_ui(ui, p, difference);
    if difference.count(None) > 0 {
        chips(ui, difference, out);
        ui.scope(|ui| table_ui(ui, p, (app, difference), rows, out));
    }
    ui.add_space(8.0);
    let close = if difference.is_running() { "Cancel" } else { "Close" };
    if ui.button(close).clicked() {
        out.push(Intent::View(ViewIntent::CloseDialog));
    }
}

fn state_ui(ui: &mut Ui, p: &Palette, difference: &MomentDifference) {
    let text = match difference.state() {
        DifferenceState::Reading(events) => format!("Reading… {}", plural(*events, "event")),
        DifferenceState::Comparing(streams) => {
            format!(
                "{} with events between them; {} so far",
                plural(*streams, "stream"),
                count(found(difference))
            )
        }
        DifferenceState::Done if found(difference) == 0 => {
            return empty(
                ui,
                "Nothing changed",
                "No stream of the list was another one at the later moment.",
            );
        }
        DifferenceState::Done => format!("{} changed.", plural(found(difference), "stream")),
        DifferenceState::Failed(why) => {
            ui.add(Label::new(RichText::new(failure(why)).color(p.red)).wrap());
            return;
        }
    };
    ui.label(RichText::new(text).color(p.text));
    if let Some(unseen) =
        difference.listing().and_then(|listing| listing.unseen).filter(|unseen| unseen.warns())
    {
        let text = RichText::new(sentences::unseen(unseen)).size(theme::SMALL).color(p.dim);
        ui.add(Label::new(text).wrap());
    }
}

fn found(difference: &MomentDifference) -> u64 {
    difference.count(None) as u64
}

fn kind_label(kind: ChangeKind) -> String {
    let word = change_kind(kind);
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

fn chips(ui: &mut Ui, difference: &MomentDifference, out: &mut Vec<Intent>) {
    ui.add_space(4.0);
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = vec2(6.0, 4.0);
        for kind in std::iter::once(None).chain(CHANGE_KINDS.map(Some)) {
            let n = difference.count(kind);
            if kind.is_some() && n == 0 {
                continue;
            }
            let label = kind.map_or_else(|| "All".to_owned(), kind_label);
            let text = format!("{label} {}", count(n as u64));
            let chip = chip(ui, &text, difference.kind() == kind);
            named(&chip, Role::Button, &text);
            if chip.clicked() {
                out.push(Intent::View(ViewIntent::ShowChanges(kind)));
            }
        }
    });
    ui.add_space(4.0);
}

fn table_ui(
    ui: &mut Ui,
    p: &Palette,
    (app, difference): (&App, &MomentDifference),
    rows: &mut Shown,
    out: &mut Vec<Intent>,
) {
    ui.spacing_mut().item_spacing.y = 0.0;
    head_ui(ui, p, ROW, ["Stream", "Change", "Status", "Fields"], cells);
    let place = Place {
        key: difference.kind(),
        row: None,
        keep: false,
        row_height: ROW,
        height: height_of(difference.shown(), ROW).min(MOST),
        bar: ui.scope_id().with("bar"),
        name: "Scroll the streams that changed",
    };
    rows.show(ui, place, difference.shown(), |ui, row| match difference.get(row) {
        Some(change) => row_ui(ui, p, (app, change), row % 2 == 1, out),
        None => ui.response(),
    });
}

/// The columns of a row; what the others leave is the fields'.
fn cells(row: Rect) -> [Rect; 4] {
    table::cells(row, [STREAM, KIND, STATUS, f32::INFINITY])
}

/// A click opens the stream where it stood at the later moment.
fn row_ui(
    ui: &mut Ui,
    p: &Palette,
    (app, change): (&App, &StreamChange),
    striped: bool,
    out: &mut Vec<Intent>,
) -> Response {
    let stream = json::safe(change.stream.as_str());
    let (kind, status) = (change_kind(change.kind), status(change));
    let fields = change.fields.iter().take(FIELDS).map(field).collect::<Vec<_>>();
    let name = format!("{stream} {kind} {status}");
    let line = Line { name: &name, height: ROW, striped, is_current: None };
    let (mono, small) = (theme::mono(theme::SMALL), FontId::proportional(theme::SMALL));
    let joined = fields.join("  ");
    let texts = [
        (&*stream, mono.clone(), p.text),
        (kind, small.clone(), color(p, change.kind)),
        (&*status, small, p.dim),
        (&*joined, mono, p.text),
    ];
    let response = line_ui(ui, p, &line, texts, cells);
    if response.clicked() {
        out.push(Intent::View(ViewIntent::CloseDialog));
        out.push(Intent::List(ListIntent::Select(change.stream.clone())));
        let at = change.after.as_ref().and_then(|row| row.revision);
        out.extend(at.map(|revision| Intent::Time(TimeIntent::GoTo(revision))));
    }
    context_menu(&response, "Stream menu", out, |menu| menu.stream(app, &change.stream));
    response.on_hover_ui(|ui| {
        ui.label(RichText::new(&*stream).font(theme::mono(theme::SMALL)));
        for field in &fields {
            ui.label(RichText::new(field).font(theme::mono(theme::SMALL)));
        }
        if change.fields.len() > FIELDS {
            ui.label(format!("and {} more", count((change.fields.len() - FIELDS) as u64)));
        }
    })
}

fn color(p: &Palette, kind: ChangeKind) -> Color32 {
    match kind {
        ChangeKind::New => p.green,
        ChangeKind::Gone => p.red,
        ChangeKind::Changed => p.text,
        ChangeKind::Unknown => p.amber,
    }
}

/// `unpaid → paid`, or the one word where both are the same.
fn status(change: &StreamChange) -> String {
    let word = |row: &Option<StreamRow>| row.as_ref().map(|row| json::safe(row.word()).into_owned());
    match (word(&change.before), word(&change.after)) {
        (Some(before), Some(after)) if before != after => format!("{before} → {after}"),
        (_, Some(after)) => after,
        (before, None) => before.unwrap_or_default(),
    }
}

fn field(change: &Change) -> String {
    let shown = |token: Option<&str>| json::one_line(token.unwrap_or("none").as_bytes(), SHOWN);
    let path = json::one_line(change.field.as_bytes(), SHOWN);
    let after = shown(change.after.as_deref());
    match change.before.as_deref() {
        Some(before) => format!("{path} {} → {after}", shown(Some(before))),
        None => format!("{path} {after}"),
    }
}
