//! The outcome of a step: the stream, the cards and what is shown beside them, as they stand now.

use super::{Runner, words};
use crate::aggregate::Field;
use crate::history::{Comparison, Mark, Replay, Timeline, compare_states};
use crate::lesson::model::{Act, Fold, Show, Step, Tab};
use crate::lesson::outcome::{
    CardKind, Column, FoldState, Folds, Outcome, Projected, Shown, StreamLine, Viewed,
};
use crate::lesson::reading::BY_CATEGORY;
use crate::lesson::run::Why;
use crate::record::json::one_line;
use crate::record::{Record, Revision, StreamName};
use crate::store::Session;
use std::collections::HashSet;
use std::sync::Arc;

/// Links of a category that are looked at, the newest: the lesson's are among them.
const LINKS: usize = 1_000;
/// Characters of an event's data.
const DATA: usize = 400;

impl Runner {
    pub(super) async fn outcome(&self, session: &Session, step: &Step) -> Result<Outcome, Why> {
        let stream = match step.show {
            Show::Writers { stream }
            | Show::Window { stream, .. }
            | Show::Projection { stream }
            | Show::Folds { stream, .. } => stream,
        };
        let timeline = self.timeline(session, stream).await?;
        let lines = self.lines(&timeline);
        let shown = match step.show {
            Show::Writers { .. } => Shown::Writers,
            Show::Window { revision, tab, .. } => {
                Shown::Window(viewed(&timeline, self.stream(stream), revision, tab))
            }
            Show::Projection { .. } => {
                Shown::Projection(self.projected(session, stream, &timeline, &lines).await?)
            }
            Show::Folds { left, right, .. } => {
                match (self.lesson.folds.get(left), self.lesson.folds.get(right)) {
                    (Some(left), Some(right)) => {
                        Shown::Folds(folds(&timeline, &self.stream(stream), left, right))
                    }
                    _ => Shown::Writers,
                }
            }
        };
        let columns = self.lesson.writers.iter().enumerate().map(|(writer, name)| Column {
            writer: name.clone(),
            cards: self.cards.column((writer, stream, self.step), name, &timeline, &self.authors),
            next: self.next(writer),
        });
        let columns = columns.collect();
        let mut lines = lines;
        lines.extend(self.ghosts(&self.stream(stream), &timeline));
        Ok(Outcome { notes: self.notes.clone(), columns, stream: self.stream(stream), lines, shown })
    }

    /// What the writer does first in the next step.
    fn next(&self, writer: usize) -> Option<CardKind> {
        let step = self.lesson.steps.get(self.step + 1)?;
        step.acts.iter().find_map(|act| match act {
            Act::Read { writer: of, stream } if *of == writer => Some(self.cards.next_read(writer, *stream)),
            Act::Decide { writer: of, .. } if *of == writer => Some(CardKind::Decide),
            Act::Send(send) if send.writer == writer => Some(CardKind::Append),
            _ => None,
        })
    }

    fn lines(&self, timeline: &Timeline) -> Vec<StreamLine> {
        let line = |(index, record): (usize, crate::record::RecordRef<'_>)| StreamLine {
            revision: Some(record.revision),
            event_type: record.event_type.clone(),
            tone: timeline.aggregate().schema().event_tone(record.event_type),
            by: self.authors.get(&record.id).cloned(),
            mark: timeline.mark(index).unwrap_or(Mark::Folded),
            problem: timeline.problem_text(index),
            is_new: self.fresh.contains(&record.id),
        };
        timeline.records_from(0).map(line).collect()
    }

    /// What was refused and is not in the stream by another way.
    fn ghosts(&self, stream: &StreamName, timeline: &Timeline) -> Vec<StreamLine> {
        let there: HashSet<_> = timeline.records_from(0).map(|(_, record)| record.id).collect();
        let refused =
            self.refused.iter().filter(|refused| refused.stream == *stream && !there.contains(&refused.id));
        let line = |refused: &super::Refused| StreamLine {
            revision: None,
            event_type: refused.event_type.clone(),
            tone: None,
            by: refused.by.clone(),
            mark: Mark::NotFolded,
            problem: None,
            is_new: false,
        };
        refused.map(line).collect()
    }

    async fn projected(
        &self,
        session: &Session,
        place: usize,
        timeline: &Timeline,
        lines: &[StreamLine],
    ) -> Result<Projected, Why> {
        let name = self.stream(place);
        let category = StreamName::new(&format!("$ce-{}", name.category().unwrap_or_default()));
        let newest = session.newest(&category, LINKS).await?;
        let present: HashSet<Revision> = newest.iter().filter_map(|link| linked(link, &name)).collect();
        let has = |line: &&StreamLine| line.revision.is_some_and(|revision| present.contains(&revision));
        let mut replay = Replay::new(timeline.aggregate().clone(), name);
        for (_, record) in timeline.records_from(0).filter(|(_, record)| present.contains(&record.revision)) {
            replay.apply(record, &mut Vec::new());
        }
        let aggregate = &**timeline.aggregate();
        Ok(Projected {
            projection: BY_CATEGORY.into(),
            is_running: session.is_projection_running(BY_CATEGORY).await?,
            stream: category,
            lines: lines.iter().filter(has).cloned().collect(),
            missing: lines.iter().filter(|line| !has(line)).count() as u64,
            known: words::state(aggregate, replay.state()),
            real: words::state(aggregate, timeline.head()),
        })
    }
}

/// The revision that a link leads to, where it leads into the stream: its data are `0@order-1`.
fn linked(link: &Record, stream: &StreamName) -> Option<Revision> {
    let (revision, of) = std::str::from_utf8(&link.data).ok()?.split_once('@')?;
    (of == stream.as_str()).then_some(())?;
    revision.parse().ok().map(Revision)
}

fn viewed(timeline: &Timeline, stream: StreamName, revision: Option<u64>, tab: Tab) -> Viewed {
    let index = match revision {
        Some(revision) => timeline.index_at(Revision(revision)),
        None => timeline.len().checked_sub(1),
    };
    let frame = timeline.frame(index);
    Viewed {
        stream,
        revision: frame.record().map(|record| record.revision),
        tab,
        data: frame.record().map(|record| one_line(record.data, DATA)).unwrap_or_default(),
        status: timeline.aggregate().status(&frame.after),
        fields: frame.fields,
        changes: frame.changes,
    }
}

fn folds(timeline: &Timeline, stream: &StreamName, left: &Fold, right: &Fold) -> Folds {
    let mut both = Comparison::new(left.aggregate.clone(), right.aggregate.clone(), stream);
    let fields = |fold: &Fold| -> Vec<Field> {
        let mut replay = Replay::new(fold.aggregate.clone(), stream.clone());
        for (_, record) in timeline.records_from(0) {
            replay.apply(record, &mut Vec::new());
        }
        fold.aggregate.fields(replay.state()).unwrap_or_default()
    };
    for (_, record) in timeline.records_from(0) {
        both.apply(record, &mut Vec::new());
    }
    let (of_left, of_right) = (fields(left), fields(right));
    let state = |fold: &Fold, fields: Vec<Field>| FoldState {
        name: Arc::clone(&fold.name),
        text: fold.text.clone(),
        fields,
    };
    Folds {
        fields: compare_states(&of_left, &of_right),
        first_difference: both.difference().map(|difference| difference.first),
        left: state(left, of_left),
        right: state(right, of_right),
    }
}
