//! From a condition's text to its parts.

use super::error::ConditionError;
use super::expression::{Expression, Question};
use super::lexer::{Kind, Token, tokens};
use super::value::{Operator, Value};
use crate::aggregate::FieldPath;
use crate::aggregate::number::compare_exactly;
use crate::record::moment::length_in_ticks;
use std::borrow::Cow;

/// Most characters of a condition.
const MOST_TEXT: usize = 2_000;
/// Characters of a word that an error repeats.
const MOST_TOLD: usize = 40;
/// Parts within parts; deeper ones are a slip of the hand, and would need a deep stack.
const MOST_DEPTH: usize = 50;
const OPERATORS: &str = "==, !=, <, <=, >, >=, contains, starts with or exists";

pub fn parse(source: &str) -> Result<Expression, ConditionError> {
    if source.chars().count() > MOST_TEXT {
        let text = format!("The condition has over {MOST_TEXT} characters. Shorten it.");
        return Err(ConditionError::at(source, 0, text));
    }
    let mut parser = Parser::new(source)?;
    let root = parser.any()?;
    match parser.take_next() {
        None => Ok(root),
        Some(token) => Err(parser.no_operator(&token)),
    }
}

pub struct Parser<'a> {
    source: &'a str,
    tokens: Vec<Token<'a>>,
    at: usize,
    depth: usize,
    /// A question may follow another one with nothing between them.
    pub joins_by_blanks: bool,
}

impl<'a> Parser<'a> {
    pub fn new(source: &'a str) -> Result<Self, ConditionError> {
        Ok(Self { source, tokens: tokens(source)?, at: 0, depth: 0, joins_by_blanks: false })
    }

