//! A payload as rows of text for the screen, whatever its size: made and searched beside the frames, drawn row by row.

mod bytes;
mod folds;
mod json_lines;
mod path;
mod search;
mod tokens;
mod value;
mod work;

pub use folds::Folds;
pub use json_lines::pretty;
pub use path::RowValue;
pub use search::Found;
pub use tokens::{RowTokens, Token};

use super::json::{safe, verbatim};
use folds::{closes, opens};
use std::ops::Range;
use tokens::line_tokens;
use unicode_width::UnicodeWidthChar;
use work::{CHECKED, Wanted, short};

/// A larger payload is shown as bytes: places in a text are numbers of 32 bits, and escapes make it longer.
const LARGEST: usize = 256 << 20;
/// Columns that a row of text has at least, however deep it stands.
const NARROWEST: usize = 16;
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// On several lines, every token as it was stored.
    Json,
    Text,
    /// An offset, some bytes, and the same as text.
    Bytes,
}

/// A payload that can be drawn.
#[derive(Debug)]
pub struct PayloadText {
    shape: Shape,
    /// Safe for the screen, every line with its end; empty where bytes are shown.
    text: String,
    /// Length of the payload.
    bytes: usize,
}

/// Where the rows of a text begin; a line that is too long for one goes on in the next.
#[derive(Debug)]
pub struct RowIndex {
    columns: usize,
    rows: Vec<Row>,
    count: usize,
}

#[derive(Debug, Clone, Copy)]
struct Row {
    start: u32,
    /// Bytes of a name that it begins with.
    key: u16,
    /// In columns.
    indent: u8,
    value: Token,
}

impl RowIndex {
    /// For which width it was made.
    pub fn columns(&self) -> usize {
        self.columns
    }

    pub fn count(&self) -> usize {
        self.count
    }
}

impl PayloadText {
    /// As JSON or as text, or as bytes where it is neither; `None` once it is not wanted.
    pub fn readable(data: &[u8], wanted: Wanted<'_>) -> Option<Self> {
        let text = Some(data).filter(|data| data.len() <= LARGEST);
        let Some(text) = text.and_then(|data| std::str::from_utf8(data).ok()) else {
            return Some(Self::bytes(data));
        };
        let (shape, text) = match verbatim(data) {
            Some(json) => (Shape::Json, json_lines::lines(json.get(), safe, wanted)?),
            None => (Shape::Text, safe_lines(text, wanted)?),
        };
        Some(Self { shape, text, bytes: data.len() })
    }

    pub fn bytes(data: &[u8]) -> Self {
        Self { shape: Shape::Bytes, text: String::new(), bytes: data.len() }
    }

    pub fn shape(&self) -> Shape {
        self.shape
    }

    /// The rows for a width, without what is folded; `None` once they are not wanted.
    pub fn rows(&self, columns: usize, folds: &Folds, wanted: Wanted<'_>) -> Option<RowIndex> {
        if self.shape == Shape::Bytes {
            let count = bytes::rows(self.bytes, bytes::width(columns));
            return Some(RowIndex { columns, rows: Vec::new(), count });
        }
        let is_json = self.shape == Shape::Json;
        let mut rows = Vec::new();
        let (mut start, mut checked, mut depth) = (0, 0, 0_usize);
        // How deep the folded value stands that the line is in.
        let mut folded = None;
        for line in self.text.split_inclusive('\n') {
            let (is_begin, is_end) = (is_json && opens(line), is_json && closes(line));
            depth = depth.saturating_sub(usize::from(is_end));
            if folded.is_none() {
                let tokens = if is_json { line_tokens(line) } else { (0, Token::Sign) };
                add_rows(&mut rows, start, (line, tokens), (depth * 2).min(columns / 2), columns);
            } else if is_end && folded == Some(depth) {
                folded = None;
            }
            start += line.len();
            if is_begin {
                let is_folded = folded.is_none() && folds.is_folded(short(start - 2), depth);
                folded = if is_folded { Some(depth) } else { folded };
                depth += 1;
            }
            if start - checked > CHECKED {
                checked = start;
                wanted().then_some(())?;
            }
        }
        Some(RowIndex { columns, count: rows.len(), rows })
    }

