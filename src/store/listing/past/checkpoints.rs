//! Folds of a long stream that are kept, so that going back in it is quick; all of them within the room that there is.

use super::fold::Fold;

/// Fewest events between two.
const STEP: usize = 4096;

#[derive(Debug)]
pub struct Checkpoints {
    /// By how many events they took; with their bytes.
    kept: Vec<(Fold, usize)>,
    /// Doubled where there is no room.
    every: usize,
}

impl Default for Checkpoints {
    fn default() -> Self {
        Self { kept: Vec::new(), every: STEP }
    }
}

impl Checkpoints {
    /// Keeps the fold where it is far from the last one; `room` is what is left for those of all streams, in bytes.
    pub fn keep(&mut self, fold: &Fold, room: &mut usize) {
        let last = self.kept.last().map_or(0, |(last, _)| last.taken);
        if !fold.taken.is_multiple_of(STEP) || fold.taken < last + self.every || !fold.can_be_kept() {
            return;
        }
        let size = size_of::<(Fold, usize)>() + fold.stream.size();
        while size > *room && !self.kept.is_empty() {
            *room += self.thin_out();
        }
        if size <= *room {
            *room -= size;
            self.kept.push((fold.clone(), size));
        }
    }

    /// Lets go of every other one; the bytes that they took.
    fn thin_out(&mut self) -> usize {
        self.every *= 2;
        let (mut freed, mut keeps) = (0, true);
        self.kept.retain(|(_, size)| {
            keeps = !keeps;
            freed += if keeps { 0 } else { *size };
            keeps
        });
        freed
    }

    /// The one of the most events, but no more than these.
    pub fn nearest(&self, most: usize) -> Option<&Fold> {
        let after = self.kept.partition_point(|(fold, _)| fold.taken <= most);
        self.kept.get(after.checked_sub(1)?).map(|(fold, _)| fold)
    }
}
