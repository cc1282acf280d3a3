//! The options of `serve` with which a program's own tests go wrong on purpose.

use crate::cli::program;
use crate::node::grpc::{Caller, STREAMS, append, read};
use crate::run;
use std::io::{BufRead, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::Child;

fn serve(options: &[&str]) -> (tempfile::TempDir, Child, Caller) {
    serve_in(tempfile::tempdir().unwrap(), &[&["--memory"], options].concat())
}

fn serve_in(folder: tempfile::TempDir, options: &[&str]) -> (tempfile::TempDir, Child, Caller) {
    let mut child =
        program(&folder).args(["serve", "--listen", "127.0.0.1:0"]).args(options).spawn().unwrap();
    let mut url = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut url).unwrap();
    let address = url.strip_prefix("esdb://").and_then(|rest| rest.split('?').next()).unwrap();
    (folder, child, Caller::new(address.parse().unwrap()))
}

/// Ends the process and answers what it said on standard error.
fn said(mut child: Child) -> String {
    child.kill().unwrap();
    let mut said = String::new();
    child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
    child.wait().unwrap();
    said
}

#[test]
fn a_refused_call_leaves_one_harmless_line() {
    run(async {
        let (_folder, child, caller) = serve(&["--verbose", "--read-only"]);
        let hostile = "order\x1b[2J\n\u{202e}1";
        assert_eq!(caller.call(STREAMS, "Append", &append(hostile)).await.status(), Some(2));
        assert_eq!(caller.call(STREAMS, "Read", &[read("order-1", Some(1))]).await.status(), Some(0));
        let said = said(child);
        assert_eq!(said.lines().count(), 1, "{said:?}");
        assert!(said.starts_with("Refused: Streams/Append of order"), "{said:?}");
        assert!(said.contains("status 2, No leader info available in response"), "{said:?}");
        assert!(said.trim_end().chars().all(|c| !c.is_control() && c != '\u{202e}'), "{said:?}");
    });
}

#[test]
fn without_verbose_nothing_is_said() {
    run(async {
        let (_folder, child, caller) = serve(&["--fail-rate", "1", "--latency", "1"]);
        assert_eq!(caller.call(STREAMS, "Append", &append("s")).await.status(), Some(14));
        assert_eq!(said(child), "");
    });
}

#[test]
fn a_bad_value_is_named_with_what_to_write() {
    let folder = tempfile::tempdir().unwrap();
    for (option, value, fix) in [
        ("--fail-rate", "1.5", "write a fraction from 0 to 1, like 0.1"),
        ("--fail-rate", "NaN", "write a fraction from 0 to 1, like 0.1"),
        ("--latency", "1s", "write whole milliseconds up to 3600000, like 250"),
        ("--max-append-size", "0", "write a number of bytes from 1 to 16777216, like 1048576"),
        ("--fail-seed", "x", "--fail-seed"),
    ] {
        let refused = program(&folder).args(["serve", "--memory", option, value]).output().unwrap();
        let said = String::from_utf8(refused.stderr).unwrap();
        assert_eq!(refused.status.code(), Some(2), "{said}");
        assert!(said.contains(value) && said.contains(option) && said.contains(fix), "{said}");
    }
}

/// The status line of a reset.
fn reset(caller: &Caller) -> String {
    let mut socket = TcpStream::connect(caller.address).unwrap();
    socket.write_all(b"POST /sandbox/reset HTTP/1.1\r\nhost: x\r\ncontent-length: 0\r\n\r\n").unwrap();
    let mut line = String::new();
    BufReader::new(socket).read_line(&mut line).unwrap();
    line.trim().to_owned()
}

#[test]
fn what_is_in_memory_can_be_reset_and_a_file_cannot() {
    let (_folder, child, caller) = serve(&[]);
    assert_eq!(reset(&caller), "HTTP/1.1 204 No Content");
    said(child);
    let (_folder, child, caller) = serve_in(tempfile::tempdir().unwrap(), &[]);
    assert_eq!(reset(&caller), "HTTP/1.1 404 Not Found");
    said(child);
}
