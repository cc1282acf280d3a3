//! Something else at the port.

use super::{diagnose, fails, helps, line, offered, peers};
use crate::certificates::Authority;
use crate::run;
use hindsight::node::{Config, Node};
use hindsight::store::{Finding, StepKind};

const BAD_REQUEST: &[u8] = b"HTTP/1.1 400 Bad Request\r\nServer: nginx/1.27\r\nContent-Length: 0\r\n\r\n";
const FORBIDDEN: &[u8] = b"HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n";

#[test]
fn an_http1_server_or_proxy_is_named_with_or_without_tls_asked_for() {
    run(async {
        let at = peers::serve(|socket| peers::answer(socket, BAD_REQUEST)).await;
        for (tls, kind) in [(false, StepKind::Http2), (true, StepKind::Tls)] {
            let found = diagnose(&format!("esdb://{at}?tls={tls}")).await;
            let says = format!("{at} answers as HTTP/1 (status 400, nginx/1.27), and EventStoreDB");
            fails(&found, kind, &says);
            assert!(offered(&found).is_empty(), "only the server's side can mend it");
        }
    });
}

/// It does not know how HTTP/2 begins, and answers a page all the same.
#[test]
fn a_web_server_that_hangs_up_at_http2_is_asked_for_a_page() {
    run(async {
        let at = peers::serve(|socket| async move {
            let mut first = [0];
            let peeked = socket.peek(&mut first).await;
            if peeked.is_ok() && first == *b"G" {
                peers::answer(socket, FORBIDDEN).await;
            }
        })
        .await;
        let found = diagnose(&format!("esdb://{at}?tls=false")).await;
        fails(&found, StepKind::Http2, &format!("{at} answers as HTTP/1 (status 403)"));
    });
}

#[test]
fn a_proxy_behind_tls_that_speaks_no_http2_is_no_fault_of_tls() {
    run(async {
        let authority = Authority::new("Acme Root");
        let file = authority.file("ca.pem");
        for protocols in [&[&b"http/1.1"[..]][..], &[]] {
            let acceptor = peers::secured(authority.server_config(&["127.0.0.1"]), protocols);
            let at = peers::serve(move |socket| {
                let acceptor = acceptor.clone();
                async move {
                    if let Ok(stream) = acceptor.accept(socket).await {
                        peers::answer(stream, FORBIDDEN).await;
                    }
                }
            })
            .await;
            let found = diagnose(&format!("esdb://{at}?tlsCaFile={file}")).await;
            assert!(matches!(line(&found, StepKind::Tls).0.finding, Finding::Passed(_)), "{found:?}");
            fails(&found, StepKind::Http2, &format!("{at} answers as HTTP/1 (status 403)"));
        }
    });
}

#[test]
fn a_proxy_that_answers_http2_with_a_page_is_named() {
    run(async {
        for status in [400, 403] {
            let at = peers::serve(move |socket| peers::pages(socket, status)).await;
            let found = diagnose(&format!("esdb://{at}?tls=false")).await;
            let says = format!("answers by HTTP/2, but the first call with a page (status {status}, envoy)");
            fails(&found, StepKind::Http2, &says);
            let said =
                hindsight::store::Session::connect(format!("esdb://{at}?tls=false")).await.err().unwrap();
            assert_eq!(Some(&said), found.obstacle(), "Connect says the same");
        }
    });
}

#[test]
fn what_is_neither_is_said_to_be_no_database() {
    run(async {
        let at = peers::serve(|socket| peers::answer(socket, b"SSH-2.0-OpenSSH_9.6\r\n")).await;
        let found = diagnose(&format!("esdb://{at}?tls=false")).await;
        fails(&found, StepKind::Http2, "but not as EventStoreDB without TLS, nor with it. Check the port.");
        let found = diagnose(&format!("esdb://{at}")).await;
        fails(&found, StepKind::Tls, "neither with TLS nor as EventStoreDB without it");
    });
}

#[test]
fn tls_that_is_asked_for_and_not_there_can_be_left_out_and_the_other_way_round() {
    run(async {
        let plain = Node::start(Config::default()).await.unwrap();
        let at = plain.address();
        let found = diagnose(&format!("esdb://{at}")).await;
        fails(&found, StepKind::Tls, &format!("{at} answers without TLS. Add tls=false"));
        helps(&found, "Connect without TLS").await;

        let authority = Authority::new("Acme Root");
        let node = authority.node(&["127.0.0.1"], |_| {}).await;
        let at = node.address();
        let found = diagnose(&format!("esdb://{at}?tls=false&tlsCaFile={}", authority.file("ca.pem"))).await;
        fails(&found, StepKind::Tls, &format!("{at} answers only with TLS. Remove tls=false"));
        helps(&found, "Connect with TLS").await;
    });
}
