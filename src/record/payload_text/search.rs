//! Where a payload shows a text, in any case.

use super::work::{CHECKED, Wanted, short};
use fancy_regex::RegexBuilder;
use std::ops::Range;

/// Most hits that are kept; there may be more.
const MOST: usize = 100_000;

/// What was found, in the order of the payload.
#[derive(Debug, Default)]
pub struct Found {
    pub sought: String,
    /// Places in the text, or in the bytes.
    pub hits: Vec<Range<u32>>,
    /// More are there.
    pub is_cut: bool,
}

impl Found {
    fn add(&mut self, hit: Range<usize>) -> bool {
        self.is_cut = self.hits.len() == MOST;
        if !self.is_cut {
            self.hits.push(short(hit.start)..short(hit.end));
        }
        !self.is_cut
    }
}

pub fn in_text(text: &str, sought: &str, wanted: Wanted<'_>) -> Option<Found> {
    let mut found = Found { sought: sought.to_owned(), ..Found::default() };
    let pattern = RegexBuilder::new(&fancy_regex::escape(sought)).case_insensitive(true).build();
    let Some(pattern) = pattern.ok().filter(|_| !sought.is_empty()) else { return Some(found) };
    for hit in pattern.find_iter(text).map_while(Result::ok) {
        if !found.add(hit.start()..hit.end()) {
            break;
        }
        if found.hits.len().is_multiple_of(1_000) {
            wanted().then_some(())?;
        }
    }
    Some(found)
}

/// As text, or as pairs of digits with or without spaces.
pub fn in_bytes(bytes: &[u8], sought: &str, wanted: Wanted<'_>) -> Option<Found> {
    let mut found = Found { sought: sought.to_owned(), ..Found::default() };
    let (text, digits) = (sought.as_bytes(), from_digits(sought));
    if text.is_empty() {
        return Some(found);
    }
    let mut at = 0;
    while at < bytes.len() {
        if at % CHECKED == 0 {
            wanted().then_some(())?;
        }
        let rest = &bytes[at..];
        let is_text = rest.get(..text.len()).is_some_and(|part| part.eq_ignore_ascii_case(text));
        let is_digits = digits.as_ref().is_some_and(|digits| rest.starts_with(digits));
        let length = match (is_digits, is_text) {
            (true, _) => digits.as_ref().map_or(1, Vec::len),
            (false, true) => text.len(),
            (false, false) => {
                at += 1;
                continue;
            }
        };
        if !found.add(at..at + length) {
            break;
        }
        at += length;
    }
    Some(found)
}

fn from_digits(text: &str) -> Option<Vec<u8>> {
    let digits: Vec<char> = text.chars().filter(|c| *c != ' ').collect();
    let pair = |pair: &[char]| match pair {
        [high, low] => u8::try_from(high.to_digit(16)? * 16 + low.to_digit(16)?).ok(),
        _ => None,
    };
    digits.chunks(2).map(pair).collect::<Option<Vec<u8>>>().filter(|bytes| !bytes.is_empty())
}
