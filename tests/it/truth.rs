//! What the list, the terminal, HTTP and the opened stream show is what a plain fold of what a client reads says.

use crate::api::Service;
use crate::cli::{program, text};
use crate::run;
use crate::store::Watcher;
use eventstore::{AppendToStreamOptions, Client, DeleteStreamOptions, EventData, TombstoneStreamOptions};
use hindsight::aggregate::order::{self, Decoded, Order, OrderId, decode, evolve};
use hindsight::node::{Config, Node, Storage};
use hindsight::record::{Record, StreamName};
use hindsight::store::{Life, Permit, Session, StreamRow, Unseen};
use serde_json::Value;
use std::collections::BTreeMap;

/// What a stream is, by every face.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Truth {
    status: String,
    revision: Option<u64>,
    events: u64,
    user: Option<String>,
    problems: u64,
}

/// A random generator that a failing seed names.
pub struct Dice(pub u64);

impl Dice {
    pub fn roll(&mut self, sides: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % sides
    }
}

async fn append(client: &Client, stream: &str, event: EventData) {
    client.append_to_stream(stream, &AppendToStreamOptions::default(), event).await.unwrap();
}

async fn metadata(client: &Client, id: &str, limits: Value) {
    let event = EventData::json("$metadata", &limits).unwrap();
    // A tombstoned stream's metadata can no longer be written.
    drop(client.append_to_stream(format!("$$order-{id}"), &AppendToStreamOptions::default(), event).await);
}

/// An event as services write it, or as they should not.
fn event(dice: &mut Dice, id: &str, poison: bool) -> EventData {
    let json = |kind: &str, data: Value| EventData::json(kind, &data).unwrap();
    let raw = |kind: &str, data: &str| {
        // Marked JSON, whatever it is.
        let data: &serde_json::value::RawValue = serde_json::from_str(data).unwrap();
        EventData::json(kind, &data).unwrap()
    };
    match dice.roll(9) {
        0..3 => {
            json("OrderCreated", serde_json::json!({"OrderID": id, "UserID": "u", "Total": dice.roll(99)}))
        }
        3..5 => json("OrderPaid", serde_json::json!({"OrderID": id})),
        5 => EventData::binary("OrderPaid", b"\xff\x00".as_slice().into()),
        6 => EventData::binary("OrderCreated", "\u{feff}{}".into()),
        7 if poison => raw("OrderPaid", &format!("{}1{}", "[".repeat(70), "]".repeat(70))),
        _ => json("OrderNoteAdded", serde_json::json!({})),
    }
}

/// One step in the life of a stream.
pub async fn live(client: &Client, dice: &mut Dice, poison: bool) {
    let id = dice.roll(24).to_string();
    let stream = format!("order-{id}");
    match dice.roll(14) {
        0 => metadata(client, &id, serde_json::json!({"$maxCount": dice.roll(3) + 1})).await,
        1 => metadata(client, &id, serde_json::json!({"$tb": dice.roll(5)})).await,
        2 => {
            metadata(client, &id, serde_json::json!({"$maxAge": if dice.roll(2) == 0 { 1 } else { 3_600 }}))
                .await;
        }
        3 => metadata(client, &id, serde_json::json!({"$maxCount": "three"})).await,
        4 => drop(client.delete_stream(stream, &DeleteStreamOptions::default()).await),
        5 if dice.roll(4) == 0 => {
            drop(client.tombstone_stream(stream, &TombstoneStreamOptions::default()).await);
        }
        _ => {
            let options = AppendToStreamOptions::default();
            drop(client.append_to_stream(stream, &options, event(dice, &id, poison)).await);
        }
    }
}

/// Reads a stream as any client does, and folds it plainly.
async fn truth(session: &Session, id: &str) -> Option<Truth> {
    let stream = StreamName::new(&format!("order-{id}"));
    let mut records: Vec<Record> = Vec::new();
    let (life, last) =
        session.read_with_last(&stream, None, usize::MAX, |batch| records.extend(batch)).await.unwrap();
    let cut = records.first().is_none_or(|record| record.revision.0 > 0);
    let order = OrderId::stored(id);
    let mut state = if cut { order::truncated(order) } else { order::initial(order) };
    let mut problems = 0;
    for record in &records {
        match decode(&record.event_type, &record.data) {
            Decoded::Event(event) => match evolve(&state, &event) {
                Ok(next) => state = next,
                Err(_) => problems += 1,
            },
            Decoded::Malformed(_) => problems += 1,
            Decoded::Unknown => {}
        }
    }
    let status = match (&life, &state) {
        (Life::Missing, _) => return None,
        (Life::SoftDeleted, _) => "deleted",
        (Life::Tombstoned, _) => "tombstoned",
        (_, Order::Placed(placed)) if placed.paid => "paid",
        (_, Order::Placed(_)) => "unpaid",
        _ => "unknown",
    };
    let user = match state {
        Order::Placed(placed) => Some(placed.user_id.as_str().to_owned()),
        _ => None,
    };
    let revision = records.last().map(|record| record.revision).max(last).map(|revision| revision.0);
    Some(Truth { status: status.to_owned(), revision, events: records.len() as u64, user, problems })
}

