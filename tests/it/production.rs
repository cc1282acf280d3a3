//! The production guard: declared, not declared, or unreadable, which is guarded like production; the same in window, terminal and HTTP.

use crate::api::Service;
use crate::cli::{program, text};
use crate::run;
use crate::store::{created, paid};
use crate::window::Window;
use eventstore::{AppendToStreamOptions, Client, EventData};
use hindsight::node::{Config, Node, Security, User};
use hindsight::sentences::append_error;
use hindsight::store::{AppendError, Declaration, Guarded, Permit, Session};

pub fn client(url: &str) -> Client {
    Client::new(format!("{url}&discoveryInterval=0").parse().unwrap()).unwrap()
}

pub async fn write(url: &str, stream: &str, kind: &str, data: &str) {
    let event = match serde_json::from_str::<serde_json::Value>(data) {
        Ok(value) => EventData::json(kind, &value).unwrap(),
        Err(_) => EventData::binary(kind, data.to_owned().into()),
    };
    client(url).append_to_stream(stream, &AppendToStreamOptions::default(), event).await.unwrap();
}

/// A node on which ann may write orders and not read `$server-info`.
pub async fn guarded() -> Node {
    let user = |name: &str, admin| User { name: name.into(), password: "changeit".into(), admin };
    let security = Security { users: vec![user("admin", true), user("ann", false)], ..Security::default() };
    Node::start_secured(Config::default(), security).await.unwrap()
}

pub fn signed(node: &Node, name: &str) -> String {
    node.connection_string().replace("esdb://", &format!("esdb://{name}:changeit@"))
}

const PRODUCTION: &str = r#"{"name":"shop-eu","production":true}"#;

async fn events(session: &Session, stream: &str) -> usize {
    let mut count = 0;
    let stream = hindsight::record::StreamName::new(stream);
    session.read(&stream, |records| count += records.len()).await.unwrap();
    count
}

#[test]
fn what_cannot_be_read_is_guarded_until_a_person_says_otherwise() {
    run(async {
        let node = guarded().await;
        let ann = Session::connect(signed(&node, "ann")).await.unwrap();
        let refused = ann.writer().append(&created("a", "u"), Permit::NotProduction).await.unwrap_err();
        assert!(matches!(&refused, AppendError::Production(Guarded::Unreadable(_))), "{refused:?}");
        assert!(append_error(&refused).contains("may not do this"), "it says why: {refused:?}");
        assert_eq!(events(&ann, "order-a").await, 0);
        ann.writer().append(&created("a", "u"), Permit::Undeclared).await.unwrap();
        write(&signed(&node, "admin"), "$server-info", "$ServerInfo", PRODUCTION).await;
        // Not ann's to read: for her it stays undeclared, for the administrator it is declared.
        let admin = Session::connect(signed(&node, "admin")).await.unwrap();
        let refused = admin.writer().append(&paid("a", 0), Permit::Undeclared).await.unwrap_err();
        assert_eq!(refused, AppendError::Production(Guarded::Declared("shop-eu".into())));
        admin.writer().append(&paid("a", 0), Permit::Production).await.unwrap();
    });
}

#[test]
fn no_write_passes_the_guard_during_elections_and_on_followers() {
    run(async {
        let node = Node::start(Config::default()).await.unwrap();
        write(&node.connection_string(), "$server-info", "$ServerInfo", PRODUCTION).await;
        let follower = node.follower().await.unwrap();
        let urls = [node.connection_string(), format!("esdb://{follower}?tls=false")];
        let mut sent = 0;
        for round in 0..20 {
            for url in &urls {
                node.elect(false);
                node.lead(if round % 2 == 0 { follower } else { node.address() });
                let session = Session::connect(url.as_str()).await.unwrap();
                node.elect(round % 3 == 0);
                let append = created(&format!("{round}"), "u");
                let refused = session.writer().append(&append, Permit::NotProduction).await.unwrap_err();
                // While nobody can be asked it waits.
                let waits = matches!(&refused, AppendError::Failed(why) if why.passes());
                assert!(waits || matches!(refused, AppendError::Production(_)), "{refused:?}");
                sent += 1;
            }
        }
        node.elect(false);
        let session = Session::connect(node.connection_string()).await.unwrap();
        assert_eq!((sent, session.list("order").await.unwrap().len()), (40, 0));
    });
}

