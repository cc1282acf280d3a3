//! Where a list of rows of one height stands: its first row is an integer, so that ten million rows stay exact.

/// How many rows there are, how high each is, and how many points of them are in view.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Extent {
    pub count: usize,
    pub row: f32,
    pub view: f32,
}

/// The first row in view, and how many points of it lie above the edge.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Top {
    pub row: usize,
    pub above: f32,
}

impl Extent {
    /// Where the last row ends at the lower edge; the beginning where all rows are in view.
    pub fn last(self) -> Top {
        Top::default().moved(self.travel(), self)
    }

    /// Points that the rows can be moved.
    pub fn travel(self) -> f64 {
        (rows(self.count) * f64::from(self.row) - f64::from(self.view)).max(0.0)
    }

    /// Whole rows in view, at least one.
    pub fn page(self) -> usize {
        whole(f64::from(self.view) / f64::from(self.row)).max(1)
    }
}

impl Top {
    /// Further down by so many points, or up; not bounded by the end.
    #[must_use]
    pub fn moved(self, points: f64, extent: Extent) -> Self {
        let height = f64::from(extent.row);
        let from_row = f64::from(self.above) + points;
        let by = (from_row / height).floor();
        #[expect(clippy::cast_possible_truncation, reason = "less than one row")]
        let above = (from_row - by * height) as f32;
        let step = whole(by.abs());
        if by >= 0.0 {
            return Self { row: self.row.saturating_add(step), above };
        }
        self.row.checked_sub(step).map_or_else(Self::default, |row| Self { row, above })
    }

    /// The nearest place that leaves no room below the last row.
    #[must_use]
    pub fn within(self, extent: Extent) -> Self {
        let last = extent.last();
        let is_past = self.row > last.row || self.row == last.row && self.above > last.above;
        if is_past { last } else { self }
    }

    /// So many rows down, or up, where there are as many.
    #[must_use]
    pub fn by_rows(self, rows: i64, extent: Extent) -> Self {
        let step = usize::try_from(rows.unsigned_abs()).unwrap_or(usize::MAX);
        let row = if rows < 0 { self.row.checked_sub(step) } else { Some(self.row.saturating_add(step)) };
        row.map_or_else(Self::default, |row| Self { row, ..self }).within(extent)
    }

    /// Points from the upper edge to the top of a row; far away it saturates.
    pub fn y_of(self, row: usize, extent: Extent) -> f32 {
        let apart = if row >= self.row { rows(row - self.row) } else { -rows(self.row - row) };
        #[expect(clippy::cast_possible_truncation, reason = "rows in view are near")]
        let y = (apart * f64::from(extent.row)) as f32;
        y - self.above
    }

    /// The rows that are at least partly in view.
    pub fn rows(self, extent: Extent) -> std::ops::Range<usize> {
        let seen = whole((f64::from(self.above + extent.view) / f64::from(extent.row)).ceil());
        let end = self.row.saturating_add(seen).min(extent.count);
        self.row.min(end)..end
    }

    /// Moved as little as brings the row into view; to its middle from far away.
    #[must_use]
    pub fn showing(self, row: usize, extent: Extent) -> Self {
        let y = self.y_of(row, extent);
        let at = |y: f32| Self { row, above: 0.0 }.moved(-f64::from(y), extent).within(extent);
        if y + extent.view < 0.0 || y > 2.0 * extent.view {
            // With whole rows above it.
            let middle = (extent.view - extent.row) / 2.0;
            at((middle / extent.row).floor() * extent.row)
        } else if y < 0.0 {
            at(0.0)
        } else if y + extent.row > extent.view {
            at(extent.view - extent.row)
        } else {
            self
        }
    }

    /// How far it is between the beginning and the end, from 0 to 1.
    pub fn part(self, extent: Extent) -> f64 {
        let travel = extent.travel();
        let gone = rows(self.row) * f64::from(extent.row) + f64::from(self.above);
        if travel > 0.0 { (gone / travel).min(1.0) } else { 0.0 }
    }

    /// The place that is so far between the beginning and the end.
    pub fn at_part(part: f64, extent: Extent) -> Self {
        Self::default().moved(part.clamp(0.0, 1.0) * extent.travel(), extent).within(extent)
    }
}

#[expect(clippy::cast_precision_loss, reason = "exact to 2^53 rows")]
fn rows(count: usize) -> f64 {
    count as f64
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a cast of a float saturates")]
fn whole(rows: f64) -> usize {
    rows as usize
}

#[cfg(test)]
mod tests {
    #![allow(clippy::float_cmp, reason = "these are exact")]
    use super::*;

    const MANY: Extent = Extent { count: 10_000_000, row: 31.0, view: 500.0 };

    #[test]
    fn each_of_ten_million_rows_can_stand_at_the_edge() {
        for row in (0..9_999_900).step_by(99_991).chain(9_999_000..9_999_900) {
            let top = Top { row: 4_000_000, above: 7.0 }.showing(row, MANY);
            let middle = top.y_of(row, MANY);
            assert!((0.0..=469.0).contains(&middle), "{row} at {middle}");
            let at_edge = Top { row, above: 0.0 };
            assert_eq!(at_edge.moved(31.0, MANY), Top { row: row + 1, above: 0.0 });
            assert_eq!(at_edge.moved(31.0, MANY).moved(-31.0, MANY), at_edge);
            assert_eq!(at_edge.rows(MANY), row..row + 17);
        }
    }

    #[test]
    fn the_last_row_ends_at_the_lower_edge_and_nothing_lies_below_it() {
        let last = MANY.last();
        assert_eq!(last.y_of(9_999_999, MANY) + 31.0, 500.0);
        assert_eq!(last.rows(MANY).end, 10_000_000);
        assert_eq!(last.moved(1e12, MANY).within(MANY), last);
        assert_eq!(last.moved(-1e12, MANY).within(MANY), Top::default());
        assert_eq!(last.part(MANY), 1.0);
        assert_eq!(Top::at_part(1.0, MANY), last);
        assert_eq!(Top::at_part(0.0, MANY), Top::default());
        let few = Extent { count: 3, ..MANY };
        assert_eq!(few.last(), Top::default());
        assert_eq!(Top { row: 9, above: 3.0 }.within(few), Top::default());
        assert_eq!(Top::default().rows(few), 0..3);
        assert_eq!(Top::default().part(few), 0.0);
    }

    #[test]
    fn a_row_is_brought_into_view_by_the_shortest_way_and_from_far_to_the_middle() {
        let top = Top { row: 9_000_000, above: 10.0 };
        assert_eq!(top.showing(9_000_000, MANY), Top { row: 9_000_000, above: 0.0 });
        assert_eq!(top.showing(9_000_005, MANY), top, "it is in view");
        let below = top.showing(9_000_017, MANY);
        assert_eq!(below.y_of(9_000_017, MANY), 469.0);
        let far = top.showing(1_000_000, MANY);
        assert_eq!(far, Top { row: 999_993, above: 0.0 });
        assert_eq!(top.by_rows(-9_000_001, MANY), Top::default());
        assert_eq!(top.by_rows(16, MANY), Top { row: 9_000_016, above: 10.0 });
    }
}
