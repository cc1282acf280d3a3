//! Filters of `$all`: decided once for each stream name or event type.

use super::dotnet;
use crate::node::log::{
    derived::Derived,
    index::{Entry, Index},
};
use fancy_regex::Regex;

/// Steps a regular expression may take for one value.
const BACKTRACKING: usize = 100_000;

pub enum Filter {
    Everything,
    Streams(Pattern),
    Types(Pattern),
}

pub enum Pattern {
    Regex(Box<Regex>),
    Prefixes(Vec<String>),
}

impl Pattern {
    /// A regular expression, where there is one, is used alone.
    pub fn new(regex: &str, prefixes: Vec<String>) -> Result<Pattern, String> {
        if regex.is_empty() {
            return Ok(Pattern::Prefixes(prefixes));
        }
        let pattern = dotnet::translated(regex).ok_or("it is no regular expression of .NET")?;
        let built = fancy_regex::RegexBuilder::new(&pattern).backtrack_limit(BACKTRACKING).build();
        built.map(|r| Pattern::Regex(Box::new(r))).map_err(|e| e.to_string())
    }

    fn matches(&self, value: &str) -> Result<bool, Box<fancy_regex::Error>> {
        match self {
            Pattern::Regex(regex) => regex.is_match(value).map_err(Box::new),
            Pattern::Prefixes(prefixes) => Ok(prefixes.iter().any(|p| value.starts_with(p.as_str()))),
        }
    }
}

/// A filter with what it decided so far.
pub struct Matcher {
    filter: Filter,
    known: Vec<Option<bool>>,
    /// Of links, by the stream that they are in.
    links: Vec<Option<bool>>,
}

impl Matcher {
    pub fn new(filter: Filter) -> Matcher {
        Matcher { filter, known: Vec::new(), links: Vec::new() }
    }

    pub fn matches(&mut self, index: &Index, entry: Entry) -> Result<bool, Box<fancy_regex::Error>> {
        let (pattern, id, value) = match &self.filter {
            Filter::Everything => return Ok(true),
            Filter::Streams(p) => (p, entry.stream, index.stream(entry.stream).map(|s| &*s.name)),
            Filter::Types(p) => (p, entry.kind, index.types.get(entry.kind as usize).map(|t| &**t)),
        };
        decide(&mut self.known, id, || pattern.matches(value.unwrap_or_default()))
    }

    /// Whether any link may pass: the names of their streams and types begin with `$`.
    pub fn wants_links(&self) -> bool {
        match &self.filter {
            Filter::Streams(Pattern::Prefixes(prefixes)) | Filter::Types(Pattern::Prefixes(prefixes)) => {
                prefixes.iter().any(|prefix| prefix.is_empty() || prefix.starts_with('$'))
            }
            Filter::Everything | Filter::Streams(Pattern::Regex(_)) | Filter::Types(Pattern::Regex(_)) => {
                true
            }
        }
    }

    /// A link is in the stream of a projection, whatever it leads to.
    pub fn matches_link(&mut self, derived: &Derived, stream: u32) -> Result<bool, Box<fancy_regex::Error>> {
        let links = derived.stream(stream);
        let (pattern, value) = match &self.filter {
            Filter::Everything => return Ok(true),
            Filter::Streams(pattern) => (pattern, links.map_or("", |links| &*links.name)),
            Filter::Types(pattern) => (pattern, links.map_or("", |links| links.projection.link_type())),
        };
        decide(&mut self.links, stream, || pattern.matches(value))
    }
}

fn decide<E>(
    known: &mut Vec<Option<bool>>,
    id: u32,
    matches: impl FnOnce() -> Result<bool, E>,
) -> Result<bool, E> {
    let id = id as usize;
    if let Some(known) = known.get(id).copied().flatten() {
        return Ok(known);
    }
    let decided = matches()?;
    if known.len() <= id {
        known.resize(id + 1, None);
    }
    known[id] = Some(decided);
    Ok(decided)
}
