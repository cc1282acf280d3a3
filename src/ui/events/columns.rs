//! Where the columns of the table stand: those that a person chose, as far as the width has room for them.

use crate::app::{EventColumn, EventColumns, Opened};
use crate::ui::format;
use crate::ui::theme;
use crate::ui::widgets::text_width;
use egui::{FontId, Rangef, Rect, Ui};

/// Beside the first column and the last one.
const SIDE: f32 = 16.0;
/// Between two columns.
const GAP: f32 = 14.0;
/// Of the marks at the right end: what turns there, what is wrong.
const MARK: f32 = 92.0;
/// Of the button at the right end of the head.
pub const BUTTON: f32 = 24.0;
/// Least widths of what takes the rest, and the one below which the time since the event before makes room for it.
const DATA: f32 = 110.0;
const DATA_BESIDE_AFTER: f32 = 190.0;
const TYPE: f32 = 128.0;
/// Widest type while there are data beside it.
const TYPE_MOST: f32 = 190.0;
/// The columns that make room in a narrow table, in this order.
const DROPPED: [EventColumn; 7] = [
    EventColumn::Position,
    EventColumn::Id,
    EventColumn::Who,
    EventColumn::Size,
    EventColumn::After,
    EventColumn::Data,
    EventColumn::Time,
];

/// One column: its place from the left edge of the row.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Cell {
    pub column: EventColumn,
    pub x: Rangef,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Columns {
    pub cells: Vec<Cell>,
    /// Of the marks.
    pub mark: Rangef,
}

/// Widths that hang on what is shown.
#[derive(Debug, Clone, Copy)]
pub struct Measured {
    /// Of the widest revision.
    pub revision: f32,
    /// Of a digit.
    pub digit: f32,
}

impl Measured {
    pub fn of(ui: &Ui, opened: &Opened) -> Self {
        let width = |text: String, font: FontId| text_width(ui, &text, font);
        let last = opened.last_shown().map_or(0, |revision| revision.0);
        let head = width(EventColumn::Revision.label().to_owned(), FontId::proportional(theme::SMALL));
        let revision = width(format::count(last), theme::mono(theme::SMALL)).max(head).ceil();
        Self { revision, digit: width("0".to_owned(), theme::mono(theme::SMALL)) }
    }

    /// Of a column with a width of its own, else the least one.
    fn width(self, column: EventColumn) -> f32 {
        let digits = |count: f32| (count * self.digit).ceil();
        match column {
            EventColumn::Revision => self.revision,
            EventColumn::Time => digits(12.0),
            EventColumn::After => digits(11.0),
            EventColumn::Type => TYPE,
            EventColumn::Data => DATA,
            EventColumn::Id => digits(36.0),
            EventColumn::Size => digits(9.0),
            EventColumn::Position => digits(21.0),
            EventColumn::Who => digits(14.0),
        }
    }
}

/// Whether its texts end at the right edge.
pub fn is_right(column: EventColumn) -> bool {
    matches!(column, EventColumn::Revision | EventColumn::After | EventColumn::Size)
}

impl Columns {
    /// In a table of this width.
    pub fn new(chosen: &EventColumns, measured: Measured, width: f32) -> Self {
        let mut shown = chosen.shown().to_vec();
        let room = width - 2.0 * SIDE - MARK;
        let least = |shown: &[EventColumn]| {
            let widths: f32 = shown.iter().map(|&column| measured.width(column) + GAP).sum();
            let beside = shown.contains(&EventColumn::After) && shown.contains(&EventColumn::Data);
            widths - GAP + if beside { DATA_BESIDE_AFTER - DATA } else { 0.0 }
        };
        for dropped in DROPPED {
            if least(&shown) > room {
                shown.retain(|column| *column != dropped);
            }
        }
        let fixed: f32 = shown.iter().map(|&column| measured.width(column) + GAP).sum::<f32>() - GAP;
        let mut rest = (room - fixed).max(0.0);
        let has_data = shown.contains(&EventColumn::Data);
        let wider = if has_data { rest.min((rest * 0.3).min(TYPE_MOST - TYPE)) } else { rest };
        rest -= wider;
        let mut left = SIDE;
        let cells = shown.iter().map(|&column| {
            let more = match column {
                EventColumn::Type => wider,
                EventColumn::Data => rest,
                _ => 0.0,
            };
            let x = Rangef::new(left, left + measured.width(column) + more);
            left = x.max + GAP;
            Cell { column, x }
        });
        let cells = cells.collect();
        let right = (width - SIDE).max(SIDE);
        Self { cells, mark: Rangef::new((right - MARK).max(SIDE), right) }
    }

    /// The x of the left edge of texts that stand for no column.
    pub fn text_left(&self) -> f32 {
        self.cells.get(1).or(self.cells.first()).map_or(SIDE, |cell| cell.x.min)
    }
}

/// The cell's place in a row.
pub fn place(row: Rect, x: Rangef) -> Rect {
    let x = Rangef::new(row.left() + x.min, (row.left() + x.max).min(row.right()));
    Rect::from_x_y_ranges(x, row.y_range())
}

#[cfg(test)]
mod tests {
    use super::*;

    const MEASURED: Measured = Measured { revision: 50.0, digit: 7.2 };

    fn at(width: f32) -> Vec<EventColumn> {
        let columns = Columns::new(&EventColumns::default(), MEASURED, width);
        columns.cells.iter().map(|cell| cell.column).collect()
    }

    #[test]
    fn a_narrow_table_drops_the_time_since_the_last_event_first_and_then_the_data() {
        use EventColumn as C;
        assert_eq!(at(900.0), [C::Revision, C::Time, C::After, C::Type, C::Data]);
        assert_eq!(at(640.0), [C::Revision, C::Time, C::Type, C::Data]);
        assert_eq!(at(480.0), [C::Revision, C::Time, C::Type]);
        assert_eq!(at(300.0), [C::Revision, C::Type]);
    }

    #[test]
    fn columns_stand_beside_each_other_and_end_before_the_marks_at_every_width() {
        let mut all = EventColumns::default();
        for column in EventColumn::ALL {
            all = if all.shows(column) { all } else { all.toggled(column) };
        }
        for chosen in [EventColumns::default(), all] {
            for width in (420..3840_u16).map(f32::from) {
                let columns = Columns::new(&chosen, MEASURED, width);
                for pair in columns.cells.windows(2) {
                    assert!(pair[0].x.max < pair[1].x.min, "{width}: {columns:?}");
                }
                let last = columns.cells.last().map_or(0.0, |cell| cell.x.max);
                assert!(last <= columns.mark.min + 0.01, "{width}: {columns:?}");
            }
        }
    }
}
