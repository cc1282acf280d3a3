//! Bytes that are no text: an offset, eight of them, and the same as text.

use std::ops::Range;

/// Bytes of one row.
pub const WIDTH: usize = 8;
/// Columns before the digits, and before the text.
const DIGITS: usize = 7;
const TEXT: usize = DIGITS + WIDTH * 3;

/// At least one, which is empty.
pub fn rows(bytes: usize) -> usize {
    bytes.div_ceil(WIDTH).max(1)
}

pub fn row(bytes: &[u8], row: usize) -> String {
    let start = row.saturating_mul(WIDTH);
    let Some(bytes) = bytes.get(start..).filter(|rest| !rest.is_empty()) else { return String::new() };
    let bytes = &bytes[..bytes.len().min(WIDTH)];
    let digits: Vec<String> = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    let sign = |&byte: &u8| if byte.is_ascii_graphic() || byte == b' ' { char::from(byte) } else { '.' };
    let text: String = bytes.iter().map(sign).collect();
    format!("{start:06x} {:<23} {text}", digits.join(" "))
}

/// Where the row shows some of its bytes: as digits, and as text. From 16 MiB on its offset is one digit longer.
pub fn marks(bytes: Range<usize>, row: usize) -> [Range<usize>; 2] {
    let wider = format!("{:06x}", row.saturating_mul(WIDTH)).len() - 6;
    [
        wider + DIGITS + bytes.start * 3..wider + DIGITS + bytes.end * 3 - 1,
        wider + TEXT + bytes.start..wider + TEXT + bytes.end,
    ]
}
