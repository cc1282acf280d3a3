//! Values that cannot be wrong once they exist.

use rust_decimal::Decimal;
use serde_json::value::RawValue;
use std::sync::Arc;

/// The longest order id and user name that a command accepts, in characters.
pub const MAX_TEXT: usize = 200;
/// A larger total is taken for a slip of the hand.
const MAX_TOTAL: i64 = 1_000_000_000_000_000_000;

/// Why typed text is no value of the domain; each sentence names the input and the fix.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ValueError {
    #[error("The {what} is empty. Type one.")]
    Empty { what: &'static str },
    #[error("The {what} is {length} characters long. Use at most {MAX_TEXT}.")]
    TooLong { what: &'static str, length: usize },
    #[error("The {what} contains a control character. Remove it.")]
    Control { what: &'static str },
    #[error("The order id {0:?} contains a space. Remove it.")]
    Space(String),
    #[error("The total {0:?} is not a number. Type it like 99.90, with a point and without separators.")]
    NotANumber(String),
    #[error("The total {0} is negative. Type zero or more.")]
    Negative(String),
    #[error("The total {0} is too large. The most an order may cost is {MAX_TOTAL}.")]
    TooLarge(String),
    #[error("The total {0} has more digits than can be kept exactly. Use at most 28 digits.")]
    TooPrecise(String),
}

/// The text after `order-` in the stream's name.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct OrderId(Arc<str>);

impl OrderId {
    /// An id for a new order, to the byte; the rules hold for new ids only.
    pub fn parse(text: &str) -> Result<Self, ValueError> {
        let text = checked("order id", text)?;
        if text.contains(char::is_whitespace) {
            return Err(ValueError::Space(text.to_owned()));
        }
        Ok(Self(text.into()))
    }

    /// An id that names what is there already, whatever it is.
    pub fn stored(text: &str) -> Self {
        Self(text.into())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// As it is, or quoted where its ends could not be seen.
impl std::fmt::Display for OrderId {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        let odd = |c: char| c.is_whitespace() || c.is_control() || c == '"';
        if self.0.is_empty() || self.0.contains(odd) {
            write!(f, "{:?}", self.0)
        } else {
            f.write_str(&self.0)
        }
    }
}

/// Who ordered.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct UserId(Arc<str>);

impl UserId {
    pub fn parse(text: &str) -> Result<Self, ValueError> {
        checked("user", text).map(|text| Self(text.into()))
    }

    pub fn stored(text: &str) -> Self {
        Self(text.into())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The text as it is: what is around it belongs to it.
fn checked<'a>(what: &'static str, text: &'a str) -> Result<&'a str, ValueError> {
    let length = text.chars().count();
    match text.trim() {
        "" => Err(ValueError::Empty { what }),
        _ if length > MAX_TEXT => Err(ValueError::TooLong { what, length }),
        _ if text.contains(char::is_control) => Err(ValueError::Control { what }),
        _ => Ok(text),
    }
}

/// What the order costs: the decimal number token exactly as it is stored, never binary floating point.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Total(Arc<str>);

impl Total {
    /// A total typed by a person; becomes a plain JSON number.
    pub fn parse(text: &str) -> Result<Self, ValueError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(ValueError::Empty { what: "total" });
        }
        let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
        let plain = digits.bytes().all(|b| b.is_ascii_digit() || b == b'.')
            && digits.starts_with(|c: char| c.is_ascii_digit())
            && digits.ends_with(|c: char| c.is_ascii_digit());
        if !plain || digits.matches('.').count() > 1 {
            return Err(ValueError::NotANumber(text.to_owned()));
        }
        Self::in_range(text, digits)
    }

    fn in_range(text: &str, digits: &str) -> Result<Self, ValueError> {
        let whole = digits.split('.').next().unwrap_or(digits).trim_start_matches('0');
        if whole.len() > 19 {
            return Err(ValueError::TooLarge(text.to_owned()));
        }
        let value = Decimal::from_str_exact(digits).map_err(|_| ValueError::TooPrecise(text.to_owned()))?;
        if text.starts_with('-') && !value.is_zero() {
            return Err(ValueError::Negative(text.to_owned()));
        }
        if value > Decimal::from(MAX_TOTAL) {
            return Err(ValueError::TooLarge(text.to_owned()));
        }
        Ok(Self(value.to_string().into()))
    }

    /// A total given as a JSON number, whose exponent is written out.
    pub fn number(token: &RawValue) -> Result<Self, ValueError> {
        let token = token.get();
        let Some((digits, exponent)) = token.split_once(['e', 'E']) else { return Self::parse(token) };
        match exponent.parse().ok().filter(|e| (-40..=40).contains(e)).and_then(|e| scaled(digits, e)) {
            Some(plain) => Self::parse(&plain.to_string()),
            None if exponent.starts_with('-') => Err(ValueError::TooPrecise(token.to_owned())),
            None => Err(ValueError::TooLarge(token.to_owned())),
        }
    }

    /// The token of a stored JSON number, kept verbatim; `None` where it is no number.
    pub fn stored(token: &RawValue) -> Option<Self> {
        let token = token.get();
        token.starts_with(|c: char| c == '-' || c.is_ascii_digit()).then(|| Self(token.into()))
    }

    /// The JSON number token.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The number times a power of ten, exactly.
fn scaled(digits: &str, exponent: i64) -> Option<Decimal> {
    let mut number = Decimal::from_str_exact(digits).ok()?;
    let scale = i64::from(number.scale()) - exponent;
    number.set_scale(u32::try_from(scale.max(0)).ok()?).ok()?;
    (scale..0).try_fold(number, |number, _| number.checked_mul(Decimal::TEN))
}
