//! Values that wrap: how many lines each takes, so that rows of different heights are drawn where they are in view. A long one
//! is cut after a few lines until a person asks for the whole of it.

use crate::record::json;
use crate::ui::theme;
use crate::ui::widgets::named;
use egui::text::{LayoutJob, TextWrapping};
use egui::{Color32, Label, Rect, RichText, Role, TextFormat, Ui, UiBuilder, vec2};
use std::collections::HashSet;
use std::sync::Arc;
use unicode_width::UnicodeWidthStr;

/// Lines of a value that is cut, and characters of one that is shown whole; the menu copies all of it.
const LINES: usize = 6;
const WHOLE: usize = 20_000;
/// Between what was and what is, on one line, in characters.
const BETWEEN: usize = 2;

/// The fields whose values are shown whole, by their paths.
pub type WholeFields = HashSet<Arc<str>>;

/// A value as it is drawn.
#[derive(Clone, Copy)]
pub struct Part<'a> {
    pub sign: &'static str,
    pub color: Color32,
    pub token: &'a str,
}

/// How characters fit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Grid {
    /// Characters in a line.
    columns: usize,
    /// Height of a line.
    line: f32,
}

/// How a few values under each other, or beside each other, fit into a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fit {
    /// Of all of them, with the line that shows more or less.
    pub lines: usize,
    is_beside: bool,
    /// There is more than is shown, or it is shown only because it was asked for.
    is_long: bool,
}

impl Grid {
    pub fn new(ui: &Ui, width: f32) -> Self {
        let font = theme::mono(theme::SMALL);
        let (digit, line) =
            ui.fonts_mut(|fonts| (fonts.glyph_width(&font, '0'), fonts.row_height(&font).ceil()));
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "characters on screen")]
        let columns = (width / digit.max(1.0)).floor().max(1.0) as usize;
        Self { columns, line }
    }

    /// Height that so many lines take beyond the first.
    #[expect(clippy::cast_precision_loss, reason = "lines on screen")]
    pub fn beyond(self, lines: usize) -> f32 {
        lines.saturating_sub(1) as f32 * self.line
    }

    /// Columns that the value takes with its sign, at most so many.
    fn width(self, sign: &str, token: &str, most: usize) -> usize {
        let sign = sign.width();
        if token.len() <= self.columns && token.is_ascii() {
            return sign + token.len();
        }
        (sign + json::one_line(token.as_bytes(), most).width()).min(most)
    }

    /// Characters of a value that are laid out.
    fn most(self, is_whole: bool) -> usize {
        if is_whole { WHOLE } else { LINES * self.columns + 1 }
    }

    pub fn fit<'a>(self, parts: impl Iterator<Item = Part<'a>> + Clone, is_whole: bool) -> Fit {
        let most = self.most(is_whole);
        let widths = parts.map(|part| self.width(part.sign, part.token, most));
        let beside = widths.clone().map(|width| width + BETWEEN).sum::<usize>();
        let is_beside = beside <= self.columns + BETWEEN;
        let lines = |width: usize| width.div_ceil(self.columns).max(1);
        let is_long = widths.clone().any(|width| lines(width) > LINES);
        let shown = |width| if is_whole { lines(width) } else { lines(width).min(LINES) };
        let all = if is_beside { 1 } else { widths.map(shown).sum() };
        Fit { lines: all + usize::from(is_long), is_beside, is_long }
    }

    /// Draws the values from the left edge on; answers whether more or less of them is asked for.
    pub fn show(
        self,
        ui: &mut Ui,
        place: Rect,
        parts: &[Part<'_>],
        (fit, is_whole): (Fit, bool),
        name: &str,
    ) -> bool {
        let mut ui =
            ui.new_child(UiBuilder::new().max_rect(place).layout(egui::Layout::top_down(egui::Align::Min)));
        ui.spacing_mut().item_spacing = vec2(0.0, 0.0);
        if fit.is_beside {
            ui.spacing_mut().interact_size.y = self.line;
            ui.horizontal(|ui| {
                ui.spacing_mut().item_spacing.x = 2.0 * 7.0;
                for part in parts {
                    self.part_ui(ui, part, is_whole);
                }
            });
        } else {
            for part in parts {
                self.part_ui(&mut ui, part, is_whole);
            }
        }
        if !fit.is_long {
            return false;
        }
        let bytes: usize = parts.iter().map(|part| part.token.len()).sum();
        let text = if is_whole {
            "Show less".to_owned()
        } else {
            format!("Show whole ({})", crate::ui::format::size(bytes as u64))
        };
        ui.spacing_mut().interact_size.y = self.line;
        let link = ui.link(RichText::new(&text).size(theme::SMALL));
        named(&link, Role::Button, &format!("{}: {name}", text.split(" (").next().unwrap_or_default()));
        link.clicked()
    }

    fn part_ui(self, ui: &mut Ui, part: &Part<'_>, is_whole: bool) {
        let most = self.most(is_whole);
        let lines = self.width(part.sign, part.token, most).div_ceil(self.columns).max(1);
        let lines = if is_whole { lines } else { lines.min(LINES) };
        let shown = json::one_line(part.token.as_bytes(), most);
        let format = TextFormat::simple(theme::mono(theme::SMALL), part.color);
        let mut job = LayoutJob::single_section(format!("{}{shown}", part.sign), format);
        job.wrap = TextWrapping { max_rows: lines, break_anywhere: true, ..TextWrapping::default() };
        ui.add(Label::new(job).wrap().show_tooltip_when_elided(false));
    }
}

