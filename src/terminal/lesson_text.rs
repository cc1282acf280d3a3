//! The steps of a lesson as text, and as JSON.

use crate::lesson::{Card, Folds, Outcome, Projected, Run, Shown, StreamLine, Tab, Viewed};
use crate::record::json::{json_line, one_line, safe};
use serde::Serialize;
use std::fmt::Write;

/// Characters of a value.
const VALUE: usize = 80;

/// The published shape of one step.
#[derive(Serialize)]
struct StepLine<'a> {
    step: usize,
    title: &'a str,
    text: &'a [String],
    stream: &'a str,
    events: Vec<EventLine<'a>>,
    cards: Vec<CardLine<'a>>,
    notes: Vec<String>,
}

#[derive(Serialize)]
struct EventLine<'a> {
    /// `null` where the event was never written.
    revision: Option<u64>,
    r#type: &'a str,
    by: Option<&'a str>,
    problem: Option<&'a str>,
}

/// What a writer did in the step.
#[derive(Serialize)]
struct CardLine<'a> {
    writer: &'a str,
    did: &'a str,
    outcome: Option<&'a str>,
    lines: Vec<String>,
}

pub fn json(run: &Run) -> String {
    let (Some(outcome), Some(step)) = (run.outcome(), run.steps().get(run.at())) else {
        return String::new();
    };
    let events = outcome.lines.iter().map(|line| EventLine {
        revision: line.revision.map(|revision| revision.0),
        r#type: &line.event_type,
        by: line.by.as_deref(),
        problem: line.problem.as_deref(),
    });
    let cards = new_cards(outcome).map(|(writer, card)| CardLine {
        writer,
        did: card.kind.title(),
        outcome: card.verdict.as_deref(),
        lines: card.lines.iter().map(ToString::to_string).collect(),
    });
    json_line(&StepLine {
        step: run.at() + 1,
        title: &step.title,
        text: &step.lines,
        stream: outcome.stream.as_str(),
        events: events.collect(),
        cards: cards.collect(),
        notes: outcome.notes.iter().map(ToString::to_string).collect(),
    })
}

fn new_cards(outcome: &Outcome) -> impl Iterator<Item = (&str, &Card)> {
    let cards = outcome.columns.iter().map(|column| (&*column.writer, &column.cards));
    cards.flat_map(|(writer, cards)| cards.iter().filter(|card| card.is_new).map(move |card| (writer, card)))
}

pub fn head(run: &Run) -> String {
    format!("{}\n{}\n", run.lesson().title, run.about())
}

pub fn end(run: &Run) -> String {
    format!("\nTry it in the window: {}\n", run.try_it())
}

/// Whether the step that is shown lets a person choose, and nothing was chosen.
pub fn can_choose(run: &Run) -> bool {
    let lets = run.lesson().steps.get(run.at()).is_some_and(|step| step.choice().is_some());
    lets && run.choices().at(run.at()).is_none()
}

pub fn prompt(run: &Run) -> String {
    let next = match (run.failure(), run.is_last()) {
        (Some(_), _) => "try again",
        (None, true) => "end",
        (None, false) => "next",
    };
    let choice = if can_choose(run) { ", a with any revision expected" } else { "" };
    format!("\nEnter {next}, b back{choice}, q quit: ")
}

pub fn step(run: &Run) -> String {
    let (Some(outcome), Some(step)) = (run.outcome(), run.steps().get(run.at())) else {
        return String::new();
    };
    let mut out = Lines(String::new());
    out.line("");
    out.line(&format!("Step {} of {}: {}", run.at() + 1, run.steps().len(), step.title));
    step.lines.iter().for_each(|line| out.line(&format!("  {line}")));
    out.line("");
    if outcome.columns.is_empty() {
        outcome.notes.iter().for_each(|note| out.line(&format!("  {note}")));
    }
    for (writer, card) in new_cards(outcome) {
        let verdict = card.verdict.as_ref().map(|verdict| format!(": {verdict}")).unwrap_or_default();
        out.line(&format!("  {writer}: {}{verdict}", card.kind.title()));
        card.lines.iter().for_each(|line| out.line(&format!("    {line}")));
    }
    out.line(&format!("  Stream {}", safe(outcome.stream.as_str())));
    outcome.lines.iter().for_each(|line| out.event(line));
    match &outcome.shown {
        Shown::Writers => {}
        Shown::Window(viewed) => out.viewed(viewed),
        Shown::Projection(projected) => out.projected(projected),
        Shown::Folds(folds) => out.folds(folds),
    }
    out.0
}

struct Lines(String);

impl Lines {
    fn line(&mut self, text: &str) {
        let written = writeln!(self.0, "{text}");
        debug_assert!(written.is_ok());
    }

    fn event(&mut self, event: &StreamLine) {
        let by = event.by.as_ref().map(|by| format!("  by {}", safe(by))).unwrap_or_default();
        let name = safe(&event.event_type);
        match event.revision {
            Some(revision) => self.line(&format!("    {revision}  {name}{by}")),
            None => self.line(&format!("    ✗  {name}{by}, never written")),
        }
        if let Some(problem) = &event.problem {
            self.line(&format!("       Problem: {}", safe(problem)));
        }
    }

    fn viewed(&mut self, viewed: &Viewed) {
        let at =
            viewed.revision.map_or_else(|| "before any event".to_owned(), |at| format!("at revision {at}"));
        if viewed.tab == Tab::Event {
            return self.line(&format!("  Event {at}: {}", viewed.data));
        }
        let Some(fields) = &viewed.fields else { return self.line(&format!("  State {at}: none")) };
        let leaves = crate::aggregate::leaves(fields);
        let value = |token: &str| one_line(token.as_bytes(), VALUE);
        let fields: Vec<_> =
            leaves.iter().map(|(path, token)| format!("{} {}", safe(path), value(token))).collect();
        self.line(&format!("  State {at}: {}", fields.join(", ")));
        let changed: Vec<_> = viewed.changes.iter().map(|change| safe(&change.field)).collect();
        if viewed.tab == Tab::Changes && !changed.is_empty() {
            self.line(&format!("  Changed by this event: {}", changed.join(", ")));
        }
    }

    fn projected(&mut self, projected: &Projected) {
        let state = if projected.is_running { "runs" } else { "is stopped" };
        self.line(&format!(
            "  {} {state}. Its stream {} has of it",
            projected.projection,
            safe(projected.stream.as_str())
        ));
        projected.lines.iter().for_each(|line| self.event(line));
        if projected.missing > 0 {
            self.line(&format!("    {} missing", projected.missing));
        }
        self.line(&format!("  State by the stream: {}", projected.real));
        self.line(&format!("  State by {}: {}", safe(projected.stream.as_str()), projected.known));
    }

    fn folds(&mut self, folds: &Folds) {
        for field in &folds.fields {
            let value = |token: &Option<std::sync::Arc<str>>| {
                token.as_ref().map_or_else(|| "none".to_owned(), |token| one_line(token.as_bytes(), VALUE))
            };
            let (left, right) = (value(&field.left), value(&field.right));
            self.line(&format!(
                "  {}: {left} by {}, {right} by {}",
                safe(&field.path),
                folds.left.name,
                folds.right.name
            ));
        }
        match folds.first_difference {
            Some(revision) => self.line(&format!("  They differ from revision {revision} on.")),
            None => self.line("  They do not differ."),
        }
    }
}
