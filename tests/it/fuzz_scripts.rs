//! Fuzz targets for definitions: what a file says, and what a handler does.

use crate::scripts::hostile::{definition, meets};
use crate::scripts::{record, script};
use bolero::check;
use hindsight::aggregate::script::{Definition, Folds, Limits, ScriptAggregate, arrivals};
use hindsight::aggregate::{Aggregate, FaultKind};
use hindsight::record::StreamName;

/// Each input has an engine of its own.
const RANDOM: usize = 200;

#[test]
fn handler() {
    check!().with_iterations(RANDOM).for_each(|bytes: &[u8]| {
        let body = String::from_utf8_lossy(bytes);
        // One that closes the braces around it defines something else.
        if let Ok(aggregate) = ScriptAggregate::new(script(&definition(&body)), Limits::default()) {
            match meets(&aggregate) {
                Ok(_) => {}
                Err(why) => assert!(body.contains('}'), "{why}"),
            }
        }
    });
}

/// As a whole file: it is a fault, or its folds and commands answer.
#[test]
fn file() {
    check!().with_iterations(RANDOM).for_each(|bytes: &[u8]| {
        let text = String::from_utf8_lossy(bytes);
        let log = ["account-1", "account-2", "account-1"];
        let log = log.iter().zip(0..).map(|(stream, revision)| record(stream, revision, "X", "{}"));
        let log: Vec<_> = log.collect();
        let definition = match Definition::read(script(&text)) {
            Ok(definition) => definition,
            Err(fault) => return assert!(!fault.message.is_empty() && fault.kind != FaultKind::Thrown),
        };
        match definition.folds() {
            Folds::Streams(_, aggregate) => {
                let mut state = aggregate.initial(&StreamName::new("account-1"));
                for record in &log {
                    aggregate.apply(&mut state, record.into(), &mut Vec::new());
                    aggregate.output(&state, record.into());
                }
                aggregate.status(&state);
                for form in &aggregate.schema().commands {
                    let texts = vec!["7"; form.fields.len()];
                    if let Ok(command) = aggregate.command(form, &texts, "fresh") {
                        drop(aggregate.decide(&state, &command));
                    }
                }
            }
            Folds::Partitions(program) => {
                let mut projection = definition.projection().unwrap();
                drop(projection.run(&arrivals(program, &log), |_| {}));
            }
        }
    });
}
