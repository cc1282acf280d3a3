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

/// By value, whatever the lengths: `1.50` is `1.5`, and `9007199254740993.25` is above `9007199254740993`. `None` where one is
/// no JSON number.
pub fn compare_exactly(a: &str, b: &str) -> Option<Ordering> {
    let (a, b) = (Digits::of(a)?, Digits::of(b)?);
    Some(match (a.sign(), b.sign()) {
        (1, 1) => a.compare_amounts(&b),
        (-1, -1) => b.compare_amounts(&a),
        (a, b) => a.cmp(&b),
    })
}

/// Digits of an exponent that are counted; larger ones are equal to each other.
const EXPONENT: usize = 17;

/// `0.` and the digits, times ten to a power.
struct Digits<'a> {
    is_negative: bool,
    /// Before and after the point; together without zeros at their ends.
    whole: &'a str,
    fraction: &'a str,
    power: i64,
}

impl<'a> Digits<'a> {
    fn of(token: &'a str) -> Option<Self> {
        let (is_negative, rest) = token.strip_prefix('-').map_or((false, token), |rest| (true, rest));
        let (mantissa, exponent) = match rest.find(['e', 'E']) {
            Some(at) => (&rest[..at], Self::exponent(&rest[at + 1..])?),
            None => (rest, 0),
        };
        let (whole, fraction) = mantissa.split_once('.').map_or((mantissa, None), |(w, f)| (w, Some(f)));
        if !is_digits(whole) || fraction.is_some_and(|fraction| !is_digits(fraction)) {
            return None;
        }
        let whole = whole.trim_start_matches('0');
        let mut fraction = fraction.unwrap_or_default().trim_end_matches('0');
        let mut power = i64::try_from(whole.len()).ok()?;
        if whole.is_empty() {
            let after = fraction.trim_start_matches('0');
            power = -i64::try_from(fraction.len() - after.len()).ok()?;
            fraction = after;
        }
        let whole = if fraction.is_empty() { whole.trim_end_matches('0') } else { whole };
        Some(Self { is_negative, whole, fraction, power: power.saturating_add(exponent) })
    }

    fn exponent(text: &str) -> Option<i64> {
        let (is_negative, digits) = match text.strip_prefix('-') {
            Some(digits) => (true, digits),
            None => (false, text.strip_prefix('+').unwrap_or(text)),
        };
        let counted = digits.trim_start_matches('0');
        let size = match counted.len() {
            _ if !is_digits(digits) => return None,
            0 => 0,
            1..=EXPONENT => counted.parse().ok()?,
            _ => 10_i64.pow(18),
        };
        Some(if is_negative { -size } else { size })
    }

    fn sign(&self) -> i8 {
        match self.is_negative {
            _ if self.whole.is_empty() && self.fraction.is_empty() => 0,
            true => -1,
            false => 1,
        }
    }

    fn compare_amounts(&self, other: &Self) -> Ordering {
        // Without zeros at the end, the longer of two numbers that begin alike is the larger one.
        let (own, others) = (
            self.whole.bytes().chain(self.fraction.bytes()),
            other.whole.bytes().chain(other.fraction.bytes()),
        );
        self.power.cmp(&other.power).then_with(|| own.cmp(others))
    }
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}
