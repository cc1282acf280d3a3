//! The order's rules as given / when / then, and what must hold for any input.

use hindsight::aggregate::order::{
    Broken, Decoded, Order, OrderAggregate, OrderCommand, OrderEvent, OrderId, Refusal, Total, UserId,
    ValueError, decide, decode, encode, evolve, initial,
};
use hindsight::aggregate::{Aggregate, Applied};
use hindsight::record::{Record, StreamName};
use proptest::prelude::*;

fn id(text: &str) -> OrderId {
    OrderId::parse(text).unwrap()
}

fn created(order: &str) -> OrderEvent {
    OrderEvent::Created {
        order_id: id(order),
        user_id: UserId::parse("ada").unwrap(),
        total: Total::parse("99.90").unwrap(),
    }
}

fn paid(order: &str) -> OrderEvent {
    OrderEvent::Paid { order_id: id(order) }
}

fn create(order: &str) -> OrderCommand {
    let OrderEvent::Created { order_id, user_id, total } = created(order) else { unreachable!() };
    OrderCommand::Create { order_id, user_id, total }
}

fn pay(order: &str) -> OrderCommand {
    OrderCommand::Pay { order_id: id(order) }
}

/// The order `1` after these events.
#[track_caller]
fn given(events: &[OrderEvent]) -> Order {
    events.iter().fold(initial(id("1")), |order, event| evolve(&order, event).unwrap())
}

#[test]
fn a_new_order_is_created() {
    assert_eq!(decide(&given(&[]), &create("1")), Ok(vec![created("1")]));
}

#[test]
fn a_created_order_is_paid() {
    assert_eq!(decide(&given(&[created("1")]), &pay("1")), Ok(vec![paid("1")]));
}

#[test]
fn an_order_is_not_created_twice() {
    let then = Err(Refusal::AlreadyCreated(id("1")));
    assert_eq!(decide(&given(&[created("1")]), &create("1")), then);
    assert_eq!(decide(&given(&[created("1"), paid("1")]), &create("1")), then);
}

#[test]
fn an_order_that_does_not_exist_is_not_paid() {
    assert_eq!(decide(&given(&[]), &pay("1")), Err(Refusal::NotCreated(id("1"))));
}

#[test]
fn an_order_is_not_paid_twice() {
    let order = given(&[created("1"), paid("1")]);
    assert_eq!(decide(&order, &pay("1")), Err(Refusal::AlreadyPaid(id("1"))));
    assert!(decide(&order, &pay("1")).is_err());
}

#[test]
fn a_command_for_another_order_is_refused() {
    let then = Err(Refusal::OtherOrder { command: id("2"), history: id("1") });
    assert_eq!(decide(&given(&[created("1")]), &pay("2")), then);
}

#[test]
fn events_that_cannot_follow_are_told_apart() {
    let placed = given(&[created("1")]);
    assert_eq!(evolve(&given(&[]), &paid("1")), Err(Broken::PaidBeforeCreated));
    assert_eq!(evolve(&placed, &created("1")), Err(Broken::CreatedTwice));
    assert_eq!(evolve(&given(&[created("1"), paid("1")]), &paid("1")), Err(Broken::PaidTwice));
    let foreign = Broken::ForeignOrderId { found: id("2"), expected: id("1") };
    assert_eq!(evolve(&placed, &paid("2")), Err(foreign));
}

