//! Strings that cannot be used as they are typed.

use super::{change, diagnose, fails, helps, offered, warns, with};
use crate::production::{guarded, signed};
use crate::run;
use hindsight::node::{Config, Node};
use hindsight::store::{Change, ConnectionString, StepKind};

#[test]
fn a_scheme_that_is_misspelt_or_missing_is_offered() {
    run(async {
        let node = Node::start(Config::default()).await.unwrap();
        let at = node.address();
        for (given, says, label) in [
            (format!("esbd://{at}?tls=false"), "starts with \"esbd\"", "Use esdb://"),
            (format!("eventstore://{at}?tls=false"), "starts with \"eventstore\"", "Use esdb://"),
            (format!("http://{at}?tls=false"), "starts with \"http\"", "Use esdb://"),
            (format!("kurentdb://{at}?tls=false"), "starts with \"kurentdb\"", "Use kurrentdb://"),
            (format!("esdb+discovery://{at}?tls=false"), "which is no", "Use esdb+discover://"),
            (format!("{at}?tls=false"), "has no scheme", "Use esdb://"),
            (format!("localhost:{}?tls=false", at.port()), "has no scheme", "Use esdb://"),
        ] {
            let found = diagnose(&given).await;
            fails(&found, StepKind::ConnectionString, says);
            helps(&found, label).await;
        }
        for given in ["ftp://h:1", "esdb://", "two words", "ConnectTo=tcp://h:1113"] {
            let found = diagnose(given).await;
            assert!(offered(&found).is_empty() && !found.connects(), "{given}: {:?}", offered(&found));
        }
    });
}

#[test]
fn an_option_that_is_misspelt_or_wrong_is_mended() {
    run(async {
        let node = Node::start(Config::default()).await.unwrap();
        let at = node.address();
        let found = diagnose(&format!("esdb://{at}?tsl=false")).await;
        fails(&found, StepKind::ConnectionString, "\"tsl\", which is tls misspelt");
        helps(&found, "Write tls").await;
        let found = diagnose(&format!("esdb://{at}?gossipTimeout=soon&tls=false")).await;
        fails(&found, StepKind::ConnectionString, "It takes a whole number");
        helps(&found, "Leave out gossipTimeout").await;
    });
}

#[test]
fn an_option_that_is_left_out_is_said() {
    run(async {
        let node = Node::start(Config::default()).await.unwrap();
        let found = diagnose(&format!("esdb://{}?keepAliveInterval=500&tls=false", node.address())).await;
        let says = "keepAliveInterval=500 is left out: servers close connections that ask more often";
        warns(&found, StepKind::ConnectionString, says);
        assert!(found.connects(), "{found:?}");
        let then = with(&found, "Leave out keepAliveInterval").await;
        assert!(then.connects() && offered(&then).is_empty(), "{then:?}");
    });
}

/// Whatever is changed, user and password stay as they were typed.
#[test]
fn a_change_keeps_the_rest_as_it_was_typed() {
    let given = ConnectionString::from(
        "EsDb://a%40b:p@ss/w#rd?x@h1,[::1]:7,bücher/?TLS=false&connectionName=x&tlsCaFile=/a%20b.pem",
    );
    for (change, then) in [
        (
            Change::UseTls(true),
            "EsDb://a%40b:p@ss/w#rd?x@h1,[::1]:7,bücher?connectionName=x&tlsCaFile=/a%20b.pem",
        ),
        (
            Change::Discover,
            "EsDb+discover://a%40b:p@ss/w#rd?x@h1,[::1]:7,bücher/?TLS=false&connectionName=x&tlsCaFile=/a%20b.pem",
        ),
        (
            Change::LeaveOutNode("h1:2113".to_owned()),
            "EsDb://a%40b:p@ss/w#rd?x@[::1]:7,bücher?TLS=false&connectionName=x&tlsCaFile=/a%20b.pem",
        ),
        (
            Change::ConnectAs { node: "xn--bcher-kva:2113".to_owned(), host: "::2".to_owned() },
            "EsDb://a%40b:p@ss/w#rd?x@h1,[::1]:7,[::2]:2113?TLS=false&connectionName=x&tlsCaFile=/a%20b.pem",
        ),
        (
            Change::Port { node: "[::1]:7".to_owned(), port: 2113 },
            "EsDb://a%40b:p@ss/w#rd?x@h1,[::1]:2113,bücher?TLS=false&connectionName=x&tlsCaFile=/a%20b.pem",
        ),
        (
            Change::UseAuthority("/home/a&b/ü.pem".to_owned()),
            "EsDb://a%40b:p@ss/w#rd?x@h1,[::1]:7,bücher?TLS=false&connectionName=x&tlsCaFile=/home/a%26b/%C3%BC.pem",
        ),
        (
            Change::UseLeader("h9:1".to_owned()),
            "EsDb://a%40b:p@ss/w#rd?x@h9:1?TLS=false&connectionName=x&tlsCaFile=/a%20b.pem",
        ),
        (
            Change::AskPassword { user: "a@b".to_owned() },
            "EsDb://a%40b@h1,[::1]:7,bücher?TLS=false&connectionName=x&tlsCaFile=/a%20b.pem",
        ),
    ] {
        assert_eq!(change.apply(&given).as_typed(), then, "{change:?}");
    }
}

#[test]
fn a_changed_string_still_logs_in() {
    run(async {
        let node = guarded().await;
        let given = signed(&node, "ann").replacen("esdb://", "esbd://", 1);
        let found = diagnose(&given).await;
        assert!(matches!(change(&found, "Use esdb://"), Change::Scheme(_)));
        helps(&found, "Use esdb://").await;
    });
}
