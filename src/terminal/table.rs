//! Text as columns: aligned by what a terminal shows, elided and coloured only where one shows it.

use crate::aggregate::Tone;
use std::io::IsTerminal;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Between two columns.
const GAP: usize = 2;
/// Columns are not elided below this many cells.
const NARROW: usize = 12;
/// Widest padding where nothing is elided: one longer text sticks out of its own row alone.
const PADDED: usize = 80;

/// What the reader's end can show.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Look {
    pub colours: bool,
    /// Cells in a line; `None` where that is no terminal, so that programs get whole texts.
    pub width: Option<usize>,
}

impl Look {
    pub fn of_stdout() -> Self {
        let out = std::io::stdout();
        if !out.is_terminal() {
            return Self::default();
        }
        let is_set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
        let is_dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
        let width = terminal_size::terminal_size_of(out).map(|(width, _)| usize::from(width.0));
        Self { colours: !is_set("NO_COLOR") && !is_dumb, width }
    }
}

/// Text that is safe to print, and what its colour says.
#[derive(Debug, Clone)]
pub struct Cell {
    text: String,
    tone: Tone,
}

impl Cell {
    pub fn new(text: &str, tone: Tone) -> Self {
        Self { text: crate::record::json::safe(text).into_owned(), tone }
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::new(text, Tone::Neutral)
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self::from(&*text)
    }
}

/// Columns padded to their widest cell; the first row is the heading, `right` names the columns of numbers.
pub fn table(rows: &[Vec<Cell>], right: &[usize], look: Look) -> String {
    let widths = widths(rows, right, look.width);
    let mut out = String::new();
    for (place, row) in rows.iter().enumerate() {
        let mut line = String::new();
        for (column, (cell, &width)) in row.iter().zip(&widths).enumerate() {
            let text = if look.width.is_some() { elided(&cell.text, width) } else { cell.text.clone() };
            let padding = " ".repeat(width.saturating_sub(text.width()));
            let text = if look.colours { coloured(&text, cell.tone, place == 0) } else { text };
            let (before, after) = if right.contains(&column) { (&*padding, "") } else { ("", &*padding) };
            line.extend([before, &text, after, "  "]);
        }
        out.push_str(line.trim_end());
        out.push('\n');
    }
    out
}

/// The width of each column; where a line has an end, the widest texts give way, numbers never.
fn widths(rows: &[Vec<Cell>], right: &[usize], line: Option<usize>) -> Vec<usize> {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let widest = |column: usize| rows.iter().filter_map(|row| Some(row.get(column)?.text.width())).max();
    let mut widths: Vec<usize> = (0..columns).map(|column| widest(column).unwrap_or(0)).collect();
    let Some(line) = line else { return widths.into_iter().map(|width| width.min(PADDED)).collect() };
    loop {
        let needed = widths.iter().sum::<usize>() + GAP * columns.saturating_sub(1);
        let texts = widths.iter_mut().enumerate().filter(|(column, _)| !right.contains(column));
        let Some((_, widest)) = texts.max_by_key(|(_, width)| **width).filter(|(_, width)| **width > NARROW)
        else {
            return widths;
        };
        if needed <= line {
            return widths;
        }
        *widest = (*widest - 1).min(line.max(NARROW));
    }
}

/// The text in so many cells, its middle left out where it is wider: both ends of a name tell more than its middle.
pub fn elided(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let room = width.saturating_sub(1);
    let end = fitting(text.chars().rev(), room / 2);
    let start = fitting(text.chars(), room - room / 2);
    let count = text.chars().count();
    text.chars().take(start).chain(std::iter::once('…')).chain(text.chars().skip(count - end)).collect()
}

/// How many of the characters fit into the cells.
fn fitting(chars: impl Iterator<Item = char>, cells: usize) -> usize {
    let used = chars.scan(0, |used, c| {
        *used += c.width().unwrap_or(0);
        Some(*used)
    });
    used.take_while(|used| *used <= cells).count()
}

fn coloured(text: &str, tone: Tone, is_heading: bool) -> String {
    let code = match tone {
        _ if is_heading => "1",
        Tone::Neutral => return text.to_owned(),
        Tone::Begun => "36",
        Tone::Good => "32",
        Tone::Warning => "33",
        Tone::Bad => "31",
    };
    format!("\u{1b}[{code}m{text}\u{1b}[0m")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(names: &[&str]) -> Vec<Vec<Cell>> {
        names.iter().map(|name| vec![Cell::from(*name), Cell::new("paid", Tone::Good), "7".into()]).collect()
    }

    #[test]
    fn columns_stay_straight_beside_wide_characters() {
        let text = table(&rows(&["order-1", "order-日本"]), &[2], Look::default());
        let starts: Vec<_> =
            text.lines().map(|line| line[..line.find("paid").unwrap_or(0)].width()).collect();
        assert_eq!(starts, [12, 12], "{text}");
    }

    #[test]
    fn a_long_name_is_elided_in_its_middle_to_fit_the_terminal_and_whole_elsewhere() {
        let long = format!("order-{}-end", "日".repeat(500));
        let rows = rows(&["order-1", &long]);
        let text = table(&rows, &[2], Look { colours: false, width: Some(60) });
        assert!(text.lines().all(|line| line.width() <= 60), "{text}");
        assert!(text.contains("order-日") && text.contains("…") && text.contains("-end"), "{text}");
        let piped = table(&rows, &[2], Look::default());
        assert!(piped.contains(&long));
        assert!(
            piped.lines().next().is_some_and(|line| line.width() < 100),
            "the other rows keep their columns"
        );
    }

    #[test]
    fn colours_are_for_terminals_and_change_no_column() {
        let plain = table(&rows(&["a", "b"]), &[2], Look::default());
        let bright = table(&rows(&["a", "b"]), &[2], Look { colours: true, width: Some(80) });
        assert!(bright.contains("\u{1b}[32mpaid\u{1b}[0m") && !plain.contains('\u{1b}'));
        assert_eq!(bright.replace("\u{1b}[32m", "").replace("\u{1b}[1m", "").replace("\u{1b}[0m", ""), plain);
    }

    #[test]
    fn hostile_text_is_escaped_before_it_is_measured() {
        let text = table(&[vec![Cell::from("\u{1b}[2J\u{7}"), "x".into()]], &[], Look::default());
        assert!(!text.contains(['\u{1b}', '\u{7}']), "{text:?}");
    }
}
