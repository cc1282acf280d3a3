//! What a list of streams is sorted by; the window and the terminal sort alike.

use super::columns::compare_cells;
use crate::aggregate::{Column, number};
use crate::store::StreamRow;
use std::cmp::Ordering;

/// The newest, the most and the largest first; texts by the alphabet.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum RowSort {
    #[default]
    LastEvent,
    Name,
    Events,
    Status,
    Problems,
    Column(Column),
    /// The other way round; streams without the field stand last all the same.
    Reversed(Box<RowSort>),
}

/// A row's place in a sorting as a number, so that most rows are sorted without a look at their texts.
pub type SortKey = u128;

/// Bytes of a text that a key holds; the last byte of the key is the text's length, or one more where it is longer.
const TEXT: usize = 15;
/// Streams without the field stand last.
const NONE: SortKey = SortKey::MAX;
/// Digits after the point that the key of a number holds.
const DIGITS: u32 = 9;
const SCALE: i128 = 10_i128.pow(DIGITS);

impl RowSort {
    pub fn key(&self, row: &StreamRow) -> SortKey {
        match self {
            Self::LastEvent => row.last_event.map_or(NONE, |at| descending(at.0.into())),
            Self::Name => 0,
            Self::Events => descending(row.events.into()),
            Self::Status => row.rank() as SortKey,
            Self::Problems => descending(row.problems.into()),
            Self::Column(column) => match row.cell(&column.path) {
                None => NONE,
                Some(cell) if column.numeric => number_key(&cell.text),
                Some(cell) => text_key(&cell.text),
            },
            Self::Reversed(sort) => reversed(sort.key(row)),
        }
    }

    /// Whether rows with this key are equal; else `compare` tells.
    pub fn is_exact(&self, key: SortKey) -> bool {
        match self {
            Self::Column(column) if column.numeric => key & 1 == 1,
            Self::Column(_) => key & 0xff != TEXT as SortKey + 1,
            Self::Reversed(sort) => **sort != Self::Name && sort.is_exact(reversed(key)),
            Self::LastEvent | Self::Name | Self::Events | Self::Status | Self::Problems => true,
        }
    }

    /// Of rows with the same key.
    pub fn compare(&self, a: &StreamRow, b: &StreamRow) -> Ordering {
        match self {
            Self::Column(column) => compare_cells(column, a, b),
            Self::Reversed(sort) if **sort == Self::Name => b.stream.cmp(&a.stream),
            Self::Reversed(sort) => sort.compare(b, a),
            Self::LastEvent | Self::Name | Self::Events | Self::Status | Self::Problems => Ordering::Equal,
        }
    }

    /// The rows in this order, equal ones by name.
    pub fn sorted(&self, rows: Vec<StreamRow>) -> Vec<StreamRow> {
        let mut keyed: Vec<_> = rows.into_iter().map(|row| (self.key(&row), row)).collect();
        keyed.sort_by(|(a_key, a), (b_key, b)| {
            let exact = a_key.cmp(b_key);
            let rest = || if self.is_exact(*a_key) { Ordering::Equal } else { self.compare(a, b) };
            exact.then_with(rest).then_with(|| a.stream.cmp(&b.stream))
        });
        keyed.into_iter().map(|(_, row)| row).collect()
    }
}

/// Its own reverse.
fn reversed(key: SortKey) -> SortKey {
    if key == NONE { NONE } else { NONE - 1 - key }
}

/// A larger number has a smaller key; none is that of no number.
fn descending(number: i128) -> SortKey {
    !(number.cast_unsigned() ^ (1 << 127))
}

