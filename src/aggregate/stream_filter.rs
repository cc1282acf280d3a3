//! What is typed to filter a list of streams: words, texts in named fields, and conditions, of which a stream meets all.
//!
//! ```text
//! filter   (word | within | condition)*
//! word     one word, or a text in double quotes: in the name or a field, or where a word of the status begins
//! within   NAME ":" (word | text in quotes)       in a field whose name holds NAME
//! condition   as of a state, with an operator; a name alone is a word
//! ```

use super::condition::{Condition, ConditionError, Kind, Parser, Token, is_attempt};

/// Longest text that is taken apart, in bytes; a longer one is words.
const MOST_TEXT: usize = 2_000;

#[derive(Debug, Clone, Default, PartialEq)]
pub struct StreamFilter {
    /// In lower case.
    pub words: Vec<String>,
    pub within: Vec<Within>,
    pub conditions: Vec<Condition>,
}

/// A text that is looked for in the fields of a name, both in lower case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Within {
    pub name: String,
    pub text: String,
}

impl StreamFilter {
    /// A text that cannot be taken apart is words, unless it was meant as a condition.
    pub fn parse(text: &str) -> Result<Self, ConditionError> {
        let parsed = Self::taken_apart(text);
        if parsed.is_ok() || is_attempt(text) {
            return parsed;
        }
        // A quote that is not closed yet.
        let closed = Self::taken_apart(&format!("{text}\""));
        Ok(closed.unwrap_or_else(|_| Self { words: words(text), ..Self::default() }))
    }

    fn taken_apart(text: &str) -> Result<Self, ConditionError> {
        if text.len() > MOST_TEXT {
            return match Condition::in_filter(text) {
                Some(parsed) => parsed.map(|one| Self { conditions: vec![one], ..Self::default() }),
                None => Ok(Self { words: words(text), ..Self::default() }),
            };
        }
        let mut parser = Parser::new(text)?;
        parser.joins_by_blanks = true;
        let (mut filter, mut joining) = (Self::default(), None);
        while parser.peek().is_some() {
            if is_term(&parser)
                && let Some(token) = parser.take_next()
            {
                let joins =
                    |word: &str| ["and", "or", "not"].iter().any(|known| word.eq_ignore_ascii_case(known));
                joining = joining.or_else(|| Some(token.clone()).filter(|token| joins(token.source)));
                filter.term(token);
                continue;
            }
            let condition = Condition::read(&mut parser)?;
            if condition.is_word() {
                filter.words.extend(words(condition.text()));
            } else {
                filter.conditions.push(condition);
            }
        }
        match joining.filter(|_| !filter.conditions.is_empty()) {
            Some(token) => Err(parser.no_operator(&token)),
            None => Ok(filter),
        }
    }

    fn term(&mut self, token: Token<'_>) {
        match token.kind {
            Kind::Operator(_) => {}
            Kind::Within(name, text) => self.within.push(Within::new(name, &text)),
            Kind::Text(text) => self.words.extend(Some(text.to_lowercase()).filter(|text| !text.is_empty())),
            Kind::Names(names) => self.words.push(names.join(".").to_lowercase()),
            Kind::Word(word) => match word.split_once(':') {
                Some((name, text)) if names_field(name) && !text.starts_with("//") => {
                    self.within.push(Within::new(name, text));
                }
                _ => self.words.push(word.to_lowercase()),
            },
        }
    }
}

impl Within {
    fn new(name: &str, text: &str) -> Self {
        Self { name: name.to_lowercase(), text: text.to_lowercase() }
    }
}

fn names_field(name: &str) -> bool {
    name.starts_with(|first: char| first.is_alphabetic() || matches!(first, '_' | '$'))
}

fn words(text: &str) -> Vec<String> {
    text.split_whitespace().map(str::to_lowercase).collect()
}

/// Whether the next token stands alone: nothing behind it makes a question of it.
fn is_term(parser: &Parser<'_>) -> bool {
    let is = |place: usize, word: &str| parser.ahead(place).is_some_and(|token| token.is_word(word));
    let sign = |place: usize| match parser.ahead(place).map(|token| &token.kind) {
        Some(Kind::Operator(sign)) => Some(*sign),
        _ => None,
    };
    let is_called = sign(1) == Some("(") && (is(0, "changed") || is(0, "exists"));
    let asks = is(1, "contains") || is(1, "exists") || (is(1, "starts") && is(2, "with"));
    let joins = sign(1).is_some_and(|sign| !matches!(sign, "(" | ")" | "!"));
    let asks_type = is(0, "event") && is(1, "is");
    sign(0).is_none() && !is_called && !asks && !joins && !asks_type
}
