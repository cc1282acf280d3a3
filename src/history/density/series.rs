//! Where the events of one kind lie, by their order and by their times.

use super::cut::Cut;

/// The events of one kind.
#[derive(Debug, Default)]
pub(super) struct Series {
    /// Their indexes, in order.
    at: Vec<u32>,
    late: Late,
}

/// Those of them that were stored with an earlier time than one before them.
#[derive(Debug, Default)]
pub(super) struct Late {
    at: Vec<u32>,
    times: Runs,
}

/// Times in a few sorted runs, each more than twice as long as the next.
#[derive(Debug, Default)]
struct Runs(Vec<Vec<i64>>);

impl Series {
    pub fn push(&mut self, index: u32, late: Option<i64>) {
        self.at.push(index);
        if let Some(time) = late {
            self.late.push(index, time);
        }
    }

    pub fn len(&self) -> usize {
        self.at.len()
    }

    pub fn between(&self, from: Cut, to: Cut) -> usize {
        self.late.corrected(count(&self.at, from, to), from, to)
    }

    pub fn first_from(&self, index: usize) -> Option<usize> {
        self.at.get(place(&self.at, index)).map(|&at| at as usize)
    }

    pub fn last_before(&self, index: usize) -> Option<usize> {
        place(&self.at, index).checked_sub(1).map(|place| self.at[place] as usize)
    }
}

impl Late {
    pub fn push(&mut self, index: u32, time: i64) {
        self.at.push(index);
        self.times.push(time);
    }

    /// The count between two cuts of time: of those that their index puts there, the late ones are elsewhere.
    pub fn corrected(&self, by_index: usize, from: Cut, to: Cut) -> usize {
        match (from.time, to.time) {
            (Some(first), Some(end)) if !self.at.is_empty() => {
                by_index - count(&self.at, from, to) + self.times.between(first, end)
            }
            _ => by_index,
        }
    }
}

impl Runs {
    fn push(&mut self, time: i64) {
        match self.0.last_mut() {
            Some(run) if run.last().is_none_or(|&last| last <= time) => run.push(time),
            _ => self.0.push(vec![time]),
        }
        while let [.., longer, shorter] = &self.0[..]
            && longer.len() <= 2 * shorter.len()
            && let (Some(shorter), Some(longer)) = (self.0.pop(), self.0.pop())
        {
            self.0.push(merged(&longer, &shorter));
        }
    }

    fn between(&self, from: i64, to: i64) -> usize {
        let before = |run: &[i64], time| run.partition_point(|&at| at < time);
        self.0.iter().map(|run| before(run, to).saturating_sub(before(run, from))).sum()
    }
}

fn merged(a: &[i64], b: &[i64]) -> Vec<i64> {
    let mut all = Vec::with_capacity(a.len() + b.len());
    let (mut a, mut b) = (a.iter().peekable(), b.iter().peekable());
    while let (Some(first), Some(second)) = (a.peek(), b.peek()) {
        let next = if first <= second { a.next() } else { b.next() };
        all.extend(next);
    }
    all.extend(a.chain(b));
    all
}

fn place(at: &[u32], index: usize) -> usize {
    at.partition_point(|&known| (known as usize) < index)
}

fn count(at: &[u32], from: Cut, to: Cut) -> usize {
    place(at, to.index).saturating_sub(place(at, from.index))
}
