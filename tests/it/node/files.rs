//! Files that cannot be served are named, and left as they are.

use crate::run;
use hindsight::node::{Config, Node, NodeError, Storage};
use std::{fs, path::Path};

async fn refused(file: &Path) -> NodeError {
    let config = Config { storage: Storage::File(file.into()), ..Config::default() };
    Node::start(config).await.expect_err("the file is not to be served")
}

#[test]
fn a_foreign_file_is_left_alone() {
    run(async {
        let folder = tempfile::tempdir().unwrap();
        let (text, other) = (folder.path().join("notes.txt"), folder.path().join("other.db"));
        fs::write(&text, "some notes ".repeat(100)).unwrap();
        rusqlite::Connection::open(&other).unwrap().execute_batch("CREATE TABLE t (x)").unwrap();
        for file in [&text, &other] {
            let before = fs::read(file).unwrap();
            let error = refused(file).await;
            assert!(matches!(error, NodeError::Foreign(_)), "{error}");
            assert!(error.to_string().contains(file.to_str().unwrap()));
            assert_eq!(fs::read(file).unwrap(), before);
        }
    });
}

#[test]
fn a_newer_file_is_named_as_such() {
    run(async {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("sandbox.db");
        Node::start(Config { storage: Storage::File(file.clone()), ..Config::default() })
            .await
            .unwrap()
            .shutdown()
            .await;
        rusqlite::Connection::open(&file).unwrap().pragma_update(None, "user_version", 99).unwrap();
        let error = refused(&file).await;
        assert!(matches!(error, NodeError::Newer { format: 99, .. }), "{error}");
    });
}

#[test]
fn a_damaged_file_is_named_as_such() {
    run(async {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("sandbox.db");
        let config = Config { storage: Storage::File(file.clone()), samples: true, ..Config::default() };
        Node::start(config).await.unwrap().shutdown().await;
        let mut bytes = fs::read(&file).unwrap();
        let middle = 4096..bytes.len() - 4096;
        bytes[middle].fill(0xA5);
        fs::write(&file, bytes).unwrap();
        let error = refused(&file).await;
        assert!(matches!(error, NodeError::Damaged { .. }), "{error:?}");
    });
}

#[test]
fn a_taken_port_is_named() {
    run(async {
        let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let listen = taken.local_addr().unwrap();
        let error = Node::start(Config { listen, ..Config::default() }).await.expect_err("the port is taken");
        assert!(matches!(error, NodeError::PortInUse(at) if at == listen), "{error}");
    });
}

#[cfg(unix)]
#[test]
fn only_the_owner_can_read_the_file() {
    run(async {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("new").join("sandbox.db");
        let config = Config { storage: Storage::File(file.clone()), samples: true, ..Config::default() };
        let node = Node::start(config).await.unwrap();
        for entry in fs::read_dir(file.parent().unwrap()).unwrap() {
            let entry = entry.unwrap();
            let mode = entry.metadata().unwrap().permissions().mode() & 0o777;
            assert_eq!(mode, 0o600, "{}", entry.path().display());
        }
        node.shutdown().await;
    });
}
