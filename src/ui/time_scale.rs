//! Where the events of a history lie on the track of the time panel, and the times written below it.

use crate::record::Created;
use crate::store::Ticket;
use jiff::tz::TimeZone;

/// Places on the track that get a label.
const PARTS: [f64; 5] = [0.0, 0.25, 0.5, 0.75, 1.0];

/// The times of one history, kept between frames; a clock may have gone backwards in it.
#[derive(Debug, Default)]
pub struct Times {
    of: Option<Ticket>,
    stored: Vec<i64>,
    /// For each record the earliest time from it on: in order even where the times are not.
    earliest_from: Vec<i64>,
    first: i64,
    last: i64,
    went_back: bool,
}

impl Times {
    /// Takes in the records that came since the last frame.
    pub fn update(&mut self, ticket: Ticket, len: usize, created: impl Fn(usize) -> Option<Created>) {
        if self.of != Some(ticket) || len < self.stored.len() {
            *self = Self { of: Some(ticket), first: i64::MAX, last: i64::MIN, ..Self::default() };
        }
        let known = self.stored.len();
        for Created(at) in (known..len).filter_map(created) {
            self.went_back |= at < self.last;
            self.first = self.first.min(at);
            self.last = self.last.max(at);
            self.stored.push(at);
            self.earliest_from.push(at);
        }
        let mut earliest = i64::MAX;
        for index in (0..self.stored.len()).rev() {
            earliest = earliest.min(self.earliest_from[index]);
            if index < known && self.earliest_from[index] <= earliest {
                return;
            }
            self.earliest_from[index] = earliest;
        }
    }
}

/// Places of events, from 0 to 1: by their order or by their times.
pub struct TimeScale<'a> {
    times: &'a Times,
    by_time: bool,
    span: i64,
}

impl<'a> TimeScale<'a> {
    pub fn new(times: &'a Times, by_time: bool) -> Self {
        let span = times.last.saturating_sub(times.first);
        Self { times, by_time: by_time && span > 0, span }
    }

    #[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, reason = "a place on screen")]
    pub fn place(&self, index: usize) -> f32 {
        if self.by_time {
            let at = self.times.stored.get(index).map_or(0, |at| at.saturating_sub(self.times.first));
            return (at as f64 / self.span as f64) as f32;
        }
        let last = self.times.stored.len().saturating_sub(1).max(1);
        (index as f64 / last as f64) as f32
    }

    #[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, reason = "a place on screen")]
    fn time(&self, place: f64) -> i64 {
        self.times.first.saturating_add((place * self.span as f64).round() as i64)
    }

    /// The last event, in the order of the stream, at or before a place.
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a place on screen"
    )]
    pub fn index(&self, place: f64) -> usize {
        let last = self.times.stored.len().saturating_sub(1);
        if self.by_time {
            let time = self.time(place);
            let after = self.times.earliest_from.partition_point(|&earliest| earliest <= time);
            return after.saturating_sub(1).min(last);
        }
        ((place * last as f64).round() as usize).min(last)
    }

    /// Visits the first event of each of so many columns of the track.
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a place on screen"
    )]
    pub fn columns(&self, columns: usize, mut visit: impl FnMut(usize)) {
        let (length, columns) = (self.times.stored.len(), columns.max(1));
        let column = |index: usize| (f64::from(self.place(index)) * columns as f64) as usize;
        if self.by_time && self.times.went_back {
            let mut taken = vec![false; columns + 1];
            for index in 0..length {
                if !std::mem::replace(&mut taken[column(index).min(columns)], true) {
                    visit(index);
                }
            }
            return;
        }
        let mut index = 0;
        while index < length {
            visit(index);
            let next = (column(index) + 1) as f64 / columns as f64;
            let from = if self.by_time {
                let time = self.times.first.saturating_add((next * self.span as f64).ceil() as i64);
                self.times.stored.partition_point(|&at| at < time)
            } else {
                (next * (length - 1) as f64).ceil() as usize
            };
            index = from.max(index + 1);
        }
    }

    /// Places with the time of each, as short as tells them apart; none twice.
    pub fn labels(&self, zone: &TimeZone) -> Vec<(f32, String)> {
        if self.times.stored.is_empty() {
            return Vec::new();
        }
        let mut places: Vec<(f32, Created)> = PARTS.iter().map(|&part| self.labelled(part)).collect();
        places.dedup();
        let dates: Vec<String> = places.iter().map(|(_, at)| at.date_time(zone)).collect();
        let one_day = dates.iter().all(|date| date.get(..10) == dates[0].get(..10));
        // Of `2026-03-01 14:05:02.910`.
        let cuts = if one_day { [11..19, 11..23] } else { [0..16, 0..19] };
        let cut = |cut: std::ops::Range<usize>| -> Vec<(f32, String)> {
            let text = |date: &String| date.get(cut.clone()).unwrap_or(date).to_owned();
            let mut labels: Vec<_> = places.iter().map(|p| p.0).zip(dates.iter().map(text)).collect();
            let mut shown = std::collections::HashSet::new();
            labels.retain(|(_, text)| shown.insert(text.clone()));
            labels
        };
        let [short, long] = cuts.map(cut);
        if short.len() == places.len() { short } else { long }
    }

    /// The place of the label at a part of the track, and the time that it stands for.
    #[expect(clippy::cast_possible_truncation, reason = "a place on screen")]
    fn labelled(&self, part: f64) -> (f32, Created) {
        if self.by_time {
            return (part as f32, Created(self.time(part)));
        }
        let index = self.index(part);
        (self.place(index), Created(self.times.stored.get(index).copied().unwrap_or_default()))
    }
}