    pub fn peek(&self) -> Option<&Token<'a>> {
        self.tokens.get(self.at)
    }

    /// The token so many places further on.
    pub fn ahead(&self, places: usize) -> Option<&Token<'a>> {
        self.tokens.get(self.at + places)
    }

    /// The text from this byte up to the end of what was read last.
    pub fn read_since(&self, from: usize) -> &'a str {
        let last = self.at.checked_sub(1).and_then(|last| self.tokens.get(last));
        last.map_or("", |last| self.source.get(from..last.at + last.source.len()).unwrap_or_default())
    }

    pub fn take_next(&mut self) -> Option<Token<'a>> {
        let token = self.tokens.get(self.at).cloned();
        self.at += usize::from(token.is_some());
        token
    }

    fn takes(&mut self, operator: &str) -> bool {
        let takes = self.peek().is_some_and(|token| token.is(operator));
        self.at += usize::from(takes);
        takes
    }

    fn takes_word(&mut self, word: &str) -> bool {
        let takes = self.peek().is_some_and(|token| token.is_word(word));
        self.at += usize::from(takes);
        takes
    }

    pub fn error(&self, byte: usize, text: impl Into<String>) -> ConditionError {
        ConditionError::at(self.source, byte, text)
    }

    /// Where the text goes on, or ends.
    pub fn here(&self) -> usize {
        self.peek().map_or(self.source.trim_end().len(), |token| token.at)
    }

    pub fn any(&mut self) -> Result<Expression, ConditionError> {
        let mut parts = vec![self.all()?];
        while self.takes("||") {
            parts.push(self.all()?);
        }
        Ok(if parts.len() == 1 { parts.remove(0) } else { Expression::Any(parts) })
    }

    fn all(&mut self) -> Result<Expression, ConditionError> {
        let mut parts = vec![self.part()?];
        while self.takes("&&") {
            parts.push(self.part()?);
        }
        Ok(if parts.len() == 1 { parts.remove(0) } else { Expression::All(parts) })
    }

    fn part(&mut self) -> Result<Expression, ConditionError> {
        let at = self.here();
        self.depth += 1;
        if self.depth > MOST_DEPTH {
            let text = format!("Over {MOST_DEPTH} parts are within each other. Write it flatter.");
            return Err(self.error(at, text));
        }
        let part = if self.takes("!") {
            Expression::Not(Box::new(self.part()?))
        } else if self.takes("(") {
            let inside = self.any()?;
            self.closes(at)?;
            inside
        } else {
            self.question()?
        };
        self.depth -= 1;
        Ok(part)
    }

    /// The closing sign of what was opened there.
    fn closes(&mut self, opened: usize) -> Result<(), ConditionError> {
        if self.takes(")") {
            return Ok(());
        }
        Err(match self.take_next() {
            None => self.error(opened, "This ( has no ). Add it at the end of what it holds."),
            Some(token) => self.no_operator(&token),
        })
    }

    fn question(&mut self) -> Result<Expression, ConditionError> {
        let here = self.here();
        let Some(token) = self.take_next() else {
            let text = if self.source.trim().is_empty() {
                "The condition is empty. Write one like Total > 50."
            } else {
                "The condition ends where a field should stand. Add one, like Total > 50."
            };
            return Err(self.error(here, text));
        };
        if token.is_word("event") && self.takes_word("is") {
            return self.event_type().map(Expression::EventIs);
        }
        let is_called = self.peek().is_some_and(|next| next.is("("));
        if is_called && (token.is_word("changed") || token.is_word("exists")) {
            let opened = self.here();
            self.at += 1;
            let field = self.take_next().ok_or_else(|| {
                self.error(self.source.len(), "A field is missing here. Write one, like changed(Total).")
            })?;
            let field = self.field(&field)?;
            self.closes(opened)?;
            return Ok(if token.is_word("changed") {
                Expression::Changed(field)
            } else {
                Expression::Question(field, Question::Exists)
            });
        }
        if token.is_word("problem") && !self.compares() {
            return Ok(Expression::Problem);
        }
        if token.is_last()
            && let Some(question) = self.last_event()?
        {
            return Ok(question);
        }
        let field = self.field(&token)?;
        self.asked_of(field)
    }

    /// How long ago or when the last event was; `None` where `last` is a field like others.
    fn last_event(&mut self) -> Result<Option<Expression>, ConditionError> {
        let word = |place: usize| match self.tokens.get(place).map(|token| &token.kind) {
            Some(Kind::Word(word)) => Some(*word),
            _ => None,
        };
        let operator = self.peek().and_then(Token::ordering);
        let (Some(operator), Some(value)) = (operator, word(self.at + 1)) else { return Ok(None) };
        let with_unit = word(self.at + 2).map(|unit| format!("{value} {unit}"));
        let two = with_unit.and_then(|text| length_in_ticks(&text));
        let found = two.map(|ticks| (ticks, 3)).or_else(|| length_in_ticks(value).map(|ticks| (ticks, 2)));
        if let Some((ticks, tokens)) = found {
            self.at += tokens;
            return Ok(Some(Expression::Age(operator, ticks)));
        }
        let is_date =
            value.len() > 4 && value.starts_with(|c: char| c.is_ascii_digit()) && value.contains('-');
        if !is_date {
            return Ok(None);
        }
        let field = self.tokens.get(self.at - 1).cloned().map(|token| self.field(&token)).transpose()?;
        self.at += 2;
        let value = Value::Text(value.replacen('T', " ", 1));
        Ok(field.map(|field| Expression::Question(field, Question::Compares(operator, value))))
    }

    /// Whether what follows asks something of a field.
    fn compares(&self) -> bool {
        let signs = ["==", "!=", "<", "<=", ">", ">="];
        let words = ["contains", "starts", "exists"];
        self.peek().is_some_and(|next| {
            signs.iter().any(|sign| next.is(sign)) || words.iter().any(|word| next.is_word(word))
        })
    }

    fn field(&self, token: &Token<'a>) -> Result<FieldPath, ConditionError> {
        if let Kind::Word(word) = token.kind
            && (matches!(word, "true" | "false" | "null") || compare_exactly(word, "0").is_some())
        {
            let text = format!(
                "{} is a value, and a field should stand here. Write the field first, like Paid == true.",
                short(word)
            );
            return Err(self.error(token.at, text));
        }
        token.names().and_then(FieldPath::new).ok_or_else(|| {
            let text = match token.kind {
                Kind::Operator(sign) => {
                    format!("A field should stand before {sign}. Write one, like Total > 50.")
                }
                _ => format!(
                    "{} has a point with no name beside it. Write names and points, like address.city.",
                    short(token.source)
                ),
            };
            self.error(token.at, text)
        })
    }

    fn asked_of(&mut self, field: FieldPath) -> Result<Expression, ConditionError> {
        let operator = match self.peek().map(|token| &token.kind) {
            Some(Kind::Operator("==")) => Operator::Equal,
            Some(Kind::Operator("!=")) => Operator::NotEqual,
            Some(Kind::Operator("<")) => Operator::Less,
            Some(Kind::Operator("<=")) => Operator::AtMost,
            Some(Kind::Operator(">")) => Operator::More,
            Some(Kind::Operator(">=")) => Operator::AtLeast,
            Some(Kind::Word("contains")) => Operator::Contains,
            Some(Kind::Word("starts")) => Operator::StartsWith,
            Some(Kind::Word("exists")) => {
                self.at += 1;
                return Ok(Expression::Question(field, Question::Exists));
            }
            _ => return Ok(Expression::Question(field, Question::IsTrue)),
        };
        self.at += 1;
        if operator == Operator::StartsWith && !self.takes_word("with") {
            return Err(self.error(self.here(), "starts has no meaning alone. Write starts with."));
        }
        let value = self.value(operator)?;
        Ok(Expression::Question(field, Question::Compares(operator, value)))
    }

    fn value(&mut self, operator: Operator) -> Result<Value, ConditionError> {
        let (here, sign) = (self.here(), operator.sign());
        let Some(token) = self.take_next() else {
            return Err(
                self.error(here, format!("Nothing stands behind {sign}. Write a value, like 50 or \"ada\"."))
            );
        };
        let value = match &token.kind {
            Kind::Operator(other) => {
                let text = format!(
                    "A value should stand behind {sign}, not {other}. Write one, like 50 or \"ada\"."
                );
                return Err(self.error(token.at, text));
            }
            Kind::Text(text) => Value::Text(text.clone()),
            Kind::Names(_) | Kind::Within(..) => return Err(self.needs_quotes(&token)),
            Kind::Word("true") => Value::True,
            Kind::Word("false") => Value::False,
            Kind::Word("null") => Value::Null,
            Kind::Word(word) if compare_exactly(word, "0").is_some() => Value::Number((*word).to_owned()),
            Kind::Word(word) => {
                let begins_as_number = word.starts_with(|c: char| c.is_ascii_digit() || "+-.".contains(c));
                let is_number = !word.contains(char::is_alphabetic) || operator.orders();
                if begins_as_number && is_number {
                    let text = format!(
                        "{} is no number. Write it like 50000 or 99.90, or put it in double quotes to compare text.",
                        short(word)
                    );
                    return Err(self.error(token.at, text));
                }
                Value::Text((*word).to_owned())
            }
        };
        if operator.orders() && matches!(value, Value::True | Value::False | Value::Null) {
            let text =
                format!("{sign} compares numbers or texts, and {} is neither. Use == or !=.", token.source);
            return Err(self.error(token.at, text));
        }
        self.is_whole(&token)?;
        Ok(value)
    }

    fn event_type(&mut self) -> Result<String, ConditionError> {
        let here = self.here();
        let Some(token) = self.take_next() else {
            return Err(
                self.error(here, "An event type is missing here. Write one, like event is OrderPaid.")
            );
        };
        let event_type = match &token.kind {
            Kind::Operator(sign) => {
                let text = format!(
                    "An event type should stand here, not {sign}. Write one, like event is OrderPaid."
                );
                return Err(self.error(token.at, text));
            }
            Kind::Text(text) => text.clone(),
            Kind::Word(word) => (*word).to_owned(),
            Kind::Names(_) | Kind::Within(..) => return Err(self.needs_quotes(&token)),
        };
        self.is_whole(&token)?;
        Ok(event_type)
    }

    /// A word behind a word makes a text that needs quotes.
    fn is_whole(&self, token: &Token<'a>) -> Result<(), ConditionError> {
        let is_word = |token: &Token<'_>| matches!(token.kind, Kind::Word(_));
        let next = self.peek().filter(|next| is_word(token) && is_word(next));
        let is_number = compare_exactly(token.source, "0").is_some();
        let compares = self
            .tokens
            .get(self.at + 1)
            .is_some_and(|after| after.ordering().is_some() || after.is("==") || after.is("!="));
        match next {
            Some(_) if self.joins_by_blanks && (is_number || compares) => Ok(()),
            Some(next) if hint(next.source).is_none() => Err(self.needs_quotes(token)),
            _ => Ok(()),
        }
    }

    fn needs_quotes(&self, token: &Token<'a>) -> ConditionError {
        let text = format!(
            "The text that begins with {} is more than one word. Put it in double quotes.",
            short(token.source)
        );
        self.error(token.at, text)
    }

    pub fn no_operator(&self, token: &Token<'a>) -> ConditionError {
        let source = short(token.source);
        let text = match (&token.kind, hint(token.source)) {
            (_, Some(hint)) => format!("{source} is no operator. {hint}"),
            (Kind::Operator(")"), _) => "This ) has no ( before it. Remove it, or add the (.".to_owned(),
            (Kind::Operator("!"), _) => {
                "! stands before what should not hold. Write != to compare, or && before it.".to_owned()
            }
            (Kind::Operator(_), _) => {
                format!("{source} follows a question that is complete. Join two with && or ||.")
            }
            _ => format!("{source} is no operator. Use {OPERATORS}, and && or || between two questions."),
        };
        self.error(token.at, text)
    }
}

/// The beginning of a long word.
fn short(source: &str) -> Cow<'_, str> {
    match source.char_indices().nth(MOST_TOLD) {
        Some((end, _)) => Cow::Owned(format!("{}…", &source[..end])),
        None => Cow::Borrowed(source),
    }
}

/// What people write in other languages.
fn hint(word: &str) -> Option<&'static str> {
    Some(match word.to_ascii_lowercase().as_str() {
        "and" => "Write && where both must hold.",
        "or" => "Write || where one of both is enough.",
        "not" => "Write ! before what should not hold.",
        "is" | "equals" | "eq" => "Write == to compare.",
        "like" | "has" | "includes" => "Write contains.",
        "startswith" | "begins" => "Write starts with.",
        _ => return None,
    })
}
