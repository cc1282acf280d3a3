//! The standard projections: what they say of themselves, and how they are stopped, started, reset and changed.

use super::basics::{events, start};
use super::grpc::{Answer, Caller, field, number, numeral, part, text};
use crate::run;
use eventstore::{AppendToStreamOptions, Client, ReadAllOptions, ReadStreamOptions, StreamPosition};
use hindsight::node::{Config, Node, Security, Storage, User};
use hindsight::store::Session;

const PROJECTIONS: &str = "event_store.client.projections.Projections";
const OK: Option<u8> = Some(0);
const UNKNOWN: Option<u8> = Some(2);
const NOT_FOUND: Option<u8> = Some(5);
const DENIED: Option<u8> = Some(7);
const UNIMPLEMENTED: Option<u8> = Some(12);
const STANDARD: [&str; 5] =
    ["$streams", "$stream_by_category", "$by_category", "$by_event_type", "$by_correlation_id"];

async fn ask(caller: &Caller, method: &str, options: impl AsRef<[u8]>) -> Answer {
    caller.call(PROJECTIONS, method, &[field(1, options)]).await
}

async fn changed(caller: &Caller, method: &str, options: impl AsRef<[u8]>) {
    let answer = ask(caller, method, options).await;
    assert_eq!((answer.status(), answer.messages.len()), (OK, 1), "{method} {answer:?}");
}

/// Name and status of each projection that an answer tells of.
fn told(answer: &Answer) -> Vec<(String, String)> {
    let details = answer.messages.iter().map(|message| part(message, 1).unwrap());
    details.map(|d| (text(&d, 10).unwrap(), text(&d, 8).unwrap())).collect()
}

async fn status(caller: &Caller, name: &str) -> String {
    told(&ask(caller, "Statistics", field(1, name)).await).remove(0).1
}

/// What the links of a stream that is there say, with their revisions.
async fn links(client: &Client, stream: &str) -> Vec<(u64, String)> {
    let options = ReadStreamOptions::default().position(StreamPosition::Start);
    let (mut read, mut seen) = (client.read_stream(stream, &options).await.unwrap(), Vec::new());
    while let Some(link) = read.next().await.unwrap() {
        let link = link.get_original_event();
        seen.push((link.revision, String::from_utf8_lossy(&link.data).into_owned()));
    }
    seen
}

fn says(expected: &[(u64, &str)]) -> Vec<(u64, String)> {
    expected.iter().map(|(revision, link)| (*revision, (*link).to_owned())).collect()
}

async fn append(client: &Client, stream: &str) {
    client.append_to_stream(stream, &AppendToStreamOptions::default(), events(1)).await.unwrap();
}

/// Position and stream of every record.
async fn all(client: &Client) -> Vec<(u64, String)> {
    let options = ReadAllOptions::default().position(StreamPosition::Start);
    let (mut read, mut seen) = (client.read_all(&options).await.unwrap(), Vec::new());
    while let Some(event) = read.next().await.unwrap() {
        let event = event.get_original_event();
        seen.push((event.position.commit, event.stream_id.clone()));
    }
    seen
}

#[test]
fn statistics_tell_of_the_standard_projections() {
    run(async {
        let node = Node::start(Config::default()).await.unwrap();
        let caller = Caller::new(node.address());
        let running: Vec<_> =
            STANDARD.iter().map(|name| ((*name).to_owned(), "Running".to_owned())).collect();
        for all in [field(2, ""), field(4, ""), Vec::new()] {
            assert_eq!(told(&ask(&caller, "Statistics", all).await), running);
        }
        for none in [field(3, ""), field(5, "")] {
            let answer = ask(&caller, "Statistics", none).await;
            assert_eq!((answer.status(), answer.messages.len()), (OK, 0));
        }
        let one = ask(&caller, "Statistics", field(1, "$by_category")).await;
        let details = part(&one.messages[0], 1).unwrap();
        let at = text(&details, 12).unwrap();
        assert!(at.starts_with("C:") && at.contains("/P:"), "{at}");
        assert_eq!((text(&details, 14), text(&details, 11)), (Some(at), Some("Continuous".to_owned())));
        assert_eq!(
            (numeral(&details, 2), numeral(&details, 3)),
            (Some(1), Some(u64::MAX)),
            "version and epoch"
        );
        assert_eq!(caller.call(PROJECTIONS, "Statistics", &[Vec::new()]).await.status(), UNKNOWN);
        for method in ["State", "Result"] {
            let answer = ask(&caller, method, field(1, "$streams")).await;
            assert_eq!((answer.status(), answer.messages), (OK, vec![field(1, field(5, ""))]), "{method}");
        }
    });
}

#[test]
fn a_name_of_none_is_not_found() {
    run(async {
        let node = Node::start(Config::default()).await.unwrap();
        let caller = Caller::new(node.address());
        for method in ["Statistics", "Enable", "Disable", "Reset", "Update", "Delete", "State", "Result"] {
            let answer = ask(&caller, method, field(1, "none")).await;
            assert_eq!(
                (answer.status(), answer.message().as_str()),
                (NOT_FOUND, "Projection 'none' not found")
            );
            assert_eq!(answer.trailer("exception"), None, "{method}");
        }
    });
}

