//! Users over gRPC: rights, and who is in and who is out.

use super::grpc::{Answer, Caller, STREAMS, USERS, append, field, numeral, part, read, text};
use crate::run;
use eventstore::{AppendToStreamOptions, Client, EventData, SubscribeToStreamOptions, SubscriptionEvent};
use hindsight::node::{Config, Node, Security, Storage, User};
use std::path::Path;

const OK: Option<u8> = Some(0);
const NOT_FOUND: Option<u8> = Some(5);
const DENIED: Option<u8> = Some(7);
const CONFLICT: Option<u8> = Some(9);
const UNAUTHENTICATED: Option<u8> = Some(16);

fn security(admins_password: &str) -> Security {
    let user =
        |name: &str, password: &str, admin| User { name: name.into(), password: password.into(), admin };
    let users = vec![user("admin", admins_password, true), user("ann", "changeit", false)];
    Security { users, ..Security::default() }
}

async fn start() -> (Node, Caller) {
    let node = Node::start_secured(Config::default(), security("changeit")).await.unwrap();
    let admin = Caller::new(node.address()).login("admin:changeit");
    (node, admin)
}

/// A call about a user; `more` are the fields behind the login name.
async fn ask(caller: &Caller, method: &str, name: &str, more: &[Vec<u8>]) -> Answer {
    let options = [field(1, name), more.concat()].concat();
    caller.call(USERS, method, &[field(1, options)]).await
}

async fn create(caller: &Caller, name: &str, password: &str, groups: &[&str]) -> Answer {
    let groups = groups.iter().map(|group| field(4, group));
    let more: Vec<_> = [field(2, password), field(3, "Somebody")].into_iter().chain(groups).collect();
    ask(caller, "Create", name, &more).await
}

/// How a read of a stream that is not there ends for this login.
async fn enters(node: &Node, login: &str) -> Option<u8> {
    Caller::new(node.address()).login(login).call(STREAMS, "Read", &[read("none", Some(1))]).await.status()
}

#[test]
fn a_changed_user_is_out_at_once() {
    run(async {
        let (node, admin) = start().await;
        assert_eq!(create(&admin, "bob", "one", &[]).await.status(), OK);
        assert_eq!(enters(&node, "bob:one").await, OK);
        let bob = Caller::new(node.address()).login("bob:one");
        let wrong = ask(&bob, "ChangePassword", "bob", &[field(2, "none"), field(3, "two")]).await;
        assert_eq!(wrong.status(), DENIED);
        let changed = ask(&bob, "ChangePassword", "bob", &[field(2, "one"), field(3, "two")]).await;
        assert_eq!(changed.status(), OK);
        assert_eq!([enters(&node, "bob:one").await, enters(&node, "bob:two").await], [UNAUTHENTICATED, OK]);
        assert_eq!(ask(&admin, "ResetPassword", "bob", &[field(2, "three")]).await.status(), OK);
        assert_eq!([enters(&node, "bob:two").await, enters(&node, "bob:three").await], [UNAUTHENTICATED, OK]);
        for (method, expected) in [
            ("Disable", UNAUTHENTICATED),
            ("Disable", UNAUTHENTICATED),
            ("Enable", OK),
            ("Enable", OK),
            ("Delete", UNAUTHENTICATED),
        ] {
            assert_eq!(ask(&admin, method, "bob", &[]).await.status(), OK, "{method}");
            assert_eq!(enters(&node, "bob:three").await, expected, "{method}");
        }
        assert_eq!(create(&admin, "bob", "four", &[]).await.status(), OK);
        assert_eq!(
            [enters(&node, "bob:three").await, enters(&node, "bob:four").await],
            [UNAUTHENTICATED, OK]
        );
    });
}

#[test]
fn groups_change_what_a_user_may() {
    run(async {
        let (node, admin) = start().await;
        create(&admin, "bob", "one", &[]).await;
        let bob = Caller::new(node.address()).login("bob:one");
        let may =
            |caller: Caller| async move { caller.call(STREAMS, "Append", &append("$x")).await.status() };
        assert_eq!(may(bob.clone()).await, DENIED);
        let update =
            ask(&admin, "Update", "bob", &[field(2, "ignored"), field(3, "Bob"), field(4, "$admins")]).await;
        assert_eq!(update.status(), OK);
        assert_eq!(may(bob.clone()).await, OK);
        assert_eq!(ask(&bob, "Delete", "bob", &[]).await.status(), OK, "an admin may delete himself");
        assert_eq!(may(bob).await, UNAUTHENTICATED);
    });
}