/// Where rows of different heights begin, the last of them the end of all.
#[derive(Debug, Default)]
pub struct Tops(Vec<f32>);

impl Tops {
    pub fn new(heights: impl Iterator<Item = f32>) -> Self {
        let mut end = 0.0;
        let ends = heights.map(|height| {
            end += height;
            end
        });
        Self(std::iter::once(0.0).chain(ends).collect())
    }

    pub fn of(&self, row: usize) -> f32 {
        self.0.get(row).or(self.0.last()).copied().unwrap_or(0.0)
    }

    pub fn height(&self, row: usize) -> f32 {
        self.of(row + 1) - self.of(row)
    }

    /// Draws those that are in view, and leaves the room of the others.
    pub fn rows_in_view(&self, ui: &mut Ui, mut row_ui: impl FnMut(&mut Ui, usize)) {
        let count = self.0.len().saturating_sub(1);
        let (top, clip) = (ui.cursor().top(), ui.clip_rect());
        let row_at = |y: f32| self.0.partition_point(|&from| top + from <= y).saturating_sub(1);
        let first = row_at(clip.top()).min(count);
        let end = (row_at(clip.bottom()) + 1).clamp(first, count);
        let space = |ui: &mut Ui, height: f32| {
            if height > 0.0 {
                ui.allocate_space(vec2(ui.available_width(), height));
            }
        };
        space(ui, self.of(first));
        (first..end).for_each(|row| row_ui(ui, row));
        space(ui, self.of(count) - self.of(end));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GRID: Grid = Grid { columns: 20, line: 15.0 };

    fn fit(tokens: &[&str], is_whole: bool) -> Fit {
        let part = |token| Part { sign: "− ", color: Color32::PLACEHOLDER, token };
        GRID.fit(tokens.iter().map(|token| part(token)), is_whole)
    }

    #[test]
    fn short_values_stand_beside_each_other_and_longer_ones_wrap() {
        assert_eq!(fit(&["false", "true"], false), Fit { lines: 1, is_beside: true, is_long: false });
        assert_eq!(fit(&["\"a long text\"", "\"another one\""], false).lines, 2);
        assert_eq!(fit(&["\"38 characters with the sign and quote\""], false).lines, 3);
        assert_eq!(fit(&["\"用户用户用户用户用户\""], false).lines, 2, "wide signs take two columns");
    }

    #[test]
    fn a_long_value_is_cut_until_it_is_asked_for_and_a_huge_one_even_then() {
        let long = "x".repeat(1_000_000);
        assert_eq!(fit(&[&long], false), Fit { lines: LINES + 1, is_beside: false, is_long: true });
        assert_eq!(fit(&[&long], true).lines, WHOLE / 20 + 1);
        assert_eq!(fit(&[&long[..200]], true).lines, 11 + 1);
    }

    #[test]
    fn rows_of_different_heights_begin_where_the_one_before_ends() {
        let tops = Tops::new([34.0, 49.0, 34.0].into_iter());
        assert!((tops.of(2) - 83.0).abs() < 0.01 && (tops.height(1) - 49.0).abs() < 0.01);
        assert!((tops.of(9) - 117.0).abs() < 0.01);
    }
}
