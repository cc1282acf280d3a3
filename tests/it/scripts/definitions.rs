//! Sets of definition files, and the registry that is made of them.

use super::{accounts::TEXT, record};
use hindsight::aggregate::script::{Definition, Definitions, Folds, Scope, Script};
use hindsight::aggregate::{Aggregate, Applied, FaultKind, Registry};
use hindsight::history::Replay;
use hindsight::record::StreamName;
use std::sync::Arc;

fn file(name: &str, text: &str) -> Script {
    Script { file: name.into(), text: text.into() }
}

fn counter(of: &str, field: &str) -> String {
    format!("{of}.when({{ $any(s) {{ s.{field} = (s.{field} ?? 0) + 1; }} }})")
}

/// The only field after one event of the stream.
fn counted_by(registry: &Registry, stream: &str) -> String {
    let name = StreamName::new(stream);
    let mut replay = Replay::new(registry.for_stream(&name).clone(), name);
    replay.apply(&record(stream, 0, "Noted", r#"{"generic":1}"#), &mut Vec::new());
    let fields = replay.aggregate().fields(replay.state()).unwrap_or_default();
    fields.first().map_or_else(String::new, |field| field.name.to_string())
}

#[test]
fn the_closest_definition_counts() {
    let files = [
        file("all.js", &counter("fromAll().foreachStream()", "all")),
        file("category.js", &counter("fromCategory('cart').foreachStream()", "category")),
        file("stream.js", &counter("fromStream('cart-1')", "stream")),
        file("system.js", &counter("fromStream('$ce-cart')", "system")),
        file("many.js", &counter("fromStreams('cart-1', 'cart-2')", "many")),
    ];
    let definitions = Definitions::default().with(files, []);
    assert_eq!((definitions.faults().count(), definitions.conflicts().len()), (0, 0));
    let registry = Registry::new(&definitions);
    for (stream, field) in [
        ("cart-1", "stream"),
        ("cart-2", "category"),
        ("user-1", "all"),
        ("plain", "all"),
        ("$ce-cart", "system"),
        ("$ce-user", "generic"),
        ("order-1", ""),
    ] {
        assert_eq!(counted_by(&registry, stream), field, "{stream}");
    }
    assert_eq!(counted_by(&Registry::default(), "cart-1"), "generic");
    assert!(matches!(definitions.get("many.js").unwrap().folds(), Folds::Partitions(_)));
    let own = Definitions::default()
        .with([file("order.js", &counter("fromCategory('order').foreachStream()", "own"))], []);
    assert_eq!(counted_by(&Registry::new(&own), "order-1"), "own", "in place of the built-in one");
}

#[test]
fn of_two_files_for_the_same_the_later_by_name_counts_and_the_conflict_is_told() {
    let category = "fromCategory('cart').foreachStream()";
    let files = [file("b.js", &counter(category, "b")), file("a.js", &counter(category, "a"))];
    let definitions = Definitions::default().with(files, []);
    assert_eq!(counted_by(&Registry::new(&definitions), "cart-1"), "b");
    let [conflict] = &definitions.conflicts()[..] else { panic!("one conflict") };
    assert_eq!(conflict.scope, Scope::Category("cart".into()));
    assert_eq!(conflict.to_string(), "a.js and b.js both define cart-*; b.js counts, the later one by name");
}

#[test]
fn a_file_that_cannot_be_read_leaves_the_others() {
    let long = " ".repeat((1 << 20) + 1);
    let files = [file("accounts.js", TEXT), file("broken.js", "aggregate({\n  x: }"), file("long.js", &long)];
    let definitions = Definitions::default().with(files, []);
    let names: Vec<_> = definitions.all().map(|definition| definition.name()).collect();
    assert_eq!(names, ["accounts"]);
    let faults: Vec<_> =
        definitions.faults().map(|(file, fault)| (&**file, fault.kind, fault.to_string())).collect();
    assert_eq!(
        faults,
        [
            (
                "broken.js",
                FaultKind::Syntax,
                "unexpected token in expression: '}' (broken.js:2:6)".to_owned()
            ),
            ("long.js", FaultKind::Syntax, "the file is larger than 1 MiB".to_owned())
        ]
    );
}

#[test]
fn only_a_file_that_changed_is_read_again() {
    let one = counter("fromCategory('cart').foreachStream()", "n");
    let first = Definitions::default().with([file("a.js", &one), file("b.js", TEXT)], []);
    let second = first.with([file("a.js", &format!("{one} ")), file("b.js", TEXT)], []);
    let same = |name| Arc::ptr_eq(first.get(name).unwrap(), second.get(name).unwrap());
    assert_eq!((same("a.js"), same("b.js")), (false, true));
    assert!(first.with([], []).all().next().is_none(), "a file that is gone defines nothing");
    let (before, after) = (Registry::new(&first), Registry::new(&second));
    assert_ne!(before.version("cart"), after.version("cart"), "what was folded is not gone on from");
    assert_eq!(before.version("account"), after.version("account"));
    assert_eq!(before.version("order"), Registry::default().version("order"));
    assert_ne!(before.version("*"), after.version("*"));
}

#[test]
fn a_state_that_was_saved_goes_on() {
    let accounts = super::accounts::accounts();
    let stream = StreamName::new("account-1");
    let mut replay = Replay::new(accounts.clone(), stream.clone());
    replay.apply(
        &record("account-1", 0, "AccountOpened", r#"{"Owner":"a","Currency":"EUR"}"#),
        &mut Vec::new(),
    );
    let saved = accounts.save(replay.state()).unwrap();
    let mut loaded = accounts.load(&stream, &saved).unwrap();
    assert_eq!(accounts.fields(&loaded), accounts.fields(replay.state()));
    assert!(accounts.size(&loaded) > 50);
    let deposit = record("account-1", 1, "MoneyDeposited", r#"{"Amount":7}"#);
    let mut changed = Vec::new();
    assert_eq!(accounts.apply(&mut loaded, (&deposit).into(), &mut changed), Applied::Folded);
    assert_eq!(changed, ["Balance".into()]);
    for broken in [&b""[..], b"\xff", b"[]", b"[true,false]"] {
        assert!(accounts.load(&stream, broken).is_none());
    }
    let truncated = accounts.truncated(&stream);
    let again = accounts.load(&stream, &accounts.save(&truncated).unwrap()).unwrap();
    assert!(!accounts.is_known(&truncated) && !accounts.is_known(&again));
}

#[test]
fn a_projection_of_many_streams_runs_beside() {
    let text = "fromAll().partitionBy((e) => e.data.region).when({ Sold(s, e) { s.sum = (s.sum ?? 0) + e.data.sum; } })";
    let definition = Definition::read(file("regions.js", text)).unwrap();
    let Folds::Partitions(program) = definition.folds() else { panic!("no stream has this state") };
    assert_eq!(program.scope(), None);
    let log = [
        record("shop-1", 0, "Sold", r#"{"region":"eu","sum":3}"#),
        record("shop-2", 0, "Sold", r#"{"region":"us","sum":4}"#),
        record("shop-1", 1, "Sold", r#"{"region":"eu","sum":5}"#),
    ];
    let mut projection = definition.projection().unwrap();
    let arrivals = hindsight::aggregate::script::arrivals(program, &log);
    projection.run(&arrivals, |_| {}).unwrap();
    let states = projection
        .partitions()
        .iter()
        .map(|(name, kept)| format!("{name} {}", kept.state.as_deref().unwrap()));
    assert_eq!(states.collect::<Vec<_>>(), [r#"eu {"sum":8}"#, r#"us {"sum":4}"#]);
}
