//! The recorded answers of a real server, compared by the runner that recorded them.

use super::node::child;
use hindsight::node::running_address;
use std::{env, path::PathBuf, process::Command};

/// `HINDSIGHT_CONFORMANCE` names the runner's folder (after `npm ci`), `HINDSIGHT_GOLDEN` the recorded answers.
#[test]
#[ignore = "needs Node.js and the runner"]
fn the_node_answers_as_the_recorded_server() {
    let Some(runner) = env::var_os("HINDSIGHT_CONFORMANCE").map(PathBuf::from) else { return };
    let folder = tempfile::tempdir().unwrap();
    for (file, login) in [("open.db", None), ("guarded.db", Some("changeit"))] {
        let file = folder.path().join(file);
        let mut server = child::spawn(&file, login);
        let address = loop {
            assert!(server.try_wait().unwrap().is_none(), "the server ended");
            if let Some(address) = running_address(&file) {
                break address;
            }
            std::thread::yield_now();
        };
        let mut run = Command::new("node");
        run.current_dir(&runner).args(["run.mjs", "--url", &address]);
        run.args(
            env::var_os("HINDSIGHT_GOLDEN")
                .map(|golden| [("--compare").into(), golden])
                .into_iter()
                .flatten(),
        );
        run.args(login.map(|password| ["--user", "admin", "--password", password]).into_iter().flatten());
        let answer = run.output().unwrap();
        server.kill().unwrap();
        server.wait().unwrap();
        assert!(answer.status.success(), "{}", String::from_utf8_lossy(&answer.stdout));
    }
}