    /// One row as it is drawn; the payload is the one that this was made of.
    pub fn row(&self, index: &RowIndex, row: usize, data: &[u8]) -> String {
        if self.shape == Shape::Bytes {
            let width = bytes::width(index.columns);
            return bytes::row(data, row.saturating_mul(width), width);
        }
        let indent = index.rows.get(row).map_or(0, |row| usize::from(row.indent));
        let (shown, hidden) = self.parts(index, row);
        let end = match hidden.trim_end_matches('\n') {
            "" => "",
            hidden => hidden.rsplit('\n').next().unwrap_or_default(),
        };
        let sign = if end.is_empty() { "" } else { " … " };
        format!("{:indent$}{shown}{sign}{end}", "")
    }

    /// What a row shows of the text, without the line's end, and the lines that are folded into it.
    fn parts(&self, index: &RowIndex, row: usize) -> (&str, &str) {
        let range = self.range(index, row);
        let text = self.text.get(range.start as usize..range.end as usize).unwrap_or_default();
        text.split_once('\n').unwrap_or((text, ""))
    }

    /// The bracket that the row ends with, and whether what is inside is folded.
    pub fn fold(&self, index: &RowIndex, row: usize) -> Option<(u32, bool)> {
        let (shown, hidden) = self.parts(index, row);
        let end = self.range(index, row).start + short(shown.len());
        let is_begin = self.shape == Shape::Json && self.begins_fold(end);
        (is_begin && shown.ends_with(['{', '['])).then(|| (end - 1, !hidden.is_empty()))
    }

    fn begins_fold(&self, end: u32) -> bool {
        self.text.as_bytes().get(end as usize) == Some(&b'\n')
    }

    /// The bracket of the folded row that a place is hidden in.
    pub fn hides(&self, index: &RowIndex, place: u32) -> Option<u32> {
        let (bracket, is_folded) = self.fold(index, self.row_at(index, place))?;
        (is_folded && place > bracket).then_some(bracket)
    }

    /// Which parts of a row are a name and a value.
    pub fn tokens(&self, index: &RowIndex, row: usize) -> Option<RowTokens> {
        let Row { key, indent, value: token, .. } = *index.rows.get(row)?;
        let (shown, _) = self.parts(index, row);
        let indent = usize::from(indent);
        let key = usize::from(key).min(shown.len());
        let after = if key > 0 { (key + 2).min(shown.len()) } else { 0 };
        let is_last = self.begins_fold(self.range(index, row).start + short(shown.len()));
        let comma = usize::from(is_last && shown.ends_with(',') && token != Token::Sign);
        let value = after..(shown.len() - comma).max(after);
        Some(RowTokens { key: indent..indent + key, value: indent + value.start..indent + value.end, token })
    }

    /// The value in whose line a place is, where it is JSON; `None` once it is not wanted.
    pub fn value_at(&self, place: u32, wanted: Wanted<'_>) -> Option<Option<RowValue>> {
        if self.shape != Shape::Json {
            return Some(None);
        }
        path::path(&self.text, place, wanted).map(Some)
    }

    /// The bytes of a value in the payload that this was made of; `None` once they are not wanted.
    pub fn value_range(&self, data: &[u8], value: &RowValue, wanted: Wanted<'_>) -> Option<Range<usize>> {
        value::value_range(data, value.number, wanted)?
    }

    /// Where a row begins.
    pub fn place(&self, index: &RowIndex, row: usize) -> u32 {
        self.range(index, row).start
    }

    /// What the row shows: of the text, or of the bytes.
    fn range(&self, index: &RowIndex, row: usize) -> Range<u32> {
        if self.shape == Shape::Bytes {
            let width = bytes::width(index.columns);
            let start = row.saturating_mul(width);
            return short(start)..short(start.saturating_add(width).min(self.bytes));
        }
        let start = |row: usize| index.rows.get(row).map(|row| row.start);
        let end = short(self.text.len());
        start(row).unwrap_or(end)..start(row + 1).unwrap_or(end)
    }

