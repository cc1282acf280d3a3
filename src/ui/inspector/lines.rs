//! The fields of a state as lines of a table: worked out once for each place of a history, drawn where they are in view.

use crate::aggregate::{Field, Value};
use crate::app::Opened;
use crate::history::Frame;
use crate::record::json;
use crate::store::Ticket;
use crate::ui::theme;
use egui::{FontId, Ui, vec2};
use std::collections::HashMap;
use std::sync::Arc;

/// Narrowest name column, in points, and how much of the panel it takes at most.
const NARROWEST: f32 = 76.0;
const MOST: f32 = 0.42;
/// Points that a nested field stands further to the right.
pub const INDENT: f32 = 14.0;
/// Names that are measured; the column need not fit what is far below.
const MEASURED: usize = 300;

/// A field, or the name of an object whose fields follow.
#[derive(Debug)]
pub struct Line {
    pub path: Arc<str>,
    /// Safe for the screen.
    pub name: String,
    pub depth: u8,
    /// `None` where fields follow.
    pub token: Option<Arc<str>>,
    /// Its place among the frame's changes.
    pub change: Option<usize>,
}

/// The lines of the open stream at its playhead.
#[derive(Debug, Default)]
pub struct Lines {
    made_for: Option<(Ticket, Option<usize>, bool, bool)>,
    pub state: Vec<Line>,
    /// Points that the widest name takes, in the state and in the changes.
    state_name: f32,
    change_name: f32,
}

impl Lines {
    /// Makes them anew where the playhead stands elsewhere.
    pub fn update(&mut self, ui: &Ui, opened: &Opened) {
        let frame = opened.frame();
        let key = (opened.ticket(), frame.index, opened.timeline().is_empty(), frame.is_not_read_to());
        if self.made_for == Some(key) {
            return;
        }
        self.made_for = Some(key);
        self.state = lines(frame);
        let names = self.state.iter().take(MEASURED).map(|line| (line.depth, line.name.as_str()));
        self.state_name = widest(ui, names);
        let changed: Vec<_> =
            frame.changes.iter().take(MEASURED).map(|change| json::safe(&change.field)).collect();
        self.change_name = widest(ui, changed.iter().map(|name| (0, &**name)));
    }

    /// Width of the column of names in a panel of this width.
    pub fn name_width(&self, panel: f32) -> f32 {
        self.state_name.clamp(NARROWEST, (panel * MOST).max(NARROWEST))
    }

    pub fn changed_name_width(&self, panel: f32) -> f32 {
        self.change_name.clamp(NARROWEST, (panel * MOST).max(NARROWEST))
    }
}

fn widest<'a>(ui: &Ui, names: impl Iterator<Item = (u8, &'a str)>) -> f32 {
    let font = FontId::proportional(theme::BODY);
    let width = |(depth, name): (u8, &str)| {
        let galley = ui.painter().layout_no_wrap(name.to_owned(), font.clone(), egui::Color32::PLACEHOLDER);
        f32::from(depth) * INDENT + galley.size().x + 8.0
    };
    names.map(width).fold(0.0, f32::max)
}

fn lines(frame: &Frame) -> Vec<Line> {
    let changes: HashMap<&str, usize> =
        frame.changes.iter().enumerate().map(|(place, change)| (&*change.field, place)).collect();
    let mut all = Vec::new();
    add(frame.fields.as_deref().unwrap_or_default(), 0, &changes, &mut all);
    all
}

fn add(fields: &[Field], depth: u8, changes: &HashMap<&str, usize>, all: &mut Vec<Line>) {
    for field in fields {
        let line = |token| Line {
            path: field.path.clone(),
            name: json::one_line(field.name.as_bytes(), 200),
            depth,
            token,
            change: changes.get(&*field.path).copied(),
        };
        match &field.value {
            Value::Token(token) => all.push(line(Some(token.clone()))),
            Value::Object(fields) => {
                all.push(line(None));
                add(fields, depth.saturating_add(1), changes, all);
            }
        }
    }
}

/// Height of so many rows.
#[expect(clippy::cast_precision_loss, reason = "rows of one state")]
pub fn rows_height(rows: usize, height: f32) -> f32 {
    rows as f32 * height
}

/// Draws those of many rows of one height that are in view, and leaves the room of the others.
pub fn rows_in_view(ui: &mut Ui, height: f32, count: usize, mut row_ui: impl FnMut(&mut Ui, usize)) {
    let (top, clip) = (ui.cursor().top(), ui.clip_rect());
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "rows of one state, at least 0"
    )]
    let row_at = |y: f32| ((y - top) / height).floor().max(0.0) as usize;
    let first = row_at(clip.top()).min(count);
    let end = (row_at(clip.bottom()) + 1).clamp(first, count);
    let width = ui.available_width();
    let space = |ui: &mut Ui, rows: usize| {
        if rows > 0 {
            ui.allocate_space(vec2(width, rows_height(rows, height)));
        }
    };
    space(ui, first);
    for row in first..end {
        row_ui(ui, row);
    }
    space(ui, count - end);
}
