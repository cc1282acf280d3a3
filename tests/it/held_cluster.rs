//! A cluster that is held open for a person to look at, changed by lines on standard input.

use crate::production::write;
use crate::run;
use crate::store::created;
use hindsight::node::{Config, Node};
use hindsight::store::{Permit, Session};
use std::net::{SocketAddr, TcpListener};

/// An address at which nothing listens.
fn nowhere() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap()
}

/// `elect`, `elected`, `lead N`, `gone N`, `back N`, `as N ADDRESS`, `follower`, `replica`, `production`; ends with the input.
#[test]
#[ignore = "held open for a person: cargo test -- --ignored --nocapture held_cluster"]
#[allow(clippy::print_stdout, reason = "a person reads it")]
fn is_held_open() {
    run(async {
        let node = Node::start(Config { samples: true, ..Config::default() }).await.unwrap();
        let mut ports = vec![node.address(), node.follower().await.unwrap(), node.follower().await.unwrap()];
        let url = format!("esdb+discover://{},{},{}?tls=false", ports[0], ports[1], ports[2]);
        let session = Session::connect(url.as_str()).await.unwrap();
        session.writer().append(&created("held", "u"), Permit::NotProduction).await.unwrap();
        println!("{url}");
        let lines = std::io::stdin().lines().map_while(Result::ok);
        for line in lines {
            let (word, at) = line.split_once(' ').unwrap_or((&line, "0"));
            let (at, named) = at.split_once(' ').unwrap_or((at, "127.0.0.1:1"));
            let at = ports[at.parse::<usize>().unwrap()];
            match word {
                "elect" => node.elect(true),
                "elected" => node.elect(false),
                "production" => {
                    let info = r#"{"name":"shop-eu","production":true}"#;
                    write(&node.connection_string(), "$server-info", "$ServerInfo", info).await;
                }
                "lead" => assert!(node.lead(at)),
                "as" => assert!(node.advertise(at, named.parse().unwrap())),
                "gone" => assert!(node.advertise(at, nowhere()) && node.set_alive(at, false)),
                "back" => assert!(node.advertise(at, at) && node.set_alive(at, true)),
                "follower" => ports.push(node.follower().await.unwrap()),
                "replica" => ports.push(node.replica().await.unwrap()),
                other => println!("not known: {other}"),
            }
            println!("{line}: {ports:?}");
        }
    });
}
