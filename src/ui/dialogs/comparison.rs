//! The streams of which two definitions make different states.

use super::fault;
use super::table::{Line, head_ui, line_ui};
use crate::app::{App, Comparison, ComparisonState, DefinitionIntent, Failure, OtherFold};
use crate::app::{Intent, ViewIntent};
use crate::record::json;
use crate::store::ComparedStream;
use crate::ui::context_menu::context_menu;
use crate::ui::failure::failure;
use crate::ui::format::{count, plural};
use crate::ui::scroll::{Place, Rows, height_of};
use crate::ui::theme::{self, Palette};
use crate::ui::widgets::{empty, title};
use egui::{FontId, Label, ProgressBar, Rect, Response, RichText, Role, Ui, WidgetInfo, pos2, vec2};

const ROW: f32 = 24.0;
/// Highest that the rows are together.
const MOST: f32 = 360.0;
/// Longest name of a file, in characters.
const SHOWN: usize = 80;
const SIDE: f32 = 8.0;
/// Of the revision's and of the last column.
const FIRST: f32 = 150.0;
const END: f32 = 140.0;

/// Where its rows stand.
pub type Shown = Rows<()>;

pub fn comparison_ui(ui: &mut Ui, app: &App, rows: &mut Shown, out: &mut Vec<Intent>) {
    let p = theme::palette(ui);
    let Some(comparison) = app.comparison() else { return };
    title(ui, &names(comparison));
    state_ui(ui, p, comparison);
    if !comparison.differing().is_empty() {
        ui.add_space(6.0);
        ui.scope(|ui| table_ui(ui, p, (app, comparison), rows, out));
    }
    ui.add_space(8.0);
    ui.horizontal(|ui| {
        if ui.button("Close").clicked() {
            out.push(Intent::View(ViewIntent::CloseDialog));
        }
        if comparison.is_running() && ui.button("Stop").clicked() {
            out.push(Intent::Definition(DefinitionIntent::StopComparing));
        }
    });
}

fn state_ui(ui: &mut Ui, p: &Palette, comparison: &Comparison) {
    match comparison.state() {
        ComparisonState::Listing => drop(ui.label(RichText::new("Listing the streams…").color(p.dim))),
        ComparisonState::Comparing => {
            ui.label(RichText::new(found(comparison)).color(p.text));
            progress_ui(ui, p, comparison);
        }
        ComparisonState::Done if comparison.streams() == 0 => {
            empty(ui, "No stream to compare", "The definition folds no stream of this database.");
        }
        ComparisonState::Done if comparison.differing().is_empty() => {
            let streams = plural(comparison.done().saturating_sub(comparison.unreadable()), "stream");
            let text = format!("Both make the same states, event by event.{}", unreadable(comparison));
            empty(ui, &format!("No difference in {streams}"), &text);
        }
        ComparisonState::Done | ComparisonState::Stopped => {
            ui.label(RichText::new(found(comparison)).color(p.text));
        }
        ComparisonState::Failed(why) => {
            ui.add(Label::new(RichText::new(failure(why)).color(p.red)).wrap());
            if let Failure::Definition { fault, .. } = why {
                fault::calls_ui(ui, p, fault);
            }
        }
    }
}

fn progress_ui(ui: &mut Ui, p: &Palette, comparison: &Comparison) {
    let (done, all) = (comparison.done(), comparison.streams().max(1));
    let permille = u16::try_from(done.saturating_mul(1000) / all).unwrap_or(1000);
    let bar = ProgressBar::new(f32::from(permille) / 1000.0).desired_height(6.0).fill(p.accent);
    ui.add(bar).widget_info(|| {
        WidgetInfo::labeled(
            Role::ProgressIndicator,
            true,
            format!("{} of {} streams", count(done), count(all)),
        )
    });
}

/// Both definitions, as one line.
pub fn names(comparison: &Comparison) -> String {
    let shown = |name: &str| json::one_line(name.as_bytes(), SHOWN);
    let other = match comparison.other() {
        OtherFold::File(file) => shown(file),
        OtherFold::WithoutIt => "what counts without it".to_owned(),
    };
    format!("{} and {other}", shown(comparison.file()))
}

