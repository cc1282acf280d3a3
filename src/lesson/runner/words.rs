//! What cards and notes say.

use crate::aggregate::{Aggregate, State};
use crate::decision::{Append, Conflict, Declined, Expected, Since, StaleWrite};
use crate::lesson::outcome::{Card, CardKind, CardTone};
use crate::lesson::sentence::{Part, Sentence};
use crate::record::json::safe;
use crate::record::{Revision, number};
use std::sync::Arc;

pub fn card(kind: CardKind) -> Card {
    Card { kind, tone: CardTone::Plain, verdict: None, lines: Vec::new(), is_new: true, choice: None }
}

fn verdict(kind: CardKind, tone: CardTone, verdict: String, lines: Vec<Sentence>) -> Card {
    Card { tone, verdict: Some(verdict), lines, ..card(kind) }
}

/// The state in a few words: its status and the first column.
pub fn state(aggregate: &dyn Aggregate, state: &State) -> Sentence {
    let mut said = Sentence::default();
    let Some(fields) = aggregate.fields(state) else { return said.text("nothing yet") };
    if let Some(status) = aggregate.status(state) {
        said = said.status(status);
    }
    let columns = &aggregate.schema().columns;
    let first = columns.first().and_then(|column| {
        let leaves = crate::aggregate::leaves(&fields);
        leaves.iter().find(|(path, _)| **path == column.path).map(|(_, token)| number(token))
    });
    match first {
        Some(value) if said.0.is_empty() => said.code(&value),
        Some(value) => said.text(" ").code(&value),
        None => said,
    }
}

/// What a read found.
pub fn seen(aggregate: &dyn Aggregate, head: &State, at: Option<Revision>) -> Sentence {
    let Some(at) = at else { return "Saw no events: there is nothing yet.".into() };
    let mut said = Sentence::default().text("Saw revision ").code(&at).text(": ");
    said.0.extend(state(aggregate, head).0);
    said
}

/// `Anna read: saw revision 0: Unpaid 99.90.`
pub fn read_by(name: &str, seen: &Sentence) -> Sentence {
    let mut said = Sentence::default().text(format!("{name} read. "));
    said.0.extend(seen.0.iter().cloned());
    said.text(".")
}

/// Whether what was read is not so any more.
pub fn stale(by: Option<&str>) -> Part {
    Part::Stale(by.map_or_else(|| "stale by now".to_owned(), |by| format!("stale since {by} wrote")))
}

pub fn decided(label: &str, decided: &Result<Append, Declined>) -> Card {
    let kind = CardKind::Decide;
    let said = Sentence::default().text(format!("{} → ", safe(label)));
    match decided {
        Ok(append) => {
            let mut said = said;
            for (place, event) in append.events.iter().enumerate() {
                said = if place > 0 { said.text(", ") } else { said }.code(&event.event_type);
            }
            let line = expecting(said.text(", expecting "), append.expected);
            Card { lines: vec![line], ..card(kind) }
        }
        Err(why) => {
            let why = match why {
                Declined::Refused(refusal) => refusal.text.clone(),
                Declined::Tombstoned => "the stream never takes events again".to_owned(),
                Declined::Derived => "the stream belongs to a projection".to_owned(),
                Declined::Conflict { .. } => "the stream has changed".to_owned(),
            };
            let line = said.text(format!("{}. Nothing is to be appended.", safe(&why)));
            verdict(kind, CardTone::Refused, "refused by the rules".to_owned(), vec![line])
        }
    }
}

fn expecting(said: Sentence, expected: Expected) -> Sentence {
    match expected {
        Expected::Exact(revision) => said.text("exactly ").code(&revision),
        Expected::NoStream => said.text("no stream"),
        Expected::StreamExists => said.text("an existing stream"),
        Expected::Any => said.text("any revision"),
    }
}

pub fn decided_by(name: &str, card: &Card) -> Sentence {
    let decided = if card.tone == CardTone::Refused { "could not decide. " } else { "decided. " };
    let mut said = Sentence::default().text(format!("{name} {decided}"));
    said.0.extend(card.lines.iter().flat_map(|line| line.0.iter().cloned()));
    said.text(if card.tone == CardTone::Refused { "" } else { "." })
}

pub fn written(kind: CardKind, append: &Append, before: Option<Revision>, at: Revision) -> Card {
    let line = match append.expected {
        Expected::Exact(revision) => {
            Sentence::default().text("The stream was still at ").code(&revision).text(", as expected.")
        }
        Expected::NoStream => "There was no stream before, as expected.".into(),
        Expected::StreamExists => "The stream was there, as expected.".into(),
        Expected::Any => {
            let said = Sentence::default().text("Expected any revision, so nothing was checked");
            match before {
                Some(before) => said.text(": the stream was at ").code(&before).text("."),
                None => said.text("."),
            }
        }
    };
    verdict(kind, CardTone::Written, format!("written at revision {at}"), vec![line])
}

/// The server has this event already.
pub fn repeated(kind: CardKind, at: Revision) -> Card {
    let lines = vec![
        "The server knows this event id: it is the same event, not a second one.".into(),
        "It answers as it did the first time. Nothing was added.".into(),
    ];
    verdict(kind, CardTone::Written, format!("written at revision {at}"), lines)
}

pub fn lost(kind: CardKind, by: Option<&str>) -> Card {
    let by = by.unwrap_or("Whoever wrote it");
    let lines = vec![
        "The answer was lost on its way back.".into(),
        Sentence::default().text(format!("Written or not? {by} cannot know.")),
    ];
    verdict(kind, CardTone::Lost, "no answer".to_owned(), lines)
}

pub fn refused(kind: CardKind, stale: &StaleWrite, conflict: &Conflict) -> Card {
    let said = match stale.expected {
        Expected::Exact(revision) => Sentence::default().text("Expected ").code(&revision),
        other => expecting(Sentence::default().text("Expected "), other),
    };
    let said = match stale.actual {
        Some(actual) => said.text(", the stream is at ").code(&actual),
        None => said.text(", there is no stream"),
    };
    let mut lines = vec![said.text(". Nothing was written.")];
    lines.extend(conflict.since.iter().flatten().map(since));
    verdict(kind, CardTone::Refused, "refused: wrong expected revision".to_owned(), lines)
}

/// `Appended since: 1 OrderPaid → Paid: true`
fn since(event: &Since) -> Sentence {
    let said = Sentence::default().text("Appended since: ").code(&event.revision).text(" ");
    let said = said.code(&event.event_type).text(" → ");
    if event.changes.is_empty() {
        return said.text("state unchanged");
    }
    let change = |change: &crate::history::Change| {
        let value = change.after.as_ref().map_or_else(|| "gone".to_owned(), |token| number(token));
        format!("{}: {value}", safe(&change.field))
    };
    said.text(event.changes.iter().map(change).collect::<Vec<_>>().join(", "))
}

/// `Anna appended OrderPaid: written at revision 1.`
pub fn sent(by: Option<&str>, types: &[Arc<str>], card: &Card) -> Sentence {
    let types = types.iter().map(|name| safe(name)).collect::<Vec<_>>().join(", ");
    let outcome = card.verdict.as_deref().unwrap_or_default();
    let said = match (by, card.kind) {
        (Some(by), CardKind::AppendAgain) => {
            Sentence::default().text(format!("{by} sent ")).code(&types).text(" again")
        }
        (Some(by), _) => Sentence::default().text(format!("{by} sent ")).code(&types),
        (None, _) => Sentence::default().text("Appended ").code(&types),
    };
    said.text(format!(": {outcome}."))
}
