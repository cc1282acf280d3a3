//! A condition's text as signs, words and texts.

use super::error::ConditionError;
use super::value::Operator;

/// Operators, the longer ones first.
const OPERATORS: [&str; 11] = ["&&", "||", "==", "!=", "<=", ">=", "<", ">", "!", "(", ")"];

/// One piece of the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token<'a> {
    pub kind: Kind<'a>,
    /// The byte at which it begins.
    pub at: usize,
    /// As it was typed.
    pub source: &'a str,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind<'a> {
    Operator(&'static str),
    /// A word without quotes.
    Word(&'a str),
    /// One text in double quotes.
    Text(String),
    /// Names joined by points, at least one of them in double quotes.
    Names(Vec<String>),
    /// A name, a colon, and one text in double quotes.
    Within(&'a str, String),
}

impl Token<'_> {
    pub fn is(&self, operator: &str) -> bool {
        matches!(self.kind, Kind::Operator(known) if known == operator)
    }

    pub fn is_word(&self, word: &str) -> bool {
        matches!(self.kind, Kind::Word(known) if known == word)
    }

    /// Whether it may name the stream's last event.
    pub fn is_last(&self) -> bool {
        matches!(self.kind, Kind::Word(word) if word.eq_ignore_ascii_case("last"))
    }

    /// The operator that asks for an order.
    pub fn ordering(&self) -> Option<Operator> {
        let Kind::Operator(sign) = self.kind else { return None };
        let all = [Operator::Less, Operator::AtMost, Operator::More, Operator::AtLeast];
        all.into_iter().find(|operator| operator.sign() == sign)
    }

    /// The names from the root to a field; `None` where it names none.
    pub fn names(&self) -> Option<Vec<String>> {
        match &self.kind {
            Kind::Operator(_) | Kind::Within(..) => None,
            Kind::Word(word) => {
                let names: Vec<String> = word.split('.').map(str::to_owned).collect();
                names.iter().all(|name| !name.is_empty()).then_some(names)
            }
            Kind::Text(text) => Some(vec![text.clone()]),
            Kind::Names(names) => Some(names.clone()),
        }
    }
}

fn is_of_word(c: char) -> bool {
    !c.is_whitespace() && !"&|!=<>()\"".contains(c)
}

/// Whether a text that cannot be understood was meant as a condition: it holds a sign that compares or joins, or a word for it
/// behind another word.
pub fn is_attempt(text: &str) -> bool {
    let compares = ["&&", "||", "==", "!=", "<", ">", "="].iter().any(|sign| text.contains(sign));
    let words: Vec<&str> = text.split_whitespace().collect();
    let asks = words.windows(2).any(|pair| matches!(pair, [_, "contains" | "exists"]))
        || words.windows(3).any(|three| matches!(three, [_, "starts", "with"]))
        || matches!(words[..], ["event", "is", ..]);
    compares || asks || text.trim_start().starts_with('!')
}

pub fn tokens(source: &str) -> Result<Vec<Token<'_>>, ConditionError> {
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(c) = source[at..].chars().next() {
        if c.is_whitespace() {
            at += c.len_utf8();
            continue;
        }
        let token = if c == '"' || is_of_word(c) { term(source, at)? } else { operator(source, at)? };
        at += token.source.len();
        tokens.push(token);
    }
    Ok(tokens)
}

fn operator(source: &str, at: usize) -> Result<Token<'_>, ConditionError> {
    let rest = &source[at..];
    if let Some(sign) = OPERATORS.into_iter().find(|sign| rest.starts_with(sign)) {
        return Ok(Token { kind: Kind::Operator(sign), at, source: &rest[..sign.len()] });
    }
    let fix = match rest.chars().next() {
        Some('=') => "One = compares nothing. Write == for equal.",
        Some('&') => "One & joins nothing. Write && where both must hold.",
        _ => "One | joins nothing. Write || where one of both is enough.",
    };
    Err(ConditionError::at(source, at, fix))
}

/// A word, a text, or names joined by points.
fn term(source: &str, from: usize) -> Result<Token<'_>, ConditionError> {
    let mut at = from;
    let (mut names, mut has_text) = (Vec::new(), false);
    loop {
        let rest = &source[at..];
        if rest.starts_with('"') {
            let (text, length) = text(source, at)?;
            if let Some(name) =
                source[from..at].strip_suffix(':').filter(|name| !name.is_empty() && !has_text)
            {
                return Ok(Token {
                    kind: Kind::Within(name, text),
                    at: from,
                    source: &source[from..at + length],
                });
            }
            names.push(text);
            has_text = true;
            at += length;
        } else {
            // A point before a quote joins; within a word it stays for those who read the word.
            let word = &rest[..rest.find(|c| !is_of_word(c)).unwrap_or(rest.len())];
            at += word.len();
            let before_quote = source[at..].starts_with('"').then(|| word.strip_suffix('.')).flatten();
            let joined = before_quote.unwrap_or(word);
            let joined = if names.is_empty() { joined } else { joined.strip_prefix('.').unwrap_or(joined) };
            names.extend(joined.split('.').filter(|_| !joined.is_empty()).map(str::to_owned));
        }
        let next = &source[at..];
        let goes_on = next.starts_with('"') || (has_text && next.starts_with('.'));
        if !goes_on {
            break;
        }
        if next.starts_with('"') && !source[..at].ends_with(['.', ':']) {
            return Err(ConditionError::at(
                source,
                at,
                "A text begins right behind a word. Put a blank between them.",
            ));
        }
    }
    let whole = &source[from..at];
    let kind = match names.pop() {
        Some(text) if has_text && names.is_empty() => Kind::Text(text),
        Some(last) if has_text => Kind::Names(names.into_iter().chain([last]).collect()),
        _ => Kind::Word(whole),
    };
    Ok(Token { kind, at: from, source: whole })
}

/// The text in quotes and its length with them, escapes as in JSON.
fn text(source: &str, at: usize) -> Result<(String, usize), ConditionError> {
    let rest = &source[at..];
    let mut is_escaped = false;
    let end = rest.char_indices().skip(1).find(|&(_, c)| {
        let ends = c == '"' && !is_escaped;
        is_escaped = c == '\\' && !is_escaped;
        ends
    });
    let Some((end, _)) = end else {
        return Err(ConditionError::at(source, at, "This text has no end. Close it with \"."));
    };
    let token = &rest[..=end];
    let text = serde_json::from_str(token).map_err(|_| {
        ConditionError::at(source, at, "A \\ in this text begins no escape. Write \\\\ for a \\ itself.")
    });
    text.map(|text| (text, token.len()))
}
