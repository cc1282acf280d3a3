//! A node in a process of its own: this test binary again, told by its environment what to serve.

use crate::run;
use hindsight::node::{Config, Node, Storage};
use std::{
    env,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

pub fn spawn(file: &Path) -> Child {
    let mut command = Command::new(env::current_exe().unwrap());
    command.args(["--ignored", "--exact", "node::child::serve"]).env("HINDSIGHT_SERVE", file);
    command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
}

/// `HINDSIGHT_SERVE=FILE it --ignored --exact node::child::serve` runs until it is killed.
#[test]
#[ignore = "a server, not a test"]
fn serve() {
    run(async {
        let Some(file) = env::var_os("HINDSIGHT_SERVE") else { return };
        let storage = Storage::File(PathBuf::from(file));
        let node = Node::start(Config { storage, ..Config::default() }).await.unwrap();
        tokio::signal::ctrl_c().await.unwrap();
        node.shutdown().await;
    });
}
