//! The list of orders goes on from the one that was kept, by whichever program of the same data folder.

use super::{Answer, Service, serve_as};
use crate::kept_lists::files;
use crate::meter::Meter;
use crate::production::{client, guarded, signed, write};
use crate::run;
use eventstore::{AppendToStreamOptions, EventData};
use futures::FutureExt;
use hindsight::aggregate::Registry;
use hindsight::api::Api;
use hindsight::node::Node;
use hindsight::store::{KeptLists, Resolve, Session};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use tempfile::TempDir;

/// A service whose database is reached through a meter.
async fn start(url: &str, folder: &TempDir, panics: bool) -> Service {
    let lists = KeptLists::in_folder(folder.path());
    let (url, panics) = (url.to_owned(), AtomicBool::new(panics));
    let resolve: Resolve = Arc::new(move || {
        assert!(!panics.swap(false, Ordering::SeqCst), "a test");
        std::future::ready(Ok(url.as_str().into())).boxed()
    });
    let api = Api::new(resolve, folder.path()).keeping(Some(lists));
    let (base, stop) = serve_as(api, "127.0.0.1:0").await;
    Service { base, _stop: stop, ..Service::start().await }
}

async fn place(node: &Node, id: &str) {
    let data = format!(r#"{{"OrderID":"{id}","UserID":"u","Total":1}}"#);
    write(&signed(node, "admin"), &format!("order-{id}"), "OrderCreated", &data).await;
}

fn ids(page: &Answer) -> Vec<&str> {
    let orders = page.body["orders"].as_array().unwrap();
    orders.iter().map(|order| order["order_id"].as_str().unwrap()).collect()
}

#[test]
fn the_second_start_reads_only_what_is_new() {
    run(async {
        let node = guarded().await;
        let database = client(&signed(&node, "admin"));
        let text = serde_json::json!({ "text": "x".repeat(1_000) });
        for id in ["a", "b"] {
            place(&node, id).await;
            let notes: Vec<EventData> =
                (0..1_000).map(|_| EventData::json("Noted", &text).unwrap()).collect();
            let options = AppendToStreamOptions::default();
            database.append_to_stream(format!("order-{id}"), &options, notes).await.unwrap();
        }
        let meter = Meter::before(node.address()).await;
        // By `$all`, and by links.
        for user in ["admin", "ann"] {
            let folder = tempfile::tempdir().unwrap();
            let through = meter.address.to_string();
            let url = signed(&node, user).replace(&node.address().to_string(), &through);
            let service = start(&url, &folder, false).await;
            meter.sent();
            let first = service.get("/orders").await;
            let first_sent = meter.sent();
            assert_eq!(files(&folder).len(), 1);
            drop(service);
            place(&node, &format!("since-{user}")).await;
            for panics in [false, true] {
                let service = start(&url, &folder, panics).await;
                meter.sent();
                if panics {
                    assert_eq!(service.get("/orders").await.status, 500, "it starts over");
                }
                let page = service.get("/orders").await;
                let sent = meter.sent();
                assert_eq!(ids(&page).len(), ids(&first).len() + 1);
                assert!(first_sent > 2_000_000 && sent < 50_000, "{user}: {first_sent} bytes, then {sent}");
            }
            // The terminal and the window of the same folder go on from the same file.
            meter.sent();
            let session = Session::connect(url.as_str()).await.unwrap();
            let lists = Some(KeptLists::in_folder(folder.path()));
            let (rows, _) = session.list_keeping("order", Registry::default(), lists).await.unwrap();
            let sent = meter.sent();
            assert!(sent < 50_000, "{user}: {sent} bytes");
            assert_eq!(rows, session.list("order").await.unwrap());
        }
    });
}
