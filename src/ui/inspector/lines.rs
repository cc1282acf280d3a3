//! The fields of a state as lines of a table: worked out once for each place of a history, drawn where they are in view.

use super::wrapped::{Fit, Grid, Part, Tops, WholeFields};
use crate::aggregate::{Field, Value};
use crate::app::Opened;
use crate::history::{Change, Frame};
use crate::record::json;
use crate::store::Ticket;
use crate::ui::theme;
use crate::ui::widgets::text_width;
use egui::{Color32, FontId, Ui};
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
    made_for: Option<Place>,
    pub state: Vec<Line>,
    /// Points that the widest name takes, in the state and in the changes.
    state_name: f32,
    change_name: f32,
    /// Shown whole, in any of the tabs.
    pub whole: WholeFields,
    state_rows: Laid,
    change_rows: Laid,
}

/// What the rows of a tab were laid out for, and where they begin.
#[derive(Debug, Default)]
struct Laid {
    made_for: Option<(Place, Grid, usize, f32)>,
    tops: Tops,
}

/// A place of a history: the reading, the record, whether there is none, and whether it is read to.
type Place = (Ticket, Option<usize>, bool, bool);

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

    /// Lays the rows of the state out for values in this grid, where anything is another.
    pub fn lay_state(&mut self, frame: &Frame, grid: Grid, row: f32) {
        let Some(key) = self.made_for.map(|place| (place, grid, self.whole.len(), row)) else { return };
        if self.state_rows.made_for.replace(key) != Some(key) {
            let heights = self.state.iter().map(|line| {
                let change = line.change.and_then(|place| frame.changes.get(place));
                let change = change.filter(|change| change.before.is_some());
                let fit = match (change, &line.token) {
                    (Some(change), _) => change_fit(grid, change, &self.whole),
                    (None, Some(token)) => {
                        grid.fit([plain(token)].into_iter(), self.whole.contains(&line.path))
                    }
                    (None, None) => return row,
                };
                row + grid.beyond(fit.lines)
            });
            self.state_rows.tops = Tops::new(heights);
        }
    }

    pub fn lay_changes(&mut self, frame: &Frame, grid: Grid, row: f32) {
        let Some(key) = self.made_for.map(|place| (place, grid, self.whole.len(), row)) else { return };
        if self.change_rows.made_for.replace(key) != Some(key) {
            let heights = frame
                .changes
                .iter()
                .map(|change| row + grid.beyond(change_fit(grid, change, &self.whole).lines));
            self.change_rows.tops = Tops::new(heights);
        }
    }

    pub fn state_tops(&self) -> &Tops {
        &self.state_rows.tops
    }

    pub fn change_tops(&self) -> &Tops {
        &self.change_rows.tops
    }

    /// Shows a field's values whole, or cut again.
    pub fn toggle_whole(&mut self, path: &Arc<str>) {
        if !self.whole.remove(path) {
            self.whole.insert(path.clone());
        }
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
    let width =
        |(depth, name): (u8, &str)| f32::from(depth) * INDENT + text_width(ui, name, font.clone()) + 8.0;
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

fn plain(token: &str) -> Part<'_> {
    Part { sign: "", color: Color32::PLACEHOLDER, token }
}

/// What was and what is.
pub fn change_parts(
    change: &Change,
    before: Color32,
    after: Color32,
) -> impl Iterator<Item = Part<'_>> + Clone {
    let part = |sign, color| move |token| Part { sign, color, token };
    let earlier = change.before.as_deref().map(part("− ", before));
    earlier.into_iter().chain(change.after.as_deref().map(part("+ ", after)))
}

/// How a change fits into a cell.
pub fn change_fit(grid: Grid, change: &Change, whole: &WholeFields) -> Fit {
    let color = Color32::PLACEHOLDER;
    grid.fit(change_parts(change, color, color), whole.contains(&change.field))
}