    /// The row that shows a place of the text, or of the bytes.
    pub fn row_at(&self, index: &RowIndex, place: u32) -> usize {
        match self.shape {
            Shape::Bytes => place as usize / bytes::width(index.columns),
            Shape::Json | Shape::Text => {
                index.rows.partition_point(|row| row.start <= place).saturating_sub(1)
            }
        }
    }

    /// Parts of a row that were found, in bytes of the row, each with the number of the hit.
    pub fn marks(&self, index: &RowIndex, row: usize, found: &Found) -> Vec<(Range<usize>, usize)> {
        let mut range = self.range(index, row);
        if self.shape != Shape::Bytes {
            range.end = range.start + short(self.parts(index, row).0.len());
        }
        let first = found.hits.partition_point(|hit| hit.end <= range.start);
        let hits = found.hits.iter().enumerate().skip(first).take_while(|(_, hit)| hit.start < range.end);
        let inside = hits.map(|(number, hit)| {
            let (start, end) = (hit.start.max(range.start), hit.end.min(range.end));
            ((start - range.start) as usize..(end - range.start) as usize, number)
        });
        if self.shape == Shape::Bytes {
            let width = bytes::width(index.columns);
            let start = row.saturating_mul(width);
            let marks = |(hit, number)| bytes::marks(hit, start, width).map(|mark| (mark, number));
            let mut marks: Vec<_> = inside.flat_map(marks).collect();
            marks.sort_by_key(|(mark, _)| mark.start);
            return marks;
        }
        let indent = index.rows.get(row).map_or(0, |row| usize::from(row.indent));
        inside.map(|(hit, number)| (hit.start + indent..hit.end + indent, number)).collect()
    }

    /// Where the payload shows this text, in any case; `None` once it is not wanted.
    pub fn find(&self, data: &[u8], sought: &str, wanted: Wanted<'_>) -> Option<Found> {
        match self.shape {
            Shape::Bytes => search::in_bytes(data, sought, wanted),
            Shape::Json | Shape::Text => search::in_text(&self.text, sought, wanted),
        }
    }
}

fn safe_lines(text: &str, wanted: Wanted<'_>) -> Option<String> {
    let mut out = String::with_capacity(text.len() + 1);
    let mut checked = 0;
    for line in text.lines() {
        out.push_str(&safe(line));
        out.push('\n');
        if out.len() - checked > CHECKED {
            checked = out.len();
            wanted().then_some(())?;
        }
    }
    if out.is_empty() {
        out.push('\n');
    }
    Some(out)
}

