//! Conditions: what each phrase means, what is wrong with others, and that numbers are compared exactly.

use crate::history::record;
use hindsight::aggregate::number::compare_exactly;
use hindsight::aggregate::script::{Definition, Folds, Script};
use hindsight::aggregate::{Aggregate, Condition, EventFacts, FieldPath, Registry, State};
use hindsight::record::StreamName;
use proptest::prelude::*;
use std::cmp::Ordering;
use std::sync::Arc;

/// The state after these data were folded by the generic aggregate.
fn generic(data: &str) -> (Arc<dyn Aggregate>, State) {
    folded(Registry::default().for_category("account").clone(), &[("Set", data)])
}

fn folded(aggregate: Arc<dyn Aggregate>, events: &[(&str, &str)]) -> (Arc<dyn Aggregate>, State) {
    let mut state = aggregate.initial(&StreamName::new("order-a"));
    for (revision, (event_type, data)) in (0..).zip(events) {
        let record = record(revision, event_type, data);
        aggregate.apply(&mut state, (&record).into(), &mut Vec::new());
    }
    (aggregate, state)
}

fn order(events: &[(&str, &str)]) -> (Arc<dyn Aggregate>, State) {
    folded(Registry::default().for_category("order").clone(), events)
}

#[track_caller]
fn holds((aggregate, state): &(Arc<dyn Aggregate>, State), condition: &str) -> bool {
    let parsed = Condition::parse(condition).unwrap_or_else(|error| panic!("{condition}: {error}"));
    parsed.holds(&**aggregate, state)
}

const STATE: &str = r#"{
    "Total": 99.90, "total": 7, "Paid": true, "Closed": false, "Note": null, "UserID": "user42", "Number": "42",
    "Big": 9007199254740993.25, "Huge": 1e400, "Name": "Zo\u00eb", "When": "2026-11-24T12:00:00Z",
    "Tags": ["vip", 7, "a b"], "Address": {"City": "Paris", "home town": "Nancy", "Geo": {"lat": -1.50}},
    "a.b": 1, "problem": "none", "event": {"is": 3}, "Ärger": 5, "dup": 1, "DUP": 2
}"#;

#[test]
fn each_phrase_means_what_the_grammar_says() {
    let state = generic(STATE);
    for (condition, expected) in [
        ("Total == 99.9", true),
        ("Total == 99.90", true),
        ("Total != 99.9", false),
        ("Total > 99.8999999999999999999999999999999999", true),
        ("Total > 99.9", false),
        ("Total >= 99.90", true),
        ("Total < 1e2", true),
        ("Total <= 99.8", false),
        ("total == 7", true),
        ("TOTAL == 7", false), // Two fit without case.
        ("paid", true),
        ("PAID", true),
        ("!Paid", false),
        ("!!Paid", true),
        ("Paid == true", true),
        ("Closed == false", true),
        ("Closed", false),
        ("Note == null", true),
        ("Note exists", true),
        ("exists(Note)", true),
        ("Missing exists", false),
        ("exists(Missing)", false),
        ("Missing == null", false),
        ("Missing == 1", false),
        ("Missing != 1", true),
        ("Missing > 1", false),
        ("!(Missing > 1)", true),
        ("Big == 9007199254740993.25", true),
        ("Big > 9007199254740993", true),
        ("Big < 9007199254740993.3", true),
        ("Huge > 1e399", true),
        ("Huge == 10e399", true),
        ("Huge < 1e401", true),
        ("UserID == user42", true),
        ("UserID == \"user42\"", true),
        ("UserID contains 42", true),
        ("UserID contains \"R4\"", false),
        ("UserID starts with user", true),
        ("UserID starts with 42", false),
        ("Number == 42", true), // Not quoted: a text of the same signs.
        ("Number == \"42\"", true),
        ("Total == \"99.90\"", false),
        ("Number > 41", false), // A text is no number.
        ("Name == Zoë", true),
        ("Name > \"Zo\"", true),
        ("When >= \"2026-11-24\"", true),
        ("When < \"2026-11-24\"", false),
        ("Tags contains vip", true),
        ("Tags contains 7.0", true),
        ("Tags contains \"a b\"", true),
        ("Tags contains vi", false),
        ("Total contains 9.9", true),
        ("Address.City == Paris", true),
        ("address.city == Paris", true),
        ("Address.\"home town\" starts with \"Nan\"", true),
        ("Address.Geo.lat < -1.4", true),
        ("Address exists", true),
        ("Address.Geo exists", true),
        ("Address.Missing exists", false),
        ("\"a.b\" == 1", true),
        ("a.b exists", false),
        ("problem == none", true),
        ("\"problem\" contains on", true),
        ("event.is == 3", true),
        ("ärger > 4", true),
        ("dup == 1 && DUP == 2", true),
        ("Dup exists", false),
        ("Paid && Total > 50", true),
        ("Paid&&Total>50", true),
        ("Closed || Paid && Total > 500", false),
        ("(Closed || Paid) && Total > 50", true),
        ("Closed || Paid || Missing", true),
        ("! (Paid && Closed)", true),
        ("problem", false),
        ("event is OrderPaid", false),
        ("changed(Total)", false),
    ] {
        assert_eq!(holds(&state, condition), expected, "{condition}");
    }
}

