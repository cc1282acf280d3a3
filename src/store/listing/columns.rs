//! How a list of streams is compared, filtered and divided into columns; the window and the terminal do it alike.

use crate::aggregate::{Column, number};
use crate::store::{Presence, StreamRow};
use std::cmp::Ordering;
use std::collections::HashMap;
use std::sync::Arc;

/// Streams that are looked at for the columns that they share, and columns that are chosen.
const SAMPLE: usize = 1_000;
const SHARED: usize = 3;

/// The largest number first, or by the alphabet; streams without the field last.
pub fn compare_cells(column: &Column, a: &StreamRow, b: &StreamRow) -> Ordering {
    match (a.cell(&column.path), b.cell(&column.path)) {
        (Some(a), Some(b)) if column.numeric => number::compare(&b.text, &a.text),
        (Some(a), Some(b)) => a.text.cmp(&b.text),
        (a, b) => b.is_some().cmp(&a.is_some()),
    }
}

fn decides(row: &StreamRow) -> bool {
    row.presence == Presence::Live && !row.cells.is_empty()
}

/// The place of the last row that decides the shared columns; `None` where all do.
pub fn last_deciding<'a>(rows: impl IntoIterator<Item = (usize, &'a StreamRow)>) -> Option<usize> {
    rows.into_iter().filter(|(_, row)| decides(row)).nth(SAMPLE - 1).map(|(place, _)| place)
}

/// The fields that at least half of the streams have, those that tell streams apart and the most shared first; none that repeats
/// the stream's own name.
pub fn shared_columns<'a>(rows: impl IntoIterator<Item = &'a StreamRow>) -> Vec<Column> {
    struct Seen<'a> {
        /// Of the first stream, and whether another one has another value.
        text: &'a str,
        varies: bool,
        first: usize,
        count: usize,
        numeric: bool,
    }
    let live = rows.into_iter().filter(|row| decides(row)).take(SAMPLE);
    let (mut seen, mut sampled) = (HashMap::<&Arc<str>, Seen<'_>>::new(), 0);
    for row in live {
        sampled += 1;
        for cell in row.cells.iter().filter(|cell| &*cell.text != row.stream.id()) {
            let first = seen.len();
            let new = Seen { text: &cell.text, varies: false, first, count: 0, numeric: true };
            let field = seen.entry(&cell.path).or_insert(new);
            field.varies |= field.text != &*cell.text;
            field.count += 1;
            field.numeric &= !cell.is_text && number::is_number(&cell.text);
        }
    }
    let mut shared: Vec<_> = seen.into_iter().filter(|(_, field)| field.count * 2 >= sampled).collect();
    // What is nested is a detail of what is not.
    let depth = |path: &str| path.matches('.').count();
    shared.sort_by_key(|(path, field)| {
        (!field.varies, std::cmp::Reverse(field.count), depth(path), field.first)
    });
    let column = |(path, field): (&Arc<str>, Seen<'_>)| Column {
        label: path.clone(),
        path: path.clone(),
        numeric: field.numeric,
    };
    shared.into_iter().take(SHARED).map(column).collect()
}
