//! Bytes that are no text: an offset, some of them, and the same as text.

use std::ops::Range;

/// Columns of the offset, up to 16 MiB, with the space after it.
const OFFSET: usize = 7;

/// Bytes of one row of so many columns.
pub fn width(columns: usize) -> usize {
    [16, 8].into_iter().find(|width| columns >= OFFSET + width * 4).unwrap_or(4)
}

/// At least one, which is empty.
pub fn rows(bytes: usize, width: usize) -> usize {
    bytes.div_ceil(width).max(1)
}

/// The row of all bytes that begins at a place.
pub fn row(bytes: &[u8], start: usize, width: usize) -> String {
    let Some(bytes) = bytes.get(start..).filter(|rest| !rest.is_empty()) else { return String::new() };
    let bytes = &bytes[..bytes.len().min(width)];
    let digits: Vec<String> = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    let sign = |&byte: &u8| if byte.is_ascii_graphic() || byte == b' ' { char::from(byte) } else { '.' };
    let text: String = bytes.iter().map(sign).collect();
    let room = width * 3 - 1;
    format!("{start:06x} {:<room$} {text}", digits.join(" "))
}

/// Where the row that begins at a place shows some of its bytes: as digits, and as text.
pub fn marks(bytes: Range<usize>, start: usize, width: usize) -> [Range<usize>; 2] {
    let digits = format!("{start:06x} ").len();
    let text = digits + width * 3;
    [digits + bytes.start * 3..digits + bytes.end * 3 - 1, text + bytes.start..text + bytes.end]
}
