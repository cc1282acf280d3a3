//! Number tokens compared without binary floating point.

use rust_decimal::Decimal;
use std::cmp::Ordering;
use std::str::FromStr;

/// Whether a JSON token is a number.
pub fn is_number(token: &str) -> bool {
    token.starts_with(|c: char| c == '-' || c.is_ascii_digit())
}

/// The number, where 28 digits can hold it.
pub fn value(token: &str) -> Option<Decimal> {
    Decimal::from_str(token).or_else(|_| Decimal::from_scientific(token)).ok()
}

/// The number; one beyond 28 digits is the largest or the smallest that there is.
pub fn amount(token: &str) -> Decimal {
    value(token).unwrap_or(if token.starts_with('-') { Decimal::MIN } else { Decimal::MAX })
}

/// By amount; a number beyond 28 digits sorts by its sign, before or after all others.
pub fn compare(a: &str, b: &str) -> Ordering {
    amount(a).cmp(&amount(b))
}