#[test]
fn only_admins_change_users_and_everybody_sees_them() {
    run(async {
        let (node, admin) = start().await;
        let (ann, nobody) = (Caller::new(node.address()).login("ann:changeit"), Caller::new(node.address()));
        for method in ["Create", "Update", "Delete", "Enable", "Disable", "ResetPassword"] {
            assert_eq!(ask(&ann, method, "ann", &[]).await.status(), DENIED, "{method}");
        }
        for method in
            ["Create", "Update", "Delete", "Enable", "Disable", "ResetPassword", "ChangePassword", "Details"]
        {
            let answer = ask(&nobody, method, "ann", &[]).await;
            assert_eq!((answer.status(), answer.trailers_only), (DENIED, true), "{method}");
        }
        let all = ask(&ann, "Details", "", &[]).await;
        let names: Vec<_> = all.messages.iter().map(|m| text(&part(m, 1).unwrap(), 1).unwrap()).collect();
        assert_eq!(names, ["admin", "ann", "ops"]);
        ask(&admin, "Disable", "ops", &[]).await;
        let ops = ask(&ann, "Details", "ops", &[]).await;
        let ops = part(&ops.messages[0], 1).unwrap();
        assert_eq!(text(&ops, 2).as_deref(), Some("Event Store Operations"));
        assert_eq!((text(&ops, 3).as_deref(), numeral(&ops, 5)), (Some("$ops"), Some(1)));
    });
}

#[test]
fn who_is_not_there_is_not_found_and_who_is_there_is_a_conflict() {
    run(async {
        let (_node, admin) = start().await;
        for method in ["Update", "Delete", "Enable", "Disable", "ResetPassword", "ChangePassword", "Details"]
        {
            let answer = ask(&admin, method, "ADMIN", &[]).await;
            assert_eq!((answer.status(), answer.trailers_only), (NOT_FOUND, true), "{method}");
            assert_eq!(answer.message(), "User 'ADMIN' is not found.");
            assert_eq!(answer.trailer("exception"), Some("user-not-found"));
            assert_eq!(answer.trailer("login-name"), Some("ADMIN"));
        }
        assert_eq!(create(&admin, "bob", "one", &["a"]).await.status(), OK);
        assert_eq!(create(&admin, "bob", "one", &["b"]).await.status(), OK, "the same password");
        let taken = create(&admin, "bob", "two", &["a"]).await;
        assert_eq!((taken.status(), taken.message().as_str()), (CONFLICT, "Conflict."));
        assert_eq!(taken.trailer("exception"), Some("user-conflict"));
    });
}

async fn started(file: &Path, admins_password: &str) -> Node {
    let config = Config { storage: Storage::File(file.into()), ..Config::default() };
    Node::start_secured(config, security(admins_password)).await.unwrap()
}

#[test]
fn users_are_after_a_start_what_they_were_before() {
    run(async {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("sandbox.db");
        let node = started(&file, "changeit").await;
        let admin = Caller::new(node.address()).login("admin:changeit");
        create(&admin, "bob", "one", &[]).await;
        create(&admin, "eve", "one", &[]).await;
        ask(&admin, "ChangePassword", "bob", &[field(2, "one"), field(3, "two")]).await;
        ask(&admin, "Disable", "eve", &[]).await;
        ask(&admin, "ResetPassword", "ann", &[field(2, "anns")]).await;
        ask(&admin, "ResetPassword", "admin", &[field(2, "changed")]).await;
        node.shutdown().await;
        let node = started(&file, "changeit").await;
        for (login, expected) in [
            ("bob:one", UNAUTHENTICATED),
            ("bob:two", OK),
            ("eve:one", UNAUTHENTICATED),
            ("ann:changeit", UNAUTHENTICATED),
            ("ann:anns", OK),
            ("admin:changeit", UNAUTHENTICATED),
            ("admin:changed", OK),
        ] {
            assert_eq!(enters(&node, login).await, expected, "{login}");
        }
        node.shutdown().await;
        // A password that the start names for the first time counts.
        let node = started(&file, "brand new").await;
        assert_eq!(
            [enters(&node, "admin:changed").await, enters(&node, "admin:brand new").await],
            [UNAUTHENTICATED, OK]
        );
    });
}

#[test]
fn a_reset_leaves_the_users_of_the_start() {
    run(async {
        let (node, admin) = start().await;
        create(&admin, "bob", "one", &[]).await;
        assert_eq!(enters(&node, "bob:one").await, OK);
        node.reset().await.unwrap();
        assert_eq!(
            [enters(&node, "bob:one").await, enters(&node, "ann:changeit").await],
            [UNAUTHENTICATED, OK]
        );
    });
}

#[test]
fn a_subscription_outlives_its_user() {
    run(async {
        let (node, admin) = start().await;
        create(&admin, "bob", "one", &[]).await;
        let client = |login: &str| {
            let text = node.connection_string().replace("esdb://", &format!("esdb://{login}@"));
            Client::new(text.parse().unwrap()).unwrap()
        };
        let mut subscription =
            client("bob:one").subscribe_to_stream("s", &SubscribeToStreamOptions::default()).await;
        while !matches!(subscription.next_subscription_event().await.unwrap(), SubscriptionEvent::CaughtUp) {}
        for method in ["Disable", "Delete"] {
            assert_eq!(ask(&admin, method, "bob", &[]).await.status(), OK);
            assert_eq!(enters(&node, "bob:one").await, UNAUTHENTICATED);
            let event = EventData::json("T", &method).unwrap().id(uuid::Uuid::new_v4());
            client("ann:changeit")
                .append_to_stream("s", &AppendToStreamOptions::default(), event)
                .await
                .unwrap();
            while !matches!(
                subscription.next_subscription_event().await.unwrap(),
                SubscriptionEvent::EventAppeared(_)
            ) {}
        }
    });
}