#[test]
fn there_are_no_projections_of_users() {
    run(async {
        let node = Node::start(Config::default()).await.unwrap();
        let caller = Caller::new(node.address());
        let continuous = |name: &str| [field(3, field(1, name)), field(4, "fromAll()")].concat();
        let mine = ask(&caller, "Create", continuous("mine")).await;
        assert_eq!(mine.status(), UNIMPLEMENTED);
        assert!(mine.message().contains("no projections but the standard ones"), "{}", mine.message());
        let refused = |received| format!("Envelope callback expected Updated, received {received} instead");
        let standard = ask(&caller, "Create", continuous("$by_category")).await;
        assert_eq!((standard.status(), standard.message()), (UNKNOWN, refused("Conflict")));
        let nameless = ask(&caller, "Create", continuous("")).await;
        assert_eq!((nameless.status(), nameless.message()), (UNKNOWN, refused("OperationFailed")));
        let deleted = ask(&caller, "Delete", field(1, "$streams")).await;
        assert_eq!((deleted.status(), deleted.message()), (UNKNOWN, refused("OperationFailed")));
        for (name, query) in
            [("$streams", "first\n-"), ("$by_category", "fromAll()"), ("$by_category", "first\n--")]
        {
            let answer = ask(&caller, "Update", [field(1, name), field(2, query)].concat()).await;
            assert_eq!(answer.status(), UNIMPLEMENTED, "{name} {query}");
            assert!(answer.message().contains("separator of categories"), "{}", answer.message());
        }
    });
}

#[test]
fn a_disabled_projection_writes_nothing_until_it_catches_up() {
    run(async {
        let (node, client) = start(Config::default()).await;
        let caller = Caller::new(node.address());
        append(&client, "order-1").await;
        changed(&caller, "Disable", [field(1, "$by_category"), number(2, 1)].concat()).await;
        changed(&caller, "Disable", field(1, "$by_category")).await;
        assert_eq!(status(&caller, "$by_category").await, "Stopped", "disabled twice is disabled once");
        append(&client, "order-2").await;
        append(&client, "order-1").await;
        assert_eq!(links(&client, "$ce-order").await, says(&[(0, "0@order-1")]));
        assert_eq!(
            links(&client, "$category-order").await,
            says(&[(0, "order-1"), (1, "order-2")]),
            "others go on"
        );
        let behind = ask(&caller, "Statistics", field(1, "$by_category")).await;
        let running = ask(&caller, "Statistics", field(1, "$streams")).await;
        let position = |answer: &Answer| text(&part(&answer.messages[0], 1).unwrap(), 12);
        assert_ne!(position(&behind), position(&running), "a client can tell that it is behind");

        let before = all(&client).await;
        changed(&caller, "Enable", field(1, "$by_category")).await;
        changed(&caller, "Enable", field(1, "$by_category")).await;
        assert_eq!(status(&caller, "$by_category").await, "Running");
        let caught_up = says(&[(0, "0@order-1"), (1, "0@order-2"), (2, "1@order-1")]);
        assert_eq!(links(&client, "$ce-order").await, caught_up);
        let after = all(&client).await;
        assert_eq!(after[..before.len()], before, "what was read stays as it was");
        let late: Vec<_> = after[before.len()..].iter().map(|(_, stream)| stream.as_str()).collect();
        assert_eq!(late, ["$ce-order", "$ce-order"]);
        append(&client, "order-2").await;
        assert_eq!(links(&client, "$ce-order").await[3], (3, "1@order-2".to_owned()));
    });
}

