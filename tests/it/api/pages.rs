//! The list of orders, a page at a time.

use super::{Answer, Service};
use crate::run;
use eventstore::DeleteStreamOptions;
use futures::StreamExt;
use std::collections::BTreeSet;

const FILTERS: [&str; 2] = ["", "status=unpaid&user=user123&"];

fn ids(page: &Answer) -> Vec<String> {
    let orders = page.body["orders"].as_array().unwrap();
    orders.iter().map(|order| order["order_id"].as_str().unwrap().to_owned()).collect()
}

/// The path of the next page, which the body's cursor leads to as well.
fn next(page: &Answer) -> Option<String> {
    let link = page.headers.get("link").map(|link| link.to_str().unwrap());
    let path = link.map(|link| {
        let (path, relation) = link.strip_prefix('<').unwrap().split_once('>').unwrap();
        assert_eq!(relation, "; rel=\"next\"");
        path.to_owned()
    });
    let cursor = path.as_deref().map(|path| path.rsplit_once("&after=").unwrap().1);
    assert_eq!(page.body["next"].as_str(), cursor);
    path
}

#[test]
fn the_list_is_paged_and_filtered() {
    run(async {
        let service = Service::start().await;
        let all: Vec<String> = futures::stream::iter(0..5).then(|_| service.create()).collect().await;
        service.pay(&all[2], &[]).await;
        assert_eq!(ids(&service.get("/orders?status=paid&user=user123").await), [all[2].clone()]);
        assert!(ids(&service.get("/orders?user=nobody").await).is_empty());
        let (mut seen, mut path) = (Vec::new(), Some("/orders?limit=2".to_owned()));
        while let Some(at) = path {
            let page = service.get(&at).await;
            seen.extend(ids(&page));
            path = next(&page);
        }
        let mut sorted = all.clone();
        sorted.sort();
        assert_eq!(seen, sorted);
    });
}

/// Numbers that look random, the same in every run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % end
    }
}

/// Orders that were changed while the pages were read.
#[derive(Default)]
struct Changed {
    paid: BTreeSet<String>,
    deleted: BTreeSet<String>,
}

/// Creates, pays and deletes orders; often the last one that was listed, which the cursor is at.
async fn change(
    service: &Service,
    numbers: &mut Numbers,
    all: &mut Vec<String>,
    last: &str,
    to: &mut Changed,
) {
    for _ in 0..3 {
        let any = all[numbers.below(all.len())].clone();
        let id = if numbers.below(2) == 0 { last.to_owned() } else { any };
        match numbers.below(3) {
            0 => {
                let id = format!("{:02}-new{}", numbers.below(60), all.len());
                service.create_with(&id).await;
                all.push(id);
            }
            1 => {
                // A paid or deleted one refuses, which changes nothing.
                service.pay(&id, &[]).await;
                to.paid.insert(id);
            }
            _ => {
                let options = DeleteStreamOptions::default();
                let stream = format!("order-{id}");
                if to.deleted.insert(id) {
                    service.database().delete_stream(stream, &options).await.unwrap();
                }
            }
        }
    }
}

#[test]
fn no_order_is_missed_or_listed_twice_whatever_changes_between_the_pages() {
    run(async {
        let first: Vec<String> = (0..14).map(|n| format!("{:02}", n * 4)).collect();
        for seed in 0..4 {
            for filter in FILTERS {
                let (service, mut numbers) = (Service::start().await, Numbers(seed));
                for id in &first {
                    service.create_with(id).await;
                }
                let (mut all, mut changed) = (first.clone(), Changed::default());
                let (mut seen, mut path) = (Vec::new(), Some(format!("/orders?{filter}limit=3")));
                while let Some(at) = path {
                    let page = service.get(&at).await;
                    assert_eq!(page.status, 200, "{at}: {}", page.body);
                    seen.extend(ids(&page));
                    path = next(&page);
                    let last = seen.last().cloned().unwrap_or_default();
                    change(&service, &mut numbers, &mut all, &last, &mut changed).await;
                }
                let mut sorted = seen.clone();
                sorted.sort();
                sorted.dedup();
                assert_eq!(seen, sorted, "seed {seed} {filter}: twice or out of order");
                // A deleted order stays in the list without a filter, where its status says so.
                let missed = first.iter().filter(|id| !seen.contains(id));
                let stayed = |id: &&String| {
                    filter.is_empty() || !changed.paid.contains(*id) && !changed.deleted.contains(*id)
                };
                assert_eq!(missed.filter(stayed).collect::<Vec<_>>(), [""; 0], "seed {seed} {filter}");
            }
        }
    });
}

#[test]
fn what_is_no_cursor_is_refused_with_what_to_do() {
    run(async {
        let service = Service::start().await;
        // An id, no base64, no text, and a stream of another category.
        for bad in ["", "user123", "b3JkZXIt=", "%2B%2F", "_w", "YWNjb3VudC0x"] {
            let answer = service.get(&format!("/orders?after={bad}")).await;
            assert_eq!((answer.status, answer.text("error")), (400, "invalid request"), "{bad}");
            let detail = answer.text("detail");
            assert!(detail.contains("after is no cursor") && detail.contains("`next`"), "{detail}");
        }
        // The empty id is one that an order can have.
        assert_eq!(service.get("/orders?after=b3JkZXIt").await.status, 200);
    });
}
