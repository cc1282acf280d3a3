//! What of a connection string reaches the client: hosts with their ports, and options with their values.

use crate::certificates::{refusal, wrong};
use crate::diagnosis::diagnose;
use crate::run;
use hindsight::node::{Config, Node};
use hindsight::store::{ConnectionString, Session};
use std::net::SocketAddr;

#[test]
fn a_host_name_that_is_not_ascii_is_asked_for_as_dns_has_it() {
    run(async {
        for hosts in ["bücher.invalid:1", "bücher.invalid:1,bücher.invalid:2"] {
            let said = refusal(&format!("esdb://{hosts}?tls=false")).await;
            assert!(said.contains("The host in \"xn--bcher-kva.invalid:1\" is not known"), "{said}");
        }
    });
}

#[test]
fn a_port_belongs_to_the_host_that_it_stands_at() {
    run(async {
        let node = Node::start(Config::default()).await.unwrap();
        let port = node.address().port();
        for hosts in [
            format!("nowhere.invalid,127.0.0.1:{port}"),
            format!("nowhere.invalid,127.0.0.1:{port},localhost:1"),
        ] {
            let session = Session::connect(format!("esdb://{hosts}?tls=false")).await.unwrap();
            assert_eq!(*session.address(), *node.address().to_string(), "the node that answers");
            session.reach().await.unwrap();
        }
    });
}

#[test]
fn an_ipv6_host_is_taken_alone_beside_others_and_as_a_member_of_a_cluster() {
    run(async {
        let listen = SocketAddr::from((std::net::Ipv6Addr::LOCALHOST, 0));
        // A machine without IPv6 has nothing to show.
        let Ok(node) = Node::start(Config { listen, ..Config::default() }).await else { return };
        let at = node.address();
        for way in
            [format!("esdb://{at}"), format!("esdb+discover://{at}"), format!("esdb://localhost:1,{at}")]
        {
            let session = Session::connect(format!("{way}?tls=false")).await.unwrap();
            session.reach().await.unwrap();
            assert_eq!(*session.address(), *at.to_string());
        }
    });
}

#[test]
fn every_option_is_taken_in_any_case_with_its_values_and_a_wrong_value_names_them() {
    run(async {
        let node = Node::start(Config::default()).await.unwrap();
        for option in [
            "TLSVERIFYCERT=FALSE",
            "nodepreference=READONLYREPLICA",
            "NodePreference=Random",
            "nodePreference=Follower",
            "maxDiscoverAttempts=2",
            "discoveryINTERVAL=1",
            "gossiptimeout=2000",
            "KeepAliveInterval=10000",
            "keepAliveInterval=-1",
            "keepalivetimeout=-1",
            "DefaultDeadline=9000",
            "defaultDeadline=0",
            "THROWONAPPENDFAILURE=True",
            "batchappendsize=1000",
            "connectionname=",
        ] {
            let url = format!("esdb://{}?tls=false&{option}", node.address());
            let found = diagnose(&url).await;
            assert!(found.connects(), "{option}: {found:?}");
        }
        for (option, takes) in [
            ("tls=1", "true or false"),
            ("tlsVerifyCert=no", "true or false"),
            ("throwOnAppendFailure=", "true or false"),
            ("nodePreference=primary", "leader, follower, random or readOnlyReplica"),
            ("maxDiscoverAttempts=-1", "a whole number"),
            ("discoveryInterval=1s", "a whole number"),
            ("gossipTimeout=0.5", "a whole number"),
            ("keepAliveInterval=-2", "milliseconds, or -1"),
            ("keepAliveTimeout=soon", "milliseconds, or -1"),
            ("defaultDeadline=-2", "milliseconds, or -1"),
            ("batchAppendSize=many", "a whole number"),
        ] {
            let (name, value) = option.split_once('=').unwrap();
            let said = wrong(&format!("esdb://h:1?{option}")).await;
            assert_eq!(said, format!("In the connection string {name} is {value:?}. It takes {takes}."));
        }
        let said = ConnectionString::from("esdb://h:1?keepAliveInterval=-1").left_out();
        assert!(said.is_empty(), "{said:?}");
    });
}
