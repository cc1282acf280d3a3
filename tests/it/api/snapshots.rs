//! Snapshots spare a long history; they never change an answer.

use super::Service;
use crate::run;
use eventstore::AppendToStreamOptions;
use serde_json::Value;
use std::path::PathBuf;

impl Service {
    /// Appends so many events that fold to nothing.
    async fn annotate(&self, stream: &str, notes: usize) {
        let note = |_| {
            let note = eventstore::EventData::json("OrderNoteAdded", &serde_json::json!({})).unwrap();
            note.id(uuid::Uuid::new_v4())
        };
        let notes: Vec<_> = (0..notes).map(note).collect();
        self.database().append_to_stream(stream, &AppendToStreamOptions::default(), notes).await.unwrap();
    }

    fn snapshot_files(&self) -> Vec<PathBuf> {
        let folder = std::fs::read_dir(self.folder.path().join("snapshots"));
        folder.map(|files| files.map(|file| file.unwrap().path()).collect()).unwrap_or_default()
    }

    /// The one snapshot there is.
    #[track_caller]
    fn snapshot(&self) -> Value {
        let files = self.snapshot_files();
        assert_eq!(files.len(), 1, "{files:?}");
        serde_json::from_slice(&std::fs::read(&files[0]).unwrap()).unwrap()
    }
}

#[test]
fn a_snapshot_that_lies_is_dropped() {
    run(async {
        let service = Service::start().await;
        let id = service.create().await;
        service.annotate(&format!("order-{id}"), 1500).await;
        let path = format!("/orders/{id}");
        let truth = service.get(&path).await.body;
        let file = service.snapshot_files().remove(0);
        let kept = std::fs::read_to_string(&file).unwrap();
        // Another total, honestly proven: the snapshot is what answers.
        std::fs::write(&file, kept.replace("99.90", "5")).unwrap();
        assert_eq!(service.get(&path).await.body["state"]["Total"], 5);
        // Another event at its revision: the events are what answers, and the file goes.
        let mut lie: Value = serde_json::from_str(&kept.replace("99.90", "5")).unwrap();
        lie["event_id"] = uuid::Uuid::new_v4().to_string().into();
        std::fs::write(&file, lie.to_string()).unwrap();
        assert_eq!(service.get(&path).await.body, truth);
        assert!(std::fs::read_to_string(&file).unwrap().contains("99.90"), "a true one takes its place");
        let unsound = [
            "{".to_owned(),
            kept.replace("99.90", r#""much""#),
            kept.replace(&format!(r#""ID":"{id}""#), r#""ID":"other""#),
            {
                let mut lie: Value = serde_json::from_str(&kept).unwrap();
                lie["state"] = Value::Null;
                lie.to_string()
            },
        ];
        for damaged in unsound {
            assert_ne!(damaged, kept);
            std::fs::write(&file, &damaged).unwrap();
            assert_eq!(service.get(&path).await.body, truth, "{damaged}");
            assert_eq!(service.snapshot()["revision"], 1500, "a true one takes its place");
        }
    });
}

#[test]
fn a_read_of_an_earlier_revision_keeps_the_newer_snapshot() {
    run(async {
        let service = Service::start().await;
        let id = service.create().await;
        let stream = format!("order-{id}");
        service.annotate(&stream, 3000).await;
        let path = format!("/orders/{id}");
        let early = service.get(&format!("{path}?at=1200")).await;
        assert_eq!((early.status, &early.body["revision"]), (200, &1200.into()));
        assert_eq!(service.snapshot()["revision"], 1200);
        assert_eq!(service.get(&path).await.body["revision"], 3000);
        assert_eq!(service.snapshot()["revision"], 3000);
        for at in [1100, 1500, 2999] {
            assert_eq!(service.get(&format!("{path}?at={at}")).await.body["revision"], at);
            assert_eq!(service.snapshot()["revision"], 3000, "after a read at {at}");
        }
        let service = service.restarted("127.0.0.1:0", |api| api).await;
        assert_eq!(service.get(&format!("{path}?at=2000")).await.body["revision"], 2000);
        assert_eq!(service.snapshot()["revision"], 3000, "after a restart");
        assert_eq!(service.get(&path).await.body["revision"], 3000);
    });
}

#[test]
fn of_snapshots_saved_at_once_the_newest_is_kept() {
    run(async {
        let service = Service::start().await;
        let id = service.create().await;
        service.annotate(&format!("order-{id}"), 3000).await;
        for _ in 0..10 {
            let reads = (0..16).map(|n| {
                let (service, id) = (&service, &id);
                // The newest is asked for first: it is the others that come late.
                let at = if n == 0 { 3000 } else { 3000 - n * 100 };
                async move { service.get(&format!("/orders/{id}?at={at}")).await.status }
            });
            assert_eq!(futures::future::join_all(reads).await, [200; 16]);
            assert_eq!(service.snapshot()["revision"], 3000);
            std::fs::remove_file(&service.snapshot_files()[0]).unwrap();
        }
    });
}

#[test]
fn no_snapshot_is_kept_of_what_is_no_order() {
    run(async {
        let service = Service::start().await;
        service.annotate("order-notes", 1500).await;
        let notes = service.get("/orders/notes").await;
        assert_eq!((notes.status, &notes.body["state"]), (200, &Value::Null));
        assert_eq!(service.snapshot_files(), Vec::<PathBuf>::new());
        let id = service.create().await;
        let link = |at: usize| {
            let link = eventstore::EventData::binary("$>", format!("{}@order-{id}", at % 2).into());
            link.id(uuid::Uuid::new_v4())
        };
        let links: Vec<_> = (0..1500).map(link).collect();
        let options = AppendToStreamOptions::default();
        service.database().append_to_stream("order-links", &options, links).await.unwrap();
        assert_eq!(service.get("/orders/links").await.status, 200);
        assert_eq!(service.snapshot_files(), Vec::<PathBuf>::new());
        // A stray link in an order of its own changes nothing.
        service.database().append_to_stream(format!("order-{id}"), &options, link(0)).await.unwrap();
        service.annotate(&format!("order-{id}"), 1500).await;
        assert_eq!(service.pay(&id, &[]).await.status, 200);
        assert_eq!(service.snapshot()["revision"], 1501);
    });
}