#[test]
fn an_order_is_asked_by_its_own_names() {
    let created = ("OrderCreated", r#"{"OrderID":"a","UserID":"user \"42\"","Total":99.90}"#);
    let paid = ("OrderPaid", r#"{"OrderID":"a"}"#);
    let (none, unpaid) = (order(&[]), order(&[created]));
    let paid = order(&[created, paid]);
    for (state, condition, expected) in [
        (&paid, "Paid && Total > 50", true),
        (&unpaid, "Paid && Total > 50", false),
        (&unpaid, "!Paid && userid contains \"\\\"42\"", true),
        (&unpaid, "id == a", true),
        (&none, "!Paid", true),
        (&none, "Paid == false", false),
        (&none, "ID exists", false),
        (&paid, "Total.x exists", false),
    ] {
        assert_eq!(holds(state, condition), expected, "{condition}");
    }
}

#[test]
fn a_script_state_is_asked_like_any_other() {
    let text = r#"fromCategory("account").foreachStream().when({ Set(s, e) { return e.data; } })"#;
    let script = Script { file: "a.js".into(), text: text.into() };
    let definition = Definition::read(script).unwrap();
    let Folds::Streams(_, aggregate) = definition.folds() else { panic!("it folds streams") };
    let aggregate: Arc<dyn Aggregate> = aggregate.clone();
    let mut state = aggregate.initial(&StreamName::new("account-1"));
    let mut set = record(0, "Set", r#"{"Balance":-3.5,"Owner":{"Name":"ada"},"a.b":[1]}"#);
    set.stream = StreamName::new("account-1");
    aggregate.apply(&mut state, (&set).into(), &mut Vec::new());
    let state = (aggregate, state);
    for condition in
        ["Balance < 0", "balance == -3.50", "owner.name == ada", "\"a.b\" contains 1", "Owner exists"]
    {
        assert!(holds(&state, condition), "{condition}");
    }
    assert!(!holds(&state, "Owner.Nam exists"));
}

#[test]
fn what_is_asked_of_the_event_is_true_only_after_it() {
    let (aggregate, state) = generic(r#"{"Total":1,"Address":{"City":"x"}}"#);
    let changed: Vec<Arc<str>> = vec!["Total".into(), "Address.City".into()];
    let facts = EventFacts { event_type: "Order Paid", is_problem: true, changed: &changed };
    for (condition, expected) in [
        ("problem", true),
        ("!problem", false),
        ("event is \"Order Paid\"", true),
        ("event is OrderPaid", false),
        ("changed(Total)", true),
        ("changed(total)", true),
        ("changed(Address)", true),
        ("changed(Address.City)", true),
        ("changed(Addres)", false),
        ("changed(Total) && Total == 1 && problem", true),
    ] {
        let parsed = Condition::parse(condition).unwrap();
        assert!(!parsed.is_of_state(), "{condition}");
        assert_eq!(parsed.holds_after(&*aggregate, &state, &facts), expected, "{condition}");
    }
    assert!(Condition::parse("Total > 1 && !Paid").unwrap().is_of_state());
}

#[test]
fn errors_stand_at_their_column_and_say_what_to_write() {
    for (condition, column, says) in [
        ("", 1, "The condition is empty"),
        ("   ", 1, "empty"),
        ("Total = 50", 7, "Write == for equal"),
        ("Total > ", 8, "Nothing stands behind >"),
        ("Total >", 8, "Nothing stands behind >"),
        ("Total > 50,000", 9, "50,000 is no number"),
        ("Total > 50 and Paid", 12, "Write &&"),
        ("Paid or Total > 1", 6, "Write ||"),
        ("not Paid", 5, "Paid is no operator"),
        ("Paid & Total > 1", 6, "Write &&"),
        ("Paid | Total > 1", 6, "Write ||"),
        ("(Paid", 1, "This ( has no )"),
        ("Paid)", 5, "This ) has no ("),
        ("Paid && ", 8, "ends where a field should stand"),
        ("&& Paid", 1, "A field should stand before &&"),
        ("Total > true", 9, "true is neither"),
        ("Total starts 5", 14, "Write starts with"),
        ("Total is 5", 7, "Write == to compare"),
        ("Status == on hold", 11, "more than one word"),
        ("\"ada", 1, "This text has no end"),
        ("Name == \"\\x\"", 9, "begins no escape"),
        ("用户 == \"a\" x", 11, "x is no operator"),
        ("5 > Total", 1, "5 is a value"),
        ("true", 1, "true is a value"),
        ("changed(", 9, "A field is missing"),
        ("changed(Total", 8, "This ( has no )"),
        ("changed(Total > 5)", 15, "follows a question that is complete"),
        ("event is", 9, "An event type is missing"),
        ("a..b == 1", 1, "point with no name"),
        ("Total > > 5", 9, "A value should stand behind >"),
        ("Total > \"a\".\"b\"", 9, "double quotes"),
        ("a\"b\" == 1", 2, "Put a blank"),
        ("Paid !Closed", 6, "! stands before"),
        ("Total like 5", 7, "Write contains"),
    ] {
        let error = Condition::parse(condition).expect_err(condition);
        assert_eq!(error.column, column, "{condition}: {error}");
        assert!(error.text.contains(says), "{condition}: {error}");
    }
    for deep in ["!".repeat(10_000), "(".repeat(10_000)] {
        assert!(Condition::parse(&deep).is_err());
    }
    assert!(
        Condition::parse(&format!("{}Paid", "!".repeat(100))).unwrap_err().text.contains("Write it flatter")
    );
}

#[test]
fn words_stay_words_in_the_filter() {
    for words in
        ["ada", "ada lovelace", "paid", "problem", "user42 unpaid", "contains", "a (b)", "wow!", "event", ""]
    {
        assert!(Condition::in_filter(words).is_none(), "{words}");
    }
    for condition in
        ["Total > 50", "!Paid", "changed(Total)", "event is OrderPaid", "Name contains a", "ID exists"]
    {
        assert!(matches!(Condition::in_filter(condition), Some(Ok(_))), "{condition}");
    }
    for wrong in ["Total >", "Total = 5", "Name contains", "a && ", "Name starts with"] {
        let understood = Condition::in_filter(wrong);
        assert!(matches!(understood, Some(Err(_))) || wrong.ends_with("contains"), "{wrong}: {understood:?}");
    }
}

#[test]
fn only_changes_of_what_it_reads_matter() {
    let condition = Condition::parse("Paid && Address.City == x || changed(Total)").unwrap();
    for (path, reads) in [
        ("Paid", true),
        ("paid", true),
        ("Address", true),
        ("Address.City", true),
        ("Address.City.x", true),
        ("Address.Street", false),
        ("Total", false),
        ("Pai", false),
        ("PaidAt", false),
    ] {
        assert_eq!(condition.reads(path), reads, "{path}");
    }
}

/// Digits, a point and an exponent as any service may write them.
fn number() -> impl Strategy<Value = (String, i64, i32)> {
    (-999_999_i64..999_999, -6_i32..6, 0_usize..3, any::<bool>()).prop_map(
        |(mantissa, exponent, zeros, upper)| {
            let (sign, digits) = (if mantissa < 0 { "-" } else { "" }, mantissa.unsigned_abs().to_string());
            let e = if upper { "E" } else { "e" };
            let text = match (exponent, zeros) {
                (0, 0) => format!("{sign}{digits}"),
                (0, zeros) => format!("{sign}{digits}.{}", "0".repeat(zeros)),
                (exponent, 0) => format!("{sign}{digits}{e}{exponent}"),
                (exponent, zeros) => format!(
                    "{sign}0.{}{digits}{e}{}",
                    "0".repeat(zeros),
                    exponent + i32::try_from(zeros + digits.len()).unwrap()
                ),
            };
            (text, mantissa, exponent)
        },
    )
}

proptest! {
    #[test]
    fn numbers_are_compared_by_value((a, am, ae) in number(), (b, bm, be) in number()) {
        let scaled = |mantissa: i64, exponent: i32| i128::from(mantissa) * 10_i128.pow(u32::try_from(exponent + 6).unwrap());
        let expected = scaled(am, ae).cmp(&scaled(bm, be));
        prop_assert_eq!(compare_exactly(&a, &b), Some(expected), "{} {}", a, b);
        prop_assert_eq!(compare_exactly(&b, &a), Some(expected.reverse()));
    }

    #[test]
    fn no_text_panics(text in "\\PC{0,40}", more in "[\\[\\]()!<>=&|\"\\\\.a-z0-9 -]{0,40}") {
        let state = generic(STATE);
        for text in [text, more] {
            match Condition::parse(&text) {
                Ok(condition) => drop(condition.holds(&*state.0, &state.1)),
                Err(error) => prop_assert!(error.column <= text.chars().count() + 1),
            }
            drop(Condition::in_filter(&text));
        }
    }

    #[test]
    fn a_field_is_what_the_fields_say(data in "[a-cA-C]{1,2}", token in "(-?[1-9][0-9]{0,2}|true|\"[a-z]{0,3}\")") {
        let (aggregate, state) = generic(&format!(r#"{{"{data}":{token},"o":{{"{data}":{token}}}}}"#));
        for (parts, path) in [(vec![data.clone()], data.clone()), (vec!["o".to_owned(), data.clone()], format!("o.{data}"))] {
            let fields = aggregate.fields(&state).unwrap();
            let leaves = hindsight::aggregate::leaves(&fields);
            let expected = leaves.iter().find(|(at, _)| ***at == *path).map(|(_, token)| token.to_string());
            let own = aggregate.field(&state, &FieldPath::new(parts).unwrap());
            prop_assert_eq!(own.as_deref(), expected.as_deref());
        }
    }
}

#[test]
fn absurd_numbers_are_compared_without_a_panic() {
    let long = format!("1{}", "0".repeat(5_000));
    assert_eq!(compare_exactly(&long, "1e5000"), Some(Ordering::Equal));
    assert_eq!(compare_exactly("1e99999999999999999999", "1e9"), Some(Ordering::Greater));
    assert_eq!(compare_exactly("-1e99999999999999999999", "1e-99999999999999999999"), Some(Ordering::Less));
    assert_eq!(compare_exactly("0e99999999999999999999", "-0"), Some(Ordering::Equal));
    for no_number in ["", "-", ".5", "5.", "1e", "1e+", "a", "1a", "0x1", "--1", "1.2.3", "true"] {
        assert_eq!(compare_exactly(no_number, "1"), None, "{no_number}");
    }
}
