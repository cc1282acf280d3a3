//! An order that exists is reached by its id to the byte, whatever the rules for new ids say.

use super::Service;
use crate::run;
use eventstore::AppendToStreamOptions;
use http_body_util::{BodyExt, Full};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};

/// Ids that no new order may have, and some that it may.
fn ids() -> Vec<String> {
    let odd = [
        "",
        "a b",
        " lead",
        "trail ",
        "line\nbreak",
        "a/b",
        "/",
        "100%",
        "%2F",
        "a\tb",
        "订单 7",
        "a+b",
        "?",
        "#1",
        ".",
    ];
    odd.into_iter().map(str::to_owned).chain(["x".repeat(300), "\u{0}".to_owned()]).collect()
}

fn encoded(id: &str) -> String {
    utf8_percent_encode(id, NON_ALPHANUMERIC).to_string()
}

impl Service {
    /// Places an order in the database itself.
    async fn place(&self, id: &str) {
        let data = json!({"OrderID": id, "UserID": "u", "Total": 1});
        let event = eventstore::EventData::json("OrderCreated", &data).unwrap().id(uuid::Uuid::new_v4());
        let stream = format!("order-{id}");
        self.database().append_to_stream(stream, &AppendToStreamOptions::default(), event).await.unwrap();
    }
}

#[test]
fn an_order_with_any_id_is_read_followed_and_paid() {
    run(async {
        let service = Service::start().await;
        for id in ids() {
            service.place(&id).await;
            let path = format!("/orders/{}", encoded(&id));
            let order = service.get(&path).await;
            assert_eq!(
                (order.status, &order.body["state"]["ID"]),
                (200, &Value::from(&*id)),
                "{}",
                order.body
            );
            assert_eq!(order.text("order_id"), id);
            assert_eq!(service.get(&format!("{path}?at=0")).await.status, 200, "{id:?}");
            let follow = http::Request::get(format!("{}{path}/events", service.base))
                .header("accept", "text/event-stream")
                .body(Full::default());
            let mut followed = service.client.request(follow.unwrap()).await.unwrap().into_body();
            let paid = service.pay(&encoded(&id), &[]).await;
            assert_eq!((paid.status, paid.text("order_id")), (200, &*id), "{}", paid.body);
            let mut seen = String::new();
            while !seen.contains("OrderPaid") {
                seen +=
                    &String::from_utf8_lossy(followed.frame().await.unwrap().unwrap().data_ref().unwrap());
            }
            assert_eq!(service.types(&encoded(&id)).await, ["OrderCreated", "OrderPaid"], "{id:?}");
            assert_eq!(service.pay(&encoded(&id), &[]).await.status, 422, "{id:?}");
        }
    });
}

#[test]
fn the_pages_of_the_list_join_at_any_id() {
    run(async {
        let service = Service::start().await;
        let mut all = ids();
        for id in &all {
            service.place(id).await;
        }
        all.sort();
        let (mut seen, mut path) = (Vec::new(), "/orders?limit=1".to_owned());
        loop {
            let page = service.get(&path).await;
            assert_eq!(page.status, 200, "{path} {}", page.body);
            let orders = page.body["orders"].as_array().unwrap();
            seen.extend(orders.iter().map(|order| order["order_id"].as_str().unwrap().to_owned()));
            let Some(next) = page.body["next"].as_str() else { break };
            path = format!("/orders?limit=1&after={}", encoded(next));
        }
        assert_eq!(seen, all);
    });
}

#[test]
fn what_is_no_text_is_invalid_and_what_is_no_order_is_missing() {
    run(async {
        let service = Service::start().await;
        for path in [
            "/orders/%FF",
            "/orders/a%C3/events",
            "/orders?after=%FF",
            "/orders?user=%80",
            "/orders/a?at=%FF",
        ] {
            let answer = service.get(path).await;
            assert_eq!((answer.status, answer.text("error")), (400, "invalid request"), "{path}");
        }
        assert_eq!(service.pay("%FF", &[]).await.status, 400);
        for path in ["/orders/", "/orders//events", "/orders/a%20b", "/orders/%20/events"] {
            let answer = service.get(path).await;
            assert_eq!((answer.status, answer.text("error")), (404, "not found"), "{path}");
            assert!(answer.text("detail").contains("There is no order"), "{}", answer.body);
        }
        assert_eq!(service.pay("", &[]).await.status, 404);
    });
}
