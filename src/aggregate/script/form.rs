//! The texts of a command's form, checked.

use crate::aggregate::{CommandForm, FieldKind, InputError};
use rust_decimal::Decimal;
use std::str::FromStr;
use std::sync::Arc;
use uuid::Uuid;

/// A checked command: its fields as JSON.
#[derive(Debug, Clone)]
pub struct CommandInput {
    pub name: Arc<str>,
    pub json: Arc<str>,
}

/// The fields as JSON; a sentence names the field and the fix where one is no value.
pub fn to_json(form: &CommandForm, texts: &[&str], fresh_id: &str) -> Result<String, InputError> {
    let mut json = String::from("{");
    for (place, field) in form.fields.iter().enumerate() {
        let mut text = texts.get(place).copied().unwrap_or_default();
        if text.is_empty() && place == form.id && !field.required {
            text = fresh_id;
        }
        if text.is_empty() {
            if field.required {
                return Err(InputError::Incomplete(form.incomplete.clone()));
            }
            continue;
        }
        if json.len() > 1 {
            json.push(',');
        }
        json.push_str(&serde_json::Value::from(&*field.label).to_string());
        json.push(':');
        json.push_str(&value(&field.label, &field.kind, text)?);
    }
    json.push('}');
    Ok(json)
}

fn value(name: &str, kind: &FieldKind, text: &str) -> Result<String, InputError> {
    let invalid = |why: &str| InputError::Invalid(format!("The {name} {text:?} {why}"));
    let trimmed = text.trim();
    match kind {
        FieldKind::Text => Ok(serde_json::Value::from(text).to_string()),
        FieldKind::Decimal => {
            let help = "is not a number. Type it like 99.90, with a point and without separators.";
            let digits = trimmed.strip_prefix('-').unwrap_or(trimmed);
            let plain = digits.starts_with(|c: char| c.is_ascii_digit())
                && digits.chars().all(|c| c.is_ascii_digit() || c == '.');
            let decimal = Decimal::from_str(trimmed).ok().filter(|_| plain).ok_or_else(|| invalid(help))?;
            exact(decimal).ok_or_else(|| {
                invalid("has more digits than a script's number can keep exactly. Use at most 15 digits.")
            })
        }
        FieldKind::Integer => {
            let number: i64 =
                trimmed.parse().map_err(|_| invalid("is not a whole number. Type it like 3."))?;
            let fits = number.unsigned_abs() < 1 << 53;
            fits.then(|| number.to_string())
                .ok_or_else(|| invalid("is too large. Use at most 9007199254740991."))
        }
        FieldKind::Boolean => match trimmed.to_ascii_lowercase().as_str() {
            "true" | "yes" => Ok("true".to_owned()),
            "false" | "no" => Ok("false".to_owned()),
            _ => Err(invalid("is neither true nor false. Type one of them.")),
        },
        FieldKind::Uuid => match Uuid::try_parse(trimmed) {
            Ok(id) => Ok(format!("\"{id}\"")),
            Err(_) => Err(invalid("is no UUID. Type it like 123e4567-e89b-12d3-a456-426614174000.")),
        },
        FieldKind::Choice(words) => match words.iter().find(|word| ***word == *trimmed) {
            Some(word) => Ok(serde_json::Value::from(&**word).to_string()),
            None => Err(invalid(&format!("is none of its words. Use {}.", words.join(", ")))),
        },
        FieldKind::Json => match serde_json::from_str::<serde::de::IgnoredAny>(trimmed) {
            Ok(_) => Ok(trimmed.to_owned()),
            Err(why) => Err(invalid(&format!("is not JSON ({why}). Type it like {{\"a\": 1}}."))),
        },
    }
}

/// The number's text where a double holds exactly the decimal that was typed.
fn exact(decimal: Decimal) -> Option<String> {
    let text = decimal.normalize().to_string();
    let double: f64 = text.parse().ok()?;
    let back = Decimal::from_str(&double.to_string()).ok()?;
    (back == decimal).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_exact_or_a_sentence() {
        let ok = |kind: FieldKind, text: &str, json: &str| {
            assert_eq!(value("Amount", &kind, text).as_deref(), Ok(json));
        };
        ok(FieldKind::Decimal, "99.90", "99.9");
        ok(FieldKind::Decimal, "-0.1", "-0.1");
        ok(FieldKind::Decimal, "123456789012.34", "123456789012.34");
        ok(FieldKind::Integer, " 7", "7");
        ok(FieldKind::Boolean, "Yes", "true");
        ok(
            FieldKind::Uuid,
            "123E4567-e89b-12d3-a456-426614174000",
            r#""123e4567-e89b-12d3-a456-426614174000""#,
        );
        ok(FieldKind::Choice(vec!["a b".into()]), "a b", r#""a b""#);
        ok(FieldKind::Json, "[1]", "[1]");
        ok(FieldKind::Text, "a\"b", r#""a\"b""#);
        for (kind, text) in [
            (FieldKind::Decimal, "1,5"),
            (FieldKind::Decimal, "1234567890123456.78"),
            (FieldKind::Decimal, "1e5"),
            (FieldKind::Integer, "1.5"),
            (FieldKind::Integer, "9007199254740992"),
            (FieldKind::Boolean, "maybe"),
            (FieldKind::Json, "{"),
            (FieldKind::Uuid, "7"),
            (FieldKind::Choice(vec!["EUR".into(), "USD".into()]), "eur"),
        ] {
            let Err(InputError::Invalid(sentence)) = value("Amount", &kind, text) else {
                panic!("{text} was taken");
            };
            assert!(sentence.starts_with("The Amount \"") && sentence.ends_with('.'), "{sentence}");
        }
    }
}
