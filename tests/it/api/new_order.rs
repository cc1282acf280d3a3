//! What `POST /orders` takes and what it refuses.

use super::{Answer, Service};
use crate::run;
use eventstore::{DeleteStreamOptions, TombstoneStreamOptions};
use serde_json::Value;

impl Service {
    async fn post(&self, key: Option<&str>, body: &str) -> Answer {
        let key = key.map(|key| ("idempotency-key", key));
        self.send("POST", "/orders", key.as_slice(), body).await
    }

    async fn listed(&self) -> Vec<String> {
        let page = self.get("/orders").await;
        let orders = page.body["orders"].as_array().unwrap();
        orders.iter().map(|order| order["order_id"].as_str().unwrap().to_owned()).collect()
    }
}

#[test]
fn an_order_takes_the_id_that_it_is_given() {
    run(async {
        let service = Service::start().await;
        for (name, id, place) in [
            ("OrderID", "1001", "/orders/1001"),
            ("orderid", "a/b%c?d", "/orders/a%2Fb%25c%3Fd"),
            ("ORDERID", "订单", "/orders/%E8%AE%A2%E5%8D%95"),
            ("OrderId", "a-b_c.d~e", "/orders/a-b_c.d~e"),
        ] {
            let made = service.post(None, &format!(r#"{{"{name}":"{id}","UserID":"u","Total":1}}"#)).await;
            assert_eq!((made.status, made.text("order_id")), (200, id), "{}", made.body);
            assert_eq!(made.headers["location"], place);
            let order = service.get(place).await;
            assert_eq!(order.body["state"]["ID"], id, "{}", order.body);
        }
        let again = service.post(None, r#"{"OrderID":"1001","UserID":"u","Total":1}"#).await;
        assert_eq!((again.status, again.text("error")), (422, "refused"), "{}", again.body);
        assert!(again.text("detail").contains("already exists"), "{}", again.body);
        assert_eq!(service.types("1001").await, ["OrderCreated"]);
        let generated = service.post(None, r#"{"UserID":"u","Total":1}"#).await;
        assert!(uuid::Uuid::parse_str(generated.text("order_id")).is_ok());
    });
}

#[test]
fn a_deleted_id_can_be_created_again_and_a_tombstoned_one_is_gone() {
    run(async {
        let service = Service::start().await;
        let body = r#"{"OrderID":"7","UserID":"u","Total":1}"#;
        assert_eq!(service.post(None, body).await.status, 200);
        service.database().delete_stream("order-7", &DeleteStreamOptions::default()).await.unwrap();
        assert_eq!(service.post(None, body).await.status, 200);
        service.database().tombstone_stream("order-7", &TombstoneStreamOptions::default()).await.unwrap();
        assert_eq!(service.post(None, body).await.status, 410);
    });
}

#[test]
fn a_field_that_is_no_part_of_an_order_is_refused_by_name() {
    run(async {
        let service = Service::start().await;
        let known = "An order has OrderID, UserID and Total.";
        for (body, detail) in [
            (
                r#"{"UserID":"u","Total":1,"Colour":"red"}"#,
                &*format!("The field Colour is not known. {known}"),
            ),
            (r#"{"":0,"UserID":"u","Total":1}"#, "The field  is not known."),
            (r#"{"UserID":"u","Total":1,"Paid":true}"#, "The field Paid is not known."),
            (r#"{"UserID":"u","UserID":"u","Total":1}"#, "The field UserID is given twice."),
            (r#"{"UserID":"u","userid":"v","Total":1}"#, "The field UserID is given twice."),
            (r#"{"UserID":"u","Total":1,"TOTAL":1}"#, "The field Total is given twice."),
            (r#"{"OrderID":"a","OrderId":"a","UserID":"u","Total":1}"#, "The field OrderID is given twice."),
            (r#"{"UserID":null,"Total":1}"#, "The field UserID is null."),
            (r#"{"UserID":"u","Total":null}"#, "The field Total is null."),
            (r#"{"OrderID":null,"UserID":"u","Total":1}"#, "The field OrderID is null."),
            (r#"{"OrderID":7,"UserID":"u","Total":1}"#, "OrderID is no string."),
            (r#"{"OrderID":"","UserID":"u","Total":1}"#, "The order id is empty."),
            (r#"{"OrderID":" a","UserID":"u","Total":1}"#, r#"The order id " a" contains a space."#),
            (r#"{"OrderID":"a\n","UserID":"u","Total":1}"#, "The order id contains a control character."),
            (r#"{"OrderID":"a b","UserID":"u","Total":1}"#, r#"The order id "a b" contains a space."#),
            (
                r#"{"OrderID":"a\u0000b","UserID":"u","Total":1}"#,
                "The order id contains a control character.",
            ),
            (r#"{"Total":1}"#, "The field UserID is missing."),
            (r#"{"UserID":"u"}"#, "The field Total is missing."),
        ] {
            let answer = service.post(None, body).await;
            assert_eq!((answer.status, answer.text("error")), (400, "invalid request"), "{body}");
            assert!(answer.text("detail").starts_with(detail), "{body}: {}", answer.body);
        }
        let long = format!(r#"{{"OrderID":"{}","UserID":"u","Total":1}}"#, "x".repeat(201));
        assert_eq!(service.post(None, &long).await.status, 400);
        assert!(service.listed().await.is_empty());
    });
}

#[test]
fn a_key_makes_the_same_order_once() {
    run(async {
        let service = Service::start().await;
        let (a, b) =
            (r#"{"OrderID":"a","UserID":"u","Total":1}"#, r#"{"OrderID":"b","UserID":"u","Total":1}"#);
        let first = service.post(Some("k"), a).await;
        assert_eq!(first.status, 200, "{}", first.body);
        let service = service.restarted("127.0.0.1:0", |api| api).await;
        for _ in 0..2 {
            let again = service.post(Some("k"), a).await;
            assert_eq!((again.status, &again.body), (200, &first.body));
        }
        let refused = service.post(Some("k"), r#"{"OrderID":"a","UserID":"u","Total":2}"#).await;
        assert_eq!((refused.status, refused.text("error")), (422, "refused"));
        assert!(refused.text("detail").contains("Idempotency-Key"), "{}", refused.body);
        let generated = service.post(Some("g"), r#"{"UserID":"u","Total":1}"#).await;
        assert_eq!(generated.status, 200);
        let own = format!(r#"{{"OrderID":"{}","UserID":"u","Total":1}}"#, generated.text("order_id"));
        assert_eq!(service.post(Some("g"), &own).await.body, generated.body, "the id that the key made");
        // A refused request leaves its key free.
        assert_eq!(service.post(Some("n"), a).await.status, 422, "the order exists");
        assert_eq!(service.post(Some("n"), b).await.status, 200);
        let mut all = vec!["a".to_owned(), "b".to_owned(), generated.text("order_id").to_owned()];
        all.sort();
        assert_eq!(service.listed().await, all);
    });
}

#[test]
fn of_keyed_requests_at_once_each_is_answered_as_the_first() {
    run(async {
        let service = Service::start().await;
        let posts = (0..32).map(|n| {
            let service = &service;
            let body = format!(r#"{{"OrderID":"{}","UserID":"u","Total":1}}"#, n % 8);
            async move { service.post(Some("k"), &body).await.status }
        });
        let statuses: Vec<u16> = futures::future::join_all(posts).await;
        assert_eq!(service.listed().await.len(), 8, "{statuses:?}");
        assert!(statuses.iter().all(|status| *status == 200), "{statuses:?}");
    });
}

#[test]
fn a_total_keeps_every_digit_beside_an_id() {
    run(async {
        let service = Service::start().await;
        let made = service.post(None, r#"{"Total":9007199254740993.25,"OrderID":"d","UserID":" u "}"#).await;
        assert_eq!(made.status, 200);
        let order = service.get("/orders/d").await;
        assert_eq!(order.body["state"]["UserID"], Value::from(" u "), "as it was given");
    });
}
