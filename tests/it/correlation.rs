//! What belongs together: by links, by `$all`, by what may be read; in the window and in the terminal.

use crate::cli::{Served, serve, text};
use crate::node::grpc::{Caller, field};
use crate::production::{client, guarded, signed};
use crate::run;
use crate::window::Window;
use egui::{Key, Modifiers, Theme};
use eventstore::{AppendToStreamOptions, Client, EventData};
use hindsight::history::{Lanes, RelatedEvent};
use hindsight::node::{Config, Node};
use hindsight::record::{Created, Position, Revision, StreamName};
use hindsight::store::{RelatedEnd, RelatedRead, RelatedSource, RelatedStep, Session, Sought, StoreError};
use proptest::prelude::*;
use serde_json::json;
use std::collections::HashSet;
use uuid::Uuid;

const ID: &str = "b7d0-41";

/// Writes an event of the correlation, caused by another one.
async fn write(client: &Client, stream: &str, event_type: &str, cause: Option<Uuid>) -> Uuid {
    let id = Uuid::new_v4();
    let mut metadata = json!({"$correlationId": ID});
    if let Some(cause) = cause {
        metadata["$causationId"] = json!(cause.to_string());
    }
    let event = EventData::json(event_type, &json!({"Amount": 1})).unwrap().id(id);
    let event = event.metadata_as_json(&metadata).unwrap();
    client.append_to_stream(stream, &AppendToStreamOptions::default(), event).await.unwrap();
    id
}

async fn alone(client: &Client, stream: &str) {
    let event = EventData::json("Unrelated", &json!({})).unwrap();
    client.append_to_stream(stream, &AppendToStreamOptions::default(), event).await.unwrap();
}

/// Four events in three streams, among others: two payments, of which the account's event led to the second.
async fn shop(url: &str) {
    let client = client(url);
    let payment = write(&client, "payment-1", "PaymentAsked", None).await;
    alone(&client, "payment-1").await;
    let account = write(&client, "account-1", "MoneyWithdrawn", Some(payment)).await;
    write(&client, "customer-ada", "CustomerTold", Some(account)).await;
    write(&client, "payment-1", "PaymentTaken", Some(account)).await;
    alone(&client, "account-2").await;
}

const TOGETHER: [&str; 4] = ["payment-1@0", "account-1@0", "customer-ada@0", "payment-1@2"];

async fn found(session: &Session, sought: Sought) -> Result<(Lanes, RelatedEnd), StoreError> {
    let (mut read, mut events) = (RelatedRead::new(session, sought), Vec::new());
    while let Some(step) = read.next().await? {
        if let RelatedStep::Found { found, .. } = step {
            events.extend(found);
        }
    }
    Ok((Lanes::new(events), read.end()))
}

fn correlation(stands: Option<&str>, scans: bool) -> Sought {
    let stands = stands.map(|stream| (StreamName::new(stream), Revision(0)));
    Sought::Correlation { id: ID.into(), stands, scans }
}

fn names(lanes: &Lanes) -> Vec<String> {
    lanes.events().iter().map(|event| format!("{}@{}", event.stream, event.revision)).collect()
}

#[test]
fn links_lead_to_all_events_of_a_correlation_and_their_causes() {
    run(async {
        let node = Node::start(Config::default()).await.unwrap();
        let url = node.connection_string();
        shop(&url).await;
        let session = Session::connect(&url).await.unwrap();
        let (lanes, end) = found(&session, correlation(None, false)).await.unwrap();
        assert_eq!(names(&lanes), TOGETHER);
        assert_eq!(lanes.causes(), [(0, 1), (1, 2), (1, 3)]);
        let streams: Vec<_> = lanes.lanes().iter().map(|lane| (lane.stream.as_str(), lane.events)).collect();
        assert_eq!(streams, [("payment-1", 2), ("account-1", 1), ("customer-ada", 1)]);
        assert_eq!((end.source, end.more, end.gone), (RelatedSource::Links, 0, 0));
    });
}

#[test]
fn a_link_to_a_deleted_stream_is_told_as_gone() {
    run(async {
        let node = Node::start(Config::default()).await.unwrap();
        let url = node.connection_string();
        shop(&url).await;
        let client = client(&url);
        client.delete_stream("customer-ada", &eventstore::DeleteStreamOptions::default()).await.unwrap();
        let session = Session::connect(&url).await.unwrap();
        let (lanes, end) = found(&session, correlation(None, true)).await.unwrap();
        assert_eq!(names(&lanes), ["payment-1@0", "account-1@0", "payment-1@2"]);
        assert_eq!(end.gone, 1);
    });
}