/// The rows of one line, which begins at a place of the text.
fn add_rows(
    rows: &mut Vec<Row>,
    start: usize,
    (line, (key, value)): (&str, (usize, Token)),
    indent: usize,
    columns: usize,
) {
    let columns = columns.saturating_sub(indent).max(NARROWEST);
    let indent = u8::try_from(indent).unwrap_or(u8::MAX);
    let mut add = |at: usize| {
        let key = u16::try_from(key.saturating_sub(at)).unwrap_or(u16::MAX);
        rows.push(Row { start: short(start + at), key, indent, value });
    };
    add(0);
    if line.is_ascii() {
        let length = line.trim_end_matches('\n').len();
        return (columns..length).step_by(columns).for_each(add);
    }
    let mut taken = 0;
    for (at, c) in line.trim_end_matches('\n').char_indices() {
        // A sign that joins the one before counts too, so that no row grows with many of them.
        let width = c.width().unwrap_or(1).max(1);
        if taken + width > columns {
            add(at);
            taken = 0;
        }
        taken += width;
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that cannot unwrap should fail")]
    use super::*;

    fn rows(data: &[u8], columns: usize) -> Vec<String> {
        let text = PayloadText::readable(data, &|| true).unwrap();
        let index = text.rows(columns, &Folds::default(), &|| true).unwrap();
        (0..index.count()).map(|row| text.row(&index, row, data)).collect()
    }

    fn found(data: &[u8], sought: &str) -> Vec<(usize, String)> {
        let text = PayloadText::readable(data, &|| true).unwrap();
        let columns = if text.shape() == Shape::Bytes { 40 } else { 20 };
        let index = text.rows(columns, &Folds::default(), &|| true).unwrap();
        let found = text.find(data, sought, &|| true).unwrap();
        let row = |row| {
            let shown = text.row(&index, row, data);
            let marks = text.marks(&index, row, &found);
            marks.into_iter().map(move |(mark, _)| (row, shown[mark].to_owned())).collect::<Vec<_>>()
        };
        (0..index.count()).flat_map(row).collect()
    }

    #[test]
    fn json_stands_on_lines_with_every_token_as_it_was_stored() {
        for (json, lines) in [
            (
                r#"{"a":1.10,"\u00e9":[true,{"c":"x, {\"y\": [1]}\\"}],"d":{},"d":[]}"#,
                r#"{|  "a": 1.10,|  "\u00e9": [|    true,|    {|      "c": "x, {\"y\": [1]}\\"|    }|  ],|  "d": {},|  "d": []|}"#,
            ),
            ("[1,\n 2 ,\t{ } , [\n[]]]", "[|  1,|  2,|  {},|  [|    []|  ]|]"),
            (" 7 ", "7"),
        ] {
            assert_eq!(rows(json.as_bytes(), 200).join("|"), lines, "{json}");
        }
    }

    #[test]
    fn a_long_line_goes_on_in_rows_of_bounded_width() {
        let digits = "0123456789".repeat(5);
        assert_eq!(
            rows(digits.as_bytes(), 20),
            ["01234567890123456789", "01234567890123456789", "0123456789"]
        );
        let wide = rows("\u{6f22}".repeat(25).as_bytes(), 20);
        assert_eq!(wide.iter().map(|row| row.chars().count()).collect::<Vec<_>>(), [10, 10, 5]);
        let joined = rows("e\u{301}".repeat(1_000).as_bytes(), 20);
        assert!(joined.iter().all(|row| row.chars().count() <= 20));
        assert_eq!(rows(b"", 20), [""]);
        assert_eq!(rows(b"\xffabc\0", 30), ["000000 ff 61 62 63 .abc", "000004 00          ."]);
        assert_eq!(rows("a\u{202e}\r\n\u{7}".as_bytes(), 20), [r"a\u{202e}", r"\u{7}"]);
        let deep = format!("{}{}", "[".repeat(1_000), "]".repeat(1_000));
        assert!(rows(deep.as_bytes(), 40).iter().all(|row| row.len() <= 40));
    }

    #[test]
    fn hits_are_marked_in_every_row_that_shows_them() {
        let mark = |row, text: &str| (row, text.to_owned());
        assert_eq!(found(br#"{"Name":"Ann","other":"ann"}"#, "ANN"), [mark(1, "Ann"), mark(2, "ann")]);
        assert_eq!(
            found("xyz".repeat(10).as_bytes(), "zxyzxyzxyzxyzxyzxyzxy"),
            [mark(0, "zxyzxyzxyzxyzxyzxy"), mark(1, "zxy")]
        );
        assert_eq!(found("\u{c4}rger".as_bytes(), "\u{e4}r"), [mark(0, "\u{c4}r")]);
        assert_eq!(
            found(b"\xff\0abc\xfe\xfd\x01\x02", "FD 01 02"),
            [mark(0, "fd 01"), mark(0, ".."), mark(1, "02"), mark(1, ".")]
        );
        assert_eq!(found(b"\xffHello", "hell"), [mark(0, "48 65 6c 6c"), mark(0, "Hell")]);
        assert_eq!(found(b"(a)", "("), [mark(0, "(")]);
        assert_eq!(found(b"abc", ""), []);
    }

    #[test]
    fn what_is_not_wanted_ends() {
        let large = format!("[{}1]", "1234567,".repeat(100_000));
        assert!(PayloadText::readable(large.as_bytes(), &|| false).is_none());
        let text = PayloadText::readable(large.as_bytes(), &|| true).unwrap();
        assert!(text.rows(40, &Folds::default(), &|| false).is_none());
        assert!(text.find(large.as_bytes(), "1", &|| false).is_none());
    }
}