/// What was found, as a sentence.
pub fn found(comparison: &Comparison) -> String {
    let (differing, all) = (comparison.differing().len() as u64, comparison.streams());
    let differ = if differing == 1 { "differs" } else { "differ" };
    let of = |streams: u64| format!("{} of {} {differ}", count(differing), plural(streams, "stream"));
    let told = match comparison.state() {
        ComparisonState::Listing => "The streams are being listed".to_owned(),
        ComparisonState::Comparing => format!("{} so far; {} in all", of(comparison.done()), count(all)),
        ComparisonState::Done => of(all),
        ComparisonState::Stopped if all == 0 => "Stopped before the streams were listed".to_owned(),
        ComparisonState::Stopped => {
            let (done, differing) = (count(comparison.done()), count(differing));
            format!("Stopped after {done} of {}: {differing} {differ}", plural(all, "stream"))
        }
        ComparisonState::Failed(_) => "Not compared".to_owned(),
    };
    format!("{told}.{}", unreadable(comparison))
}

fn unreadable(comparison: &Comparison) -> String {
    match comparison.unreadable() {
        0 => String::new(),
        n => format!(" {} cannot be read by this user.", plural(n, "stream")),
    }
}

fn table_ui(
    ui: &mut Ui,
    p: &Palette,
    (app, comparison): (&App, &Comparison),
    rows: &mut Shown,
    out: &mut Vec<Intent>,
) {
    ui.spacing_mut().item_spacing.y = 0.0;
    head_ui(ui, p, ROW, ["Stream", "Differs from", "After the last event"], cells);
    let differing = comparison.differing();
    let height = height_of(differing.len(), ROW);
    let place = Place {
        key: (),
        row: None,
        keep: false,
        row_height: ROW,
        height: height.min(MOST),
        bar: ui.scope_id().with("bar"),
        name: "Scroll the streams that differ",
    };
    rows.show(ui, place, differing.len(), |ui, row| match differing.get(row) {
        Some(stream) => row_ui(ui, p, (app, stream), row % 2 == 1, out),
        None => ui.response(),
    });
}

/// The columns of a row; what the others leave is the stream's.
fn cells(row: Rect) -> [Rect; 3] {
    let row = row.shrink2(vec2(SIDE, 0.0));
    let (first, end) = (row.right() - END - FIRST, row.right() - END);
    let cell = |from: f32, to: f32| Rect::from_min_max(pos2(from, row.top()), pos2(to - SIDE, row.bottom()));
    [cell(row.left(), first), cell(first, end), cell(end, row.right() + SIDE)]
}

/// A click opens the stream where it differs first.
fn row_ui(
    ui: &mut Ui,
    p: &Palette,
    (app, row): (&App, &ComparedStream),
    striped: bool,
    out: &mut Vec<Intent>,
) -> Response {
    let at_end = if row.difference.at_end { "at the end too" } else { "not at the end" };
    let stream = json::safe(row.stream.as_str());
    let first = format!("revision {}", row.difference.first);
    let name = format!("{stream} from {first}, {at_end}");
    let line = Line { name: &name, height: ROW, striped, is_current: None };
    let color = if row.difference.at_end { p.amber } else { p.dim };
    let small = || FontId::proportional(theme::SMALL);
    let texts = [
        (&*stream, theme::mono(theme::SMALL), p.text),
        (first.as_str(), theme::mono(theme::SMALL), p.text),
        (at_end, small(), color),
    ];
    let response = line_ui(ui, p, &line, texts, cells);
    if response.clicked() {
        out.push(Intent::View(ViewIntent::CloseDialog));
        out.extend(Intent::open_at(row.stream.clone(), row.difference.first));
    }
    context_menu(&response, "Event menu", out, |menu| menu.event(app, &row.stream, row.difference.first));
    response
}