#[test]
fn a_reset_hides_the_links_and_writes_them_anew() {
    run(async {
        let (node, client) = start(Config::default()).await;
        let caller = Caller::new(node.address());
        append(&client, "order-1").await;
        append(&client, "order-2").await;
        changed(&caller, "Reset", field(1, "$by_category")).await;
        assert_eq!(links(&client, "$ce-order").await, says(&[(2, "0@order-1"), (3, "0@order-2")]));
        assert_eq!(links(&client, "$et-Counted").await.len(), 2, "others are not");
        let metadata = links(&client, "$$$ce-order").await;
        assert_eq!(metadata, says(&[(1, r#"{"$tb":2,"$acl":{"$r":"$all","$mr":"$all"}}"#)]));
        let one = ask(&caller, "Statistics", field(1, "$by_category")).await;
        let details = part(&one.messages[0], 1).unwrap();
        // A zero is not sent.
        assert_eq!((numeral(&details, 2), numeral(&details, 3)), (Some(2), None), "version and epoch");
        let in_all = all(&client).await.iter().filter(|(_, stream)| stream == "$ce-order").count();
        assert_eq!(in_all, 4, "the old ones are still in $all");

        changed(&caller, "Disable", field(1, "$by_category")).await;
        assert_eq!(status(&caller, "$by_category").await, "Aborted/Stopped");
        changed(&caller, "Reset", field(1, "$by_category")).await;
        assert_eq!(links(&client, "$ce-order").await, says(&[]), "the stream is there and empty");
        changed(&caller, "Enable", field(1, "$by_category")).await;
        assert_eq!(links(&client, "$ce-order").await, says(&[(4, "0@order-1"), (5, "0@order-2")]));
    });
}

#[test]
fn the_separator_and_the_state_outlive_a_restart() {
    run(async {
        let folder = tempfile::tempdir().unwrap();
        let config = Config { storage: Storage::File(folder.path().join("s.db")), ..Config::default() };
        let (node, client) = start(config.clone()).await;
        let caller = Caller::new(node.address());
        append(&client, "order-eu-1").await;
        changed(&caller, "Update", [field(1, "$by_category"), field(2, "last\n-")].concat()).await;
        append(&client, "order-eu-2").await;
        assert_eq!(links(&client, "$ce-order").await, says(&[(0, "0@order-eu-1")]), "what is linked stays");
        assert_eq!(links(&client, "$ce-order-eu").await, says(&[(0, "0@order-eu-2")]));
        changed(&caller, "Disable", [field(1, "$streams"), number(2, 1)].concat()).await;
        append(&client, "order_1").await;
        let before = all(&client).await;
        drop(client);
        node.shutdown().await;

        let (node, client) = start(config.clone()).await;
        let caller = Caller::new(node.address());
        assert_eq!(all(&client).await, before);
        assert_eq!(status(&caller, "$streams").await, "Stopped");
        changed(&caller, "Reset", field(1, "$by_category")).await;
        let rebuilt = says(&[(1, "0@order-eu-1"), (2, "0@order-eu-2")]);
        assert_eq!(links(&client, "$ce-order").await, says(&[]));
        assert_eq!(links(&client, "$ce-order-eu").await, says(&[(1, "0@order-eu-1"), (2, "0@order-eu-2")]));
        changed(&caller, "Enable", field(1, "$streams")).await;
        let streams = links(&client, "$streams").await;
        assert_eq!(streams.iter().filter(|(_, link)| link == "0@order_1").count(), 1);
        drop(client);
        node.shutdown().await;

        let (_node, client) = start(config).await;
        assert_eq!(
            (links(&client, "$ce-order-eu").await, links(&client, "$streams").await),
            (rebuilt, streams)
        );
    });
}

#[test]
fn a_reset_of_the_sandbox_starts_all_projections_as_new() {
    run(async {
        let (node, client) = start(Config::default()).await;
        let caller = Caller::new(node.address());
        append(&client, "order-1").await;
        changed(&caller, "Update", [field(1, "$by_category"), field(2, "last\n_")].concat()).await;
        changed(&caller, "Disable", field(1, "$by_category")).await;
        node.reset().await.unwrap();
        assert_eq!(status(&caller, "$by_category").await, "Running");
        append(&client, "order-2").await;
        assert_eq!(links(&client, "$ce-order").await, says(&[(0, "0@order-2")]));
    });
}

#[test]
fn who_logged_in_may_change_them_and_operators_restart_them() {
    run(async {
        let user = |name: &str, admin| User { name: name.into(), password: "changeit".into(), admin };
        let users = vec![user("admin", true), user("ops", false), user("ann", false)];
        let node =
            Node::start_secured(Config::default(), Security { users, ..Security::default() }).await.unwrap();
        let nobody = Caller::new(node.address());
        let login = |login| nobody.clone().login(login);
        let (ops, ann) = (login("ops:changeit"), login("ann:changeit"));
        for method in ["Statistics", "Disable", "Enable", "Reset", "State", "Result"] {
            let asked = async |caller: &Caller| ask(caller, method, field(1, "$by_category")).await.status();
            let seen = [asked(&ops).await, asked(&ann).await, asked(&nobody).await];
            assert_eq!(seen, [OK, OK, DENIED], "{method}");
        }
        let restarted = async |caller: &Caller| {
            caller.call(PROJECTIONS, "RestartSubsystem", &[Vec::new()]).await.status()
        };
        assert_eq!(
            [restarted(&ops).await, restarted(&ann).await, restarted(&nobody).await],
            [OK, DENIED, DENIED]
        );
    });
}

#[test]
fn a_list_from_links_is_as_late_as_its_projection() {
    run(async {
        let user = |name: &str, admin| User { name: name.into(), password: "changeit".into(), admin };
        let users = vec![user("admin", true), user("ann", false)];
        let node =
            Node::start_secured(Config::default(), Security { users, ..Security::default() }).await.unwrap();
        let caller = Caller::new(node.address()).login("admin:changeit");
        let url = node.connection_string().replace("esdb://", "esdb://ann:changeit@");
        let session = Session::connect(&url).await.unwrap();
        let client = Client::new(url.parse().unwrap()).unwrap();
        append(&client, "order-1").await;
        changed(&caller, "Disable", field(1, "$by_category")).await;
        append(&client, "order-2").await;
        let listed = async || {
            let rows = session.list("order").await.unwrap();
            rows.iter().map(|row| row.stream.as_str().to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(listed().await, ["order-1"], "the list cannot know of what is not linked");
        changed(&caller, "Enable", field(1, "$by_category")).await;
        assert_eq!(listed().await, ["order-1", "order-2"]);
    });
}
