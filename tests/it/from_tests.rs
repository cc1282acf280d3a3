//! How a test in Rust uses the sandbox, as the README shows it.

use eventstore::{AppendToStreamOptions, EventData, ExpectedRevision};
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

mod process {
    use super::*;

    #[tokio::test]
    async fn an_order_is_created() -> Result<(), Box<dyn std::error::Error>> {
        let serve = ["serve", "--memory", "--listen", "localhost:0", "--exit-with-stdin"];
        let mut command = Command::new(env!("CARGO_BIN_EXE_hindsight"));
        let mut node = command.args(serve).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let mut url = String::new();
        BufReader::new(node.stdout.take().unwrap()).read_line(&mut url)?;
        let client = eventstore::Client::new(url.trim().parse()?)?;
        let options = AppendToStreamOptions::default().expected_revision(ExpectedRevision::NoStream);
        let created = EventData::json("OrderCreated", &serde_json::json!({ "OrderID": "1" }))?;
        assert_eq!(client.append_to_stream("order-1", &options, created).await?.next_expected_version, 0);
        drop(node.stdin.take());
        assert!(node.wait()?.success());
        Ok(())
    }
}

mod library {
    use super::*;

    #[tokio::test]
    async fn an_order_is_created() -> Result<(), Box<dyn std::error::Error>> {
        use hindsight::node::{Config, Node};
        let node = Node::start(Config::default()).await?; // 127.0.0.1, any free port, in memory
        let client = eventstore::Client::new(node.connection_string().parse()?)?;
        let created = EventData::json("OrderCreated", &serde_json::json!({ "OrderID": "1" }))?;
        client.append_to_stream("order-1", &AppendToStreamOptions::default(), created).await?;
        node.shutdown().await;
        Ok(())
    }
}

#[test]
fn the_readme_shows_these_tests_as_they_are() {
    let without_spaces = |text: &str| text.split_whitespace().collect::<String>();
    let here = include_str!("from_tests.rs").replace("env!(\"CARGO_BIN_EXE_hindsight\")", "\"hindsight\"");
    let readme = include_str!("../../README.md");
    let shown: Vec<_> =
        readme.split("```rust\n").skip(1).filter_map(|text| text.split("```").next()).collect();
    assert_eq!(shown.len(), 2);
    for test in shown {
        assert!(without_spaces(&here).contains(&without_spaces(test)), "{test}");
    }
}