async fn truths(session: &Session) -> BTreeMap<String, Truth> {
    let mut all = BTreeMap::new();
    for id in (0..24).map(|id: u64| id.to_string()) {
        if let Some(truth) = truth(session, &id).await {
            all.insert(format!("order-{id}"), truth);
        }
    }
    all
}

/// A deleted stream's revision is told by none of its readers.
fn same(shown: &Truth, truth: &Truth) -> bool {
    let gone = ["deleted", "tombstoned"].contains(&truth.status.as_str());
    shown.status == truth.status
        && shown.events == truth.events
        && (gone || (shown.revision == truth.revision && shown.user == truth.user))
        && (gone || shown.problems == truth.problems)
}

#[track_caller]
pub fn compare(face: &str, shown: &BTreeMap<String, Truth>, truths: &BTreeMap<String, Truth>) {
    for (stream, truth) in truths {
        let row = shown.get(stream).unwrap_or_else(|| panic!("{face} lacks {stream}: {truth:?}"));
        assert!(same(row, truth), "{face}, {stream}: shown {row:?}, read {truth:?}");
    }
    for stream in shown.keys().filter(|stream| !stream.starts_with("order-settled")) {
        assert!(truths.contains_key(stream), "{face} has {stream}, which nobody can read");
    }
}

fn of_json(row: &Value) -> Truth {
    Truth {
        status: row["status"].as_str().unwrap().to_owned(),
        revision: row["revision"].as_u64(),
        events: row["events"].as_u64().unwrap(),
        user: row["user"].as_str().map(str::to_owned),
        problems: row["problems"].as_u64().unwrap(),
    }
}

pub fn of_rows<'a>(rows: impl IntoIterator<Item = &'a StreamRow>) -> BTreeMap<String, Truth> {
    let truth = |row: &StreamRow| Truth {
        status: row.word().to_owned(),
        revision: row.revision.map(|revision| revision.0),
        events: row.events,
        user: row.cell("UserID").map(|cell| cell.text.to_string()),
        problems: row.problems.into(),
    };
    rows.into_iter().map(|row| (row.stream.as_str().to_owned(), truth(row))).collect()
}

fn rows(watcher: &Watcher) -> BTreeMap<String, Truth> {
    of_rows(watcher.rows.values())
}

/// What may live for a second has expired then, for whoever looks next.
async fn expired() {
    tokio::time::sleep(std::time::Duration::from_millis(1_100)).await;
}

/// Every face of a database against the plain fold.
async fn every_face(url: &str, watcher: &mut Watcher, service: &Service) {
    let session = Session::connect(url).await.unwrap();
    let client = crate::production::client(url);
    expired().await;
    let count = watcher.rows.get("order-settled").map_or(0, |row| row.events);
    append(&client, "order-settled", EventData::json("Note", &serde_json::json!({})).unwrap()).await;
    let truths = truths(&session).await;
    watcher.until("settled", |w| w.rows.get("order-settled").is_some_and(|row| row.events > count));
    watcher.until("what is read", |w| {
        let shown = rows(w);
        truths.iter().all(|(stream, truth)| shown.get(stream).is_some_and(|row| same(row, truth)))
    });
    compare("the window", &rows(watcher), &truths);
    let listed = of_rows(&session.list("order").await.unwrap());
    compare("a list from the beginning", &listed, &truths);
    let page = service.get("/orders?limit=1000").await;
    let orders = page.body()["orders"].as_array().unwrap();
    let by_http = orders.iter().map(|o| (format!("order-{}", o["order_id"].as_str().unwrap()), of_json(o)));
    compare("GET /orders", &by_http.collect(), &truths);
    assert!(page.text("source").contains("$all") && page.body()["confirmed"].as_u64().is_some());
    for (stream, truth) in &truths {
        let answer = service.get(&format!("/orders/{}", stream.strip_prefix("order-").unwrap())).await;
        match truth.status.as_str() {
            "deleted" | "tombstoned" => assert_eq!(answer.status, 410, "{stream}"),
            "unknown" => {
                assert_eq!((answer.status, &answer.body()["state"]), (200, &Value::Null), "{stream}");
            }
            status => assert_eq!(answer.body()["state"]["Paid"], status == "paid", "{stream}: {truth:?}"),
        }
    }
    let folder = tempfile::tempdir().unwrap();
    let output = program(&folder).args(["-c", url, "list", "--json"]).output().unwrap();
    let lines = text(&output.stdout);
    let of_line = |line: &str| {
        let row: Value = serde_json::from_str(line).unwrap();
        (row["stream"].as_str().unwrap().to_owned(), of_json(&row))
    };
    compare("hindsight list", &lines.lines().map(of_line).collect(), &truths);
    assert!(
        text(&output.stderr).contains("From $all, prefix order-, up to position"),
        "{}",
        text(&output.stderr)
    );
}

