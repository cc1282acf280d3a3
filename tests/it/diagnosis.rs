//! Each line of a connection test, met by a real socket or TLS peer: what it says, and that its advice helps.

mod login;
mod peers;
mod protocol;
mod strings;
mod tls;

use crate::run;
use hindsight::node::{Config, Node};
use hindsight::sentences;
use hindsight::store::{
    Change, ConnectionString, ConnectionTest, Diagnosis, Finding, Step, StepKind, Warning,
};
use std::sync::Arc;
use tokio::io::AsyncReadExt;

/// The whole test of a string.
pub async fn diagnose(given: &str) -> Diagnosis {
    tested(given.into()).await
}

async fn tested(given: ConnectionString) -> Diagnosis {
    let mut found = Diagnosis::new(given.clone());
    let mut test = ConnectionTest::start(given, "order".to_owned(), Arc::new(|| ()));
    while let Some(step) = test.next().await {
        found.add(step);
    }
    found
}

/// What is said of a step; of several nodes the first.
#[track_caller]
fn line(found: &Diagnosis, kind: StepKind) -> (&Step, String) {
    let step = found.steps().iter().find(|step| step.kind == kind);
    let step = step.unwrap_or_else(|| panic!("no {kind:?}: {found:?}"));
    (step, sentences::finding(step))
}

/// The step fails, says this, and what rests on it is not reached.
#[track_caller]
fn fails(found: &Diagnosis, kind: StepKind, says: &str) {
    let (step, said) = line(found, kind);
    assert!(matches!(step.finding, Finding::Failed(_)) && said.contains(says), "{said}");
    assert!(!found.connects() && step.took.is_some(), "{found:?}");
    assert_eq!(step.kind == StepKind::ConnectionString, found.steps().len() == 1, "{found:?}");
    for step in found.steps().iter().filter(|step| step.kind > kind) {
        assert_eq!((&step.finding, step.took), (&Finding::NotReached, None), "{step:?}");
    }
}

/// The step warns, and says this.
#[track_caller]
fn warns(found: &Diagnosis, kind: StepKind, says: &str) {
    let (step, said) = line(found, kind);
    assert!(matches!(step.finding, Finding::Warned(_)) && said.contains(says), "{said}");
}

/// Every change that is offered, by its label.
fn offered(found: &Diagnosis) -> Vec<String> {
    found.steps().iter().flat_map(|step| &step.changes).map(sentences::change).collect()
}

/// The change of this label.
#[track_caller]
fn change(found: &Diagnosis, label: &str) -> Change {
    let mut changes = found.steps().iter().flat_map(|step| &step.changes);
    let change = changes.find(|change| sentences::change(change) == label);
    change.unwrap_or_else(|| panic!("{label} is not offered: {:?}", offered(found))).clone()
}

/// What is found with the change.
async fn with(found: &Diagnosis, label: &str) -> Diagnosis {
    tested(change(found, label).apply(found.given())).await
}

/// The change leads to a connection.
async fn helps(found: &Diagnosis, label: &str) {
    let then = with(found, label).await;
    assert!(then.connects() && then.obstacle().is_none(), "{label}: {then:?}");
}

/// An address where nothing listens.
fn free() -> std::net::SocketAddr {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap()
}

#[test]
fn a_way_that_is_well_says_what_each_step_found_and_how_long_it_took() {
    run(async {
        let node = Node::start(Config { samples: true, ..Config::default() }).await.unwrap();
        let port = node.address().port();
        let found = diagnose(&format!("esdb://localhost:{port}?tls=false")).await;
        let said: Vec<_> = found.steps().iter().map(sentences::finding).collect();
        assert!(said[0].starts_with("localhost → ") && said[0].contains("127.0.0.1"), "{said:?}");
        assert_eq!(said[1], format!("Port {port} answers."));
        assert_eq!(said[2], "TLS is off: the connection string says tls=false.");
        assert!(said[3].starts_with("EventStoreDB 2") && said[3].ends_with(" answers."), "{said:?}");
        assert_eq!(said[4], "The only node is a leader.");
        assert_eq!(said[5], "No user is named, and none is asked for.");
        assert_eq!(said[6], "$all may be read: streams are listed by $all, prefix order-.");
        assert!(found.steps().iter().all(|step| step.took.is_some() && step.changes.is_empty()));
        assert!(found.connects() && said.len() == 7);
    });
}

#[test]
fn a_host_that_is_not_known_is_named() {
    run(async {
        let found = diagnose("esdb://db.invalid:2113?tls=false").await;
        fails(&found, StepKind::Name, "The host in \"db.invalid:2113\" is not known. Check its name.");
        assert!(offered(&found).is_empty(), "{:?}", offered(&found));
    });
}

