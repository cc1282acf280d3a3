//! A text looked for in all rows, whatever the filter shows: which streams hold it, the closest first.

use super::List;
use super::fit::Fit;
use super::row_texts::Word;
use crate::store::StreamRow;
use std::collections::HashSet;

/// Of so many rows that hold a text, how closely they do is looked at.
const CLOSELY: usize = 20_000;

/// What a search found.
#[derive(Debug, Default)]
pub struct Found<'a> {
    pub rows: Vec<(Fit, &'a StreamRow)>,
    /// Rows that the list's filter shows with the same text.
    pub count: usize,
}

impl List {
    /// The rows whose name or values hold the text: that of this very name first; at most so many of each fit.
    pub fn search(&self, category: &str, text: &str, most: usize) -> Found<'_> {
        let low = text.trim().to_lowercase();
        let words: Vec<Word> = low.split_whitespace().map(Word::new).collect();
        let mut rows: Vec<(Fit, u32)> =
            self.named(category, text).into_iter().map(|at| (Fit::Exact, at)).collect();
        let Some((first, others)) = words.split_first() else { return self.found(rows, 0) };
        for at in self.texts.rows_starting(&low, most) {
            let name = self.texts.name(at);
            rows.push((if name == low || self.texts.id(at) == low { Fit::Exact } else { Fit::Start }, at));
        }
        let mut holding = self.texts.rows_with(first);
        if !others.is_empty() {
            holding.retain(|&at| others.iter().all(|word| self.texts.has(at, word)));
        }
        let mut counts = [(Fit::Word, 0), (Fit::Within, 0), (Fit::Value, 0)];
        for &at in holding.iter().take(CLOSELY) {
            let name = self.texts.name(at);
            let fit = match Fit::of(name, &low) {
                Some(fit) => fit,
                None if self.rows[at as usize].cells.iter().any(|cell| holds(&cell.text, &low)) => Fit::Value,
                None => continue,
            };
            let count = counts.iter_mut().find(|(of, count)| *of == fit && *count < most);
            if let Some((_, count)) = count.filter(|_| !self.texts.id(at).starts_with(&*low)) {
                *count += 1;
                rows.push((fit, at));
            }
            if counts[0].1 >= most {
                break;
            }
        }
        self.found(rows, holding.len())
    }

    /// The streams of this very name or id, blanks around it included, else without them.
    fn named(&self, category: &str, text: &str) -> Vec<u32> {
        let of = |text: &str| {
            let with_id = format!("{category}-{text}");
            [self.by_name.get(text), self.by_name.get(&*with_id)]
        };
        of(text).into_iter().chain(of(text.trim())).flatten().copied().collect()
    }

    /// Each row once, at its closest.
    fn found(&self, mut rows: Vec<(Fit, u32)>, count: usize) -> Found<'_> {
        let mut seen = HashSet::new();
        rows.retain(|(_, at)| seen.insert(*at));
        Found { rows: rows.into_iter().map(|(fit, at)| (fit, &self.rows[at as usize])).collect(), count }
    }
}

/// Whether a value holds the text, which is in lower case.
fn holds(value: &str, low: &str) -> bool {
    value.to_lowercase().contains(low)
}