#[test]
fn a_write_waits_where_the_database_cannot_say_what_it_is_at_this_moment() {
    run(async {
        let node = Node::start(Config::default()).await.unwrap();
        let writer = Session::connect(node.connection_string()).await.unwrap().writer();
        node.elect(true);
        for _ in 0..2 {
            let refused = writer.append(&created("a", "u"), Permit::NotProduction).await.unwrap_err();
            assert!(matches!(&refused, AppendError::Failed(why) if why.passes()), "{refused:?}");
        }
        node.elect(false);
        assert_eq!(events(writer.session(), "order-a").await, 0);
        // At once: that nobody answered is not remembered.
        writer.append(&created("a", "u"), Permit::NotProduction).await.unwrap();
    });
}

#[test]
fn production_stays_production_over_a_lost_connection() {
    run(async {
        let folder = tempfile::tempdir().unwrap();
        let storage = hindsight::node::Storage::File(folder.path().join("s.db"));
        let config = Config { storage, ..Config::default() };
        let node = Node::start(config.clone()).await.unwrap();
        write(&node.connection_string(), "$server-info", "$ServerInfo", PRODUCTION).await;
        let writer = Session::connect(node.connection_string()).await.unwrap().writer();
        let declared = Declaration::Production("shop-eu".into());
        assert_eq!(writer.declaration().await, declared);
        node.elect(true);
        assert_eq!(writer.declaration().await, declared);
        node.shutdown().await;
        let refused = writer.append(&created("a", "u"), Permit::Undeclared).await.unwrap_err();
        assert_eq!(refused, AppendError::Production(Guarded::Declared("shop-eu".into())));
    });
}

#[test]
fn the_terminals_refusal_has_an_exit_code_of_its_own() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let node = runtime.block_on(guarded());
    let folder = tempfile::tempdir().unwrap();
    let url = signed(&node, "ann");
    let run = |arguments: &[&str]| {
        let output = program(&folder).env("HINDSIGHT_CONNECTION", &url).args(arguments).output().unwrap();
        (output.status.code().unwrap(), text(&output.stderr))
    };
    let create = ["create", "--user", "u", "--total", "1", "--id", "a"];
    let (code, said) = run(&create);
    assert_eq!(code, 6, "{said}");
    assert!(
        said.contains("does not say whether it is production") && said.contains("--production"),
        "{said}"
    );
    assert_eq!(run(&["show", "order-a"]).0, 2, "nothing was written");
    assert_eq!(run(&[&create[..], &["--production"]].concat()).0, 0);
}

#[test]
fn http_refuses_with_403() {
    run(async {
        let node = guarded().await;
        let service = Service::before(&signed(&node, "ann")).await;
        let refused = service.send("POST", "/orders", &[], r#"{"UserID":"u","Total":1}"#).await;
        assert_eq!(
            (refused.status, refused.text("error")),
            (403, "forbidden"),
            "{:?}",
            refused.text("detail")
        );
        assert!(refused.text("detail").contains("--production"));
        let admin = Session::connect(signed(&node, "admin")).await.unwrap();
        assert!(admin.list("order").await.unwrap().is_empty());
    });
}

#[test]
fn the_window_guards_what_it_cannot_read_and_a_person_may_say_otherwise() {
    for theme in [egui::Theme::Dark, egui::Theme::Light] {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let node = runtime.block_on(guarded());
        let (ann, admin) = (signed(&node, "ann"), signed(&node, "admin"));
        runtime.block_on(write(&admin, "$$$streams", "$metadata", r#"{"$acl":{"$r":"$all"}}"#));
        runtime.block_on(write(
            &admin,
            "order-abc",
            "OrderCreated",
            r#"{"OrderID":"abc","UserID":"u","Total":1}"#,
        ));
        let mut window = Window::through(&ann, runtime, node, theme);
        window.until("Production?");
        window.open_stream("order-abc");
        window.click("Pay order");
        window.until("This connection is read-only");
        window.click("Write mode");
        window.click("Confirm writes");
        window.click("Append");
        window.until("This database does not say whether it is production");
        window.click("Append now");
        assert!(window.shows("Type the stream's name"), "the name is asked for");
        window.click("Cancel");
        window.click("Write mode");
        window.click("This is not production");
        window.press(egui::Modifiers::NONE, egui::Key::Escape);
        assert!(!window.shows("Production?"));
        window.click("Append");
        assert!(!window.shows("Type the stream's name"));
        window.click("Append now");
        window.until("Appended OrderPaid as revision 1");
    }
}