#[test]
fn odd_data_is_a_problem_that_names_its_kind() {
    let order = OrderAggregate::default();
    let apply = |event_type: &str, data: &str| {
        let mut state = order.initial(&StreamName::new("order-1"));
        order.apply(&mut state, (&crate::history::record(0, event_type, data)).into(), &mut Vec::new())
    };
    let kind = |event_type: &str, data: &str| match apply(event_type, data) {
        Applied::Problem(problem) => problem.kind,
        Applied::NotFolded => "not folded",
        Applied::Folded => "folded",
    };
    assert_eq!(kind("OrderCreated", "{"), "not-json");
    assert_eq!(kind("OrderCreated", r#"{"OrderID":"1","UserID":"u"}"#), "missing-field");
    assert_eq!(kind("OrderCreated", r#"{"OrderID":"1","UserID":"u","Total":"9"}"#), "wrong-type");
    assert_eq!(kind("OrderPaid", r#"{"OrderID":"1"}"#), "paid-before-created");
    assert_eq!(kind("OrderPaid", r#"{"OrderID":"2"}"#), "foreign-order-id");
    assert_eq!(kind("OrderShipped", "{}"), "not folded");
}

#[test]
fn the_stored_json_is_exact() {
    let json = br#"{"OrderID":"1","UserID":"ada","Total":99.90}"#;
    assert_eq!(encode(&created("1")), json);
    assert_eq!(encode(&paid("1")), br#"{"OrderID":"1"}"#);
    assert_eq!(decode("OrderCreated", json), Decoded::Event(created("1")));
}

#[test]
fn totals_survive_a_round_trip() {
    for text in ["99.90", "0.1", "9007199254740993.25", "0", "1000000000000000000"] {
        let event = OrderEvent::Created {
            order_id: id("1"),
            user_id: UserId::parse("u").unwrap(),
            total: Total::parse(text).unwrap(),
        };
        let json = String::from_utf8(encode(&event)).unwrap();
        assert!(json.ends_with(&format!("\"Total\":{text}}}")), "{json}");
        assert_eq!(decode("OrderCreated", json.as_bytes()), Decoded::Event(event));
    }
}

#[test]
fn bad_values_name_what_is_wrong() {
    assert_eq!(UserId::parse("  "), Err(ValueError::Empty { what: "user" }));
    assert_eq!(UserId::parse("a\u{1b}b"), Err(ValueError::Control { what: "user" }));
    assert_eq!(OrderId::parse("a b"), Err(ValueError::Space("a b".into())));
    assert_eq!(Total::parse(""), Err(ValueError::Empty { what: "total" }));
    assert_eq!(Total::parse("-1"), Err(ValueError::Negative("-1".into())));
    for text in ["abc", "1,5", "1e3", "NaN", ".5", "5.", "1.2.3", "0x10"] {
        assert_eq!(Total::parse(text), Err(ValueError::NotANumber(text.into())));
    }
    let absurd = "9".repeat(40);
    assert_eq!(Total::parse(&absurd), Err(ValueError::TooLarge(absurd)));
}

fn any_data() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        prop::collection::vec(any::<u8>(), 0..40),
        Just(br#"{"OrderID":"1"}"#.to_vec()),
        Just(br#"{"OrderID":"2"}"#.to_vec()),
        any::<f64>().prop_map(|n| format!(r#"{{"OrderID":"1","UserID":"u","Total":{n}}}"#).into_bytes()),
    ]
}

fn any_event() -> impl Strategy<Value = (String, Vec<u8>)> {
    let event_type = prop_oneof![Just("OrderCreated".to_owned()), Just("OrderPaid".to_owned()), ".{0,12}"];
    (event_type, any_data())
}

proptest! {
    #[test]
    fn any_sequence_of_events_folds(events in prop::collection::vec(any_event(), 0..40)) {
        let order = OrderAggregate::default();
        let mut state = order.initial(&StreamName::new("order-1"));
        for (event_type, data) in &events {
            let event = Record { data: data.as_slice().into(), ..crate::history::record(0, event_type, "") };
            order.apply(&mut state, (&event).into(), &mut Vec::new());
        }
        prop_assert_eq!(state.get::<Order>().unwrap().id().as_str(), "1");
        let _fields = order.fields(&state);
    }

    #[test]
    fn a_repeated_command_appends_nothing_new(paying in any::<bool>()) {
        let mut history = if paying { vec![created("1")] } else { vec![] };
        let command = if paying { pay("1") } else { create("1") };
        history.extend(decide(&given(&history), &command).unwrap());
        prop_assert!(decide(&given(&history), &command).is_err());
    }

    #[test]
    fn any_decimal_survives(whole in 0u64..1_000_000_000_000, cents in "[0-9]{1,8}") {
        let text = format!("{whole}.{cents}");
        let total = Total::parse(&text).unwrap();
        prop_assert_eq!(total.as_str(), text);
    }

    #[test]
    fn no_typed_text_panics(text in ".{0,60}") {
        let _outcome = (Total::parse(&text), UserId::parse(&text), OrderId::parse(&text));
    }
}

#[test]
fn a_json_number_keeps_every_digit_of_its_exponent_form() {
    let number = |token: &str| {
        let token = serde_json::value::RawValue::from_string(token.to_owned()).unwrap();
        Total::number(&token).map(|total| total.as_str().to_owned())
    };
    for (token, plain) in [
        ("99.90", "99.90"),
        ("1e2", "100"),
        ("1.5E1", "15"),
        ("1.50e1", "15.0"),
        ("123.4e-2", "1.234"),
        ("1e18", "1000000000000000000"),
        ("9007199254740993.25e0", "9007199254740993.25"),
        ("0e40", "0"),
    ] {
        assert_eq!(number(token).as_deref(), Ok(plain), "{token}");
    }
    for token in ["-1e2", "1e19", "1e999999999999", "1e-41", "1.5e-28", "1e-999", "\"1\"", "true"] {
        assert!(number(token).is_err(), "{token}");
    }
}