#[test]
fn a_port_where_nothing_listens_offers_the_usual_one_where_that_answers() {
    run(async {
        let at = free();
        let found = diagnose(&format!("esdb://{at}?tls=false")).await;
        fails(
            &found,
            StepKind::Tcp,
            &format!("Nothing listens at {at}. Start the server, or check the port."),
        );
        assert!(offered(&found).is_empty(), "{:?}", offered(&found));
        // An address of its own on this machine, where another program is unlikely to listen.
        let listen = "127.21.13.37:2113".parse().unwrap();
        let Ok(_node) = Node::start(Config { listen, ..Config::default() }).await else { return };
        let found = diagnose("esdb://127.21.13.37:1113?tls=false").await;
        fails(&found, StepKind::Tcp, "Nothing listens at 127.21.13.37:1113");
        helps(&found, "Use port 2113").await;
    });
}

#[test]
fn a_port_that_is_silent_is_told_from_one_that_takes_no_connection() {
    run(async {
        let (at, _held) = peers::silent().await;
        for (tls, kind) in [(false, StepKind::Http2), (true, StepKind::Tls)] {
            let found = diagnose(&format!("esdb://{at}?tls={tls}")).await;
            fails(&found, kind, &format!("{at} takes connections and says nothing. Check the port"));
            assert!(offered(&found).is_empty(), "{:?}", offered(&found));
        }
        #[cfg(target_os = "linux")]
        {
            let (at, _held) = peers::full();
            let found = diagnose(&format!("esdb://{at}?tls=false")).await;
            fails(
                &found,
                StepKind::Tcp,
                &format!("{at} does not answer. Check the address and the firewall."),
            );
        }
    });
}

#[test]
fn each_of_several_nodes_has_its_lines_and_one_that_is_dead_can_be_left_out() {
    run(async {
        let node = Node::start(Config::default()).await.unwrap();
        let (dead, at) = (free(), node.address());
        let found = diagnose(&format!("esdb://{dead},{at}?tls=false")).await;
        assert!(found.connects() && found.has_several_nodes(), "{found:?}");
        let of = |node: std::net::SocketAddr| {
            let steps = found.steps().iter().filter(move |step| *step.node == *node.to_string());
            steps.map(|step| (step.kind, step.finding.is_passed())).collect::<Vec<_>>()
        };
        let kinds = [StepKind::Name, StepKind::Tcp, StepKind::Tls, StepKind::Http2, StepKind::Gossip];
        assert_eq!(of(dead), kinds.map(|kind| (kind, kind == StepKind::Name)));
        let more = [StepKind::Login, StepKind::Rights];
        assert!(of(at).into_iter().eq(kinds.into_iter().chain(more).map(|kind| (kind, true))), "{found:?}");
        let then = with(&found, &format!("Leave out {dead}")).await;
        assert!(then.connects() && !then.has_several_nodes(), "{then:?}");

        let found = diagnose(&format!("esdb://{dead},{}?tls=false", free())).await;
        assert!(!found.connects() && found.steps().len() == 12, "{found:?}");
        let obstacle = sentences::store_error(found.obstacle().unwrap());
        assert!(obstacle.starts_with(&format!("Nothing listens at {dead}.")), "{obstacle}");
    });
}

#[test]
fn a_follower_that_is_named_alone_names_its_leader() {
    run(async {
        let node = Node::start(Config::default()).await.unwrap();
        let (leader, follower) = (node.address(), node.follower().await.unwrap());
        let found = diagnose(&format!("esdb://{follower}?tls=false")).await;
        warns(&found, StepKind::Gossip, &format!("A follower of 2 nodes; their leader is {leader}."));
        assert!(found.connects());
        helps(&found, &format!("Connect to the leader {leader}")).await;
        let then = with(&found, "Find the leader by any node").await;
        assert!(then.connects() && then.given().to_string().starts_with("esdb+discover://"));
        let said = line(&then, StepKind::Gossip).1;
        assert_eq!(said, format!("A follower of 2 nodes; their leader is {leader}."));
        let asked = diagnose(&format!("esdb://{follower}?tls=false&nodePreference=follower")).await;
        assert!(matches!(line(&asked, StepKind::Gossip).0.finding, Finding::Passed(_)), "it was asked for");
    });
}

#[test]
fn a_cluster_without_a_leader_is_said() {
    run(async {
        let node = Node::start(Config::default()).await.unwrap();
        node.elect(true);
        let found = diagnose(&node.connection_string()).await;
        let (step, said) = line(&found, StepKind::Gossip);
        assert!(matches!(step.finding, Finding::Warned(Warning::NoLeader(_))), "{found:?}");
        assert!(said.contains("does not lead at this moment") && !found.connects(), "{said}");
        node.elect(false);
        assert!(diagnose(&node.connection_string()).await.connects());
    });
}

/// The runtime ends and closes what it opened.
#[test]
fn a_test_that_is_dropped_ends() {
    run(async {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("esdb://{}?tls=true", listener.local_addr().unwrap());
        let test = ConnectionTest::start(url.into(), "order".to_owned(), Arc::new(|| ()));
        let (mut looked_at, _) = listener.accept().await.unwrap();
        let (mut shaken, _) = listener.accept().await.unwrap();
        drop(test);
        let mut heard = Vec::new();
        for socket in [&mut looked_at, &mut shaken] {
            // An end or a reset, either is one.
            drop(socket.read_to_end(&mut heard).await);
        }
    });
}