#[test]
fn every_face_shows_what_a_client_reads() {
    run(async {
        for seed in [7, 42, 1_977] {
            let folder = tempfile::tempdir().unwrap();
            let storage = Storage::File(folder.path().join("s.db"));
            let config = Config { storage, ..Config::default() };
            let node = Node::start(config.clone()).await.unwrap();
            let (url, address) = (node.connection_string(), node.address());
            let (client, mut dice) = (crate::production::client(&url), Dice(seed));
            for _ in 0..250 {
                live(&client, &mut dice, true).await;
            }
            let service = Service::before(&url).await;
            let mut watcher = Watcher::of(&url);
            watcher.until("caught up", |w| w.caught_up);
            every_face(&url, &mut watcher, &service).await;
            // Live arrivals, then a restart.
            for _ in 0..100 {
                live(&client, &mut dice, true).await;
            }
            every_face(&url, &mut watcher, &service).await;
            node.shutdown().await;
            watcher.until("lost", |w| !w.online());
            let _node = Node::start(Config { listen: address, ..config }).await.unwrap();
            watcher.aims(|goal| goal.retry += 1);
            watcher.until("connected again", Watcher::online);
            every_face(&url, &mut watcher, &service).await;
        }
    });
}

#[test]
fn links_stand_in_where_all_may_not_be_read() {
    run(async {
        let node = crate::production::guarded().await;
        let (admin, ann) =
            (crate::production::signed(&node, "admin"), crate::production::signed(&node, "ann"));
        let (client, mut dice) = (crate::production::client(&admin), Dice(99));
        for _ in 0..250 {
            // What the server cannot parse has no link, which the list says of itself.
            live(&client, &mut dice, false).await;
        }
        let mut watcher = Watcher::of(&ann);
        watcher.until("caught up", |w| w.caught_up);
        assert_eq!(watcher.source, "`$ce-order`");
        let session = Session::connect(ann.as_str()).await.unwrap();
        for round in 0..2 {
            expired().await;
            let truths = truths(&session).await;
            let (listed, listing) = session.list_with_source("order").await.unwrap();
            assert!(listing.unseen.is_some_and(Unseen::warns) && listing.confirmed.is_none(), "{listing:?}");
            compare("a list of links", &of_rows(&listed), &truths);
            let append = crate::store::created(&format!("settled-{round}"), "u");
            session.writer().append(&append, Permit::Undeclared).await.unwrap();
            let name = format!("order-settled-{round}");
            watcher.until("live", |w| w.rows.contains_key(&name));
        }
    });
}

/// A link to an event of another order, there or not; what links to its own stream looks like its event to the category.
pub async fn link(client: &Client, dice: &mut Dice) {
    let (from, revision) = (dice.roll(24), dice.roll(4));
    let to = (from + 1 + dice.roll(23)) % 24;
    let link = EventData::binary("$>", format!("{revision}@order-{to}").into());
    let options = AppendToStreamOptions::default();
    // A tombstoned stream takes none.
    drop(client.append_to_stream(format!("order-{from}"), &options, link).await);
}

#[test]
fn all_and_links_give_the_same_list() {
    run(async {
        for seed in [5, 23, 1_234] {
            let node = crate::production::guarded().await;
            let signed = |name| crate::production::signed(&node, name);
            let (client, mut dice) = (crate::production::client(&signed("admin")), Dice(seed));
            let all = Session::connect(signed("admin")).await.unwrap();
            let links = Session::connect(signed("ann")).await.unwrap();
            for _ in 0..2 {
                for _ in 0..120 {
                    live(&client, &mut dice, false).await;
                    if dice.roll(12) == 0 {
                        link(&client, &mut dice).await;
                    }
                }
                expired().await;
                let (from_all, by_all) = all.list_with_source("order").await.unwrap();
                let (from_links, by_links) = links.list_with_source("order").await.unwrap();
                assert!(by_all.source.starts_with("`$all`") && by_links.source == "`$ce-order`");
                compare(&format!("$all, seed {seed}"), &of_rows(&from_all), &truths(&all).await);
                compare(&format!("links, seed {seed}"), &of_rows(&from_links), &of_rows(&from_all));
            }
        }
    });
}
