//! A payload as rows of text for the screen, whatever its size: made and searched beside the frames, drawn row by row.

mod bytes;
mod json_lines;
mod search;
mod work;

pub use search::Found;

use super::json::{safe, verbatim};
use std::ops::Range;
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
    /// How many values each line stands in; empty where that is none.
    depths: Vec<u8>,
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
    /// In columns.
    indent: u8,
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
        let (shape, (text, depths)) = match verbatim(data) {
            Some(json) => (Shape::Json, json_lines::lines(json.get(), wanted)?),
            None => (Shape::Text, (safe_lines(text, wanted)?, Vec::new())),
        };
        Some(Self { shape, text, depths, bytes: data.len() })
    }

    pub fn bytes(data: &[u8]) -> Self {
        Self { shape: Shape::Bytes, text: String::new(), depths: Vec::new(), bytes: data.len() }
    }

    pub fn shape(&self) -> Shape {
        self.shape
    }

    /// The rows for a width; `None` once they are not wanted.
    pub fn rows(&self, columns: usize, wanted: Wanted<'_>) -> Option<RowIndex> {
        if self.shape == Shape::Bytes {
            return Some(RowIndex {
                columns,
                rows: Vec::new(),
                count: bytes::rows(self.bytes, bytes::width(columns)),
            });
        }
        let mut rows = Vec::with_capacity(self.depths.len());
        let (mut start, mut checked) = (0, 0);
        for (number, line) in self.text.split_inclusive('\n').enumerate() {
            let depth = self.depths.get(number).copied().unwrap_or_default();
            let indent = (usize::from(depth) * 2).min(columns / 2);
            add_rows(&mut rows, start, line, indent, columns);
            start += line.len();
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
        let range = self.range(index, row);
        let text = self.text.get(range.start as usize..range.end as usize).unwrap_or_default();
        let indent = index.rows.get(row).map_or(0, |row| usize::from(row.indent));
        format!("{:indent$}{}", "", text.trim_end_matches('\n'))
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
        let range = self.range(index, row);
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
fn add_rows(rows: &mut Vec<Row>, start: usize, line: &str, indent: usize, columns: usize) {
    let columns = columns.saturating_sub(indent).max(NARROWEST);
    let indent = u8::try_from(indent).unwrap_or(u8::MAX);
    let mut add = |at: usize| rows.push(Row { start: short(start + at), indent });
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
        let index = text.rows(columns, &|| true).unwrap();
        (0..index.count()).map(|row| text.row(&index, row, data)).collect()
    }

    fn found(data: &[u8], sought: &str) -> Vec<(usize, String)> {
        let text = PayloadText::readable(data, &|| true).unwrap();
        let columns = if text.shape() == Shape::Bytes { 40 } else { 20 };
        let index = text.rows(columns, &|| true).unwrap();
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
        assert!(text.rows(40, &|| false).is_none());
        assert!(text.find(large.as_bytes(), "1", &|| false).is_none());
    }
}