/// The number in whole billionths, rounded down; the last bit says, inverted, whether something is left over.
fn number_key(token: &str) -> SortKey {
    if let Some(billionths) = plain_billionths(token) {
        return descending(billionths * 2);
    }
    let amount = number::amount(token);
    let (mantissa, scale) = (amount.mantissa(), amount.scale());
    let (whole, is_rounded) = match scale.checked_sub(DIGITS) {
        // At most 96 bits and 30 more.
        None | Some(0) => (mantissa * (SCALE / 10_i128.pow(scale)), false),
        Some(more) => {
            let unit = 10_i128.pow(more);
            (mantissa.div_euclid(unit), mantissa.rem_euclid(unit) != 0)
        }
    };
    descending(whole * 2 + i128::from(is_rounded))
}

/// Most numbers are short and plain: they need no decimal arithmetic.
fn plain_billionths(token: &str) -> Option<i128> {
    let digits = token.strip_prefix('-').unwrap_or(token);
    if digits.len() > 18 {
        return None;
    }
    let (mut number, mut after_point) = (0_i64, None);
    for byte in digits.bytes() {
        match byte {
            b'0'..=b'9' => {
                number = number * 10 + i64::from(byte - b'0');
                after_point = after_point.map(|count: u32| count + 1);
            }
            b'.' if after_point.is_none() => after_point = Some(0),
            _ => return None,
        }
    }
    let missing = DIGITS.checked_sub(after_point.unwrap_or(0))?;
    let sign = if digits.len() < token.len() { -1 } else { 1 };
    // A point needs digits on both sides.
    let is_number = digits.starts_with(|first: char| first.is_ascii_digit()) && after_point != Some(0);
    is_number.then(|| sign * i128::from(number) * 10_i128.pow(missing))
}

fn text_key(text: &str) -> SortKey {
    let bytes = text.as_bytes();
    let mut key = [0; TEXT + 1];
    let kept = bytes.len().min(TEXT);
    key[..kept].copy_from_slice(&bytes[..kept]);
    key[TEXT] = u8::try_from(bytes.len().min(TEXT + 1)).unwrap_or(u8::MAX);
    SortKey::from_be_bytes(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Keys are equal only where the values are, or where they say that they do not tell.
    fn check(
        sort: &RowSort,
        key: impl Fn(&str) -> SortKey,
        compare: impl Fn(&str, &str) -> Ordering,
        of: &[&str],
    ) {
        for a in of {
            for b in of {
                let (a_key, b_key) = (key(a), key(b));
                assert!(a_key < NONE && b_key < NONE);
                if a_key == b_key && !sort.is_exact(a_key) {
                    continue;
                }
                assert_eq!(a_key.cmp(&b_key), compare(a, b), "{a} and {b}");
            }
        }
    }

    fn by(numeric: bool) -> RowSort {
        RowSort::Column(Column { label: "a".into(), path: "a".into(), numeric })
    }

    #[test]
    fn keys_of_numbers_are_ordered_as_the_numbers_are() {
        let numbers = [
            "0",
            "-0",
            "1",
            "1.0",
            "1e0",
            "1.5",
            "-1.5",
            "99.90",
            "99.9",
            "1e-9",
            "1e-10",
            "2e-10",
            "-1e-10",
            "-1e-9",
            "79228162514264337593543950335",
            "-79228162514264337593543950335",
            "1e40",
            "-1e40",
            "1e-40",
            "text",
            "1.",
            ".5",
            "-",
            "007",
            "123456789012345678",
            "0.1234567891",
            "0.1234567892",
            "0.123456789",
        ];
        check(&by(true), number_key, |a, b| number::compare(b, a), &numbers);
        assert!(by(true).is_exact(number_key("99.90")) && !by(true).is_exact(number_key("1e-10")));
    }

    #[test]
    fn keys_of_texts_are_ordered_as_the_texts_are() {
        let texts = [
            "",
            "\0",
            "a",
            "a\0",
            "ab",
            "b",
            "日本",
            "fifteen letters",
            "fifteen letters more",
            "fifteen letters!",
        ];
        check(&by(false), text_key, Ord::cmp, &texts);
        assert!(by(false).is_exact(text_key("fifteen letters")));
        assert!(!by(false).is_exact(text_key("fifteen letters!")));
    }
}