#[test]
fn without_links_the_log_is_read_only_where_that_is_asked() {
    run(async {
        let node = Node::start(Config::default()).await.unwrap();
        let url = node.connection_string();
        let projections = "event_store.client.projections.Projections";
        let stops = [field(1, field(1, "$by_correlation_id"))];
        let stopped = Caller::new(node.address()).call(projections, "Disable", &stops).await;
        assert_eq!(stopped.status(), Some(0));
        shop(&url).await;
        let session = Session::connect(&url).await.unwrap();
        let (lanes, end) = found(&session, correlation(None, false)).await.unwrap();
        assert_eq!((names(&lanes), end.source), (Vec::new(), RelatedSource::NoLinks));
        let (lanes, end) = found(&session, correlation(None, true)).await.unwrap();
        assert_eq!((&*names(&lanes), end.source), (&TOGETHER.map(str::to_owned)[..], RelatedSource::Log));
        assert!(end.looked >= 6, "{}", end.looked);
    });
}

#[test]
fn a_user_who_may_read_neither_links_nor_the_log_sees_the_events_of_the_own_stream() {
    run(async {
        let node = guarded().await;
        let admin = signed(&node, "admin");
        shop(&admin).await;
        crate::production::write(&admin, &format!("$$$bc-{ID}"), "$metadata", r#"{"$acl":{"$r":"$admins"}}"#)
            .await;
        let session = Session::connect(signed(&node, "ann")).await.unwrap();
        let (lanes, end) = found(&session, correlation(Some("payment-1"), true)).await.unwrap();
        assert_eq!(names(&lanes), ["payment-1@0", "payment-1@2"]);
        assert_eq!(end.source, RelatedSource::OneStream(StreamName::new("payment-1")));
        let denied = found(&session, correlation(None, true)).await;
        assert!(matches!(denied, Err(StoreError::AccessDenied(_))), "{denied:?}");
    });
}

#[test]
fn around_an_event_are_those_of_its_time_on_both_sides() {
    run(async {
        let node = Node::start(Config::default()).await.unwrap();
        let url = node.connection_string();
        shop(&url).await;
        let session = Session::connect(&url).await.unwrap();
        let stream = StreamName::new("account-1");
        let (records, _, _) = session.read_resolved(&stream, 1).await.unwrap();
        let around = |within| Sought::Around {
            stream: stream.clone(),
            revision: Revision(0),
            position: records[0].position,
            created: records[0].created,
            within,
        };
        let (lanes, end) = found(&session, around(i64::MAX)).await.unwrap();
        let all =
            ["payment-1@0", "payment-1@1", "account-1@0", "customer-ada@0", "payment-1@2", "account-2@0"];
        assert_eq!(names(&lanes), all);
        assert!(end.system > 0, "links and metadata are left out");
        let (lanes, _) = found(&session, around(0)).await.unwrap();
        assert!(names(&lanes).contains(&"account-1@0".to_owned()));
        assert!(lanes.events().iter().all(|event| event.created == records[0].created));
    });
}

fn served() -> Served {
    let served = serve(&["--memory"]);
    tokio::runtime::Runtime::new().unwrap().block_on(shop(&served.url));
    served
}

#[test]
fn the_terminal_lists_a_correlation_in_order_with_causes() {
    let served = served();
    let lines = served.json(&["correlation", ID]);
    let events: Vec<_> = lines
        .iter()
        .map(|line| format!("{}@{}", line["stream"].as_str().unwrap(), line["revision"]))
        .collect();
    assert_eq!(events, TOGETHER);
    assert_eq!(lines[0]["cause"], json!(null));
    assert_eq!(lines[3]["cause"], "account-1@0");
    assert_eq!(lines[3]["event"], "PaymentTaken");
    let output = served.run(0, &["correlation", ID]);
    assert!(text(&output.stdout).contains("payment-1@2"), "{}", text(&output.stdout));
    let said = text(&output.stderr);
    assert!(said.contains("4 events in 3 streams. Found through $bc-b7d0-41"), "{said}");
    let none = served.run(1, &["correlation", "nothing"]);
    let said = text(&none.stderr);
    assert!(said.contains("No event has the correlation id nothing. Found in $all, of which"), "{said}");
}

#[test]
fn the_terminal_shows_what_else_happened_and_names_what_is_wrong() {
    let served = served();
    let lines = served.json(&["around", "account-1@0", "--within", "1 h"]);
    assert_eq!(lines.len(), 6);
    let here: Vec<_> = lines.iter().filter(|line| line["here"] == true).map(|line| &line["stream"]).collect();
    assert_eq!(here, ["account-1"]);
    assert!(text(&served.run(0, &["around", "account-1@0"]).stdout).contains("account-1@0 ◆"));
    for (event, within, exit, says) in [
        ("account-1", "5s", 2, "“account-1” names no event. Give its stream and revision"),
        ("account-1@x", "5s", 2, "names no event"),
        ("account-1@0", "soon", 2, "--within: “soon” is no length of time"),
        ("account-1@7", "5s", 1, "There is no event account-1@7"),
    ] {
        let said = text(&served.run(exit, &["around", event, "--within", within]).stderr);
        assert!(said.contains(says), "{said}");
    }
}

/// The window before the account's event, with its tab open.
fn window(theme: Theme) -> Window {
    let mut window = Window::open(false, theme);
    let url = window.node.connection_string();
    window.runtime.block_on(shop(&url));
    window.open_stream("account-1");
    window.press(Modifiers::NONE, Key::Num3);
    window
}

#[test]
fn the_event_tab_shows_what_belongs_together_and_leads_there() {
    for theme in [Theme::Dark, Theme::Light] {
        let mut window = window(theme);
        window.until("Correlation: 4 events in 3 streams");
        window.until("4 events in 3 streams on one time axis");
        assert!(window.shows("Found through $bc-b7d0-41"));
        assert!(window.shows("Here: MoneyWithdrawn in account-1, revision 0"));
        assert!(window.shows("CustomerTold in customer-ada, revision 0"));
        window.click("Open cause payment-1@0");
        window.until("rev 0 of 2");
        window.until("Here: PaymentAsked in payment-1, revision 0");
    }
}

#[test]
fn a_key_opens_all_of_a_correlation_and_a_row_of_it_its_stream() {
    let mut window = window(Theme::Dark);
    window.press(Modifiers::NONE, Key::Num1);
    window.press(Modifiers::SHIFT, Key::T);
    window.until("$correlationId b7d0-41");
    window.until("Found through $bc-b7d0-41");
    let row = window.label("PaymentTaken in payment-1, revision 2");
    window.click(&row);
    window.until("rev 2 of 2");
    assert!(!window.shows("Scroll the turns"));
}

#[test]
fn the_palette_opens_the_same() {
    let mut window = window(Theme::Light);
    window.press(Modifiers::NONE, Key::Num1);
    window.go_to("b7d0-4");
    window.until("$correlationId b7d0-41");
    window.until("4 events in 3 streams");
}

#[test]
fn a_key_shows_what_else_happened_and_the_span_can_be_widened() {
    let mut window = window(Theme::Dark);
    window.press(Modifiers::NONE, Key::W);
    window.until("What else happened around account-1@0");
    window.until("Read from $all, both ways from the event.");
    window.click("Within 10 min");
    window.until("6 events in 4 streams on one time axis");
    assert!(window.shows("Here: MoneyWithdrawn in account-1, revision 0"));
    window.press(Modifiers::NONE, Key::Escape);
    window.until("Correlation: 4 events in 3 streams");
}

#[test]
fn an_event_without_a_correlation_says_so() {
    let mut window = Window::with_order(Theme::Dark);
    window.press(Modifiers::SHIFT, Key::T);
    window.until("The event here has no $correlationId in its metadata.");
}

fn event() -> impl Strategy<Value = RelatedEvent> {
    let cause = prop_oneof![
        Just(None),
        Just(Some("no id".to_owned())),
        (0_u128..12).prop_map(|id| Some(Uuid::from_u128(id).to_string())),
    ];
    let place = (0_u64..4, 0_u64..6, any::<i64>());
    (0_u64..4, 0_u64..5, 0_u128..10, place, cause).prop_map(|(stream, revision, id, place, cause)| {
        RelatedEvent {
            stream: StreamName::new(&format!("s-{stream}")),
            revision: Revision(revision),
            id: Uuid::from_u128(id),
            event_type: "E".into(),
            created: Created(place.2),
            position: Position { commit: place.0, prepare: place.1 },
            cause,
        }
    })
}

proptest! {
    /// Cycles, causes of themselves, missing causes and ids that come twice do no harm.
    #[test]
    fn each_edge_joins_two_events_that_are_there(events in prop::collection::vec(event(), 0..24)) {
        let lanes = Lanes::new(events.clone());
        let keys: HashSet<_> = events.iter().map(|event| (event.stream.clone(), event.revision)).collect();
        prop_assert_eq!(lanes.events().len(), keys.len());
        prop_assert_eq!(lanes.lanes().iter().map(|lane| lane.events).sum::<usize>(), keys.len());
        for &(cause, effect) in lanes.causes() {
            let (cause_event, effect_event) = (&lanes.events()[cause], &lanes.events()[effect]);
            prop_assert!(cause != effect);
            prop_assert_eq!(effect_event.cause.clone(), Some(cause_event.id.to_string()));
            prop_assert_eq!(lanes.cause_of(effect), Some(cause));
        }
        for (place, event) in lanes.events().iter().enumerate() {
            prop_assert_eq!(lanes.place(&event.stream, event.revision), Some(place));
            prop_assert_eq!(&lanes.lanes()[lanes.lane_of(place).unwrap()].stream, &event.stream);
            let (from, to) = lanes.times().unwrap();
            prop_assert!((from..=to).contains(&event.created));
        }
        prop_assert!(lanes.events().windows(2).all(|pair| pair[0].position <= pair[1].position));
    }
}
