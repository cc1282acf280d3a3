//! What the filter looks at of each row, in lower case and in one buffer, so that a word is found by one pass over it.

use crate::store::{StreamRow, has_word_beginning, status_text};
use memchr::memmem::Finder;

/// Bytes of replaced texts that are kept before the buffer is made anew, where they are most of it.
const WASTE: usize = 1 << 20;

#[derive(Debug, Default)]
pub struct RowTexts {
    /// Texts of rows one after another, those that were replaced too.
    buffer: String,
    /// Where the text of each row is.
    places: Vec<Place>,
    /// Where each text in the buffer begins, and its row.
    begins: Vec<(usize, u32)>,
    wasted: usize,
    /// A text while it is made.
    made: String,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Place {
    from: usize,
    to: usize,
    /// Where its stream's id begins, from the text's beginning.
    id: usize,
    /// Where its status begins, which is the last part, from the text's beginning.
    status: usize,
}

impl RowTexts {
    pub fn clear(&mut self) {
        *self = Self::default();
    }

    /// Takes the text of a row: one that is known, or the next one.
    pub fn set(&mut self, row: u32, of: &StreamRow) {
        let mut made = std::mem::take(&mut self.made);
        made.clear();
        push_lower(&mut made, of.stream.as_str());
        of.cells.iter().for_each(|cell| push_lower(&mut made, &cell.text));
        let status = made.len();
        push_lower(&mut made, &status_text(of));
        let known = self.places.get(row as usize).is_some_and(|place| place.status == status);
        if !known || self.text(row) != made {
            self.put(row, &made, status);
        }
        self.made = made;
    }

    fn put(&mut self, row: u32, text: &str, status: usize) {
        let at = row as usize;
        if at >= self.places.len() {
            self.places.resize(at + 1, Place::default());
        }
        let from = self.buffer.len();
        self.buffer.push_str(text);
        self.begins.push((from, row));
        let id = id_at(text);
        let before =
            std::mem::replace(&mut self.places[at], Place { from, to: self.buffer.len(), id, status });
        self.wasted += before.to - before.from;
        if self.wasted > WASTE && self.wasted * 2 > self.buffer.len() {
            self.compact();
        }
    }

    fn compact(&mut self) {
        let mut buffer = String::with_capacity(self.buffer.len() - self.wasted);
        self.begins.clear();
        for (row, place) in (0..).zip(&mut self.places) {
            let from = buffer.len();
            buffer.push_str(&self.buffer[place.from..place.to]);
            *place = Place { from, to: buffer.len(), ..*place };
            self.begins.push((from, row));
        }
        (self.buffer, self.wasted) = (buffer, 0);
    }

    fn text(&self, row: u32) -> &str {
        let place = self.places.get(row as usize).copied().unwrap_or_default();
        &self.buffer[place.from..place.to]
    }

    /// The name of the row's stream.
    pub fn name(&self, row: u32) -> &str {
        let text = self.text(row);
        memchr::memchr(b'\n', text.as_bytes()).map_or(text, |end| &text[..end])
    }

    /// The id of the row's stream.
    pub fn id(&self, row: u32) -> &str {
        let id = self.places.get(row as usize).map_or(0, |place| place.id);
        &self.name(row)[id..]
    }

    /// The first rows whose stream's name, or its id, begins with the text, which is in lower case.
    pub fn rows_starting(&self, low: &str, most: usize) -> Vec<u32> {
        let rows = (0..).zip(&self.places);
        let starts = rows.filter(|(_, place)| {
            let text = &self.buffer[place.from..place.to];
            text.starts_with(low) || text[place.id..].starts_with(low)
        });
        starts.map(|(row, _)| row).take(most).collect()
    }

    /// Whether the row's text holds the word, which is in lower case; its status where one of its words begins.
    pub fn has(&self, row: u32, word: &Word) -> bool {
        word.finder.find(self.text(row).as_bytes()).is_some_and(|at| self.is_hit(row, word, at))
    }

    /// Whether the first place of the word in the row's text counts.
    fn is_hit(&self, row: u32, word: &Word, at: usize) -> bool {
        let status = self.places.get(row as usize).map_or(0, |place| place.status);
        at < status || has_word_beginning(&self.text(row)[status..], word.text())
    }

    /// The rows that hold the word, each once, by one pass over all texts.
    pub fn rows_with(&self, word: &Word) -> Vec<u32> {
        let (buffer, mut found) = (self.buffer.as_bytes(), Vec::new());
        let (mut from, mut text) = (0, 0);
        while let Some(at) = word.finder.find(&buffer[from..]).map(|at| from + at) {
            // Most are in one of the next texts.
            let near = self.begins[text..].iter().take(8).take_while(|(begin, _)| *begin <= at).count();
            text =
                if near < 8 { text + near } else { self.begins.partition_point(|(begin, _)| *begin <= at) };
            text -= 1;
            let (begin, row) = self.begins[text];
            if self.places[row as usize].from == begin && self.is_hit(row, word, at - begin) {
                found.push(row);
            }
            text += 1;
            let Some((next, _)) = self.begins.get(text) else { break };
            from = *next;
        }
        found
    }
}

/// A word of the filter in lower case, ready to be looked for.
#[derive(Debug)]
pub struct Word {
    text: String,
    finder: Finder<'static>,
}

impl Word {
    pub fn new(word: &str) -> Self {
        // Texts are kept one to a line.
        let text = word.to_lowercase().replace('\n', " ");
        Self { finder: Finder::new(text.as_bytes()).into_owned(), text }
    }

    fn text(&self) -> &str {
        &self.text
    }

    /// Whether every text with this word has the other one, too.
    pub fn implies(&self, other: &Self) -> bool {
        self.text.starts_with(&other.text)
    }
}

/// Where the id begins in a text that begins with a stream's name: behind its category, or at once.
fn id_at(text: &str) -> usize {
    let dash = memchr::memchr2(b'-', b'\n', text.as_bytes());
    let dash = dash.filter(|&at| at > 0 && text.as_bytes()[at] == b'-' && !text.starts_with('$'));
    dash.map_or(0, |dash| dash + 1)
}

/// Each part is one line, so that no text is found across two.
fn push_lower(out: &mut String, text: &str) {
    if text.is_ascii() && memchr::memchr(b'\n', text.as_bytes()).is_none() {
        let from = out.len();
        out.push_str(text);
        out[from..].make_ascii_lowercase();
    } else {
        out.push_str(&text.to_lowercase().replace('\n', " "));
    }
    out.push('\n');
}
