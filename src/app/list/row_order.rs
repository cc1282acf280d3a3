//! The rows of a list in the order of one sorting; a row that comes or changes costs its own search and a move of what follows.

use crate::store::{RowSort, SortKey, StreamRow};
use std::cmp::Ordering;

/// Rows that are sorted anew at once; of more, so many keys are made before each frame, as each looks for a row in memory.
const AT_ONCE: usize = 1 << 14;

/// Rows by their places in the list of all rows.
#[derive(Debug, Default)]
pub struct RowOrder {
    /// In the order of their names, which decides among rows that are equal otherwise.
    by_name: Vec<u32>,
    sorted: Vec<u32>,
    /// By what they are sorted, and the key of each row in it.
    sort: RowSort,
    keys: Vec<SortKey>,
    /// The sorting that is to come, and its keys so far.
    next: Option<(RowSort, Vec<SortKey>)>,
}

impl RowOrder {
    pub fn sorted(&self) -> &[u32] {
        &self.sorted
    }

    /// Whether another sorting is to come.
    pub fn is_sorting(&self) -> bool {
        self.next.is_some()
    }

    /// Takes in the rows that were added and those that changed, each named once, in no order.
    pub fn update(&mut self, rows: &[StreamRow], changed: &[u32]) {
        self.add_names(rows);
        if let Some((sort, keys)) = &mut self.next {
            for &row in changed {
                if let Some(key) = keys.get_mut(row as usize) {
                    *key = sort.key(&rows[row as usize]);
                }
            }
        }
        let sort = &self.sort;
        let mut moved: Vec<u32> = Vec::with_capacity(changed.len());
        let known = self.keys.len();
        self.keys.resize(rows.len(), 0);
        for &row in changed {
            let at = row as usize;
            let key = sort.key(&rows[at]);
            let before = std::mem::replace(&mut self.keys[at], key);
            if at >= known || before != key || !sort.is_exact(key) {
                moved.push(row);
            }
        }
        if moved.is_empty() {
            return;
        }
        if moved.len() * 4 > rows.len() {
            return self.sort_by_keys(rows);
        }
        let mut is_moved = vec![false; rows.len()];
        for &row in &moved {
            is_moved[row as usize] = true;
        }
        let mut sorted = std::mem::take(&mut self.sorted);
        sorted.retain(|&row| !is_moved[row as usize]);
        moved.sort_unstable_by(|&a, &b| self.compare(rows, a, b));
        merge(&mut sorted, &moved, |a, b| self.compare(rows, a, b));
        self.sorted = sorted;
    }

    /// Sorts all rows by another sorting; where they are many, `go_on` does.
    pub fn sort(&mut self, rows: &[StreamRow], sort: RowSort) {
        self.add_names(rows);
        self.next = Some((sort, Vec::new()));
        if rows.len() <= AT_ONCE {
            self.go_on(rows);
        }
    }

    /// Makes some keys of the sorting that is to come, of rows that were all taken in; whether the rows are sorted by it now.
    pub fn go_on(&mut self, rows: &[StreamRow]) -> bool {
        let Some((sort, keys)) = &mut self.next else { return false };
        let some = rows.iter().skip(keys.len()).take(AT_ONCE);
        keys.extend(some.map(|row| sort.key(row)));
        if keys.len() < rows.len() {
            return false;
        }
        if let Some((sort, keys)) = self.next.take() {
            (self.sort, self.keys) = (sort, keys);
            self.sort_by_keys(rows);
        }
        true
    }

    fn add_names(&mut self, rows: &[StreamRow]) {
        let name = |row: u32| &rows[row as usize].stream;
        let mut added: Vec<u32> = (self.by_name.len()..rows.len()).map(index).collect();
        added.sort_by(|&a, &b| name(a).cmp(name(b)));
        merge(&mut self.by_name, &added, |a, b| name(a).cmp(name(b)));
    }

    /// Stable, so that equal rows keep the order of their names.
    fn sort_by_keys(&mut self, rows: &[StreamRow]) {
        let sort = &self.sort;
        let mut keyed: Vec<(SortKey, u32)> =
            self.by_name.iter().map(|&row| (self.keys[row as usize], row)).collect();
        keyed.sort_by_key(|(key, _)| *key);
        for equal in keyed.chunk_by_mut(|(a, _), (b, _)| a == b) {
            if equal.len() > 1 && !sort.is_exact(equal[0].0) {
                equal.sort_by(|(_, a), (_, b)| sort.compare(&rows[*a as usize], &rows[*b as usize]));
            }
        }
        self.sorted.clear();
        self.sorted.extend(keyed.into_iter().map(|(_, row)| row));
    }

    /// Equal only where both are the same row.
    pub fn compare(&self, rows: &[StreamRow], a: u32, b: u32) -> Ordering {
        let (sort, a, b) = (&self.sort, a as usize, b as usize);
        let keys = self.keys[a].cmp(&self.keys[b]);
        let rest = || {
            if sort.is_exact(self.keys[a]) { Ordering::Equal } else { sort.compare(&rows[a], &rows[b]) }
        };
        keys.then_with(rest).then_with(|| rows[a].stream.cmp(&rows[b].stream))
    }
}

/// A row's place as it is kept here: no list has more rows than that.
pub fn index(place: usize) -> u32 {
    u32::try_from(place).unwrap_or(u32::MAX)
}

/// Puts sorted rows into sorted rows: a search for each, and one move of what is behind it.
fn merge(into: &mut Vec<u32>, added: &[u32], compare: impl Fn(u32, u32) -> Ordering) {
    let mut end = into.len();
    into.resize(end + added.len(), 0);
    for (before, &row) in added.iter().enumerate().rev() {
        let at = into[..end].partition_point(|&other| compare(other, row).is_lt());
        into.copy_within(at..end, at + before + 1);
        into[at + before] = row;
        end = at;
    }
}
